// What this file is: what the two fused ways of computing EMT share, for one structure (emt_fused.cpp) and for atoms that
// move a little at a time (emt_evaluator.cpp). Internal to emt*.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "potentials/emt_kernel.hpp"
#include "potentials/emt_parameters.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// The elements that occur, numbered 0, 1, …, and each atom's; Emt::energies says what is thrown.
struct EmtStructure {
  std::vector<const EmtElement*> elements;
  std::vector<std::uint32_t> kinds;  ///< of the atoms
  kernels::EmtTerms terms;
};
EmtStructure emt_structure(const Atoms& atoms);

/// Sum over some of the atoms.
struct EmtPart {
  double energy = 0.0;             ///< eV
  std::array<double, 6> virial{};  ///< dE/dε, eV
  bool too_close = false;
};
EmtPart sum_of(std::span<const EmtPart> parts);

/// What the sums over the neighbours of atom i make of it: adds its energy and virial to `part`, and sets the energy and
/// that part of the force in `result` which does not depend on other atoms' densities. Returns dE_i/dσ_i.
double finish_atom(const EmtElement& element, const kernels::EmtSums& sums, bool stress, std::size_t i,
                   Prediction& result, EmtPart& part);

/// Fills in the rest of `result`, and removes what is not wanted. `volume` in Å³ counts for stress only.
void finish(const EmtPart& sum, Want want, double volume, Prediction& result);

}  // namespace adatom
