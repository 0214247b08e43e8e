// What this file is: transposes and sums across vectors, for kernel files.
#pragma once

#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {

/// The two halves of the perfect shuffle: x0 y0 x1 y1 … of the lower and of the upper halves of x and y.
inline Vector interleave_low(Vector x, Vector y) {
#if ADATOM_VECTOR_BYTES == 64
  return __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11);
#elif ADATOM_VECTOR_BYTES == 32
  return __builtin_shufflevector(x, y, 0, 4, 1, 5);
#else
  return __builtin_shufflevector(x, y, 0, 2);
#endif
}
inline Vector interleave_high(Vector x, Vector y) {
#if ADATOM_VECTOR_BYTES == 64
  return __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15);
#elif ADATOM_VECTOR_BYTES == 32
  return __builtin_shufflevector(x, y, 2, 6, 3, 7);
#else
  return __builtin_shufflevector(x, y, 1, 3);
#endif
}

/// Transposes the (lanes, lanes) block in place: log2(lanes) perfect shuffles of its rows.
inline void transpose(Vector (&rows)[lanes]) {
#pragma GCC unroll 3
  for (Size stage = 1; stage < lanes; stage *= 2) {
    Vector shuffled[lanes];
#pragma GCC unroll 4
    for (Size i = 0; i < lanes / 2; ++i) {
      shuffled[2 * i] = interleave_low(rows[i], rows[i + lanes / 2]);
      shuffled[2 * i + 1] = interleave_high(rows[i], rows[i + lanes / 2]);
    }
#pragma GCC unroll 8
    for (Size i = 0; i < lanes; ++i) rows[i] = shuffled[i];
  }
}

/// Lane i of the result is the sum of the lanes of rows[i], in the order of sum_lanes (vector.hpp).
template <Size count = lanes / 2>
inline Vector sum_each(const Vector (&rows)[2 * count]) {
  Vector sums[count];
#pragma GCC unroll 4
  for (Size i = 0; i < count; ++i) {
    sums[i] = interleave_low(rows[i], rows[i + count]) + interleave_high(rows[i], rows[i + count]);
  }
  if constexpr (count == 1) {
    return sums[0];
  } else {
    return sum_each<count / 2>(sums);
  }
}

}  // namespace adatom::kernels::ADATOM_LEVEL
