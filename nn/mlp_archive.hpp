// What this file is: a multilayer perceptron in an archive: its widths, activations and weights.
#pragma once

#include <string_view>

#include "nn/archive.hpp"
#include "nn/mlp.hpp"

namespace adatom {

/// Entries `layers` (array), `activation`, `output_activation`, `layer1.weight`, … each name after `prefix`.
void store(Archive& archive, std::string_view prefix, const Mlp& network);

/// The network stored so. Throws InputError if entries are missing, of wrong shape or not finite.
Mlp load_mlp(const Archive& archive, std::string_view prefix);

}  // namespace adatom
