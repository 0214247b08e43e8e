// What this file is: what tasks over some of a structure's atoms hand back, and how a prediction is made of it: the
// same bits for any number of threads. Internal to potentials/.
#pragma once

#include <array>
#include <span>

#include "potentials/potential.hpp"

namespace adatom {

/// Sum over some of the atoms.
struct PartialSum {
  double energy = 0.0;             ///< eV
  std::array<double, 6> virial{};  ///< dE/dε, eV, order xx yy zz yz xz xy
  bool too_close = false;          ///< two of the atoms are
};

/// All parts, added in their order.
PartialSum sum_of(std::span<const PartialSum> parts);

/// Puts energy and stress into `result`, which holds forces and energies of atoms, and removes what is not wanted.
/// `volume` in Å³ counts for stress only.
void finish(const PartialSum& sum, Want want, double volume, Prediction& result);

}  // namespace adatom
