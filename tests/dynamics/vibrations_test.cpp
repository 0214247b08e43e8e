// Tests dynamics/hessian.cpp and dynamics/vibrations.cpp against the reference and against each other.
#include "dynamics/vibrations.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "atoms/units.hpp"
#include "core/error.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/sum.hpp"
#include "tests/dynamics/structures.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Case {
  Atoms atoms;
  VibrationOptions options;
  std::vector<double> omega2;
};

Case reference_case(const nlohmann::json& c) {
  Case result;
  for (const auto& symbol : c["relaxed"]["symbols"]) {
    result.atoms.numbers.push_back(parse_formula(symbol.get<std::string>()).front());
  }
  result.atoms.positions = c["relaxed"]["positions"].get<std::vector<Vector3>>();
  result.options.masses = c["masses_amu"].get<std::vector<double>>();
  result.omega2 = c["omega2"].get<std::vector<double>>();
  return result;
}

/// The dimer at its minimum 2^(1/6) σ.
Atoms dimer(double stretch = 1.0) {
  Atoms atoms;
  atoms.numbers = {18, 18};
  atoms.positions = {{0, 0, 0}, {0, 0, stretch * std::pow(2.0, 1.0 / 6.0)}};
  return atoms;
}

}  // namespace

TEST_CASE("frequencies are those of the reference", "[dynamics][vibrations]") {
  int cases = 0;
  for (const auto& c : simulation_reference("vibrations")) {
    ++cases;
    const bool emt = c["potential"] == "emt";
    Case one = reference_case(c);
    for (const HessianMethod method : {HessianMethod::autodiff, HessianMethod::differences}) {
      INFO(c["name"] << " " << name(method));
      one.options.hessian = method;
      const Vibrations v =
          emt ? vibrations(one.atoms, Emt(), one.options) : vibrations(one.atoms, LennardJones(), one.options);
      REQUIRE(v.omega2.size() == one.omega2.size());
      CHECK(v.warning.empty());
      if (emt) CHECK(zero_point_energy(v) == Approx(c["zpe_eV_nonzero_modes"].get<double>()).epsilon(1e-4));
      for (std::size_t k = 0; k < one.omega2.size(); ++k) {
        if (one.omega2[k] > 1e-6)
          CHECK(v.omega2[k] == Approx(one.omega2[k]).epsilon(2e-4));  // of ω: 1e-4
        else
          CHECK(std::abs(v.wavenumbers[k]) < 0.1);
      }
    }
  }
  CHECK(cases == 2);
}

TEST_CASE("autodiff and differences give the same Hessian", "[dynamics][hessian]") {
  Random random(8);
  Atoms cluster;
  cluster.numbers.assign(9, 18);
  for (int i = 0; i < 9; ++i) {
    cluster.positions.push_back(
        {1.1 * (i % 3) + 0.05 * random.normal(), 1.1 * (i / 3) + 0.05 * random.normal(), 0.05 * random.normal()});
  }
  std::vector<std::size_t> all(9);
  for (std::size_t i = 0; i < 9; ++i) all[i] = i;
  const auto compare = [](const Atoms& atoms, const Potential& potential, const std::vector<std::size_t>& moved) {
    const std::vector<double> exact = hessian(atoms, potential, moved);
    const std::vector<double> near = hessian(atoms, potential, moved, HessianMethod::differences);
    double largest = 0.0, worst = 0.0;
    for (std::size_t k = 0; k < exact.size(); ++k) {
      largest = std::max(largest, std::abs(exact[k]));
      worst = std::max(worst, std::abs(exact[k] - near[k]));
    }
    CHECK(largest > 1.0);
    CHECK(worst < 1e-7 * largest);  // h⁴ of the differences
    return exact;
  };
  const std::vector<double> full = compare(cluster, LennardJones(), all);
  const std::vector<double> part = compare(cluster, LennardJones(), {7, 2});
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = 0; b < 6; ++b) {
      const std::size_t i = 3 * (a < 3 ? 7 : 2) + a % 3, j = 3 * (b < 3 ? 7 : 2) + b % 3;
      CHECK(part[6 * a + b] == Approx(full[27 * i + j]).margin(1e-10));
    }
  }
  // Onset and cutoff lie between the shells: where they do not, the second derivative jumps.
  compare(fcc(1.6, {3, 3, 3}, 0.01), LennardJones({.epsilon = 1.0, .sigma = 1.0, .cutoff = 2.1}), {0, 5, 17});
}

TEST_CASE("a dimer stretches with the frequency of its spring", "[dynamics][vibrations]") {
  const Vibrations v = vibrations(dimer(), LennardJones());
  // u″ = 72 ε/(2^(1/3) σ²) at the minimum and the reduced mass m/2.
  const double omega2 = 72.0 / std::cbrt(2.0) * 2.0 / masses(dimer())[0];
  REQUIRE(v.omega2.size() == 6);
  CHECK(v.omega2[5] == Approx(omega2).epsilon(1e-10));
  CHECK(v.wavenumbers[5] == Approx(521.4709004011 * std::sqrt(omega2)).epsilon(1e-10));
  for (std::size_t k = 0; k < 5; ++k) CHECK(std::abs(v.wavenumbers[k]) < 0.1);
  // The mode: both atoms along z against each other, Σ m u² = 1.
  const double u = std::sqrt(0.5 / masses(dimer())[0]);
  CHECK(std::abs(v.modes[5][0][2]) == Approx(u).epsilon(1e-10));
  CHECK(v.modes[5][0][2] == Approx(-v.modes[5][1][2]).epsilon(1e-10));

  const double quantum = units::quantum * v.wavenumbers[5];
  CHECK(zero_point_energy(v) == Approx(0.5 * quantum).epsilon(1e-14));
  CHECK(harmonic_free_energy(v, 0.0) == zero_point_energy(v));
  const double kt = units::boltzmann * 300.0;
  CHECK(harmonic_free_energy(v, 300.0) == Approx(kt * std::log(2.0 * std::sinh(quantum / (2.0 * kt)))).epsilon(1e-12));
  CHECK_THROWS_WITH(harmonic_free_energy(v, -1.0), ContainsSubstring("temperature must not be negative"));
}

TEST_CASE("a chain has the dispersion of its springs", "[dynamics][vibrations]") {
  // N. W. Ashcroft and N. D. Mermin, Solid State Physics (1976), chapter 22: bonds of stiffness K = u″ along the chain
  // and u′/a across it, neighbours only (the next ones are beyond the cutoff), two masses in turn.
  constexpr std::size_t cells = 5;
  const LennardJones potential({.cutoff = 1.9, .mode = LennardJonesCutoff::plain});
  for (const auto& [a, m1, m2] :
       {std::tuple{std::pow(2.0, 1.0 / 6.0), 40.0, 40.0}, {1.15, 40.0, 40.0}, {1.2, 4.0, 20.0}}) {
    INFO(a << " " << m1 << " " << m2);
    Atoms chain;
    VibrationOptions options;
    for (std::size_t i = 0; i < 2 * cells; ++i) {
      chain.numbers.push_back(18);
      chain.positions.push_back({0.0, 0.0, a * double(i)});
      options.masses.push_back(i % 2 == 0 ? m1 : m2);
    }
    chain.cell = {{{{0, 0, 0}, {0, 0, 0}, {0, 0, a * 2.0 * cells}}}};
    chain.pbc = {false, false, true};
    const double along = 24.0 * (26.0 / std::pow(a, 14) - 7.0 / std::pow(a, 8));
    const double across = 24.0 * (1.0 / std::pow(a, 7) - 2.0 / std::pow(a, 13)) / a;
    std::vector<double> expected;
    for (const double stiffness : {along, across, across}) {
      for (std::size_t k = 0; k < cells; ++k) {
        const double sum = 1.0 / m1 + 1.0 / m2, s = std::sin(3.14159265358979323846 * double(k) / cells);
        const double root = std::sqrt(sum * sum - 4.0 * s * s / (m1 * m2));
        expected.push_back(stiffness * (sum - root));
        expected.push_back(stiffness * (sum + root));
      }
    }
    std::sort(expected.begin(), expected.end());
    const Vibrations v = vibrations(chain, potential, options);
    CHECK(v.fmax < 1e-12);
    REQUIRE(v.omega2.size() == expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k)
      CHECK(std::abs(v.omega2[k] - expected[k]) < 1e-11 * std::abs(along));
  }
}

TEST_CASE("the free energy has its classical and its quantum limit", "[dynamics][vibrations]") {
  const Vibrations v = vibrations(dimer(), LennardJones());
  const double quantum = units::quantum * v.wavenumbers[5];
  // kT ln(2 sinh(x/2)) = kT (ln x + x²/24 − x⁴/2880 + …) with x = ħω/kT.
  for (const double x : {0.3, 0.03}) {
    const double kt = quantum / x;
    CHECK(harmonic_free_energy(v, kt / units::boltzmann) / kt ==
          Approx(std::log(x) + x * x / 24.0).epsilon(x * x * x * x / 1000.0));
  }
  // Cold: the first excited state alone, −kT e^(−x).
  const double kt = quantum / 20.0;
  CHECK((harmonic_free_energy(v, kt / units::boltzmann) - zero_point_energy(v)) / kt ==
        Approx(-std::exp(-20.0)).epsilon(1e-5));
}

TEST_CASE("no minimum: imaginary modes and a warning, or translation and rotation projected out",
          "[dynamics][vibrations]") {
  const Vibrations v = vibrations(dimer(1.3), LennardJones());    // beyond the inflection point
  CHECK_THAT(v.warning, ContainsSubstring("fmax is 1.35 eV/Å"));  // f = 24 (2/r¹³ − 1/r⁷) at r = 1.4592
  CHECK(v.omega2[0] < -0.01);
  CHECK(v.wavenumbers[0] < 0.0);
  CHECK(wavenumber_text(v.wavenumbers[0]).back() == 'i');
  CHECK(wavenumber_text(1170.31) == "1170.3");
  VibrationOptions options;
  options.project = true;
  const Vibrations p = vibrations(dimer(1.3), LennardJones(), options);
  // A force makes the raw rotations imaginary or real; projected they vanish, and the stretch stays.
  int small = 0, raw_small = 0;
  for (const double w : p.wavenumbers) small += std::abs(w) < 1e-3;
  for (const double w : v.wavenumbers) raw_small += std::abs(w) < 1e-3;
  CHECK(small == 5);
  CHECK(raw_small == 3);
  CHECK(p.omega2[0] == Approx(-1.0 * std::abs(p.omega2[0])));
}

TEST_CASE("projection leaves motions against each other alone", "[dynamics][vibrations]") {
  // A bent molecule of unequal masses, not at rest.
  Atoms bent;
  bent.numbers.assign(3, 18);
  bent.positions = {{0.1, 0.2, 0.3}, {1.3, 0.1, 0.2}, {0.4, 1.1, 0.9}};
  VibrationOptions options;
  options.masses = {4.0, 40.0, 12.0};
  options.project = true;
  const Vibrations v = vibrations(bent, LennardJones(), options);
  int still = 0;
  for (std::size_t k = 0; k < 9; ++k) {
    if (std::abs(v.wavenumbers[k]) < 1e-3) {
      ++still;
      continue;
    }
    Vector3 momentum{}, turning{};
    for (std::size_t i = 0; i < 3; ++i) {
      momentum += options.masses[i] * v.modes[k][i];
      turning += options.masses[i] * cross(bent.positions[i], v.modes[k][i]);
    }
    CHECK(norm(momentum) < 1e-10);
    CHECK(norm(turning) < 1e-10);
  }
  CHECK(still == 6);
}

TEST_CASE("atoms that are held do not vibrate", "[dynamics][vibrations]") {
  VibrationOptions options;
  options.fixed = {0};
  const Vibrations v = vibrations(dimer(), LennardJones(), options);
  REQUIRE(v.omega2.size() == 3);
  CHECK(v.omega2[2] == Approx(72.0 / std::cbrt(2.0) / masses(dimer())[0]).epsilon(1e-10));
  CHECK(v.modes[2][0] == Vector3{});
  options.fixed = {0, 1};
  CHECK_THROWS_WITH(vibrations(dimer(), LennardJones(), options), ContainsSubstring("all 2 atoms are fixed"));
  options.fixed = {};
  options.masses = {1.0, -2.0};
  CHECK_THROWS_WITH(vibrations(dimer(), LennardJones(), options), ContainsSubstring("atom 1 has mass -2 amu"));
  CHECK_THROWS_AS(vibrations(Atoms{}, LennardJones()), InputError);
}

TEST_CASE("where atoms are held there is no motion of the whole to project out", "[dynamics][vibrations]") {
  Atoms three = dimer();
  three.numbers.push_back(18);
  three.positions.push_back({1.0, 0.1, 0.5});
  VibrationOptions options;
  options.fixed = {1};
  const std::vector<double> plain = vibrations(three, LennardJones(), options).omega2;
  options.project = true;
  CHECK(vibrations(three, LennardJones(), options).omega2 == plain);
}

TEST_CASE("atoms that do not feel each other have no second derivatives", "[dynamics][hessian]") {
  Atoms apart = dimer(10.0);
  const LennardJones potential({.cutoff = 3.0});
  const std::vector<std::size_t> both{0, 1};
  for (const HessianMethod method : {HessianMethod::autodiff, HessianMethod::differences}) {
    CHECK(hessian(apart, potential, both, method) == std::vector<double>(36, 0.0));
  }
  CHECK(hessian(apart, Sum(std::vector<Sum::Term>{}), both) == std::vector<double>(36, 0.0));
  apart.numbers.resize(1), apart.positions.resize(1);
  const std::vector<std::size_t> one{0};
  CHECK(hessian(apart, LennardJones(), one) == std::vector<double>(9, 0.0));
}

TEST_CASE("a mode becomes a film", "[dynamics][vibrations]") {
  const Atoms atoms = dimer();
  const Vibrations v = vibrations(atoms, LennardJones());
  const std::vector<Frame> film = animation(atoms, v, 5, 8, 0.25);
  REQUIRE(film.size() == 8);
  CHECK(film[0].atoms.positions == atoms.positions);
  CHECK(norm(film[2].atoms.positions[0] - atoms.positions[0]) == Approx(0.25).epsilon(1e-10));
  CHECK(norm(film[6].atoms.positions[0] + film[2].atoms.positions[0] - 2.0 * atoms.positions[0]) < 1e-12);
  CHECK(std::get<double>(*find_info(film[3], "wavenumber_per_cm")) == v.wavenumbers[5]);
  CHECK_THROWS_WITH(animation(atoms, v, 6), ContainsSubstring("mode 6 does not exist"));
}
