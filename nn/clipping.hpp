// What this file is: limiting gradients before a step, against rare batches that would throw the parameters far away.
//
//   Tensors gradients = adam.gradients(loss);
//   clip_by_global_norm(gradients, 1.0);
//   adam.step(gradients);
#pragma once

#include "autodiff/tensor.hpp"

namespace adatom {

/// √Σg² over all gradients.
double global_norm(std::span<const Tensor> gradients);

/// Scales all gradients by one factor so that their global norm is at most `limit` (Pascanu, Mikolov and Bengio,
/// ICML 2013). Returns the norm before. The direction stays. Throws InputError unless limit > 0.
double clip_by_global_norm(Tensors& gradients, double limit);

/// Limits every element to [−limit, limit]. Throws InputError unless limit > 0.
void clip_by_value(Tensors& gradients, double limit);

}  // namespace adatom
