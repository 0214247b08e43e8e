#include "core/symmetric_eigen.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "core/error.hpp"

namespace adatom {
namespace {

/// The tridiagonal matrix Qᵀ A Q: its diagonal, and below[i] between rows i and i + 1.
struct Tridiagonal {
  std::vector<double> diagonal, below;
};

/// Reduces a (full, symmetric, row by row) by reflections that clear column k below its subdiagonal; afterwards the
/// vector of reflection k stands in row k from k + 1 on, and beta[k] is its factor: H = 1 − β v vᵀ.
Tridiagonal reduce(std::size_t n, std::vector<double>& a, std::vector<double>& beta) {
  Tridiagonal t{std::vector<double>(n), std::vector<double>(n, 0.0)};
  beta.assign(n, 0.0);
  std::vector<double> p(n);
  for (std::size_t k = 0; k + 1 < n; ++k) {
    t.diagonal[k] = a[k * n + k];
    // Row k right of the diagonal (the same as column k below it) becomes the vector v.
    double* const v = &a[k * n];
    double scale = 0.0;
    for (std::size_t i = k + 1; i < n; ++i) scale = std::max(scale, std::abs(v[i]));
    const double unit = scale > 0.0 ? scale : 1.0;
    double rest = 0.0;
    for (std::size_t i = k + 2; i < n; ++i) rest += (v[i] / unit) * (v[i] / unit);
    if (rest == 0.0) {  // nothing to clear
      t.below[k] = v[k + 1];
      continue;
    }
    for (std::size_t i = k + 1; i < n; ++i) v[i] /= scale;
    const double length = std::sqrt(v[k + 1] * v[k + 1] + rest);
    const double target = v[k + 1] > 0.0 ? -length : length;  // away from v: no cancellation
    t.below[k] = target * scale;
    v[k + 1] -= target;
    beta[k] = 2.0 / (v[k + 1] * v[k + 1] + rest);

    // A ← H A H = A − v wᵀ − w vᵀ with w = β A v − (β²/2)(vᵀ A v) v.
    double overlap = 0.0;
    for (std::size_t i = k + 1; i < n; ++i) {
      const double* const row = &a[i * n];
      double sum = 0.0;
      for (std::size_t j = k + 1; j < n; ++j) sum += row[j] * v[j];
      p[i] = beta[k] * sum;
      overlap += p[i] * v[i];
    }
    for (std::size_t i = k + 1; i < n; ++i) p[i] -= 0.5 * beta[k] * overlap * v[i];
    for (std::size_t i = k + 1; i < n; ++i) {
      double* const row = &a[i * n];
      const double vi = v[i], pi = p[i];
      for (std::size_t j = k + 1; j < n; ++j) row[j] -= vi * p[j] + pi * v[j];
    }
  }
  t.diagonal[n - 1] = a[n * n - 1];
  return t;
}

/// The rows of Qᵀ = … H₁ H₀: row k is the basis vector that diagonal[k] belongs to.
std::vector<double> basis(std::size_t n, const std::vector<double>& a, const std::vector<double>& beta) {
  std::vector<double> q(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) q[i * n + i] = 1.0;
  // Q = H₀ H₁ …; built from the last reflection, each touches only the lower right corner. q holds Qᵀ, so every row r
  // of it is changed to r − β (r·v) v.
  for (std::size_t k = n - 1; k-- > 0;) {
    if (beta[k] == 0.0) continue;
    const double* const v = &a[k * n];
    for (std::size_t i = k + 1; i < n; ++i) {
      double* const row = &q[i * n];
      double sum = 0.0;
      for (std::size_t j = k + 1; j < n; ++j) sum += row[j] * v[j];
      sum *= beta[k];
      for (std::size_t j = k + 1; j < n; ++j) row[j] -= sum * v[j];
    }
  }
  return q;
}

void rotate(double* upper, double* lower, double c, double s, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    const double u = upper[j], l = lower[j];
    lower[j] = s * u + c * l;
    upper[j] = c * u - s * l;
  }
}

/// Turns t.diagonal into eigenvalues and the rows of q into eigenvectors. Off-diagonal elements up to `negligible`
/// count as zero, whatever their neighbours.
void diagonalize(std::size_t n, Tridiagonal& t, std::vector<double>& q, double negligible) {
  std::vector<double>&d = t.diagonal, &e = t.below;
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  constexpr int most_sweeps = 60;  // two or three are usual
  for (std::size_t first = 0; first < n; ++first) {
    for (int sweep = 0;; ++sweep) {
      // The block first … last is one whose off-diagonal elements still count.
      std::size_t last = first;
      const auto counts = [&](std::size_t i) {
        return std::abs(e[i]) > std::max(epsilon * (std::abs(d[i]) + std::abs(d[i + 1])), negligible);
      };
      while (last + 1 < n && counts(last)) ++last;
      if (last == first) break;
      if (sweep == most_sweeps) throw NumericalError("eigenvalues: the QL method did not converge in 60 sweeps");
      // Wilkinson's shift, from the 2 × 2 matrix at the top, then a sweep of rotations from the bottom up.
      double g = (d[first + 1] - d[first]) / (2.0 * e[first]);
      double r = std::hypot(g, 1.0);
      g = d[last] - d[first] + e[first] / (g + std::copysign(r, g));
      double s = 1.0, c = 1.0, p = 0.0;
      std::size_t i = last;
      while (i-- > first) {
        const double f = s * e[i], b = c * e[i];
        r = std::hypot(f, g);
        e[i + 1] = r;
        if (r == 0.0) {  // the block falls apart early
          d[i + 1] -= p;
          e[last] = 0.0;
          break;
        }
        const double unit = r < 1e-290 ? 0x1p600 : 1.0;  // the smallest numbers have too few digits for s² + c² = 1
        const double length = unit == 1.0 ? r : std::hypot(f * unit, g * unit);
        s = f * unit / length;
        c = g * unit / length;
        g = d[i + 1] - p;
        const double t2 = (d[i] - g) * s + 2.0 * c * b;
        p = s * t2;
        d[i + 1] = g + p;
        g = c * t2 - b;
        rotate(&q[i * n], &q[(i + 1) * n], c, s, n);
      }
      if (r == 0.0 && i + 1 > first) continue;
      d[first] -= p;
      e[first] = g;
      e[last] = 0.0;
    }
  }
}

}  // namespace

SymmetricEigen symmetric_eigen(std::size_t n, std::span<const double> matrix) {
  const bool fits = n == 0 ? matrix.empty() : matrix.size() % n == 0 && matrix.size() / n == n;  // n² might overflow
  if (!fits) {
    throw ShapeError("symmetric_eigen: a matrix of " + std::to_string(n) + " rows and columns is expected, found " +
                     std::to_string(matrix.size()) + " numbers");
  }
  if (n == 0) return {};
  std::vector<double> a(n * n), beta;
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      a[i * n + j] = a[j * n + i] = matrix[i * n + j];
      if (!std::isfinite(a[i * n + j])) {
        throw NumericalError("eigenvalues: element (" + std::to_string(i) + ", " + std::to_string(j) +
                             ") of the matrix is not finite");
      }
      largest = std::max(largest, std::abs(a[i * n + j]));
    }
  }
  // Very small and very large numbers would lose digits in products: a power of two, which is exact, brings them to 1.
  int exponent = 0;
  if (largest < 1e-50 || largest > 1e50) std::frexp(largest, &exponent);
  if (exponent != 0) {
    for (double& element : a) element = std::ldexp(element, -exponent);
    largest = std::ldexp(largest, -exponent);
  }
  Tridiagonal t = reduce(n, a, beta);
  std::vector<double> q = basis(n, a, beta);
  diagonalize(n, t, q, 1e-60 * largest);  // far below the errors, far above the smallest numbers there are

  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    return t.diagonal[i] != t.diagonal[j] ? t.diagonal[i] < t.diagonal[j] : i < j;
  });
  SymmetricEigen result{std::vector<double>(n), std::vector<double>(n * n)};
  for (std::size_t k = 0; k < n; ++k) {
    result.values[k] = std::ldexp(t.diagonal[order[k]], exponent);
    std::copy_n(&q[order[k] * n], n, &result.vectors[k * n]);
  }
  return result;
}

}  // namespace adatom
