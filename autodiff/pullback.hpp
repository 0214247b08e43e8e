// What this file is: the type of pullbacks, any callable `Tensor(const Tensor& y, const Tensor& dy)`. How such things
// are stored is all that is here; what they are for is in record.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

#include "autodiff/tensor.hpp"

namespace adatom {

/// A std::function that can be moved but not copied and asks the system for no memory: a callable that holds little (up
/// to three tensors) is kept inside, a larger one in recycled memory.
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

}  // namespace adatom
