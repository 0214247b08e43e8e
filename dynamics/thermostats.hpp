// What this file is: the random parts of the two thermostats, one step at a time. Internal to molecular_dynamics.cpp.
#pragma once

#include "core/random.hpp"

namespace adatom {

/// A sum of the squares of `count` independent standard normal numbers.
double sum_of_squared_normals(double count, Random& random);

/// The factor of all velocities in one step of stochastic velocity rescaling. `kinetic` and `target` = f k_B T/2 are
/// energies in the same unit, `freedom` the number f of degrees of freedom, c = e^(−Δt/τ).
/// G. Bussi, D. Donadio and M. Parrinello, J. Chem. Phys. 126, 014101 (2007), equation A7; the sign as in G. Bussi and
/// M. Parrinello, Comput. Phys. Commun. 179, 26 (2008), equation A8.
double rescaling_factor(double kinetic, double target, double freedom, double c, Random& random);

}  // namespace adatom
