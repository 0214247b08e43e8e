#include "nn/losses.hpp"

#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "autodiff/record.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/selection.hpp"
#include "autodiff/softmax.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

void check_shapes(std::string_view loss, const Tensor& prediction, const Tensor& target) {
  if (!(prediction.shape() == target.shape())) {
    throw ShapeError(std::string(loss) + ": the prediction has shape " + to_string(prediction.shape()) +
                     ", the target " + to_string(target.shape()) + "; they must be equal (reshape one of them)");
  }
  if (prediction.size() == 0)
    throw ShapeError(std::string(loss) + ": nothing to average, the shape is " + to_string(prediction.shape()));
}

/// factor · dy · (prediction − target) for a number dy: the derivative of mse, in one sweep.
Tensor scaled_difference(const Tensor& prediction, const Tensor& target, const Tensor& dy, double factor) {
  const double scale = factor * dy.item();
  const Buffer values(prediction.size());
  const double *const p = prediction.data(), *const t = target.data();
  double* const out = values.data();
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = scale * (p[i] - t[i]);
  return record("scaled_difference", prediction.shape(), values,
                Input{prediction, [dy, factor](const Tensor&, const Tensor& g) { return factor * (dy * g); }},
                Input{target, [dy, factor](const Tensor&, const Tensor& g) { return -factor * (dy * g); }},
                Input{dy, [prediction, target, factor](const Tensor&, const Tensor& g) {
                        return factor * sum((prediction - target) * g);
                      }});
}

}  // namespace

// mean(square(prediction − target)) as one operation: for small networks recording three costs more than their numbers,
// and for large arrays storing differences and squares costs more than adding them up.
Tensor mse(const Tensor& prediction, const Tensor& target) {
  check_shapes("mse", prediction, target);
  const auto count = static_cast<double>(prediction.size());
  const double squares = kernels::squared_distance(prediction.size(), prediction.data(), target.data());
  return record("mse", {}, Buffer(1, squares / count),
                Input{prediction,
                      [prediction, target, factor = 2.0 / count](const Tensor&, const Tensor& dy) {
                        return scaled_difference(prediction, target, dy, factor);
                      }},
                Input{target, [prediction, target, factor = -2.0 / count](const Tensor&, const Tensor& dy) {
                        return scaled_difference(prediction, target, dy, factor);
                      }});
}

Tensor mae(const Tensor& prediction, const Tensor& target) {
  check_shapes("mae", prediction, target);
  return mean(abs(prediction - target));
}

Tensor huber(const Tensor& prediction, const Tensor& target, double delta) {
  check_shapes("huber", prediction, target);
  if (!(delta > 0.0)) throw InputError("huber: delta is " + number_text(delta) + ", expected a number > 0");
  // With q the error limited to delta: q²/2 inside (|e| = q), delta (|e| − delta/2) outside.
  const Tensor error = abs(prediction - target);
  const Tensor inner = minimum(error, delta);
  return mean(inner * (error - 0.5 * inner));
}

Tensor cross_entropy(const Tensor& logits, const Indices& labels) {
  if (logits.rank() != 2 || logits.shape()[0] != labels.size() || logits.size() == 0) {
    throw ShapeError("cross_entropy: logits of shape " + to_string(logits.shape()) + " with " +
                     std::to_string(labels.size()) + " labels, expected (rows, classes) and one label per row");
  }
  const std::size_t rows = logits.shape()[0], classes = logits.shape()[1];
  if (classes == 1) {
    throw InputError(
        "cross_entropy: there is 1 class, which has probability 1 whatever the logits; expected 2 or more");
  }
  for (std::size_t i = 0; i < rows; ++i) {
    if (labels[i] >= classes) {
      throw InputError("cross_entropy: label " + std::to_string(labels[i]) + " of row " + std::to_string(i) +
                       " is out of range, expected 0 to " + std::to_string(classes - 1));
    }
  }
  return -mean(take_along_axis(log_softmax(logits, -1), labels, {rows, 1}, -1));
}

}  // namespace adatom
