// Each function is its numbers (kernels/map.hpp) and its rule, the table of derivatives from school: dy times dy/dx,
// written in terms of the result, (y, dy), or of the argument, (in, y, dy).
#include "autodiff/functions.hpp"

#include <numbers>

#include "autodiff/arithmetic.hpp"
#include "autodiff/elementwise.hpp"
#include "autodiff/selection.hpp"

namespace adatom {

using kernels::Binary;
using kernels::Unary;

Tensor exp(const Tensor& x) {
  return unary("exp", Unary::exp, x, [](const Tensor& y, const Tensor& dy) { return dy * y; });
}

Tensor log(const Tensor& x) {
  return unary("log", Unary::log, x, [](const Tensor& in, const Tensor&, const Tensor& dy) { return dy / in; });
}

Tensor sqrt(const Tensor& x) {
  return unary("sqrt", Unary::sqrt, x, [](const Tensor& y, const Tensor& dy) { return divide_or_zero(0.5 * dy, y); });
}

Tensor square(const Tensor& x) {
  return unary("square", Unary::square, x,
               [](const Tensor& in, const Tensor&, const Tensor& dy) { return square_backward(in, dy); });
}

// 2x · dy is linear in both, and its rules are of the same form.
Tensor square_backward(const Tensor& x, const Tensor& dy) {
  Values values = map("square_backward", Binary::square_backward, x, dy);
  if (!tracked(x, dy)) return make_node("square_backward", values.shape, std::move(values.numbers), {});
  return record_broadcast(
      "square_backward", std::move(values),                                        //
      x, [dy](const Tensor&, const Tensor& g) { return square_backward(dy, g); },  //
      dy, [x](const Tensor&, const Tensor& g) { return square_backward(x, g); });
}

namespace {

/// −1, 0 or 1. Constant almost everywhere, so no gradient flows.
Tensor sign(const Tensor& x) { return make_node("sign", x.shape(), map(Unary::sign, x), {}); }

}  // namespace

Tensor abs(const Tensor& x) {
  return unary("abs", Unary::absolute, x,
               [](const Tensor& in, const Tensor&, const Tensor& dy) { return dy * sign(in); });
}

Tensor sin(const Tensor& x) {
  return unary("sin", Unary::sin, x, [](const Tensor& in, const Tensor&, const Tensor& dy) { return dy * cos(in); });
}

Tensor cos(const Tensor& x) {
  return unary("cos", Unary::cos, x, [](const Tensor& in, const Tensor&, const Tensor& dy) { return -(dy * sin(in)); });
}

Tensor erf(const Tensor& x) {
  constexpr double slope = 2.0 * std::numbers::inv_sqrtpi;  // 2/√π e^(−x²)
  constexpr double limit = 30;  // from here on e^(−x²) is 0 in double, and its derivatives must not become ∞ · 0
  return unary("erf", Unary::erf, x, [](const Tensor& in, const Tensor&, const Tensor& dy) {
    return dy * (slope * exp(-square(clip(in, -limit, limit))));
  });
}

}  // namespace adatom
