// What this file is: neighbour lists: who is closer than a cutoff to whom, periodic images included.
// neighbor_list (neighbors.cpp) sorts atoms into bins and costs O(N); naive_neighbor_list (neighbors_naive.cpp) is its
// readable twin, O(N²). Both give exactly the same set of entries.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// Every ordered pair (i, j, S) of atoms with |r_j + S·cell − r_i| < cutoff, where the integers S choose a periodic
/// image of j. The atom itself (j = i, S = 0) is left out; different atoms at the same place are kept.
///
/// Each pair appears twice, as (i, j, S) and (j, i, −S), with exactly opposite displacements: a sum of pair energies
/// over all entries needs the factor 1/2. S counts from the positions as given, wherever they lie.
/// Entries are grouped by i. Their order within a group is unspecified, but the same input gives the same order.
///
///   for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) { … list.index[n], list.displacement[n] … }
struct NeighborList {
  std::vector<std::size_t> offsets;       ///< N+1: neighbours of i are entries offsets[i] … offsets[i+1]−1
  std::vector<std::uint32_t> index;       ///< j of each entry
  std::vector<std::array<int, 3>> shift;  ///< S of each entry
  std::vector<Vector3> displacement;      ///< r_j + S·cell − r_i of each entry, Angstrom

  /// Number of entries.
  std::size_t size() const { return index.size(); }
};

/// The list for a structure; cutoff in Angstrom, infinite allowed where nothing is periodic. O(N) time and memory for
/// a bounded density, however the atoms are spread. Throws InputError for an invalid structure (see validate), a
/// cutoff that is not positive, one that spans more than ten million images of the cell, and for atoms more than
/// 10^8 cells away from the origin.
NeighborList neighbor_list(const Atoms& atoms, double cutoff);

/// The same, reusing the memory of `result`.
void neighbor_list(const Atoms& atoms, double cutoff, NeighborList& result);

/// The same set of entries from a loop over all pairs and images.
NeighborList naive_neighbor_list(const Atoms& atoms, double cutoff);

}  // namespace adatom
