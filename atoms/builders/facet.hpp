// What this file is: the surfaces that can be built, as data: the cell of one layer, how the planes below follow one
// another, and the sites that have names.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "atoms/builders/crystal.hpp"

namespace adatom {

enum class Facet {
  fcc100,
  fcc110,
  fcc111,
  fcc211,
  bcc100,
  bcc110,
  bcc111,
  hcp0001,
  diamond100,
  diamond111,
};

std::string_view name(Facet facet);

/// The facet of that name. Throws InputError that lists the names.
Facet facet_named(std::string_view text);

/// A place above the surface, in fractions of the surface cell.
struct Site {
  std::string_view name;
  double x = 0.0, y = 0.0;
};

/// A plane of atoms: one atom in every surface cell.
struct Plane {
  double depth = 0.0;       ///< below the first plane, in units of a (of c for hcp0001)
  double x = 0.0, y = 0.0;  ///< where its atom is, in fractions of the surface cell
};

/// Lengths in units of a. The surface cell is (edge, 0), (edge/2, height) if oblique, else (edge, 0), (0, height).
/// The first plane has an atom at (0, 0).
struct FacetGeometry {
  Crystal crystal{};
  double edge = 0.0, height = 0.0;
  bool oblique = false;
  double period = 0.0;  ///< depth after which the planes repeat
  std::span<const Plane> planes{};
  std::span<const Site> sites{};
  int columns = 1;           ///< columns of atoms in a surface cell, as sizes count them
  int planes_per_layer = 1;  ///< 3 for fcc211, whose layers are terraces of three rows
};

const FacetGeometry& geometry(Facet facet);

/// "ontop, bridge, hollow".
std::string site_names(Facet facet);

/// The site of that name. Throws InputError "fcc100 has sites ontop, bridge, hollow; not 'fcc'".
const Site& site_named(Facet facet, std::string_view site);

}  // namespace adatom
