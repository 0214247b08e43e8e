// What this file is: the choice of a layer's nonlinearity, and its name in files and on the command line.
#pragma once

#include <string_view>

#include "autodiff/tensor.hpp"

namespace adatom {

enum class Activation { identity, tanh, sigmoid, softplus, relu, silu, gelu };

/// Applies it elementwise (autodiff/functions.hpp has the formulas).
Tensor apply(Activation activation, const Tensor& x);

/// "tanh" and so on.
std::string_view name(Activation activation);
/// The activation of that name. Throws InputError listing the names there are.
Activation activation_named(std::string_view text);

}  // namespace adatom
