// What this file is: energy, forces and stress of a pair potential by one loop over the neighbour list, without
// tensors; and its composed twin.
#pragma once

#include <functional>
#include <string_view>

#include "potentials/pair_kernel.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// What a pair potential is to these functions.
struct PairLaw {
  std::string_view name;  ///< for messages
  double cutoff;          ///< Å; infinite: none, for free clusters only
  double closest;         ///< atoms closer than this are refused, Å
};

/// The sums over the `count` neighbours of one atom (see kernels::PairTable); returns whether one is too close.
using NeighborSums = std::function<bool(std::size_t count, const double* displacements, kernels::PairSums& sums)>;

/// Potential::compute. Parallel, with the same bits for any number of threads. Throws InputError for atoms too close
/// and for a periodic structure without cutoff.
void sum_pairs(const PairLaw& law, const NeighborSums& neighbors, const Atoms& atoms, Want want, Prediction& result);

/// Potential::energies, from the energy (P) of pairs at distances r (P), Å. Throws like sum_pairs.
Tensor pair_energies(const PairLaw& law, const std::function<Tensor(const Tensor& r)>& energy, const Atoms& atoms,
                     const Tensor& positions, const Tensor& cell);

}  // namespace adatom
