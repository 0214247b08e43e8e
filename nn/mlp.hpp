// What this file is: the multilayer perceptron, dense layers with a nonlinearity after all but the last.
//
//   Random random(1);
//   const std::vector<std::size_t> sizes{2, 16, 16, 1};
//   const Mlp network(sizes, Activation::tanh, random);
//   const Tensor y = network(x);                            // (rows, 2) → (rows, 1)
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "nn/activation.hpp"
#include "nn/linear.hpp"

namespace adatom {

/// A plain struct; change its layers as you like. Copies share the parameters.
struct Mlp {
  std::vector<Linear> layers;
  Activation activation = Activation::tanh;             ///< after all layers but the last
  Activation output_activation = Activation::identity;  ///< after the last

  Mlp() = default;
  /// `sizes` are the widths from input to output, two at least. Throws InputError for fewer, or a width of 0.
  Mlp(std::span<const std::size_t> sizes, Activation activation, Random& random,
      Initialization initialization = Initialization::glorot_uniform,
      Activation output_activation = Activation::identity);
  Mlp(std::initializer_list<std::size_t> sizes, Activation activation, Random& random,
      Initialization initialization = Initialization::glorot_uniform,
      Activation output_activation = Activation::identity);

  /// (rows, sizes.front()) → (rows, sizes.back())
  Tensor operator()(const Tensor& x) const;

  /// `layer1.weight`, `layer1.bias`, `layer2.weight`, … with the prefix before each name.
  Parameters parameters(std::string_view prefix = "") const;

  /// The widths from input to output.
  std::vector<std::size_t> sizes() const;
};

}  // namespace adatom
