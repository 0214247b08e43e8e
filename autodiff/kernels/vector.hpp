// What this file is: the vector type of kernel files and its few helpers. Only files compiled once per instruction set
// (KERNELS in CMakeLists.txt) include it; nothing in it comes from the standard library.
//
// Vectors are the compiler's own (GCC and clang vector extensions), so + - * / < and ?: work lane by lane. The x86
// intrinsics below are shortcuts for what those cannot say well; the plain loops beside them are for other processors.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace adatom::kernels::ADATOM_LEVEL {

using Size = decltype(sizeof(0));

/// Doubles in one vector.
inline constexpr Size lanes = ADATOM_VECTOR_BYTES / sizeof(double);

using Vector = double __attribute__((vector_size(ADATOM_VECTOR_BYTES)));
using Integers = long long __attribute__((vector_size(ADATOM_VECTOR_BYTES)));  // also what comparisons give: 0 or -1
using Bits = unsigned long long __attribute__((vector_size(ADATOM_VECTOR_BYTES)));

inline Vector splat(double value) { return value - Vector{}; }
inline Bits bits(Vector x) { return (Bits)x; }
inline Vector from_bits(Bits x) { return (Vector)x; }

/// memcpy says "any alignment" to both compilers; clang 19 ignores aligned(8) on a vector type that is named by
/// `using`.
inline Vector load(const double* from) {
  Vector x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}
inline void store(double* to, Vector x) { __builtin_memcpy(to, &x, sizeof x); }

/// Loads the first `count` < lanes values, zeros after them; memory beyond is not touched.
inline Vector load(const double* from, Size count) {
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512F__)
  return (Vector)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), from);
#elif ADATOM_VECTOR_BYTES == 32 && defined(__AVX2__)
  const Integers index = {0, 1, 2, 3};
  return (Vector)_mm256_maskload_pd(from, (__m256i)(index < (long long)count));
#else
  Vector x = {};
  for (Size i = 0; i < count; ++i) x[i] = from[i];
  return x;
#endif
}

/// Stores the first `count` < lanes values only.
inline void store(double* to, Vector x, Size count) {
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512F__)
  _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), (__m512d)x);
#elif ADATOM_VECTOR_BYTES == 32 && defined(__AVX2__)
  const Integers index = {0, 1, 2, 3};
  _mm256_maskstore_pd(to, (__m256i)(index < (long long)count), (__m256d)x);
#else
  for (Size i = 0; i < count; ++i) to[i] = x[i];
#endif
}

/// The mask's lanes of `yes`, the others of `no`.
template <class Mask>
inline Vector choose(Mask mask, Vector yes, Vector no) {
  return mask ? yes : no;
}

/// Whether any lane of the mask is set.
template <class Mask>
inline bool any(Mask mask) {
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512DQ__)
  return _mm512_movepi64_mask((__m512i)mask) != 0;
#elif ADATOM_VECTOR_BYTES == 32 && defined(__AVX2__)
  return _mm256_movemask_pd((__m256d)mask) != 0;
#elif ADATOM_VECTOR_BYTES == 16 && defined(__SSE2__)
  return _mm_movemask_pd((__m128d)mask) != 0;
#else
  long long found = 0;
  for (Size i = 0; i < lanes; ++i) found |= mask[i];
  return found != 0;
#endif
}

inline Vector square_root(Vector x) {
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512F__)
  return (Vector)_mm512_maskz_sqrt_pd(0xff, (__m512d)x);
#elif ADATOM_VECTOR_BYTES == 32 && defined(__AVX2__)
  return (Vector)_mm256_sqrt_pd((__m256d)x);
#elif ADATOM_VECTOR_BYTES == 16 && defined(__SSE2__)
  return (Vector)_mm_sqrt_pd((__m128d)x);
#else
  for (Size i = 0; i < lanes; ++i) x[i] = __builtin_sqrt(x[i]);
  return x;
#endif
}

inline constexpr unsigned long long sign_bit = 1ull << 63;
inline Vector magnitude(Vector x) { return from_bits(bits(x) & ~sign_bit); }
/// x with the sign of `sign` put on top; x must not be negative.
inline Vector with_sign(Vector x, Vector sign) { return from_bits(bits(x) | (bits(sign) & sign_bit)); }

/// The larger of each pair; NaN where either is NaN, in any order.
inline Vector larger(Vector x, Vector y) { return choose((x > y) | (x != x), x, y); }
inline Vector smaller(Vector x, Vector y) { return choose((x < y) | (x != x), x, y); }

/// x, but no larger or no smaller than the limit; NaN stays.
inline Vector at_most(double limit, Vector x) {
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512F__)
  return (Vector)_mm512_maskz_min_pd(0xff, (__m512d)splat(limit), (__m512d)x);
#elif ADATOM_VECTOR_BYTES == 32 && defined(__AVX2__)
  return (Vector)_mm256_min_pd((__m256d)splat(limit), (__m256d)x);
#elif ADATOM_VECTOR_BYTES == 16 && defined(__SSE2__)
  return (Vector)_mm_min_pd((__m128d)splat(limit), (__m128d)x);
#else
  return choose(x > limit, splat(limit), x);
#endif
}
inline Vector at_least(double limit, Vector x) {
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512F__)
  return (Vector)_mm512_maskz_max_pd(0xff, (__m512d)splat(limit), (__m512d)x);
#elif ADATOM_VECTOR_BYTES == 32 && defined(__AVX2__)
  return (Vector)_mm256_max_pd((__m256d)splat(limit), (__m256d)x);
#elif ADATOM_VECTOR_BYTES == 16 && defined(__SSE2__)
  return (Vector)_mm_max_pd((__m128d)splat(limit), (__m128d)x);
#else
  return choose(x < limit, splat(limit), x);
#endif
}

/// Sum of the lanes, in pairs: (0 + lanes/2), (1 + lanes/2 + 1), …
inline double sum_lanes(Vector x) {
  double part[lanes];
  __builtin_memcpy(part, &x, sizeof x);
  for (Size width = lanes / 2; width > 0; width /= 2) {
    for (Size i = 0; i < width; ++i) part[i] += part[i + width];
  }
  return part[0];
}

}  // namespace adatom::kernels::ADATOM_LEVEL
