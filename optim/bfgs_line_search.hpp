// What this file is: the textbook's BFGS: the inverse Hessian and a line search. Its twin bfgs.hpp needs fewer calls
// from starts far away, where lengths are better limited than searched.
#pragma once

#include "optim/minimize.hpp"

namespace adatom {

/// Minimises from x, which it overwrites with the best point. J. Nocedal and S. J. Wright, Numerical Optimization
/// (2006), algorithm 6.1. The value never rises. `curvature` (eV/Å²) is that of the first step.
MinimizeResult minimize_bfgs_line_search(const Objective& objective, std::span<double> x,
                                         const MinimizeOptions& options, double curvature = 70.0);

}  // namespace adatom
