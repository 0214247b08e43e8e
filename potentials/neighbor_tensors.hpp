// What this file is: a neighbour list's displacements as a differentiable tensor, and the stress that pulls on them
// make.
#pragma once

#include <array>
#include <span>

#include "atoms/neighbors.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// r_j + S·cell − r_i of every entry (P, 3), Å, as a function of positions (N, 3) and cell (3, 3).
Tensor neighbor_displacements(const NeighborList& list, const Tensor& positions, const Tensor& cell);

/// Σ_p displacement_p ⊗ pull_p / volume, symmetrised, for pulls dE/d(displacement) in eV/Å: the stress in eV/Å³, order
/// xx yy zz yz xz xy.
std::array<double, 6> stress_of_pulls(const NeighborList& list, std::span<const Vector3> pulls, double volume);

}  // namespace adatom
