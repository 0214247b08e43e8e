// What this file is: the inner loops of descriptor_pulls.cpp, compiled once per instruction set (see adatom_add_kernel in
// cmake/AdatomLibrary.cmake). The interface and the arrangement stand in descriptor_pulls_kernel.hpp.
#include "potentials/descriptor_pulls_kernel.hpp"

#include "atoms/symmetry_functions_radial.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

// ---- where things are in the workspace ------------------------------------------------------------------------------

constexpr Size tile = pull_tile;  // vectors of neighbours handled together

struct Work {
  Size stride;
  double *r, *inverse, *ux, *uy, *uz;  // distance, 1/r and unit vector of each neighbour
  double *f, *f_slope;                 // [cutoff][stride]
  double *h, *h_slope;                 // [factor][stride]
  double* powers;                      // [slot][tile][lanes] of the present pairs
  double* weights;
};

Work arrange(const PullPlan& plan, const PullAtom& atom) {
  Work w{};
  w.stride = atom.stride;
  double* next = atom.work;
  const auto take = [&](Size count) {
    double* const start = next;
    next += count;
    return start;
  };
  w.r = take(w.stride), w.inverse = take(w.stride);
  w.ux = take(w.stride), w.uy = take(w.stride), w.uz = take(w.stride);
  w.f = take(plan.cutoff_count * w.stride), w.f_slope = take(plan.cutoff_count * w.stride);
  w.h = take(plan.factor_count * w.stride), w.h_slope = take(plan.factor_count * w.stride);
  w.powers = take(plan.power_slots * tile * 8);
  w.weights = take(plan.weight_count);
  return w;
}

// ---- what depends on one neighbour ----------------------------------------------------------------------------------

void distances(const PullPlan& plan, const PullAtom& atom, const Work& w) {
  for (Size j = 0; j < w.stride; j += lanes) {
    const Vector x = load(atom.x + j), y = load(atom.y + j), z = load(atom.z + j);
    const Vector r = square_root(x * x + y * y + z * z);
    const Vector inverse = 1.0 / r;
    store(w.r + j, r), store(w.inverse + j, inverse);
    store(w.ux + j, x * inverse), store(w.uy + j, y * inverse), store(w.uz + j, z * inverse);
    for (Size c = 0; c < plan.cutoff_count; ++c) {
      const Pair f = cutoff(plan.cutoff_kind, plan.inner, plan.cutoffs[c], r);
      store(w.f + c * w.stride + j, f.value), store(w.f_slope + c * w.stride + j, f.slope);
    }
  }
}

/// Sets the pulls to those of the radial functions.
void pull_radially(const PullPlan& plan, const PullAtom& atom, const Work& w) {
  for (Size place = 0; place < 2 * plan.slots; ++place) {
    const Size slot = place % plan.slots;
    for (Size j = atom.first[place]; j < atom.first[place] + atom.count[place]; j += lanes) {
      const Vector r = load(w.r + j);
      Vector outward = {};
      for (Size k = 0; k < plan.radial_count; ++k) {
        const PullRadial& g = plan.radials[k];
        if (g.slot != slot) continue;
        const double* const f = w.f + g.cutoff * w.stride + j;
        const double* const f_slope = w.f_slope + g.cutoff * w.stride + j;
        outward += atom.weights[g.function] * gaussian(splat(g.eta), splat(g.shift), r, {load(f), load(f_slope)}).slope;
      }
      store(atom.gx + j, outward * load(w.ux + j));
      store(atom.gy + j, outward * load(w.uy + j));
      store(atom.gz + j, outward * load(w.uz + j));
    }
  }
}

/// h_m of every near neighbour.
void radial_factors(const PullPlan& plan, const PullAtom& atom, const Work& w) {
  for (Size slot = 0; slot < plan.slots; ++slot) {
    for (Size j = atom.first[slot]; j < atom.first[slot] + atom.count[slot]; j += lanes) {
      const Vector r = load(w.r + j);
      for (Size m = 0; m < plan.factor_count; ++m) {
        const PullFactor& factor = plan.factors[m];
        const double* const f = w.f + factor.cutoff * w.stride + j;
        const double* const f_slope = w.f_slope + factor.cutoff * w.stride + j;
        const Pair h = gaussian(splat(factor.eta), splat(factor.shift), r, {load(f), load(f_slope)});
        store(w.h + m * w.stride + j, h.value), store(w.h_slope + m * w.stride + j, h.slope);
      }
    }
  }
}

void set_weights(const PullPlan& plan, const PullAtom& atom, const Work& w) {
  for (Size n = 0; n < plan.weight_count; ++n) w.weights[n] = 0.0;
  for (Size t = 0; t < plan.term_count; ++t) {
    const PullTerm& term = plan.terms[t];
    const double weight = atom.weights[term.function];
    w.weights[term.weight] = 2.0 * weight;
    w.weights[term.slope_weight] = weight * term.slope;
  }
}

// ---- what depends on two neighbours ---------------------------------------------------------------------------------

/// All powers that a group needs for the pairs with these cos θ: step by step for several vectors at a time, since one step
/// has to wait for another.
inline void raise(const PullPlan& plan, const PullGroup& group, const Vector (&c)[tile], Size count, double* powers) {
  const auto slot = [&](Size number) { return powers + number * tile * lanes; };
  const PullBase* const bases = plan.bases + group.first_base;
  for (Size b = 0; b < group.bases; ++b) {
    double* const x = slot(bases[b].slot);
    for (Size t = 0; t < count; ++t) store(x + t * lanes, bases[b].half_lambda * c[t] + 0.5);
  }
  const PullPower* const steps = plan.powers + group.first_power;
  for (Size n = 0; n < group.powers; ++n) {
    const PullPower& p = steps[n];
    double* const out = slot(p.slot);
    const double *const left = slot(p.left), *const right = slot(p.right);
    if (p.exponent == 0.0) {
      for (Size t = 0; t < count; ++t) store(out + t * lanes, load(left + t * lanes) * load(right + t * lanes));
    } else {
      for (Size i = 0; i < count * lanes; ++i) out[i] = left[i] > 0.0 ? __builtin_pow(left[i], p.exponent) : 0.0;
    }
  }
}

/// What a neighbour j and a vector of neighbours k feel: dE/dr_ij, dE/dr_ik, dE/d cos θ, dE/dr_jk.
struct Slopes {
  Vector j, k, turn, between;
};

/// What stands still while the partners of j go by.
struct Present {
  const PullPlan& plan;
  const PullGroup& group;
  const Work& work;
  Size j;
};

/// Adds the functions of `count` factors.
template <bool narrow, Size count>
inline void weigh(const Present& p, const PullMembers& members, const double* powers, Size k, Vector r_jk, Pair f_jk,
                  Slopes& s) {
  const Work& w = p.work;
  Vector value[count] = {}, slope[count] = {};
  const PullAngle* const angles = p.plan.angles + p.group.first_angle;
  const double* weight = w.weights + members.first_weight;
  for (Size a = 0; a < p.group.angles; ++a, weight += 2 * count) {
    const Vector raised = load(powers + angles[a].raised * tile * lanes);
    const Vector power = load(powers + angles[a].power * tile * lanes);
#pragma GCC unroll 4
    for (Size i = 0; i < count; ++i) {
      value[i] += weight[i] * raised;
      slope[i] += weight[count + i] * power;
    }
  }
#pragma GCC unroll 4
  for (Size i = 0; i < count; ++i) {
    const Size at = members.factor[i] * w.stride;
    const double h_j = w.h[at + p.j], h_slope_j = w.h_slope[at + p.j];
    const Vector h_k = load(w.h + at + k), h_slope_k = load(w.h_slope + at + k);
    if constexpr (narrow) {
      const PullFactor& factor = p.plan.factors[members.factor[i]];
      const Pair h_jk = gaussian(splat(factor.eta), splat(factor.shift), r_jk, f_jk);
      s.between += (h_j * h_k) * (value[i] * h_jk.slope);
      value[i] *= h_jk.value, slope[i] *= h_jk.value;
    }
    s.j += h_slope_j * (h_k * value[i]);
    s.k += h_j * (h_slope_k * value[i]);
    s.turn += h_j * (h_k * slope[i]);
  }
}

/// Sums over all functions of the group.
template <bool narrow>
inline Slopes weigh(const Present& p, const double* powers, Size k, Vector r_jk, Pair f_jk) {
  Slopes s = {};
  const PullMembers* const all = p.plan.members + p.group.first_members;
  for (Size i = 0; i < p.group.members; ++i) {
    switch (all[i].factors) {
      case 1:
        weigh<narrow, 1>(p, all[i], powers, k, r_jk, f_jk, s);
        break;
      case 2:
        weigh<narrow, 2>(p, all[i], powers, k, r_jk, f_jk, s);
        break;
      case 3:
        weigh<narrow, 3>(p, all[i], powers, k, r_jk, f_jk, s);
        break;
      default:
        weigh<narrow, 4>(p, all[i], powers, k, r_jk, f_jk, s);
    }
  }
  return s;
}

/// Sums over the partners of j, to be added to the pull on it.
struct Sums {
  Vector outward = {}, turn_x = {}, turn_y = {}, turn_z = {}, away_x = {}, away_y = {}, away_z = {};
};

/// Neighbour j with the partners at k, … : `c` is cos θ, `powers` those of it.
template <bool narrow>
inline void pull_pairs(const Present& p, const PullAtom& atom, Size k, Vector c, const double* powers, Sums& sums) {
  const Work& w = p.work;
  const Size j = p.j;
  const Vector xk = load(w.ux + k), yk = load(w.uy + k), zk = load(w.uz + k);
  Vector dx = {}, dy = {}, dz = {}, r = {};
  Pair f = {};
  if constexpr (narrow) {
    const double radius = p.plan.cutoffs[p.group.cutoff];
    dx = load(atom.x + k) - atom.x[j], dy = load(atom.y + k) - atom.y[j], dz = load(atom.z + k) - atom.z[j];
    r = square_root(larger(dx * dx + dy * dy + dz * dz, splat(1e-300)));  // never 0, also for k = j
    if (!any(r < radius)) return;
    f = cutoff(p.plan.cutoff_kind, p.plan.inner, radius, r);
  }
  Slopes s = weigh<narrow>(p, powers, k, r, f);
  if (p.group.slot1 == p.group.slot2 && k <= j) {  // pairs that were met before
    Integers met;
    for (Size l = 0; l < lanes; ++l) met[l] = k + l <= j ? -1 : 0;
    s.j = choose(met, Vector{}, s.j), s.k = choose(met, Vector{}, s.k);
    s.turn = choose(met, Vector{}, s.turn), s.between = choose(met, Vector{}, s.between);
  }
  // d cos θ/d(displacement of k) = (u_j − cos θ u_k)/r_k, and the same for j.
  const Vector turn_k = s.turn * load(w.inverse + k), turned = s.k - turn_k * c;
  Vector gx = turned * xk + turn_k * w.ux[j], gy = turned * yk + turn_k * w.uy[j], gz = turned * zk + turn_k * w.uz[j];
  sums.outward += s.j - s.turn * (c * w.inverse[j]);
  sums.turn_x += s.turn * xk, sums.turn_y += s.turn * yk, sums.turn_z += s.turn * zk;
  if constexpr (narrow) {
    const Vector apart = s.between / r;
    gx += apart * dx, gy += apart * dy, gz += apart * dz;
    sums.away_x += apart * dx, sums.away_y += apart * dy, sums.away_z += apart * dz;
  }
  store(atom.gx + k, load(atom.gx + k) + gx);
  store(atom.gy + k, load(atom.gy + k) + gy);
  store(atom.gz + k, load(atom.gz + k) + gz);
}

/// Neighbour j with its partners from `first` on; of those with the same element only the later ones.
template <bool narrow>
void pull_partners(const Present& p, const PullAtom& atom, Size first, Size partners) {
  const Work& w = p.work;
  const Size j = p.j;
  const double x = w.ux[j], y = w.uy[j], z = w.uz[j], inverse = w.inverse[j];
  const Size stop = first + partners;
  Sums sums;
  for (Size k = p.group.slot1 == p.group.slot2 ? (j + 1) / lanes * lanes : first; k < stop; k += tile * lanes) {
    const Size left = (stop - k + lanes - 1) / lanes, count = left < tile ? left : tile;
    Vector c[tile];
    for (Size t = 0; t < count; ++t) {
      const Size at = k + t * lanes;
      c[t] = limited(load(w.ux + at) * x + load(w.uy + at) * y + load(w.uz + at) * z, -1.0, 1.0);
    }
    raise(p.plan, p.group, c, count, w.powers);
    for (Size t = 0; t < count; ++t) {
      pull_pairs<narrow>(p, atom, k + t * lanes, c[t], w.powers + t * lanes, sums);
    }
  }
  const double out = sum_lanes(sums.outward);
  atom.gx[j] += out * x + inverse * sum_lanes(sums.turn_x) - sum_lanes(sums.away_x);
  atom.gy[j] += out * y + inverse * sum_lanes(sums.turn_y) - sum_lanes(sums.away_y);
  atom.gz[j] += out * z + inverse * sum_lanes(sums.turn_z) - sum_lanes(sums.away_z);
}

void pull(const PullPlan& plan, const PullAtom& atom) {
  const Work w = arrange(plan, atom);
  distances(plan, atom, w);
  pull_radially(plan, atom, w);
  if (plan.group_count == 0) return;
  radial_factors(plan, atom, w);
  set_weights(plan, atom, w);
  for (Size t = 0; t < tile; ++t) store(w.powers + t * lanes, splat(1.0));
  for (Size g = 0; g < plan.group_count; ++g) {
    const PullGroup& group = plan.groups[g];
    const Size first = atom.first[group.slot2], count = atom.count[group.slot2];
    for (Size j = atom.first[group.slot1]; j < atom.first[group.slot1] + atom.count[group.slot1]; ++j) {
      const Present present = {plan, group, w, j};
      group.narrow ? pull_partners<true>(present, atom, first, count) : pull_partners<false>(present, atom, first, count);
    }
  }
}

}  // namespace

extern const DescriptorPullsTable descriptor_pulls;
const DescriptorPullsTable descriptor_pulls = {pull};

}  // namespace adatom::kernels::ADATOM_LEVEL
