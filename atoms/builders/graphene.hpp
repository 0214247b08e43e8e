// What this file is: graphene and other honeycomb sheets.
#pragma once

#include <array>
#include <string_view>

#include "atoms/atoms.hpp"

namespace adatom {

struct GrapheneOptions {
  std::array<int, 2> size{1, 1};    ///< repetitions of the cell along its two vectors
  double vacuum = 10.0;             ///< on each side of the sheet, Angstrom
  std::string_view formula = "C2";  ///< the two atoms of the cell; "BN" gives boron nitride
  double a = 2.46;                  ///< lattice constant, Angstrom; the bond is a/sqrt(3)
  bool orthogonal = false;          ///< a rectangular cell, a × sqrt(3) a, with 4 atoms
};

/// A flat sheet, z = vacuum, periodic along its two directions (at 120 degrees unless orthogonal); pbc T T F.
/// a = 2.46 Angstrom is graphite's: A. H. Castro Neto et al., Rev. Mod. Phys. 81, 109 (2009).
///
///   Atoms sheet = graphene({.size = {4, 4}, .vacuum = 8.0});
///
/// Throws InputError for sizes below 1, lengths out of range and formulas without exactly two atoms.
Atoms graphene(const GrapheneOptions& options = {});

}  // namespace adatom
