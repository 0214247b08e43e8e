// What this file is: the limited-memory BFGS minimiser, the one for large structures: few calls without a matrix.
// Nothing is allocated while it runs if its memory has been used for the same size before.
#pragma once

#include <span>
#include <utility>

#include "autodiff/memory.hpp"
#include "optim/minimize.hpp"

namespace adatom {

struct LbfgsOptions {
  std::size_t memory = 20;  ///< steps remembered; more need fewer calls but more arithmetic
  double curvature = 70.0;  ///< assumed for the first step (eV/Å² of a stiff bond); afterwards it is measured
};

/// Working memory of minimize_lbfgs, to be used again.
class LbfgsMemory {
 public:
  /// Makes room for n coordinates and forgets all steps.
  void reset(std::size_t n, const LbfgsOptions& options);

  std::span<double> gradient() { return {gradient_, n_}; }
  std::span<double> trial() { return {trial_, n_}; }
  std::span<double> trial_gradient() { return {trial_gradient_, n_}; }
  std::span<double> direction() { return {direction_, n_}; }

  /// Remembers the step from x to trial, which is `share` of the last direction, and the change of the gradient along
  /// it. A change that shows too little curvature is damped (Powell 1978), so that directions stay downhill.
  void remember(std::span<const double> x, double share);
  void accept_trial_gradient() { std::swap(gradient_, trial_gradient_); }
  /// Forgets all steps: the next direction is that of steepest descent.
  void forget();
  std::size_t count() const { return count_; }
  /// direction = −H · gradient, H the inverse Hessian that the remembered steps suggest (two-loop recursion).
  void compute_direction();

 private:
  Buffer storage_;
  std::size_t n_ = 0, capacity_ = 0, count_ = 0, newest_ = 0;
  double first_curvature_ = 0.0, curvature_ = 0.0;  // 1/curvature is the scale of H
  double *gradient_ = nullptr, *trial_ = nullptr, *trial_gradient_ = nullptr, *direction_ = nullptr;
  double *steps_ = nullptr, *changes_ = nullptr;             // s and y of each remembered step
  double *inverse_products_ = nullptr, *weights_ = nullptr;  // 1/(s·y) and the recursion's α
};

/// Minimises from x, which it overwrites with the best point. J. Nocedal, Math. Comput. 35, 773 (1980). The value never
/// rises (beyond rounding): a step that would is not taken, and the next one is shorter.
MinimizeResult minimize_lbfgs(const Objective& objective, std::span<double> x, const MinimizeOptions& options,
                              const LbfgsOptions& lbfgs, LbfgsMemory& memory);

}  // namespace adatom
