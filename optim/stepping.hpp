// What this file is: what the minimisers share: when to stop, which steps to accept, how long they may be.
// Internal to optim.
#pragma once

#include <algorithm>
#include <cmath>

#include "optim/minimize.hpp"

namespace adatom {

/// Evaluates and reports the start, and says whether it can be minimised from.
MinimizeResult start_minimizing(const Objective& objective, std::span<const double> x, std::span<double> gradient,
                                const MinimizeOptions& options);

/// False when fmax or the step limit is reached or options.stop says so (the outcome is then set), or the outcome has
/// been set to stuck.
bool should_continue(MinimizeResult& result, const MinimizeOptions& options);

/// A point tried.
struct Trial {
  double value = 0.0, fmax = 0.0;
  bool accepted = false;  ///< finite, and not above the present value but for rounding; else fmax is infinite where the
                          ///< value is not finite
};
Trial evaluate(const Objective& objective, std::span<const double> x, std::span<double> gradient,
               const MinimizeOptions& options, MinimizeResult& result);

/// Counts and reports the step to x.
void accept(const Trial& trial, std::span<const double> x, const MinimizeOptions& options, MinimizeResult& result);

/// After this many rejected trials in a row a minimiser gives up.
constexpr int most_rejected = 40;

/// A step after limit_step.
struct LimitedStep {
  double length = 0.0;  ///< its longest triple
  double share = 1.0;   ///< of the step before
};
/// Shortens the step, all of it alike, so that no triple is longer than max_step.
LimitedStep limit_step(std::span<double> step, double max_step);

/// How far a step may go: less after steps that went uphill, more again after good ones.
class TrustRadius {
 public:
  explicit TrustRadius(double most) : most_(most), radius_(most) {}
  double get() const { return radius_; }
  void shrink(double step) { radius_ = 0.5 * step; }
  void grow(double step) { radius_ = std::min(most_, std::max(radius_, 1.3 * step)); }

 private:
  double most_, radius_;
};

}  // namespace adatom
