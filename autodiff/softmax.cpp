#include "autodiff/softmax.hpp"

#include <cmath>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

// The values are computed without recording, the largest element subtracted first so that no exponential overflows; the
// pullbacks are the textbook derivatives in terms of the result y. The subtracted maximum never enters a derivative.

namespace adatom {
namespace {

/// The largest element over the axes, kept with length 1; 0 in place of an infinite one, so that inf − inf is not
/// formed.
Tensor finite_maximum(const Tensor& x, Axes axes) {
  const Tensor largest = max(x, axes, true);
  Buffer values(largest.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::isfinite(largest.values()[i]) ? largest.values()[i] : 0.0;
  }
  return Tensor::constant(largest.shape(), values);
}

void check_not_empty(std::string_view operation, const Tensor& x) {
  if (x.size() == 0) {
    throw ShapeError(std::string(operation) + ": there is nothing to sum over in shape " + to_string(x.shape()));
  }
}

/// Shape of x with the named axes (all when none is named) of length 1.
Shape kept_shape(const Shape& shape, Axes axes) {
  Shape kept = shape;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (axes.size() == 0) kept[axis] = 1;
  }
  for (const std::ptrdiff_t axis : axes) kept[resolve_axis("logsumexp", axis, shape)] = 1;
  return kept;
}

}  // namespace

Tensor logsumexp(const Tensor& x, Axes axes, bool keep_axes) {
  const Shape kept = kept_shape(x.shape(), axes);
  check_not_empty("logsumexp", x);
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
  resolve_axis("softmax", axis, x.shape());
  check_not_empty("softmax", x);
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
  resolve_axis("log_softmax", axis, x.shape());
  check_not_empty("log_softmax", x);
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
