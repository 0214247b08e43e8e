// The activation functions of functions.hpp. The first derivative of each, times dy, is one fused operation; the rules of
// those are composed of ordinary operations, so that every order of derivative is there.
#include <cmath>
#include <numbers>

#include "autodiff/arithmetic.hpp"
#include "autodiff/elementwise.hpp"
#include "autodiff/functions.hpp"

namespace adatom {

using kernels::Binary;
using kernels::Unary;

namespace {

/// Records the fused slope · dy of an activation, `at` being its x or y: linear in dy, with the rule of `at` given.
template <class RuleAt, class RuleDy>
Tensor backward(std::string_view operation, Binary f, const Tensor& at, RuleAt rule_at, const Tensor& dy,
                RuleDy rule_dy) {
  Values values = map(operation, f, at, dy);
  if (!tracked(at, dy)) return make_node(operation, values.shape, std::move(values.numbers), {});
  return record(
      operation, values.shape, std::move(values.numbers),
      Input{at, [at, dy, rule_at](const Tensor&, const Tensor& g) { return rule_at(at, dy * g); }},
      Input{dy, [at, rule_dy](const Tensor&, const Tensor& g) { return rule_dy(at, g); }});
}

/// (1 − y²) dy with y = tanh x. ∂/∂y: −2y
Tensor tanh_backward(const Tensor& y, const Tensor& dy) {
  return backward("tanh_backward", Binary::tanh_backward,  //
                  y, [](const Tensor& at, const Tensor& g) { return -square_backward(at, g); },  //
                  dy, tanh_backward);
}

/// y (1 − y) dy with y = sigmoid x. ∂/∂y: 1 − 2y
Tensor sigmoid_backward(const Tensor& y, const Tensor& dy) {
  return backward("sigmoid_backward", Binary::sigmoid_backward,  //
                  y, [](const Tensor& at, const Tensor& g) { return g - square_backward(at, g); },  //
                  dy, sigmoid_backward);
}

/// sigmoid(x) dy. ∂/∂x: s (1 − s)
Tensor softplus_backward(const Tensor& x, const Tensor& dy) {
  return backward("softplus_backward", Binary::softplus_backward,  //
                  x, [](const Tensor& at, const Tensor& g) { return sigmoid_backward(sigmoid(at), g); },  //
                  dy, softplus_backward);
}

/// dy where x > 0, else 0. Constant in x almost everywhere.
Tensor relu_backward(const Tensor& x, const Tensor& dy) {
  Values values = map("relu_backward", Binary::relu_backward, x, dy);
  if (!tracked(dy)) return make_node("relu_backward", values.shape, std::move(values.numbers), {});
  return record("relu_backward", values.shape, std::move(values.numbers),
                Input{dy, [x](const Tensor&, const Tensor& g) { return relu_backward(x, g); }});
}

/// s (1 − s) (2 + x (1 − 2s)) g, the second derivative of silu, with s = sigmoid x.
Tensor silu_curvature(const Tensor& x, const Tensor& g) {
  const Tensor s = sigmoid(x);
  return sigmoid_backward(s, g) * (2.0 + x * (1.0 - 2.0 * s));
}

/// s (1 + x (1 − s)) dy
Tensor silu_backward(const Tensor& x, const Tensor& dy) {
  return backward("silu_backward", Binary::silu_backward, x, silu_curvature, dy, silu_backward);
}

/// φ(x) (2 − x²) g, the second derivative of gelu, φ the normal density.
Tensor gelu_curvature(const Tensor& x, const Tensor& g) {
  const double height = 0.5 * std::numbers::inv_sqrtpi * std::numbers::sqrt2;  // 1/√(2π)
  const Tensor squared = square(x);
  return g * (exp(-0.5 * squared) * (height * (2.0 - squared)));
}

/// (Φ(x) + x φ(x)) dy
Tensor gelu_backward(const Tensor& x, const Tensor& dy) {
  return backward("gelu_backward", Binary::gelu_backward, x, gelu_curvature, dy, gelu_backward);
}

}  // namespace

Tensor tanh(const Tensor& x) {
  return unary("tanh", Unary::tanh, x, [](const Tensor& y, const Tensor& dy) { return tanh_backward(y, dy); });
}

Tensor sigmoid(const Tensor& x) {
  return unary("sigmoid", Unary::sigmoid, x, [](const Tensor& y, const Tensor& dy) { return sigmoid_backward(y, dy); });
}

Tensor softplus(const Tensor& x) {
  return unary("softplus", Unary::softplus, x,
               [](const Tensor& in, const Tensor&, const Tensor& dy) { return softplus_backward(in, dy); });
}

Tensor relu(const Tensor& x) {  // y > 0 exactly where x > 0
  return unary("relu", Unary::relu, x, [](const Tensor& y, const Tensor& dy) { return relu_backward(y, dy); });
}

Tensor silu(const Tensor& x) {
  return unary("silu", Unary::silu, x,
               [](const Tensor& in, const Tensor&, const Tensor& dy) { return silu_backward(in, dy); });
}

Tensor gelu(const Tensor& x) {
  return unary("gelu", Unary::gelu, x,
               [](const Tensor& in, const Tensor&, const Tensor& dy) { return gelu_backward(in, dy); });
}

}  // namespace adatom
