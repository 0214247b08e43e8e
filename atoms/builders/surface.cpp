#include "atoms/builders/surface.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "atoms/builders/limits.hpp"
#include "atoms/elements.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

/// Everything that is refused before anything is built, but for the lattice constants.
void check(Facet facet, const SlabOptions& options) {
  const FacetGeometry& shape = geometry(facet);
  builders::require_counts(name(facet), "size", options.size);
  builders::require_not_negative(name(facet), "vacuum", options.vacuum);
  if (options.size[0] % shape.columns != 0) {
    throw InputError(std::string(name(facet)) + ": the first size must be a multiple of " +
                     std::to_string(shape.columns) + ", the rows of a terrace; found " +
                     std::to_string(options.size[0]));
  }
  if (options.orthogonal && shape.oblique && options.size[1] % 2 != 0) {
    throw InputError(std::string(name(facet)) + " has a rectangular cell only for an even second size; found " +
                     std::to_string(options.size[1]));
  }
  if (options.whole_double_layer && facet != Facet::diamond111) {
    throw InputError("whole_double_layer belongs to diamond111, not to " + std::string(name(facet)));
  }
}

/// Plane number k from the surface down.
Plane plane(const FacetGeometry& shape, int k) {
  const int period = static_cast<int>(shape.planes.size());
  Plane result = shape.planes[static_cast<std::size_t>(k % period)];
  result.depth += shape.period * (k / period);
  return result;
}

/// x modulo `length`, but not just below it where rounding put it there.
double wrapped_length(double x, double length) {
  const double rest = x - length * std::floor(x / length);
  return length - rest < 1e-9 * length ? 0.0 : rest;
}

}  // namespace

Slab surface(Facet facet, std::string_view symbol, const SlabOptions& options) {
  check(facet, options);
  const FacetGeometry& shape = geometry(facet);
  const int number = atomic_number(symbol);
  const auto [a, c] = lattice_constants(name(facet), symbol, shape.crystal, options.a, options.c);

  const int columns = options.size[0] / shape.columns, rows = options.size[1];
  const int planes = options.size[2] * shape.planes_per_layer;
  const double edge = shape.edge * a, height = shape.height * a, depth_unit = shape.crystal == Crystal::hcp ? c : a;
  const double shear = shape.oblique ? 0.5 * edge : 0.0;  // of each row against the one before it
  const int first_plane = options.whole_double_layer ? 1 : 0;
  const double first_depth = plane(shape, first_plane).depth;
  const Plane first = plane(shape, first_plane);
  const double thickness = (plane(shape, first_plane + planes - 1).depth - first_depth) * depth_unit;
  const double top = options.vacuum + thickness;

  Slab slab{.facet = facet, .cells = {columns, rows}, .surface_cell = {{{edge, 0, 0}, {shear, height, 0}}}};
  slab.origin = {0.0, 0.0, top};
  slab.atoms.pbc = {true, true, false};
  slab.atoms.cell = orthorhombic(columns * edge, rows * height, thickness + 2.0 * options.vacuum);
  if (!options.orthogonal) slab.atoms.cell[1][0] = rows * shear;

  const std::size_t count =
      static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows) * static_cast<std::size_t>(planes);
  slab.atoms.numbers.assign(count, number);
  slab.atoms.positions.reserve(count);
  slab.tags.reserve(count);
  for (int k = planes - 1; k >= 0; --k) {
    const Plane here = plane(shape, first_plane + k);
    const double fx = wrapped_length(here.x - first.x, 1.0), fy = wrapped_length(here.y - first.y, 1.0);
    const double z = top - (here.depth - first_depth) * depth_unit;
    for (int j = 0; j < rows; ++j) {
      const double x0 = fx * edge + (j + fy) * shear, y = (j + fy) * height;
      for (int i = 0; i < columns; ++i) {
        double x = i * edge + x0;
        if (options.orthogonal) x = wrapped_length(x, columns * edge);
        slab.atoms.positions.push_back({x, y, z});
        slab.tags.push_back(1 + k / shape.planes_per_layer);
      }
    }
  }
  return slab;
}

int layer_count(const Slab& slab) { return slab.tags.empty() ? 0 : std::ranges::max(slab.tags); }

std::vector<std::size_t> lowest_layers(const Slab& slab, int layers) {
  const int most = layer_count(slab);
  if (layers < 0 || layers > most) {
    throw InputError("the slab has " + std::to_string(most) + " layers; cannot take the lowest " +
                     std::to_string(layers));
  }
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < slab.tags.size(); ++i) {
    if (slab.tags[i] > most - layers) result.push_back(i);
  }
  return result;
}

}  // namespace adatom
