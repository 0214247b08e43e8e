// What this file is: the fused evaluation of symmetry functions for one atom; see symmetry_functions_kernel.hpp for the
// arrangement and symmetry_functions_composed.cpp for the readable twin. Compiled once per instruction set; nothing
// inline of the standard library may be used here.
#include "atoms/symmetry_functions_kernel.hpp"

#include "atoms/symmetry_functions_radial.hpp"
#include "atoms/symmetry_functions_sums.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

// ---- where things are in the workspace ------------------------------------------------------------------------------

struct Work {
  Size stride;
  double *r, *ux, *uy, *uz;       // distance and unit vector of each neighbour
  double *f, *f_slope;            // [cutoff][stride]
  double *h, *h_slope;            // [m][stride]
  double *pair_h, *pair_h_slope;  // [m][stride] h_m(r_ik) h_m(r_jk), and with h′_m(r_jk), for the present j
  double* geometry;               // [8][stride] of the present j with each k: rows as enum Geometry
  double* compact;                // [8][stride] the same for the k in use
};

Work arrange(const CenterPlan& plan, const Surroundings& s) {
  Work w{};
  w.stride = s.stride;
  double* next = s.work;
  const auto take = [&](Size rows) {
    double* const rows_start = next;
    next += rows * s.stride;
    return rows_start;
  };
  w.r = take(1), w.ux = take(1), w.uy = take(1), w.uz = take(1);
  w.f = take(plan.cutoff_count), w.f_slope = take(plan.cutoff_count);
  w.h = take(plan.m_count), w.h_slope = take(plan.m_count);
  w.pair_h = take(plan.m_count), w.pair_h_slope = take(plan.m_count);
  w.geometry = take(geometry_rows), w.compact = take(geometry_rows);
  return w;
}

// ---- what depends on one neighbour ----------------------------------------------------------------------------------

void distances(const CenterPlan& plan, const Surroundings& s, const Work& w) {
  for (Size j = 0; j < s.count; j += lanes) {
    const Vector x = load(s.x + j), y = load(s.y + j), z = load(s.z + j);
    const Vector r = square_root(x * x + y * y + z * z);
    const Vector inverse = 1.0 / r;
    store(w.r + j, r);
    store(w.ux + j, x * inverse), store(w.uy + j, y * inverse), store(w.uz + j, z * inverse);
    for (Size c = 0; c < plan.cutoff_count; ++c) {
      const Pair f = cutoff(plan.cutoff_kind, plan.inner, plan.cutoffs[c], r);
      store(w.f + c * w.stride + j, f.value);
      store(w.f_slope + c * w.stride + j, f.slope);
    }
  }
}

void radial_functions(const CenterPlan& plan, const Surroundings& s, const Work& w) {
  for (Size g = 0; g < plan.radial_group_count; ++g) {
    const RadialGroup& group = plan.radial_groups[g];
    const double *const f = w.f + group.cutoff * w.stride, *const f_slope = w.f_slope + group.cutoff * w.stride;
    for (Size lane = group.first; lane < group.first + group.packs * pack; lane += lanes) {
      const Vector eta = load(plan.eta + lane), shift = load(plan.shift + lane);
      Vector sum = {};
      for (Size place = group.slot; place < 2 * plan.slots; place += plan.slots) {  // near, then far
        for (Size j = s.start[place]; j < s.start[place + 1]; ++j) {
          const Pair term = gaussian(eta, shift, splat(w.r[j]), {splat(f[j]), splat(f_slope[j])});
          sum += term.value;
          if (s.slope != nullptr) store(s.slope + j * plan.radial_width + lane, term.slope);
        }
      }
      store(s.value + lane, sum);
    }
  }
}

/// h_m of every near neighbour.
void radial_factors(const CenterPlan& plan, const Surroundings& s, const Work& w) {
  for (Size m = 0; m < plan.m_count; ++m) {
    const double *const f = w.f + plan.m_cutoff[m] * w.stride, *const f_slope = w.f_slope + plan.m_cutoff[m] * w.stride;
    const Vector eta = splat(plan.m_eta[m]), shift = splat(plan.m_shift[m]);
    for (Size j = 0; j < s.start[plan.slots]; j += lanes) {
      const Pair h = gaussian(eta, shift, load(w.r + j), {load(f + j), load(f_slope + j)});
      store(w.h + m * w.stride + j, h.value);
      store(w.h_slope + m * w.stride + j, h.slope);
    }
  }
}

// ---- what depends on two neighbours ---------------------------------------------------------------------------------

/// The rows of `geometry` for neighbour j with neighbours first … last − 1.
void triangles(const Surroundings& s, const Work& w, bool narrow, Size j, Size first, Size last) {
  const double inverse = 1.0 / w.r[j];
  for (Size k = first / lanes * lanes; k < last; k += lanes) {
    const Vector ux = load(w.ux + k), uy = load(w.uy + k), uz = load(w.uz + k);
    const Vector c = limited(ux * w.ux[j] + uy * w.uy[j] + uz * w.uz[j], -1.0, 1.0);
    double* const row = w.geometry + k;
    store(row + cosine * w.stride, c);
    store(row + across * w.stride, (ux - c * w.ux[j]) * inverse);
    store(row + (across + 1) * w.stride, (uy - c * w.uy[j]) * inverse);
    store(row + (across + 2) * w.stride, (uz - c * w.uz[j]) * inverse);
    if (!narrow) continue;
    const Vector x = s.x[j] - load(s.x + k), y = s.y[j] - load(s.y + k), z = s.z[j] - load(s.z + k);
    const Vector r = square_root(larger(x * x + y * y + z * z, splat(1e-300)));  // never 0, also for k = j
    const Vector inverse_jk = 1.0 / r;
    store(row + along * w.stride, x * inverse_jk);
    store(row + (along + 1) * w.stride, y * inverse_jk);
    store(row + (along + 2) * w.stride, z * inverse_jk);
    store(row + distance * w.stride, r);
  }
}

/// Adds the sums for neighbour j, times its own radial factor, to the values; stores the derivatives.
template <bool slopes>
inline void finish(const CenterPlan& plan, const Surroundings& s, const Work& w, Size j, Size lane, Vector h,
                   Vector h_slope, const Sums& sums) {
  // With derivatives every pair is met twice, once from each side.
  const double counted = slopes ? 1.0 : 2.0;
  store(s.value + lane, load(s.value + lane) + counted * h * sums.at[0]);
  if constexpr (slopes) {
    const Vector outward = 2.0 * h_slope * sums.at[0];
    const Vector twice = 2.0 * h;
    double* const out = s.derivative + 3 * j * plan.angular_width + lane - plan.radial_width;
    store(out, outward * w.ux[j] + twice * sums.at[1]);
    store(out + plan.angular_width, outward * w.uy[j] + twice * sums.at[2]);
    store(out + 2 * plan.angular_width, outward * w.uz[j] + twice * sums.at[3]);
  }
}

/// One block for neighbour j: the sums over all partners, a tile at a time, then times what depends on j alone.
template <bool narrow, bool slopes>
void evaluate(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularBlock& block, Size lane,
              Size j, const Partners* parts, Size part_count) {
  Sums sums[4] = {};
  Factors factors[tile];
  for (Size part = 0; part < part_count; ++part) {
    const Partners& k = parts[part];
    for (Size first = 0; first < k.count; first += tile) {
      const Size count = k.count - first < tile ? k.count - first : tile;
      angular_factors<narrow, slopes>(block, lane, k, first, count, factors);
      if (block.mixed > 0) {
        add_mixed<narrow, slopes>(block, lane, k, first, factors, count, sums[0]);
      } else {
        add_block<narrow, slopes>(block, k, first, factors, count, sums);
      }
    }
  }
  if (block.mixed > 0) {
    finish<slopes>(plan, s, w, j, block.first + lane, selected(block, lane, w.h + j, w.stride),
                   selected(block, lane, w.h_slope + j, w.stride), sums[0]);
    return;
  }
  for (Size b = 0; b < block.packs; ++b) {
    const Size at = block.radial[b] * w.stride + j;
    finish<slopes>(plan, s, w, j, block.first + b * pack + lane, splat(w.h[at]), splat(w.h_slope[at]), sums[b]);
  }
}

template <bool narrow, bool slopes>
void blocks(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularGroup& group, Size j,
            const Partners* parts, Size part_count) {
  for (Size b = 0; b < group.block_count; ++b) {
    for (Size lane = 0; lane < pack; lane += lanes) {
      evaluate<narrow, slopes>(plan, s, w, group.blocks[b], lane, j, parts, part_count);
    }
  }
}

/// Neighbours first … last − 1 where they lie.
Partners in_place(const Work& w, Size first, Size last) {
  return {last - first, w.geometry + first, w.h + first, w.h_slope + first, w.stride};
}

/// The rows of geometry that narrow functions need: all, or without derivatives cos θ and r_jk.
template <bool slopes>
constexpr bool needs(int row) {
  return slopes || row == cosine || row == distance;
}

/// The partners among first … last − 1, j excepted, with r_jk below the cutoff: copies their geometry and h_m to the
/// front of `compact` and `pair_h`. Returns how many there are.
template <bool slopes>
Size pick(const CenterPlan& plan, [[maybe_unused]] const Surroundings& s, const Work& w, const AngularGroup& group,
          Size j, Size first, Size last) {
  const double radius = plan.cutoffs[group.cutoff];
  const double* const r = w.geometry + distance * w.stride;
  Size count = 0;
#if ADATOM_VECTOR_BYTES == 64 && defined(__AVX512VL__)
  const Integers ramp = {0, 1, 2, 3, 4, 5, 6, 7};
  for (Size k = first / lanes * lanes; k < last; k += lanes) {
    const Integers index = ramp + static_cast<long long>(k);
    const auto wanted = (load(r + k) < radius) & (index != static_cast<long long>(j)) &
                        (index >= static_cast<long long>(first)) & (index < static_cast<long long>(last));
    const auto mask = static_cast<__mmask8>(_mm512_movepi64_mask((__m512i)wanted));
    const auto append = [&](double* to, const double* from) {  // zeros follow; the next round overwrites them
      store(to + count, (Vector)_mm512_maskz_compress_pd(mask, (__m512d)load(from + k)));
    };
    for (int row = 0; row < geometry_rows; ++row) {
      if (needs<slopes>(row)) append(w.compact + row * w.stride, w.geometry + row * w.stride);
    }
    for (Size i = 0; i < group.radial_count; ++i) {
      append(w.pair_h + group.radials[i] * w.stride, w.h + group.radials[i] * w.stride);
    }
    count += static_cast<Size>(__builtin_popcount(mask));
  }
#else
  for (Size k = first; k < last; ++k) {
    s.list[count] = static_cast<std::uint32_t>(k);
    count += static_cast<Size>((r[k] < radius) & (k != j));
  }
  const auto copy = [&](double* to, const double* from) {
    for (Size n = 0; n < count; ++n) to[n] = from[s.list[n]];
  };
  for (int row = 0; row < geometry_rows; ++row) {
    if (needs<slopes>(row)) copy(w.compact + row * w.stride, w.geometry + row * w.stride);
  }
  for (Size i = 0; i < group.radial_count; ++i) {
    copy(w.pair_h + group.radials[i] * w.stride, w.h + group.radials[i] * w.stride);
  }
#endif
  return count;
}

/// pair_h and pair_h_slope of `count` partners from h_m(r_ik), in pair_h, and r_jk. Whole vectors: lanes beyond the
/// last partner hold anything, and nobody reads them.
void pair_factors(const CenterPlan& plan, const AngularGroup& group, const Work& w, Size count) {
  for (Size n = 0; n < count; n += lanes) {
    const Vector distance_jk = load(w.compact + distance * w.stride + n);
    const Pair f = cutoff(plan.cutoff_kind, plan.inner, plan.cutoffs[group.cutoff], distance_jk);
    for (Size i = 0; i < group.radial_count; ++i) {
      const Size m = group.radials[i];
      const Vector h_ik = load(w.pair_h + m * w.stride + n);
      const Pair h_jk = gaussian(splat(plan.m_eta[m]), splat(plan.m_shift[m]), distance_jk, f);
      store(w.pair_h + m * w.stride + n, h_ik * h_jk.value);
      store(w.pair_h_slope + m * w.stride + n, h_ik * h_jk.slope);
    }
  }
}

/// Neighbour j with partners first … last − 1 (j itself excepted), wide functions: in two parts, before and after j.
template <bool slopes>
void wide(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularGroup& group, Size j, Size first,
          Size last) {
  const bool inside = first <= j && j < last;
  const Partners parts[2] = {in_place(w, first, inside ? j : last), in_place(w, inside ? j + 1 : last, last)};
  blocks<false, slopes>(plan, s, w, group, j, parts, inside ? 2 : 1);
}

/// The same for narrow functions, which need r_jk below the cutoff: partners farther away are left out.
template <bool slopes>
void narrow(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularGroup& group, Size j, Size first,
            Size last) {
  const Size count = pick<slopes>(plan, s, w, group, j, first, last);
  pair_factors(plan, group, w, count);
  const Partners part = {count, w.compact, w.pair_h, w.pair_h_slope, w.stride};
  blocks<true, slopes>(plan, s, w, group, j, &part, 1);
}

template <bool slopes>
void pair_of(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularGroup& group, Size j,
             Size partner) {
  Size first = s.start[partner];
  const Size last = s.start[partner + 1];
  if (!slopes && group.slot1 == group.slot2) first = j + 1;  // each pair once
  if (group.narrow) {
    narrow<slopes>(plan, s, w, group, j, first, last);
  } else {
    wide<slopes>(plan, s, w, group, j, first, last);
  }
}

template <bool slopes>
void angular_functions(const CenterPlan& plan, const Surroundings& s, const Work& w) {
  for (Size slot = 0; slot < plan.slots; ++slot) {
    for (Size j = s.start[slot]; j < s.start[slot + 1]; ++j) {
      // Without derivatives each pair is met from its first member only.
      triangles(s, w, plan.any_narrow, j, slopes ? 0 : j + 1, s.start[plan.slots]);
      for (Size g = 0; g < plan.angular_group_count; ++g) {
        const AngularGroup& group = plan.angular_groups[g];
        if (group.slot1 == slot) {
          pair_of<slopes>(plan, s, w, group, j, group.slot2);
        } else if (slopes && group.slot2 == slot) {
          pair_of<slopes>(plan, s, w, group, j, group.slot1);
        }
      }
    }
  }
}

/// Angular functions do not depend on far neighbours.
void clear_far(const CenterPlan& plan, const Surroundings& s) {
  const Size first = 3 * s.start[plan.slots] * plan.angular_width, last = 3 * s.count * plan.angular_width;
  for (Size n = first; n < last; ++n) s.derivative[n] = 0.0;
}

void describe(const CenterPlan& plan, const Surroundings& s) {
  const Work w = arrange(plan, s);
  for (Size lane = 0; lane < plan.radial_width + plan.angular_width; ++lane) s.value[lane] = 0.0;
  distances(plan, s, w);
  radial_functions(plan, s, w);
  if (plan.angular_group_count == 0) return;
  radial_factors(plan, s, w);
  if (s.derivative != nullptr) {
    angular_functions<true>(plan, s, w);
    clear_far(plan, s);
  } else {
    angular_functions<false>(plan, s, w);
  }
}

}  // namespace

extern const SymmetryFunctionTable symmetry_function_table;
const SymmetryFunctionTable symmetry_function_table = {describe};

}  // namespace adatom::kernels::ADATOM_LEVEL
