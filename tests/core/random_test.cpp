#include "core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("the stream of a seed is fixed", "[core][random]") {
  // The 10000th number of std::mt19937_64 with its default seed 5489 is fixed by the standard: 9981545732273789042.
  Random random(5489);
  for (int i = 1; i < 10000; ++i) random.uniform();
  CHECK(random.uniform() == static_cast<double>(9981545732273789042ull >> 11) * 0x1.0p-53);
  CHECK(Random(3).normal() == Random(3).normal());
  CHECK(Random(3).normal() != Random(4).normal());
}

TEST_CASE("distributions have their moments", "[core][random]") {
  Random random(1);
  constexpr int n = 200000;
  double sum = 0, squares = 0, fourth = 0, uniform = 0;
  for (int i = 0; i < n; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
    const double u = random.uniform(2.0, 5.0);
    REQUIRE((u >= 2.0 && u < 5.0));
    uniform += u;
  }
  // Standard errors are 1/√n times √1, √2, √96 and 3/√12; five of them are allowed.
  CHECK(std::abs(sum / n) < 5 / std::sqrt(n));
  CHECK(std::abs(squares / n - 1.0) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(fourth / n - 3.0) < 5 * std::sqrt(96.0 / n));
  CHECK(std::abs(uniform / n - 3.5) < 5 * 0.87 / std::sqrt(n));
}

TEST_CASE("integers below a limit are equally likely", "[core][random]") {
  Random random(2);
  std::array<int, 7> counts{};
  constexpr int n = 70000;
  for (int i = 0; i < n; ++i) ++counts.at(random.below(7));
  for (const int count : counts) CHECK(std::abs(count - n / 7) < 5 * std::sqrt(n / 7.0));
  // 2⁶⁴ leaves a remainder of 2⁶² by 3·2⁶²: taken as it is, the lowest third would come half the time.
  constexpr std::size_t third = std::size_t{1} << 62;
  int low = 0;
  for (int i = 0; i < n; ++i) low += random.below(3 * third) < third ? 1 : 0;
  CHECK(std::abs(low - n / 3) < 5 * std::sqrt(n * 2 / 9.0));
  CHECK(random.below(1) == 0);
  CHECK_THROWS_AS(random.below(0), InputError);
}

TEST_CASE("directions are unit vectors without a preference", "[core][random]") {
  Random random(3);
  std::array<double, 3> mean{};
  constexpr int n = 30000;
  for (int i = 0; i < n; ++i) {
    const std::array<double, 3> d = random.direction();
    REQUIRE(std::abs(std::hypot(d[0], d[1], d[2]) - 1.0) < 1e-14);
    for (std::size_t c = 0; c < 3; ++c) mean[c] += d[c] / n;
  }
  for (const double component : mean) CHECK(std::abs(component) < 5 / std::sqrt(3.0 * n));
}

TEST_CASE("a shuffle is a permutation and the state can be restored", "[core][random]") {
  Random random(4);
  std::vector<int> items(50);
  std::iota(items.begin(), items.end(), 0);
  const std::string state = random.state();
  std::vector<int> once = items, again = items;
  random.shuffle(std::span(once));
  random.set_state(state);
  random.shuffle(std::span(again));
  CHECK(once == again);
  CHECK(once != items);
  std::sort(once.begin(), once.end());
  CHECK(once == items);
  CHECK_THROWS_AS(random.set_state("not a state"), InputError);
  CHECK_THROWS_AS(random.set_state(Random(5).state() + " 7"), InputError);
  Random untouched(4);
  random.set_state(state);
  CHECK(random.uniform() == untouched.uniform());
}

TEST_CASE("streams split off are the same every time and different from each other", "[core][random]") {
  std::vector<double> first;
  for (int again = 0; again < 2; ++again) {
    Random parent(5);
    std::vector<double> numbers;
    for (std::uint64_t index = 0; index < 100; ++index) numbers.push_back(parent.split(index).uniform());
    numbers.push_back(parent.uniform());
    if (again == 1) CHECK(numbers == first);
    first = numbers;
    std::sort(numbers.begin(), numbers.end());
    CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
  }
  // Of one state the index alone decides.
  const Random state(6);
  const auto split = [&state](std::uint64_t index) { return Random(state).split(index).uniform(); };
  CHECK(split(0) == split(0));
  CHECK(split(0) != split(1));
  CHECK(split(0) != Random(state).uniform());
  Random stream(6);  // each split takes a number, so that even the same index gives another stream
  CHECK(stream.split(0).uniform() == split(0));
  CHECK(stream.split(0).uniform() != split(0));
}
