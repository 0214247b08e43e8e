// What this file is: Lennard-Jones atoms in reduced units (ε = 1 eV, σ = 1 Å, masses of 1 amu), moving: what the tests
// of molecular dynamics, its thermostats and its checkpoints start from.
#pragma once

#include <cstdint>
#include <vector>

#include "atoms/units.hpp"
#include "dynamics/molecular_dynamics.hpp"
#include "dynamics/velocities.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/dynamics/structures.hpp"

namespace adatom {

/// 1 Å √(amu/eV), the unit of time, in fs.
constexpr double unit_time = 1.0 / units::femtosecond;

/// Nine atoms near a square lattice in a plane, free, at a temperature in ε/k_B.
inline DynamicsState hot_cluster(double temperature) {
  Random random(1);
  Atoms atoms;
  for (int x = -1; x < 2; ++x) {
    for (int y = -1; y < 2; ++y) {
      atoms.numbers.push_back(18);
      atoms.positions.push_back(
          {1.12 * x + 0.02 * random.normal(), 1.12 * y + 0.02 * random.normal(), 0.02 * random.normal()});
    }
  }
  DynamicsState state{
      .atoms = atoms, .masses = std::vector<double>(atoms.size(), 1.0), .velocities = {}, .random = random};
  state.velocities = maxwell_boltzmann(atoms, state.masses, temperature / units::boltzmann, state.random);
  return state;
}

/// The periodic fcc() with the edge 1.7 σ, `count` cubes each way, at a temperature in ε/k_B.
inline DynamicsState hot_crystal(int count, double temperature, double shake = 0.0) {
  DynamicsState state;
  state.atoms = fcc(1.7, {count, count, count}, shake);
  state.masses.assign(state.atoms.size(), 1.0);
  Random random(5);
  state.velocities = maxwell_boltzmann(state.atoms, state.masses, temperature / units::boltzmann, random);
  return state;
}

inline const LennardJonesOptions melt_options{
    .epsilon = 1.0, .sigma = 1.0, .cutoff = 2.5, .mode = LennardJonesCutoff::smooth};

/// Options with the time step in units of time.
inline DynamicsOptions steps_of(double reduced) {
  DynamicsOptions options;
  options.time_step = reduced * unit_time;
  return options;
}

inline std::vector<Vector3> positions_after(const DynamicsState& start, const Potential& potential,
                                            const DynamicsOptions& options, std::size_t steps) {
  MolecularDynamics run(start, potential, options);
  run.run(steps);
  return run.atoms().positions;
}

}  // namespace adatom
