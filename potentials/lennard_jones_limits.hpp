// What this file is: what the composed and the fused Lennard-Jones must agree on. Internal to lennard_jones*.cpp.
#pragma once

#include <cmath>

#include "potentials/lennard_jones.hpp"
#include "potentials/lennard_jones_kernel.hpp"

namespace adatom {

/// Atoms closer than this times σ are refused: the energy exceeds 10³⁶ ε, and numbers soon overflow.
constexpr double closest_distance = 1e-3;

inline bool has_smooth_cutoff(const LennardJonesOptions& options) {
  return std::isfinite(options.cutoff) && options.mode == LennardJonesCutoff::smooth;
}
inline bool has_shift(const LennardJonesOptions& options) {
  return std::isfinite(options.cutoff) && options.mode == LennardJonesCutoff::shifted;
}

/// Up to this many atoms of a free cluster it is cheaper to look at every pair than to find the close ones.
constexpr std::size_t few_atoms = 256;

/// False if two atoms may be closer than closest_distance σ: such a pair alone has 10³⁶ in units of 4ε. False for NaN.
inline bool all_apart(double energy) { return energy < 0.1 * std::pow(closest_distance, -12); }

/// The options as the kernels want them.
kernels::LennardJonesTerms terms_of(const LennardJonesOptions& options);

/// Throws InputError for arrays of different length and for a periodic structure without cutoff.
void require_computable(const Atoms& atoms, const LennardJonesOptions& options);

}  // namespace adatom
