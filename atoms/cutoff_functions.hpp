// What this file is: cutoff functions, which take an atom's influence to zero at a finite distance without a jump.
#pragma once

#include <array>
#include <string_view>

#include "autodiff/tensor.hpp"

namespace adatom {

/// With r_in = inner · r_c and x = (r − r_in)/(r_c − r_in), f = 1 for r < r_in, f = 0 for r ≥ r_c, and between:
/// Numbered as `cutoff_type` of n2p2 and RuNNer. tanh³ ignores `inner`.
enum class CutoffKind {
  hard = 0,                   ///< 1: jumps at r_c; only for reading others' potentials
  cosine = 1,                 ///< (cos πx + 1)/2; Behler & Parrinello, PRL 98, 146401 (2007); second derivative jumps
  tanh_cubed = 2,             ///< tanh³(1 − r/r_c); Behler, J. Chem. Phys. 134, 074106 (2011)
  tanh_cubed_normalized = 3,  ///< tanh³(1 − r/r_c)/tanh³ 1
  exponential = 4,            ///< exp(1 − 1/(1 − x²)); all derivatives are continuous
  polynomial1 = 5,            ///< (2x − 3)x² + 1; second derivative jumps
  polynomial2 = 6,            ///< ((15 − 6x)x − 10)x³ + 1; second derivative is continuous
  polynomial3 = 7,            ///< (x(x(20x − 70) + 84) − 35)x⁴ + 1; third derivative is continuous
  polynomial4 = 8,            ///< (x(x((315 − 70x)x − 540) + 420) − 126)x⁵ + 1; fourth derivative is continuous
};

struct CutoffFunction {
  CutoffKind kind = CutoffKind::polynomial2;
  double inner = 0.0;  ///< 0 ≤ inner < 1: up to inner · r_c the function is 1

  bool operator==(const CutoffFunction&) const = default;
};

/// A function's value and first derivative.
struct ValueAndSlope {
  double value = 0.0, slope = 0.0;
};

/// Throws InputError unless 0 ≤ inner < 1.
void validate(const CutoffFunction& function);

/// f(r) and df/dr (1/Angstrom) for the cutoff radius r_c > 0. The readable twin of the vectorised one in
/// symmetry_functions_kernel.cpp.
ValueAndSlope evaluate(const CutoffFunction& function, double r, double cutoff);

/// f of every element of r, from tensor operations: differentiable to any order.
Tensor evaluate(const CutoffFunction& function, const Tensor& r, double cutoff);

/// "cosine", "polynomial2", …, and back. Throws InputError naming the choices for anything else.
std::string_view name(CutoffKind kind);
CutoffKind cutoff_kind(std::string_view name);

}  // namespace adatom
