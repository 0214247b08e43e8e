#include "optim/superposition.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "core/error.hpp"

namespace adatom {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The unit vector of the largest eigenvalue of a symmetric 4 × 4 matrix, by Jacobi rotations.
std::array<double, 4> dominant_eigenvector(std::array<std::array<double, 4>, 4> m) {
  std::array<std::array<double, 4>, 4> vectors{};  // columns
  for (std::size_t k = 0; k < 4; ++k) vectors[k][k] = 1.0;
  for (int sweep = 0; sweep < 50; ++sweep) {
    double off = 0.0, on = 0.0;
    for (std::size_t p = 0; p < 4; ++p) {
      on += m[p][p] * m[p][p];
      for (std::size_t q = p + 1; q < 4; ++q) off += m[p][q] * m[p][q];
    }
    if (off <= 1e-32 * on) break;
    for (std::size_t p = 0; p < 4; ++p) {
      for (std::size_t q = p + 1; q < 4; ++q) {
        if (m[p][q] == 0.0) continue;
        const double theta = 0.5 * (m[q][q] - m[p][p]) / m[p][q];
        const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
        const double c = 1.0 / std::sqrt(t * t + 1.0), s = t * c;
        for (std::size_t k = 0; k < 4; ++k) {
          const double kp = m[k][p], kq = m[k][q];
          m[k][p] = c * kp - s * kq, m[k][q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < 4; ++k) {
          const double pk = m[p][k], qk = m[q][k];
          m[p][k] = c * pk - s * qk, m[q][k] = s * pk + c * qk;
          const double vp = vectors[k][p], vq = vectors[k][q];
          vectors[k][p] = c * vp - s * vq, vectors[k][q] = s * vp + c * vq;
        }
      }
    }
  }
  std::size_t best = 0;
  for (std::size_t k = 1; k < 4; ++k) {
    if (m[k][k] > m[best][best]) best = k;
  }
  return {vectors[0][best], vectors[1][best], vectors[2][best], vectors[3][best]};
}

/// The rotation that brings b closest to a, both about their origins (Horn's equations).
Matrix3 best_rotation(std::span<const Vector3> a, std::span<const Vector3> b) {
  double s[3][3] = {};  // s[i][j] = Σ b_i a_j
  for (std::size_t n = 0; n < a.size(); ++n) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) s[i][j] += b[n][i] * a[n][j];
    }
  }
  const auto [w, x, y, z] =
      dominant_eigenvector({{{s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]},
                             {s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]},
                             {s[2][0] - s[0][2], s[0][1] + s[1][0], s[1][1] - s[0][0] - s[2][2], s[1][2] + s[2][1]},
                             {s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], s[2][2] - s[0][0] - s[1][1]}}});
  return {{{w * w + x * x - y * y - z * z, 2 * (x * y - w * z), 2 * (x * z + w * y)},
           {2 * (x * y + w * z), w * w - x * x + y * y - z * z, 2 * (y * z - w * x)},
           {2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z}}};
}

}  // namespace

Vector3 middle(std::span<const Vector3> points) {
  Vector3 sum{};
  for (const Vector3& p : points) sum += p;
  return points.empty() ? sum : (1.0 / static_cast<double>(points.size())) * sum;
}

Superposition superpose(std::span<const Vector3> a, std::span<const Vector3> b, bool mirror) {
  if (a.size() != b.size()) {
    throw ShapeError("superpose: " + std::to_string(a.size()) + " points and " + std::to_string(b.size()) +
                     "; their numbers must be equal");
  }
  const double sign = mirror ? -1.0 : 1.0;
  const Vector3 center_a = middle(a), center_b = middle(b);
  std::vector<Vector3> x(a.begin(), a.end()), y(b.begin(), b.end());
  for (Vector3& v : x) v -= center_a;
  for (Vector3& v : y) v = sign * (v - center_b);
  Superposition s;
  s.mirrored = mirror;
  s.partner.resize(a.size());
  std::iota(s.partner.begin(), s.partner.end(), std::size_t{0});
  s.rotation = best_rotation(x, y);
  for (Vector3& row : s.rotation) row = sign * row;
  s.shift = center_a - product(s.rotation, center_b);
  double sum = 0.0, largest = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const Vector3 d = product(s.rotation, b[k]) + s.shift - a[k];
    sum += dot(d, d);
    largest = std::max(largest, norm(d));
  }
  s.rms = a.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(a.size()));
  s.largest = largest;
  return s;
}

std::vector<std::size_t> assign(std::span<const double> cost, std::size_t n) {
  if (cost.size() != n * n) {
    throw ShapeError("assign: " + std::to_string(cost.size()) + " costs for " + std::to_string(n) +
                     " rows and columns");
  }
  // Row by row, the shortest augmenting path in reduced costs cost − u_row − v_column. Column n is the free place where
  // each path begins.
  std::vector<double> u(n + 1), v(n + 1), least(n + 1);
  std::vector<std::size_t> row_of(n + 1, n), previous(n + 1);
  std::vector<char> done(n + 1);
  for (std::size_t row = 0; row < n; ++row) {
    std::ranges::fill(least, infinity);
    std::ranges::fill(done, false);
    row_of[n] = row;
    std::size_t column = n;
    do {
      done[column] = true;
      const std::size_t r = row_of[column];
      std::size_t next = n;
      double delta = infinity;
      for (std::size_t c = 0; c < n; ++c) {
        if (done[c]) continue;
        const double reduced = cost[r * n + c] - u[r] - v[c];
        if (reduced < least[c]) least[c] = reduced, previous[c] = column;
        if (least[c] < delta) delta = least[c], next = c;
      }
      if (next == n) throw NumericalError("assign: a cost is not a finite number");
      for (std::size_t c = 0; c <= n; ++c) {
        if (done[c]) {
          u[row_of[c]] += delta, v[c] -= delta;
        } else {
          least[c] -= delta;
        }
      }
      column = next;
    } while (row_of[column] != n);
    for (; column != n; column = previous[column]) row_of[column] = row_of[previous[column]];
    row_of[n] = n;
  }
  std::vector<std::size_t> result(n);
  for (std::size_t c = 0; c < n; ++c) result[row_of[c]] = c;
  return result;
}

}  // namespace adatom
