// What this file is: the BFGS minimiser with the full inverse Hessian, n² numbers for n coordinates.
#pragma once

#include "optim/minimize.hpp"

namespace adatom {

/// Minimises from x, which it overwrites with the best point. The value never rises: a step that would is taken back,
/// and the next one is shorter. J. Nocedal and S. J. Wright, Numerical Optimization (2006), eq. 6.17, with Powell's
/// damping (their procedure 18.2) where the curvature along a step is not positive, and the first matrices scaled down
/// to the curvature that steps find (M. Al-Baali, Comput. Optim. Appl. 9, 191 (1998)). `curvature` (eV/Å²) is that of
/// the first step.
MinimizeResult minimize_bfgs(const Objective& objective, std::span<double> x, const MinimizeOptions& options,
                             double curvature = 70.0);

}  // namespace adatom
