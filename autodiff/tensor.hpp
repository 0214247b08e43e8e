// What this file is: the tensor, a handle to one immutable value in the graph that computed it.
//
//   const Tensor x = Tensor::variable({3}, {1.0, 2.0, 3.0});
//   const Tensor y = sum(square(x));            // 14
//   const Tensor dy = grad(y, {x})[0];          // (2, 4, 6), and differentiable again
//
// Numbers are double, row-major, contiguous; there are no views. Copying a Tensor copies the handle, not the numbers.
//
// What tensors can do are functions, in files of their own: arithmetic, functions (exp, tanh, …), selection (maximum,
// where, …), reductions (sum, mean, …), shaping (reshape, concat, …), matmul, indexing, softmax, distances and
// decompositions. To see how differentiation works, read on in this order: record.hpp (what an operation leaves
// behind), gradient.hpp and gradient.cpp (how derivatives come of it), arithmetic.cpp and functions.cpp (the rules
// themselves).
//
// Threads may share tensors: operations only read them. Only assign and mutable_values want a tensor to themselves.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "autodiff/memory.hpp"
#include "autodiff/shape.hpp"

namespace adatom {

struct Edge;
struct Node;

class Tensor {
 public:
  /// Holds nothing and is only good for being assigned to: anything else asked of it throws ShapeError.
  Tensor() = default;
  /// A constant scalar, so that `2.0 * x` works.
  Tensor(double value);  // NOLINT(google-explicit-constructor): numbers are meant to convert
  Tensor(const Tensor& other) noexcept;
  Tensor(Tensor&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Tensor& operator=(Tensor other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Tensor();

  /// A leaf that no gradient flows to. Throws ShapeError unless there are shape.count() values.
  static Tensor constant(const Shape& shape, std::span<const double> values);
  static Tensor constant(const Shape& shape, std::initializer_list<double> values);
  static Tensor constant(const Shape& shape, Buffer values);
  /// A leaf that gradients are taken with respect to. Throws ShapeError unless there are shape.count() values.
  static Tensor variable(const Shape& shape, std::span<const double> values);
  static Tensor variable(const Shape& shape, std::initializer_list<double> values);
  /// Constants of one number throughout.
  static Tensor zeros(const Shape& shape);
  static Tensor ones(const Shape& shape);
  static Tensor full(const Shape& shape, double value);

  const Shape& shape() const;
  /// Number of axes: 0 for a scalar, 1 for a vector, 2 for a matrix.
  std::size_t rank() const { return shape().rank(); }
  /// Number of elements.
  std::size_t size() const;
  /// The elements, the last axis running fastest.
  std::span<const double> values() const;
  const double* data() const { return values().data(); }
  /// The only element. Throws ShapeError if there is not exactly one.
  double item() const;
  /// Whether gradients flow to it: true for variables and whatever was computed, and recorded, from one.
  bool requires_grad() const;
  /// Whether it was made (constant, variable) rather than computed.
  bool is_leaf() const;
  /// Whether it holds anything.
  explicit operator bool() const { return node_ != nullptr; }

  /// New numbers for a leaf: how an optimiser moves parameters. Graphs built from the old numbers keep using this leaf,
  /// so build them again. Throws ShapeError for a computed tensor or a wrong count.
  void assign(std::span<const double> values);
  /// Numbers of a leaf for changing in place (optimisers); the same warning holds. Throws ShapeError if not a leaf.
  std::span<double> mutable_values();
  /// The same numbers as a constant: gradients stop here.
  Tensor detach() const;

  /// Identity of the value in the graph: equal exactly for copies of one handle.
  const Node* node() const { return node_; }
  /// The elements' memory, for operations that hand it on without copying.
  const Buffer& buffer() const;

 private:
  friend struct Node;
  friend Tensor make_node(std::string_view, const Shape&, Buffer, RecycledVector<Edge>);
  friend class GradientSweep;
  explicit Tensor(Node* node) : node_(node) {}  // takes over one reference
  static Tensor share(Node* node);              // adds one
  static Tensor leaf(const Shape& shape, Buffer values, bool requires_grad);
  Node* node_ = nullptr;
};

/// A list of tensors: parameters, gradients.
using Tensors = RecycledVector<Tensor>;

/// While one of these is alive nothing is recorded on this thread: results are constants, and cheaper.
class NoGrad {
 public:
  NoGrad();
  ~NoGrad();
  NoGrad(const NoGrad&) = delete;
  NoGrad& operator=(const NoGrad&) = delete;

 private:
  bool previous_;
};

/// While one of these is alive recording is on again, within a NoGrad too. For code that takes a derivative on the way
/// to its result, as forces from an energy: its inner graph is needed even if the caller wants numbers only.
class WithGrad {
 public:
  WithGrad();
  ~WithGrad();
  WithGrad(const WithGrad&) = delete;
  WithGrad& operator=(const WithGrad&) = delete;

 private:
  bool previous_;
};

/// True unless a NoGrad is alive on this thread (or, if both are, the inner one is a WithGrad).
bool recording();

/// Number of values alive in all graphs of the process: zero again when every tensor is gone (for leak tests).
std::size_t live_nodes();

/// Read-only access to the graph, for drawing it (graphviz.hpp) and for the curious.
std::string_view operation_name(const Tensor& x);
std::vector<Tensor> operation_inputs(const Tensor& x);

}  // namespace adatom
