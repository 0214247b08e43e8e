// What this file is: dual numbers, forward-mode differentiation in forty lines: each number carries its derivative with
// it.
#pragma once

#include <cmath>

namespace adatom::apps::lesson2 {

/// a + b ε with ε² = 0: f(x + ε) = f(x) + f'(x) ε. `T` may be a Dual itself, which gives second derivatives.
template <class T = double>
struct Dual {
  T value{};
  T slope{};

  Dual() = default;
  Dual(double number)
      : value(number), slope(0.0) {}  // NOLINT(google-explicit-constructor): a plain number does not change with x
  Dual(const T& v, const T& s) : value(v), slope(s) {}

  friend Dual operator+(const Dual& a, const Dual& b) { return {a.value + b.value, a.slope + b.slope}; }
  friend Dual operator-(const Dual& a, const Dual& b) { return {a.value - b.value, a.slope - b.slope}; }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
  }
  friend Dual operator-(const Dual& a) { return {-a.value, -a.slope}; }

  friend Dual sin(const Dual& a) {
    using std::cos, std::sin;
    return {sin(a.value), cos(a.value) * a.slope};
  }
  friend Dual cos(const Dual& a) {
    using std::cos, std::sin;
    return {cos(a.value), -sin(a.value) * a.slope};
  }
  friend Dual exp(const Dual& a) {
    using std::exp;
    const T e = exp(a.value);
    return {e, e * a.slope};
  }
};

}  // namespace adatom::apps::lesson2
