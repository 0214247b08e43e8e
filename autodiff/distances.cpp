#include "autodiff/distances.hpp"

#include <cmath>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/record.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

double distance(const double* a, const double* b, std::size_t dimensions) {
  double square = 0.0;
  for (std::size_t k = 0; k < dimensions; ++k) square += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(square);
}

void check_points(const Tensor& x) {
  if (x.rank() != 2) {
    throw ShapeError("pairwise_distances: points of shape (count, dimensions) expected, found " + to_string(x.shape()));
  }
}

/// 1 / y where y ≠ 0, else 0, with derivatives of every order 0 there.
Tensor safe_reciprocal(const Tensor& y) {
  bool any_zero = false;
  for (const double value : y.values()) any_zero = any_zero || value == 0.0;
  if (!any_zero) return 1.0 / y;
  Buffer is_zero(y.size()), is_not_zero(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    is_zero[i] = y.values()[i] == 0.0 ? 1.0 : 0.0;
    is_not_zero[i] = 1.0 - is_zero[i];
  }
  return Tensor::constant(y.shape(), is_not_zero) / (y + Tensor::constant(y.shape(), is_zero));
}

/// Σ_j w_ij (a_i − b_j) by a matrix product, without the array of all differences. The result does not depend on the
/// origin; one among the points keeps digits when all of them are far from zero.
Tensor weighted_differences(const Tensor& w, const Tensor& a, const Tensor& b) {
  if (b.size() == 0) return Tensor::zeros(a.shape());
  const std::size_t dimensions = b.shape()[1];
  const Tensor origin = Tensor::constant({1, dimensions}, b.values().first(dimensions));
  return sum(w, {1}, true) * (a - origin) - matmul(w, b - origin);
}

Tensor scatter_pairs(const Tensor& pairs, std::size_t count);

/// n(n − 1)/2. Throws ShapeError if that cannot be counted.
std::size_t pair_count(std::size_t n) { return n == 0 ? 0 : Shape{n, n - 1}.count() / 2; }

/// x_i − x_j for the pairs i < j in row order: (n, d) → (n(n − 1)/2, d).
Tensor pair_differences(const Tensor& x) {
  const std::size_t n = x.shape()[0], d = x.shape()[1];
  const Shape shape{pair_count(n), d};
  Buffer values(shape.count());
  const double* const from = x.data();
  double* to = values.data();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      for (std::size_t k = 0; k < d; ++k) *to++ = from[i * d + k] - from[j * d + k];
    }
  }
  return record("pair_differences", shape, values,
                Input{x, [n](const Tensor&, const Tensor& dy) { return scatter_pairs(dy, n); }});
}

/// The transpose of pair_differences: each pair's row is added to point i and subtracted from point j.
Tensor scatter_pairs(const Tensor& pairs, std::size_t count) {
  const std::size_t d = pairs.shape()[1];
  Buffer values(count * d, 0.0);
  const double* from = pairs.data();
  double* const to = values.data();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      for (std::size_t k = 0; k < d; ++k, ++from) {
        to[i * d + k] += *from;
        to[j * d + k] -= *from;
      }
    }
  }
  return record("scatter_pairs", {count, d}, values,
                Input{pairs, [](const Tensor&, const Tensor& dy) { return pair_differences(dy); }});
}

}  // namespace

Tensor pairwise_distances(const Tensor& a, const Tensor& b) {
  check_points(a);
  check_points(b);
  const std::size_t m = a.shape()[0], n = b.shape()[0], d = a.shape()[1];
  if (b.shape()[1] != d) {
    throw ShapeError("pairwise_distances: shapes " + to_string(a.shape()) + " and " + to_string(b.shape()) +
                     " do not match: the points must have equal dimensions");
  }
  const Shape shape{m, n};
  Buffer values(shape.count());
  const double* const first = a.data();
  const double* const second = b.data();
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) values[i * n + j] = distance(first + i * d, second + j * d, d);
  }
  return record("pairwise_distances", shape, values,
                Input{a, [a, b](const Tensor& y,
                                const Tensor& dy) { return weighted_differences(dy * safe_reciprocal(y), a, b); }},
                Input{b, [a, b](const Tensor& y, const Tensor& dy) {
                        return weighted_differences(transpose(dy * safe_reciprocal(y)), b, a);
                      }});
}

Tensor pairwise_distances(const Tensor& x) {
  check_points(x);
  const std::size_t n = x.shape()[0], d = x.shape()[1];
  const std::size_t pairs = pair_count(n);
  Buffer values(pairs);
  const double* const points = x.data();
  double* out = values.data();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) *out++ = distance(points + i * d, points + j * d, d);
  }
  return record("pairwise_distances", {pairs}, values,
                Input{x, [x, n, pairs](const Tensor& y, const Tensor& dy) {
                        const Tensor w = reshape(dy * safe_reciprocal(y), {pairs, 1});
                        return scatter_pairs(w * pair_differences(x), n);
                      }});
}

}  // namespace adatom
