// What this file is: what --fix, --fix-below, --planar and the column move_mask forbid atoms to do.
#pragma once

#include <string>

#include "apps/options.hpp"
#include "atoms/extxyz.hpp"
#include "optim/constraints.hpp"

namespace adatom::apps {

struct ConstraintOptions {
  std::string fix;        ///< "0-7,12"
  std::string fix_below;  ///< z in Å, or "" for none
  bool planar = false;    ///< all atoms keep their z
};
/// --fix and --fix-below, and --planar if atoms may also be kept in planes.
void add_constraint_options(CLI::App& app, ConstraintOptions& options, bool planes = true);

/// The constraints on the atoms of the frame, each named once, ascending. Its column move_mask, L:1 or L:3 as ASE
/// writes it, says along which of x, y, z an atom moves: none is fixed, one a line, two a plane. Throws InputError for
/// another column, and for text that is no list of atoms, or names one that does not exist, twice, or counts it
/// negative.
Constraints constraints_of(const Frame& frame, const ConstraintOptions& options);

}  // namespace adatom::apps
