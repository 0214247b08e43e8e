#include "autodiff/reductions.hpp"

#include <cmath>

#include "autodiff/functions.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

using Reduction = Tensor (*)(const Tensor&, Axes, bool);
const Reduction sum_axes = sum, mean_axes = mean, max_axes = max, min_axes = min;

/// The reduction by its definition: element by element into a table of the kept shape.
std::vector<double> fold(const Tensor& x, const std::vector<bool>& reduced, double start, double (*f)(double, double)) {
  std::size_t count = 1;
  for (std::size_t axis = 0; axis < x.rank(); ++axis) count *= reduced[axis] ? 1 : x.shape()[axis];
  std::vector<double> result(count, start);
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::size_t rest = i, at = 0, step = 1;
    for (std::size_t axis = x.rank(); axis-- > 0; rest /= x.shape()[axis]) {
      if (reduced[axis]) continue;
      at += rest % x.shape()[axis] * step;
      step *= x.shape()[axis];
    }
    result[at] = f(result[at], x.values()[i]);
  }
  return result;
}

}  // namespace

TEST_CASE("reductions over every set of axes", "[autodiff][reductions]") {
  // Named, because a list of axes lives only as long as the expression it stands in.
  static constexpr Axes none{}, first{0}, second{1}, last{-1}, front{0, 1}, ends{-1, 0}, back{2, 1}, all{0, 1, 2};
  struct Case {
    Axes axes;
    std::vector<bool> reduced;
    Shape dropped, kept;
  };
  const std::vector<Case> cases{
      {none, {true, true, true}, {}, {1, 1, 1}},         {first, {true, false, false}, {3, 4}, {1, 3, 4}},
      {second, {false, true, false}, {2, 4}, {2, 1, 4}}, {last, {false, false, true}, {2, 3}, {2, 3, 1}},
      {front, {true, true, false}, {4}, {1, 1, 4}},      {ends, {true, false, true}, {3}, {1, 3, 1}},
      {back, {false, true, true}, {2}, {2, 1, 1}},       {all, {true, true, true}, {}, {1, 1, 1}},
  };
  // Distinct numbers at least 0.1 apart, so that differences do not change which one is the largest.
  std::vector<double> values(24);
  for (std::size_t i = 0; i < 24; ++i) values[i] = 0.3 + 0.1 * static_cast<double>(i * 7 % 24);
  const Tensor x = Tensor::variable({2, 3, 4}, values);
  for (const Case& c : cases) {
    INFO("result " << to_string(c.kept));
    const std::vector<double> sums = fold(x, c.reduced, 0, [](double a, double b) { return a + b; });
    const std::vector<double> highest = fold(x, c.reduced, -1e300, [](double a, double b) { return a > b ? a : b; });
    const std::vector<double> lowest = fold(x, c.reduced, 1e300, [](double a, double b) { return a < b ? a : b; });
    const double n = 24.0 / static_cast<double>(sums.size());
    for (const bool keep : {false, true}) {
      const Shape& shape = keep ? c.kept : c.dropped;
      const Tensor total = sum(x, c.axes, keep), average = mean(x, c.axes, keep);
      REQUIRE(total.shape() == shape);
      REQUIRE(average.shape() == shape);
      REQUIRE(max(x, c.axes, keep).shape() == shape);
      REQUIRE(min(x, c.axes, keep).shape() == shape);
      for (std::size_t i = 0; i < sums.size(); ++i) {
        REQUIRE(total.values()[i] == Approx(sums[i]).epsilon(1e-14));
        REQUIRE(average.values()[i] == Approx(sums[i] / n).epsilon(1e-14));
      }
      REQUIRE(numbers(max(x, c.axes, keep)) == highest);
      REQUIRE(numbers(min(x, c.axes, keep)) == lowest);
      for (const Reduction f : {sum_axes, mean_axes, max_axes, min_axes}) {
        check_derivatives([&](const auto& v) { return square(f(v[0] * v[0], c.axes, keep)); }, {x}, 2, 1e-8);
      }
    }
  }
}

TEST_CASE("reductions of numbers and of nothing", "[autodiff][reductions]") {
  CHECK(sum(Tensor(3.0)).item() == 3);
  CHECK(mean(Tensor(3.0)).item() == 3);
  CHECK(max(Tensor(3.0)).item() == 3);
  CHECK(sum(Tensor::zeros({0})).item() == 0);
  CHECK(numbers(sum(Tensor::zeros({0, 2}), {0})) == std::vector<double>{0, 0});
  CHECK(sum(Tensor::zeros({0, 2}), {1}).shape() == Shape{0});
  CHECK(max(Tensor::zeros({0, 2}), {1}).shape() == Shape{0});
  const Tensor x = Tensor::variable({0, 2}, {});
  CHECK(grad(sum(x), {x})[0].shape() == Shape{0, 2});
  // Axes that cannot be walked as one inside the empty one: nothing may be written (found by what is built after it).
  const Tensor empty = Tensor::variable({0, 8, 30, 20}, {});
  for (int i = 0; i < 20; ++i) CHECK(grad(sum(max(empty, {1, 3})), {empty})[0].shape() == Shape{0, 8, 30, 20});
  for (int i = 0; i < 100; ++i) CHECK(sum(Tensor::ones({3})).item() == 3);
  CHECK_THROWS_AS(max(Tensor::zeros({0, 2}), {0}), ShapeError);
  CHECK_THROWS_AS(min(Tensor::zeros({0})), ShapeError);
  CHECK_THROWS_AS(mean(Tensor::zeros({0})), ShapeError);
}

TEST_CASE("axes out of range or named twice are refused", "[autodiff][reductions][errors]") {
  const Tensor x = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH(sum(x, {2}),
                    ContainsSubstring("sum") && ContainsSubstring("axis 2") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_AS(mean(x, {-3}), ShapeError);
  CHECK_THROWS_AS(max(x, {0, 0}), ShapeError);
  CHECK_THROWS_AS(sum(x, {1, -1}), ShapeError);
  CHECK_THROWS_AS(norm(x, 2), ShapeError);
}

TEST_CASE("equal extremes share the gradient", "[autodiff][reductions]") {
  const Tensor x = Tensor::variable({2, 3}, {1, 5, 5, 2, 2, 2});
  CHECK(numbers(grad(sum(max(x, {1})), {x})[0]) == std::vector<double>{0, 0.5, 0.5, 1.0 / 3, 1.0 / 3, 1.0 / 3});
  CHECK(numbers(grad(min(x), {x})[0]) == std::vector<double>{1, 0, 0, 0, 0, 0});
  CHECK(numbers(grad(max(x), {x})[0]) == std::vector<double>{0, 0.5, 0.5, 0, 0, 0});
}

TEST_CASE("long dot products by matmul are accurate and fast to differentiate", "[autodiff][reductions]") {
  // Running sums over short stretches, then pairwise: 1e6 equal terms err by a few 1e-16 of the sum, a loop by 1e-13.
  constexpr std::size_t n = 1'000'000;
  const Tensor x = Tensor::variable({n}, std::vector<double>(n, 0.1)), y = Tensor::full({n}, 0.3);
  const double exact = static_cast<double>(0.1L * 0.3L) * n;
  for (const Tensor& product : {matmul(x, y), matmul(y, x), matmul(reshape(x, {1, n}), reshape(y, {n, 1}))}) {
    CHECK(std::abs(sum(product).item() - exact) < 1e-14 * exact);
    const Tensor slope = grad(sum(product), {x})[0];
    CHECK(slope.values()[0] == 0.3);
    CHECK(slope.values()[n - 1] == 0.3);
  }
}

TEST_CASE("sum_to undoes broadcasting", "[autodiff][reductions]") {
  const Tensor x = random_variable({2, 3, 4}, 22);
  for (const Shape& shape :
       {Shape{}, Shape{4}, Shape{1}, Shape{3, 4}, Shape{3, 1}, Shape{2, 1, 4}, Shape{1, 1, 1}, Shape{2, 3, 4}}) {
    INFO(to_string(shape));
    const Tensor y = sum_to(x, shape);
    REQUIRE(y.shape() == shape);
    // <broadcast(v), x> = <v, sum_to(x)>: each is the transpose of the other.
    const Tensor v = random_variable(shape, 23);
    CHECK(sum(broadcast_to(v, x.shape()) * x).item() == Approx(sum(v * y).item()).epsilon(1e-13));
    check_derivatives([&](const auto& w) { return square(sum_to(w[0], shape)); }, {x}, 2, 1e-8);
  }
  CHECK_THROWS_WITH(sum_to(x, {3}), ContainsSubstring("sum_to"));
  CHECK_THROWS_AS(sum_to(x, {5, 2, 3, 4}), ShapeError);
}

TEST_CASE("norms", "[autodiff][reductions]") {
  const Tensor x = random_variable({3, 4}, 24);
  for (const std::ptrdiff_t axis : {0, 1, -1}) {
    const Tensor expected = sqrt(sum(square(x), {axis}));
    const Tensor y = norm(x, axis);
    REQUIRE(y.shape() == expected.shape());
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(y.values()[i] == Approx(expected.values()[i]).epsilon(1e-15));
    check_derivatives([&](const auto& v) { return norm(v[0], axis); }, {x}, 3, 1e-7);
  }
}

TEST_CASE("the norm of the zero vector has zero derivatives of every order", "[autodiff][reductions]") {
  const Tensor x = Tensor::variable({2, 3}, {0, 0, 0, 1, 2, 2});
  Tensor y = sum(norm(x));
  for (int order = 1; order <= 4; ++order) {
    y = grad(y, {x})[0];
    for (std::size_t i = 0; i < 6; ++i) CHECK(std::isfinite(y.values()[i]));
    for (std::size_t i = 0; i < 3; ++i) CHECK(y.values()[i] == 0);
    y = sum(square(y) + y);
  }
}

TEST_CASE("sums have the same bits for any number of threads", "[autodiff][reductions]") {
  const Tensor x = random_variable({3000, 70}, 25);  // large enough to be spread over threads
  const auto all = [&] {
    const Tensors parts{sum(x), sum(x, {0}), sum(x, {1}), sum(reshape(x, {10, 300, 70}), {1}), mean(exp(x) * x)};
    std::vector<double> values;
    for (const Tensor& part : parts) values.insert(values.end(), part.values().begin(), part.values().end());
    return values;
  };
  const std::vector<double> one = all();
  for (const std::size_t threads : {2, 3, 4}) {
    set_thread_count(threads);
    CHECK(all() == one);
  }
  set_thread_count(1);
}
