#include "optim/conjugate_gradients.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "autodiff/kernels/map.hpp"
#include "autodiff/kernels/reduce.hpp"
#include "optim/line_search.hpp"

namespace adatom {
namespace {

double dot(std::span<const double> a, std::span<const double> b) { return kernels::dot(a.size(), a.data(), b.data()); }

/// β of the next direction −g + β d (Hager and Zhang, eqs. 1.3 and 1.6–1.7), from the change y of the gradient.
double next_beta(std::span<const double> direction, std::span<const double> before, std::span<const double> gradient,
                 std::span<double> change) {
  for (std::size_t k = 0; k < change.size(); ++k) change[k] = gradient[k] - before[k];
  const double dy = dot(direction, change);
  if (!(dy > 0.0)) return 0.0;  // steepest descent again
  const double beta = (dot(change, gradient) - 2.0 * dot(direction, gradient) * dot(change, change) / dy) / dy;
  const double least = 0.01;
  const double bound = -1.0 / (std::sqrt(dot(direction, direction)) * std::min(least, std::sqrt(dot(before, before))));
  return std::max(beta, bound);
}

}  // namespace

MinimizeResult minimize_conjugate_gradients(const Objective& objective, std::span<double> x,
                                            const MinimizeOptions& options, double curvature) {
  const std::size_t n = x.size();
  std::vector<double> gradient(n), point(n), point_gradient(n), direction(n, 0.0), change(n);
  MinimizeResult result = start_minimizing(objective, x, gradient, options);
  double beta = 0.0;
  bool steepest = true;
  while (should_continue(result, options)) {
    for (std::size_t k = 0; k < n; ++k) direction[k] = beta * direction[k] - gradient[k];
    double slope = dot(direction, gradient);
    if (!(slope < 0.0)) {
      for (std::size_t k = 0; k < n; ++k) direction[k] = -gradient[k];
      slope = -dot(gradient, gradient);
      beta = 0.0;
    }
    steepest = beta == 0.0;

    // The first length is right if the curvature along this direction is that along the last one.
    const double square = dot(direction, direction);
    const double first = -slope / (curvature * square), most = options.max_step / longest_triple(direction);
    const LineSearchResult end =
        search_line(objective, x, direction, slope, first, most, {.decrease = 0.1, .curvature = 0.4}, point,
                    point_gradient, options, result);
    if (!end.found) {
      if (steepest) result.outcome = MinimizeOutcome::stuck;
      beta = 0.0;
      continue;
    }
    const double measured = (end.slope - slope) / (end.length * square);
    if (measured > 0.0) curvature = measured;
    beta = next_beta(direction, gradient, point_gradient, change);
    std::copy(point.begin(), point.end(), x.begin());
    std::swap(gradient, point_gradient);
    accept(end.trial, x, options, result);
  }
  return result;
}

}  // namespace adatom
