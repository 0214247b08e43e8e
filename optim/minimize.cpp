#include "optim/minimize.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "optim/stepping.hpp"

namespace adatom {
namespace {

/// How much of |value| is rounding error and no rise.
constexpr double rounding = 1e-13;
/// The measure of a gradient that is none: at a place without a value.
constexpr double infinity = std::numeric_limits<double>::infinity();

double measure(std::span<const double> gradient, const MinimizeOptions& options) {
  return options.measure ? options.measure(gradient) : longest_triple(gradient);
}

}  // namespace

double longest_triple(std::span<const double> x) {
  double longest = 0.0, sum = 0.0;
  for (std::size_t k = 0; k + 2 < x.size(); k += 3) {
    const double square = x[k] * x[k] + x[k + 1] * x[k + 1] + x[k + 2] * x[k + 2];
    longest = std::max(longest, square);  // passes over NaN,
    sum += square;                        // which stays here
  }
  return std::isnan(sum) ? sum : std::sqrt(longest);
}

MinimizeResult start_minimizing(const Objective& objective, std::span<const double> x, std::span<double> gradient,
                                const MinimizeOptions& options) {
  MinimizeResult result;
  result.value = objective(x, gradient);
  result.calls = 1;
  result.fmax = std::isfinite(result.value) ? measure(gradient, options) : infinity;
  if (!std::isfinite(result.value) || !std::isfinite(result.fmax)) {
    result.outcome = MinimizeOutcome::undefined_start;
  } else if (options.progress) {
    options.progress(0, result.value, result.fmax, x);
  }
  return result;
}

bool should_continue(MinimizeResult& result, const MinimizeOptions& options) {
  if (result.outcome == MinimizeOutcome::undefined_start || result.outcome == MinimizeOutcome::stuck ||
      result.outcome == MinimizeOutcome::diverged)
    return false;
  if (result.fmax <= options.fmax) {
    result.outcome = MinimizeOutcome::converged;
    return false;
  }
  const bool stop = options.stop && options.stop();
  result.outcome = stop ? MinimizeOutcome::stopped : MinimizeOutcome::step_limit;
  return !stop && result.steps < options.max_steps;
}

Trial evaluate(const Objective& objective, std::span<const double> x, std::span<double> gradient,
               const MinimizeOptions& options, MinimizeResult& result) {
  Trial trial;
  trial.value = objective(x, gradient);
  ++result.calls;
  trial.fmax = std::isfinite(trial.value) ? measure(gradient, options) : infinity;
  trial.accepted = std::isfinite(trial.fmax) && trial.value <= result.value + rounding * std::abs(result.value);
  return trial;
}

void accept(const Trial& trial, std::span<const double> x, const MinimizeOptions& options, MinimizeResult& result) {
  ++result.steps;
  result.value = trial.value;
  result.fmax = trial.fmax;
  if (options.progress) options.progress(result.steps, result.value, result.fmax, x);
}

LimitedStep limit_step(std::span<double> step, double max_step) {
  const double longest = longest_triple(step);
  if (longest <= max_step) return {longest, 1.0};
  const double share = max_step / longest;
  for (double& value : step) value *= share;
  return {max_step, share};
}

}  // namespace adatom
