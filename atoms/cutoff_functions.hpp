// What this file is: cutoff functions, which take an atom's influence to zero at a finite distance without a jump.
#pragma once

#include <string_view>

#include "atoms/cutoff_kind.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

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
/// symmetry_functions_radial.hpp.
ValueAndSlope evaluate(const CutoffFunction& function, double r, double cutoff);

/// f of every element of r, from tensor operations: differentiable to any order.
Tensor evaluate(const CutoffFunction& function, const Tensor& r, double cutoff);

/// "cosine", "polynomial2", …, and back. Throws InputError naming the choices for anything else.
std::string_view name(CutoffKind kind);
CutoffKind cutoff_kind(std::string_view name);

}  // namespace adatom
