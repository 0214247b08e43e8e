// What this file is: elementwise choices between values. Where two candidates are equal the gradient is shared equally.
#pragma once

#include "autodiff/tensor.hpp"

namespace adatom {

Tensor minimum(const Tensor& a, const Tensor& b);
Tensor maximum(const Tensor& a, const Tensor& b);
/// x limited to [low, high]; slope 1 inside and at the limits, 0 beyond. Throws ShapeError unless low <= high.
Tensor clip(const Tensor& x, double low, double high);
/// a where condition is not zero, else b. All three broadcast; no gradient flows to the condition or through the value
/// not chosen, be it nan or inf: it gets 0. But where its own slope is infinite, the way further back makes 0 · ∞ = nan
/// of that. So guard the argument: where(x, log(where(x, x, 1.0)), 0.0), not where(x, log(x), 0.0).
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

}  // namespace adatom
