#include "atoms/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numbers>
#include <string>

#include "atoms/elements.hpp"
#include "atoms/neighbors.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr double degrees_per_radian = 180.0 / std::numbers::pi;

/// Integer combinations of lattice vectors; kept as integers so that a long reduction loses no digits.
struct Combination {
  std::array<double, 3> counts{};
  Vector3 vector{};
};

Combination add(const Combination& a, double times, const Combination& b, const Cell& cell) {
  Combination result;
  for (std::size_t k = 0; k < 3; ++k) result.counts[k] = a.counts[k] + times * b.counts[k];
  result.vector = cartesian(cell, result.counts);
  return result;
}

/// Shortens `longest` by multiples of the others; false when nothing helps. A reduction of less than 1e-12 is rounding.
bool shorten(Combination& longest, const std::vector<Combination>& others, const Cell& cell) {
  const double before = dot(longest.vector, longest.vector);
  Combination best = longest;
  const auto consider = [&](const Combination& candidate) {
    if (dot(candidate.vector, candidate.vector) < dot(best.vector, best.vector)) best = candidate;
  };
  for (const Combination& other : others) {
    const double times = std::round(dot(longest.vector, other.vector) / dot(other.vector, other.vector));
    consider(add(longest, -times, other, cell));
  }
  if (others.size() == 2) {
    for (const double s : {-1.0, 1.0}) {
      for (const double t : {-1.0, 1.0}) consider(add(add(longest, s, others[0], cell), t, others[1], cell));
    }
  }
  if (dot(best.vector, best.vector) >= before * (1.0 - 1e-12)) return false;
  longest = best;
  return true;
}

/// The shortest vectors that span the lattice of the periodic directions, shortest first.
std::vector<Vector3> reduced(const Cell& cell, const std::array<bool, 3>& pbc) {
  std::vector<Combination> vectors;
  for (std::size_t k = 0; k < 3; ++k) {
    if (!pbc[k]) continue;
    vectors.push_back({.counts = {}, .vector = cell[k]});
    vectors.back().counts[k] = 1.0;
  }
  bool again = true;
  while (again) {
    again = false;
    std::ranges::sort(vectors, {}, [](const Combination& c) { return dot(c.vector, c.vector); });
    // From the longest down, the first that can be shortened; the shortest cannot be.
    for (std::size_t n = vectors.size(); n-- > 1 && !again;) {
      const std::vector<Combination> shorter(vectors.begin(), vectors.begin() + static_cast<std::ptrdiff_t>(n));
      again = shorten(vectors[n], shorter, cell);
    }
  }
  std::vector<Vector3> result;
  for (const Combination& one : vectors) result.push_back(one.vector);
  return result;
}

void check_atoms(const Atoms& atoms, std::initializer_list<std::size_t> indices) {
  for (const std::size_t i : indices) {
    if (i < std::min(atoms.numbers.size(), atoms.positions.size())) continue;
    throw InputError("atom index " + std::to_string(i) + " is out of range; the structure has " +
                     std::to_string(atoms.size()) + " atoms, counted from 0");
  }
}

/// Angle between two vectors; the arc tangent keeps its digits near 0 and 180 degrees, the arc cosine does not.
double angle_between(const Vector3& a, const Vector3& b) {
  return std::atan2(norm(cross(a, b)), dot(a, b)) * degrees_per_radian;
}

}  // namespace

MinimumImage::MinimumImage(const Cell& cell, const std::array<bool, 3>& pbc) {
  require_periodic(cell, pbc);
  for (const Vector3& vector : reduced(cell, pbc)) {
    Vector3 rest = vector;
    for (std::size_t k = 0; k < dimensions_; ++k) rest -= dot(rest, orthogonal_[k]) / squares_[k] * orthogonal_[k];
    vectors_[dimensions_] = vector;
    orthogonal_[dimensions_] = rest;
    squares_[dimensions_] = dot(rest, rest);
    ++dimensions_;
  }
  // Two lattice points are at least the shortest lattice vector apart, so nothing within half of it has a rival.
  free_ = dimensions_ == 0 ? std::numeric_limits<double>::infinity() : 0.25 * squares_[0];
}

/// The search for the shortest image: best so far, and how to go through the lattice.
struct MinimumImage::Search {
  const MinimumImage& lattice;
  Vector3 best{};
  double square = std::numeric_limits<double>::infinity();

  /// Tries every multiple of the first `dimensions` lattice vectors on top of `image`. `away` is the square of the
  /// distance from the origin to the plane (row, point) in which they move it: nothing there is shorter.
  void run(std::size_t dimensions, const Vector3& image, double away) {
    if (dimensions == 0) {
      if (dot(image, image) < square) {
        best = image;
        square = dot(image, image);
      }
      return;
    }
    const std::size_t k = dimensions - 1;
    const double along = dot(image, lattice.orthogonal_[k]) / lattice.squares_[k];
    const double nearest = -std::round(along);
    for (double step = 0.0;; ++step) {
      bool any = false;
      for (const double n : {nearest + step, nearest - step}) {
        const double distance_squared = away + (along + n) * (along + n) * lattice.squares_[k];
        if (!(distance_squared < square)) continue;  // NaN too
        any = true;
        run(k, image + n * lattice.vectors_[k], distance_squared);
        if (step == 0.0) break;
      }
      if (!any) return;
    }
  }
};

Vector3 MinimumImage::operator()(const Vector3& vector) const {
  if (dot(vector, vector) <= free_) return vector;
  Vector3 perpendicular = vector;
  for (std::size_t k = 0; k < dimensions_; ++k) {
    perpendicular -= dot(vector, orthogonal_[k]) / squares_[k] * orthogonal_[k];
  }
  Search search{*this};
  search.run(dimensions_, vector, dimensions_ == 3 ? 0.0 : dot(perpendicular, perpendicular));
  // Where rounding leaves nothing (a vector out of the periodic directions), the vector itself is the shortest.
  return std::isfinite(search.square) ? search.best : vector;
}

Vector3 displacement(const Atoms& atoms, std::size_t i, std::size_t j) {
  check_atoms(atoms, {i, j});
  return MinimumImage(atoms)(atoms.positions[j] - atoms.positions[i]);
}

double distance(const Atoms& atoms, std::size_t i, std::size_t j) { return norm(displacement(atoms, i, j)); }

std::vector<double> distances(const Atoms& atoms) {
  validate(atoms);
  const std::size_t n = atoms.size();
  if (n > 20000) {
    throw InputError("distances of " + std::to_string(n) +
                     " atoms would be too large a table; at most 20000 atoms: use neighbor_list");
  }
  const MinimumImage shortest(atoms);
  std::vector<double> result(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double r = norm(shortest(atoms.positions[j] - atoms.positions[i]));
      result[i * n + j] = result[j * n + i] = r;
    }
  }
  return result;
}

double angle(const Atoms& atoms, std::size_t i, std::size_t j, std::size_t k) {
  check_atoms(atoms, {i, j, k});
  const MinimumImage shortest(atoms);
  const Vector3 a = shortest(atoms.positions[i] - atoms.positions[j]);
  const Vector3 b = shortest(atoms.positions[k] - atoms.positions[j]);
  if (norm(a) == 0.0 || norm(b) == 0.0) {
    throw InputError("no angle: atoms " + std::to_string(norm(a) == 0.0 ? i : k) + " and " + std::to_string(j) +
                     " are at the same place");
  }
  return angle_between(a, b);
}

double dihedral(const Atoms& atoms, std::size_t i, std::size_t j, std::size_t k, std::size_t l) {
  check_atoms(atoms, {i, j, k, l});
  const MinimumImage shortest(atoms);
  const Vector3 first = shortest(atoms.positions[j] - atoms.positions[i]);
  const Vector3 axis = shortest(atoms.positions[k] - atoms.positions[j]);
  const Vector3 last = shortest(atoms.positions[l] - atoms.positions[k]);
  const Vector3 m = cross(first, axis), n = cross(axis, last);
  // The sine of the angle between two bonds below 1e-8 is rounding: there is no plane.
  const auto on_a_line = [](const Vector3& a, const Vector3& b) {
    return !(norm(cross(a, b)) > 1e-8 * norm(a) * norm(b));
  };
  if (on_a_line(first, axis) || on_a_line(axis, last)) {
    const bool start = on_a_line(first, axis);
    throw InputError("no dihedral angle: atoms " + std::to_string(start ? i : j) + ", " +
                     std::to_string(start ? j : k) + " and " + std::to_string(start ? k : l) + " lie on a line");
  }
  const double phi = std::atan2(norm(axis) * dot(first, n), dot(m, n)) * degrees_per_radian;
  return phi <= -180.0 ? 180.0 : phi;
}

std::vector<std::size_t> coordination_numbers(const Atoms& atoms, double cutoff) {
  const NeighborList list = neighbor_list(atoms, cutoff);
  std::vector<std::size_t> result(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) result[i] = list.offsets[i + 1] - list.offsets[i];
  return result;
}

std::vector<std::size_t> coordination_numbers(const Atoms& atoms, const BondOptions& options) {
  if (!(options.scale > 0.0 && options.scale <= 10.0)) {
    throw InputError("coordination numbers: scale must be between 0 and 10, found " + number_text(options.scale));
  }
  validate(atoms);
  std::vector<std::size_t> result(atoms.size(), 0);
  if (atoms.size() == 0) return result;
  std::vector<double> radii;
  radii.reserve(atoms.size());
  for (const int number : atoms.numbers) radii.push_back(options.scale * element(number).covalent_radius);
  const NeighborList list = neighbor_list(atoms, 2.0 * *std::ranges::max_element(radii));
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      if (norm(list.displacement[n]) < radii[i] + radii[list.index[n]]) ++result[i];
    }
  }
  return result;
}

}  // namespace adatom
