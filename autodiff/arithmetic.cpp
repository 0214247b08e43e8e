// Each operation is its numbers (map) and one rule per input, the gradient dy of the result times the partial
// derivative: for y = a · b these are dy · b and dy · a. Where an input was broadcast, record_broadcast sums the rule's
// result back to its shape. A rule captures the inputs it needs and is given the result y: for a / b, ∂y/∂b = −y / b.
#include "autodiff/arithmetic.hpp"

#include <cmath>

#include "autodiff/elementwise.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/selection.hpp"

namespace adatom {

using kernels::Binary;
using kernels::Unary;

namespace {

/// Records f(x, number) or f(number, x) with the rule of x.
template <class Rule>
Tensor with_number(std::string_view operation, Buffer numbers, const Tensor& x, Rule rule) {
  return record(operation, x.shape(), std::move(numbers), Input{x, std::move(rule)});
}

Buffer map(Binary f, const Tensor& x, double number) {
  Buffer numbers(x.size());
  kernels::map(f, x.size(), x.data(), number, numbers.data());
  return numbers;
}

Buffer map(Binary f, double number, const Tensor& x) {
  Buffer numbers(x.size());
  kernels::map(f, x.size(), number, x.data(), numbers.data());
  return numbers;
}

}  // namespace

Tensor operator-(const Tensor& x) {
  return unary("negative", Unary::negative, x, [](const Tensor&, const Tensor& dy) { return -dy; });
}

Tensor operator+(const Tensor& a, const Tensor& b) {
  return record_broadcast(
      "add", map("add", Binary::add, a, b),                   //
      a, [](const Tensor&, const Tensor& dy) { return dy; },  //
      b, [](const Tensor&, const Tensor& dy) { return dy; });
}

Tensor operator-(const Tensor& a, const Tensor& b) {
  return record_broadcast(
      "subtract", map("subtract", Binary::subtract, a, b),    //
      a, [](const Tensor&, const Tensor& dy) { return dy; },  //
      b, [](const Tensor&, const Tensor& dy) { return -dy; });
}

Tensor operator*(const Tensor& a, const Tensor& b) {
  Values values = map("multiply", Binary::multiply, a, b);
  if (!tracked(a, b)) return make_node("multiply", values.shape, std::move(values.numbers), {});
  return record_broadcast(
      "multiply", std::move(values),                               //
      a, [b](const Tensor&, const Tensor& dy) { return dy * b; },  //
      b, [a](const Tensor&, const Tensor& dy) { return dy * a; });
}

Tensor operator/(const Tensor& a, const Tensor& b) {
  Values values = map("divide", Binary::divide, a, b);
  if (!tracked(a, b)) return make_node("divide", values.shape, std::move(values.numbers), {});
  return record_broadcast(
      "divide", std::move(values),                                 //
      a, [b](const Tensor&, const Tensor& dy) { return dy / b; },  //
      b, [b](const Tensor& y, const Tensor& dy) { return -(dy * y) / b; });
}

Tensor operator+(const Tensor& x, double number) {
  return with_number("add", map(Binary::add, x, number), x, [](const Tensor&, const Tensor& dy) { return dy; });
}

Tensor operator+(double number, const Tensor& x) { return x + number; }

Tensor operator-(const Tensor& x, double number) {
  return with_number("subtract", map(Binary::subtract, x, number), x,
                     [](const Tensor&, const Tensor& dy) { return dy; });
}

Tensor operator-(double number, const Tensor& x) {
  return with_number("subtract", map(Binary::subtract, number, x), x,
                     [](const Tensor&, const Tensor& dy) { return -dy; });
}

Tensor operator*(const Tensor& x, double number) {
  return with_number("multiply", map(Binary::multiply, x, number), x,
                     [number](const Tensor&, const Tensor& dy) { return dy * number; });
}

Tensor operator*(double number, const Tensor& x) { return x * number; }

Tensor operator/(const Tensor& x, double number) {
  return with_number("divide", map(Binary::divide, x, number), x,
                     [number](const Tensor&, const Tensor& dy) { return dy / number; });
}

Tensor operator/(double number, const Tensor& x) {
  return with_number("divide", map(Binary::divide, number, x), x,
                     [x](const Tensor& y, const Tensor& dy) { return -(dy * y) / x; });
}

namespace {

/// x^exponent for a whole exponent >= 1 by squaring and multiplying: much cheaper than the general power.
Buffer whole_power(const Tensor& x, unsigned exponent) {
  Buffer numbers(x.size());
  unsigned bit = 1;
  while (2 * bit <= exponent) bit *= 2;
  const double* factor = x.data();
  for (bit /= 2; bit > 0; bit /= 2, factor = numbers.data()) {
    kernels::map(Binary::multiply, x.size(), factor, factor, numbers.data());
    if (exponent & bit) kernels::map(Binary::multiply, x.size(), numbers.data(), x.data(), numbers.data());
  }
  return numbers;
}

constexpr double largest_whole_power = 16;

Buffer power(const Tensor& x, double exponent) {
  const double magnitude = std::abs(exponent);
  if (exponent == -1) return map(Unary::reciprocal, x);
  if (magnitude > largest_whole_power || magnitude < 2 || magnitude != std::floor(magnitude)) {
    return map(Binary::power, x, exponent);
  }
  Buffer numbers = whole_power(x, static_cast<unsigned>(magnitude));
  if (exponent < 0) kernels::map(Unary::reciprocal, x.size(), numbers.data(), numbers.data());
  return numbers;
}

}  // namespace

Tensor pow(const Tensor& x, double exponent) {
  // These three end the chain of derivatives p x^(p−1), p (p−1) x^(p−2), … exactly, without 0 · x^−1.
  if (exponent == 0) return Tensor::ones(x.shape());
  if (exponent == 1) return x;
  if (exponent == 2) return square(x);
  return record("pow", x.shape(), power(x, exponent), Input{x, [x, exponent](const Tensor&, const Tensor& dy) {
                                                              return dy * (exponent * pow(x, exponent - 1));
                                                            }});
}

namespace {

/// ∂(a^b)/∂a = b a^(b−1). At a = b = 0 that is 0 · ∞; there a^b is 1 for every a, and its derivative 0.
Tensor power_slope(const Tensor& a, const Tensor& b) {
  const Tensor regular = [&] {
    const NoGrad constant;
    return abs(a) + abs(b);
  }();
  return b * pow(a, where(regular, b - 1.0, 0.0));
}

/// log a where a ≠ 0, else 0: ∂(a^b)/∂b = a^b log a tends to 0 with a for b > 0.
Tensor log_or_zero(const Tensor& a) { return log(where(a, a, 1.0)); }

}  // namespace

Tensor pow(const Tensor& a, const Tensor& b) {
  return record_broadcast(
      "pow", map("pow", Binary::power, a, b),                                         //
      a, [a, b](const Tensor&, const Tensor& dy) { return dy * power_slope(a, b); },  //
      b, [a](const Tensor& y, const Tensor& dy) { return dy * (y * log_or_zero(a)); });
}

Tensor divide_or_zero(const Tensor& a, const Tensor& b) {
  return record_broadcast(
      "divide_or_zero", map("divide_or_zero", Binary::divide_or_zero, a, b),      //
      a, [b](const Tensor&, const Tensor& dy) { return divide_or_zero(dy, b); },  //
      b, [b](const Tensor& y, const Tensor& dy) { return -divide_or_zero(dy * y, b); });
}

}  // namespace adatom
