// What this file is: vectors of pairs of neighbours for descriptor_pulls_kernel.cpp, which alone includes it: where
// things are in memory, which pairs there are, and the powers of their angles. Compiled once per instruction set.
#pragma once

#include "autodiff/kernels/vector.hpp"
#include "potentials/descriptor_pulls_kernel.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

constexpr Size tile = pull_tile;  // vectors of pairs handled together

/// What is known about the neighbours, one row each; the same memory for describe and pull.
struct Rows {
  Size stride;
  double *x, *y, *z, *inverse, *ux, *uy, *uz;  // displacement, 1/r, unit vector
  double *h, *h_slope;                         // [factor][stride]
  double* radial_slope;                        // [row][stride]
};

Rows rows_of(const PullPlan& plan, const PullAtom& atom) {
  const Size n = atom.stride;
  double* const r = atom.rows;
  double* const h = r + 7 * n;
  double* const h_slope = h + plan.factor_count * n;
  return {
      n, r, r + n, r + 2 * n, r + 3 * n, r + 4 * n, r + 5 * n, r + 6 * n, h, h_slope, h_slope + plan.factor_count * n};
}

/// A vector of pairs: neighbours j, j + 1, … with k, k + 1, …; only the first `count` lanes are pairs. For narrow
/// functions also d_k − d_j and its length.
struct Pairs {
  Size j, k, count;
  Vector dx, dy, dz, r;
};

/// Hands the pairs of a group to `work`, up to `tile` vectors at a time. For narrow functions, vectors of pairs that
/// are all beyond the cutoff are left out.
template <bool narrow, class Work>
inline void for_pairs(const PullPlan& plan, const PullAtom& atom, const Rows& rows, const PullGroup& group,
                      const Work& work) {
  Pairs pairs[tile] = {};  // those beyond the last may be read, in vain
  Size found = 0;
  const auto add = [&](Size j, Size k, Size count) {
    Pairs& p = pairs[found];
    p.j = j, p.k = k, p.count = count < lanes ? count : lanes;
    if constexpr (narrow) {
      p.dx = load(rows.x + k) - load(rows.x + j), p.dy = load(rows.y + k) - load(rows.y + j);
      p.dz = load(rows.z + k) - load(rows.z + j);
      p.r =
          square_root(larger(p.dx * p.dx + p.dy * p.dy + p.dz * p.dz, splat(1e-300)));  // lanes without a pair may be 0
      if (!any(p.r < plan.cutoffs[group.cutoff])) return;
    }
    if (++found < tile) return;
    work(pairs, found);
    found = 0;
  };
  const bool same = group.slot1 == group.slot2;
  const bool swapped = atom.count[group.slot1] < atom.count[group.slot2];
  const Size many = swapped ? group.slot2 : group.slot1, few = swapped ? group.slot1 : group.slot2;
  const Size first = atom.first[many], n = atom.count[many];
  const Size last = same ? n / 2 + 1 : atom.count[few];
  for (Size d = same ? 1 : 0; d < last; ++d) {
    const Size end = same && 2 * d == n ? d : n;  // the second half would meet the same pairs again
    for (Size j = 0; j < end; j += lanes) add(first + j, atom.first[few] + j + d, end - j);
  }
  if (found > 0) work(pairs, found);
}

/// cos θ and its powers for some vectors of pairs, step by step for all of them, since one step has to wait for
/// another.
inline void raise(const PullPlan& plan, const PullGroup& group, Size steps, const Rows& rows, const Pairs* pairs,
                  Size count, Vector (&c)[tile], double* powers) {
  const auto slot = [&](Size number) { return powers + number * tile * lanes; };
  for (Size t = 0; t < count; ++t) {
    const Size j = pairs[t].j, k = pairs[t].k;
    const Vector cosine = load(rows.ux + k) * load(rows.ux + j) + load(rows.uy + k) * load(rows.uy + j) +
                          load(rows.uz + k) * load(rows.uz + j);
    c[t] = at_most(1.0, at_least(-1.0, cosine));
  }
  const PullBase* const bases = plan.bases + group.first_base;
  for (Size b = 0; b < group.bases; ++b) {
    double* const x = slot(bases[b].slot);
    for (Size t = 0; t < count; ++t) store(x + t * lanes, bases[b].half_lambda * c[t] + 0.5);
  }
  for (Size n = 0; n < steps; ++n) {
    const PullPower& p = plan.powers[group.first_power + n];
    double* const out = slot(p.slot);
    const double *const left = slot(p.left), *const right = slot(p.right);
    if (p.exponent == 0.0 && p.left == p.right) {
      for (Size t = 0; t < count; ++t) {
        const Vector x = load(left + t * lanes);
        store(out + t * lanes, x * x);
      }
    } else if (p.exponent == 0.0) {
      for (Size t = 0; t < count; ++t) store(out + t * lanes, load(left + t * lanes) * load(right + t * lanes));
    } else {
      for (Size i = 0; i < count * lanes; ++i) out[i] = left[i] > 0.0 ? __builtin_pow(left[i], p.exponent) : 0.0;
    }
  }
}

/// The memory of a sweep over pairs.
struct Work {
  double* powers;    // [slot][tile][lanes]
  double* products;  // [factor][tile][lanes] h_m h_m [h_m] of the present pairs
  double* places;    // [place][lanes] sums; or [place] weights, then as many for slopes
};

Work sweep(const PullPlan& plan, const PullAtom& atom, Size rows) {
  double* const powers = atom.work + rows * atom.stride;
  double* const products = powers + plan.power_slots * tile * lanes;
  for (Size t = 0; t < tile; ++t) store(powers + t * lanes, splat(1.0));
  return {powers, products, products + PullMembers::most * tile * lanes};
}

}  // namespace
}  // namespace adatom::kernels::ADATOM_LEVEL
