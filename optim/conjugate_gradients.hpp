// What this file is: the nonlinear conjugate gradient minimiser: it remembers one direction where BFGS remembers a
// matrix.
#pragma once

#include "optim/minimize.hpp"

namespace adatom {

/// Minimises from x, which it overwrites with the best point. The directions are those of W. W. Hager and H. Zhang,
/// SIAM J. Optim. 16, 170 (2005), always downhill; with an exact line search they would be those of Polak and Ribière.
/// The value never rises. `curvature` (eV/Å²) is that of the first step.
MinimizeResult minimize_conjugate_gradients(const Objective& objective, std::span<double> x,
                                            const MinimizeOptions& options, double curvature = 70.0);

}  // namespace adatom
