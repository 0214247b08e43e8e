#include "optim/gradient_descent.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autodiff/kernels/reduce.hpp"
#include "optim/stepping.hpp"

namespace adatom {
namespace {

constexpr double first_rate = 1.0 / 70.0;  // where the rate is found: right for stiff bonds
constexpr double growth = 1.2, shrinkage = 0.5;

MinimizeResult descend_at_fixed_rate(const Objective& objective, std::span<double> x, const MinimizeOptions& options,
                                     double rate) {
  const std::size_t n = x.size();
  std::vector<double> gradient(n), point(n), point_gradient(n), step(n);
  MinimizeResult result = start_minimizing(objective, x, gradient, options);
  const double start = result.value;
  while (should_continue(result, options)) {
    for (std::size_t k = 0; k < n; ++k) step[k] = -rate * gradient[k];
    limit_step(step, options.max_step);
    for (std::size_t k = 0; k < n; ++k) point[k] = x[k] + step[k];
    const Trial trial = evaluate(objective, point, point_gradient, options, result);
    if (!std::isfinite(trial.value) || !std::isfinite(trial.fmax)) {
      result.outcome = MinimizeOutcome::diverged;
      break;
    }
    std::copy(point.begin(), point.end(), x.begin());
    std::swap(gradient, point_gradient);
    accept(trial, x, options, result);
  }
  if (result.outcome == MinimizeOutcome::step_limit && result.value > start) result.outcome = MinimizeOutcome::diverged;
  return result;
}

}  // namespace

MinimizeResult minimize_gradient_descent(const Objective& objective, std::span<double> x,
                                         const MinimizeOptions& options, double rate) {
  if (rate > 0.0) return descend_at_fixed_rate(objective, x, options, rate);
  const std::size_t n = x.size();
  std::vector<double> gradient(n), point(n), point_gradient(n), step(n);
  MinimizeResult result = start_minimizing(objective, x, gradient, options);
  rate = first_rate;
  int rejected = 0;
  while (should_continue(result, options)) {
    for (std::size_t k = 0; k < n; ++k) step[k] = -rate * gradient[k];
    rate *= limit_step(step, options.max_step).share;
    for (std::size_t k = 0; k < n; ++k) point[k] = x[k] + step[k];
    const Trial trial = evaluate(objective, point, point_gradient, options, result);
    if (!trial.accepted) {
      rate *= shrinkage;
      if (++rejected == most_rejected) result.outcome = MinimizeOutcome::stuck;
      continue;
    }
    rejected = 0;
    // Past the lowest point of this line, or still before it?
    const bool beyond = kernels::dot(n, gradient.data(), point_gradient.data()) < 0.0;
    rate *= beyond ? shrinkage : growth;
    std::copy(point.begin(), point.end(), x.begin());
    std::swap(gradient, point_gradient);
    accept(trial, x, options, result);
  }
  return result;
}

}  // namespace adatom
