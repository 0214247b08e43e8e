// Tests core/symmetric_eigen.cpp: matrices whose eigenvalues are known, random ones, and those that are hard.
#include "core/symmetric_eigen.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Largest |A v − λ v| and |VᵀV − 1|, relative to the largest |λ|.
double defect(std::size_t n, const std::vector<double>& a, const SymmetricEigen& e) {
  double largest = 1e-300, worst = 0.0;
  for (const double value : e.values) largest = std::max(largest, std::abs(value));
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      double av = 0.0, overlap = 0.0;
      for (std::size_t j = 0; j < n; ++j) {
        av += a[std::max(i, j) * n + std::min(i, j)] * e.vector(k)[j];
        overlap += e.vector(k)[j] * e.vector(i)[j];
      }
      worst = std::max(worst, std::abs(av - e.values[k] * e.vector(k)[i]) / largest);
      worst = std::max(worst, std::abs(overlap - (i == k ? 1.0 : 0.0)));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("eigenvalues of a chain of masses are those of the textbook", "[core][symmetric_eigen]") {
  // 2 on the diagonal, −1 beside it: λ_k = 2 − 2 cos(kπ/(n+1)), k = 1 … n.
  const std::size_t n = 40;
  std::vector<double> a(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    a[i * n + i] = 2.0;
    if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1.0;
  }
  const SymmetricEigen e = symmetric_eigen(n, a);
  for (std::size_t k = 0; k < n; ++k) {
    CHECK(std::abs(e.values[k] - (2.0 - 2.0 * std::cos(double(k + 1) * std::numbers::pi / double(n + 1)))) < 1e-14);
  }
  CHECK(defect(n, a, e) < 1e-14);
}

TEST_CASE("eigenvectors of random and of degenerate matrices satisfy their equation", "[core][symmetric_eigen]") {
  Random random(5);
  for (const std::size_t n : {1, 2, 3, 4, 7, 20, 65}) {
    for (int kind = 0; kind < 6; ++kind) {
      std::vector<double> a(n * n, 0.0);
      const std::size_t rank = kind == 0 ? n : kind == 1 ? (n + 1) / 2 : 1;
      for (std::size_t r = 0; r < rank; ++r) {  // sums of v vᵀ; the rest of the eigenvalues is zero
        std::vector<double> v(n);
        for (double& x : v) x = random.normal();
        for (std::size_t i = 0; i < n; ++i) {
          for (std::size_t j = 0; j < n; ++j) a[i * n + j] += (r % 2 == 0 ? 1.0 : -1.0) * v[i] * v[j];
        }
      }
      const double scale = kind == 3 ? 1e-160 : kind == 4 ? 1e150 : 1.0;
      for (double& x : a) x *= scale;
      if (kind == 5) {  // the unit matrix
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t j = 0; j < n; ++j) a[i * n + j] = i == j ? 1.0 : 0.0;
      }
      double trace = 0.0, sum = 0.0, largest = 0.0;
      for (std::size_t i = 0; i < n; ++i) trace += a[i * n + i];
      const SymmetricEigen e = symmetric_eigen(n, a);
      for (const double value : e.values) sum += value, largest = std::max(largest, std::abs(value));
      INFO(n << " rows, kind " << kind);
      CHECK(defect(n, a, e) < 1e-13);
      CHECK(std::abs(trace - sum) <= 1e-13 * largest);
      CHECK(std::is_sorted(e.values.begin(), e.values.end()));
    }
  }
}

TEST_CASE("eigenvectors are orthonormal whatever the size of the elements", "[core][symmetric_eigen]") {
  Random random(8);
  // Everything close to the smallest normal number, 2e-308.
  for (int round = 0; round < 20; ++round) {
    std::vector<double> tiny(36), scaled(36);
    for (std::size_t i = 0; i < 36; ++i) {
      tiny[i] = 1e-306 * random.uniform(-1.0, 1.0);
      scaled[i] = tiny[i] * 1e306;
    }
    SymmetricEigen e = symmetric_eigen(6, tiny);
    for (double& value : e.values) value *= 1e306;
    CHECK(defect(6, scaled, e) < 1e-13);
  }
  // Neighbours that differ by hundreds of decades, whose products vanish, beside zeros.
  for (int round = 0; round < 1000; ++round) {
    const std::size_t n = 2 + random.below(11);
    std::vector<double> wide(n * n);
    for (double& x : wide) {
      const double size = std::pow(10.0, random.uniform(-300.0, 0.0)), sign = random.below(2) == 0 ? 1.0 : -1.0;
      x = random.below(2) == 0 ? 0.0 : sign * size;
    }
    INFO("round " << round);
    CHECK(defect(n, wide, symmetric_eigen(n, wide)) < 1e-13);
  }
}

TEST_CASE("only the lower triangle counts and zero matrices are fine", "[core][symmetric_eigen]") {
  const SymmetricEigen e = symmetric_eigen(2, std::vector<double>{2.0, 99.0, 1.0, 2.0});
  CHECK(std::abs(e.values[0] - 1.0) < 1e-15);
  CHECK(std::abs(e.values[1] - 3.0) < 1e-15);
  const SymmetricEigen zero = symmetric_eigen(3, std::vector<double>(9, 0.0));
  CHECK(zero.values == std::vector<double>(3, 0.0));
  CHECK(symmetric_eigen(0, {}).values.empty());
}

TEST_CASE("eigenvalues refuse what is no matrix of numbers", "[core][symmetric_eigen]") {
  CHECK_THROWS_WITH(symmetric_eigen(2, std::vector<double>(3)), ContainsSubstring("found 3 numbers"));
  CHECK_THROWS_AS(symmetric_eigen(2, std::vector<double>(2)), ShapeError);
  CHECK_THROWS_AS(symmetric_eigen(std::size_t{1} << 32, {}), ShapeError);  // n² is 0 in 64 bits
  std::vector<double> a(9, 1.0);
  a[7] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(symmetric_eigen(3, a), ContainsSubstring("element (2, 1)"));
}
