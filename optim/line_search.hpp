// What this file is: the line search of the conjugate gradients and of one of the BFGS methods: how far to go along a
// direction. Internal to optim.
#pragma once

#include <span>

#include "optim/stepping.hpp"

namespace adatom {

struct LineSearchOptions {
  double decrease = 0.1;   ///< δ of the Wolfe conditions, below ½
  double curvature = 0.9;  ///< σ of the Wolfe conditions: the slope has shrunk to this share, between δ and 1
};

struct LineSearchResult {
  bool found = false;
  double length = 0.0;  ///< the step is length · direction
  double slope = 0.0;   ///< along the direction, at the end
  Trial trial;          ///< at the end
};

/// Looks for a step along `direction`, along which the slope at x is `slope` < 0, first trying `first` and never going
/// farther than `most`. Ends with the point and the gradient there. W. W. Hager and H. Zhang, SIAM J. Optim. 16, 170
/// (2005): the value is below δ's line and the slope has shrunk, or (their approximate Wolfe conditions, which rounding
/// errors of the value do not disturb) the slopes alone say so; the value never rises. Lengths come from the secant of
/// the slopes, so that a field of forces without a value can be searched too.
LineSearchResult search_line(const Objective& objective, std::span<const double> x, std::span<const double> direction,
                             double slope, double first, double most, const LineSearchOptions& search,
                             std::span<double> point, std::span<double> gradient, const MinimizeOptions& options,
                             MinimizeResult& result);

}  // namespace adatom
