// What this file is: what atoms are not allowed to do: move at all, leave a plane, leave a line.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// The atom stays in the plane through its start, at right angles to `normal` (any length but 0).
struct PlaneConstraint {
  std::size_t atom = 0;
  Vector3 normal{0.0, 0.0, 1.0};
};

/// The atom stays on the line through its start along `direction` (any length but 0).
struct LineConstraint {
  std::size_t atom = 0;
  Vector3 direction{0.0, 0.0, 1.0};
};

struct Constraints {
  std::vector<std::size_t> fixed{};  ///< atoms that stay where they are
  std::vector<PlaneConstraint> planes{};
  std::vector<LineConstraint> lines{};
};

/// Constraints, checked and ready to be applied to the free atoms' coordinates, three for each.
class FreeDirections {
 public:
  /// Throws InputError for an invalid structure, for atoms that do not exist or are named twice, for normals and
  /// directions without a length, and when no atom can move, unless `none_is_fine`.
  FreeDirections(const Atoms& atoms, const Constraints& constraints, bool none_is_fine = false);

  /// The atoms that can move, ascending.
  std::span<const std::size_t> indices() const { return indices_; }
  /// Takes away what constraints forbid from a gradient or a displacement of the free atoms.
  void project(std::span<double> triples) const;
  /// Moves constrained atoms, which rounding errors may have carried off, back onto their planes and lines through
  /// start.
  void return_to_guides(const Atoms& start, Atoms& atoms) const;

 private:
  struct Guide {
    std::size_t place = 0;  // among the free atoms
    bool line = false;      // or plane
    Vector3 unit{};
    Vector3 allowed(const Vector3& v) const;
  };
  std::vector<std::size_t> indices_;
  std::vector<Guide> guides_;
};

}  // namespace adatom
