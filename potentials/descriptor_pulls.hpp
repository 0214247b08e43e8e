// What this file is: symmetry functions for prediction: their values, and from slopes dE/dG the pulls
// dE/d(displacement) on an atom's neighbours, without the derivatives dG/d(displacement) between them, which take more
// arithmetic and much memory. Training keeps the derivatives (compute_descriptors of atoms/symmetry_functions.hpp,
// descriptor_forces.hpp). The readable twin is composed_descriptors of atoms/symmetry_functions.hpp, and its backward
// sweep.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "atoms/symmetry_functions.hpp"

namespace adatom {

namespace kernels {
struct PullAtom;
}

/// Some atoms of a structure as DescriptorPulls::describe leaves them. Keep one and pass it again: its memory is
/// reused.
class DescribedAtoms {
 public:
  std::size_t size() const { return row_.empty() ? 0 : row_.size() - 1; }
  /// The K symmetry functions of the n-th atom of the range, in the order of SymmetryFunctions::of(element).
  std::span<const double> values(std::size_t n) const { return {values_.data() + row_[n], row_[n + 1] - row_[n]}; }

 private:
  friend class DescriptorPulls;
  struct alignas(64) Pack {
    double lane[8];
  };
  /// One atom's neighbours: what kernels::PullAtom says of them, and where the entries of the list went.
  struct Surroundings {
    std::size_t center = 0;  ///< whose functions: the number of its plan
    std::size_t stride = 0, first_pack = 0;
    std::vector<std::size_t> first, count, length;
    std::vector<std::size_t> place, at;  ///< of each entry: which of the places, and which column of the rows
  };
  std::vector<std::size_t> row_;  // atom n of the range has values_[row_[n]] …
  std::vector<double> values_;
  std::vector<Surroundings> atoms_;
  std::vector<Pack> rows_, work_;
};

/// An immutable set of symmetry functions, arranged for this. Cheap to copy (copies share it). Several threads may use
/// it, each with DescribedAtoms of its own.
class DescriptorPulls {
 public:
  explicit DescriptorPulls(const SymmetryFunctions& functions);

  /// The symmetry functions of the atoms first … last − 1: the values of compute_descriptors, but for rounding. Takes
  /// the same arguments and throws the same InputError for unknown elements and coinciding atoms.
  void describe(std::span<const int> numbers, const NeighborList& list, std::size_t first, std::size_t last,
                DescribedAtoms& result) const;

  /// pulls[i] = Σ_k slopes[k] dG_k/d(displacement of the i-th neighbour) for the neighbours of the n-th atom of the
  /// range in their order in the list, in eV/Å for slopes in eV; for an atom without values they are left alone.
  /// `atoms` lends its memory and may be asked again. Throws ShapeError unless there are as many slopes as values.
  void pull(DescribedAtoms& atoms, std::size_t n, std::span<const double> slopes, Vector3* pulls) const;

 private:
  struct Center;
  struct Plans;
  void sort_neighbors(std::span<const int> numbers, const NeighborList& list, std::size_t i,
                      DescribedAtoms::Surroundings& result) const;
  kernels::PullAtom argument(const DescribedAtoms::Surroundings& surroundings, DescribedAtoms& atoms) const;
  std::shared_ptr<const Plans> plans_;
};

}  // namespace adatom
