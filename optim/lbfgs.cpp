#include "optim/lbfgs.hpp"

#include <algorithm>
#include <cmath>

#include "autodiff/kernels/map.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "optim/stepping.hpp"

namespace adatom {
namespace {

double dot(std::span<const double> a, std::span<const double> b) { return kernels::dot(a.size(), a.data(), b.data()); }
void add(double factor, std::span<const double> x, std::span<double> to) {
  kernels::axpy(x.size(), factor, x.data(), to.data());
}

/// Powell's damping: y is mixed with the assumed curvature until s·y is at least this share of it.
constexpr double least_curvature = 0.2;
/// A gradient this much larger or smaller than the last one does not describe the same surroundings.
constexpr double believable = 1000.0;

}  // namespace

void LbfgsMemory::reset(std::size_t n, const LbfgsOptions& options) {
  const std::size_t capacity = std::max<std::size_t>(1, options.memory);
  if (storage_.size() != (4 + 2 * capacity) * n + 2 * capacity)
    storage_ = Buffer((4 + 2 * capacity) * n + 2 * capacity);
  n_ = n;
  capacity_ = capacity;
  count_ = newest_ = 0;
  first_curvature_ = curvature_ = options.curvature;
  double* next = storage_.data();
  for (double** array : {&gradient_, &trial_, &trial_gradient_, &direction_}) *array = next, next += n;
  steps_ = next;
  changes_ = steps_ + capacity * n;
  inverse_products_ = changes_ + capacity * n;
  weights_ = inverse_products_ + capacity;
}

void LbfgsMemory::forget() {
  count_ = 0;
  curvature_ = std::max(curvature_, first_curvature_);
}

void LbfgsMemory::remember(std::span<const double> x, double share) {
  const std::size_t slot = (newest_ + 1) % capacity_;
  const std::span<double> s(steps_ + slot * n_, n_), y(changes_ + slot * n_, n_);
  for (std::size_t k = 0; k < n_; ++k) {
    s[k] = trial_[k] - x[k];
    y[k] = trial_gradient_[k] - gradient_[k];
  }
  // The step was −share · H g, so what the assumed Hessian B = H⁻¹ says of it needs no product: B s = −share · g.
  const double assumed = -share * dot(s, {gradient_, n_});
  double sy = dot(s, y);
  if (!(assumed > 0.0)) return;
  const bool damped = sy < least_curvature * assumed;
  if (damped) {
    // y ← θ y + (1 − θ) B s, so that s·y becomes least_curvature · s·B s.
    const double theta = (1.0 - least_curvature) * assumed / (assumed - sy);
    for (std::size_t k = 0; k < n_; ++k) y[k] = theta * y[k] - (1.0 - theta) * share * gradient_[k];
    sy = dot(s, y);
  }
  if (!(sy > 0.0)) return;
  inverse_products_[slot] = 1.0 / sy;
  if (!damped) curvature_ = dot(y, y) / sy;
  newest_ = slot;
  count_ = std::min(count_ + 1, capacity_);
}

void LbfgsMemory::compute_direction() {
  const std::span<double> d(direction_, n_);
  for (std::size_t k = 0; k < n_; ++k) d[k] = -gradient_[k];
  std::size_t slot = newest_;
  for (std::size_t i = 0; i < count_; ++i, slot = (slot + capacity_ - 1) % capacity_) {
    weights_[slot] = inverse_products_[slot] * dot({steps_ + slot * n_, n_}, d);
    add(-weights_[slot], {changes_ + slot * n_, n_}, d);
  }
  for (double& value : d) value /= curvature_;
  for (std::size_t i = 0; i < count_; ++i) {
    slot = (slot + 1) % capacity_;
    const double beta = inverse_products_[slot] * dot({changes_ + slot * n_, n_}, d);
    add(weights_[slot] - beta, {steps_ + slot * n_, n_}, d);
  }
}

MinimizeResult minimize_lbfgs(const Objective& objective, std::span<double> x, const MinimizeOptions& options,
                              const LbfgsOptions& lbfgs, LbfgsMemory& memory) {
  memory.reset(x.size(), lbfgs);
  MinimizeResult result = start_minimizing(objective, x, memory.gradient(), options);
  TrustRadius radius(options.max_step);
  int rejected = 0;
  while (should_continue(result, options)) {
    memory.compute_direction();
    if (!(dot(memory.direction(), memory.gradient()) < 0.0)) {
      memory.forget();
      memory.compute_direction();
    }
    const LimitedStep step = limit_step(memory.direction(), radius.get());
    std::copy(x.begin(), x.end(), memory.trial().begin());
    add(1.0, memory.direction(), memory.trial());
    const Trial trial = evaluate(objective, memory.trial(), memory.trial_gradient(), options, result);

    // A step that was too long still tells the curvature on its way, unless it ended deep inside another atom.
    // One that freed two atoms from deep inside each other does not.
    if (trial.accepted && trial.fmax * believable < result.fmax) {
      memory.forget();
    } else if (trial.accepted || trial.fmax < believable * result.fmax) {
      memory.remember(x, step.share);
    }
    if (trial.accepted) {
      rejected = 0;
      radius.grow(step.length);
      std::swap_ranges(x.begin(), x.end(), memory.trial().begin());
      memory.accept_trial_gradient();
      accept(trial, x, options, result);
    } else {
      radius.shrink(step.length);
      if (++rejected == most_rejected / 2) memory.forget();
      if (rejected == most_rejected) result.outcome = MinimizeOutcome::stuck;
    }
  }
  return result;
}

}  // namespace adatom
