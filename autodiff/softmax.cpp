#include "autodiff/softmax.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/record.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

// The values are computed without recording, the largest element subtracted first so that no exponential overflows; the
// pullbacks are the textbook derivatives in terms of the result y. The subtracted maximum never enters a derivative.

namespace adatom {
namespace {

/// The largest element over the axes, kept with length 1; the largest number in place of ∞ and the lowest of −∞, so
/// that ∞ − ∞ is not formed.
Tensor finite_maximum(const Tensor& x, Axes axes) {
  constexpr double limit = std::numeric_limits<double>::max();
  const Tensor largest = max(x, axes, true);
  Buffer values(largest.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::clamp(largest.values()[i], -limit, limit);
  return Tensor::constant(largest.shape(), values);
}

/// Shape of x with the named axes (all when none is named) of length 1. An axis of length 0 is refused: no sum of
/// exponentials is empty. Other axes may be, as in a batch without rows.
Shape kept_shape(std::string_view operation, const Shape& shape, Axes axes) {
  Shape kept = shape;
  std::array<bool, Shape::max_rank> named{};
  const auto keep = [&](std::size_t axis) {
    if (named[axis]) {
      throw ShapeError(std::string(operation) + ": axis " + std::to_string(axis) + " is named twice for shape " +
                       to_string(shape));
    }
    if (shape[axis] == 0) {
      throw ShapeError(std::string(operation) + ": there is nothing to sum over in shape " + to_string(shape));
    }
    named[axis] = true;
    kept[axis] = 1;
  };
  for (std::size_t axis = 0; axis < shape.rank() && axes.size() == 0; ++axis) keep(axis);
  for (const std::ptrdiff_t axis : axes) keep(resolve_axis(operation, axis, shape));
  return kept;
}

}  // namespace

Tensor logsumexp(const Tensor& x, Axes axes, bool keep_axes) {
  const Shape kept = kept_shape("logsumexp", x.shape(), axes);
  Tensor value;
  {
    const NoGrad numbers_only;
    const Tensor shift = finite_maximum(x, axes);
    value = log(sum(exp(x - shift), axes, keep_axes));
    value = value + reshape(shift, value.shape());
  }
  return record(
      "logsumexp", value.shape(), value.buffer(),
      Input{x, [x, kept](const Tensor& y, const Tensor& dy) { return reshape(dy, kept) * exp(x - reshape(y, kept)); }});
}

Tensor softmax(const Tensor& x, std::ptrdiff_t axis) {
  kept_shape("softmax", x.shape(), {axis});
  Tensor value;
  {
    const NoGrad numbers_only;
    const Tensor e = exp(x - finite_maximum(x, {axis}));
    value = e / sum(e, {axis}, true);
  }
  return record("softmax", x.shape(), value.buffer(),
                Input{x, [axis](const Tensor& y, const Tensor& dy) { return y * (dy - sum(dy * y, {axis}, true)); }});
}

Tensor log_softmax(const Tensor& x, std::ptrdiff_t axis) {
  kept_shape("log_softmax", x.shape(), {axis});
  Tensor value;
  {
    const NoGrad numbers_only;
    const Tensor shifted = x - finite_maximum(x, {axis});
    value = shifted - log(sum(exp(shifted), {axis}, true));
  }
  return record("log_softmax", x.shape(), value.buffer(),
                Input{x, [axis](const Tensor& y, const Tensor& dy) { return dy - exp(y) * sum(dy, {axis}, true); }});
}

}  // namespace adatom
