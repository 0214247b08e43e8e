#include "nn/batches.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("an epoch holds every sample once", "[nn][batches]") {
  Batches batches(10, 4, Random(1));
  CHECK(batches.batches_per_epoch() == 3);
  CHECK_FALSE(batches.epoch_completed());
  std::vector<std::vector<std::uint32_t>> epochs;
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    std::vector<std::uint32_t> all;
    for (const std::size_t expected : {4u, 4u, 2u}) {
      CHECK(batches.epoch() == epoch);
      const auto batch = batches.next();
      CHECK(batch.size() == expected);
      CHECK(batches.epoch_completed() == (expected == 2));
      all.insert(all.end(), batch.begin(), batch.end());
    }
    CHECK(batches.epoch() == epoch + 1);
    epochs.push_back(all);
    std::sort(all.begin(), all.end());
    std::vector<std::uint32_t> everyone(10);
    std::iota(everyone.begin(), everyone.end(), 0u);
    CHECK(all == everyone);
  }
  CHECK(epochs[0] != epochs[1]);
  CHECK(epochs[1] != epochs[2]);
}

TEST_CASE("the same seed gives the same batches", "[nn][batches]") {
  Batches a(50, 7, Random(4)), b(50, 7, Random(4)), c(50, 7, Random(5));
  bool differs = false;
  for (int i = 0; i < 20; ++i) {
    const auto x = a.next(), y = b.next(), z = c.next();
    CHECK(std::equal(x.begin(), x.end(), y.begin(), y.end()));
    differs = differs || !std::equal(x.begin(), x.end(), z.begin(), z.end());
  }
  CHECK(differs);
}

TEST_CASE("every order is equally likely", "[nn][batches]") {
  // 6 orders of 3 samples, 6000 epochs: 1000 each expected, standard deviation 29; five of them allowed.
  Batches batches(3, 3, Random(9));
  std::array<int, 27> seen{};
  for (int i = 0; i < 6000; ++i) {
    const auto order = batches.next();
    ++seen[9 * order[0] + 3 * order[1] + order[2]];
  }
  for (const std::size_t order : {5u, 7u, 11u, 15u, 19u, 21u}) CHECK(std::abs(seen[order] - 1000) < 145);
}

TEST_CASE("without shuffling samples come in order", "[nn][batches]") {
  Batches batches(5, 2, Random(1), false);
  for (int epoch = 0; epoch < 2; ++epoch) {
    for (const std::vector<std::uint32_t>& expected : {std::vector<std::uint32_t>{0, 1}, {2, 3}, {4}}) {
      const auto batch = batches.next();
      CHECK(std::equal(batch.begin(), batch.end(), expected.begin(), expected.end()));
    }
  }
}

TEST_CASE("impossible batches are refused", "[nn][batches]") {
  CHECK_THROWS_WITH(Batches(10, 0, Random(1)),
                    ContainsSubstring("batch size 0, expected 1 to the number of samples, 10"));
  CHECK_THROWS_WITH(Batches(10, 11, Random(1)), ContainsSubstring("batch size 11"));
  CHECK_THROWS_WITH(Batches(0, 1, Random(1)), ContainsSubstring("no samples"));
  CHECK(Batches(10, 10, Random(1)).batches_per_epoch() == 1);
  CHECK(Batches(1, 1, Random(1)).next().size() == 1);
}

TEST_CASE("batches continue from their state", "[nn][batches]") {
  Batches a(11, 3, Random(2));
  for (int i = 0; i < 6; ++i) a.next();
  const BatchesState state = a.state();
  Batches b(11, 3, Random(77));
  b.set_state(state);
  CHECK(b.epoch() == a.epoch());
  for (int i = 0; i < 12; ++i) {
    const auto x = a.next(), y = b.next();
    CHECK(std::equal(x.begin(), x.end(), y.begin(), y.end()));
  }
  Batches other(12, 3, Random(2));
  CHECK_THROWS_WITH(other.set_state(state), ContainsSubstring("checkpoint is of 11 samples, the run has 12"));
  Batches wider(11, 4, Random(2));
  CHECK_THROWS_WITH(wider.set_state(state), ContainsSubstring("batch size 3, the run asks for 4"));
  Batches ordered(11, 3, Random(2), false);
  CHECK_THROWS_WITH(ordered.set_state(state), ContainsSubstring("shuffled samples, the run takes them in their order"));
  CHECK_NOTHROW(ordered.set_state(Batches(11, 3, Random(5), false).state()));
  BatchesState twice = state;
  twice.order[0] = twice.order[1];
  CHECK_THROWS_WITH(b.set_state(twice), ContainsSubstring("occurs twice"));
  BatchesState beyond = state;
  beyond.order[0] = 11;
  CHECK_THROWS_AS(b.set_state(beyond), InputError);
  for (const std::size_t position : {4u, 12u, 999999u}) {  // within a batch; beyond the end, at the start of a batch
    BatchesState nowhere = state;
    nowhere.position = position;
    CHECK_THROWS_WITH(b.set_state(nowhere), ContainsSubstring("the impossible batch position"));
  }
}

TEST_CASE("rows are taken in the order asked for", "[nn][batches]") {
  const Tensor data = Tensor::constant({3, 2}, {0, 1, 10, 11, 20, 21});
  const std::vector<std::uint32_t> rows{2, 0, 2};
  const Tensor taken = take_rows(data, rows);
  REQUIRE(taken.shape() == Shape{3, 2});
  const std::vector<double> expected{20, 21, 0, 1, 20, 21};
  CHECK(std::equal(expected.begin(), expected.end(), taken.values().begin()));
  CHECK(take_rows(data, std::vector<std::uint32_t>{}).shape() == Shape{0, 2});
  CHECK_THROWS_WITH(take_rows(data, std::vector<std::uint32_t>{3}),
                    ContainsSubstring("row 3 of data with shape (3, 2)"));
  CHECK_THROWS_AS(take_rows(Tensor(1.0), rows), ShapeError);
}
