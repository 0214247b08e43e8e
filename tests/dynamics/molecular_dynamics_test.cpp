// Tests dynamics/molecular_dynamics.cpp: against the reference and the laws of mechanics, and what is refused.
#include "dynamics/molecular_dynamics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "dynamics/velocities.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/dynamics/lennard_jones_runs.hpp"
#include "tests/dynamics/structures.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

double farthest(const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, norm(a[i] - b[i]));
  return most;
}

}  // namespace

TEST_CASE("a trajectory at constant energy is that of the reference", "[dynamics][md]") {
  const LennardJones potential;
  int cases = 0;
  for (const auto& c : simulation_reference("md")) {
    ++cases;
    DynamicsState start;
    start.atoms.positions = c["start"]["positions"].get<std::vector<Vector3>>();
    start.atoms.numbers.assign(start.atoms.positions.size(), 18);
    start.masses = c["masses_amu"].get<std::vector<double>>();
    for (const Vector3& v : c["velocities"].get<std::vector<Vector3>>()) {
      start.velocities.push_back((1.0 / unit_time) * v);
    }
    MolecularDynamics run(start, potential, steps_of(c["timestep"].get<double>()));
    CHECK(run.thermodynamics().potential == Approx(c["initial_potential"].get<double>()).epsilon(1e-12));
    CHECK(run.thermodynamics().kinetic == Approx(c["initial_kinetic"].get<double>()).epsilon(1e-12));
    for (const auto& point : c["trajectory"]) {
      run.run(point["step"].get<std::size_t>() - run.thermodynamics().step);
      CHECK(run.thermodynamics().potential == Approx(point["potential"].get<double>()).epsilon(1e-8));
      CHECK(run.thermodynamics().kinetic == Approx(point["kinetic"].get<double>()).epsilon(1e-8));
      CHECK(farthest(run.atoms().positions, point["positions"].get<std::vector<Vector3>>()) < 1e-8);
    }
  }
  CHECK(cases > 0);
}

TEST_CASE("velocity Verlet runs back to where it came from", "[dynamics][md]") {
  const LennardJones potential;
  const DynamicsState start = hot_cluster(0.1);
  MolecularDynamics there(start, potential, steps_of(0.005));
  there.run(200);
  CHECK(farthest(there.atoms().positions, start.atoms.positions) > 0.1);
  DynamicsState turned = there.state();
  for (Vector3& v : turned.velocities) v = -v;
  MolecularDynamics back(turned, potential, steps_of(0.005));
  back.run(200);
  CHECK(farthest(back.atoms().positions, start.atoms.positions) < 1e-9);
}

TEST_CASE("the energy error falls with the square of the time step", "[dynamics][md]") {
  const LennardJones potential;
  const DynamicsState start = hot_cluster(0.05);
  const auto error = [&](double step) {
    MolecularDynamics run(start, potential, steps_of(step));
    const double energy = run.thermodynamics().total;
    double most = 0.0;
    for (double t = 0.0; t < 1.9999; t += 0.04) {  // the same times whatever the step
      run.run(static_cast<std::size_t>(std::lround(0.04 / step)));
      most = std::max(most, std::abs(run.thermodynamics().total - energy));
    }
    return most;
  };
  const double coarse = error(0.008), middle = error(0.004), fine = error(0.002);
  CHECK(coarse / middle == Approx(4.0).epsilon(0.1));
  CHECK(middle / fine == Approx(4.0).epsilon(0.05));
}

TEST_CASE("time goes on from where it was when the time step changes", "[dynamics][md]") {
  // Powers of two, so that the times are exact.
  const LennardJones potential;
  MolecularDynamics coarse(hot_cluster(0.05), potential, {.time_step = 0.0625});
  coarse.run(10);
  CHECK(coarse.thermodynamics().time == 0.625);
  MolecularDynamics fine(coarse.state(), potential, {.time_step = 0.015625});
  CHECK(fine.thermodynamics().time == 0.625);
  fine.run(4);
  CHECK(fine.thermodynamics().step == 14);
  CHECK(fine.thermodynamics().time == 0.6875);
}

TEST_CASE("momentum and angular momentum stay zero", "[dynamics][md]") {
  const LennardJones free;
  const DynamicsState start = hot_cluster(0.2);
  MolecularDynamics run(start, free, steps_of(0.004));
  run.run(1000);
  const std::vector<double>& m = start.masses;
  // amu Å/fs; in the units of the forces it is ten times as much.
  CHECK(norm(total_momentum(m, run.velocities())) * unit_time < 1e-13);
  CHECK(norm(angular_momentum(run.atoms().positions, m, run.velocities())) * unit_time < 1e-12);

  const LennardJones melt(melt_options);
  const DynamicsState crystal = hot_crystal(4, 1.0);
  MolecularDynamics bulk(crystal, melt, steps_of(0.004));
  bulk.run(200);
  CHECK(norm(total_momentum(crystal.masses, bulk.velocities())) * unit_time < 1e-13 * 256);
  CHECK(std::abs(bulk.thermodynamics().total -
                 MolecularDynamics(crystal, melt, steps_of(0.004)).thermodynamics().total) < 1e-3 * 256);
}

TEST_CASE("results do not depend on the number of threads", "[dynamics][md]") {
  const LennardJones melt(melt_options);
  const DynamicsState start = hot_crystal(11, 1.0, 0.02);  // 5324 atoms: more than one piece
  DynamicsOptions options = steps_of(0.004);
  options.thermostat = Thermostat::velocity_rescaling;
  const std::vector<Vector3> one = positions_after(start, melt, options, 15);
  set_thread_count(3);
  const std::vector<Vector3> three = positions_after(start, melt, options, 15);
  set_thread_count(1);
  CHECK(one == three);
}

TEST_CASE("fixed atoms stay in every kind of dynamics", "[dynamics][md]") {
  const LennardJones potential;
  for (const Thermostat which : {Thermostat::none, Thermostat::langevin, Thermostat::velocity_rescaling}) {
    const DynamicsState start = hot_cluster(0.1);
    DynamicsOptions options = steps_of(0.004);
    options.thermostat = which;
    options.temperature = 0.1 / units::boltzmann;
    options.fixed = {2, 8};
    MolecularDynamics run(start, potential, options);
    run.run(50);
    CHECK(run.atoms().positions[2] == start.atoms.positions[2]);
    CHECK(run.atoms().positions[8] == start.atoms.positions[8]);
    CHECK(run.atoms().positions[0] != start.atoms.positions[0]);
    CHECK(run.velocities()[8] == Vector3{});
    CHECK(run.state().degrees_of_freedom == 21.0);
  }
}

TEST_CASE("the energies reported are those of the state reported", "[dynamics][md]") {
  const LennardJones potential;
  for (const Thermostat which : {Thermostat::none, Thermostat::langevin, Thermostat::velocity_rescaling}) {
    DynamicsOptions options = steps_of(0.004);
    options.thermostat = which;
    options.temperature = 0.3 / units::boltzmann;
    options.relaxation_time = 5.0 * options.time_step;
    MolecularDynamics run(hot_cluster(0.1), potential, options);
    for (int step = 0; step < 5; ++step) {
      run.run(1);
      const Thermodynamics t = run.thermodynamics();
      CHECK(t.kinetic == Approx(kinetic_energy(run.state().masses, run.velocities())).epsilon(1e-12));
      CHECK(t.potential == Approx(potential.compute(run.atoms()).energy).epsilon(1e-12));
      CHECK(t.total == t.kinetic + t.potential);
      CHECK(t.conserved == t.total - run.state().heat);
    }
  }
}

TEST_CASE("the pressure is that of an ideal gas plus the virial", "[dynamics][md]") {
  const LennardJones potential(melt_options);
  Atoms gas = fcc(20.0, {1, 1, 1});  // out of each other's reach
  const double kinetic = 1.7;
  // p V = N k_B T = 2K/3
  CHECK(pressure(gas, potential, kinetic) == Approx(2.0 / 3.0 * kinetic / 8000.0).epsilon(1e-14));
  const Atoms crystal = fcc(1.5, {2, 2, 2});
  // At rest −dE/dV, by central differences of the edge.
  const auto energy = [&](double a) { return potential.compute(fcc(a, {2, 2, 2})).energy; };
  const double h = 1e-4, slope = (energy(1.5 + h) - energy(1.5 - h)) / (2.0 * h);
  CHECK(pressure(crystal, potential, 0.0) == Approx(-slope / (3.0 * 8.0 * 1.5 * 1.5)).epsilon(1e-5));
}

TEST_CASE("a time step that is too long is noticed", "[dynamics][errors]") {
  const LennardJones potential;
  const auto message = [&](double step) -> std::string {
    try {
      MolecularDynamics run(hot_cluster(1.0), potential, steps_of(step));
      run.run(2000);
    } catch (const NumericalError& error) {
      return error.what();
    }
    return "survived";
  };
  for (const double step : {0.1, 0.3, 1.0}) {
    CHECK_THAT(message(step), ContainsSubstring("at step "));
    CHECK_THAT(message(step), ContainsSubstring(": reduce the time step"));
  }
  CHECK_THAT(message(0.3), ContainsSubstring("energy rose by "));
  CHECK(message(0.004) == "survived");
}

TEST_CASE("the energy may rise by ten electronvolt an atom and no more", "[dynamics][errors]") {
  /// Has more energy once the first atom has moved.
  class Step final : public Potential {
   public:
    explicit Step(double height) : height_(height) {}
    Tensor energies(const Atoms&, const Tensor& positions, const Tensor&) const override { return positions; }
    void compute(const Atoms& atoms, Want, Prediction& result) const override {
      result.energy = atoms.positions[0][0] > 0.0 ? height_ : 0.0;
      result.forces.assign(atoms.size(), {});
    }

   private:
    double height_;
  };
  DynamicsState start;
  start.atoms = {.numbers = {18, 18, 18}, .positions = {{0, 0, 0}, {5, 0, 0}, {0, 5, 0}}, .cell = {}, .pbc = {}};
  start.masses.assign(3, 40.0);
  start.velocities.assign(3, {1e-3, 0, 0});
  const double kinetic = kinetic_energy(start.masses, start.velocities);
  const Step low(29.99), high(30.01 + kinetic);
  MolecularDynamics fine(start, low, {}), torn(start, high, {});
  CHECK_NOTHROW(fine.run(3));
  CHECK_THROWS_WITH(torn.run(3), ContainsSubstring("energy rose by 30") && ContainsSubstring("at step 1"));
}

TEST_CASE("an energy that is not finite ends the run and says when", "[dynamics][errors]") {
  /// Gives up when the first atom has gone far.
  class Fragile final : public Potential {
   public:
    Tensor energies(const Atoms&, const Tensor& positions, const Tensor&) const override { return positions; }
    void compute(const Atoms& atoms, Want, Prediction& result) const override {
      if (atoms.positions[0][0] > 5.0) throw NumericalError("the energy is not finite");
      result.energy = 0.0;
      result.forces.assign(atoms.size(), {});
    }
  };
  DynamicsState start = hot_cluster(0.1);
  start.velocities.assign(start.velocities.size(), Vector3{1.0, 0.0, 0.0});
  start.atoms.positions[0] = {0, 0, 0};
  const Fragile potential;
  MolecularDynamics run(start, potential, {.time_step = 2.0});
  CHECK_THROWS_WITH(run.run(10), "the energy is not finite at step 3: reduce the time step");
}

TEST_CASE("what cannot be simulated is refused by name", "[dynamics][errors]") {
  const LennardJones potential;
  const auto message = [&](DynamicsOptions options, DynamicsState state) -> std::string {
    try {
      const MolecularDynamics run(std::move(state), potential, options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  const DynamicsState good = hot_cluster(0.1);
  for (const double bad : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    DynamicsOptions options;
    options.time_step = bad;
    CHECK_THAT(message(options, good), ContainsSubstring("time step must be positive"));
    options = {};
    options.thermostat = Thermostat::velocity_rescaling;
    options.relaxation_time = bad;
    CHECK_THAT(message(options, good), ContainsSubstring("relaxation time must be positive"));
  }
  DynamicsOptions options;
  options.time_step = 1000.0;
  CHECK_THAT(message(options, good), ContainsSubstring("at most 100 fs"));
  options = {};
  options.thermostat = Thermostat::langevin;
  options.friction = -0.1;
  CHECK_THAT(message(options, good), ContainsSubstring("friction must not be negative, found -0.1 1/fs"));
  options.friction = 0.1;
  options.temperature = -5.0;
  CHECK_THAT(message(options, good), ContainsSubstring("temperature must not be negative, found -5 K"));
  options = {};
  options.fixed = {9};
  CHECK_THAT(message(options, good), ContainsSubstring("fixed atom 9 does not exist"));
  options = {};
  options.thermostat = Thermostat::velocity_rescaling;
  CHECK_THAT(message(options, hot_cluster(0.0)), ContainsSubstring("at rest"));
  options = {};
  DynamicsState bad = good;
  bad.masses[3] = 0.0;
  CHECK(message(options, bad) == "atom 3 has mass 0 amu; masses must be positive");
  bad = good;
  bad.velocities.pop_back();
  CHECK_THAT(message(options, bad), ContainsSubstring("8 velocities for 9 atoms"));
  bad = good;
  bad.velocities[4][1] = std::nan("");
  CHECK_THAT(message(options, bad), ContainsSubstring("velocity of atom 4 is not finite"));
  bad = good;
  bad.atoms.positions[1] = bad.atoms.positions[0];
  CHECK_THAT(message(options, bad), ContainsSubstring("atoms 0 and 1 are 0.000 Å apart"));
  for (const Thermostat one : {Thermostat::none, Thermostat::langevin, Thermostat::velocity_rescaling}) {
    CHECK(thermostat(name(one)) == one);
  }
  CHECK_THROWS_WITH(thermostat("nose"), ContainsSubstring("unknown thermostat 'nose'"));
}
