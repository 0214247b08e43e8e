// What this file is: recording an operation, so that gradients find their way back through it. This is how every
// operation of adatom is made, and the public way to add one's own: compute the numbers, and say for each input how a
// gradient of the output becomes one of the input.
//
//   Tensor cube(const Tensor& x) {
//     Buffer values(x.size());
//     for (std::size_t i = 0; i < x.size(); ++i) values[i] = x.values()[i] * x.values()[i] * x.values()[i];
//     const auto pullback = [x](const Tensor&, const Tensor& dy) { return dy * 3.0 * square(x); };
//     return record("cube", x.shape(), values, Input{x, pullback});
//   }
//
// A pullback is the chain rule for one input: given the output y and dL/dy, L being whatever is differentiated later,
// it returns dL/dx_j = Σ_i dL/dy_i ∂y_i/∂x_j, which has the shape of x. Being made of tensor operations it can be
// differentiated itself: derivatives of every order are there. gradient.hpp says how pullbacks are put together.
//
// Hold a new operation to finite differences with check_gradient.hpp. For one whose first derivative is computed by a
// loop too, see fused.hpp.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "autodiff/pullback.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// One step back along the graph: an input of an operation, and how gradients reach it. A value keeps its edges, and by
/// them its inputs, alive: together they are the graph.
struct Edge {
  template <class F>
  Edge(const Tensor& from, F&& rule) : input(from), pullback(std::forward<F>(rule)) {}
  Tensor input;
  Pullback pullback;
};

/// An input of an operation being recorded: the tensor and its pullback, any callable
/// `Tensor(const Tensor& y, const Tensor& dy)`. It must not capture the output, which is given as y: the graph would
/// hold itself alive.
template <class F>
struct Input {
  const Tensor& tensor;
  F pullback;
};
template <class F>
Input(const Tensor&, F) -> Input<F>;

/// The result of an operation with ready-made edges, for operations on lists of tensors; `record` is simpler. A
/// constant if there are no edges. Throws ShapeError unless there are shape.count() values. `operation` must outlive
/// the graph (a literal does).
Tensor make_node(std::string_view operation, const Shape& shape, Buffer values, RecycledVector<Edge> edges);

/// The result of an operation: shape.count() values, and, for inputs that need gradients, how they flow back (unless a
/// NoGrad is alive). `operation`, its name in error messages and drawings, must outlive the graph (a literal does).
/// Throws ShapeError for another count of values.
template <class... F>
Tensor record(std::string_view operation, const Shape& shape, Buffer values, Input<F>... inputs) {
  RecycledVector<Edge> edges;
  if (recording()) {
    edges.reserve((std::size_t{0} + ... + std::size_t{inputs.tensor.requires_grad()}));
    const auto add_edge = [&](auto& input) {
      if (input.tensor.requires_grad()) edges.emplace_back(input.tensor, std::move(input.pullback));
    };
    (add_edge(inputs), ...);
  }
  return make_node(operation, shape, std::move(values), std::move(edges));
}

}  // namespace adatom
