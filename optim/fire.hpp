// What this file is: the FIRE minimiser: dynamics with a brake.
#pragma once

#include "optim/minimize.hpp"

namespace adatom {

/// Minimises from x, which it overwrites with the best point. E. Bitzek, P. Koskinen, F. Gähler, M. Moseler and P.
/// Gumbsch, Phys. Rev. Lett. 97, 170201 (2006), with semi-implicit Euler steps and the first mixing of J. Guénolé et
/// al., Comput. Mater. Sci. 175, 109584 (2020), but without their delay at the start and half step back. One thing is
/// stricter: a step that raises the value is not taken; the dynamics stops there and starts anew with half the time
/// step.
MinimizeResult minimize_fire(const Objective& objective, std::span<double> x, const MinimizeOptions& options);

}  // namespace adatom
