// What this file is: loading the positions of neighbours in a Verlet list, one to a lane, for kernel files.
#pragma once

#include <cstdint>

#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {

/// x, y, z of as many places as a vector has lanes.
struct Points {
  Vector x, y, z;
};

/// Lane k of what gather() returns belongs to place n[gathered(k)].
inline constexpr Size gathered(Size k) {
  if (lanes < 8 || k < 2 || k > 5) return k;
  return k < 4 ? k + 2 : k - 2;
}

/// Rows x y z 0 of `positions` at places n[0], n[1], …, transposed. The order of lanes is the same in x, y and z, but
/// not that of n: sums do not care, and it saves shuffles.
inline Points gather(const double* positions, const std::uint32_t* n) {
  const auto row = [&](Size k) { return positions + 4 * static_cast<Size>(n[k]); };
#if ADATOM_VECTOR_BYTES >= 32
  using Row = double __attribute__((vector_size(32)));
  const auto load_row = [&](Size k) {
    Row r;
    __builtin_memcpy(&r, row(k), sizeof r);
    return r;
  };
#endif
#if ADATOM_VECTOR_BYTES == 64
  Vector pair[4];
#pragma GCC unroll 4
  for (Size k = 0; k < 4; ++k) {
    pair[k] = __builtin_shufflevector(load_row(k), load_row(k + 4), 0, 1, 2, 3, 4, 5, 6, 7);
  }
  const Vector xz01 = __builtin_shufflevector(pair[0], pair[1], 0, 8, 2, 10, 4, 12, 6, 14);
  const Vector xz23 = __builtin_shufflevector(pair[2], pair[3], 0, 8, 2, 10, 4, 12, 6, 14);
  const Vector y01 = __builtin_shufflevector(pair[0], pair[1], 1, 9, 3, 11, 5, 13, 7, 15);
  const Vector y23 = __builtin_shufflevector(pair[2], pair[3], 1, 9, 3, 11, 5, 13, 7, 15);
  return {__builtin_shufflevector(xz01, xz23, 0, 1, 4, 5, 8, 9, 12, 13),
          __builtin_shufflevector(y01, y23, 0, 1, 4, 5, 8, 9, 12, 13),
          __builtin_shufflevector(xz01, xz23, 2, 3, 6, 7, 10, 11, 14, 15)};
#elif ADATOM_VECTOR_BYTES == 32
  const Row a = load_row(0), b = load_row(1), c = load_row(2), d = load_row(3);
  const Vector xz01 = __builtin_shufflevector(a, b, 0, 4, 2, 6), xz23 = __builtin_shufflevector(c, d, 0, 4, 2, 6);
  const Vector y01 = __builtin_shufflevector(a, b, 1, 5, 3, 7), y23 = __builtin_shufflevector(c, d, 1, 5, 3, 7);
  return {__builtin_shufflevector(xz01, xz23, 0, 1, 4, 5), __builtin_shufflevector(y01, y23, 0, 1, 4, 5),
          __builtin_shufflevector(xz01, xz23, 2, 3, 6, 7)};
#else
  const double *const a = row(0), *const b = row(1);
  return {Vector{a[0], b[0]}, Vector{a[1], b[1]}, Vector{a[2], b[2]}};
#endif
}

}  // namespace adatom::kernels::ADATOM_LEVEL
