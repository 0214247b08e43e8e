// What this file is: from dE/dG to forces. With the descriptors G of every atom and their derivatives known, forces are
// a linear map of the slopes dE/dG; this is that map as a differentiable operation. Training uses it: descriptors
// depend on positions alone, so their derivatives are computed once and every step is only networks and this map.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "atoms/vector3.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// Derivatives of the descriptors of one structure's atoms of one element. Row r holds the K values G_r of one atom,
/// its centre. The first `radial` of the values are sums of functions of single distances, whose derivative is one
/// number times a direction; both atoms of a pair share it where both are of this element. That is a sixth of the
/// memory, and memory is what the map's speed depends on. The other values have a derivative for each neighbour and
/// direction.
struct DescriptorDerivatives {
  std::size_t columns = 0;            ///< K
  std::size_t radial = 0;             ///< how many of them, the first ones, are radial
  std::vector<std::uint32_t> center;  ///< the atom of each row

  /// Two atoms at one distance. Where the second has no row here, second_row is no_row.
  struct Pair {
    std::uint32_t first_row, second_row;
    std::uint32_t first, second;  ///< atoms
    Vector3 direction;            ///< unit vector from the first to the second
  };
  static constexpr std::uint32_t no_row = ~std::uint32_t{0};
  std::vector<Pair> pairs;
  std::vector<double> slope;  ///< pairs × radial: dG_k/dr, 1/Å, of the row or rows

  std::vector<std::size_t> entries;     ///< rows + 1: the entries of row r are entries[r] … entries[r+1] − 1
  std::vector<std::uint32_t> neighbor;  ///< the atom of each entry, other than the centre
  std::vector<double> derivative;  ///< entries × 3 × (K − radial): dG_rk / d(vector from centre to neighbour), 1/Å
};

/// Several structures stacked: rows and atoms counted through.
struct ForceMap {
  struct Part {
    const DescriptorDerivatives* derivatives;  ///< must outlive the graph
    std::size_t first_row, first_atom;
  };
  std::vector<Part> parts;
  std::size_t rows = 0, columns = 0, atoms = 0;
};

/// F_a = −Σ_r slopes_r · dG_r/dx_a: slopes (rows, K) → forces (atoms, 3). Differentiable to any order. Throws
/// ShapeError for slopes of another shape.
Tensor descriptor_forces(const Tensor& slopes, const std::shared_ptr<const ForceMap>& map);

}  // namespace adatom
