// What this file is: the form of the molecules' tables. Internal to atoms/builders/molecules*.cpp.
#pragma once

#include <span>
#include <string_view>

namespace adatom::builders {

/// A molecule with all its atoms: "O 0 0 .119262  H 0 .763239 -.477047 …", coordinates in Angstrom.
struct MoleculeRow {
  std::string_view name, common_name, atoms;
};

/// Geometries of the G2/97 test set, MP2(full)/6-31G*.
constexpr std::string_view g2_source =
    "MP2(full)/6-31G*: L. A. Curtiss, K. Raghavachari, P. C. Redfern, J. A. Pople, J. Chem. Phys. 106, 1063 (1997)";
std::span<const MoleculeRow> g2_small_molecules();   ///< G2-1: one or two heavy atoms
std::span<const MoleculeRow> g2_larger_molecules();  ///< G2-2: up to six heavy atoms

/// Two atoms at their equilibrium distance, Angstrom.
struct DiatomicRow {
  std::string_view name, common_name, first, second;
  double distance;
};

constexpr std::string_view diatomic_source =
    "experiment, r_e: K. P. Huber, G. Herzberg, Molecular Spectra and Molecular Structure IV: Constants of Diatomic "
    "Molecules (1979); NIST Chemistry WebBook";
std::span<const DiatomicRow> diatomic_molecules();

}  // namespace adatom::builders
