// Tests dynamics/velocities.cpp: the distribution at a temperature, and that nothing drifts or turns.
#include "dynamics/velocities.hpp"

#include <cmath>

#include "atoms/units.hpp"
#include "core/error.hpp"
#include "tests/dynamics/structures.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

Atoms water() {
  Atoms atoms;
  atoms.numbers = {8, 1, 1};
  atoms.positions = {{0.1, 0.2, 0.3}, {0.86, 0.8, 0.3}, {-0.66, 0.8, 0.3}};
  return atoms;
}

}  // namespace

TEST_CASE("the units are those of the reference", "[dynamics][units]") {
  CHECK(units::femtosecond == 0.09822694788464063);  // ase.units.fs 3.22.1
  CHECK(units::boltzmann == 8.617330337217213e-05);  // ase.units.kB 3.22.1
  // √(eV/amu)/Å = 1/(10.1805 fs) → ω/2πc with c = 2.99792458e-5 cm/fs.
  CHECK(units::wavenumber == Approx(units::femtosecond / (2.0 * 3.141592653589793 * 2.99792458e-5)).epsilon(1e-10));
}

TEST_CASE("velocities have the mean and the variance of their temperature", "[dynamics][velocities]") {
  const Atoms atoms = fcc(5.26, {8, 8, 8});  // 2048 atoms, 6144 components
  std::vector<double> m(atoms.size());
  for (std::size_t i = 0; i < m.size(); ++i) m[i] = i % 2 == 0 ? 4.0 : 40.0;
  Random random(11);
  const std::vector<Vector3> v = maxwell_boltzmann(atoms, m, 300.0, random);
  // m v²/k_BT is 1 on average, with variance 2: the mean of n of them has the error √(2/n). Four such errors.
  for (const std::size_t kind : {0, 1}) {
    double sum = 0.0, fourth = 0.0;
    for (std::size_t i = kind; i < v.size(); i += 2) {
      for (const double x : v[i]) {
        const double s = m[i] * x * x / (units::boltzmann * 300.0 * units::acceleration);
        sum += s, fourth += s * s;
      }
    }
    CHECK(std::abs(sum / 3072.0 - 1.0) < 4.0 * std::sqrt(2.0 / 3072.0));
    CHECK(std::abs(fourth / 3072.0 - 3.0) < 4.0 * std::sqrt(96.0 / 3072.0));  // normal: ⟨x⁴⟩ = 3, variance of x⁴ 96
  }
  CHECK(norm(total_momentum(m, v)) < 1e-13);
  CHECK(degrees_of_freedom(atoms, m, v) == 3.0 * 2048 - 3.0);
  Random again(11);
  CHECK(maxwell_boltzmann(atoms, m, 300.0, again) == v);
}

TEST_CASE("a free molecule neither drifts nor turns and has the exact temperature", "[dynamics][velocities]") {
  const Atoms atoms = water();
  const std::vector<double> m = masses(atoms);
  Random random(2);
  const std::vector<Vector3> v = maxwell_boltzmann(atoms, m, 350.0, random, {.exact = true});
  CHECK(norm(total_momentum(m, v)) < 1e-15);
  CHECK(norm(angular_momentum(atoms.positions, m, v)) < 1e-15);
  CHECK(degrees_of_freedom(atoms, m, v) == 3.0);
  CHECK(temperature_of(kinetic_energy(m, v), 3.0) == Approx(350.0).epsilon(1e-13));

  Atoms line;  // a linear molecule keeps one more
  line.numbers = {8, 6, 8};
  line.positions = {{0, 0, -1.16}, {0, 0, 0}, {0, 0, 1.16}};
  const std::vector<double> ml = masses(line);
  const std::vector<Vector3> vl = maxwell_boltzmann(line, ml, 350.0, random, {.exact = true});
  CHECK(degrees_of_freedom(line, ml, vl) == 4.0);
  CHECK(temperature_of(kinetic_energy(ml, vl), 4.0) == Approx(350.0).epsilon(1e-13));

  const std::vector<Vector3> drifting = maxwell_boltzmann(atoms, m, 350.0, random, {.remove_momentum = false});
  CHECK(degrees_of_freedom(atoms, m, drifting) == 9.0);
}

TEST_CASE("fixed atoms stay at rest and the cold is still", "[dynamics][velocities]") {
  const Atoms atoms = water();
  const std::vector<double> m = masses(atoms);
  Random random(2);
  const std::vector<Vector3> v = maxwell_boltzmann(atoms, m, 350.0, random, {.exact = true, .fixed = {1}});
  CHECK(v[1] == Vector3{});
  CHECK(degrees_of_freedom(atoms, m, v, std::vector<std::size_t>{1}) == 6.0);
  CHECK(temperature_of(kinetic_energy(m, v), 6.0) == Approx(350.0).epsilon(1e-13));
  CHECK(kinetic_energy(m, maxwell_boltzmann(atoms, m, 0.0, random, {.exact = true})) == 0.0);
}

TEST_CASE("velocities are refused for what has none", "[dynamics][velocities]") {
  const Atoms atoms = water();
  Random random(1);
  CHECK_THROWS_WITH(maxwell_boltzmann(atoms, masses(atoms), -1.0, random),
                    ContainsSubstring("temperature must not be negative, found -1 K"));
  CHECK_THROWS_WITH(maxwell_boltzmann(atoms, std::vector<double>{1.0, 0.0, 1.0}, 1.0, random),
                    ContainsSubstring("atom 1 has mass 0 amu"));
  CHECK_THROWS_WITH(maxwell_boltzmann(atoms, std::vector<double>{1.0}, 1.0, random), ContainsSubstring("1 masses"));
  CHECK_THROWS_WITH(maxwell_boltzmann(atoms, masses(atoms), 1.0, random, {.fixed = {3}}),
                    ContainsSubstring("fixed atom 3 does not exist"));
}
