// What this file is: the atoms that --fix, --fix-below and the column move_mask hold.
#pragma once

#include <string>
#include <vector>

#include "apps/options.hpp"
#include "atoms/extxyz.hpp"

namespace adatom::apps {

struct ConstraintOptions {
  std::string fix;        ///< "0-7,12"
  std::string fix_below;  ///< z in Å, or "" for none
};
void add_constraint_options(CLI::App& app, ConstraintOptions& options);

/// All fixed atoms of the frame, ascending. Throws InputError for text that is no list of atoms, or names one that does
/// not exist, twice, or counts it negative.
std::vector<std::size_t> fixed_atoms(const Frame& frame, const ConstraintOptions& options);

}  // namespace adatom::apps
