// What this file is: sums, means and extremes over axes. Axes may be negative (−1 is the last); none named means all.
#pragma once

#include <initializer_list>
#include <span>

#include "autodiff/tensor.hpp"

namespace adatom {

using Axes = std::initializer_list<std::ptrdiff_t>;

/// Sum over the named axes, which disappear, or keep length 1 with keep_axes. The order of summation is fixed: the same
/// bits for any number of threads. Throws ShapeError for an axis out of range or named twice. Products of vectors need
/// not be stored to be added: Σ x y is matmul(x, y).
Tensor sum(const Tensor& x);
Tensor sum(const Tensor& x, Axes axes, bool keep_axes = false);
/// Sum over the number of elements. Throws ShapeError when there is nothing to average.
Tensor mean(const Tensor& x);
Tensor mean(const Tensor& x, Axes axes, bool keep_axes = false);
/// Largest and smallest element; the gradient goes to it, in equal shares to all of several equal ones. Throws
/// ShapeError over an axis of length 0.
Tensor max(const Tensor& x);
Tensor max(const Tensor& x, Axes axes, bool keep_axes = false);
Tensor min(const Tensor& x);
Tensor min(const Tensor& x, Axes axes, bool keep_axes = false);

/// Sums x over the axes along which `shape` was broadcast to x.shape(): the transpose of broadcast_to. Throws
/// ShapeError if `shape` does not broadcast to x.shape().
Tensor sum_to(const Tensor& x, const Shape& shape);

/// √Σx² over one axis (the last by default), which disappears; overflows beyond 1e154. Derivative 0 at the zero vector.
Tensor norm(const Tensor& x, std::ptrdiff_t axis = -1);

}  // namespace adatom
