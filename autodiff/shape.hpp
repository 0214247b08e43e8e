// What this file is: shapes of tensors, and NumPy's rule for combining two of them.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace adatom {

/// The lengths of a tensor's axes, outermost first. A scalar has none. Kept inside the object (no allocation), which
/// limits the rank to 8.
class Shape {
 public:
  static constexpr std::size_t max_rank = 8;

  Shape() = default;
  Shape(std::initializer_list<std::size_t> lengths) : Shape(std::span(lengths.begin(), lengths.size())) {}
  /// Throws ShapeError beyond max_rank axes.
  explicit Shape(std::span<const std::size_t> lengths);

  std::size_t rank() const { return rank_; }
  std::size_t operator[](std::size_t axis) const { return lengths_[axis]; }
  std::size_t& operator[](std::size_t axis) { return lengths_[axis]; }
  std::size_t back() const { return lengths_[rank_ - 1]; }
  const std::size_t* begin() const { return lengths_.data(); }
  const std::size_t* end() const { return lengths_.data() + rank_; }
  void push_back(std::size_t length);

  /// Number of elements: the product of the lengths, 1 for a scalar. Throws ShapeError beyond what std::size_t counts.
  std::size_t count() const {
    std::size_t product = 1;
    for (const std::size_t length : *this) {
      if (((product | length) >> half_the_bits) != 0) return large_count();  // below, no product of two overflows
      product *= length;
    }
    return product;
  }

  friend bool operator==(const Shape& a, const Shape& b) {
    bool equal = a.rank_ == b.rank_;
    for (std::size_t axis = 0; equal && axis < a.rank_; ++axis) equal = a[axis] == b[axis];
    return equal;
  }

 private:
  static constexpr int half_the_bits = std::numeric_limits<std::size_t>::digits / 2;
  std::size_t large_count() const;
  std::array<std::size_t, max_rank> lengths_{};
  std::size_t rank_ = 0;
};

/// "(2, 3)", "(4)", "()".
std::string to_string(const Shape& shape);

/// The shape of `a op b` by NumPy's rule: axes are matched from the last; equal lengths match, and 1 matches anything.
/// Throws ShapeError naming the operation and both shapes.
Shape broadcast(std::string_view operation, const Shape& a, const Shape& b);

/// `axis` with negative values counted from the end (−1 is the last). Throws ShapeError naming operation, axis and
/// shape.
std::size_t resolve_axis(std::string_view operation, std::ptrdiff_t axis, const Shape& shape);

}  // namespace adatom
