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
// The pullback is made of tensor operations and so can be differentiated itself: derivatives of every order are there.
// Hold a new operation to finite differences with check_gradient.hpp. For one whose first derivative is computed by a
// loop too, see fused.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include "autodiff/tensor.hpp"

namespace adatom {

/// Pulls the gradient of an output back to one input: given y and dL/dy it returns dL/dx. Type-erased and move-only; a
/// callable that holds little (up to three tensors) is kept inside, a larger one in recycled memory.
class Pullback {
 public:
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Pullback>) explicit Pullback(F&& function)
      : actions_(&actions_of<std::remove_cvref_t<F>>) {
    using Callable = std::remove_cvref_t<F>;
    static_assert(alignof(Callable) <= 64);
    void* place = storage_;
    if constexpr (!fits<Callable>) place = *::new (place) void*(allocate(sizeof(Callable)));
    ::new (place) Callable(std::forward<F>(function));
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
  template <class Callable>
  static constexpr bool fits = sizeof(Callable) <= room &&
                               alignof(Callable) <= alignof(void*) && std::is_nothrow_move_constructible_v<Callable>;

  /// The callable that lives in the storage.
  template <class Callable>
  static Callable* held_in(void* storage) {
    if constexpr (fits<Callable>)
      return std::launder(static_cast<Callable*>(storage));
    else
      return static_cast<Callable*>(*static_cast<void**>(storage));
  }
  template <class Callable>
  static Tensor call(const void* storage, const Tensor& y, const Tensor& dy) {
    return std::as_const(*held_in<Callable>(const_cast<void*>(storage)))(y, dy);
  }
  template <class Callable>
  static void move(void* from, void* to) noexcept {
    if constexpr (fits<Callable>) {
      ::new (to) Callable(std::move(*held_in<Callable>(from)));
      held_in<Callable>(from)->~Callable();
    } else {
      ::new (to) void*(*static_cast<void**>(from));
    }
  }
  template <class Callable>
  static void destroy(void* storage) noexcept {
    Callable* const callable = held_in<Callable>(storage);
    callable->~Callable();
    if constexpr (!fits<Callable>) deallocate(callable, sizeof(Callable));
  }

  /// What can be done with a callable whose type is forgotten.
  struct Actions {
    Tensor (*call)(const void* storage, const Tensor& y, const Tensor& dy);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void* storage) noexcept;
  };
  template <class Callable>
  static constexpr Actions actions_of{call<Callable>, move<Callable>, destroy<Callable>};

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
/// constant if there are no edges. `operation` must outlive the graph (a literal does).
Tensor make_node(std::string_view operation, const Shape& shape, Buffer values, RecycledVector<Edge> edges);

/// The result of an operation: shape.count() values, and, for inputs that need gradients, how they flow back (unless a
/// NoGrad is alive). `operation`, its name in error messages and drawings, must outlive the graph (a literal does).
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

}  // namespace adatom
