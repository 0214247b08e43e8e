// What this file is: the neighbours of one atom as kernels see them, in the two kinds of neighbour list. Kernel files
// walk over either by means of neighbor_vectors.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace adatom::kernels {

/// In a NeighborList (atoms/neighbors.hpp).
struct ListedNeighbors {
  const double* displacements;  ///< (count, 3), Å
  const std::uint32_t* index;   ///< their atoms (count)
  std::size_t count;
};

/// In a VerletList (atoms/verlet_list.hpp), some of them beyond the cutoff.
struct PlacedNeighbors {
  const double* center;        ///< x y z of the place, Å
  const double* positions;     ///< x y z 0 of all places, Å
  const std::uint32_t* index;  ///< the neighbours' places (count)
  std::size_t count;           ///< a multiple of eight
};

}  // namespace adatom::kernels
