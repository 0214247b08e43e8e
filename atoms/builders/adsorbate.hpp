// What this file is: atoms and molecules put onto a slab.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "atoms/atoms.hpp"
#include "atoms/builders/surface.hpp"

namespace adatom {

struct AdsorbateOptions {
  std::array<int, 2> offset{};  ///< moves it by surface cells, 0 ≤ offset < slab.cells
  std::size_t atom = 0;         ///< the molecule's atom that sits on the site
  /// Turns the molecule about that atom: first about x, then y, then z, degrees. {180, 0, 0} puts it upside down.
  Vector3 rotation{};
};

/// Puts a molecule onto the slab: its atom `options.atom` comes to `height` (Angstrom, ≥ 0) above the uppermost plane
/// of the slab, over the named site ("ontop", "bridge", "longbridge", "shortbridge", "hollow", "fcc", "hcp"; which of
/// them there are depends on the surface). The new atoms are the last ones and have tag 0.
///
///   add_adsorbate(slab, "O", 1.1, "fcc");
///   add_adsorbate(slab, molecule("CO"), 1.5, "bridge", {.offset = {1, 0}, .atom = 1});
///
/// Throws InputError, and leaves the slab as it was, for a site the surface does not have ("fcc100 has sites ontop,
/// bridge, hollow; not 'fcc'"), a negative height, an offset outside the slab, an atom the molecule does not have, and
/// when an atom would be within 0.1 Angstrom of another.
void add_adsorbate(Slab& slab, const Atoms& molecule, double height, std::string_view site,
                   const AdsorbateOptions& options = {});

/// The same for a single atom.
void add_adsorbate(Slab& slab, std::string_view symbol, double height, std::string_view site,
                   const AdsorbateOptions& options = {});

/// The same over any place: x and y in Angstrom from the site "ontop" of the cell `options.offset`.
void add_adsorbate(Slab& slab, const Atoms& molecule, double height, std::array<double, 2> place,
                   const AdsorbateOptions& options = {});

/// Where an atom at that height over the named site of a surface cell is, Angstrom.
/// Throws InputError as add_adsorbate does.
Vector3 site_position(const Slab& slab, std::string_view site, double height, std::array<int, 2> offset = {});

}  // namespace adatom
