// Tests dynamics/thermostats.cpp, alone and in runs: the canonical ensemble, moments, seeds.
#include "dynamics/thermostats.hpp"

#include <cmath>

#include "atoms/units.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/dynamics/lennard_jones_runs.hpp"
#include "tests/dynamics/structures.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("thermostats sample the canonical ensemble", "[dynamics][thermostat]") {
  // Springs: every degree of freedom has the mean kinetic and potential energy k_BT/2, and the sums of f of them have
  // the variance f (k_BT)²/2. Errors from blocks much longer than the relaxation.
  const double temperature = 400.0, kt = units::boltzmann * temperature;
  Atoms atoms = fcc(4.0, {1, 1, 1});
  atoms.pbc = {};
  const Springs springs(atoms, 2.0);  // ω² = 2 eV/Å²/40 amu: a period of 286 fs
  for (const Thermostat which : {Thermostat::langevin, Thermostat::velocity_rescaling}) {
    INFO(name(which));
    DynamicsOptions options;
    options.time_step = 4.0;
    options.thermostat = which;
    options.temperature = temperature;
    options.friction = 0.02;
    options.relaxation_time = 40.0;
    Random random(17);
    DynamicsState start = initial_state(atoms, temperature, random);
    start.velocities[0][0] += 1e-3;  // not of the thermostat's making: momentum that springs take up
    MolecularDynamics run(start, springs, options);
    REQUIRE(run.state().degrees_of_freedom == 12.0);
    run.run(1000);
    constexpr int blocks = 40, samples = 1000;
    std::vector<double> kinetic, squares, potential;
    for (int b = 0; b < blocks; ++b) {
      double k1 = 0.0, k2 = 0.0, p1 = 0.0;
      for (int s = 0; s < samples; ++s) {
        run.run(5);
        const Thermodynamics t = run.thermodynamics();
        const double x = t.kinetic - 6.0 * kt;
        k1 += t.kinetic / samples, k2 += x * x / samples, p1 += t.potential / samples;
      }
      kinetic.push_back(k1), squares.push_back(k2), potential.push_back(p1);
    }
    const auto agrees = [&](const std::vector<double>& values, double expected) {
      double mean = 0.0, variance = 0.0;
      for (const double v : values) mean += v / blocks;
      for (const double v : values) variance += (v - mean) * (v - mean) / (blocks - 1.0);
      const double bar = std::sqrt(variance / blocks);
      INFO(mean << " +- " << bar << " beside " << expected);
      CHECK(bar < 0.03 * expected);  // the test can tell something
      // Four error bars, and what the time step does: (ωΔt)²/8 = 0.1 %.
      CHECK(std::abs(mean - expected) < 4.0 * bar + 2e-3 * expected);
    };
    agrees(kinetic, 6.0 * kt);
    agrees(squares, 6.0 * kt * kt);
    if (which == Thermostat::langevin) agrees(potential, 6.0 * kt);  // global rescaling is not ergodic for lone springs
    // What the thermostat gave is accounted for. Langevin's dynamics is exact but for (ωΔt)².
    CHECK(std::abs(run.thermodynamics().conserved -
                   MolecularDynamics(start, springs, options).thermodynamics().conserved) < 0.1 * 12.0 * kt);
  }
}

TEST_CASE("the random numbers of velocity rescaling have the right moments", "[dynamics][thermostat]") {
  Random random(3);
  for (const double count : {1.0, 2.0, 5.0, 300.0}) {
    const int n = 20000;
    double mean = 0.0, square = 0.0;
    for (int i = 0; i < n; ++i) {
      const double x = sum_of_squared_normals(count, random);
      mean += x / n, square += (x - count) * (x - count) / n;
    }
    CHECK(std::abs(mean - count) < 4.0 * std::sqrt(2.0 * count / n));
    // The variance is 2f, and its own variance (48 f + 12 f² − 4 f²)/n.
    CHECK(std::abs(square - 2.0 * count) < 4.0 * std::sqrt((48.0 * count + 8.0 * count * count) / n));
  }
  CHECK(sum_of_squared_normals(0.0, random) == 0.0);
  // With c = 0 nothing of the old energy is left; with c = 1 all.
  CHECK(rescaling_factor(0.3, 1.0, 6.0, 1.0, random) == 1.0);
}

TEST_CASE("velocity rescaling of one degree of freedom is that of a normal number", "[dynamics][thermostat]") {
  // For f = 1 the new velocity over the old is √c + √((1 − c) K̄/K) ξ, ξ normal: it turns round now and then.
  Random random(8);
  for (const double c : {0.0, 0.25, 0.9}) {
    const double ratio = 0.7, width = std::sqrt((1.0 - c) * ratio);
    constexpr int n = 20000;
    double mean = 0.0, square = 0.0;
    for (int i = 0; i < n; ++i) {
      const double factor = rescaling_factor(2.0, 2.0 * ratio, 1.0, c, random);
      mean += factor / n, square += (factor - std::sqrt(c)) * (factor - std::sqrt(c)) / n;
    }
    CHECK(std::abs(mean - std::sqrt(c)) < 4.0 * width / std::sqrt(double(n)));
    CHECK(std::abs(square - width * width) < 4.0 * width * width * std::sqrt(2.0 / n));
  }
}

TEST_CASE("the same seed gives the same run and another seed another", "[dynamics][thermostat]") {
  const LennardJones potential;
  for (const Thermostat which : {Thermostat::langevin, Thermostat::velocity_rescaling}) {
    DynamicsOptions options = steps_of(0.004);
    options.thermostat = which;
    options.temperature = 0.1 / units::boltzmann;
    DynamicsState start = hot_cluster(0.1), other = start;
    other.random = Random(77);
    const std::vector<Vector3> once = positions_after(start, potential, options, 50);
    CHECK(positions_after(start, potential, options, 50) == once);
    CHECK(positions_after(other, potential, options, 50) != once);
  }
}
