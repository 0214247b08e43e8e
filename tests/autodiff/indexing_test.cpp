#include "autodiff/indexing.hpp"

#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "tests/autodiff/random_tensor.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<double> list(const Tensor& x) { return {x.values().begin(), x.values().end()}; }

Indices random_indices(std::size_t count, std::size_t limit, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint32_t> values(count);
  for (std::uint32_t& value : values) value = static_cast<std::uint32_t>(random.below(limit));
  return values;
}

}  // namespace

TEST_CASE("gather picks slices along any axis", "[autodiff][indexing]") {
  const Tensor x = Tensor::constant({3, 2}, {1, 2, 3, 4, 5, 6});
  const Tensor rows = gather(x, {2, 0, 2, 2});
  CHECK(rows.shape() == Shape{4, 2});
  CHECK(list(rows) == std::vector<double>{5, 6, 1, 2, 5, 6, 5, 6});
  const Tensor columns = gather(x, {1, 1, 0}, -1);
  CHECK(columns.shape() == Shape{3, 3});
  CHECK(list(columns) == std::vector<double>{2, 2, 1, 4, 4, 3, 6, 6, 5});
}

TEST_CASE("scatter_add adds slices that share an index", "[autodiff][indexing]") {
  const Tensor x = Tensor::constant({3, 2}, {1, 2, 3, 4, 5, 6});
  const Tensor rows = scatter_add(x, {1, 3, 1}, 4);
  CHECK(rows.shape() == Shape{4, 2});
  CHECK(list(rows) == std::vector<double>{0, 0, 6, 8, 0, 0, 3, 4});
  CHECK(list(scatter_add(x, {2, 2}, 3, 1)) == std::vector<double>{0, 0, 3, 0, 0, 7, 0, 0, 11});
}

TEST_CASE("segment_sum sums the rows of each structure", "[autodiff][indexing]") {
  // Structures of 2, 0 and 3 atoms with energies 1 ... 5.
  const Tensor energies = Tensor::constant({5}, {1, 2, 3, 4, 5});
  CHECK(list(segment_sum(energies, {0, 0, 2, 2, 2}, 3)) == std::vector<double>{3, 0, 12});
}

TEST_CASE("take_along_axis and add_along_axis as in NumPy", "[autodiff][indexing]") {
  const Tensor x = Tensor::constant({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(list(take_along_axis(x, {2, 0, 1, 1}, {2, 2})) == std::vector<double>{3, 1, 5, 5});
  CHECK(list(take_along_axis(x, {1, 0, 1}, {1, 3}, 0)) == std::vector<double>{4, 2, 6});
  const Tensor y = Tensor::constant({2, 2}, {1, 2, 3, 4});
  CHECK(list(add_along_axis(y, {2, 0, 1, 1}, {2, 3})) == std::vector<double>{2, 0, 1, 0, 7, 0});
}

TEST_CASE("gather and scatter_add are transposes", "[autodiff][indexing]") {
  // <gather(x), y> = <x, scatter_add(y)>, at every row length that has a loop of its own and others. The numbers are
  // small integers, so that both sums are exact.
  for (const std::size_t inner : {1, 2, 3, 4, 9, 17}) {
    const Indices indices = random_indices(200, 31, inner);
    Random random(inner);
    Buffer a(31 * inner), b(200 * inner);
    for (double& value : a.span()) value = static_cast<double>(random.below(9)) - 4.0;
    for (double& value : b.span()) value = static_cast<double>(random.below(9)) - 4.0;
    const Tensor x = Tensor::constant({31, inner}, a), y = Tensor::constant({200, inner}, b);
    INFO("rows of " << inner);
    CHECK(sum(gather(x, indices) * y).item() == sum(x * scatter_add(y, indices, 31)).item());
    CHECK(sum(gather(x, indices) * y).item() == sum(x * segment_sum(y, indices, 31)).item());
  }
}

TEST_CASE("picked and added rows have the same bits for any number of threads", "[autodiff][indexing]") {
  const Indices indices = random_indices(140001, 777, 2);  // large enough to be spread over threads
  const auto all = [&] {
    std::vector<double> values;
    for (const std::size_t inner : {1, 3}) {
      const Tensor x = testing::random_tensor({777, inner}, inner);
      const Tensor rows = gather(x, indices), columns = gather(reshape(x, {-1, 777}), indices, 1);
      for (const Tensor& part : {rows, columns, segment_sum(rows, indices, 777)}) {
        values.insert(values.end(), part.values().begin(), part.values().end());
      }
    }
    return values;
  };
  const std::vector<double> serial = all();
  for (const std::size_t threads : {2, 4}) {
    set_thread_count(threads);
    CHECK(all() == serial);
  }
  set_thread_count(1);
}

TEST_CASE("the limit of a list of indices", "[autodiff][indexing]") {
  CHECK(Indices(std::vector<std::uint32_t>{}).limit() == 0);
  CHECK(Indices{0}.limit() == 1);
  CHECK(Indices({3, 0xFFFFFFFFu, 2}).limit() == 0x100000000u);
}

TEST_CASE("indices out of range are named with their limit", "[autodiff][indexing]") {
  const Tensor x = Tensor::zeros({3, 2});
  CHECK_THROWS_WITH(gather(x, {0, 3}), "gather: index 3 at position 1 is out of range: the axis has length 3");
  CHECK_THROWS_WITH(gather(x, {2}, 1), "gather: index 2 at position 0 is out of range: the axis has length 2");
  CHECK_THROWS_WITH(scatter_add(x, {0, 9, 1}, 9), ContainsSubstring("index 9") && ContainsSubstring("length 9"));
  CHECK_THROWS_WITH(segment_sum(x, {0, 1, 2}, 2), ContainsSubstring("segment_sum: index 2"));
  CHECK_THROWS_WITH(take_along_axis(x, {0, 2, 0}, {3, 1}), ContainsSubstring("take_along_axis: index 2"));
  CHECK_THROWS_WITH(add_along_axis(x, {0, 0, 0, 0, 4, 0}, {3, 4}), ContainsSubstring("add_along_axis: index 4"));
  CHECK_THROWS_AS(gather(x, {0, 3}), ShapeError);
}

TEST_CASE("index lists that do not fit are refused with the shapes", "[autodiff][indexing]") {
  const Tensor x = Tensor::zeros({3, 2});
  CHECK_THROWS_WITH(gather(x, {0}, 2), ContainsSubstring("gather: axis 2") && ContainsSubstring("(3, 2)"));
  CHECK_THROWS_WITH(gather(Tensor(1.0), {0}), ContainsSubstring("gather: axis 0") && ContainsSubstring("()"));
  CHECK_THROWS_WITH(scatter_add(x, {0}, 3), ContainsSubstring("1 indices") && ContainsSubstring("(3, 2)"));
  CHECK_THROWS_WITH(segment_sum(x, {0, 0, 0, 0}, 3), ContainsSubstring("4 indices") && ContainsSubstring("(3, 2)"));
  CHECK_THROWS_WITH(take_along_axis(x, {0, 0}, {2, 1}), ContainsSubstring("(2, 1)") && ContainsSubstring("(3, 2)"));
  CHECK_THROWS_WITH(take_along_axis(x, {0, 0}, {3, 1}), ContainsSubstring("3 indices") && ContainsSubstring("got 2"));
  CHECK_THROWS_WITH(add_along_axis(x, {0, 0}, {2, 5}), ContainsSubstring("(2, 5)") && ContainsSubstring("(3, 2)"));
}
