#include "nn/schedules.hpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("schedules have their formulas", "[nn][schedules]") {
  CHECK(constant_rate(0.1)(12345) == 0.1);
  const Schedule steps = step_rate(1.0, 0.5, 10);
  CHECK(steps(0) == 1.0);
  CHECK(steps(9) == 1.0);
  CHECK(steps(10) == 0.5);
  CHECK(steps(35) == 0.125);
  CHECK(exponential_rate(2.0, 0.9)(3) == Approx(2.0 * 0.729).epsilon(1e-14));
  const Schedule line = linear_rate(1.0, 4, 0.2);
  CHECK(line(0) == 1.0);
  CHECK(line(1) == Approx(0.8).epsilon(1e-14));
  CHECK(line(4) == Approx(0.2).epsilon(1e-14));
  CHECK(line(100) == Approx(0.2).epsilon(1e-14));
  CHECK(linear_rate(1.0, 4, 1e-17)(4) == 1e-17);  // 1 + (1e-17 − 1) is 0
  const Schedule cosine = cosine_rate(1.0, 100, 0.1);
  CHECK(cosine(0) == 1.0);
  CHECK(cosine(25) == Approx(0.1 + 0.45 * (1.0 + std::sqrt(0.5))).epsilon(1e-14));
  CHECK(cosine(50) == Approx(0.55).epsilon(1e-14));
  CHECK(cosine(100) == Approx(0.1).epsilon(1e-14));
  CHECK(cosine(std::numeric_limits<std::size_t>::max()) == Approx(0.1).epsilon(1e-14));
  CHECK(inverse_time_rate(1.0, 10.0)(10) == Approx(0.5).epsilon(1e-14));
}

TEST_CASE("a warm-up rises to the schedule that follows", "[nn][schedules]") {
  const Schedule rate = warm_up(step_rate(1.0, 0.5, 2), 4);
  CHECK(rate(0) == Approx(0.2).epsilon(1e-14));  // never 0: the first update would be wasted
  CHECK(rate(3) == Approx(0.8).epsilon(1e-14));
  CHECK(rate(4) == 1.0);
  CHECK(rate(6) == 0.5);
  CHECK(warm_up(constant_rate(0.3), 0)(0) == 0.3);
}

TEST_CASE("schedules refuse arguments out of range", "[nn][schedules]") {
  CHECK_THROWS_WITH(constant_rate(0.0), ContainsSubstring("constant_rate: rate is 0, expected a finite number > 0"));
  CHECK_THROWS_AS(constant_rate(std::nan("")), InputError);
  CHECK_THROWS_AS(step_rate(1.0, 0.0, 1), InputError);
  CHECK_THROWS_AS(step_rate(1.0, 0.5, 0), InputError);
  CHECK_THROWS_AS(exponential_rate(1.0, 1.1), InputError);
  CHECK_THROWS_AS(linear_rate(1.0, 0), InputError);
  CHECK_THROWS_AS(cosine_rate(1.0, 10, -0.1), InputError);
  CHECK_THROWS_AS(inverse_time_rate(1.0, 0.0), InputError);
  CHECK_THROWS_AS(warm_up(nullptr, 3), InputError);
}
