// What this file is: networks with the starting weights of problems.hpp.
#pragma once

#include <vector>

#include "nn/mlp.hpp"
#include "problems.hpp"

namespace adatom {

inline Mlp network_of(const std::vector<std::size_t>& sizes) {
  Mlp network;
  for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
    const std::size_t in = sizes[l], out = sizes[l + 1];
    const std::vector<double> by_output = problems::layer_weights(sizes, l);
    std::vector<double> weight(in * out);
    for (std::size_t k = 0; k < in * out; ++k) weight[k] = by_output[k % out * in + k / out];
    network.layers.emplace_back(Tensor::variable({in, out}, weight),
                                Tensor::variable({out}, problems::layer_biases(sizes, l)));
  }
  return network;
}

}  // namespace adatom
