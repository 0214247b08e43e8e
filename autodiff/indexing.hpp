// What this file is: picking and adding rows by index, the bridge between structures of different size and flat rows.
// Throws ShapeError for counts and axes that do not fit, and for an index out of range, naming it and the limit.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

#include "autodiff/tensor.hpp"

namespace adatom {

/// A shared, immutable list of row numbers: made once, used by many operations and their derivatives without copying.
class Indices {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a list of numbers is meant to convert
  Indices(std::vector<std::uint32_t> values);
  Indices(std::initializer_list<std::uint32_t> values) : Indices(std::vector<std::uint32_t>(values)) {}
  std::size_t size() const { return list_->values.size(); }
  std::uint32_t operator[](std::size_t i) const { return list_->values[i]; }
  const std::uint32_t* data() const { return list_->values.data(); }
  /// One more than the largest number, 0 for an empty list: found once, so that checking the range later costs nothing.
  std::size_t limit() const { return list_->limit; }

 private:
  struct List {
    std::vector<std::uint32_t> values;
    std::size_t limit;
  };
  std::shared_ptr<const List> list_;
};

/// Slices of x along `axis` (rows by default) at the given positions: NumPy's take. An index may occur many times.
Tensor gather(const Tensor& x, const Indices& indices, std::ptrdiff_t axis = 0);
/// The transpose of gather: zeros of `length` along `axis`, to which slice i of x is added at indices[i].
Tensor scatter_add(const Tensor& x, const Indices& indices, std::size_t length, std::ptrdiff_t axis = 0);
/// Sum of the rows of each segment: row i of x belongs to segment segments[i] < count. (rows, …) → (count, …). Rows are
/// added in their order, whatever the number of threads.
Tensor segment_sum(const Tensor& x, const Indices& segments, std::size_t count);
/// One element per position along the last axis: result[…, k] = x[…, indices[…, k]] (NumPy's take_along_axis, PyTorch's
/// gather). `index_shape` equals x.shape() except along the axis.
Tensor take_along_axis(const Tensor& x, const Indices& indices, const Shape& index_shape, std::ptrdiff_t axis = -1);
/// The transpose of take_along_axis: zeros of `shape`, to which each element of x is added at its position.
Tensor add_along_axis(const Tensor& x, const Indices& indices, const Shape& shape, std::ptrdiff_t axis = -1);

}  // namespace adatom
