#include "nn/linear.hpp"

#include <string>
#include <utility>

#include "autodiff/matmul.hpp"

namespace adatom {

Linear::Linear(Tensor weight_, Tensor bias_) : weight(std::move(weight_)), bias(std::move(bias_)) {}

Linear::Linear(std::size_t in, std::size_t out, Random& random, Initialization initialization)
    : weight(initial_weight(initialization, in, out, random)), bias(initial_bias(initialization, in, out, random)) {}

Tensor Linear::operator()(const Tensor& x) const { return affine(x, weight, bias); }

Parameters Linear::parameters(std::string_view prefix) const {
  return prefixed(prefix, {{"weight", weight}, {"bias", bias}});
}

}  // namespace adatom
