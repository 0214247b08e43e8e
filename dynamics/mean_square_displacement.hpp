// What this file is: how far atoms wander: mean-square displacements and the diffusion coefficient.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// Σ_i |r_i − r_i(0)|²/N, Å². Positions must not be wrapped (see unwrapped); those of MolecularDynamics are not.
/// Throws ShapeError for different numbers of atoms.
double mean_square_displacement(std::span<const Vector3> start, std::span<const Vector3> now);

/// The same for every lag of 0 … frames/2 frames, averaged over all pairs of frames that far apart: Å².
/// D. Frenkel and B. Smit, Understanding Molecular Simulation, 2nd ed. (2002), section 4.4.1. Throws ShapeError for
/// frames of different numbers of atoms.
std::vector<double> mean_square_displacements(std::span<const std::vector<Vector3>> trajectory);

/// A trajectory of wrapped positions as one without jumps: each atom moves to the image nearest to its last position,
/// in fractional coordinates. Right as long as no atom moves more than half the height of the cell (heights() in
/// atoms/cell.hpp) between frames. Throws InputError for a cell without volume along periodic directions, ShapeError
/// for frames of different numbers of atoms.
std::vector<std::vector<Vector3>> unwrapped(std::span<const std::vector<Vector3>> trajectory, const Cell& cell,
                                            const std::array<bool, 3>& pbc);

/// The slope of mean-square displacements against time, over six: D in Å²/fs (0.1 cm²/s). `interval` in fs is the time
/// between frames; a line is fitted to the second half of the lags. Throws InputError for fewer than four of them or an
/// interval that is not positive.
double diffusion_coefficient(std::span<const double> displacements, double interval);

}  // namespace adatom
