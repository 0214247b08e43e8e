// What this file is: from slopes dE/dG of the symmetry functions to pulls dE/d(displacement) on an atom's neighbours,
// without the derivatives dG/d(displacement) between them, which take more arithmetic and much memory. Prediction uses
// it; training keeps the derivatives (descriptor_forces.hpp). Its twin, composed_descriptors of
// atoms/symmetry_functions.hpp, gives the same by a backward sweep.
#pragma once

#include <memory>
#include <span>

#include "atoms/symmetry_functions.hpp"

namespace adatom {

/// An immutable set of symmetry functions, arranged for this. Cheap to copy (copies share it). Several threads may use it.
class DescriptorPulls {
 public:
  explicit DescriptorPulls(const SymmetryFunctions& functions);

  /// pulls[n] = Σ_k slopes[k] dG_k/d(displacement of the n-th neighbour) for the neighbours of atom i in their order in the
  /// list, in eV/Å for slopes in eV. The slopes are in the order of functions.of(element). The list as for
  /// compute_descriptors, which must have accepted it.
  void compute(std::span<const int> numbers, const NeighborList& list, std::size_t i, std::span<const double> slopes,
               Vector3* pulls) const;

 private:
  struct Center;
  std::shared_ptr<const std::vector<Center>> centers_;
};

}  // namespace adatom
