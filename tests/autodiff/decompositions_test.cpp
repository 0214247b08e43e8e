#include "autodiff/decompositions.hpp"

#include <cmath>
#include <limits>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "tests/autodiff/random_tensor.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;
using testing::largest_difference;

namespace {

Tensor identity(std::size_t n) {
  Buffer one(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) one[i * n + i] = 1.0;
  return Tensor::constant({n, n}, one);
}

/// A·Aᵀ / n + 1, with condition number around 5 for any n.
Tensor positive_definite(std::size_t n, std::uint64_t seed) {
  const Tensor a = testing::random_tensor({n, n}, seed);
  return matmul(a, transpose(a)) * (1.0 / static_cast<double>(n)) + identity(n);
}

}  // namespace

TEST_CASE("the Cholesky factor of a matrix of whole numbers", "[autodiff][decompositions]") {
  // L = [2 0 0; 6 1 0; -8 5 3], a textbook example; the upper triangle of x is not read.
  const double unread = std::numeric_limits<double>::quiet_NaN();
  const Tensor x = Tensor::constant({3, 3}, {4, unread, unread, 12, 37, unread, -16, -43, 98});
  CHECK(largest_difference(cholesky(x), Tensor::constant({3, 3}, {2, 0, 0, 6, 1, 0, -8, 5, 3})) == 0.0);
}

TEST_CASE("decompositions of all sizes around the block size", "[autodiff][decompositions]") {
  for (const std::size_t n : {1, 2, 47, 48, 49, 96, 100, 145}) {
    INFO("n = " << n);
    const Tensor x = positive_definite(n, n);
    const Tensor l = cholesky(x);
    CHECK(largest_difference(matmul(l, transpose(l)), x) < 1e-13);
    double above = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) above += std::abs(l.values()[i * n + j]);
    }
    CHECK(above == 0.0);
    for (const Shape& shape : {Shape{n}, Shape{n, 1}, Shape{n, 3}}) {
      const Tensor b = testing::random_tensor(shape, 7);
      CHECK(largest_difference(matmul(l, triangular_solve(l, b)), b) < 1e-12);
      CHECK(largest_difference(matmul(transpose(l), triangular_solve(l, b, true)), b) < 1e-12);
    }
  }
}

TEST_CASE("log_determinant and its derivatives", "[autodiff][decompositions]") {
  const Tensor x = Tensor::variable({2, 2}, {3.0, 1.0, 1.0, 2.0});
  const Tensor y = log_determinant(x);
  CHECK(y.item() == Approx(std::log(5.0)).epsilon(1e-15));
  // d log det X / dX = X^-1 (symmetric), here [2 -1; -1 3] / 5.
  const Tensor slope = grad(y, {x})[0];
  CHECK(largest_difference(slope, Tensor::constant({2, 2}, {0.4, -0.2, -0.2, 0.6})) < 1e-15);
  // d/dX of sum(X^-1) = -X^-1 1 X^-1, with 1 the matrix of ones: row sums of X^-1 are 1/5 and 2/5.
  const Tensor curvature = grad(sum(slope), {x})[0];
  CHECK(largest_difference(curvature, Tensor::constant({2, 2}, {-0.04, -0.08, -0.08, -0.16})) < 1e-15);
}

TEST_CASE("Cholesky derivatives agree with the closed form to third order", "[autodiff][decompositions]") {
  // sum((L^-1 b)²) = b·X^-1 b, whose gradient is -v v' with v = X^-1 b; its own derivatives follow by linear solves.
  const std::size_t n = 6;
  const Tensor x = Tensor::variable({n, n}, positive_definite(n, 3).values());
  const Tensor b = testing::random_tensor({n}, 4);
  const auto solve = [&](const Tensor& right) {
    return triangular_solve(cholesky(x), triangular_solve(cholesky(x), right), true);
  };
  const Tensor first = grad(sum(square(triangular_solve(cholesky(x), b))), {x})[0];
  const Tensor v = solve(b);
  const auto outer = [&](const Tensor& p, const Tensor& q) { return reshape(p, {n, 1}) * reshape(q, {1, n}); };
  CHECK(largest_difference(first, -outer(v, v)) < 1e-13);
  // |first|² = (v·v)²; d(v·v)/dX = -(w v' + v w') with w = X^-1 v.
  const Tensor second = grad(sum(square(first)), {x})[0];
  const Tensor w = solve(v), vv = sum(v * v);
  const Tensor expected = -2.0 * vv * (outer(w, v) + outer(v, w));
  CHECK(largest_difference(second, expected) < 1e-12);
  const Tensor third = grad(sum(square(second)), {x})[0];
  CHECK(largest_difference(third, grad(sum(square(expected)), {x})[0]) < 1e-10);
}

TEST_CASE("gradients of a large Cholesky decomposition", "[autodiff][decompositions]") {
  // Several blocks: tr(X^-1 dX) by the reverse sweep against X^-1 by solving.
  const std::size_t n = 130;
  const Tensor x = Tensor::variable({n, n}, positive_definite(n, 9).values());
  const Tensor slope = grad(log_determinant(x), {x})[0];
  CHECK(largest_difference(matmul(slope, x), identity(n)) < 1e-12);
}

TEST_CASE("matrices that cannot be decomposed are refused with the pivot", "[autodiff][decompositions]") {
  CHECK_THROWS_WITH(cholesky(Tensor::constant({2, 2}, {1, 2, 2, 1})),
                    ContainsSubstring("not positive definite") && ContainsSubstring("pivot 1 is -3"));
  CHECK_THROWS_WITH(cholesky(Tensor::full({1, 1}, -2.5e-17)), ContainsSubstring("pivot 0 is -2.5e-17;"));
  CHECK_THROWS_AS(cholesky(Tensor::zeros({3, 3})), NumericalError);
  CHECK_THROWS_AS(cholesky(Tensor::constant({2, 2}, {4, 2, 2, 1})), NumericalError);  // singular: the last pivot is 0
  CHECK_THROWS_AS(cholesky(Tensor::full({1, 1}, std::numeric_limits<double>::quiet_NaN())), NumericalError);
  CHECK_THROWS_AS(cholesky(Tensor::full({1, 1}, std::numeric_limits<double>::infinity())), NumericalError);
  Buffer values(60 * 60, 0.0);
  for (std::size_t i = 0; i < 60; ++i) values[i * 60 + i] = i == 57 ? -1.0 : 4.0;
  CHECK_THROWS_WITH(log_determinant(Tensor::constant({60, 60}, values)), ContainsSubstring("pivot 57 is -1"));
  CHECK_THROWS_WITH(triangular_solve(Tensor::constant({2, 2}, {1, 0, 3, 0}), Tensor::ones({2})),
                    ContainsSubstring("triangular_solve") && ContainsSubstring("diagonal element 1 is 0"));
}

TEST_CASE("decompositions refuse wrong shapes", "[autodiff][decompositions]") {
  CHECK_THROWS_WITH(cholesky(Tensor::zeros({2, 3})), ContainsSubstring("cholesky") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_WITH(log_determinant(Tensor::zeros({4})),
                    ContainsSubstring("log_determinant") && ContainsSubstring("(4)"));
  CHECK_THROWS_WITH(triangular_solve(identity(3), Tensor::zeros({2})),
                    ContainsSubstring("triangular_solve: shapes (3, 3) and (2)"));
  CHECK_THROWS_AS(triangular_solve(identity(3), Tensor(1.0)), ShapeError);
}
