#include "atoms/builders/sphere.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "atoms/builders/limits.hpp"
#include "atoms/editing.hpp"
#include "atoms/geometry.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

void require_crystal(const std::string& builder, const Atoms& crystal) {
  validate(crystal);
  if (crystal.size() == 0) throw InputError(builder + ": the crystal has no atoms");
  if (!(crystal.pbc[0] && crystal.pbc[1] && crystal.pbc[2])) {
    throw InputError(builder + ": the crystal must be periodic along a, b and c");
  }
}

/// Calls visit(atom, position − center) for all images within `radius` of the center.
template <class Visit>
void for_each_within(const Atoms& crystal, const Vector3& center, double radius, Visit visit) {
  const Vector3 height = heights(crystal.cell);
  for (std::size_t i = 0; i < crystal.size(); ++i) {
    const Vector3 d = crystal.positions[i] - center, s = fractional(crystal.cell, d);
    std::array<long, 3> low{}, high{};
    for (std::size_t k = 0; k < 3; ++k) {
      low[k] = static_cast<long>(std::ceil(-radius / height[k] - s[k] - 1e-9));
      high[k] = static_cast<long>(std::floor(radius / height[k] - s[k] + 1e-9));
    }
    for (long a = low[0]; a <= high[0]; ++a) {
      for (long b = low[1]; b <= high[1]; ++b) {
        for (long c = low[2]; c <= high[2]; ++c) {
          const Vector3 r = d + cartesian(crystal.cell, {double(a), double(b), double(c)});
          if (dot(r, r) <= radius * radius) visit(i, r);
        }
      }
    }
  }
}

/// The centre of the sphere through the origin and three points; false when they lie in one plane with it.
bool circumcenter(const Vector3& a, const Vector3& b, const Vector3& c, Vector3& result) {
  const double volume = dot(a, cross(b, c));
  if (std::abs(volume) < 1e-9 * norm(a) * norm(b) * norm(c)) return false;
  result = (0.5 / volume) * (dot(a, a) * cross(b, c) + dot(b, b) * cross(c, a) + dot(c, c) * cross(a, b));
  return true;
}

/// The farthest corner of the Voronoi cell of an atom at the origin whose neighbours are `around`: the widest sphere
/// through it and three neighbours that has none inside.
Vector3 farthest_corner(const std::vector<Vector3>& around) {
  Vector3 farthest{};
  for (std::size_t a = 0; a < around.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      for (std::size_t c = 0; c < b; ++c) {
        Vector3 corner{};
        if (!circumcenter(around[a], around[b], around[c], corner)) continue;
        const double square = dot(corner, corner);
        if (square <= dot(farthest, farthest)) continue;
        // |r − corner|² ≥ |corner|², up to rounding
        const auto outside = [&](const Vector3& r) { return dot(r, r) - 2.0 * dot(r, corner) >= -1e-9 * square; };
        if (std::ranges::all_of(around, outside)) farthest = corner;
      }
    }
  }
  return farthest;
}

/// The same for atom i of a crystal: surroundings grow until they must hold all that bounds the cell.
Vector3 farthest_corner(const Atoms& crystal, std::size_t i) {
  double radius = 1.5 * std::cbrt(volume(crystal.cell) / double(crystal.size()));
  for (;;) {
    std::vector<Vector3> around;
    for_each_within(crystal, crystal.positions[i], radius, [&](std::size_t, const Vector3& r) {
      if (dot(r, r) > 1e-12) around.push_back(r);
    });
    // The atom's own images enclose it in any case.
    for (const Vector3& v : crystal.cell.vectors) {
      if (norm(v) <= radius) continue;
      around.push_back(v);
      around.push_back(-v);
    }
    const Vector3 corner = farthest_corner(around);
    if (2.0 * norm(corner) <= radius) return corner;
    radius *= 1.25;
  }
}

}  // namespace

Atoms sphere(const Atoms& crystal, double radius, const Vector3& center) {
  require_crystal("sphere", crystal);
  builders::require_length("sphere", "radius", radius);
  for (const double x : center) {
    if (!(std::abs(x) <= largest_coordinate)) {
      throw InputError("sphere: center must be finite and at most 1e15 Å, found " + number_text(x));
    }
  }
  const double expected =
      4.0 / 3.0 * std::numbers::pi * radius * radius * radius * double(crystal.size()) / volume(crystal.cell);
  if (expected > builders::most_atoms) {
    throw InputError("sphere: radius " + number_text(radius) + " would make about " + short_number_text(expected) +
                     " atoms; at most 100 million are built");
  }
  Atoms ball;
  std::vector<double> keys;
  // Atoms on the surface belong to it, whatever the rounding.
  for_each_within(crystal, center, radius + 1e-9, [&](std::size_t i, const Vector3& r) {
    ball.numbers.push_back(crystal.numbers[i]);
    ball.positions.push_back(r);
    keys.push_back(std::round(norm(r) * 1e8));  // shells stay together
  });
  return sorted(ball, keys);
}

Vector3 largest_hole(const Atoms& crystal) {
  require_crystal("largest hole", crystal);
  if (crystal.size() > 200) {
    throw InputError("largest hole: the crystal must have at most 200 atoms, found " + std::to_string(crystal.size()) +
                     "; give its unit cell");
  }
  // A hole is a corner of the Voronoi cells around it.
  double widest = 0.0, nearest = 0.0;
  Vector3 hole{};
  const MinimumImage shortest(crystal);
  for (std::size_t i = 0; i < crystal.size(); ++i) {
    const Vector3 corner = farthest_corner(crystal, i);
    const Vector3 place = shortest(crystal.positions[i] + corner);
    const double radius = norm(corner), distance = norm(place);
    const bool wider = radius > widest * (1.0 + 1e-9);
    if (!wider && !(radius > widest * (1.0 - 1e-9) && distance < nearest)) continue;
    widest = radius;
    nearest = distance;
    hole = place;
  }
  return hole;
}

}  // namespace adatom
