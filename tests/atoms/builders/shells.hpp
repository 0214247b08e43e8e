// What this file is: pair-distance shells of a structure, and the reference structures' (tests/data/structures), which
// builders are compared with: how many pairs of which elements at which distance, whatever the order, origin and
// orientation of the atoms.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"

struct Shell {
  double distance = 0.0;  ///< Angstrom
  std::size_t pairs = 0;  ///< directed pairs i -> j, periodic images included; for two elements both directions
};

/// By element pair, symbols in alphabetical order: "Mg-O".
using Shells = std::map<std::string, std::vector<Shell>>;

/// All shells with distance < rmax, Angstrom; distances within 1e-6 are one shell. O(N) where cells are small.
Shells shells_of(const adatom::Atoms& atoms, double rmax);

/// Checks (Catch2) that the structure is the reference case of this name in index.json: number of atoms, formula, pbc,
/// edges, angles and volume of the cell where there is one, and all shells: counts exactly, distances to 1e-6 A.
void check_reference(const std::string& name, const adatom::Atoms& atoms);

/// Checks that two structures have the same shells below rmax once the counts are divided by the number of atoms: the
/// same crystal in other cells.
void check_same_crystal(const adatom::Atoms& a, const adatom::Atoms& b, double rmax);

/// Neighbours of each atom within `cutoff`, Angstrom, N.
std::vector<std::size_t> coordination_of(const adatom::Atoms& atoms, double cutoff);
