#include "nn/mlp.hpp"

#include <string>

#include "core/error.hpp"

namespace adatom {

Mlp::Mlp(std::span<const std::size_t> sizes, Activation activation_, Random& random, Initialization initialization,
         Activation output_activation_)
    : activation(activation_), output_activation(output_activation_) {
  if (sizes.size() < 2) {
    throw InputError("mlp: layers need at least the widths of input and output, got " + std::to_string(sizes.size()) +
                     (sizes.size() == 1 ? " width" : " widths"));
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) throw InputError("mlp: layer " + std::to_string(i) + " has width 0, expected at least 1");
  }
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    layers.emplace_back(sizes[i], sizes[i + 1], random, initialization);
  }
}

Mlp::Mlp(std::initializer_list<std::size_t> sizes, Activation activation_, Random& random,
         Initialization initialization, Activation output_activation_)
    : Mlp(std::span(sizes.begin(), sizes.size()), activation_, random, initialization, output_activation_) {}

Tensor Mlp::operator()(const Tensor& x) const {
  Tensor y = x;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    y = apply(i + 1 < layers.size() ? activation : output_activation, layers[i](y));
  }
  return y;
}

Parameters Mlp::parameters(std::string_view prefix) const {
  Parameters all;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    append(all, layers[i].parameters(std::string(prefix) + "layer" + std::to_string(i + 1) + "."));
  }
  return all;
}

std::vector<std::size_t> Mlp::sizes() const {
  std::vector<std::size_t> widths;
  if (!layers.empty()) widths.push_back(layers.front().weight.shape()[0]);
  for (const Linear& layer : layers) widths.push_back(layer.weight.shape()[1]);
  return widths;
}

}  // namespace adatom
