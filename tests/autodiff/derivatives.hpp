// What this file is: derivatives compared with finite differences order by order, for the tests of operations.
// (It leans on nothing but `grad`, so that check_gradient, which users call, can be tested against it.)
#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/tensor.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

namespace adatom {

inline std::vector<double> numbers(const Tensor& x) { return {x.values().begin(), x.values().end()}; }

inline Tensor random_variable(const Shape& shape, std::uint64_t seed, double low = -1.5, double high = 1.5) {
  Random random(seed);
  std::vector<double> values(shape.count());
  for (double& value : values) value = random.uniform(low, high);
  return Tensor::variable(shape, values);
}

inline Tensor random_constant(const Shape& shape, std::uint64_t seed) { return random_variable(shape, seed).detach(); }

/// A function of several tensors.
using Operation = std::function<Tensor(const std::vector<Tensor>&)>;

/// The `order`-th directional derivative of Σ w·f, w and the directions random but fixed: a number that depends on all
/// derivatives of that order. Differentiating it is what derivatives of order + 1 need.
inline Tensor directional(const Operation& f, const std::vector<Tensor>& x, int order) {
  const Tensor y = f(x);
  Tensor value = sum(y * random_constant(y.shape(), 77));
  for (int i = 0; i < order; ++i) {
    const Tensors gradients = grad(value, x);
    Tensor next = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      next = next + sum(gradients[k] * random_constant(x[k].shape(), 100 + 10 * static_cast<std::uint64_t>(i) + k));
    }
    value = next;
  }
  return value;
}

/// Requires that derivatives of order 1 … `orders` at x agree with sixth-order central differences of the order below.
/// Step 0.01: truncation h⁶/140·f⁽⁷⁾ ≈ 7e-15 f⁽⁷⁾, rounding ≈ 1e-14 |f|.
inline void check_derivatives(const Operation& f, const std::vector<Tensor>& x, int orders = 3,
                              double tolerance = 1e-9) {
  constexpr double h = 0.01;
  constexpr std::array stencil{45.0, -9.0, 1.0};  // / 60 h
  for (int order = 1; order <= orders; ++order) {
    const Tensors exact = grad(directional(f, x, order - 1), x);
    for (std::size_t k = 0; k < x.size(); ++k) {
      REQUIRE(exact[k].shape() == x[k].shape());
      for (std::size_t i = 0; i < x[k].size(); ++i) {
        const auto shifted = [&](double shift) {
          std::vector<Tensor> moved = x;
          std::vector<double> values = numbers(x[k]);
          values[i] += shift;
          moved[k] = Tensor::variable(x[k].shape(), values);
          return directional(f, moved, order - 1).item();
        };
        double difference = 0;
        for (int s = 1; s <= 3; ++s) difference += stencil[s - 1] * (shifted(s * h) - shifted(-s * h));
        difference /= 60 * h;
        const double value = exact[k].values()[i];
        INFO("order " << order << ", argument " << k << ", element " << i << ": exact " << value << ", difference "
                      << difference);
        REQUIRE(std::abs(value - difference) <= tolerance * std::max(1.0, std::abs(value)));
      }
    }
  }
}

}  // namespace adatom
