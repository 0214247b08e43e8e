// What this file is: potentials.json, what ASE says of some structures and dimers, and its comparison with a potential.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "potentials/potential.hpp"

namespace adatom::properties {

/// Those of one kind of potential: "lj", "morse", "emt".
std::vector<nlohmann::json> reference_cases(std::string_view potential);

/// What ASE made of a case is what both ways of computing say: a structure's energies, forces and stress up to
/// `tolerance` in eV and Å, or a dimer's energy and force at all distances up to `tolerance` relative.
void check_reference(const Potential& potential, const nlohmann::json& c, double tolerance);

}  // namespace adatom::properties
