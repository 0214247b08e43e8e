// What this file is: one step of stochastic gradient descent or Adam over flat arrays, each in one sweep over memory.
#pragma once

#include <cstddef>

namespace adatom::kernels {

/// Stochastic gradient descent with momentum μ (Sutskever et al., ICML 2013, in the form PyTorch uses).
struct SgdStep {
  double learning_rate = 1e-2;
  double momentum = 0;
  double weight_decay = 0;  ///< λ: λ·w is added to the gradient
  bool nesterov = false;
};

/// g' = g + λw;  v = μv + g';  w -= η v, or η (g' + μv) with `nesterov`. v starts as zeros; it is neither read nor
/// written (and may be null) where the momentum is 0.
void sgd(const SgdStep& step, std::size_t n, const double* gradient, double* velocity, double* weights);

/// Adam (Kingma and Ba, arXiv:1412.6980, algorithm 1) and AdamW (Loshchilov and Hutter, arXiv:1711.05101).
struct AdamStep {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;  ///< true: AdamW, w is first multiplied by 1 - ηλ; false: λ·w is added to the gradient
};

/// The t-th step, t = 1, 2, …: m = β₁m + (1-β₁)g;  v = β₂v + (1-β₂)g²;  w -= η m̂ / (√v̂ + ε),
/// m̂ = m / (1-β₁ᵗ), v̂ = v / (1-β₂ᵗ). m and v start as zeros.
void adam(const AdamStep& step, std::size_t t, std::size_t n, const double* gradient, double* first_moment,
          double* second_moment, double* weights);

}  // namespace adatom::kernels
