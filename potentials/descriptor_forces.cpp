#include "potentials/descriptor_forces.hpp"

#include <algorithm>

#include "autodiff/kernels/matmul.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

using kernels::Transpose;

/// Calls use(row, centre, neighbours, 3·entries, derivative) for every row: a row's derivatives form a matrix
/// (3·entries, K), so that both directions of the map are matrix–vector products.
template <class Use>
void each_row(const ForceMap& map, Use&& use) {
  for (const ForceMap::Part& part : map.parts) {
    const DescriptorDerivatives& d = *part.derivatives;
    for (std::size_t r = 0; r < d.center.size(); ++r) {
      const std::size_t first = d.first[r], entries = d.first[r + 1] - first;
      use(part.first_row + r, part.first_atom, d.center[r], d.neighbor.data() + first, entries,
          d.derivative.data() + first * 3 * d.columns);
    }
  }
}

std::size_t most_entries(const ForceMap& map) {
  std::size_t most = 0;
  each_row(map, [&](auto, auto, auto, auto, std::size_t entries, auto) { most = std::max(most, entries); });
  return most;
}

Tensor descriptor_slopes(const Tensor& forces, const std::shared_ptr<const ForceMap>& map);

void check_shape(const char* operation, const Tensor& x, const Shape& expected) {
  if (!(x.shape() == expected)) {
    throw ShapeError(std::string(operation) + ": shape " + to_string(x.shape()) + " does not fit the map, which needs " +
                     to_string(expected));
  }
}

/// The transpose of descriptor_forces: forces (atoms, 3) → slopes (rows, K).
Tensor descriptor_slopes(const Tensor& forces, const std::shared_ptr<const ForceMap>& map) {
  check_shape("descriptor_slopes", forces, {map->atoms, 3});
  Buffer slopes(map->rows * map->columns, 0.0);
  Buffer difference(3 * most_entries(*map));
  const double* const f = forces.data();
  each_row(*map, [&](std::size_t row, std::size_t first_atom, std::uint32_t center, const std::uint32_t* neighbor,
                     std::size_t entries, const double* derivative) {
    const double* const at_center = f + 3 * (first_atom + center);
    for (std::size_t p = 0; p < entries; ++p) {
      const double* const at_neighbor = f + 3 * (first_atom + neighbor[p]);
      for (std::size_t c = 0; c < 3; ++c) difference[3 * p + c] = at_center[c] - at_neighbor[c];
    }
    kernels::matmul(Transpose::no, Transpose::no, 1, map->columns, 3 * entries, difference.data(), derivative,
                    slopes.data() + row * map->columns);
  });
  return record("descriptor_slopes", {map->rows, map->columns}, slopes,
                Input{forces, [map](const Tensor&, const Tensor& dy) { return descriptor_forces(dy, map); }});
}

}  // namespace

Tensor descriptor_forces(const Tensor& slopes, const std::shared_ptr<const ForceMap>& map) {
  check_shape("descriptor_forces", slopes, {map->rows, map->columns});
  Buffer forces(3 * map->atoms, 0.0);
  Buffer pull(3 * most_entries(*map));
  const double* const g = slopes.data();
  each_row(*map, [&](std::size_t row, std::size_t first_atom, std::uint32_t center, const std::uint32_t* neighbor,
                     std::size_t entries, const double* derivative) {
    // dE/d(displacement) of each entry: the neighbour is pushed against it, the centre along it.
    kernels::matmul(Transpose::no, Transpose::no, 3 * entries, 1, map->columns, derivative, g + row * map->columns,
                    pull.data());
    double* const at_center = forces.data() + 3 * (first_atom + center);
    for (std::size_t p = 0; p < entries; ++p) {
      double* const at_neighbor = forces.data() + 3 * (first_atom + neighbor[p]);
      for (std::size_t c = 0; c < 3; ++c) {
        at_neighbor[c] -= pull[3 * p + c];
        at_center[c] += pull[3 * p + c];
      }
    }
  });
  return record("descriptor_forces", {map->atoms, 3}, forces,
                Input{slopes, [map](const Tensor&, const Tensor& dy) { return descriptor_slopes(dy, map); }});
}

}  // namespace adatom
