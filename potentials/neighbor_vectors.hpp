// What this file is: the neighbours of one atom, a vector of them at a time, whichever list they stand in. For kernel
// files.
#pragma once

#include "atoms/verlet_list_gather.hpp"
#include "autodiff/kernels/vector.hpp"
#include "potentials/neighbor_rows.hpp"

namespace adatom::kernels::ADATOM_LEVEL {

struct Displacements {
  Vector x, y, z;
};

/// The mask of lanes first, first + 1, …
inline Integers lanes_from(Size first) {
  Integers lane;
  for (Size k = 0; k < lanes; ++k) lane[k] = (long long)k;
  return (Integers)(lane >= (Integers{} + (long long)first));
}

/// Rows of three numbers, x y z, turned into three vectors; the lanes from `filled` on are zero and not read.
inline Displacements load_displacements(const double* rows, Size filled) {
  Displacements d = {};
  if (filled < lanes) {
    for (Size k = 0; k < filled; ++k) d.x[k] = rows[3 * k], d.y[k] = rows[3 * k + 1], d.z[k] = rows[3 * k + 2];
    return d;
  }
  const Vector a = load(rows), b = load(rows + lanes), c = load(rows + 2 * lanes);
#if ADATOM_VECTOR_BYTES == 64
  d.x = __builtin_shufflevector(__builtin_shufflevector(a, b, 0, 3, 6, 9, 12, 15, -1, -1), c, 0, 1, 2, 3, 4, 5, 10, 13);
  d.y =
      __builtin_shufflevector(__builtin_shufflevector(a, b, 1, 4, 7, 10, 13, -1, -1, -1), c, 0, 1, 2, 3, 4, 8, 11, 14);
  d.z =
      __builtin_shufflevector(__builtin_shufflevector(a, b, 2, 5, 8, 11, 14, -1, -1, -1), c, 0, 1, 2, 3, 4, 9, 12, 15);
#elif ADATOM_VECTOR_BYTES == 32
  d.x = __builtin_shufflevector(__builtin_shufflevector(a, b, 0, 3, 6, -1), c, 0, 1, 2, 5);
  d.y = __builtin_shufflevector(__builtin_shufflevector(a, b, 1, 4, 7, -1), c, 0, 1, 2, 6);
  d.z = __builtin_shufflevector(__builtin_shufflevector(a, b, 2, 5, -1, -1), c, 0, 1, 4, 7);
#else
  d.x = __builtin_shufflevector(a, b, 0, 3);
  d.y = __builtin_shufflevector(a, c, 1, 2);
  d.z = __builtin_shufflevector(b, c, 0, 3);
#endif
  return d;
}

/// Neighbours n, n + 1, …: as many as there are lanes, or as are left.
inline Size filled_at(Size count, Size n) { return count - n < lanes ? count - n : lanes; }
inline Displacements displacements_at(const ListedNeighbors& neighbors, Size n) {
  return load_displacements(neighbors.displacements + 3 * n, filled_at(neighbors.count, n));
}
inline Displacements displacements_at(const PlacedNeighbors& neighbors, Size n) {
  const Points p = gather(neighbors.positions, neighbors.index + n);
  return {p.x - neighbors.center[0], p.y - neighbors.center[1], p.z - neighbors.center[2]};
}

/// Which neighbour stands in lane k of those at n.
inline std::uint32_t index_at(const ListedNeighbors& neighbors, Size n, Size k) { return neighbors.index[n + k]; }
inline std::uint32_t index_at(const PlacedNeighbors& neighbors, Size n, Size k) {
  return neighbors.index[n + gathered(k)];
}

/// Lanes in which there is no neighbour, given the squares q of the distances.
inline Integers absent_at(const ListedNeighbors& neighbors, Size n, Vector /*q*/, double /*cutoff2*/) {
  return lanes_from(filled_at(neighbors.count, n));
}
inline Integers absent_at(const PlacedNeighbors&, Size, Vector q, double cutoff2) {
  return (Integers)(q >= splat(cutoff2));  // asked this way round, a distance that is not a number stays one
}

}  // namespace adatom::kernels::ADATOM_LEVEL
