// What this file is: operations that move numbers without changing them. Axes may be negative (−1 is the last). What
// does not fit throws ShapeError, naming the operation and the shapes.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>

#include "autodiff/tensor.hpp"

namespace adatom {

/// A length in a list like {rows, -1}: any whole number.
struct Length {
  template <std::integral T>  // NOLINTNEXTLINE(google-explicit-constructor): numbers are meant to convert
  Length(T n) : value(static_cast<std::ptrdiff_t>(n)) {}
  std::ptrdiff_t value;
};

/// The same numbers in another shape; at most one length may be −1 and follows from the rest.
Tensor reshape(const Tensor& x, std::initializer_list<Length> lengths);
Tensor reshape(const Tensor& x, const Shape& shape);
/// Axes in a new order: result axis i is axis order[i] of x.
Tensor permute(const Tensor& x, std::span<const std::size_t> order);
Tensor permute(const Tensor& x, std::initializer_list<std::size_t> order);
/// The last two axes exchanged (a matrix transposed, or each of a batch).
Tensor transpose(const Tensor& x);
/// x repeated along axes of length 1 or missing in front, as NumPy's broadcasting.
Tensor broadcast_to(const Tensor& x, const Shape& shape);
/// Elements start, start + step, … below stop along one axis; negative start and stop count from the end and are
/// limited to the axis, as in Python; step ≥ 1.
Tensor slice(const Tensor& x, std::ptrdiff_t axis, std::ptrdiff_t start, std::ptrdiff_t stop, std::size_t step = 1);
/// Joined along an existing axis.
Tensor concat(std::span<const Tensor> parts, std::ptrdiff_t axis);
Tensor concat(std::initializer_list<Tensor> parts, std::ptrdiff_t axis);
/// Joined along a new axis.
Tensor stack(std::span<const Tensor> parts, std::ptrdiff_t axis);
Tensor stack(std::initializer_list<Tensor> parts, std::ptrdiff_t axis);

}  // namespace adatom
