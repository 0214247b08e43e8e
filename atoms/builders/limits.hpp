// What this file is: checks that all builders make of their arguments. Each error names the builder, the argument, the
// value found and the legal range.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

namespace adatom::builders {

/// No builder makes more atoms than this.
constexpr double most_atoms = 1e8;
/// Lattice constants, bonds, heights and vacuum beyond this are refused, Angstrom.
constexpr double longest_length = 1e6;

/// Throws InputError unless 0 < length ≤ 1e6 Angstrom.
void require_length(std::string_view builder, std::string_view argument, double length);

/// Throws InputError unless 0 ≤ length ≤ 1e6 Angstrom.
void require_not_negative(std::string_view builder, std::string_view argument, double length);

/// Throws InputError unless every count is at least 1 and their product times `atoms_each` is at most 100 million.
void require_counts(std::string_view builder, std::string_view argument, std::span<const int> counts,
                    double atoms_each = 1.0);

}  // namespace adatom::builders
