#include "autodiff/fused.hpp"

#include <algorithm>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/record.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

using Composed = std::function<Tensor(const Tensor&)>;

/// H·v, H the second derivative of `composed` at x. The cotangent v may itself depend on x (a force loss's does); vjp
/// does not differentiate it, as it should be. grad(sum(slope * v)) in its place would, and be wrong.
Tensor second_derivative(const Composed& composed, const Tensor& x, const Tensor& v) {
  Tensor slope;
  {
    const WithGrad inner_graph;  // needed even where the result itself will be a constant
    slope = grad(composed(x), {x})[0];
  }
  return vjp(slope, {x}, v)[0];
}

void check_gradient_size(std::string_view operation, const Tensor& x, const Buffer& gradient) {
  if (gradient.size() != x.size()) {
    throw ShapeError(std::string(operation) + ": a gradient of " + std::to_string(gradient.size()) +
                     " elements was given for an input of shape " + to_string(x.shape()));
  }
}

}  // namespace

bool needs_gradient(const Tensor& x) { return recording() && x.requires_grad(); }

Tensor fused(std::string_view operation, const Tensor& x, double value, const Buffer& gradient, Composed composed) {
  if (!needs_gradient(x)) return Tensor(value);
  check_gradient_size(operation, x, gradient);
  const auto pullback = [operation, x, gradient, composed = std::move(composed)](const Tensor&, const Tensor& dy) {
    const Tensor slope =
        record(operation, x.shape(), gradient,
               Input{x, [x, composed](const Tensor&, const Tensor& v) { return second_derivative(composed, x, v); }});
    return dy * slope;
  };
  return record(operation, {}, Buffer(1, value), Input{x, pullback});
}

Tensor fused(std::string_view operation, std::span<const Tensor> inputs, double value,
             std::span<const Buffer> gradients, std::function<Tensor(std::span<const Tensor>)> composed) {
  if (gradients.size() != inputs.size()) {
    throw ShapeError(std::string(operation) + ": " + std::to_string(gradients.size()) + " gradients for " +
                     std::to_string(inputs.size()) + " inputs");
  }
  // The inputs that need gradients become one flat input, so that a sweep runs `composed` once, not once per input.
  Tensors flat;
  std::size_t count = 0;
  for (const Tensor& x : inputs) {
    if (!needs_gradient(x)) continue;
    flat.push_back(reshape(x, Shape{x.size()}));
    count += x.size();
  }
  if (flat.empty()) return Tensor(value);
  Buffer gradient(count);
  Tensors parts(inputs.begin(), inputs.end());
  std::size_t start = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (!needs_gradient(inputs[k])) continue;
    check_gradient_size(operation, inputs[k], gradients[k]);
    std::copy_n(gradients[k].data(), inputs[k].size(), gradient.data() + start);
    start += inputs[k].size();
  }
  const auto of_flat = [parts = std::move(parts), composed = std::move(composed)](const Tensor& at) {
    Tensors unpacked = parts;
    std::size_t from = 0;
    for (Tensor& part : unpacked) {
      if (!part.requires_grad()) continue;
      const std::size_t to = from + part.size();
      part = reshape(slice(at, 0, static_cast<std::ptrdiff_t>(from), static_cast<std::ptrdiff_t>(to)), part.shape());
      from = to;
    }
    return composed(unpacked);
  };
  return fused(operation, flat.size() == 1 ? flat[0] : concat(flat, 0), value, gradient, of_flat);
}

}  // namespace adatom
