#include "nn/activation.hpp"

#include <array>
#include <string>

#include "autodiff/functions.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

struct Entry {
  Activation activation;
  std::string_view name;
};
constexpr std::array<Entry, 7> table{{{Activation::identity, "identity"},
                                      {Activation::tanh, "tanh"},
                                      {Activation::sigmoid, "sigmoid"},
                                      {Activation::softplus, "softplus"},
                                      {Activation::relu, "relu"},
                                      {Activation::silu, "silu"},
                                      {Activation::gelu, "gelu"}}};

}  // namespace

Tensor apply(Activation activation, const Tensor& x) {
  switch (activation) {
    case Activation::identity:
      return x;
    case Activation::tanh:
      return tanh(x);
    case Activation::sigmoid:
      return sigmoid(x);
    case Activation::softplus:
      return softplus(x);
    case Activation::relu:
      return relu(x);
    case Activation::silu:
      return silu(x);
    case Activation::gelu:
      return gelu(x);
  }
  throw InputError("activation: unknown value " + std::to_string(static_cast<int>(activation)));
}

std::string_view name(Activation activation) {
  for (const Entry& entry : table) {
    if (entry.activation == activation) return entry.name;
  }
  throw InputError("activation: unknown value " + std::to_string(static_cast<int>(activation)));
}

Activation activation_named(std::string_view text) {
  std::string known;
  for (const Entry& entry : table) {
    if (entry.name == text) return entry.activation;
    known.append(known.empty() ? "" : ", ").append(entry.name);
  }
  throw InputError("unknown activation '" + std::string(text) + "': expected one of " + known);
}

}  // namespace adatom
