#include "atoms/cell.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "atoms/matrix3.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

constexpr const char* vector_names[] = {"a", "b", "c"};

/// Vectors count as parallel when the sine of the angle they leave is below this; fractional coordinates would have
/// lost half of their digits by then.
constexpr double smallest_sine = 1e-8;

/// Vectors as long as 1e160 would overflow in products, so directions are taken from scaled copies.
Vector3 direction_of(const Vector3& a) {
  const double largest = std::max({std::abs(a[0]), std::abs(a[1]), std::abs(a[2])});
  const Vector3 scaled{a[0] / largest, a[1] / largest, a[2] / largest};
  return (1.0 / norm(scaled)) * scaled;
}

bool is_zero(const Vector3& a) { return a[0] == 0.0 && a[1] == 0.0 && a[2] == 0.0; }

/// A unit vector at right angles to `a`, which is a unit vector itself.
Vector3 perpendicular(const Vector3& a) {
  std::size_t smallest = 0;
  for (std::size_t k = 1; k < 3; ++k) {
    if (std::abs(a[k]) < std::abs(a[smallest])) smallest = k;
  }
  Vector3 axis{};
  axis[smallest] = 1.0;
  return direction_of(cross(a, axis));
}

}  // namespace

Cell orthorhombic(double a, double b, double c) { return {{{{a, 0.0, 0.0}, {0.0, b, 0.0}, {0.0, 0.0, c}}}}; }

double determinant(const Cell& cell) { return determinant(cell.vectors); }

double volume(const Cell& cell) { return std::abs(determinant(cell)); }

Cell reciprocal(const Cell& cell) {
  const double signed_volume = determinant(cell);
  if (signed_volume == 0.0 || !std::isfinite(signed_volume)) {
    throw InputError("the cell has no volume: its three vectors must be non-zero and not lie in one plane");
  }
  Cell result;
  for (std::size_t k = 0; k < 3; ++k) result[k] = (1.0 / signed_volume) * cross(cell[(k + 1) % 3], cell[(k + 2) % 3]);
  return result;
}

Vector3 heights(const Cell& cell) {
  const Cell star = reciprocal(cell);
  return {1.0 / norm(star[0]), 1.0 / norm(star[1]), 1.0 / norm(star[2])};
}

Vector3 fractional(const Cell& cell, const Vector3& position) {
  const Cell star = reciprocal(cell);
  return {dot(position, star[0]), dot(position, star[1]), dot(position, star[2])};
}

Vector3 cartesian(const Cell& cell, const Vector3& s) { return s[0] * cell[0] + s[1] * cell[1] + s[2] * cell[2]; }

double skewness(const Cell& cell) { return norm(cell[0]) * norm(cell[1]) * norm(cell[2]) / volume(cell); }

void require_periodic(const Cell& cell, const std::array<bool, 3>& pbc) {
  std::array<Vector3, 3> directions;
  for (std::size_t k = 0; k < 3; ++k) {
    if (!pbc[k]) continue;
    const std::string name = vector_names[k];
    if (is_zero(cell[k])) {
      throw InputError("periodic along " + name + " but " + name + " = (0,0,0): give a cell vector or switch pbc off");
    }
    for (const double x : cell[k]) {
      // The limits keep volumes and reciprocal vectors inside the range of a double.
      if (!(std::abs(x) <= 1e15)) throw InputError("cell vector " + name + " must be finite and at most 1e15 Å long");
    }
    if (norm(cell[k]) < 1e-15) throw InputError("cell vector " + name + " is shorter than 1e-15 Å");
    directions[k] = direction_of(cell[k]);
  }
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t l = k + 1; l < 3; ++l) {
      if (!pbc[k] || !pbc[l]) continue;
      if (norm(cross(directions[k], directions[l])) < smallest_sine) {
        throw InputError(std::string("cell volume is 0 but pbc is T along ") + vector_names[k] + " and " +
                         vector_names[l] + ": these vectors are parallel");
      }
    }
  }
  if (pbc[0] && pbc[1] && pbc[2] && std::abs(dot(directions[0], cross(directions[1], directions[2]))) < smallest_sine) {
    throw InputError("cell volume is 0 but pbc is T along a, b and c: these vectors lie in one plane");
  }
}

Cell completed(const Cell& cell, const std::array<bool, 3>& pbc) {
  require_periodic(cell, pbc);
  Cell result = orthorhombic(1.0, 1.0, 1.0);
  const int periodic = pbc[0] + pbc[1] + pbc[2];
  for (std::size_t k = 0; k < 3; ++k) {
    const std::size_t next = (k + 1) % 3, last = (k + 2) % 3;
    if (pbc[k]) result[k] = cell[k];
    if (periodic == 1 && pbc[k]) {
      result[next] = perpendicular(direction_of(cell[k]));
      result[last] = direction_of(cross(direction_of(cell[k]), result[next]));
    }
    if (periodic == 2 && !pbc[k]) {
      result[k] = direction_of(cross(direction_of(cell[next]), direction_of(cell[last])));
    }
  }
  return result;
}

}  // namespace adatom
