#include "autodiff/shaping.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "autodiff/elementwise.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

/// One matrix copied to contiguous memory, in tiles small enough that both sides stay in the first cache.
void copy_block(std::size_t rows, std::size_t columns, const double* from, std::size_t row_step,
                std::size_t column_step, double* to) {
  if (column_step == 1) {
    for (std::size_t i = 0; i < rows; ++i) std::copy_n(from + i * row_step, columns, to + i * columns);
    return;
  }
  constexpr std::size_t tile = 16;
  for (std::size_t top = 0; top < rows; top += tile) {
    for (std::size_t left = 0; left < columns; left += tile) {
      for (std::size_t i = top; i < std::min(top + tile, rows); ++i) {
        for (std::size_t j = left; j < std::min(left + tile, columns); ++j) {
          to[i * columns + j] = from[i * row_step + j * column_step];
        }
      }
    }
  }
}

/// Elements `from[Σ index · step]` in the order of `shape`.
Buffer strided_copy(const Shape& shape, const Steps& steps, const double* from) {
  Buffer numbers(shape.count());
  const Loops<1> loops(shape, {steps});
  loops.run([&](std::size_t out, const Loops<1>::Offsets& at) {
    copy_block(loops.rows(), loops.columns(), from + at[0], loops.row_step(0), loops.column_step(0),
               numbers.data() + out);
  });
  return numbers;
}

/// Elements start, start + step, … (`count` of them) along one axis.
struct Range {
  std::size_t axis;
  std::size_t start;
  std::size_t count;
  std::size_t step;
};

Tensor spread(const Tensor& x, const Shape& shape, const Range& range);

Tensor select(const Tensor& x, const Range& range) {
  Shape shape = x.shape();
  shape[range.axis] = range.count;
  Steps steps = contiguous_steps(x.shape());
  const std::size_t offset = range.start * steps[range.axis];
  steps[range.axis] *= range.step;
  return record(
      "slice", shape, strided_copy(shape, steps, x.data() + offset),
      Input{x, [full = x.shape(), range](const Tensor&, const Tensor& dy) { return spread(dy, full, range); }});
}

/// The transpose of select: zeros of `shape` with x in the selected places.
Tensor spread(const Tensor& x, const Shape& shape, const Range& range) {
  Buffer numbers(shape.count(), 0.0);
  Steps steps = contiguous_steps(shape);
  double* const to = numbers.data() + range.start * steps[range.axis];
  steps[range.axis] *= range.step;
  const double* const from = x.data();
  const Loops<1> loops(x.shape(), {steps});
  loops.run_elements([&](std::size_t i, const Loops<1>::Offsets& at) { to[at[0]] = from[i]; });
  return record("spread", shape, std::move(numbers),
                Input{x, [range](const Tensor&, const Tensor& dy) { return select(dy, range); }});
}

[[noreturn]] void cannot_reshape(const Shape& shape, const std::string& wanted) {
  throw ShapeError("reshape: shape " + to_string(shape) + " (" + std::to_string(shape.count()) +
                   " elements) cannot become " + wanted);
}

}  // namespace

Tensor reshape(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (shape.count() != x.size()) cannot_reshape(x.shape(), to_string(shape));
  return record("reshape", shape, x.buffer(),
                Input{x, [from = x.shape()](const Tensor&, const Tensor& dy) { return reshape(dy, from); }});
}

Tensor reshape(const Tensor& x, std::initializer_list<Length> lengths) {
  std::size_t known = 1, open = 0;
  std::string wanted = "(";
  for (const auto [length] : lengths) {
    wanted += (wanted.size() > 1 ? ", " : "") + std::to_string(length);
    if (length == -1) ++open;
    if (length >= 0) known *= static_cast<std::size_t>(length);
  }
  wanted += ")";
  if (open > 1) cannot_reshape(x.shape(), wanted + ": at most one length may be -1");
  if (open == 1 && (known == 0 || x.size() % known != 0)) cannot_reshape(x.shape(), wanted);
  Shape shape;
  for (const auto [length] : lengths) {
    if (length < -1) cannot_reshape(x.shape(), wanted + ": lengths are -1 or at least 0");
    shape.push_back(length == -1 ? x.size() / known : static_cast<std::size_t>(length));
  }
  return reshape(x, shape);
}

Tensor permute(const Tensor& x, std::span<const std::size_t> order) {
  const std::size_t rank = x.rank();
  std::array<std::size_t, Shape::max_rank> inverse;
  inverse.fill(Shape::max_rank);
  bool valid = order.size() == rank;
  for (std::size_t axis = 0; valid && axis < rank; ++axis) {
    valid = order[axis] < rank && inverse[order[axis]] == Shape::max_rank;
    if (valid) inverse[order[axis]] = axis;
  }
  if (!valid) {
    throw ShapeError("permute: the order must name each of the " + std::to_string(rank) + " axes of shape " +
                     to_string(x.shape()) + " once, got " + to_string(Shape(order)));
  }
  const Steps steps = contiguous_steps(x.shape());
  Shape shape;
  Steps permuted{};
  for (std::size_t axis = 0; axis < rank; ++axis) {
    shape.push_back(x.shape()[order[axis]]);
    permuted[axis] = steps[order[axis]];
  }
  return record("permute", shape, strided_copy(shape, permuted, x.data()),
                Input{x, [inverse, rank](const Tensor&, const Tensor& dy) {
                        return permute(dy, std::span(inverse).first(rank));
                      }});
}

Tensor permute(const Tensor& x, std::initializer_list<std::size_t> order) {
  return permute(x, std::span(order.begin(), order.size()));
}

Tensor transpose(const Tensor& x) {
  if (x.rank() < 2) throw ShapeError("transpose: at least two axes needed, shape is " + to_string(x.shape()));
  std::array<std::size_t, Shape::max_rank> order{};
  for (std::size_t axis = 0; axis < x.rank(); ++axis) order[axis] = axis;
  std::swap(order[x.rank() - 1], order[x.rank() - 2]);
  return permute(x, std::span(order).first(x.rank()));
}

Tensor broadcast_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (x.rank() > shape.rank() || !(broadcast("broadcast_to", x.shape(), shape) == shape)) {
    throw ShapeError("broadcast_to: shape " + to_string(x.shape()) + " cannot be broadcast to " + to_string(shape));
  }
  const Steps steps = broadcast_steps(x.shape(), shape);
  Buffer numbers = x.size() == 1 ? Buffer(shape.count(), x.data()[0]) : strided_copy(shape, steps, x.data());
  return record("broadcast_to", shape, std::move(numbers),
                Input{x, [from = x.shape()](const Tensor&, const Tensor& dy) { return sum_to(dy, from); }});
}

Tensor slice(const Tensor& x, std::ptrdiff_t axis, std::ptrdiff_t start, std::ptrdiff_t stop, std::size_t step) {
  const std::size_t along = resolve_axis("slice", axis, x.shape());
  if (step == 0) throw ShapeError("slice: the step must be at least 1, shape is " + to_string(x.shape()));
  const auto length = static_cast<std::ptrdiff_t>(x.shape()[along]);
  const auto limited = [&](std::ptrdiff_t i) {
    return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i < 0 ? i + length : i, 0, length));
  };
  const std::size_t first = limited(start), last = limited(stop);
  const std::size_t count = first < last ? (last - first - 1) / step + 1 : 0;
  return select(x, {.axis = along, .start = first, .count = count, .step = step});
}

Tensor concat(std::span<const Tensor> parts, std::ptrdiff_t axis) {
  if (parts.empty()) throw ShapeError("concat: nothing to join");
  Shape shape = parts[0].shape();
  const std::size_t along = resolve_axis("concat", axis, shape);
  shape[along] = 0;
  for (const Tensor& part : parts) {
    Shape expected = part.shape();
    if (along < expected.rank()) expected[along] = shape[along];
    if (!(expected == shape)) {
      throw ShapeError("concat: shapes " + to_string(parts[0].shape()) + " and " + to_string(part.shape()) +
                       " differ along another axis than " + std::to_string(along));
    }
    shape[along] += part.shape()[along];
  }

  // Each part is `outer` stretches of (its length along the axis) · inner numbers.
  std::size_t outer = 1, inner = 1;
  for (std::size_t i = 0; i < along; ++i) outer *= shape[i];
  for (std::size_t i = along + 1; i < shape.rank(); ++i) inner *= shape[i];
  Buffer numbers(shape.count());
  RecycledVector<Edge> edges;
  std::size_t start = 0;
  for (const Tensor& part : parts) {
    const std::size_t count = part.shape()[along];
    for (std::size_t i = 0; i < outer; ++i) {
      std::copy_n(part.data() + i * count * inner, count * inner, numbers.data() + (i * shape[along] + start) * inner);
    }
    if (tracked(part)) {
      const Range range{.axis = along, .start = start, .count = count, .step = 1};
      edges.emplace_back(part, [range](const Tensor&, const Tensor& dy) { return select(dy, range); });
    }
    start += count;
  }
  return make_node("concat", shape, std::move(numbers), std::move(edges));
}

Tensor concat(std::initializer_list<Tensor> parts, std::ptrdiff_t axis) {
  return concat(std::span(parts.begin(), parts.size()), axis);
}

Tensor stack(std::span<const Tensor> parts, std::ptrdiff_t axis) {
  if (parts.empty()) throw ShapeError("stack: nothing to join");
  const Shape& first = parts[0].shape();
  Shape with_axis;  // of a part, with a new axis of length 1
  for (std::size_t i = 0; i <= first.rank(); ++i) with_axis.push_back(1);
  const std::size_t along = resolve_axis("stack", axis, with_axis);
  for (std::size_t i = 0; i < first.rank(); ++i) with_axis[i < along ? i : i + 1] = first[i];
  Tensors reshaped;
  reshaped.reserve(parts.size());
  for (const Tensor& part : parts) {
    if (!(part.shape() == first)) {
      throw ShapeError("stack: shapes " + to_string(first) + " and " + to_string(part.shape()) + " differ");
    }
    reshaped.push_back(reshape(part, with_axis));
  }
  return concat(reshaped, static_cast<std::ptrdiff_t>(along));
}

Tensor stack(std::initializer_list<Tensor> parts, std::ptrdiff_t axis) {
  return stack(std::span(parts.begin(), parts.size()), axis);
}

}  // namespace adatom
