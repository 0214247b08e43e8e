// What this file is: Euclidean distances between points. The derivative at distance zero is zero, never NaN. Other
// shapes than those named throw ShapeError.
#pragma once

#include "autodiff/tensor.hpp"

namespace adatom {

/// All distances between the rows of a (m, d) and b (n, d) → (m, n).
Tensor pairwise_distances(const Tensor& a, const Tensor& b);
/// Distances between different rows of x (n, d), pairs i < j in row order → (n(n − 1)/2).
Tensor pairwise_distances(const Tensor& x);

}  // namespace adatom
