#include "optim/fire.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autodiff/kernels/map.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "optim/stepping.hpp"

namespace adatom {
namespace {

// All masses are 1 amu; time is in Å (amu/eV)^½, 10.18 fs. The values are those of the first paper (but for the
// first mixing, 0.25 as in the second; 0.1 there), and ASE's time steps.
constexpr double first_time_step = 0.1, largest_time_step = 1.0;
constexpr double growth = 1.1, shrinkage = 0.5;
constexpr double first_mixing = 0.25, mixing_decay = 0.99;
constexpr int delay = 5;
constexpr int most_rejected_steps = 20;

double dot(std::span<const double> a, std::span<const double> b) { return kernels::dot(a.size(), a.data(), b.data()); }

}  // namespace

MinimizeResult minimize_fire(const Objective& objective, std::span<double> x, const MinimizeOptions& options) {
  const std::size_t n = x.size();
  std::vector<double> gradient(n), point(x.begin(), x.end()), point_gradient(n), velocity(n, 0.0), step(n);
  MinimizeResult result = start_minimizing(objective, x, gradient, options);
  double time_step = first_time_step, mixing = first_mixing;
  TrustRadius radius(options.max_step);
  int downhill = 0, rejected = 0;
  while (should_continue(result, options)) {
    // v ← (1 − α) (v − g dt) − α |v| g/|g|
    kernels::axpy(n, -time_step, gradient.data(), velocity.data());
    const double pull = mixing * std::sqrt(dot(velocity, velocity) / dot(gradient, gradient));
    for (std::size_t k = 0; k < n; ++k) {
      velocity[k] = (1.0 - mixing) * velocity[k] - pull * gradient[k];
      step[k] = time_step * velocity[k];
    }
    const double length = limit_step(step, radius.get()).length;
    for (std::size_t k = 0; k < n; ++k) point[k] = x[k] + step[k];
    const Trial trial = evaluate(objective, point, point_gradient, options, result);

    if (!trial.accepted) {
      // Too far: stop, and start anew from the lower place with shorter steps.
      std::fill(velocity.begin(), velocity.end(), 0.0);
      time_step *= shrinkage;
      radius.shrink(length);
      mixing = first_mixing;
      downhill = 0;
      if (++rejected == most_rejected_steps) result.outcome = MinimizeOutcome::stuck;
      continue;
    }
    rejected = 0;
    radius.grow(length);
    std::copy(point.begin(), point.end(), x.begin());
    std::swap(gradient, point_gradient);
    accept(trial, x, options, result);
    if (dot(gradient, velocity) > 0.0) {
      std::fill(velocity.begin(), velocity.end(), 0.0);
      time_step *= shrinkage;
      mixing = first_mixing;
      downhill = 0;
    } else if (++downhill > delay) {
      time_step = std::min(growth * time_step, largest_time_step);
      mixing *= mixing_decay;
    }
  }
  return result;
}

}  // namespace adatom
