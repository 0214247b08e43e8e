// The activation functions of functions.hpp. The first derivative of each, times dy, is one fused operation, and so is
// the second of the common ones, which training on forces needs; their rules are composed of ordinary operations, so
// that every order of derivative is there.
#include <algorithm>
#include <numbers>

#include "autodiff/arithmetic.hpp"
#include "autodiff/elementwise.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/selection.hpp"

namespace adatom {

using kernels::Binary;
using kernels::Unary;

namespace {

/// Records the fused slope · dy of an activation, `at` being its x or y. It is linear in dy; the gradient that reaches
/// `at` is curvature(at, dy, g).
template <class Curvature, class Slope>
Tensor backward(std::string_view operation, Binary f, const Tensor& at, Curvature curvature, const Tensor& dy,
                Slope slope) {
  Values values = map(operation, f, at, dy);
  if (!tracked(at, dy)) return make_node(operation, values.shape, std::move(values.numbers), {});
  return record(operation, values.shape, std::move(values.numbers),
                Input{at, [at, dy, curvature](const Tensor&, const Tensor& g) { return curvature(at, dy, g); }},
                Input{dy, [at, slope](const Tensor&, const Tensor& g) { return slope(at, g); }});
}

/// −2abc of three tensors of one shape. Linear in each, with rules of the same form.
Tensor minus_twice_product(const Tensor& a, const Tensor& b, const Tensor& c) {
  Buffer numbers(a.size());
  const double *const x = a.data(), *const y = b.data(), *const z = c.data();
  double* const out = numbers.data();
  for (std::size_t i = 0; i < numbers.size(); ++i) out[i] = -2 * (x[i] * y[i]) * z[i];
  if (!tracked(a, b, c)) return make_node("minus_twice_product", a.shape(), std::move(numbers), {});
  return record("minus_twice_product", a.shape(), std::move(numbers),
                Input{a, [b, c](const Tensor&, const Tensor& g) { return minus_twice_product(b, c, g); }},
                Input{b, [a, c](const Tensor&, const Tensor& g) { return minus_twice_product(a, c, g); }},
                Input{c, [a, b](const Tensor&, const Tensor& g) { return minus_twice_product(a, b, g); }});
}

/// (1 − y²) dy with y = tanh x. ∂/∂y: −2y
Tensor tanh_backward(const Tensor& y, const Tensor& dy) {
  return backward("tanh_backward", Binary::tanh_backward, y, minus_twice_product, dy, tanh_backward);
}

/// y (1 − y) dy with y = sigmoid x. ∂/∂y: 1 − 2y
Tensor sigmoid_backward(const Tensor& y, const Tensor& dy) {
  const auto curvature = [](const Tensor& at, const Tensor& slope, const Tensor& g) {
    return slope * g + minus_twice_product(at, slope, g);
  };
  return backward("sigmoid_backward", Binary::sigmoid_backward, y, curvature, dy, sigmoid_backward);
}

/// sigmoid(x) dy. ∂/∂x: s (1 − s)
Tensor softplus_backward(const Tensor& x, const Tensor& dy) {
  const auto curvature = [](const Tensor& at, const Tensor& slope, const Tensor& g) {
    return sigmoid_backward(sigmoid(at), slope * g);
  };
  return backward("softplus_backward", Binary::softplus_backward, x, curvature, dy, softplus_backward);
}

/// dy where x > 0, else 0. Constant in x almost everywhere.
Tensor relu_backward(const Tensor& x, const Tensor& dy) {
  Values values = map("relu_backward", Binary::relu_backward, x, dy);
  if (!tracked(dy)) return make_node("relu_backward", values.shape, std::move(values.numbers), {});
  return record("relu_backward", values.shape, std::move(values.numbers),
                Input{dy, [x](const Tensor&, const Tensor& g) { return relu_backward(x, g); }});
}

/// curvature(x) · g, the numbers of the curvature computed by a plain loop; slope(x) is its derivative, composed.
template <class Curvature, class Slope>
Tensor curvature_times(std::string_view operation, const Tensor& x, Curvature curvature, const Tensor& g, Slope slope) {
  Buffer numbers = curvature(x);
  kernels::map(Binary::multiply, x.size(), numbers.data(), g.data(), numbers.data());
  return record(
      operation, x.shape(), std::move(numbers),
      Input{x, [x, g, slope](const Tensor&, const Tensor& h) { return g * h * slope(x); }},
      Input{g, [=](const Tensor&, const Tensor& h) { return curvature_times(operation, x, curvature, h, slope); }});
}

constexpr double sigmoid_limit =
    800;  // from here on sigmoid is 0 or 1 in double, and x s (1 − s) must not become ∞ · 0

/// u (2 + x (1 − 2s)) g with s = sigmoid x, u = s (1 − s): the second derivative of silu.
Tensor silu_curvature(const Tensor& x, const Tensor& dy, const Tensor& g) {
  const auto value = [](const Tensor& at) {
    Buffer numbers = map(Unary::sigmoid, at);
    const double* const v = at.data();
    double* const out = numbers.data();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const double s = out[i], limited = std::clamp(v[i], -sigmoid_limit, sigmoid_limit);
      out[i] = s * (1 - s) * (2 + limited * (1 - 2 * s));
    }
    return numbers;
  };
  const auto slope = [](const Tensor& at) {  // u ((1 − 2s) (3 + x (1 − 2s)) − 2xu)
    const Tensor limited = clip(at, -sigmoid_limit, sigmoid_limit);
    const Tensor s = sigmoid(at);
    const Tensor u = s * (1.0 - s), r = 1.0 - 2.0 * s;
    return u * (r * (3.0 + limited * r) - 2.0 * limited * u);
  };
  return curvature_times("silu_curvature", x, value, dy * g, slope);
}

/// s (1 + x (1 − s)) dy
Tensor silu_backward(const Tensor& x, const Tensor& dy) {
  return backward("silu_backward", Binary::silu_backward, x, silu_curvature, dy, silu_backward);
}

constexpr double density_at_zero = 0.5 * std::numbers::inv_sqrtpi * std::numbers::sqrt2;  // 1/√(2π)
constexpr double density_limit = 40;  // from here on φ(x) is 0 in double, and x² φ must not become ∞ · 0

/// φ (2 − x²) g with φ the normal density: the second derivative of gelu.
Tensor gelu_curvature(const Tensor& x, const Tensor& dy, const Tensor& g) {
  const auto value = [](const Tensor& at) {
    const std::size_t n = at.size();
    Buffer squares(n), numbers(n);
    const double* const v = at.data();
    double *const squared = squares.data(), *const out = numbers.data();
    for (std::size_t i = 0; i < n; ++i) {
      const double limited = std::clamp(v[i], -density_limit, density_limit);
      squared[i] = limited * limited;
      out[i] = -0.5 * squared[i];
    }
    kernels::map(Unary::exp, n, out, out);
    for (std::size_t i = 0; i < n; ++i) out[i] *= density_at_zero * (2 - squared[i]);
    return numbers;
  };
  const auto slope = [](const Tensor& at) {  // φ x (x² − 4)
    const Tensor limited = clip(at, -density_limit, density_limit);
    const Tensor squared = square(limited);
    return exp(-0.5 * squared) * (density_at_zero * limited * (squared - 4.0));
  };
  return curvature_times("gelu_curvature", x, value, dy * g, slope);
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
