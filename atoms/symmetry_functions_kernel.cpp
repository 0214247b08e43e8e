// What this file is: the fused evaluation of symmetry functions for one atom; see symmetry_functions_kernel.hpp for the
// arrangement and symmetry_functions_composed.cpp for the readable twin. Compiled once per instruction set; nothing
// inline of the standard library may be used here.
#include "atoms/symmetry_functions_kernel.hpp"

#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

static_assert(pack % lanes == 0);

struct Pair {
  Vector value, slope;
};

// ---- functions of a vector ------------------------------------------------------------------------------------------

/// eˣ for x ≤ 0 (0 below −708), to 1 ulp: 2ⁿ e^s with |s| ≤ ln 2 / 2 and the Taylor series of e^s.
inline Vector exp_negative(Vector x) {
  const Vector shifted = x * 1.4426950408889634 + 0x1.8p52;  // adding 1.5 · 2⁵² rounds to an integer
  const Vector n = shifted - 0x1.8p52;
  const Vector s = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;
  Vector p = splat(1.0 / 479001600.0);
  p = p * s + 1.0 / 39916800.0;
  p = p * s + 1.0 / 3628800.0;
  p = p * s + 1.0 / 362880.0;
  p = p * s + 1.0 / 40320.0;
  p = p * s + 1.0 / 5040.0;
  p = p * s + 1.0 / 720.0;
  p = p * s + 1.0 / 120.0;
  p = p * s + 1.0 / 24.0;
  p = p * s + 1.0 / 6.0;
  p = p * s + 0.5;
  p = p * s + 1.0;
  p = p * s + 1.0;
  const Vector power = from_bits((bits(shifted) + 1023) << 52);
  return choose(x > -708.0, p * power, Vector{});
}

/// sin a and cos a for 0 ≤ a ≤ π/2, Taylor series.
struct SineCosine {
  Vector sine, cosine;
};
inline SineCosine sine_cosine(Vector a) {
  const Vector t = a * a;
  Vector s = splat(-1.0 / 51090942171709440000.0);
  s = s * t + 1.0 / 121645100408832000.0;
  s = s * t - 1.0 / 355687428096000.0;
  s = s * t + 1.0 / 1307674368000.0;
  s = s * t - 1.0 / 6227020800.0;
  s = s * t + 1.0 / 39916800.0;
  s = s * t - 1.0 / 362880.0;
  s = s * t + 1.0 / 5040.0;
  s = s * t - 1.0 / 120.0;
  s = s * t + 1.0 / 6.0;
  Vector c = splat(-1.0 / 1124000727777607680000.0);
  c = c * t + 1.0 / 2432902008176640000.0;
  c = c * t - 1.0 / 6402373705728000.0;
  c = c * t + 1.0 / 20922789888000.0;
  c = c * t - 1.0 / 87178291200.0;
  c = c * t + 1.0 / 479001600.0;
  c = c * t - 1.0 / 3628800.0;
  c = c * t + 1.0 / 40320.0;
  c = c * t - 1.0 / 720.0;
  c = c * t + 1.0 / 24.0;
  c = c * t - 0.5;
  return {a - a * t * s, c * t + 1.0};
}

inline Vector limited(Vector x, double low, double high) { return smaller(larger(x, splat(low)), splat(high)); }

/// The cutoff function in the form of cutoff_functions.cpp, `rise`: f and df/dr with y = 1 − x.
inline Pair cutoff(CutoffKind kind, double inner, double radius, Vector r) {
  if (kind == CutoffKind::tanh_cubed || kind == CutoffKind::tanh_cubed_normalized) inner = 0.0;
  const double inverse = 1.0 / (radius - inner * radius);
  const Vector y = limited((radius - r) * inverse, 0.0, 1.0);
  const Vector u = y * (1.0 - y);
  Vector f = {}, slope = {};
  switch (kind) {
    case CutoffKind::hard: f = choose(y > 0.0, splat(1.0), Vector{}); break;
    case CutoffKind::cosine: {
      const SineCosine a = sine_cosine(y * 1.5707963267948966);
      f = a.sine * a.sine;
      slope = 3.141592653589793 * a.sine * a.cosine;
      break;
    }
    case CutoffKind::tanh_cubed:
    case CutoffKind::tanh_cubed_normalized: {
      constexpr double tanh_1 = 0.76159415595576488812;
      const double scale = kind == CutoffKind::tanh_cubed ? 1.0 : 1.0 / (tanh_1 * tanh_1 * tanh_1);
      const Vector e = exp_negative(-2.0 * y);
      const Vector t = (1.0 - e) / (1.0 + e);
      f = scale * t * t * t;
      slope = (3.0 * scale) * t * t * (1.0 - t * t);
      break;
    }
    case CutoffKind::exponential: {
      const Vector d = larger(y * (2.0 - y), splat(1e-3));
      f = exp_negative(1.0 - 1.0 / d);
      slope = f * 2.0 * (1.0 - y) / (d * d);
      break;
    }
    case CutoffKind::polynomial1:
      f = y * y * (3.0 - 2.0 * y);
      slope = 6.0 * u;
      break;
    case CutoffKind::polynomial2:
      f = y * y * y * ((6.0 * y - 15.0) * y + 10.0);
      slope = 30.0 * u * u;
      break;
    case CutoffKind::polynomial3:
      f = y * y * y * y * (((-20.0 * y + 70.0) * y - 84.0) * y + 35.0);
      slope = 140.0 * u * u * u;
      break;
    case CutoffKind::polynomial4:
      f = y * y * y * y * y * ((((70.0 * y - 315.0) * y + 540.0) * y - 420.0) * y + 126.0);
      slope = 630.0 * (u * u) * (u * u);
      break;
  }
  return {f, slope * -inverse};
}

/// exp(−η(r − r_s)²) f and its derivative, given f and df/dr.
inline Pair gaussian(Vector eta, Vector shift, Vector r, Pair f) {
  const Vector d = r - shift;
  const Vector e = exp_negative(-eta * d * d);
  return {e * f.value, e * (f.slope - 2.0 * eta * d * f.value)};
}

// ---- where things are in the workspace ------------------------------------------------------------------------------

struct Work {
  Size stride;
  double *r, *ux, *uy, *uz;       // distance and unit vector of each neighbour
  double *f, *f_slope;            // [cutoff][stride]
  double *h, *h_slope;            // [m][stride]
  double *pair_h, *pair_h_slope;  // [m][stride] h_m(r_ik) h_m(r_jk), and with h′_m(r_jk), for the present j
  double *mixed, *mixed_slope;    // [neighbour][mixed lanes]
  double* geometry;               // [8][stride] of the present j with each k, see Geometry
  double* compact;                // [8][stride] the same for the k in use
  double *pair_f, *pair_f_slope;  // f_c(r_jk)
};

/// Rows of `geometry`: cos θ; (u_k − cos θ u_j)/r_ij; (d_j − d_k)/r_jk; r_jk.
enum Geometry { cosine = 0, across = 1, along = 4, distance = 7, geometry_rows = 8 };

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
  w.mixed = take(plan.mixed), w.mixed_slope = take(plan.mixed);
  w.geometry = take(geometry_rows), w.compact = take(geometry_rows);
  w.pair_f = take(1), w.pair_f_slope = take(1);
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
      for (Size j = s.start[group.slot]; j < s.start[group.slot + 1]; ++j) {
        const Pair term = gaussian(eta, shift, splat(w.r[j]), {splat(f[j]), splat(f_slope[j])});
        sum += term.value;
        if (s.derivative != nullptr) {
          double* const out = s.derivative + 3 * j * plan.width + lane;
          store(out, term.slope * w.ux[j]);
          store(out + plan.width, term.slope * w.uy[j]);
          store(out + 2 * plan.width, term.slope * w.uz[j]);
        }
      }
      store(s.value + lane, sum);
    }
  }
}

/// h_m of every neighbour, and spread over the lanes of mixed packs.
void radial_factors(const CenterPlan& plan, const Surroundings& s, const Work& w) {
  for (Size m = 0; m < plan.m_count; ++m) {
    const double *const f = w.f + plan.m_cutoff[m] * w.stride, *const f_slope = w.f_slope + plan.m_cutoff[m] * w.stride;
    const Vector eta = splat(plan.m_eta[m]), shift = splat(plan.m_shift[m]);
    for (Size j = 0; j < s.count; j += lanes) {
      const Pair h = gaussian(eta, shift, load(w.r + j), {load(f + j), load(f_slope + j)});
      store(w.h + m * w.stride + j, h.value);
      store(w.h_slope + m * w.stride + j, h.slope);
    }
  }
  if (plan.mixed == 0) return;
  for (Size j = 0; j < s.count; ++j) {
    for (Size l = 0; l < plan.mixed; ++l) {
      w.mixed[j * plan.mixed + l] = w.h[plan.mixed_m[l] * w.stride + j];
      w.mixed_slope[j * plan.mixed + l] = w.h_slope[plan.mixed_m[l] * w.stride + j];
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

/// Neighbours k, consecutive in these arrays, and what they contribute to the sums for the present j.
struct Partners {
  Size count;
  const double* geometry;  // rows as Geometry
  const double *h, *h_slope;          // [m][stride]: h_m(r_ik) [h_m(r_jk)]; h_m(r_ik) h′_m(r_jk)
  const double *mixed, *pair_f, *pair_f_slope;  // mixed: [neighbour][mixed lanes], of neighbour list[n] or first + n
  const std::uint32_t* list;
  Size stride;
};

/// ((1 + λ cos θ)/2)^(ζ − 1) of a block's lanes.
inline Vector power(const AngularBlock& block, Size lane, Vector c) {
  if (block.integer) {
    if (block.bits == 0) return splat(1.0);
    const double* digit = block.power + lane;
    Vector q = load(digit) * c + load(digit + pack);
    for (Size b = 1; b < block.bits; ++b) {
      digit += 2 * pack;
      q = q * q * (load(digit) * c + load(digit + pack));
    }
    return q;
  }
  Vector q = load(block.half + lane) * c + 0.5;
  const Vector exponent = load(block.exponent + lane);
  for (Size l = 0; l < lanes; ++l) q[l] = q[l] > 0.0 ? __builtin_pow(q[l], exponent[l]) : (exponent[l] > 0.0 ? 0.0 : 1.0);
  return q;
}

/// Sums over k for `count` packs of one block: [0] of h P, [1 … 3] of the gradient with respect to d_j at constant r_ij.
template <int count, bool slopes>
struct Sums {
  Vector at[count][slopes ? 4 : 1];
};

template <int count, bool narrow, bool slopes>
inline void add(const AngularBlock& block, Size first_pack, Size lane, const Partners& k, Sums<count, slopes>& sums) {
  const Vector half = load(block.half + lane), scale = load(block.scale + lane);
  const double *weight[count], *weight_slope[count];
  for (int b = 0; b < count; ++b) {
    weight[b] = k.h + block.radial[first_pack + b] * k.stride;
    weight_slope[b] = k.h_slope + block.radial[first_pack + b] * k.stride;
  }
  for (Size n = 0; n < k.count; ++n) {
    const double* const row = k.geometry + n;
    const Vector c = splat(row[cosine * k.stride]);
    Vector q = power(block, lane, c);
    const Vector p = q * (half * c + 0.5);
    if constexpr (!slopes) {
      for (int b = 0; b < count; ++b) sums.at[b][0] += weight[b][n] * p;
      continue;
    }
    q *= scale;
    const Vector qx = q * row[across * k.stride], qy = q * row[(across + 1) * k.stride],
                 qz = q * row[(across + 2) * k.stride];
    Vector px = {}, py = {}, pz = {};
    if constexpr (narrow) {
      px = p * row[along * k.stride], py = p * row[(along + 1) * k.stride], pz = p * row[(along + 2) * k.stride];
    }
    for (int b = 0; b < count; ++b) {
      const Vector w = splat(weight[b][n]);
      sums.at[b][0] += w * p;
      if constexpr (slopes) {  // always true here; keeps the shorter arrays of the other case out of range checks
        sums.at[b][1] += w * qx, sums.at[b][2] += w * qy, sums.at[b][3] += w * qz;
        if constexpr (narrow) {
          const Vector w_slope = splat(weight_slope[b][n]);
          sums.at[b][1] += w_slope * px, sums.at[b][2] += w_slope * py, sums.at[b][3] += w_slope * pz;
        }
      }
    }
  }
}

/// The same for a mixed pack, whose lanes have their own η and r_s.
template <bool narrow, bool slopes>
inline void add_mixed(const CenterPlan& plan, const AngularBlock& block, Size lane, const Partners& k,
                      Sums<1, slopes>& sums) {
  const Size own = block.mixed_first + lane;
  const Vector half = load(block.half + lane), scale = load(block.scale + lane);
  const Vector eta = load(plan.mixed_eta + own), shift = load(plan.mixed_shift + own);
  for (Size n = 0; n < k.count; ++n) {
    const double* const row = k.geometry + n;
    const Vector c = splat(row[cosine * k.stride]);
    const Vector q = power(block, lane, c);
    const Vector p = q * (half * c + 0.5);
    const Size neighbor = k.list != nullptr ? k.list[n] : n;
    Vector w = load(k.mixed + neighbor * plan.mixed + own), w_slope = {};
    if constexpr (narrow) {
      const Pair h =
          gaussian(eta, shift, splat(row[distance * k.stride]), {splat(k.pair_f[n]), splat(k.pair_f_slope[n])});
      w_slope = w * h.slope * p;
      w *= h.value;
    }
    sums.at[0][0] += w * p;
    if constexpr (slopes) {
      w *= q * scale;
      for (Size x = 0; x < 3; ++x) {
        sums.at[0][1 + x] += w * row[(across + x) * k.stride];
        if constexpr (narrow) sums.at[0][1 + x] += w_slope * row[(along + x) * k.stride];
      }
    }
  }
}

/// Adds the sums for neighbour j, times its own radial factor, to the values; stores the derivatives.
template <bool slopes>
inline void finish(const CenterPlan& plan, const Surroundings& s, const Work& w, Size j, Size lane, Vector h,
                   Vector h_slope, const Vector* sum) {
  // With derivatives every pair is met twice, once from each side.
  const double counted = slopes ? 1.0 : 2.0;
  store(s.value + lane, load(s.value + lane) + counted * h * sum[0]);
  if constexpr (slopes) {
    const Vector outward = 2.0 * h_slope * sum[0];
    const Vector twice = 2.0 * h;
    double* const out = s.derivative + 3 * j * plan.width + lane;
    store(out, outward * w.ux[j] + twice * sum[1]);
    store(out + plan.width, outward * w.uy[j] + twice * sum[2]);
    store(out + 2 * plan.width, outward * w.uz[j] + twice * sum[3]);
  }
}

template <int count, bool narrow, bool slopes>
void packs(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularBlock& block, Size first_pack,
           Size j, const Partners* parts, Size part_count) {
  for (Size lane = 0; lane < pack; lane += lanes) {
    Sums<count, slopes> sums = {};
    for (Size n = 0; n < part_count; ++n) add<count, narrow, slopes>(block, first_pack, lane, parts[n], sums);
    for (int b = 0; b < count; ++b) {
      const Size m = block.radial[first_pack + b];
      finish<slopes>(plan, s, w, j, block.first + (first_pack + b) * pack + lane, splat(w.h[m * w.stride + j]),
                     splat(w.h_slope[m * w.stride + j]), sums.at[b]);
    }
  }
}

template <bool narrow, bool slopes>
void mixed_pack(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularBlock& block, Size j,
                const Partners* parts, Size part_count) {
  for (Size lane = 0; lane < pack; lane += lanes) {
    Sums<1, slopes> sums = {};
    for (Size n = 0; n < part_count; ++n) add_mixed<narrow, slopes>(plan, block, lane, parts[n], sums);
    const Size own = j * plan.mixed + block.mixed_first + lane;
    finish<slopes>(plan, s, w, j, block.first + lane, load(w.mixed + own), load(w.mixed_slope + own), sums.at[0]);
  }
}

template <bool narrow, bool slopes>
void blocks(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularGroup& group, Size j,
            const Partners* parts, Size part_count) {
  constexpr Size at_once = ADATOM_VECTOR_BYTES == 64 ? 4 : 2;  // as many sums as there are registers for
  for (Size b = 0; b < group.block_count; ++b) {
    const AngularBlock& block = group.blocks[b];
    if (block.mixed) {
      mixed_pack<narrow, slopes>(plan, s, w, block, j, parts, part_count);
      continue;
    }
    for (Size first = 0; first < block.packs; first += at_once) {
      const Size count = block.packs - first < at_once ? block.packs - first : at_once;
      if (count == 1) packs<1, narrow, slopes>(plan, s, w, block, first, j, parts, part_count);
      if (count == 2) packs<2, narrow, slopes>(plan, s, w, block, first, j, parts, part_count);
      if constexpr (at_once == 4) {
        if (count == 3) packs<3, narrow, slopes>(plan, s, w, block, first, j, parts, part_count);
        if (count == 4) packs<4, narrow, slopes>(plan, s, w, block, first, j, parts, part_count);
      }
    }
  }
}

/// Neighbours first … last − 1 where they lie.
Partners in_place(const CenterPlan& plan, const Work& w, bool narrow, Size first, Size last) {
  const double* const h = narrow ? w.pair_h : w.h;
  return {last - first, w.geometry + first, h + first, w.pair_h_slope + first, w.mixed + first * plan.mixed,
          w.pair_f + first, w.pair_f_slope + first, nullptr, w.stride};
}

/// Copies the geometry and h_m of the listed neighbours to the front of `compact` and `pair_h`.
void pick(const AngularGroup& group, const Surroundings& s, const Work& w, Size count) {
  for (Size row = 0; row < geometry_rows; ++row) {
    const double* const from = w.geometry + row * w.stride;
    double* const to = w.compact + row * w.stride;
    for (Size n = 0; n < count; ++n) to[n] = from[s.list[n]];
  }
  for (Size i = 0; i < group.radial_count; ++i) {
    const double* const from = w.h + group.radials[i] * w.stride;
    double* const to = w.pair_h + group.radials[i] * w.stride;
    for (Size n = 0; n < count; ++n) to[n] = from[s.list[n]];
  }
}

/// pair_h and pair_h_slope from h_m(r_ik) in `h` and r_jk, positions first … last − 1.
void pair_factors(const CenterPlan& plan, const AngularGroup& group, const Work& w, const double* r, const double* h,
                  Size first, Size last) {
  for (Size n = first / lanes * lanes; n < last; n += lanes) {
    const Vector distance_jk = load(r + n);
    const Pair f = cutoff(plan.cutoff_kind, plan.inner, plan.cutoffs[group.cutoff], distance_jk);
    store(w.pair_f + n, f.value);
    store(w.pair_f_slope + n, f.slope);
    for (Size i = 0; i < group.radial_count; ++i) {
      const Size m = group.radials[i];
      const Vector h_ik = load(h + m * w.stride + n);
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
  const Partners parts[2] = {in_place(plan, w, false, first, inside ? j : last),
                             in_place(plan, w, false, inside ? j + 1 : last, last)};
  blocks<false, slopes>(plan, s, w, group, j, parts, inside ? 2 : 1);
}

/// The same for narrow functions, which need r_jk below the cutoff: partners farther away are left out.
template <bool slopes>
void narrow(const CenterPlan& plan, const Surroundings& s, const Work& w, const AngularGroup& group, Size j, Size first,
            Size last) {
  const double radius = plan.cutoffs[group.cutoff];
  const double* const r = w.geometry + distance * w.stride;
  Size count = 0;
  for (Size k = first; k < last; ++k) {
    s.list[count] = static_cast<std::uint32_t>(k);
    count += static_cast<Size>((r[k] < radius) & (k != j));
  }
  for (Size n = count; n < (count + lanes - 1) / lanes * lanes; ++n) s.list[n] = static_cast<std::uint32_t>(j);
  pick(group, s, w, (count + lanes - 1) / lanes * lanes);
  pair_factors(plan, group, w, w.compact + distance * w.stride, w.pair_h, 0, count);
  const Partners part = {count, w.compact, w.pair_h, w.pair_h_slope, w.mixed, w.pair_f, w.pair_f_slope, s.list, w.stride};
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
      triangles(s, w, plan.any_narrow, j, 0, s.count);
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

void describe(const CenterPlan& plan, const Surroundings& s) {
  const Work w = arrange(plan, s);
  for (Size lane = 0; lane < plan.width; ++lane) s.value[lane] = 0.0;
  distances(plan, s, w);
  radial_functions(plan, s, w);
  if (plan.angular_group_count == 0) return;
  radial_factors(plan, s, w);
  if (s.derivative != nullptr) {
    angular_functions<true>(plan, s, w);
  } else {
    angular_functions<false>(plan, s, w);
  }
}

}  // namespace

extern const SymmetryFunctionTable symmetry_function_table;
const SymmetryFunctionTable symmetry_function_table = {describe};

}  // namespace adatom::kernels::ADATOM_LEVEL
