// What this file is: matrix products. The multiplication itself stands in kernels/matmul.hpp.
#pragma once

#include "autodiff/tensor.hpp"

namespace adatom {

/// NumPy's `a @ b`: vector·vector (n)(n) → (), matrix·vector (m,n)(n) → (m), vector·matrix (m)(m,n) → (n),
/// matrix·matrix (m,k)(k,n) → (m,n), and batches (…,m,k)(…,k,n) with broadcast leading axes. Throws ShapeError with
/// both shapes.
Tensor matmul(const Tensor& a, const Tensor& b);

/// A dense layer without its activation, x·W + b in one pass: x (rows, in), weight (in, out), bias (out) → (rows, out).
/// Throws ShapeError with the three shapes.
Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias);

}  // namespace adatom
