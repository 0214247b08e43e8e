// What this file is: gradient descent as one learns it, p ← p − η dL/dp, with its whole way remembered, and how long a
// step may be.
#pragma once

#include <algorithm>
#include <vector>

#include "autodiff/gradient.hpp"
#include "core/symmetric_eigen.hpp"

namespace adatom::apps::lesson2 {

struct Descent {
  std::vector<std::vector<double>> parameters;  ///< before each step
  std::vector<double> losses;                   ///< there
  bool diverged = false;                        ///< the loss grew beyond 10^12 or was no number any more: given up
};

inline Descent gradient_descent(const Function& loss, std::vector<double> p, double learning_rate, std::size_t steps) {
  Descent way;
  for (std::size_t step = 0; step <= steps; ++step) {
    const ValueAndGrad l = value_and_grad(loss, Tensor::variable({p.size()}, p));
    way.diverged = !(l.value.item() < 1e12);
    if (way.diverged) break;
    way.parameters.push_back(p);
    way.losses.push_back(l.value.item());
    for (std::size_t k = 0; k < p.size(); ++k) p[k] -= learning_rate * l.gradient.values()[k];
  }
  return way;
}

/// Curvatures of the loss: eigenvalues of its Hessian, ascending. Along an eigenvector with curvature λ each step
/// multiplies the distance from the minimum by 1 − ηλ, so steps are stable while η < 2/λ of the largest, and slow along
/// the smallest.
inline std::vector<double> curvatures(const Function& loss, const std::vector<double>& p) {
  return symmetric_eigen(p.size(), hessian(loss, Tensor::variable({p.size()}, p)).values()).values;
}

/// A loss against the step, for a logarithmic axis; the last step is always there.
inline void thin_out(const Descent& way, std::vector<double>& steps, std::vector<double>& losses) {
  for (std::size_t k = 0; k < way.losses.size(); k = std::max(k + 1, k + k / 100)) {
    steps.push_back(static_cast<double>(k)), losses.push_back(way.losses[k]);
  }
  if (steps.back() + 1.0 < static_cast<double>(way.losses.size()))
    steps.push_back(static_cast<double>(way.losses.size() - 1)), losses.push_back(way.losses.back());
}

}  // namespace adatom::apps::lesson2
