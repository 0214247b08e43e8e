// What this file is: a check of derivatives against finite differences, whose report teaches. Use it on every new
// operation: wrong derivatives do not crash, they train badly.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "autodiff/tensor.hpp"

namespace adatom {

struct CheckOptions {
  int order = 2;            ///< 1: the gradient; 2: also the gradient of the gradient, along a random direction
  double step = 1e-3;       ///< of the sixth-order central difference, relative to max(1, |x|)
  double tolerance = 1e-7;  ///< of |exact − difference|, relative to max(1, |exact|)
  std::uint64_t seed = 1;
};

struct CheckResult {
  bool passed = true;
  double largest_error = 0.0;  ///< relative, as compared with the tolerance
  std::string report;          ///< on failure: order, argument, index, both values, step, and the usual suspects
};

/// Compares the derivatives of `f` (any output shape; a fixed random weighting makes it a number) at `arguments` with
/// differences, for every element of every argument. Throws InputError unless the order is 1 or 2, the step positive,
/// the tolerance not negative, and both finite: what is compared with nan passes always.
CheckResult check_gradient(const std::function<Tensor(std::span<const Tensor>)>& f, std::span<const Tensor> arguments,
                           const CheckOptions& options = {});

}  // namespace adatom
