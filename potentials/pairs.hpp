// What this file is: what pair potentials composed of tensor operations share: the pairs of a structure, the vectors
// between their atoms as a differentiable tensor, and the way from pair energies to energies of atoms.
#pragma once

#include <cstddef>

#include "atoms/atoms.hpp"
#include "atoms/neighbors.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// P pairs of atoms, each once. In a periodic structure j may stand for one of its images, and be i itself.
struct Pairs {
  std::size_t atoms = 0;  ///< number of atoms N
  Indices first;          ///< i of each pair (P)
  Indices second;         ///< j of each pair (P)
  Tensor displacement;    ///< r_j + S·cell − r_i (P, 3), Å
};

/// All i < j of a structure that is not periodic, in row order. `positions` (N, 3) in Å.
Pairs all_pairs(const Tensor& positions);

/// The pairs that are closer than `cutoff` (Å), images included. `atoms` says which, `positions` (N, 3) and `cell` (3,
/// 3) hold the same numbers as tensors. Throws InputError as neighbor_list.
Pairs pairs_within(const Atoms& atoms, double cutoff, const Tensor& positions, const Tensor& cell);

/// |r_ij|² of each pair (P), Å². Throws InputError "atoms 3 and 7 are 0.000 Å apart" if one is below `closest`², since
/// a pair energy and its derivatives are no longer finite numbers there.
Tensor squared_distances(const Pairs& pairs, double closest);

/// The energies of atoms (N) from those of pairs (P), half to either atom.
Tensor shared_equally(const Pairs& pairs, const Tensor& energies);

/// Throws that InputError for the closest two neighbours of a list, if they are closer than `closest` Å.
void require_apart(const NeighborList& list, double closest);

/// Throws that InputError for atoms i and j at `distance` Å (i = j: an atom and its image).
[[noreturn]] void throw_too_close(std::size_t i, std::size_t j, double distance);

}  // namespace adatom
