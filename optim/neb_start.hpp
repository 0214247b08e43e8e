// What this file is: a path of one's own, made ready for a band. Internal to optim.
#pragma once

#include <vector>

#include "atoms/atoms.hpp"
#include "optim/constraints.hpp"

namespace adatom {

/// The path with every atom brought by lattice vectors as near as can be to its place before, and where constraints
/// want it. Throws InputError for fewer than three structures, different ones, equal ends, and places that constraints
/// forbid.
std::vector<Atoms> connected(std::vector<Atoms> path, const Constraints& constraints);

}  // namespace adatom
