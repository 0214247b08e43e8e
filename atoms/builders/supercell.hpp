// What this file is: supercells by an integer matrix; for a diagonal one see repeated (atoms/atoms.hpp).
#pragma once

#include <array>

#include "atoms/atoms.hpp"

namespace adatom {

using IntegerMatrix = std::array<std::array<int, 3>, 3>;

/// The same crystal in the cell with the vectors A_i = sum_j matrix[i][j] a_j: |det matrix| times as many atoms, whole
/// copies of the first cell one after the other, each atom moved into the new cell along periodic directions. Lattice
/// points are found with integers, so none is lost to rounding.
///
///   supercell(bulk("Cu"), {{{-1, 1, 1}, {1, -1, 1}, {1, 1, -1}}});   // the cube of fcc, 4 atoms
///
/// Throws InputError for det = 0, entries beyond ±10000, more than 100 million atoms, and a matrix that mixes periodic
/// with other directions or changes a direction whose cell vector is zero.
Atoms supercell(const Atoms& atoms, const IntegerMatrix& matrix);

}  // namespace adatom
