// What this file is: one dense layer, x·W + b.
#pragma once

#include <string_view>

#include "autodiff/tensor.hpp"
#include "core/random.hpp"
#include "nn/initialization.hpp"
#include "nn/parameters.hpp"

namespace adatom {

/// A plain struct: make one from any two tensors, or with random values below. Copies share the tensors.
struct Linear {
  Tensor weight;  ///< (in, out)
  Tensor bias;    ///< (out)

  Linear(Tensor weight, Tensor bias);
  /// Throws InputError if in or out is 0.
  Linear(std::size_t in, std::size_t out, Random& random,
         Initialization initialization = Initialization::glorot_uniform);

  /// (rows, in) → (rows, out)
  Tensor operator()(const Tensor& x) const;

  /// `weight` and `bias`, named with the prefix.
  Parameters parameters(std::string_view prefix = "") const;
};

}  // namespace adatom
