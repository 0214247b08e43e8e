// What this file is: small molecules by name. The geometries are in molecules_table_*.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// One molecule that can be built.
struct KnownMolecule {
  std::string_view name;         ///< mostly the formula: "H2O", "CH3CH2OH", "C60"
  std::string_view common_name;  ///< "water", "ethanol"; what follows a comma tells isomers and states apart
  std::string_view source;       ///< where its geometry is from
};

/// All of them, in the order of the tables.
std::vector<KnownMolecule> known_molecules();

/// The molecule of this name, without a cell, in the orientation of its source; a chemical symbol gives that atom, at
/// the origin. Common names serve too ("water", in any case of letters, with or without what follows the comma).
///
/// Geometries: 148 molecules and radicals of the G2/97 set (MP2(full)/6-31G* optimised, C1 … C6 with H, N, O, F, Si, P,
/// S, Cl and some metals; ASE has the same, with the same names), then experimental ones of heavier diatomic molecules
/// and C60. Throws InputError "unknown molecule 'H20'; did you mean 'H2O'?", and where a common name is not enough.
Atoms molecule(std::string_view name);

}  // namespace adatom
