#include "autodiff/shape.hpp"

#include <algorithm>
#include <limits>

#include "core/error.hpp"

namespace adatom {

Shape::Shape(std::span<const std::size_t> lengths) {
  for (const std::size_t length : lengths) push_back(length);
}

void Shape::push_back(std::size_t length) {
  if (rank_ == max_rank) {
    throw ShapeError("shape: at most " + std::to_string(max_rank) + " axes are supported, found one of length " +
                     std::to_string(length) + " after " + to_string(*this));
  }
  lengths_[rank_++] = length;
}

std::size_t Shape::large_count() const {
  std::size_t product = 1;
  for (const std::size_t length : *this) {
    if (length != 0 && product > std::numeric_limits<std::size_t>::max() / length) {
      throw ShapeError("shape: " + to_string(*this) + " has more elements than can be counted");
    }
    product *= length;
  }
  return product;
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (axis > 0) text += ", ";
    text += std::to_string(shape[axis]);
  }
  return text + ")";
}

Shape broadcast(std::string_view operation, const Shape& a, const Shape& b) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape result = longer;
  const std::size_t offset = longer.rank() - shorter.rank();
  for (std::size_t axis = 0; axis < shorter.rank(); ++axis) {
    const std::size_t m = longer[offset + axis], n = shorter[axis];
    if (m != n && m != 1 && n != 1) {
      throw ShapeError(std::string(operation) + ": shapes " + to_string(a) + " and " + to_string(b) +
                       " do not match: along an axis both must be equal, or one of them 1");
    }
    result[offset + axis] = m == 1 ? n : m;
  }
  return result;
}

std::size_t resolve_axis(std::string_view operation, std::ptrdiff_t axis, const Shape& shape) {
  const auto rank = static_cast<std::ptrdiff_t>(shape.rank());
  if (axis < -rank || axis >= rank) {
    throw ShapeError(std::string(operation) + ": axis " + std::to_string(axis) + " is out of range for shape " +
                     to_string(shape));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

}  // namespace adatom
