// What this file is: the crystal structures that can be built, and which of them, with which lattice constants, the
// common elements and compounds have.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace adatom {

enum class Crystal {
  sc,   ///< simple cubic
  fcc,  ///< face-centred cubic
  bcc,  ///< body-centred cubic
  hcp,  ///< hexagonal close-packed
  diamond,
  rocksalt,        ///< NaCl
  zincblende,      ///< ZnS
  wurtzite,        ///< ZnS
  cesiumchloride,  ///< CsCl
};

std::string_view name(Crystal crystal);

/// The crystal of that name, spelled as in the enumeration.
/// Throws InputError "unknown crystal 'ffc'; expected sc, fcc, …".
Crystal crystal_named(std::string_view text);

/// Atoms that the formula of such a crystal has: 1 or 2.
int formula_size(Crystal crystal);

/// A crystal found in nature.
struct KnownCrystal {
  Crystal crystal{};
  double a = 0.0;         ///< lattice constant, Angstrom
  double c_over_a = 0.0;  ///< hcp and wurtzite; 0 for cubic crystals
};

/// The crystal that an element ("Cu") or compound ("NaCl", also written "ClNa") has at room temperature and pressure,
/// or the solid's where that is not solid; nothing when it is none of the above or not in the table.
/// Sources at the table (crystal.cpp).
std::optional<KnownCrystal> known_crystal(std::string_view formula);

/// Lattice constants of a crystal, complete.
struct LatticeConstants {
  double a = 0.0, c = 0.0;  ///< Angstrom; c = a for cubic crystals
};

/// What the user gave, completed with what is known: a of the known crystal if it is this one; c from the known c/a,
/// else the ideal sqrt(8/3) a. Throws InputError, naming `builder`, for a or c out of range, an a that is neither given
/// nor known, and a c for a cubic crystal.
LatticeConstants lattice_constants(std::string_view builder, std::string_view formula, Crystal crystal,
                                   std::optional<double> a, std::optional<double> c);

}  // namespace adatom
