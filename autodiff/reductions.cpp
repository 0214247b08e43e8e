#include "autodiff/reductions.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/elementwise.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

/// What a reduction does to the shape.
struct Plan {
  std::array<bool, Shape::max_rank> reduced{};
  Shape kept;                // reduced axes have length 1
  Shape result;              // reduced axes are gone, or have length 1 with keep_axes
  std::size_t elements = 1;  // that go into one result
};

Plan plan(std::string_view operation, const Shape& shape, std::span<const std::ptrdiff_t> axes, bool keep_axes) {
  Plan plan;
  for (const std::ptrdiff_t axis : axes) {
    bool& reduced = plan.reduced[resolve_axis(operation, axis, shape)];
    if (reduced) {
      throw ShapeError(std::string(operation) + ": axis " + std::to_string(axis) + " is named twice for shape " +
                       to_string(shape));
    }
    reduced = true;
  }
  if (axes.size() == 0) plan.reduced.fill(true);
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    const bool reduced = plan.reduced[axis];
    plan.kept.push_back(reduced ? 1 : shape[axis]);
    if (!reduced || keep_axes) plan.result.push_back(plan.kept[axis]);
    if (reduced) plan.elements *= shape[axis];
  }
  return plan;
}

/// Folds the reduced axes of x away, one run of neighbouring axes after the other, the last one first.
/// `columns(rows, length, in, out)` folds each row of `in`, `rows(length, columns, in, out)` each column.
template <class Columns, class Rows>
Buffer fold(const Tensor& x, const Plan& plan, Columns&& fold_columns, Rows&& fold_rows) {
  const Shape& shape = x.shape();
  const auto folds = [&](std::size_t axis) { return plan.reduced[axis] && shape[axis] != 1; };
  Buffer numbers = x.buffer();
  std::size_t inner = 1, outer = shape.count();
  for (std::size_t end = shape.rank(); end > 0;) {
    if (!folds(end - 1)) {
      inner *= shape[--end];
      continue;
    }
    std::size_t length = 1;
    while (end > 0 && plan.reduced[end - 1]) length *= shape[--end];
    outer = 1;
    for (std::size_t axis = 0; axis < end; ++axis) outer *= shape[axis];
    Buffer folded(outer * inner);
    if (inner == 1) {
      fold_columns(outer, length, numbers.data(), folded.data());
    } else {
      for (std::size_t i = 0; i < outer; ++i) {
        fold_rows(length, inner, numbers.data() + i * length * inner, folded.data() + i * inner);
      }
    }
    numbers = std::move(folded);
  }
  return numbers;
}

Buffer sums(const Tensor& x, const Plan& plan) {
  return fold(
      x, plan,
      [](std::size_t rows, std::size_t length, const double* in, double* out) {
        if (rows == 1) {
          out[0] = kernels::sum(length, in);
        } else {
          kernels::sum_columns(rows, length, in, out);
        }
      },
      [](std::size_t length, std::size_t columns, const double* in, double* out) {
        kernels::sum_rows(length, columns, in, out);
      });
}

/// Records a sum. The gradient of each summand is that of its sum.
Tensor sum(const Tensor& x, const Plan& plan) {
  return record("sum", plan.result, sums(x, plan),
                Input{x, [kept = plan.kept, full = x.shape()](const Tensor&, const Tensor& dy) {
                        return broadcast_to(reshape(dy, kept), full);
                      }});
}

Tensor mean(const Tensor& x, const Plan& plan) {
  if (plan.elements == 0) throw ShapeError("mean: nothing to average in shape " + to_string(x.shape()));
  return sum(x, plan) * (1.0 / static_cast<double>(plan.elements));
}

/// Largest or smallest elements.
Buffer extremes(const Tensor& x, const Plan& plan, bool largest) {
  const auto along_rows = largest ? kernels::maximum_columns : kernels::minimum_columns;
  const auto larger = largest ? kernels::Binary::maximum : kernels::Binary::minimum;
  return fold(
      x, plan,
      [&](std::size_t rows, std::size_t length, const double* in, double* out) { along_rows(rows, length, in, out); },
      [&](std::size_t length, std::size_t columns, const double* in, double* out) {
        std::copy(in, in + columns, out);
        for (std::size_t i = 1; i < length; ++i) kernels::map(larger, columns, out, in + i * columns, out);
      });
}

/// 1/k for each of k equal extremes, 0 for everything else.
Tensor extreme_shares(const Tensor& x, const Tensor& extreme, const Plan& plan) {
  Buffer share(x.size());
  const double *const value = x.data(), *const best = extreme.data();
  const Loops<1> loops(x.shape(), {broadcast_steps(plan.kept, x.shape())});
  loops.run_elements([&](std::size_t i, const Loops<1>::Offsets& at) { share[i] = value[i] == best[at[0]] ? 1 : 0; });
  const NoGrad constant;
  const Tensor equal = Tensor::constant(x.shape(), std::move(share));
  return equal / Tensor::constant(plan.kept, sums(equal, plan));
}

Tensor extreme(std::string_view operation, const Tensor& x, const Plan& plan, bool largest) {
  if (plan.elements == 0) {
    throw ShapeError(std::string(operation) + ": no elements to choose from in shape " + to_string(x.shape()));
  }
  return record(operation, plan.result, extremes(x, plan, largest),
                Input{x, [x, plan](const Tensor& y, const Tensor& dy) {
                        return reshape(dy, plan.kept) * extreme_shares(x, y, plan);
                      }});
}

}  // namespace

Tensor sum(const Tensor& x) { return sum(x, Axes{}); }
Tensor sum(const Tensor& x, Axes axes, bool keep_axes) { return sum(x, plan("sum", x.shape(), axes, keep_axes)); }

Tensor mean(const Tensor& x) { return mean(x, Axes{}); }
Tensor mean(const Tensor& x, Axes axes, bool keep_axes) { return mean(x, plan("mean", x.shape(), axes, keep_axes)); }

Tensor max(const Tensor& x) { return max(x, Axes{}); }
Tensor max(const Tensor& x, Axes axes, bool keep_axes) {
  return extreme("max", x, plan("max", x.shape(), axes, keep_axes), true);
}

Tensor min(const Tensor& x) { return min(x, Axes{}); }
Tensor min(const Tensor& x, Axes axes, bool keep_axes) {
  return extreme("min", x, plan("min", x.shape(), axes, keep_axes), false);
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (shape.rank() > x.rank() || !(broadcast("sum_to", x.shape(), shape) == x.shape())) {
    throw ShapeError("sum_to: shape " + to_string(x.shape()) + " does not come from broadcasting " + to_string(shape));
  }
  Plan plan;
  const std::size_t added = x.rank() - shape.rank();
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    plan.reduced[axis] = axis < added || shape[axis - added] == 1;
    plan.kept.push_back(plan.reduced[axis] ? 1 : x.shape()[axis]);
  }
  plan.result = shape;
  return record("sum_to", shape, sums(x, plan),
                Input{x, [full = x.shape()](const Tensor&, const Tensor& dy) { return broadcast_to(dy, full); }});
}

Tensor norm(const Tensor& x, std::ptrdiff_t axis) {
  const std::array axes{axis};
  const Plan along = plan("norm", x.shape(), axes, false);
  Buffer lengths;
  if (resolve_axis("norm", axis, x.shape()) + 1 == x.rank()) {  // along rows: the squares need not be stored
    lengths = Buffer(along.result.count());
    kernels::dot_columns(lengths.size(), x.shape().back(), x.data(), x.data(), lengths.data());
  } else {
    const NoGrad constant;
    lengths = sum(square(x), along).buffer();
  }
  kernels::map(kernels::Unary::sqrt, lengths.size(), lengths.data(), lengths.data());
  // dx = x · dy/y; at the zero vector, where the norm has a kink, 0.
  return record("norm", along.result, std::move(lengths),
                Input{x, [x, kept = along.kept](const Tensor& y, const Tensor& dy) {
                        return x * reshape(divide_or_zero(dy, y), kept);
                      }});
}

}  // namespace adatom
