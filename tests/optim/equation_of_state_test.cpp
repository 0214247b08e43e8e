// Tests optim/equation_of_state.cpp, elastic.cpp and least_squares.cpp: against ASE, exact curves and physics.
#include "optim/equation_of_state.hpp"
#include "atoms/units.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "optim/elastic.hpp"
#include "optim/least_squares.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr EquationOfStateKind kinds[] = {EquationOfStateKind::birch_murnaghan, EquationOfStateKind::vinet};

/// Smooth to its second derivative at these lattice constants: no shell of neighbours lies where the cutoff sets in.
const LennardJones& argon() {
  static const LennardJones potential({.epsilon = 1.0, .sigma = 1.0, .cutoff = 3.0, .onset = 2.0});
  return potential;
}

/// The fcc crystal at its lattice constant, in its cubic cell.
Atoms at_rest(int number, double a, const Potential& potential) {
  RelaxOptions options;
  options.fmax = 1e-8;
  options.cell = {.shape = CellShape::isotropic, .max_stress = 1e-9};
  const RelaxResult r = relax(fcc(number, a), potential, options);
  REQUIRE(r.converged);
  return r.atoms;
}

std::string refusal(std::vector<double> volumes, std::vector<double> energies) {
  try {
    fit_equation_of_state(volumes, energies);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("fits are those of ASE", "[optim][eos]") {
  const nlohmann::json c = simulation_reference()["eos"][0];
  const auto volumes = c["volumes"].get<std::vector<double>>(), energies = c["energies"].get<std::vector<double>>();
  for (const EquationOfStateKind kind : kinds) {
    const auto& expected = c["fits"][kind == EquationOfStateKind::vinet ? "vinet" : "birchmurnaghan"];
    const EquationOfStateFit fit = fit_equation_of_state(volumes, energies, kind);
    // ASE's scipy.optimize.curve_fit stops at a relative change of 1e-8.
    CHECK(fit.volume == Approx(expected["v0"].get<double>()).epsilon(1e-7));
    CHECK(fit.energy == Approx(expected["e0"].get<double>()).margin(1e-8));
    CHECK(fit.bulk_modulus == Approx(expected["B_eV/A3"].get<double>()).epsilon(1e-6));
    CHECK(fit.bulk_modulus_derivative == Approx(expected["B_prime"].get<double>()).epsilon(1e-6));
    CHECK(fit.warning.empty());
    CHECK(units::in_gigapascal(fit.bulk_modulus) == Approx(expected["B_GPa"].get<double>()).epsilon(1e-6));
  }
  // The energies themselves, from the cell of one atom.
  Atoms gold;
  gold.numbers = {79};
  gold.positions = {{0, 0, 0}};
  const double half = 0.5 * c["a0"].get<double>();
  gold.cell = {{{{0, half, half}, {half, 0, half}, {half, half, 0}}}};
  gold.pbc = {true, true, true};
  EquationOfStateOptions options;
  options.points = 7;
  const EquationOfState eos = equation_of_state(gold, Emt(), options);
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(eos.volumes[i] == Approx(volumes[i]).epsilon(1e-12));
    CHECK(eos.energies[i] == Approx(energies[i]).margin(1e-10));
  }
}

TEST_CASE("points on a curve give its parameters back", "[optim][eos]") {
  for (const EquationOfStateKind kind : kinds) {
    EquationOfStateFit truth;
    truth.kind = kind;
    truth.volume = 40.0;
    truth.energy = -3.0;
    truth.bulk_modulus = 0.5;
    truth.bulk_modulus_derivative = kind == EquationOfStateKind::vinet ? 1.0 : 7.0;  // 1: Vinet's removable singularity
    for (const auto& [low, high] : {std::pair{36.0, 44.0}, {25.0, 70.0}, {41.0, 60.0}}) {
      std::vector<double> volumes, energies;
      for (int i = 0; i < 9; ++i) {
        volumes.push_back(low + (high - low) * i / 8.0);
        energies.push_back(truth.energy_at(volumes.back()));
      }
      const EquationOfStateFit fit = fit_equation_of_state(volumes, energies, kind);
      CHECK(fit.volume == Approx(40.0).epsilon(1e-6));
      CHECK(fit.energy == Approx(-3.0).epsilon(1e-6));
      CHECK(fit.bulk_modulus == Approx(0.5).epsilon(1e-4));
      CHECK(fit.bulk_modulus_derivative == Approx(truth.bulk_modulus_derivative).epsilon(1e-3));
      CHECK(fit.residual < 1e-9);
      CHECK(fit.warning.empty() == (low < 40.0));
      if (low > 40.0) CHECK_THAT(fit.warning, ContainsSubstring("the minimum lies outside the sampled volumes"));
    }
    // Pressure is the slope, and B the curvature; just beside Vinet's singularity too.
    truth.bulk_modulus_derivative += 4e-4;
    for (const double v : {30.0, 40.0, 55.0}) {
      const double h = 1e-3;
      CHECK(truth.pressure_at(v) == Approx(-(truth.energy_at(v + h) - truth.energy_at(v - h)) / (2 * h)).margin(1e-8));
    }
    CHECK(-40.0 * (truth.pressure_at(40.01) - truth.pressure_at(39.99)) / 0.02 == Approx(0.5).epsilon(1e-5));
  }
}

TEST_CASE("a strained cell relaxes to the minimum of the equation of state", "[optim][eos][cell]") {
  const auto check = [](int number, double a, const Potential& potential, double precision) {
    EquationOfStateOptions options;
    options.strain = 0.01;
    const EquationOfState eos = equation_of_state(fcc(number, a), potential, options);
    Atoms start = fcc(number, a);
    start.cell[0] = {1.03 * a, 0.02 * a, 0.0};
    start.positions[1] += {0.02 * a, 0.0, 0.0};
    RelaxOptions relaxing;
    relaxing.fmax = 1e-5;
    relaxing.cell = {.shape = CellShape::full, .max_stress = 1e-6};
    for (const double pressure : {0.0, 0.02 * eos.fit.bulk_modulus}) {
      relaxing.cell.pressure = pressure;
      const RelaxResult r = relax(start, potential, relaxing);
      INFO(r.reason);
      CHECK(r.converged);
      const double v = volume(r.atoms.cell);
      if (pressure == 0.0) CHECK(v == Approx(eos.fit.volume).epsilon(precision));
      CHECK(eos.fit.pressure_at(v) == Approx(pressure).margin(precision * eos.fit.bulk_modulus));
    }
  };
  check(18, 1.55, argon(), 2e-4);
  check(29, 3.6, Emt(), 2e-4);
  check(79, 4.06, Emt(), 2e-4);
}

TEST_CASE("elastic constants obey bulk modulus and Cauchy relation", "[optim][elastic]") {
  const auto check = [](int number, double a, const Potential& potential, bool pairs) {
    const Atoms crystal = at_rest(number, a, potential);
    const ElasticConstants c = elastic_constants(crystal, potential);
    EquationOfStateOptions options;
    options.strain = 0.005;
    const EquationOfStateFit fit = equation_of_state(crystal, potential, options).fit;
    CHECK(c.bulk_modulus == Approx(fit.bulk_modulus).epsilon(2e-3));
    CHECK(c.bulk_modulus == Approx((c.c11 + 2 * c.c12) / 3));
    if (pairs) CHECK(c.c12 == Approx(c.c44).epsilon(1e-4));  // central forces, every atom a centre of symmetry
    CHECK(c.stable);
    CHECK(c.asymmetry < 1e-6);
    CHECK(c.warnings.empty());
    return c;
  };
  check(18, 1.55, argon(), true);
  const ElasticConstants copper = check(29, 3.6, Emt(), false);
  // Second differences of the energies of strained cells, ASE 3.22.1's EMT at a = 3.5898256 Å (steps of 0.002).
  CHECK(copper.c11 == Approx(1.07721).epsilon(1e-3));
  CHECK(copper.c12 == Approx(0.72043).epsilon(1e-3));
  CHECK(copper.c44 == Approx(0.56113).epsilon(1e-3));

  // The cell of one atom knows the same constants.
  const Atoms cube = at_rest(29, 3.6, Emt());
  const double h = 0.5 * cube.cell[0][0];
  Atoms primitive = cube;
  primitive.numbers.resize(1);
  primitive.positions.resize(1);
  primitive.cell = {{{{0, h, h}, {h, 0, h}, {h, h, 0}}}};
  CHECK(elastic_constants(primitive, Emt()).c44 == Approx(copper.c44).epsilon(1e-9));
}

TEST_CASE("strained and turned crystals and unstable ones are told", "[optim][elastic]") {
  const ElasticConstants squeezed = elastic_constants(fcc(29, 3.5), Emt());
  REQUIRE(!squeezed.warnings.empty());
  CHECK_THAT(squeezed.warnings[0], ContainsSubstring("relax its cell first"));

  Atoms tetragonal = fcc(29, 3.6);
  tetragonal.cell[2][2] *= 1.02;
  for (Vector3& p : tetragonal.positions) p[2] *= 1.02;
  CHECK_THAT(elastic_constants(tetragonal, Emt()).warnings.back(), ContainsSubstring("not cubic along x, y, z"));

  // Pair forces cannot hold a simple cubic crystal.
  Atoms cubic;
  cubic.numbers = {18};
  cubic.positions = {{0, 0, 0}};
  cubic.cell = orthorhombic(1.05, 1.05, 1.05);
  cubic.pbc = {true, true, true};
  CHECK(!elastic_constants(cubic, argon()).stable);
}

TEST_CASE("equations of state that cannot be are refused by name", "[optim][eos]") {
  CHECK_THAT(refusal({1, 2, 3}, {1, 0, 1}), ContainsSubstring("at least 4 different volumes, found 3"));
  CHECK_THAT(refusal({1, 2, 2, 3}, {1, 0, 0, 1}), ContainsSubstring("found 3"));
  CHECK_THAT(refusal({1, 2, 3, 4}, {1, 0, 1}), ContainsSubstring("4 volumes but 3 energies"));
  CHECK_THAT(refusal({1, 2, -3, 4}, {1, 0, 1, 2}), ContainsSubstring("point 2 is not a positive volume"));
  CHECK_THAT(refusal({1, 2, 3, 4}, {1, 0, std::nan(""), 2}), ContainsSubstring("point 2"));
  CHECK_THAT(refusal({10, 11, 12, 13, 14}, {10, 11, 12, 13, 14}), ContainsSubstring("no minimum"));
  const std::vector<double> volumes{10, 11, 12, 13, 14}, hill{0, 1, 1.3, 1, 0};
  CHECK_THAT(fit_equation_of_state(volumes, hill).warning, ContainsSubstring("the minimum lies outside"));
  EquationOfStateOptions options;
  options.points = 3;
  CHECK_THROWS_WITH(equation_of_state(fcc(29, 3.6), Emt(), options), ContainsSubstring("at least 4 points"));
  options.points = 1000000000;
  CHECK_THROWS_WITH(equation_of_state(fcc(29, 3.6), Emt(), options), ContainsSubstring("at most 10000"));
  options.points = 5;
  options.strain = 0.7;
  CHECK_THROWS_WITH(equation_of_state(fcc(29, 3.6), Emt(), options), ContainsSubstring("strain must be"));
  Atoms slab = fcc(29, 3.6);
  slab.pbc[2] = false;
  CHECK_THROWS_WITH(equation_of_state(slab, Emt()), ContainsSubstring("periodic along all three directions"));
  CHECK_THROWS_WITH(elastic_constants(slab, Emt()), ContainsSubstring("periodic along all three directions"));
  for (const EquationOfStateKind kind : kinds) CHECK(equation_of_state_kind(name(kind)) == kind);
  CHECK_THROWS_WITH(equation_of_state_kind("murnaghan"), ContainsSubstring("there are birch-murnaghan, vinet"));
}

TEST_CASE("least squares are exact where there is an exact answer", "[optim][eos]") {
  Random random(1);
  std::vector<double> matrix, values, truth{1.5, -2.0, 0.25};
  for (int i = 0; i < 10; ++i) {
    double value = 0.0;
    for (const double t : truth) {
      matrix.push_back(random.normal());
      value += t * matrix.back();
    }
    values.push_back(value);
  }
  const std::vector<double> c = least_squares(matrix, values, 3);
  for (std::size_t k = 0; k < 3; ++k) CHECK(c[k] == Approx(truth[k]).epsilon(1e-12));
  CHECK_THROWS_AS(least_squares(std::vector<double>{1, 2, 2, 4, 3, 6}, std::vector<double>{1, 2, 3}, 2),
                  NumericalError);
}
