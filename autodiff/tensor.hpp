// What this file is: the tensor, a handle to one immutable value in the graph that computed it. How values are computed
// stands in the operation files (arithmetic, functions, reductions, matmul, …); how they are differentiated in
// gradient.hpp.
//
//   const Tensor x = Tensor::variable({3}, {1.0, 2.0, 3.0});
//   const Tensor y = sum(square(x));
//   const Tensor dy = grad(y, {x})[0];          // (2, 4, 6), and differentiable again
//
// Numbers are double, row-major, contiguous; there are no views. Copying a Tensor copies the handle.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "autodiff/memory.hpp"
#include "autodiff/shape.hpp"

namespace adatom {

struct Node;

class Tensor {
 public:
  Tensor() = default;  // holds nothing; only good for being assigned to
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
  static Tensor zeros(const Shape& shape);
  static Tensor ones(const Shape& shape);
  static Tensor full(const Shape& shape, double value);

  const Shape& shape() const;
  std::size_t rank() const { return shape().rank(); }
  std::size_t size() const;
  std::span<const double> values() const;
  const double* data() const { return values().data(); }
  /// The only element. Throws ShapeError if there is not exactly one.
  double item() const;
  bool requires_grad() const;
  bool is_leaf() const;
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
  const Buffer& buffer() const;

 private:
  friend struct Node;
  friend Tensor make_node(std::string_view, const Shape&, Buffer, RecycledVector<struct Edge>);
  friend class GradientSweep;
  explicit Tensor(Node* node) : node_(node) {}  // takes over one reference
  static Tensor share(Node* node);              // adds one
  static Tensor leaf(const Shape& shape, Buffer values, bool requires_grad);
  Node* node_ = nullptr;
};

using Tensors = RecycledVector<Tensor>;

/// Pulls the gradient of an output back to one input: given y and dL/dy it returns dL/dx, built from ordinary tensor
/// operations, so that it can itself be differentiated. Type-erased and move-only; a callable that holds little (up to
/// three tensors) is kept inside, a larger one in recycled memory.
class Pullback {
 public:
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Pullback>) explicit Pullback(F&& function)
      : actions_(&actions_of<std::remove_cvref_t<F>>) {
    using Function = std::remove_cvref_t<F>;
    static_assert(alignof(Function) <= 64);
    void* place = storage_;
    if constexpr (!fits<Function>) place = *::new (place) void*(allocate(sizeof(Function)));
    ::new (place) Function(std::forward<F>(function));
  }
  Pullback(Pullback&& other) noexcept : actions_(std::exchange(other.actions_, nullptr)) {
    if (actions_ != nullptr) actions_->move(other.storage_, storage_);
  }
  Pullback& operator=(Pullback&& other) noexcept {
    if (this != &other) {
      this->~Pullback();
      ::new (this) Pullback(std::move(other));
    }
    return *this;
  }
  ~Pullback() {
    if (actions_ != nullptr) actions_->destroy(storage_);
  }
  Tensor operator()(const Tensor& y, const Tensor& dy) const { return actions_->call(storage_, y, dy); }

 private:
  static constexpr std::size_t room = 3 * sizeof(void*);
  template <class Function>
  static constexpr bool fits = sizeof(Function) <= room &&
                               alignof(Function) <= alignof(void*) && std::is_nothrow_move_constructible_v<Function>;

  struct Actions {
    Tensor (*call)(const void* storage, const Tensor& y, const Tensor& dy);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void* storage) noexcept;
  };
  template <class Function>
  static Function* function_in(void* storage) {
    if constexpr (fits<Function>)
      return std::launder(static_cast<Function*>(storage));
    else
      return static_cast<Function*>(*static_cast<void**>(storage));
  }
  template <class Function>
  static constexpr Actions actions_of{.call = [](const void* storage, const Tensor& y, const Tensor& dy) -> Tensor {
                                        return std::as_const(*function_in<Function>(const_cast<void*>(storage)))(y, dy);
                                      },
                                      .move =
                                          [](void* from, void* to) noexcept {
                                            if constexpr (fits<Function>) {
                                              ::new (to) Function(std::move(*function_in<Function>(from)));
                                              function_in<Function>(from)->~Function();
                                            } else {
                                              ::new (to) void*(*static_cast<void**>(from));
                                            }
                                          },
                                      .destroy =
                                          [](void* storage) noexcept {
                                            Function* const function = function_in<Function>(storage);
                                            function->~Function();
                                            if constexpr (!fits<Function>) deallocate(function, sizeof(Function));
                                          }};

  const Actions* actions_;
  alignas(void*) std::byte storage_[room];
};

/// One step back along the graph: an input of an operation, and how gradients reach it.
struct Edge {
  template <class F>
  Edge(const Tensor& from, F&& rule) : input(from), pullback(std::forward<F>(rule)) {}
  Tensor input;
  Pullback pullback;
};

/// True unless a NoGrad is alive on this thread (or, if both are, the inner one is a WithGrad).
bool recording();

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

/// An input of an operation being recorded: the tensor and its pullback, any callable
/// `Tensor(const Tensor& y, const Tensor& dy)`. It must not capture the output (it is given as y).
template <class F>
struct Input {
  const Tensor& tensor;
  F pullback;
};
template <class F>
Input(const Tensor&, F) -> Input<F>;

/// Makes the result of an operation and, if any input needs gradients, remembers how they flow back. This is the public
/// way to add an operation of one's own:
///
///   Tensor cube(const Tensor& x) {
///     Buffer values(x.size());
///     for (std::size_t i = 0; i < x.size(); ++i) values[i] = x.values()[i] * x.values()[i] * x.values()[i];
///     return record("cube", x.shape(), values, Input{x, [x](const Tensor&, const Tensor& dy) { return dy * 3.0 * x *
///     x; }});
///   }
///
/// `operation` must outlive the graph (a literal does). Check a new operation with check_gradient.
Tensor make_node(std::string_view operation, const Shape& shape, Buffer values, RecycledVector<Edge> edges);

template <class... F>
Tensor record(std::string_view operation, const Shape& shape, Buffer values, Input<F>... inputs) {
  RecycledVector<Edge> edges;
  if (recording()) {
    const std::size_t count = (std::size_t{0} + ... + (inputs.tensor.requires_grad() ? 1u : 0u));
    edges.reserve(count);
    ((inputs.tensor.requires_grad() ? void(edges.emplace_back(inputs.tensor, std::move(inputs.pullback))) : void()),
     ...);
  }
  return make_node(operation, shape, std::move(values), std::move(edges));
}

/// Number of values alive in all graphs of the process: zero again when every tensor is gone (for leak tests).
std::size_t live_nodes();

/// Read-only access to the graph, for drawing it (graphviz.hpp) and for the curious.
std::string_view operation_name(const Tensor& x);
std::vector<Tensor> operation_inputs(const Tensor& x);

}  // namespace adatom
