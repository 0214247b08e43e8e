// What this file is: what the two fused ways of computing EMT share, for one structure (emt_fused.cpp) and for atoms
// that move a little at a time (emt_evaluator.cpp). Internal to emt*.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "potentials/emt_kernel.hpp"
#include "potentials/emt_parameters.hpp"
#include "potentials/partial_sums.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// The elements that occur, numbered 0, 1, …, and each atom's; Emt::energies says what is thrown.
struct EmtStructure {
  std::vector<const EmtElement*> elements;
  std::vector<std::uint32_t> kinds;  ///< of the atoms
  kernels::EmtTerms terms;
};
EmtStructure emt_structure(const Atoms& atoms);

/// What the sums over the neighbours of atom i make of it: adds its energy and virial to `part`, and sets the energy
/// and that part of the force in `result` which does not depend on other atoms' densities. Returns dE_i/dσ_i.
double finish_atom(const EmtElement& element, const kernels::EmtSums& sums, bool stress, std::size_t i,
                   Prediction& result, PartialSum& part);

}  // namespace adatom
