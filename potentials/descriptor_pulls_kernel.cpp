// What this file is: the inner loops of descriptor_pulls.cpp, compiled once per instruction set (see adatom_add_kernel
// in cmake/AdatomLibrary.cmake). The formulas and the arrangement stand in descriptor_pulls_kernel.hpp.
#include "potentials/descriptor_pulls_kernel.hpp"

#include "atoms/symmetry_functions_radial.hpp"
#include "autodiff/kernels/vector.hpp"
#include "potentials/descriptor_pulls_pairs.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

// ---- what depends on one neighbour ----------------------------------------------------------------------------------

/// Unit vectors; distances and cutoff functions into `work`.
void distances(const PullPlan& plan, const PullAtom& atom, const Rows& rows) {
  const Size n = rows.stride;
  for (Size place = 0; place < 2 * plan.slots; ++place) {
    for (Size j = atom.first[place]; j < atom.first[place] + atom.count[place]; j += lanes) {
      const Vector x = load(rows.x + j), y = load(rows.y + j), z = load(rows.z + j);
      const Vector r = square_root(x * x + y * y + z * z);
      const Vector inverse = 1.0 / r;
      store(rows.inverse + j, inverse);
      store(rows.ux + j, x * inverse), store(rows.uy + j, y * inverse), store(rows.uz + j, z * inverse);
      store(atom.work + j, r);
      for (Size c = 0; c < plan.cutoff_count; ++c) {
        const Pair f = cutoff(plan.cutoff_kind, plan.inner, plan.cutoffs[c], r);
        store(atom.work + (1 + 2 * c) * n + j, f.value), store(atom.work + (2 + 2 * c) * n + j, f.slope);
      }
    }
  }
}

/// exp(−η(r − r_s)²) f_c(r) of the neighbours at j, … and its slope.
inline Pair factor_at(const PullAtom& atom, Size cutoff, double eta, double shift, Size j) {
  const double *const r = atom.work, *const f = r + (1 + 2 * cutoff) * atom.stride, *const f_slope = f + atom.stride;
  return gaussian(splat(eta), splat(shift), load(r + j), {load(f + j), load(f_slope + j)});
}

/// Values of radial functions; their slopes are kept.
void radial_functions(const PullPlan& plan, const PullAtom& atom, const Rows& rows, double* values) {
  for (Size k = 0; k < plan.radial_count; ++k) {
    const PullRadial& g = plan.radials[k];
    double* const slope = rows.radial_slope + g.row * rows.stride;
    Vector sum = {};
    for (Size place = g.slot; place < 2 * plan.slots; place += plan.slots) {  // near, then far
      for (Size j = atom.first[place]; j < atom.first[place] + atom.count[place]; j += lanes) {
        const Pair term = factor_at(atom, g.cutoff, g.eta, g.shift, j);
        sum += term.value;
        store(slope + j, term.slope);
      }
    }
    values[g.function] = sum_lanes(sum);
  }
}

/// h_m of every near neighbour.
void radial_factors(const PullPlan& plan, const PullAtom& atom, const Rows& rows) {
  for (Size m = 0; m < plan.factor_count; ++m) {
    const PullFactor& factor = plan.factors[m];
    for (Size slot = 0; slot < plan.slots; ++slot) {
      for (Size j = atom.first[slot]; j < atom.first[slot] + atom.count[slot]; j += lanes) {
        const Pair h = factor_at(atom, factor.cutoff, factor.eta, factor.shift, j);
        store(rows.h + m * rows.stride + j, h.value), store(rows.h_slope + m * rows.stride + j, h.slope);
      }
    }
  }
}

/// After the last neighbour of each slot the first ones again: what pairs need of them.
void wrap(const PullPlan& plan, const PullAtom& atom) {
  const Size rows = 7 + 2 * plan.factor_count;
  for (Size slot = 0; slot < plan.slots; ++slot) {
    const Size count = atom.count[slot], length = atom.length[slot];
    for (Size row = 0; row < rows && count > 0; ++row) {
      double* const start = atom.rows + row * atom.stride + atom.first[slot];
      Size e = count;
      for (; count >= lanes && e + lanes <= length; e += lanes) store(start + e, load(start + e - count));
      for (; e < length; ++e) start[e] = start[e - count];
    }
  }
}

// ---- values ---------------------------------------------------------------------------------------------------------

/// To the sums of `angles` angles times `factors` factors: powers times products.
template <Size angles, Size factors>
inline void add_values(const PullAngle* angle, const Work& w, Size count, double* sums) {
  Vector sum[angles * factors];
#pragma GCC unroll 16
  for (Size n = 0; n < angles * factors; ++n) sum[n] = load(sums + n * lanes);
  for (Size t = 0; t < count; ++t) {
    Vector product[factors];
#pragma GCC unroll 4
    for (Size i = 0; i < factors; ++i) product[i] = load(w.products + (i * tile + t) * lanes);
#pragma GCC unroll 4
    for (Size a = 0; a < angles; ++a) {
      const Vector raised = load(w.powers + (angle[a].raised * tile + t) * lanes);
#pragma GCC unroll 4
      for (Size i = 0; i < factors; ++i) sum[a * factors + i] += raised * product[i];
    }
  }
#pragma GCC unroll 16
  for (Size n = 0; n < angles * factors; ++n) store(sums + n * lanes, sum[n]);
}

template <bool narrow, Size factors>
inline void add_values(const PullPlan& plan, const Rows& rows, const PullGroup& group, const PullMembers& members,
                       const Pairs* pairs, const Pair* f, Size count, const Work& w) {
  const double* h[factors];
  for (Size i = 0; i < factors; ++i) h[i] = rows.h + members.factor[i] * rows.stride;
  for (Size t = 0; t < count; ++t) {
    const Size j = pairs[t].j, k = pairs[t].k, used = pairs[t].count;
    Vector product[factors];
#pragma GCC unroll 4
    for (Size i = 0; i < factors; ++i) {
      product[i] = load(h[i] + j, used) * load(h[i] + k);  // 0 without a pair
      if constexpr (narrow) {
        const PullFactor& factor = plan.factors[members.factor[i]];
        const Pair h_jk = gaussian(splat(factor.eta), splat(factor.shift), pairs[t].r, f[t]);
        product[i] *= h_jk.value;
      }
    }
#pragma GCC unroll 4
    for (Size i = 0; i < factors; ++i) store(w.products + (i * tile + t) * lanes, product[i]);
  }
  const PullAngle* const angle = plan.angles + group.first_angle;
  double* sums = w.places + members.first_place * lanes;
  constexpr Size at_once = lanes == 8 ? 4 : 2;  // as there are registers for the sums
  Size a = 0;
  for (; a + at_once <= group.angles; a += at_once, sums += at_once * factors * lanes) {
    add_values<at_once, factors>(angle + a, w, count, sums);
  }
  for (; a < group.angles; ++a, sums += factors * lanes) add_values<1, factors>(angle + a, w, count, sums);
}

template <bool narrow>
void angular_values(const PullPlan& plan, const PullAtom& atom, const Rows& rows, const PullGroup& group,
                    const Work& w) {
  for_pairs<narrow>(plan, atom, rows, group, [&](const Pairs* pairs, Size count) {
    Vector c[tile];
    raise(plan, group, group.value_powers, rows, pairs, count, c, w.powers);
    Pair f[tile];
    for (Size t = 0; narrow && t < count; ++t) {
      f[t] = cutoff(plan.cutoff_kind, plan.inner, plan.cutoffs[group.cutoff], pairs[t].r);
    }
    for (Size i = 0; i < group.members; ++i) {
      const PullMembers& members = plan.members[group.first_members + i];
      switch (members.factors) {
        case 1:
          add_values<narrow, 1>(plan, rows, group, members, pairs, f, count, w);
          break;
        case 2:
          add_values<narrow, 2>(plan, rows, group, members, pairs, f, count, w);
          break;
        case 3:
          add_values<narrow, 3>(plan, rows, group, members, pairs, f, count, w);
          break;
        default:
          add_values<narrow, 4>(plan, rows, group, members, pairs, f, count, w);
      }
    }
  });
}

void describe(const PullPlan& plan, const PullAtom& atom, double* values) {
  const Rows rows = rows_of(plan, atom);
  distances(plan, atom, rows);
  radial_functions(plan, atom, rows, values);
  if (plan.group_count == 0) return;
  radial_factors(plan, atom, rows);
  wrap(plan, atom);
  const Work w = sweep(plan, atom, 1 + 2 * plan.cutoff_count);
  for (Size n = 0; n < plan.place_count; ++n) store(w.places + n * lanes, Vector{});
  for (Size g = 0; g < plan.group_count; ++g) {
    const PullGroup& group = plan.groups[g];
    group.narrow ? angular_values<true>(plan, atom, rows, group, w) : angular_values<false>(plan, atom, rows, group, w);
  }
  for (Size t = 0; t < plan.term_count; ++t) {
    const PullTerm& term = plan.terms[t];
    values[term.function] = 2.0 * sum_lanes(load(w.places + term.place * lanes));
  }
}

// ---- pulls ----------------------------------------------------------------------------------------------------------

/// dE/d(displacement). What pairs give to k goes to rows of its own, which do not wait for those of j.
struct Pulls {
  double *jx, *jy, *jz, *kx, *ky, *kz;
};

/// What neighbours j and k feel: dE/dr_ij, dE/dr_ik, dE/d cos θ, dE/dr_jk.
struct Slopes {
  Vector j, k, turn, between;
};

/// Vectors of pairs that share each weight once it is loaded: as many as there are registers for their sums.
constexpr Size abreast = lanes == 8 ? 2 : 1;
static_assert(tile % abreast == 0);

/// Sums over angles of weights [angle][factor] times the powers in this slot of the angle. (All low powers as one
/// polynomial in cos θ take a third fewer multiply-adds, but no less time: these overlap with what follows.)
template <Size factors>
inline void combine(const PullPlan& plan, const PullGroup& group, Size PullAngle::*slot, const double* powers,
                    const double* weights, Vector (&sum)[abreast][factors]) {
  for (Size a = 0; a < group.angles; ++a, weights += factors) {
    const double* const from = powers + plan.angles[group.first_angle + a].*slot * tile * lanes;
#pragma GCC unroll 4
    for (Size i = 0; i < factors; ++i) {
      const Vector weight = splat(weights[i]);
#pragma GCC unroll 2
      for (Size t = 0; t < abreast; ++t) sum[t][i] += weight * load(from + t * lanes);
    }
  }
}

/// Adds the functions of some factors, whose weights of each angle are `weights` and `slope_weights`.
template <bool narrow, Size factors>
inline void weigh(const PullPlan& plan, const Rows& rows, const PullGroup& group, const PullMembers& members,
                  const Pairs* pairs, const Pair (&f)[abreast], const double* powers, const double* weights,
                  const double* slope_weights, Slopes (&s)[abreast]) {
  Vector value[abreast][factors] = {}, slope[abreast][factors] = {};
  combine(plan, group, &PullAngle::raised, powers, weights, value);
  combine(plan, group, &PullAngle::power, powers, slope_weights, slope);
#pragma GCC unroll 2
  for (Size t = 0; t < abreast; ++t) {
    const Size j = pairs[t].j, k = pairs[t].k, used = pairs[t].count;
#pragma GCC unroll 4
    for (Size i = 0; i < factors; ++i) {
      const double* const h = rows.h + members.factor[i] * rows.stride;
      const double* const h_slope = rows.h_slope + members.factor[i] * rows.stride;
      const Vector h_j = load(h + j, used), h_slope_j = load(h_slope + j, used);  // 0 without a pair
      const Vector h_k = load(h + k), h_slope_k = load(h_slope + k);
      if constexpr (narrow) {
        const PullFactor& factor = plan.factors[members.factor[i]];
        const Pair h_jk = gaussian(splat(factor.eta), splat(factor.shift), pairs[t].r, f[t]);
        s[t].between += (h_j * h_k) * (value[t][i] * h_jk.slope);
        value[t][i] *= h_jk.value, slope[t][i] *= h_jk.value;
      }
      s[t].j += h_slope_j * (h_k * value[t][i]);
      s[t].k += h_j * (h_slope_k * value[t][i]);
      s[t].turn += h_j * (h_k * slope[t][i]);
    }
  }
}

/// Sums over all functions of the group, for vectors of pairs abreast.
template <bool narrow>
inline void weigh(const PullPlan& plan, const Rows& rows, const PullGroup& group, const Pairs* pairs,
                  const double* powers, const double* places, Slopes (&s)[abreast]) {
  Pair f[abreast] = {};
  for (Size t = 0; narrow && t < abreast; ++t) {
    f[t] = cutoff(plan.cutoff_kind, plan.inner, plan.cutoffs[group.cutoff], pairs[t].r);
  }
  for (Size i = 0; i < group.members; ++i) {
    const PullMembers& members = plan.members[group.first_members + i];
    const double *const weights = places + members.first_place, *const slope_weights = weights + plan.place_count;
    switch (members.factors) {
      case 1:
        weigh<narrow, 1>(plan, rows, group, members, pairs, f, powers, weights, slope_weights, s);
        break;
      case 2:
        weigh<narrow, 2>(plan, rows, group, members, pairs, f, powers, weights, slope_weights, s);
        break;
      case 3:
        weigh<narrow, 3>(plan, rows, group, members, pairs, f, powers, weights, slope_weights, s);
        break;
      default:
        weigh<narrow, 4>(plan, rows, group, members, pairs, f, powers, weights, slope_weights, s);
    }
  }
}

inline void add_to(double* sum, Vector term) { store(sum, load(sum) + term); }

/// From slopes by distances and cos θ to pulls: d cos θ/d(displacement of k) = (u_j − cos θ u_k)/r_k, and the same for
/// j.
template <bool narrow>
inline void pull_apart(const Rows& rows, const Pairs& p, Vector c, const Slopes& s, const Pulls& pulls) {
  const Size j = p.j, k = p.k;
  const Vector turn_j = s.turn * load(rows.inverse + j), turn_k = s.turn * load(rows.inverse + k);
  const Vector out_j = s.j - turn_j * c, out_k = s.k - turn_k * c;
  const Vector xj = load(rows.ux + j), yj = load(rows.uy + j), zj = load(rows.uz + j);
  const Vector xk = load(rows.ux + k), yk = load(rows.uy + k), zk = load(rows.uz + k);
  Vector apart = {};
  if constexpr (narrow) apart = s.between / p.r;
  const auto away = [&](Vector d) { return narrow ? apart * d : Vector{}; };
  add_to(pulls.jx + j, out_j * xj + turn_j * xk - away(p.dx));
  add_to(pulls.jy + j, out_j * yj + turn_j * yk - away(p.dy));
  add_to(pulls.jz + j, out_j * zj + turn_j * zk - away(p.dz));
  add_to(pulls.kx + k, out_k * xk + turn_k * xj + away(p.dx));
  add_to(pulls.ky + k, out_k * yk + turn_k * yj + away(p.dy));
  add_to(pulls.kz + k, out_k * zk + turn_k * zj + away(p.dz));
}

/// Sets the pulls to those of the radial functions.
void pull_radially(const PullPlan& plan, const PullAtom& atom, const Rows& rows, const double* weights,
                   const Pulls& pulls) {
  for (Size place = 0; place < 2 * plan.slots; ++place) {
    for (Size j = atom.first[place]; j < atom.first[place] + atom.count[place]; j += lanes) {
      Vector outward = {};
      for (Size k = 0; k < plan.radial_count; ++k) {
        const PullRadial& g = plan.radials[k];
        if (g.slot != place % plan.slots) continue;
        outward += weights[g.function] * load(rows.radial_slope + g.row * rows.stride + j);
      }
      store(pulls.jx + j, outward * load(rows.ux + j));
      store(pulls.jy + j, outward * load(rows.uy + j));
      store(pulls.jz + j, outward * load(rows.uz + j));
    }
  }
}

template <bool narrow>
void pull_pairs(const PullPlan& plan, const PullAtom& atom, const Rows& rows, const PullGroup& group, const Work& w,
                const Pulls& pulls) {
  for_pairs<narrow>(plan, atom, rows, group, [&](const Pairs* pairs, Size count) {
    Vector c[tile];
    raise(plan, group, group.powers, rows, pairs, count, c, w.powers);
    for (Size t = 0; t < count; t += abreast) {
      Slopes s[abreast] = {};
      weigh<narrow>(plan, rows, group, pairs + t, w.powers + t * lanes, w.places, s);
      for (Size i = 0; i < abreast && t + i < count; ++i) pull_apart<narrow>(rows, pairs[t + i], c[t + i], s[i], pulls);
    }
  });
}

void set_weights(const PullPlan& plan, const double* weights, double* places) {
  for (Size n = 0; n < 2 * plan.place_count; ++n) places[n] = 0.0;
  for (Size t = 0; t < plan.term_count; ++t) {
    const PullTerm& term = plan.terms[t];
    places[term.place] = 2.0 * weights[term.function];
    places[plan.place_count + term.place] = weights[term.function] * term.slope;
  }
}

void pull(const PullPlan& plan, const PullAtom& atom, const double* weights) {
  const Rows rows = rows_of(plan, atom);
  const Size n = rows.stride;
  double* const g = atom.work;
  const Pulls pulls = {g, g + n, g + 2 * n, g + 3 * n, g + 4 * n, g + 5 * n};
  pull_radially(plan, atom, rows, weights, pulls);
  if (plan.group_count == 0) return;
  for (Size e = 3 * n; e < 6 * n; ++e) g[e] = 0.0;
  const Work w = sweep(plan, atom, 6);
  set_weights(plan, weights, w.places);
  for (Size k = 0; k < plan.group_count; ++k) {
    const PullGroup& group = plan.groups[k];
    group.narrow ? pull_pairs<true>(plan, atom, rows, group, w, pulls)
                 : pull_pairs<false>(plan, atom, rows, group, w, pulls);
  }
  for (Size slot = 0; slot < plan.slots; ++slot) {
    const Size first = atom.first[slot], count = atom.count[slot];
    for (Size row = 0; row < 3 && count > 0; ++row) {
      double* const j = g + row * n + first;
      const double* const k = j + 3 * n;
      for (Size e = 0, to = 0; e < atom.length[slot]; ++e) {
        j[to] += k[e];
        to = to + 1 < count ? to + 1 : 0;
      }
    }
  }
}

}  // namespace

extern const DescriptorPullsTable descriptor_pulls;
const DescriptorPullsTable descriptor_pulls = {describe, pull};

}  // namespace adatom::kernels::ADATOM_LEVEL
