// What this file is: what the two neighbour lists share, so that they agree to the last bit: the arithmetic of one
// displacement, the test against the cutoff, and the check of the input. Internal to atoms/neighbors*.cpp.
#pragma once

#include <array>
#include <cmath>
#include <limits>

#include "atoms/atoms.hpp"

namespace adatom::neighbor_pairs {

/// Geometry of the search. Directions that are not periodic have unit vectors at right angles (see completed).
struct Lattice {
  Cell reciprocal;    ///< of the completed cell
  Vector3 heights{};  ///< of the completed cell, Angstrom
  /// The cutoff plus a generous bound for the rounding errors of distances and of fractional coordinates times
  /// heights: nothing within the cutoff can seem to be farther than this.
  double reach = 0.0;
};

/// Checks structure and cutoff. Throws InputError as neighbor_list says.
Lattice prepare(const Atoms& atoms, double cutoff);

/// S·cell. Odd in S: the translations of S and −S are exactly opposite.
inline Vector3 translation(const Cell& cell, const std::array<int, 3>& shift) {
  Vector3 t{};
  for (std::size_t k = 0; k < 3; ++k) {
    t[k] = shift[0] * cell[0][k] + shift[1] * cell[1][k] + shift[2] * cell[2][k];
  }
  return t;
}

/// r_j + S·cell − r_i, in the order of operations that makes (i, j, S) and (j, i, −S) exactly opposite.
inline Vector3 displacement(const Vector3& r_i, const Vector3& r_j, const Vector3& translation) {
  return {(r_j[0] - r_i[0]) + translation[0], (r_j[1] - r_i[1]) + translation[1], (r_j[2] - r_i[2]) + translation[2]};
}

/// The smallest t with sqrt(t) ≥ cutoff, so that d² < t is the same as |d| < cutoff, also at the last bit.
double squared_cutoff(double cutoff);

}  // namespace adatom::neighbor_pairs
