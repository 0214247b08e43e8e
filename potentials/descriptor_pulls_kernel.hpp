// What this file is: how symmetry functions are arranged for descriptor_pulls.cpp, and the two functions that evaluate
// them for one atom, reached through a table. Plain pointers, since descriptor_pulls_kernel.cpp, which is compiled once
// per instruction set, may use nothing inline of the standard library.
//
// With h_m(r) = exp(−η(r − r_s)²) f_c(r) and x = (1 + λ cos θ)/2, an angular function is
//   G = Σ 2 h_m(r_ij) h_m(r_ik) [h_m(r_jk)] x^ζ   over unordered pairs (j, k).
// What functions share is computed once: h_m for each neighbour; cos θ and, by few products, the powers of each x for
// each pair. Then
// - values: each pair adds h h [h] x^ζ to the sum of every function, one multiply-add each;
// - pulls: with the weights w = dE/dG the sums over the functions of each m, Q_m = Σ 2 w x^ζ and dQ_m/d cos θ = Σ w λ ζ
//   x^(ζ−1), come first, two multiply-adds for each function. What is left to do costs the same for any number of
//   functions.
//
// Pairs are lanes. Of n neighbours, j and j + d (modulo n) for d = 1 … n/2 are all pairs, each once. For one d, eight
// consecutive j have eight consecutive partners: whole vectors of pairs without a search, and nothing to sum across
// lanes. The rows of a slot therefore go on after its last neighbour with the first ones again. Neighbours of two
// elements pair likewise: j of the more numerous one with j + d of the other for d = 0, 1, …
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
  std::size_t row;       ///< its number among the radial functions of its slot
};

/// A radial factor h_m of angular functions.
struct PullFactor {
  std::size_t cutoff;
  double eta, shift;
};

/// x = ½ + half_lambda cos θ, kept at `slot` of the powers.
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

/// Up to four factors m of a group. Its functions have the places first_place + angle · factors + number of the factor.
struct PullMembers {
  static constexpr std::size_t most = 4;
  std::size_t factor[most];
  std::size_t factors;
  std::size_t first_place;
};

/// One angular function: where it is among all functions of the centre and among those of the groups.
struct PullTerm {
  std::size_t function, place;
  double slope;  ///< λ ζ
};

/// Angular functions of one pair of neighbour elements, of one kind and cutoff.
struct PullGroup {
  std::size_t slot1, slot2;  ///< the neighbour elements, slot1 ≤ slot2
  bool narrow;
  std::size_t cutoff;
  std::size_t first_base, bases, first_power, powers, first_angle, angles, first_members, members;
  std::size_t value_powers;  ///< how many of the powers values need; the others are for slopes
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
  std::size_t radial_rows;  ///< the most radial functions of any slot
  const PullFactor* factors;
  std::size_t factor_count;
  const PullBase* bases;
  const PullPower* powers;
  const PullAngle* angles;
  const PullMembers* members;
  const PullTerm* terms;
  std::size_t term_count;
  std::size_t place_count;  ///< of angular functions; places without a function do no harm
  const PullGroup* groups;
  std::size_t group_count;
  std::size_t power_slots;  ///< slot 0 holds 1
};

/// Vectors of pairs handled together.
inline constexpr std::size_t pull_tile = 8;

/// The neighbours of one atom: those of a slot side by side, near ones (which angular functions reach) in the first
/// `slots` places, far ones in the places after. A place begins at a multiple of eight, and the x beyond its last
/// neighbour, up to the next multiple, are far beyond every cutoff. `length` is how far pairs reach (see above), a
/// multiple of eight.
struct PullAtom {
  std::size_t stride;         ///< the length of a row
  const std::size_t* first;   ///< [2 slots]
  const std::size_t* count;   ///< [2 slots]
  const std::size_t* length;  ///< [slots]
  double* rows;               ///< [pull_rows(plan)][stride] x, y, z (Å), and what `describe` keeps for `pull`
  double* work;               ///< pull_workspace(…) doubles
};

/// Displacement, 1/r, unit vector; values and slopes of h_m; slopes of radial functions.
inline std::size_t pull_rows(const PullPlan& plan) { return 7 + 2 * plan.factor_count + plan.radial_rows; }

/// Doubles of workspace for one atom.
inline std::size_t pull_workspace(const PullPlan& plan, std::size_t stride) {
  const std::size_t rows = 6 > 1 + 2 * plan.cutoff_count ? 6 : 1 + 2 * plan.cutoff_count;
  return stride * rows + 8 * pull_tile * (plan.power_slots + PullMembers::most) + 8 * plan.place_count;
}

struct DescriptorPullsTable {
  /// Sets `values` of all functions of the centre, and the rows after x, y, z.
  void (*describe)(const PullPlan& plan, const PullAtom& atom, double* values);
  /// From weights = dE/dG: dE/dx, dE/dy, dE/dz of the neighbours into the first three rows of `work`.
  void (*pull)(const PullPlan& plan, const PullAtom& atom, const double* weights);
};

const DescriptorPullsTable& descriptor_pulls_table();

}  // namespace adatom::kernels
