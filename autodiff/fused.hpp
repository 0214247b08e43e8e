// What this file is: the way to add an operation whose value and first derivative are computed by a hand-written loop,
// for speed, while its second and higher derivatives follow from the same quantity composed of ordinary operations.
//
//   Tensor spring(const Tensor& x) {  // ½ Σ x²
//     Buffer slope(x.size());
//     double energy = 0.0;
//     for (std::size_t i = 0; i < x.size(); ++i) {
//       energy += 0.5 * x.values()[i] * x.values()[i];
//       slope[i] = x.values()[i];
//     }
//     return fused("spring", x, energy, slope, [](const Tensor& at) { return 0.5 * sum(square(at)); });
//   }
//
// Value and first derivative cost what the loop costs. The first time a derivative of the derivative is asked for (in
// the sweep of a force loss, say), `composed` runs and takes over. Nothing checks that loop and composition agree: hold
// them equal in a test.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "autodiff/tensor.hpp"

namespace adatom {

/// A number with known value and gradient (x.size() elements, in the order of x). `composed` computes the same number
/// from a tensor of x's shape, with ordinary operations. It must not depend on other variables: no gradient would reach
/// them. Where no gradient can be asked for, `gradient` may be empty; see needs_gradient. `operation` must outlive the
/// graph. Throws ShapeError if the gradient does not fit x.
Tensor fused(std::string_view operation, const Tensor& x, double value, const Buffer& gradient,
             std::function<Tensor(const Tensor&)> composed);

/// The same for several inputs: positions and cell, say. `gradients[k]` belongs to inputs[k] and may be empty where
/// that input needs none. `composed` gets tensors of the inputs' shapes in the inputs' order; those that need no
/// gradient are handed through as they are.
Tensor fused(std::string_view operation, std::span<const Tensor> inputs, double value,
             std::span<const Buffer> gradients, std::function<Tensor(std::span<const Tensor>)> composed);

/// Whether a gradient with respect to x can be asked for later: if not, a fused operation need not compute it.
bool needs_gradient(const Tensor& x);

}  // namespace adatom
