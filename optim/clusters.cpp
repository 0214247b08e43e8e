#include "optim/clusters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace adatom {
namespace {

double squared_distance(const Vector3& a, const Vector3& b) {
  const Vector3 d = b - a;
  return dot(d, d);
}

}  // namespace

double median_bond_length(std::span<const Vector3> positions) {
  const std::size_t n = positions.size();
  if (n < 2) return std::numeric_limits<double>::infinity();
  std::vector<double> nearest(n, std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const double q = squared_distance(positions[i], positions[j]);
      nearest[i] = std::min(nearest[i], q);
      nearest[j] = std::min(nearest[j], q);
    }
  }
  std::nth_element(nearest.begin(), nearest.begin() + n / 2, nearest.end());
  return std::sqrt(nearest[n / 2]);
}

std::vector<std::size_t> pieces(std::span<const Vector3> positions, double link) {
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> piece(positions.size(), none), reached;
  std::size_t count = 0;
  for (std::size_t seed = 0; seed < positions.size(); ++seed) {
    if (piece[seed] != none) continue;
    piece[seed] = count;
    reached.assign(1, seed);
    while (!reached.empty()) {
      const std::size_t i = reached.back();
      reached.pop_back();
      for (std::size_t j = 0; j < positions.size(); ++j) {
        if (piece[j] != none || !(squared_distance(positions[i], positions[j]) < link * link)) continue;
        piece[j] = count;
        reached.push_back(j);
      }
    }
    ++count;
  }
  return piece;
}

bool push_together(std::span<Vector3> positions, double link, double bond_length) {
  const std::vector<std::size_t> piece = pieces(positions, link);
  const std::size_t count = positions.empty() ? 0 : 1 + *std::max_element(piece.begin(), piece.end());
  if (count < 2) return false;
  std::vector<std::size_t> sizes(count);
  for (const std::size_t p : piece) ++sizes[p];
  const std::size_t largest = std::max_element(sizes.begin(), sizes.end()) - sizes.begin();

  for (std::size_t p = 0; p < count; ++p) {
    if (p == largest) continue;
    Vector3 gap{};
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < positions.size(); ++i) {
      for (std::size_t j = 0; j < positions.size(); ++j) {
        if (piece[i] != p || piece[j] != largest) continue;
        const double q = squared_distance(positions[i], positions[j]);
        if (q < least) least = q, gap = positions[j] - positions[i];
      }
    }
    const double length = std::sqrt(least);
    if (!(length > bond_length)) continue;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      if (piece[i] == p) positions[i] += (1.0 - bond_length / length) * gap;
    }
  }
  return true;
}

void place_on_surface(std::span<Vector3> positions, std::span<const std::size_t> chosen, double bond_length,
                      Random& random) {
  const std::size_t n = positions.size();
  std::vector<bool> waiting(n, false);
  for (const std::size_t i : chosen) waiting[i] = true;
  const auto staying = static_cast<double>(std::count(waiting.begin(), waiting.end(), false));
  if (staying == 0.0) return;
  Vector3 middle{};
  for (std::size_t i = 0; i < n; ++i) {
    if (!waiting[i]) middle += (1.0 / staying) * positions[i];
  }
  for (const std::size_t i : chosen) {
    const Vector3 direction = random.direction();
    // Along the ray from the middle, the farthest point that is one bond from any of the atoms already there.
    double farthest = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      if (waiting[j]) continue;
      const Vector3 d = positions[j] - middle;
      const double along = dot(d, direction), q = dot(d, d) - along * along;
      if (q < bond_length * bond_length)
        farthest = std::max(farthest, along + std::sqrt(bond_length * bond_length - q));
    }
    positions[i] = middle + farthest * direction;
    waiting[i] = false;
  }
}

void move_to_surface(std::span<Vector3> positions, std::size_t count, double bond_length, Random& random) {
  constexpr double neighbor_factor = 1.4;
  const std::size_t n = positions.size();
  count = std::min(count, n / 2);
  const double limit = neighbor_factor * bond_length;
  std::vector<std::size_t> neighbors(n), order(n);
  for (std::size_t i = 0; i < n; ++i) {
    order[i] = i;
    for (std::size_t j = 0; j < i; ++j) {
      if (squared_distance(positions[i], positions[j]) < limit * limit) ++neighbors[i], ++neighbors[j];
    }
  }
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](std::size_t a, std::size_t b) { return neighbors[a] != neighbors[b] ? neighbors[a] < neighbors[b] : a < b; });
  place_on_surface(positions, std::span(order).first(count), bond_length, random);
}

std::vector<Vector3> random_cluster_positions(std::size_t n, double bond_length, Random& random) {
  constexpr double density = 0.5, closest = 0.7;
  double radius = bond_length * std::cbrt(3.0 * static_cast<double>(n) / (4.0 * std::numbers::pi * density));
  std::vector<Vector3> points;
  for (std::size_t tries = 0; points.size() < n; ++tries) {
    if (tries == 1000 * n) tries = 0, radius *= 1.1;  // the sphere has no room left
    const Vector3 p{random.uniform(-radius, radius), random.uniform(-radius, radius), random.uniform(-radius, radius)};
    if (dot(p, p) > radius * radius) continue;
    const double q = closest * closest * bond_length * bond_length;
    if (std::all_of(points.begin(), points.end(), [&](const Vector3& o) { return squared_distance(p, o) > q; })) {
      points.push_back(p);
    }
  }
  return points;
}

}  // namespace adatom
