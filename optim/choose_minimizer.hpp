// What this file is: the minimiser that a RelaxMethod names. Internal to optim.
#pragma once

#include "optim/minimize.hpp"
#include "optim/relax.hpp"

namespace adatom {

/// automatic is lbfgs. `learning_rate` is gradient descent's.
MinimizeResult minimize(RelaxMethod method, const Objective& objective, std::span<double> x,
                        const MinimizeOptions& options, double learning_rate = 0.0);

}  // namespace adatom
