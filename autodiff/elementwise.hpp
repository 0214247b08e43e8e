// What this file is: what the elementwise operations share, private to the folder: loops over operands of different
// shape, and recording with broadcasting taken care of, so that the rules of derivatives need not think of it.
#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <utility>

#include "autodiff/kernels/map.hpp"
#include "autodiff/record.hpp"
#include "autodiff/reductions.hpp"

namespace adatom {

/// Distances in memory between neighbours along each axis.
using Steps = std::array<std::size_t, Shape::max_rank>;

/// Steps of a contiguous array.
Steps contiguous_steps(const Shape& shape);
/// Steps that read an array of shape `from` as if it were broadcast to `to`: 0 along repeated axes.
Steps broadcast_steps(const Shape& from, const Shape& to);

/// Nested loops over the elements of a contiguous result and N operands with steps of their own. Axes that can be
/// walked as one are merged, so that nearly every case is a single (rows, columns) block.
template <std::size_t N>
class Loops {
 public:
  using Offsets = std::array<std::size_t, N>;

  Loops(const Shape& shape, const std::array<Steps, N>& steps) {
    for (std::size_t axis = shape.rank(); axis-- > 0;) add_outer(shape[axis], steps, axis);
    for (const std::size_t length : shape) empty_ = empty_ || length == 0;
  }

  std::size_t rows() const { return rank_ > 1 ? lengths_[1] : 1; }
  std::size_t columns() const { return rank_ > 0 ? lengths_[0] : 1; }
  std::size_t row_step(std::size_t operand) const { return rank_ > 1 ? steps_[1][operand] : 0; }
  std::size_t column_step(std::size_t operand) const { return rank_ > 0 ? steps_[0][operand] : 0; }

  /// Calls block(offset in the result, offsets in the operands) for each (rows, columns) block, in order; never where
  /// there are no elements.
  template <class Block>
  void run(Block&& block) const {
    if (empty_) return;
    std::array<std::size_t, Shape::max_rank> position{};
    Offsets offsets{};
    for (std::size_t out = 0;; out += rows() * columns()) {
      block(out, offsets);
      std::size_t axis = 2;
      for (; axis < rank_; ++axis) {  // count up like an odometer
        for (std::size_t n = 0; n < N; ++n) offsets[n] += steps_[axis][n];
        if (++position[axis] < lengths_[axis]) break;
        for (std::size_t n = 0; n < N; ++n) offsets[n] -= steps_[axis][n] * lengths_[axis];
        position[axis] = 0;
      }
      if (axis >= rank_) return;
    }
  }

  /// Calls element(index in the result, indices in the operands) for each element.
  template <class Element>
  void run_elements(Element&& element) const {
    run([&](std::size_t out, const Offsets& start) {
      for (std::size_t row = 0; row < rows(); ++row) {
        Offsets at = start;
        for (std::size_t n = 0; n < N; ++n) at[n] += row * row_step(n);
        for (std::size_t column = 0; column < columns(); ++column) {
          element(out++, at);
          for (std::size_t n = 0; n < N; ++n) at[n] += column_step(n);
        }
      }
    });
  }

 private:
  void add_outer(std::size_t length, const std::array<Steps, N>& steps, std::size_t axis) {
    if (length == 1) return;
    // One step of this axis leads where the walk along the one within it ends: both are one long walk.
    bool mergeable = rank_ > 0;
    for (std::size_t n = 0; mergeable && n < N; ++n) {
      mergeable = steps[n][axis] == steps_[rank_ - 1][n] * lengths_[rank_ - 1];
    }
    if (mergeable) {
      lengths_[rank_ - 1] *= length;
      return;
    }
    for (std::size_t n = 0; n < N; ++n) steps_[rank_][n] = steps[n][axis];
    lengths_[rank_++] = length;
  }

  bool empty_ = false;
  std::size_t rank_ = 0;  // of the merged loops; axis 0 is the innermost
  std::array<std::size_t, Shape::max_rank> lengths_{};
  std::array<Offsets, Shape::max_rank> steps_{};
};

/// The number arrays of an operation's result.
struct Values {
  Shape shape;
  Buffer numbers;
};

/// f of every element.
Buffer map(kernels::Unary f, const Tensor& x);
/// f(a, b) by NumPy's rule, computed without forming the broadcast operands.
Values map(std::string_view operation, kernels::Binary f, const Tensor& a, const Tensor& b);

/// Whether an operation on these is to be recorded. Where not, asking this first saves making rules for nothing: each
/// holds tensors, which must be counted.
template <class... T>
bool tracked(const T&... inputs) {
  return recording() && (inputs.requires_grad() || ...);
}

/// The rule of an input that may have been broadcast: its gradient is summed back to the input's shape.
template <class Rule>
auto summed_to(const Shape& shape, Rule rule) {
  return [shape, rule = std::move(rule)](const Tensor& y, const Tensor& dy) { return sum_to(rule(y, dy), shape); };
}

/// Records y = f(x) with its rule: either rule(y, dy) or rule(x, y, dy).
template <class Rule>
Tensor unary(std::string_view operation, kernels::Unary f, const Tensor& x, Rule rule) {
  Buffer numbers = map(f, x);
  if (!tracked(x)) return make_node(operation, x.shape(), std::move(numbers), {});
  if constexpr (std::invocable<Rule, const Tensor&, const Tensor&>) {
    return record(operation, x.shape(), std::move(numbers), Input{x, rule});
  } else {
    return record(operation, x.shape(), std::move(numbers),
                  Input{x, [x, rule](const Tensor& y, const Tensor& dy) { return rule(x, y, dy); }});
  }
}

/// Records an operation on two broadcast inputs with one rule each, rule(y, dy).
template <class RuleA, class RuleB>
Tensor record_broadcast(std::string_view operation, Values values, const Tensor& a, RuleA rule_a, const Tensor& b,
                        RuleB rule_b) {
  if (a.shape() == b.shape()) {
    return record(operation, values.shape, std::move(values.numbers), Input{a, std::move(rule_a)},
                  Input{b, std::move(rule_b)});
  }
  return record(operation, values.shape, std::move(values.numbers), Input{a, summed_to(a.shape(), std::move(rule_a))},
                Input{b, summed_to(b.shape(), std::move(rule_b))});
}

/// a / b, and 0 where b is 0, in all derivatives too: for lengths, whose derivative at zero is taken to be zero.
Tensor divide_or_zero(const Tensor& a, const Tensor& b);
/// 2x · dy, the derivative of x² in one sweep.
Tensor square_backward(const Tensor& x, const Tensor& dy);

}  // namespace adatom
