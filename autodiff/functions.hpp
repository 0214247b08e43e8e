// What this file is: elementwise functions of one tensor. At kinks the derivative is zero (relu, abs at 0), never NaN.
#pragma once

#include "autodiff/tensor.hpp"

namespace adatom {

Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);     ///< of negative numbers: nan; of zero: −inf
Tensor sqrt(const Tensor& x);    ///< slope at 0, where the graph is vertical, counts as 0; of negative numbers: nan
Tensor square(const Tensor& x);  ///< the number Σ x² of a long vector is faster as matmul(x, x): no squares are stored
Tensor abs(const Tensor& x);
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor erf(const Tensor& x);

Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);   ///< 1 / (1 + e^−x)
Tensor softplus(const Tensor& x);  ///< log(1 + e^x), without overflow
Tensor relu(const Tensor& x);      ///< max(x, 0)
Tensor silu(const Tensor& x);      ///< x · sigmoid(x)
Tensor gelu(const Tensor& x);      ///< x · Φ(x) with the exact normal distribution function

}  // namespace adatom
