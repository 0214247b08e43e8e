#include "optim/line_search.hpp"

#include <algorithm>
#include <cmath>

#include "autodiff/kernels/reduce.hpp"

namespace adatom {
namespace {

/// A length along the direction and the slope there.
struct Place {
  double length = 0.0, slope = 0.0;
};

/// Where the straight line through two slopes is zero.
double secant(const Place& a, const Place& b) {
  return a.length - a.slope * (b.length - a.length) / (b.slope - a.slope);
}

/// The next length beyond `low`, when nothing is known of what lies farther.
double extrapolated(const Place& before, const Place& low, double most) {
  double next = 4.0 * low.length;
  if (low.slope > before.slope) next = std::clamp(secant(before, low), 1.5 * low.length, next);
  return std::min(next, most);
}

}  // namespace

LineSearchResult search_line(const Objective& objective, std::span<const double> x, std::span<const double> direction,
                             double slope, double first, double most, const LineSearchOptions& search,
                             std::span<double> point, std::span<double> gradient, const MinimizeOptions& options,
                             MinimizeResult& result) {
  const std::size_t n = x.size();
  const auto look = [&](double length) {
    for (std::size_t k = 0; k < n; ++k) point[k] = x[k] + length * direction[k];
    return evaluate(objective, point, gradient, options, result);
  };

  LineSearchResult end;
  Place before, low{0.0, slope}, high;   // the minimum lies between low and high
  bool bounded = false, sloped = false;  // high is known, and the slope there is positive
  double length = std::min(first, most), width = most;
  for (int trials = 0; trials < most_rejected; ++trials) {
    const Trial trial = look(length);
    const double here = std::isfinite(trial.fmax) ? kernels::dot(n, gradient.data(), direction.data()) : 0.0;
    if (trial.accepted) {
      const bool decreased = trial.value <= result.value + search.decrease * length * slope ||
                             here <= (2.0 * search.decrease - 1.0) * slope;
      const bool flat = here >= search.curvature * slope;
      if (decreased && (flat || length >= most)) return {true, length, here, trial};
    }
    if (trial.accepted && here < 0.0) {
      before = low;
      low = {length, here};
      if (length >= most) return {true, length, here, trial};
    } else {
      high = {length, here};
      bounded = true;
      sloped = std::isfinite(trial.fmax) && std::isfinite(trial.value) && here > 0.0;
    }
    if (!bounded) {
      length = extrapolated(before, low, most);
      continue;
    }
    // Inside: by the secant, or in the middle where that has not halved the interval.
    const double now = high.length - low.length, margin = 0.1 * now;
    const bool slow = now > 0.5 * width;
    width = now;
    length = sloped && !slow ? std::clamp(secant(low, high), low.length + margin, high.length - margin)
                             : low.length + 0.5 * now;
  }
  if (low.length > 0.0) return {true, low.length, low.slope, look(low.length)};
  return end;
}

}  // namespace adatom
