#include "autodiff/indexing.hpp"

#include <algorithm>
#include <string>

#include "autodiff/record.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {

Indices::Indices(std::vector<std::uint32_t> values) {
  std::uint32_t largest = 0;
  for (const std::uint32_t value : values) largest = std::max(largest, value);  // no branch: vectorises
  const std::size_t limit = values.empty() ? 0 : std::size_t{largest} + 1;
  list_ = std::make_shared<const List>(List{std::move(values), limit});
}

namespace {

/// A row-major array seen as (outer, length, inner) around one axis.
struct AxisView {
  std::size_t outer = 1, length = 1, inner = 1;

  AxisView(const Shape& shape, std::size_t axis) : length(shape[axis]) {
    for (std::size_t i = 0; i < axis; ++i) outer *= shape[i];
    for (std::size_t i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  }
};

Shape with_length(Shape shape, std::size_t axis, std::size_t length) {
  shape[axis] = length;
  return shape;
}

void check_range(std::string_view operation, const Indices& indices, std::size_t length) {
  if (indices.limit() <= length) return;
  std::size_t i = 0;
  while (indices[i] < length) ++i;
  // Indices are unsigned: −1 has become 2³² − 1.
  const std::string hint =
      indices[i] >> 31 != 0 ? " (" + std::to_string(static_cast<std::int32_t>(indices[i])) + "?)" : "";
  throw ShapeError(std::string(operation) + ": index " + std::to_string(indices[i]) + hint + " at position " +
                   std::to_string(i) + " is out of range: the axis has length " + std::to_string(length));
}

/// Calls loop(n) with the row length known to the compiler for the common ones: scalars, vectors in space, 3×3 tensors.
template <class Loop>
void with_row_length(std::size_t inner, Loop loop) {
  switch (inner) {
    case 1:
      return loop([] { return std::size_t{1}; });
    case 3:
      return loop([] { return std::size_t{3}; });
    case 9:
      return loop([] { return std::size_t{9}; });
    default:
      return loop([inner] { return inner; });
  }
}

/// to[i] = from[index[i]] for rows of `inner` numbers, on several threads where they are many.
void copy_rows(const Indices& indices, std::size_t inner, const double* from, double* to) {
  const auto copy = [=, index = indices.data()](std::size_t first, std::size_t last) {
    with_row_length(inner, [=](auto row_length) {
      const std::size_t n = row_length();
      for (std::size_t i = first; i < last; ++i) {
        const double* const source = from + std::size_t{index[i]} * n;
        double* const target = to + i * n;
        for (std::size_t k = 0; k < n; ++k) target[k] = source[k];
      }
    });
  };
  constexpr std::size_t stretch_size = 1 << 15;
  const std::size_t count = indices.size();
  if (count * inner < 4 * stretch_size || thread_count() == 1) return copy(0, count);
  const std::size_t stretch = std::max<std::size_t>(1, stretch_size / inner);
  parallel_for((count + stretch - 1) / stretch,
               [&](std::size_t i) { copy(i * stretch, std::min(count, (i + 1) * stretch)); });
}

/// to[index[i]] += from[i] for rows of `inner` numbers, in the order of i. On one thread: with a range of targets for
/// each thread, all would read all indices, and guessing wrongly whose a row is costs more than adding it.
void add_rows(const Indices& indices, std::size_t inner, const double* from, double* to) {
  const std::uint32_t* const index = indices.data();
  const std::size_t count = indices.size();
  with_row_length(inner, [=](auto row_length) {
    const std::size_t n = row_length();
    for (std::size_t i = 0; i < count; ++i) {
      const double* const source = from + i * n;
      double* const target = to + std::size_t{index[i]} * n;
      for (std::size_t k = 0; k < n; ++k) target[k] += source[k];
    }
  });
}

Tensor add_slices(std::string_view operation, const Tensor& x, const Indices& indices, std::size_t length,
                  std::size_t axis) {
  if (indices.size() != x.shape()[axis]) {
    throw ShapeError(std::string(operation) + ": " + std::to_string(indices.size()) + " indices for axis " +
                     std::to_string(axis) + " of shape " + to_string(x.shape()) + ": one for each slice is expected");
  }
  check_range(operation, indices, length);
  const Shape shape = with_length(x.shape(), axis, length);
  const AxisView from(x.shape(), axis);
  Buffer values(shape.count(), 0.0);
  for (std::size_t o = 0; o < from.outer; ++o) {
    add_rows(indices, from.inner, x.data() + o * from.length * from.inner, values.data() + o * length * from.inner);
  }
  const auto a = static_cast<std::ptrdiff_t>(axis);
  return record(operation, shape, values,
                Input{x, [indices, a](const Tensor&, const Tensor& dy) { return gather(dy, indices, a); }});
}

/// The positions of take_along_axis and add_along_axis: calls f(element of the index list, element of the full array).
template <class F>
void for_each_along_axis(const Shape& full, const Shape& index_shape, std::size_t axis, const Indices& indices, F f) {
  const AxisView whole(full, axis);
  const std::size_t picked = index_shape[axis];
  const std::uint32_t* const index = indices.data();
  std::size_t i = 0;
  for (std::size_t o = 0; o < whole.outer; ++o) {
    for (std::size_t p = 0; p < picked; ++p) {
      for (std::size_t k = 0; k < whole.inner; ++k, ++i) f(i, (o * whole.length + index[i]) * whole.inner + k);
    }
  }
}

void check_along_axis(std::string_view operation, const Shape& full, const Shape& index_shape, std::size_t axis,
                      const Indices& indices) {
  bool fits = full.rank() == index_shape.rank();
  for (std::size_t i = 0; fits && i < full.rank(); ++i) fits = i == axis || full[i] == index_shape[i];
  if (!fits) {
    throw ShapeError(std::string(operation) + ": the indices' shape " + to_string(index_shape) + " and " +
                     to_string(full) + " must be equal except along axis " + std::to_string(axis));
  }
  if (indices.size() != index_shape.count()) {
    throw ShapeError(std::string(operation) + ": shape " + to_string(index_shape) + " needs " +
                     std::to_string(index_shape.count()) + " indices, got " + std::to_string(indices.size()));
  }
  check_range(operation, indices, full[axis]);
}

}  // namespace

Tensor gather(const Tensor& x, const Indices& indices, std::ptrdiff_t axis) {
  const std::size_t a = resolve_axis("gather", axis, x.shape());
  check_range("gather", indices, x.shape()[a]);
  const Shape shape = with_length(x.shape(), a, indices.size());
  const AxisView from(x.shape(), a);
  Buffer values(shape.count());
  for (std::size_t o = 0; o < from.outer; ++o) {
    copy_rows(indices, from.inner, x.data() + o * from.length * from.inner,
              values.data() + o * indices.size() * from.inner);
  }
  const std::size_t length = from.length;
  return record("gather", shape, values, Input{x, [indices, length, axis](const Tensor&, const Tensor& dy) {
                                                 return scatter_add(dy, indices, length, axis);
                                               }});
}

Tensor scatter_add(const Tensor& x, const Indices& indices, std::size_t length, std::ptrdiff_t axis) {
  return add_slices("scatter_add", x, indices, length, resolve_axis("scatter_add", axis, x.shape()));
}

Tensor segment_sum(const Tensor& x, const Indices& segments, std::size_t count) {
  return add_slices("segment_sum", x, segments, count, resolve_axis("segment_sum", 0, x.shape()));
}

Tensor take_along_axis(const Tensor& x, const Indices& indices, const Shape& index_shape, std::ptrdiff_t axis) {
  const Shape full = x.shape();
  const std::size_t a = resolve_axis("take_along_axis", axis, full);
  check_along_axis("take_along_axis", full, index_shape, a, indices);
  Buffer values(index_shape.count());
  const double* const from = x.data();
  double* const to = values.data();
  for_each_along_axis(full, index_shape, a, indices, [=](std::size_t i, std::size_t j) { to[i] = from[j]; });
  return record("take_along_axis", index_shape, values,
                Input{x, [indices, full, axis](const Tensor&, const Tensor& dy) {
                        return add_along_axis(dy, indices, full, axis);
                      }});
}

Tensor add_along_axis(const Tensor& x, const Indices& indices, const Shape& shape, std::ptrdiff_t axis) {
  const Shape index_shape = x.shape();
  const std::size_t a = resolve_axis("add_along_axis", axis, shape);
  check_along_axis("add_along_axis", shape, index_shape, a, indices);
  Buffer values(shape.count(), 0.0);
  const double* const from = x.data();
  double* const to = values.data();
  for_each_along_axis(shape, index_shape, a, indices, [=](std::size_t i, std::size_t j) { to[j] += from[i]; });
  return record("add_along_axis", shape, values,
                Input{x, [indices, index_shape, axis](const Tensor&, const Tensor& dy) {
                        return take_along_axis(dy, indices, index_shape, axis);
                      }});
}

}  // namespace adatom
