// What this file is: simulation.json, the results of ASE that optim's tests compare with, and crystals to test on.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"
#include "atoms/elements.hpp"

namespace adatom {

inline nlohmann::json simulation_reference() {
  return nlohmann::json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/simulation.json"));
}

/// {"symbols": …, "positions": …, "cell": …, "pbc": …}
inline Atoms structure(const nlohmann::json& json) {
  Atoms atoms;
  for (const auto& symbol : json["symbols"]) atoms.numbers.push_back(parse_formula(symbol.get<std::string>())[0]);
  atoms.positions = json["positions"].get<std::vector<Vector3>>();
  atoms.cell.vectors = json["cell"].get<std::array<Vector3, 3>>();
  atoms.pbc = json["pbc"].get<std::array<bool, 3>>();
  return atoms;
}

/// fcc, four atoms in a cube.
inline Atoms fcc(int number, double a) {
  Atoms atoms;
  for (const Vector3& basis : {Vector3{0, 0, 0}, Vector3{0, .5, .5}, Vector3{.5, 0, .5}, Vector3{.5, .5, 0}}) {
    atoms.positions.push_back(a * basis);
    atoms.numbers.push_back(number);
  }
  atoms.cell = orthorhombic(a, a, a);
  atoms.pbc = {true, true, true};
  return atoms;
}

}  // namespace adatom
