// What this file is: the recorded graph as a drawing, in the language of Graphviz (`dot -Tsvg graph.dot > graph.svg`).
#pragma once

#include <string>

#include "autodiff/tensor.hpp"

namespace adatom {

/// The graph behind y: one box per value with its operation and shape, small values printed; arrows point from inputs
/// to results. Variables are drawn filled.
std::string to_graphviz(const Tensor& y);

}  // namespace adatom
