#include "autodiff/matmul.hpp"

#include "autodiff/functions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// a @ b by definition, as Σ over a broadcast product: (…, m, k, 1) · (…, 1, k, n).
Tensor by_definition(const Tensor& a, const Tensor& b) {
  const Tensor left = a.rank() == 1 ? reshape(a, {1, -1}) : a, right = b.rank() == 1 ? reshape(b, {-1, 1}) : b;
  Shape tall = left.shape(), wide(std::span(right.shape().begin(), right.rank() - 2));
  tall.push_back(1);
  wide.push_back(1);
  wide.push_back(right.shape()[right.rank() - 2]);
  wide.push_back(right.shape().back());
  return sum(reshape(left, tall) * reshape(right, wide), {-2});
}

}  // namespace

TEST_CASE("matmul of all shapes", "[autodiff][matmul]") {
  // Left, right and result shapes: NumPy 1.26's np.matmul.
  struct Case {
    Shape left, right, result;
  };
  const std::vector<Case> cases{
      {{3}, {3}, {}},
      {{2, 3}, {3}, {2}},
      {{3}, {3, 2}, {2}},
      {{2, 3}, {3, 4}, {2, 4}},
      {{1, 1}, {1, 1}, {1, 1}},
      {{2, 2, 3}, {3, 2}, {2, 2, 2}},
      {{2, 2, 3}, {3}, {2, 2}},
      {{3}, {2, 3, 2}, {2, 2}},
      {{2, 3}, {2, 3, 2}, {2, 2, 2}},
      {{2, 2, 3}, {2, 3, 2}, {2, 2, 2}},
      {{2, 1, 2, 3}, {2, 3, 1}, {2, 2, 2, 1}},
      {{1, 2, 3}, {2, 3, 2}, {2, 2, 2}},
      {{0, 3}, {3, 2}, {0, 2}},
      {{2, 0}, {0, 3}, {2, 3}},
      {{0}, {0}, {}},
      {{2, 3}, {3, 0}, {2, 0}},
      {{0, 2, 3}, {3, 2}, {0, 2, 2}},
      {{0, 2, 3}, {0, 3, 2}, {0, 2, 2}},
      {{2, 2, 0}, {0, 3}, {2, 2, 3}},
  };
  for (const auto& [left, right, result] : cases) {
    INFO(to_string(left) << " times " << to_string(right));
    const Tensor a = random_variable(left, 41), b = random_variable(right, 42);
    const Tensor y = matmul(a, b), expected = by_definition(a, b);
    REQUIRE(y.shape() == result);
    for (std::size_t i = 0; i < y.size(); ++i) REQUIRE(y.values()[i] == Approx(expected.values()[i]).margin(1e-14));
    check_derivatives([](const auto& x) { return square(matmul(x[0] * x[0], x[1])); }, {a, b}, 2, 1e-7);
  }
  check_derivatives([](const auto& x) { return exp(0.3 * matmul(matmul(x[0], x[1]), x[0])); },
                    {random_variable({2, 3}, 43), random_variable({3, 2}, 44)}, 4, 1e-7);
}

TEST_CASE("matmul of transposes", "[autodiff][matmul]") {
  check_derivatives([](const auto& x) { return square(matmul(transpose(x[0]), x[0])); }, {random_variable({3, 2}, 45)},
                    4, 1e-7);
}

TEST_CASE("matmul names the shapes that do not match", "[autodiff][matmul][errors]") {
  CHECK_THROWS_WITH(matmul(Tensor::zeros({2, 3}), Tensor::zeros({2, 3})),
                    ContainsSubstring("matmul: shapes (2, 3) and (2, 3)"));
  CHECK_THROWS_WITH(matmul(Tensor::zeros({3}), Tensor::zeros({2})), ContainsSubstring("(3) and (2)"));
  CHECK_THROWS_AS(matmul(Tensor(1.0), Tensor::zeros({1})), ShapeError);
  CHECK_THROWS_AS(matmul(Tensor::zeros({2, 2, 3}), Tensor::zeros({3, 3, 2})), ShapeError);
  CHECK_THROWS_AS(matmul(Tensor::zeros({2, 2}), Tensor::zeros({3})), ShapeError);
  CHECK_THROWS_AS(matmul(Tensor::zeros({3}), Tensor::zeros({2, 2})), ShapeError);
}

TEST_CASE("affine is matmul plus bias", "[autodiff][matmul]") {
  for (const std::size_t rows : {0, 1, 3}) {
    const Tensor x = random_variable({rows, 2}, 46), w = random_variable({2, 4}, 47), b = random_variable({4}, 48);
    const Tensor y = affine(x, w, b), expected = matmul(x, w) + b;
    REQUIRE(y.shape() == expected.shape());
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(y.values()[i] == Approx(expected.values()[i]).epsilon(1e-14));
    check_derivatives([](const auto& v) { return adatom::tanh(affine(v[0], v[1], v[2])); }, {x, w, b}, 3, 1e-7);
  }
  CHECK_THROWS_WITH(affine(Tensor::zeros({2, 3}), Tensor::zeros({2, 3}), Tensor::zeros({3})),
                    ContainsSubstring("affine") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_AS(affine(Tensor::zeros({2, 3}), Tensor::zeros({3, 2}), Tensor::zeros({3})), ShapeError);
  CHECK_THROWS_AS(affine(Tensor::zeros({3}), Tensor::zeros({3, 2}), Tensor::zeros({2})), ShapeError);
}

TEST_CASE("products have the same bits for any number of threads", "[autodiff][matmul]") {
  const Tensor x = random_variable({2000, 70}, 49), w = random_variable({70, 90}, 50), b = random_variable({90}, 51);
  const auto all = [&] {
    const Tensor y = adatom::tanh(affine(x, w, b));
    const Tensors gradients = grad(sum(square(y)), {x, w, b});
    std::vector<double> values = numbers(y);
    for (const Tensor& gradient : gradients)
      values.insert(values.end(), gradient.values().begin(), gradient.values().end());
    return values;
  };
  const std::vector<double> one = all();
  for (const std::size_t threads : {2, 4}) {
    set_thread_count(threads);
    CHECK(all() == one);
  }
  set_thread_count(1);
}
