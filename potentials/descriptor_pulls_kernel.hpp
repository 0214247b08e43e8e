// What this file is: how symmetry functions are arranged for descriptor_pulls.cpp, and the function that evaluates them
// for one atom, reached through a table. Plain pointers, since descriptor_pulls_kernel.cpp, which is compiled once per
// instruction set, may use nothing inline of the standard library.
//
// Neighbours are lanes here. An angular function of weight w = dE/dG contributes 2 w h_m(r_ij) h_m(r_ik) [h_m(r_jk)]
// x^ζ, with h_m(r) = exp(−η(r − r_s)²) f_c(r) and x = (1 + λ cos θ)/2. The sums over the functions of each m, Q_m = Σ 2 w
// x^ζ and dQ_m/d cos θ = Σ w λ ζ x^(ζ−1), come first: a function then costs two multiply-adds for each pair (j, k), which
// is met once.
#pragma once

#include <cstddef>

#include "atoms/cutoff_kind.hpp"

namespace adatom::kernels {

/// A radial function.
struct PullRadial {
  std::size_t slot;      ///< its neighbour element
  std::size_t cutoff;    ///< number of its cutoff
  double eta, shift;     ///< 1/Å², Å
  std::size_t function;  ///< its place among all functions of the centre
};

/// A radial factor h_m of angular functions.
struct PullFactor {
  std::size_t cutoff;
  double eta, shift;
};

/// x = ½ + half_lambda cos θ, kept at `slot`.
struct PullBase {
  double half_lambda;
  std::size_t slot;
};

/// A power of x from two others, by their slots; or, if `exponent` is not 0, from x at `left` by the general power.
struct PullPower {
  std::size_t slot, left, right;
  double exponent;
};

/// The slots of x^ζ and x^(ζ−1).
struct PullAngle {
  std::size_t raised, power;
};

/// Up to four factors m of a group. Their weights: for each angle of the group `factors` numbers 2 w, then as many w λ ζ.
struct PullMembers {
  static constexpr std::size_t most = 4;
  std::size_t factor[most];
  std::size_t factors;
  std::size_t first_weight;
};

/// One angular function: where its weights are.
struct PullTerm {
  std::size_t function;             ///< its place among all functions of the centre
  std::size_t weight, slope_weight;
  double slope;                     ///< λ ζ
};

/// Angular functions of one pair of neighbour elements, of one kind and cutoff.
struct PullGroup {
  std::size_t slot1, slot2;  ///< the neighbour elements, slot1 ≤ slot2
  bool narrow;
  std::size_t cutoff;
  std::size_t first_base, bases, first_power, powers, first_angle, angles, first_members, members;
};

/// Everything about one centre element.
struct PullPlan {
  CutoffKind cutoff_kind;
  double inner;           ///< of the cutoff function
  const double* cutoffs;  ///< distinct cutoff radii, Å
  std::size_t cutoff_count;
  std::size_t slots;
  const PullRadial* radials;
  std::size_t radial_count;
  const PullFactor* factors;
  std::size_t factor_count;
  const PullBase* bases;
  const PullPower* powers;
  const PullAngle* angles;
  const PullMembers* members;
  const PullTerm* terms;
  std::size_t term_count;
  std::size_t weight_count;
  const PullGroup* groups;
  std::size_t group_count;
  std::size_t power_slots;  ///< slot 0 holds 1
};

/// The neighbours of one atom. Those of a slot stand side by side, near ones (which angular functions reach) in the first
/// `slots` places, far ones in the places after; each place begins at a multiple of eight, and what is between must be far
/// beyond every cutoff.
struct PullAtom {
  std::size_t stride;         ///< neighbours with what is between, a multiple of eight
  const std::size_t* first;   ///< [2 slots]
  const std::size_t* count;   ///< [2 slots]
  const double *x, *y, *z;    ///< [stride] displacements, Å
  const double* weights;      ///< dE/dG of the centre's functions
  double* work;               ///< pull_workspace(…) doubles, 64-byte aligned
  double *gx, *gy, *gz;       ///< [stride] set to dE/d(displacement)
};

/// Vectors of neighbours handled together.
inline constexpr std::size_t pull_tile = 8;

/// Doubles of workspace for one atom.
inline std::size_t pull_workspace(const PullPlan& plan, std::size_t stride) {
  return stride * (5 + 2 * plan.cutoff_count + 2 * plan.factor_count) + 8 * pull_tile * plan.power_slots + plan.weight_count;
}

struct DescriptorPullsTable {
  void (*pull)(const PullPlan& plan, const PullAtom& atom);
};

const DescriptorPullsTable& descriptor_pulls_table();

}  // namespace adatom::kernels
