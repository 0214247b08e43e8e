// What this file is: masses, velocities and fixed atoms in extended XYZ files, under the names that ASE gives them.
#pragma once

#include <optional>
#include <vector>

#include "atoms/extxyz.hpp"

namespace adatom::apps {

/// The column masses (amu), or standard atomic masses where there is none.
std::vector<double> masses_of(const Frame& frame);

/// The velocities in Å/fs from the column velo (Å/fs) or momenta (√(amu eV), as ASE writes it); none without either.
/// Throws InputError when a column is not R:3.
std::optional<std::vector<Vector3>> velocities_of(const Frame& frame);
/// Sets both columns.
void set_velocities(Frame& frame, const std::vector<double>& masses, const std::vector<Vector3>& velocities);

/// Atoms whose move_mask is F, ascending. Throws InputError when the column is not L:1, or L:3 with unequal flags.
std::vector<std::size_t> fixed_atoms(const Frame& frame);

}  // namespace adatom::apps
