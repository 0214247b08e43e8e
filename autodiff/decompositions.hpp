// What this file is: the Cholesky decomposition and what it solves. Other shapes than those named throw ShapeError.
#pragma once

#include "autodiff/tensor.hpp"

namespace adatom {

/// Lower triangular L with L·Lᵀ = x for a symmetric positive definite x (n, n); only the lower triangle of x is read,
/// and the gradient is symmetric. Throws NumericalError naming the pivot if x is not positive definite. Source of the
/// pullback: Murray, arXiv:1602.07527 (2016), eq. 9.
Tensor cholesky(const Tensor& x);
/// Solves L·X = b (or Lᵀ·X = b with transposed) for lower triangular L (n, n) and b (n) or (n, m); X has the shape of
/// b. What stands above the diagonal of L is not read. Throws NumericalError for a zero on the diagonal.
Tensor triangular_solve(const Tensor& l, const Tensor& b, bool transposed = false);
/// log det x of a symmetric positive definite x (n, n) → (), by Cholesky, which throws for any other x.
Tensor log_determinant(const Tensor& x);

}  // namespace adatom
