// What this file is: measures of a structure: distances and angles through the periodic boundaries, coordination
// numbers. Everything takes the nearest periodic image; exact for cells of any shape.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// Finds the shortest of a vector's periodic images. Keep one for many vectors in the same cell.
///
/// The shortest image is not always the one whose fractional coordinates lie in [−1/2, 1/2): in a skewed cell that one
/// can be far too long. So the lattice vectors are first replaced by the shortest ones that span the same lattice
/// (Minkowski reduction; Semaev, Lect. Notes Comput. Sci. 2146, 181 (2001)). Then the lattice is searched plane by
/// plane and row by row, nearest first, until what is left is too far away (Schnorr & Euchner, Math. Program. 66, 181
/// (1994)): exact, and short because the vectors are.
class MinimumImage {
 public:
  /// Throws InputError when the vectors of periodic directions span no lattice.
  MinimumImage(const Cell& cell, const std::array<bool, 3>& pbc);
  explicit MinimumImage(const Atoms& atoms) : MinimumImage(atoms.cell, atoms.pbc) {}

  /// The shortest image of this vector, Angstrom; of several equally short ones, any.
  Vector3 operator()(const Vector3& vector) const;

 private:
  struct Search;
  std::size_t dimensions_ = 0;           ///< of the lattice
  std::array<Vector3, 3> vectors_{};     ///< reduced, shortest first
  std::array<Vector3, 3> orthogonal_{};  ///< each without its components along the earlier ones (Gram–Schmidt)
  std::array<double, 3> squares_{};      ///< of the lengths of orthogonal_
  double free_ = 0.0;                    ///< a vector whose square is at most this is its own shortest image
};

/// From atom i to the nearest image of atom j, Angstrom. Throws InputError for an index out of range.
Vector3 displacement(const Atoms& atoms, std::size_t i, std::size_t j);

/// Its length, Angstrom. 0 for i = j.
double distance(const Atoms& atoms, std::size_t i, std::size_t j);

/// All of them, N×N, rows first. O(N²) memory: throws InputError beyond 20000 atoms; ask the neighbour list then.
std::vector<double> distances(const Atoms& atoms);

/// The angle at j between the nearest images of i and k, degrees, 0 … 180. Throws InputError for an index out of range
/// and for atoms at the same place.
double angle(const Atoms& atoms, std::size_t i, std::size_t j, std::size_t k);

/// The angle between the planes (i, j, k) and (j, k, l), degrees, −180 < φ ≤ 180, following the bonds i–j–k–l; seen
/// along j → k, positive when l is clockwise from i, 0 for cis (IUPAC). ASE gives the same modulo 360.
/// Throws InputError for an index out of range and where i, j, k or j, k, l lie on a line.
double dihedral(const Atoms& atoms, std::size_t i, std::size_t j, std::size_t k, std::size_t l);

/// How many atoms (periodic images count each) are closer than `cutoff` Angstrom to each atom, N.
std::vector<std::size_t> coordination_numbers(const Atoms& atoms, double cutoff);

struct BondOptions {
  /// Atoms are bonded when closer than this times the sum of their covalent radii. 1.2 tells first from second
  /// neighbours in molecules and close-packed metals.
  double scale = 1.2;
};

/// Bonded neighbours of each atom by covalent radii (Cordero et al., Dalton Trans. 2832 (2008)), N.
/// Throws InputError for a scale that is not between 0 and 10.
std::vector<std::size_t> coordination_numbers(const Atoms& atoms, const BondOptions& options = {});

}  // namespace adatom
