#include "tests/potentials/ase_reference.hpp"

#include <cmath>
#include <fstream>
#include <string>

#include "atoms/elements.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

namespace adatom::properties {
namespace {

Atoms reference_atoms(const nlohmann::json& c) {
  Atoms atoms;
  for (const auto& p : c["positions"]) atoms.positions.push_back(p.get<Vector3>());
  for (const auto& symbol : c["symbols"]) atoms.numbers.push_back(atomic_number(symbol.get<std::string>()));
  for (std::size_t k = 0; k < 3; ++k) atoms.cell[k] = c["cell"][k].get<Vector3>(), atoms.pbc[k] = c["pbc"][k];
  return atoms;
}

void check_dimer_scan(const Potential& potential, const nlohmann::json& c, double tolerance) {
  for (std::size_t i = 0; i < c["r"].size(); ++i) {
    Atoms dimer{.numbers = {}, .positions = {{0, 0, 0}, {c["r"][i], 0, 0}}, .cell = {}, .pbc = {}};
    for (const auto& symbol : c["symbols"]) dimer.numbers.push_back(atomic_number(symbol.get<std::string>()));
    for (const Prediction& p : {potential.compute(dimer), composed(potential, dimer)}) {
      CHECK(p.energy == Approx(c["energy"][i].get<double>()).epsilon(tolerance).margin(0.01 * tolerance));
      CHECK(p.forces[1][0] ==
            Approx(c["force_x_on_second"][i].get<double>()).epsilon(tolerance).margin(0.01 * tolerance));
    }
  }
}

}  // namespace

std::vector<nlohmann::json> reference_cases(std::string_view potential) {
  const nlohmann::json file = nlohmann::json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/potentials.json"));
  std::vector<nlohmann::json> cases;
  for (const nlohmann::json& c : file["cases"]) {
    if (c["potential"].get<std::string>() == potential) cases.push_back(c);
  }
  return cases;
}

void check_reference(const Potential& potential, const nlohmann::json& c, double tolerance) {
  INFO(c["name"].get<std::string>());
  if (c.contains("kind")) return check_dimer_scan(potential, c, tolerance);
  const Atoms atoms = reference_atoms(c);
  const Want want{.forces = true, .stress = c.contains("stress"), .energies = true};
  for (const Prediction& p : {potential.compute(atoms, want), composed(potential, atoms, want)}) {
    CHECK(std::abs(p.energy - c["energy"].get<double>()) < tolerance);
    CHECK(largest_difference(p.forces, c["forces"].get<std::vector<Vector3>>()) < tolerance);
    for (std::size_t i = 0; c.contains("energies") && i < atoms.size(); ++i) {
      CHECK(std::abs(p.energies[i] - c["energies"][i].get<double>()) < tolerance);
    }
    for (std::size_t k = 0; want.stress && k < 6; ++k) {
      CHECK(std::abs((*p.stress)[k] - c["stress"][k].get<double>()) < tolerance);
    }
  }
}

}  // namespace adatom::properties
