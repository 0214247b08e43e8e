// What this file is: gradient descent, the minimiser to learn on: x ← x − rate · gradient. All others are faster.
#pragma once

#include "optim/minimize.hpp"

namespace adatom {

/// Minimises from x. With `rate` > 0 (Å²/eV) every step is −rate · gradient, cut only at max_step, whether the value
/// falls or not: too small a rate creeps, too large a one jumps to and fro or runs away, and the outcome says
/// `diverged` when the value is no number any more or ends above the start; x is then the last point with a value. With
/// rate 0 the rate is found while going: halved until the value falls, raised by a fifth after a step that was too
/// short, so that the value never rises.
MinimizeResult minimize_gradient_descent(const Objective& objective, std::span<double> x,
                                         const MinimizeOptions& options, double rate = 0.0);

}  // namespace adatom
