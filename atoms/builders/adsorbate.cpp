#include "atoms/builders/adsorbate.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "atoms/builders/limits.hpp"
#include "atoms/elements.hpp"
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
void require_room(const Atoms& slab, const Atoms& molecule) {
  const Cell cell = completed(slab.cell, slab.pbc), star = reciprocal(cell);
  const auto check_pair = [&](std::size_t i, const Vector3& first, std::size_t j, const Vector3& second) {
    const Vector3 straight = second - first;
    Vector3 d = straight;
    for (std::size_t k = 0; k < 3; ++k) {
      if (slab.pbc[k]) d -= std::round(dot(straight, star[k])) * cell[k];
    }
    if (dot(d, d) >= closest * closest) return;
    throw InputError("add_adsorbate: atoms " + std::to_string(i) + " and " + std::to_string(j) + " would be " +
                     short_number_text(norm(d)) + " Å apart; is the site taken, or the height too small?");
  };
  for (std::size_t j = 0; j < molecule.size(); ++j) {
    for (std::size_t i = 0; i < slab.size(); ++i) {
      check_pair(i, slab.positions[i], slab.size() + j, molecule.positions[j]);
    }
    for (std::size_t i = 0; i < j; ++i) {
      check_pair(slab.size() + i, molecule.positions[i], slab.size() + j, molecule.positions[j]);
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
  Atoms moved{.numbers = molecule.numbers, .positions = molecule.positions};
  for (Vector3& r : moved.positions) {
    Vector3 arm = r - molecule.positions[options.atom];
    for (std::size_t k = 0; k < 3; ++k) {
      if (options.rotation[k] != 0.0) arm = turned(arm, k, options.rotation[k]);
    }
    r = target + arm;
  }
  validate(moved);
  require_room(slab.atoms, moved);
  slab.atoms.numbers.insert(slab.atoms.numbers.end(), moved.numbers.begin(), moved.numbers.end());
  slab.atoms.positions.insert(slab.atoms.positions.end(), moved.positions.begin(), moved.positions.end());
  slab.tags.resize(slab.atoms.size(), 0);
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
