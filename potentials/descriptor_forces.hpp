// What this file is: from dE/dG to forces. With the descriptors G of every atom and their derivatives known, forces are a
// linear map of the slopes dE/dG; this is that map as a differentiable operation. Training uses it: descriptors depend
// on positions alone, so their derivatives are computed once and every step is only networks and this map.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "autodiff/tensor.hpp"

namespace adatom {

/// Derivatives of the descriptors of one structure's atoms of one element. Row r holds K values G_r of one centre atom;
/// its entries first[r] … first[r+1]−1 each belong to one atom that G_r depends on.
struct DescriptorDerivatives {
  std::size_t columns = 0;              ///< K
  std::vector<std::uint32_t> center;    ///< the atom of each row
  std::vector<std::size_t> first;       ///< rows + 1
  std::vector<std::uint32_t> neighbor;  ///< the atom of each entry
  std::vector<double> derivative;       ///< entries × 3 × K: dG_rk / d(displacement from centre to neighbour), 1/Å
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

/// F_a = −Σ_r slopes_r · dG_r/dx_a: slopes (rows, K) → forces (atoms, 3).
Tensor descriptor_forces(const Tensor& slopes, const std::shared_ptr<const ForceMap>& map);

}  // namespace adatom
