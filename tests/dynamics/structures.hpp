// What this file is: structures and reference data that the tests of dynamics share.
#pragma once

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"
#include "atoms/elements.hpp"
#include "core/random.hpp"
#include "potentials/potential.hpp"

inline nlohmann::json simulation_reference(const char* kind) {
  return nlohmann::json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/simulation.json"))[kind];
}

/// n_x × n_y × n_z cubes of face-centred cubic argon with the edge a, periodic, each atom shaken.
inline adatom::Atoms fcc(double a, std::array<int, 3> counts, double shake = 0.0) {
  using adatom::Vector3;
  adatom::Atoms cube;
  for (const Vector3& basis : {Vector3{0, 0, 0}, Vector3{0, .5, .5}, Vector3{.5, 0, .5}, Vector3{.5, .5, 0}}) {
    cube.positions.push_back(Vector3{a * basis[0], a * basis[1], a * basis[2]});
    cube.numbers.push_back(18);
  }
  cube.cell = adatom::orthorhombic(a, a, a);
  cube.pbc = {true, true, true};
  adatom::Atoms crystal = adatom::repeated(cube, counts);
  adatom::Random random(3);
  for (Vector3& p : crystal.positions) {
    for (double& x : p) x += shake * random.normal();
  }
  return crystal;
}

/// Independent harmonic springs of constant k eV/Å² to where the atoms are: canonical averages are known exactly.
class Springs final : public adatom::Potential {
 public:
  Springs(const adatom::Atoms& anchors, double k) : anchors_(anchors.positions), k_(k) {}
  adatom::Tensor energies(const adatom::Atoms& atoms, const adatom::Tensor& positions,
                          const adatom::Tensor& cell) const override;
  void compute(const adatom::Atoms& atoms, adatom::Want, adatom::Prediction& result) const override {
    result.energy = 0.0;
    result.forces.resize(atoms.size());
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) {
        const double d = atoms.positions[i][c] - anchors_[i][c];
        result.energy += 0.5 * k_ * d * d;
        result.forces[i][c] = -k_ * d;
      }
    }
  }

 private:
  std::vector<adatom::Vector3> anchors_;
  double k_;
};
inline adatom::Tensor Springs::energies(const adatom::Atoms&, const adatom::Tensor& positions,
                                        const adatom::Tensor&) const {
  return positions;  // not asked for
}
