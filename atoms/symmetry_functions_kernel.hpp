// What this file is: how a set of symmetry functions is arranged for the fused evaluation, and the function that
// evaluates it for one atom. Plain pointers, since the kernel file may use nothing inline of the standard library.
// Internal to atoms/symmetry_functions*.cpp.
//
// Functions are lanes of packs of eight. With the neighbours' radial factors h_m(r) = exp(−η(r − r_s)²) f_c(r), one for
// each distinct m = (η, r_s, r_c), and the angular factors P_a = ((1 + λ cos θ)/2)^ζ, an angular function is
//   2 Σ_jk h_m(r_ij) h_m(r_ik) [h_m(r_jk)] P_a(θ)   over unordered pairs,
// so for each j the sums over k of h_m(r_ik) P_a and of its derivatives are all that is needed: they stay in registers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "atoms/cutoff_kind.hpp"

namespace adatom::kernels {

inline constexpr std::size_t pack = 8;  ///< functions side by side

/// Radial functions of one neighbour element with one cutoff: packs of lanes.
struct RadialGroup {
  std::size_t slot;    ///< the neighbour element
  std::size_t cutoff;  ///< index of the cutoff
  std::size_t first;   ///< first lane
  std::size_t packs;
};

/// Packs that share their angular factors: up to four with one radial factor each, or one whose lanes differ in it.
struct AngularBlock {
  std::size_t first;         ///< first lane
  std::size_t packs;         ///< 1 … 4, consecutive
  std::size_t radial[pack];  ///< m of each pack; of a mixed pack each m that occurs
  std::size_t mixed;         ///< 0, or how many m occur in the (only) pack
  const double* select;      ///< [mixed][pack] 1 for lanes with that m, else 0
  bool integer;              ///< all ζ are integers, raised by repeated squaring
  std::size_t bits;          ///< binary digits of the largest ζ − 1
  const double* half;        ///< [pack] λ/2
  const double* power;       ///< [bits][2][pack], highest digit first: a digit's factor is power[0] cos θ + power[1]
  const double* scale;       ///< [pack] ζ λ/2
  const double* exponent;    ///< [pack] ζ − 1
};

/// Angular functions of one pair of neighbour elements, of one kind and cutoff.
struct AngularGroup {
  std::size_t slot1, slot2;  ///< the neighbour elements, slot1 ≤ slot2
  bool narrow;
  std::size_t cutoff;  ///< index of the cutoff
  const AngularBlock* blocks;
  std::size_t block_count;
  const std::size_t* radials;  ///< the m that occur in its blocks
  std::size_t radial_count;
};

/// Everything about one centre element.
struct CenterPlan {
  CutoffKind cutoff_kind;
  double inner;           ///< of the cutoff function
  const double* cutoffs;  ///< distinct cutoff radii
  std::size_t cutoff_count;
  std::size_t slots;          ///< neighbour elements
  std::size_t radial_width;   ///< lanes of radial functions, which come first, a multiple of `pack`
  std::size_t angular_width;  ///< the others, likewise
  const double* eta;          ///< [radial_width]
  const double* shift;        ///< [radial_width]
  const RadialGroup* radial_groups;
  std::size_t radial_group_count;
  const double* m_eta;  ///< [m_count] η, r_s and cutoff index of each m
  const double* m_shift;
  const std::size_t* m_cutoff;
  std::size_t m_count;
  const AngularGroup* angular_groups;
  std::size_t angular_group_count;
  bool any_narrow;
};

/// The neighbours of one atom and room for results. Neighbours are sorted: first the near ones, which angular functions
/// reach, by slot; then the far ones by slot. Arrays over neighbours have length `stride`, a multiple of `pack` that is
/// at least count; what lies beyond count must be finite, with x² + y² + z² > 0.
struct Surroundings {
  std::size_t count, stride;
  const std::size_t* start;  ///< [2 slots + 1] first neighbour of each slot: near ones, then far ones
  const double *x, *y, *z;   ///< displacements
  double* work;              ///< workspace_size(…) doubles, 64-byte aligned
  std::uint32_t* list;       ///< [stride] workspace
  double* value;             ///< [radial_width + angular_width]: set to the values
  // Lanes of functions that involve the neighbour are set, the others left alone; both null if not wanted.
  double* slope;       ///< [count][radial_width] derivatives by the distance
  double* derivative;  ///< [count][3][angular_width] derivatives by the displacement
};

/// Doubles of workspace for one atom.
inline std::size_t workspace_size(const CenterPlan& plan, std::size_t stride) {
  return stride * (4 + 2 * plan.cutoff_count + 4 * plan.m_count + 16);
}

struct SymmetryFunctionTable {
  void (*describe)(const CenterPlan& plan, const Surroundings& surroundings);
};

}  // namespace adatom::kernels
