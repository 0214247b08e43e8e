#include "atoms/builders/adsorbate.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "atoms/builders/limits.hpp"
#include "atoms/elements.hpp"
#include "atoms/neighbors.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr double closest = 0.1;  // Angstrom

std::string both(std::array<int, 2> pair) {
  return "(" + std::to_string(pair[0]) + ", " + std::to_string(pair[1]) + ")";
}

/// v turned about the axis k (0 x, 1 y, 2 z), degrees, counter-clockwise seen from its tip.
Vector3 turned(const Vector3& v, std::size_t k, double degrees) {
  const double phi = degrees * std::numbers::pi / 180.0, c = std::cos(phi), s = std::sin(phi);
  const std::size_t i = (k + 1) % 3, j = (k + 2) % 3;
  Vector3 result = v;
  result[i] = c * v[i] - s * v[j];
  result[j] = s * v[i] + c * v[j];
  return result;
}

/// Refuses a molecule of which an atom would sit on another atom, be it an image's.
void require_room(const Slab& slab, std::size_t first_new) {
  const NeighborList list = neighbor_list(slab.atoms, closest);
  for (std::size_t i = first_new; i < slab.atoms.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      throw InputError("add_adsorbate: atoms " + std::to_string(list.index[n]) + " and " + std::to_string(i) +
                       " would be " + short_number_text(norm(list.displacement[n])) +
                       " Angstrom apart; is the site taken, or the height too small?");
    }
  }
}

/// The corner of a surface cell, on the uppermost plane, raised by `height`.
Vector3 corner(const Slab& slab, double height, std::array<int, 2> offset) {
  builders::require_not_negative("add_adsorbate", "height", height);
  for (std::size_t k = 0; k < 2; ++k) {
    if (offset[k] >= 0 && offset[k] < slab.cells[k]) continue;
    throw InputError("add_adsorbate: offset " + both(offset) + " is outside the slab; it may be (0, 0) to " +
                     both({slab.cells[0] - 1, slab.cells[1] - 1}));
  }
  return slab.origin + double(offset[0]) * slab.surface_cell[0] + double(offset[1]) * slab.surface_cell[1] +
         Vector3{0.0, 0.0, height};
}

void place(Slab& slab, const Atoms& molecule, const Vector3& target, const AdsorbateOptions& options) {
  if (options.atom >= molecule.size()) {
    throw InputError("add_adsorbate: the adsorbate has " + std::to_string(molecule.size()) +
                     " atoms, counted from 0; there is no atom " + std::to_string(options.atom));
  }
  for (const double angle : options.rotation) {
    if (!std::isfinite(angle)) throw InputError("add_adsorbate: rotation must be finite, found " + number_text(angle));
  }
  Slab result = slab;
  const std::size_t first_new = slab.atoms.size();
  for (std::size_t i = 0; i < molecule.size(); ++i) {
    Vector3 arm = molecule.positions[i] - molecule.positions[options.atom];
    for (std::size_t k = 0; k < 3; ++k) {
      if (options.rotation[k] != 0.0) arm = turned(arm, k, options.rotation[k]);
    }
    result.atoms.numbers.push_back(molecule.numbers[i]);
    result.atoms.positions.push_back(target + arm);
    result.tags.push_back(0);
  }
  validate(result.atoms);
  require_room(result, first_new);
  slab = std::move(result);
}

Atoms single(std::string_view symbol) { return {.numbers = {atomic_number(symbol)}, .positions = {{0.0, 0.0, 0.0}}}; }

}  // namespace

Vector3 site_position(const Slab& slab, std::string_view site, double height, std::array<int, 2> offset) {
  const Site& found = site_named(slab.facet, site);
  return corner(slab, height, offset) + found.x * slab.surface_cell[0] + found.y * slab.surface_cell[1];
}

void add_adsorbate(Slab& slab, const Atoms& molecule, double height, std::string_view site,
                   const AdsorbateOptions& options) {
  place(slab, molecule, site_position(slab, site, height, options.offset), options);
}

void add_adsorbate(Slab& slab, std::string_view symbol, double height, std::string_view site,
                   const AdsorbateOptions& options) {
  add_adsorbate(slab, single(symbol), height, site, options);
}

void add_adsorbate(Slab& slab, const Atoms& molecule, double height, std::array<double, 2> place_in_plane,
                   const AdsorbateOptions& options) {
  place(slab, molecule, corner(slab, height, options.offset) + Vector3{place_in_plane[0], place_in_plane[1], 0.0},
        options);
}

}  // namespace adatom
