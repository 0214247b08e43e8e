// What this file is: + − × ÷ and powers of tensors. Shapes combine by NumPy's rule (shape.hpp); the gradient of an
// input that was broadcast is summed back to its shape.
#pragma once

#include "autodiff/tensor.hpp"

namespace adatom {

Tensor operator+(const Tensor& a, const Tensor& b);
Tensor operator-(const Tensor& a, const Tensor& b);
Tensor operator*(const Tensor& a, const Tensor& b);  ///< elementwise; matrix products are matmul
Tensor operator/(const Tensor& a, const Tensor& b);  ///< by zero: ±inf or nan, as IEEE
Tensor operator-(const Tensor& x);

// The same with a plain number, which then needs no place in the graph.
Tensor operator+(const Tensor& x, double number);
Tensor operator+(double number, const Tensor& x);
Tensor operator-(const Tensor& x, double number);
Tensor operator-(double number, const Tensor& x);
Tensor operator*(const Tensor& x, double number);
Tensor operator*(double number, const Tensor& x);
Tensor operator/(const Tensor& x, double number);
Tensor operator/(double number, const Tensor& x);

/// x^exponent for a fixed exponent; derivative exponent · x^(exponent − 1), infinite at 0 for 0 < exponent < 1.
Tensor pow(const Tensor& x, double exponent);
/// base^exponent, elementwise, base ≥ 0 where the exponent's gradient is wanted: it holds log base, and is 0 at base 0.
Tensor pow(const Tensor& base, const Tensor& exponent);

}  // namespace adatom
