// What this file is: labelled structures, what potentials are fitted to and judged by, and fair ways to split them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// A structure and what a better method says of it.
struct LabelledStructure {
  Atoms atoms{};
  double energy = 0.0;            ///< eV
  std::vector<Vector3> forces{};  ///< eV/Å, one per atom; empty where the data has none
  /// Structures of one search run resemble each other; a run belongs to one side of a split as a whole.
  std::int64_t run = 0;
};

/// Places in the data, ascending.
struct Split {
  std::vector<std::size_t> train, validation, test;
};

/// Sends whole runs to validation and test until each holds about its fraction of the structures, runs drawn at random;
/// the rest is for training. The fractions hold for every structure size separately, so that no size is left out of a
/// part by chance. Throws InputError for fractions below 0 or adding up to 1 or more.
Split split_by_run(std::span<const LabelledStructure> data, double validation_fraction, double test_fraction,
                   std::uint64_t seed);

/// Throws InputError "<place> has 5 forces for 3 atoms" unless there is one for each atom, or none.
void require_forces_fit(const LabelledStructure& structure, std::string_view place);

/// Largest absolute force component, eV/Å; 0 without forces.
double largest_force_component(const LabelledStructure& structure);

/// Energy per element, eV, by least squares on energies per atom: what a potential that knows only the composition
/// says.
struct ReferenceEnergies {
  std::vector<int> elements;     ///< ascending
  std::vector<double> energies;  ///< eV per atom of each element
  double rmse = 0.0;             ///< of the energy per atom, eV: the trivial baseline

  /// Σ over the atoms. Throws InputError naming an element that is not among those fitted.
  double total(std::span<const int> numbers) const;
};

/// Fits them. Where compositions do not determine all elements (say, only H2O), the smallest energies are chosen;
/// structures without atoms do not count.
ReferenceEnergies fit_reference_energies(std::span<const LabelledStructure> data);

}  // namespace adatom
