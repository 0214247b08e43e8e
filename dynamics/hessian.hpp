// What this file is: second derivatives of the energy with respect to positions, by automatic differentiation and, its
// twin that needs no graph, by differences of forces.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "potentials/potential.hpp"

namespace adatom {

enum class HessianMethod {
  autodiff,     ///< exact; one backward sweep through the composed energy per coordinate
  differences,  ///< of the forces at ±h and ±2h: four force calls per coordinate, error of order h⁴
};

/// "autodiff", "differences", and back. Throws InputError naming the choices for anything else.
std::string_view name(HessianMethod method);
HessianMethod hessian_method(std::string_view name);

/// d²E/dx_a dx_b in eV/Å² over the coordinates of the atoms `moved`, in that order, x y z of each (3M, 3M), symmetric.
/// `displacement` is h in Å, for differences only. Throws InputError for an atom that does not exist, a displacement
/// outside 0 … 0.1 Å, and what the potential cannot compute.
std::vector<double> hessian(const Atoms& atoms, const Potential& potential, std::span<const std::size_t> moved,
                            HessianMethod method = HessianMethod::autodiff, double displacement = 1e-3);

}  // namespace adatom
