// What this file is: the trainable numbers of a model, as an ordered list of named tensors. Optimisers, checkpoints and
// averages work on this list and know nothing of layers.
//
// To see how a network learns, read on in this order: linear.hpp and mlp.hpp (what has parameters), losses.hpp (what is
// to become small), optimizers.hpp (how the parameters are moved), batches.hpp and schedules.hpp (over what, and how
// far), checkpoint.hpp (how a run survives its process).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "autodiff/tensor.hpp"

namespace adatom {

/// One trainable tensor, a variable. `value` is a handle: the model it came from sees every change.
struct Parameter {
  std::string name;
  Tensor value;
};
using Parameters = std::vector<Parameter>;

/// How many numbers there are in all.
std::size_t count(const Parameters& parameters);

/// All numbers one after another, in the order of the list.
std::vector<double> flatten(const Parameters& parameters);

/// The opposite of flatten. Throws ShapeError unless there are count(parameters) values.
void assign(Parameters& parameters, std::span<const double> values);

/// The same tensors (not copies) with `prefix` put before each name.
Parameters prefixed(std::string_view prefix, Parameters parameters);

/// Appends `more` to `all`.
void append(Parameters& all, Parameters more);

/// The widths of the dense layers the weights belong to, "6-8-1", with the prefix of each network where there are
/// several: "C: 6-8-1, H: 4-8-1".
std::string describe_layers(const Parameters& parameters);

}  // namespace adatom
