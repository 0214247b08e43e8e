// What this file is: random starting values for the weights of a dense layer. Too large and activations saturate, too
// small and signals die out with depth; each recipe keeps the variance of signals level under its own assumptions.
#pragma once

#include <cstddef>
#include <string_view>

#include "autodiff/tensor.hpp"
#include "core/random.hpp"

namespace adatom {

/// For a layer from `in` to `out` numbers; U(a) is uniform in [-a, a), N(s) normal with standard deviation s.
enum class Initialization {
  glorot_uniform,  ///< U(√(6/(in+out))), for tanh and sigmoid: Glorot and Bengio, AISTATS 2010, equation 16
  glorot_normal,   ///< N(√(2/(in+out))), same paper, equation 12
  he_uniform,      ///< U(√(6/in)), for relu and its kin: He et al., ICCV 2015 (arXiv:1502.01852), equation 10
  he_normal,       ///< N(√(2/in)), same
  lecun_uniform,   ///< U(√(3/in)): LeCun et al., Efficient BackProp, 1998, section 4.6
  lecun_normal,    ///< N(√(1/in)), same
  uniform,         ///< U(1/√in), for the bias as well: PyTorch's default for linear layers
  zeros,           ///< all zero: for a last layer that should start as a constant, never for hidden ones
};

/// A new weight of shape (in, out), a variable. Throws InputError if in or out is 0.
Tensor initial_weight(Initialization initialization, std::size_t in, std::size_t out, Random& random);

/// A new bias of shape (out), a variable: zeros, except for `uniform`.
Tensor initial_bias(Initialization initialization, std::size_t in, std::size_t out, Random& random);

/// "glorot_uniform" and so on, and back (throws InputError listing the names there are).
std::string_view name(Initialization initialization);
Initialization initialization_named(std::string_view text);

}  // namespace adatom
