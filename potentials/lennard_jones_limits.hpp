// What this file is: what the composed and the fused Lennard-Jones must agree on. Internal to lennard_jones*.cpp.
#pragma once

#include <cmath>

#include "potentials/lennard_jones.hpp"

namespace adatom {

/// Atoms closer than this times σ are refused: the energy exceeds 10³⁶ ε, and numbers soon overflow.
constexpr double closest_distance = 1e-3;

inline bool has_smooth_cutoff(const LennardJonesOptions& options) {
  return std::isfinite(options.cutoff) && options.mode == LennardJonesCutoff::smooth;
}
inline bool has_shift(const LennardJonesOptions& options) {
  return std::isfinite(options.cutoff) && options.mode == LennardJonesCutoff::shifted;
}

/// Throws InputError for arrays of different length and for a periodic structure without cutoff.
void require_computable(const Atoms& atoms, const LennardJonesOptions& options);

}  // namespace adatom
