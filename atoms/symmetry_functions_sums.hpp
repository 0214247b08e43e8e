// What this file is: the innermost loops of angular symmetry functions: for one neighbour j, sums over its partners k
// of radial times angular factors, eight functions at a time. Only symmetry_functions_kernel.cpp, compiled once per
// instruction set, includes it.
#pragma once

#include "atoms/symmetry_functions_kernel.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

static_assert(pack % lanes == 0);

/// Rows of `geometry`: cos θ; (u_k − cos θ u_j)/r_ij; (d_j − d_k)/r_jk; r_jk.
enum Geometry { cosine = 0, across = 1, along = 4, distance = 7, geometry_rows = 8 };

/// Neighbours k, consecutive in these arrays, and what they contribute to the sums for the present j.
struct Partners {
  Size count;
  const double* geometry;     // rows as Geometry
  const double *h, *h_slope;  // [m][stride]: h_m(r_ik) [h_m(r_jk)]; h_m(r_ik) h′_m(r_jk)
  Size stride;
};

/// What one k contributes to every radial factor alike: P, and the gradient of P with respect to d_j as far as it comes
/// from θ (across); for narrow functions also P (d_j − d_k)/r_jk (along).
struct Factors {
  Vector value, across[3], along[3];
};
constexpr Size tile = 32;  // neighbours k whose factors are kept at a time: they should stay in the first-level cache

/// ((1 + λ cos θ)/2)^(ζ − 1) of a block's lanes; `bits` binary digits of ζ − 1, −1 for as many as the block says.
template <int bits>
inline Vector power(const AngularBlock& block, Size lane, Vector c) {
  if constexpr (bits == 0) return splat(1.0);
  const double* digit = block.power + lane;
  Vector q = load(digit) * c + load(digit + pack);
  const Size count = bits < 0 ? block.bits : static_cast<Size>(bits);
  for (Size b = 1; b < count; ++b) {
    digit += 2 * pack;
    q = q * q * (load(digit) * c + load(digit + pack));
  }
  return q;
}

/// The same for any ζ ≥ 1.
inline Vector general_power(const AngularBlock& block, Size lane, Vector c) {
  Vector q = load(block.half + lane) * c + 0.5;
  const Vector exponent = load(block.exponent + lane);
  for (Size l = 0; l < lanes; ++l) q[l] = q[l] > 0.0 || exponent[l] == 0.0 ? __builtin_pow(q[l], exponent[l]) : 0.0;
  return q;
}

template <bool narrow, bool slopes, Vector (*raise)(const AngularBlock&, Size, Vector)>
inline void fill(const AngularBlock& block, Size lane, const Partners& k, Size first, Size count, Factors* out) {
  const Vector half = load(block.half + lane), scale = load(block.scale + lane);
  const double* row = k.geometry + first;
  for (Size n = 0; n < count; ++n, ++row) {
    const Vector c = splat(row[cosine * k.stride]);
    const Vector q = raise(block, lane, c);
    const Vector p = q * (half * c + 0.5);
    out[n].value = p;
    if constexpr (!slopes) continue;
    const Vector slope = q * scale;
    for (Size x = 0; x < 3; ++x) {
      out[n].across[x] = slope * row[(across + x) * k.stride];
      if constexpr (narrow) out[n].along[x] = p * row[(along + x) * k.stride];
    }
  }
}

template <bool narrow, bool slopes>
void angular_factors(const AngularBlock& block, Size lane, const Partners& k, Size first, Size count, Factors* out) {
  if (!block.integer) return fill<narrow, slopes, general_power>(block, lane, k, first, count, out);
  switch (block.bits) {
    case 0:
      return fill<narrow, slopes, power<0>>(block, lane, k, first, count, out);
    case 1:
      return fill<narrow, slopes, power<1>>(block, lane, k, first, count, out);
    case 2:
      return fill<narrow, slopes, power<2>>(block, lane, k, first, count, out);
    case 3:
      return fill<narrow, slopes, power<3>>(block, lane, k, first, count, out);
    case 4:
      return fill<narrow, slopes, power<4>>(block, lane, k, first, count, out);
    default:
      return fill<narrow, slopes, power<-1>>(block, lane, k, first, count, out);
  }
}

/// Sums over k for one pack: [0] of h P, [1 … 3] of the gradient with respect to d_j at constant r_ij.
struct Sums {
  Vector at[4];
};

/// Adds `packs` of a block, whose radial factors are weight[b][n].
template <int packs, bool narrow, bool slopes>
inline void add(const double* const* weight, const double* const* weight_slope, const Factors* factors, Size count,
                Sums* sums) {
  constexpr int terms = slopes ? 4 : 1;
  Vector at[packs][terms];
#pragma GCC unroll 4
  for (int b = 0; b < packs; ++b) {
#pragma GCC unroll 4
    for (int t = 0; t < terms; ++t) at[b][t] = sums[b].at[t];
  }
  for (Size n = 0; n < count; ++n) {
    const Factors& k = factors[n];
#pragma GCC unroll 4
    for (int b = 0; b < packs; ++b) {
      const Vector w = splat(weight[b][n]);
      at[b][0] += w * k.value;
      if constexpr (slopes) {
#pragma GCC unroll 3
        for (int x = 0; x < 3; ++x) at[b][1 + x] += w * k.across[x];
      }
      if constexpr (slopes && narrow) {
        const Vector w_slope = splat(weight_slope[b][n]);
#pragma GCC unroll 3
        for (int x = 0; x < 3; ++x) at[b][1 + x] += w_slope * k.along[x];
      }
    }
  }
#pragma GCC unroll 4
  for (int b = 0; b < packs; ++b) {
#pragma GCC unroll 4
    for (int t = 0; t < terms; ++t) sums[b].at[t] = at[b][t];
  }
}

/// All packs of a block that is not mixed, as many at a time as there are registers for their sums.
template <bool narrow, bool slopes>
void add_block(const AngularBlock& block, const Partners& k, Size first, const Factors* factors, Size count,
               Sums* sums) {
  constexpr Size at_once = ADATOM_VECTOR_BYTES == 64 ? 4 : 2;
  const double *weight[4], *weight_slope[4];
  for (Size b = 0; b < block.packs; ++b) {
    weight[b] = k.h + block.radial[b] * k.stride + first;
    weight_slope[b] = k.h_slope + block.radial[b] * k.stride + first;
  }
  for (Size b = 0; b < block.packs; b += at_once) {
    const Size packs = block.packs - b < at_once ? block.packs - b : at_once;
    if (packs == 1) add<1, narrow, slopes>(weight + b, weight_slope + b, factors, count, sums + b);
    if (packs == 2) add<2, narrow, slopes>(weight + b, weight_slope + b, factors, count, sums + b);
    if constexpr (at_once == 4) {
      if (packs == 3) add<3, narrow, slopes>(weight + b, weight_slope + b, factors, count, sums + b);
      if (packs == 4) add<4, narrow, slopes>(weight + b, weight_slope + b, factors, count, sums + b);
    }
  }
}

/// Lane by lane the number of its own m: numbers[m · stride].
inline Vector selected(const AngularBlock& block, Size lane, const double* numbers, Size stride) {
  Vector result = load(block.select + lane) * numbers[block.radial[0] * stride];
  for (Size i = 1; i < block.mixed; ++i) {
    result += load(block.select + i * pack + lane) * numbers[block.radial[i] * stride];
  }
  return result;
}

template <bool narrow, bool slopes>
void add_mixed(const AngularBlock& block, Size lane, const Partners& k, Size first, const Factors* factors, Size count,
               Sums& sums) {
  Sums total = sums;
  for (Size n = 0; n < count; ++n) {
    const Vector w = selected(block, lane, k.h + first + n, k.stride);
    total.at[0] += w * factors[n].value;
    if constexpr (slopes) {
#pragma GCC unroll 3
      for (int x = 0; x < 3; ++x) total.at[1 + x] += w * factors[n].across[x];
    }
    if constexpr (slopes && narrow) {
      const Vector w_slope = selected(block, lane, k.h_slope + first + n, k.stride);
#pragma GCC unroll 3
      for (int x = 0; x < 3; ++x) total.at[1 + x] += w_slope * factors[n].along[x];
    }
  }
  sums = total;
}

}  // namespace
}  // namespace adatom::kernels::ADATOM_LEVEL
