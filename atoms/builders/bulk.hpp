// What this file is: bulk crystals, in their primitive, conventional or orthorhombic cells.
#pragma once

#include <optional>
#include <string_view>

#include "atoms/atoms.hpp"
#include "atoms/builders/crystal.hpp"

namespace adatom {

enum class Setting {
  primitive,     ///< the smallest cell
  conventional,  ///< the cell of the textbooks: a cube, or hexagonal for hcp and wurtzite
  cubic,         ///< the cube; refused for hcp and wurtzite
  orthorhombic,  ///< the smallest cell with right angles
};

std::string_view name(Setting setting);

/// The setting of that name. Throws InputError that lists the names.
Setting setting_named(std::string_view text);

struct BulkOptions {
  std::optional<Crystal> crystal{};  ///< default: the element's or compound's own, see known_crystal
  std::optional<double> a{};         ///< lattice constant, Angstrom; default: the known one
  std::optional<double> c{};         ///< hcp and wurtzite; default: the known c/a, else sqrt(8/3) a
  std::optional<double> u{};         ///< wurtzite: bond along c in units of c; default: all four bonds alike
  Setting setting = Setting::primitive;
};

/// One cell of a crystal, periodic in all directions, an atom at the origin. `formula` has one atom ("Cu") or, for
/// rocksalt and the crystals after it, two ("NaCl"). Atoms per cell (formula units in brackets for compounds):
///
///                     sc  fcc  bcc  hcp  diamond  rocksalt  zincblende  wurtzite  cesiumchloride
///   primitive          1    1    1    2        2     2 (1)       2 (1)     4 (2)           2 (1)
///   conventional       1    4    2    2        8     8 (4)       8 (4)     4 (2)           2 (1)
///   orthorhombic       1    2    2    4        4     4 (2)       4 (2)     8 (4)           2 (1)
///
///   bulk("Cu");  bulk("Cu", {.crystal = Crystal::fcc, .a = 3.6, .setting = Setting::conventional});  bulk("GaAs");
///
/// The primitive cell has the vectors (0 1 1)a/2 … of fcc, (-1 1 1)a/2 … of bcc, and an angle of 120 degrees between
/// a and b in the hexagonal crystals. The orthorhombic cell of fcc and its kin is a/sqrt(2) × a/sqrt(2) × a.
/// Throws InputError for a formula that does not suit the crystal, and for what lattice_constants refuses.
Atoms bulk(std::string_view formula, const BulkOptions& options = {});

}  // namespace adatom
