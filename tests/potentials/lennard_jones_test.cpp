// Tests potentials/lennard_jones*.cpp: against ASE, the fused path against the composed one, and the laws of physics.
#include "potentials/lennard_jones.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Want energies_too{.forces = true, .stress = false, .energies = true};
constexpr Want only_stress{.forces = false, .stress = true, .energies = false};
constexpr Want only_energy{.forces = false, .stress = false, .energies = false};
constexpr Want everything{.forces = true, .stress = true, .energies = true};

/// n atoms on a simple cubic lattice, moved at random: a cluster without close contacts.
Atoms cluster(std::size_t n, std::uint64_t seed, double spacing = 1.15, double shake = 0.08) {
  Random random(seed);
  std::size_t edge = 1;
  while (edge * edge * edge < n) ++edge;
  Atoms atoms;
  for (std::size_t i = 0; i < n; ++i) {
    Vector3 p{spacing * double(i / (edge * edge)), spacing * double(i / edge % edge), spacing * double(i % edge)};
    for (double& x : p) x += random.uniform(-shake, shake);
    atoms.positions.push_back(p);
    atoms.numbers.push_back(18);
  }
  return atoms;
}

/// The same repeated in a skewed cell.
Atoms crystal(std::size_t n, std::uint64_t seed) {
  Atoms atoms = cluster(n, seed);
  std::size_t edge = 1;
  while (edge * edge * edge < n) ++edge;
  const double a = 1.15 * double(edge);
  atoms.cell.vectors = {Vector3{a, 0.1, 0.0}, Vector3{-0.2, a, 0.1}, Vector3{0.15, 0.3, a}};
  atoms.pbc = {true, true, true};
  return atoms;
}

double largest(const std::vector<Vector3>& rows) {
  double most = 0.0;
  for (const Vector3& row : rows) {
    for (const double x : row) most = std::max(most, std::abs(x));
  }
  return most;
}

double largest_difference(const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) most = std::max(most, std::abs(a[i][k] - b[i][k]));
  }
  return most;
}

/// df/dx at 0 by sixth-order central differences. The step is short so that no pair crosses onset or cutoff, where the
/// second derivative jumps; rounding leaves errors of 1e-10.
template <class F>
double derivative(const F& f, double h = 1e-4) {
  return (45.0 * (f(h) - f(-h)) - 9.0 * (f(2 * h) - f(-2 * h)) + (f(3 * h) - f(-3 * h))) / (60.0 * h);
}

/// Positions and cell multiplied by 1 + strain, in Voigt order (off-diagonal parts symmetric, xy = ε_xy = ε_yx).
Atoms strained(Atoms atoms, std::size_t voigt, double amount) {
  constexpr std::size_t rows[] = {0, 1, 2, 1, 0, 0}, columns[] = {0, 1, 2, 2, 2, 1};
  const std::size_t a = rows[voigt], b = columns[voigt];
  const auto deform = [&](Vector3& x) {
    const Vector3 old = x;
    if (a == b) {
      x[a] += amount * old[a];
    } else {
      x[a] += 0.5 * amount * old[b];
      x[b] += 0.5 * amount * old[a];
    }
  };
  for (Vector3& p : atoms.positions) deform(p);
  for (Vector3& v : atoms.cell.vectors) deform(v);
  return atoms;
}

Atoms dimer_at(double distance) {
  return {.numbers = {18, 18}, .positions = {{0, 0, 0}, {distance, 0, 0}}, .cell = {}, .pbc = {}};
}

LennardJones smooth() { return LennardJones({.cutoff = 2.5, .mode = LennardJonesCutoff::smooth, .onset = 1.8}); }

nlohmann::json reference() {
  return nlohmann::json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/potentials.json"));
}

LennardJones potential_of(const nlohmann::json& params) {
  LennardJonesOptions options{.epsilon = params["epsilon"], .sigma = params["sigma"]};
  if (!params["rc"].is_null()) options.cutoff = params["rc"];
  if (params["mode"] == "shift") options.mode = LennardJonesCutoff::shifted;
  if (params["mode"] == "smooth") options.onset = params["ro"];
  return LennardJones(options);
}

}  // namespace

TEST_CASE("energies and forces and stress are those of ASE", "[potentials][lennard_jones]") {
  // potentials.json was made with ASE 3.22.1; its sums have other orders, so rounding of 1e-12 remains.
  int cases = 0;
  const nlohmann::json file = reference();
  for (const nlohmann::json& c : file["cases"]) {
    if (c["potential"] != "lj" || c.contains("kind")) continue;
    ++cases;
    const std::string name = c["name"];
    INFO(name);
    Atoms atoms;
    for (const auto& p : c["positions"]) atoms.positions.push_back(p.get<Vector3>());
    for (std::size_t k = 0; k < 3; ++k) atoms.cell[k] = c["cell"][k].get<Vector3>(), atoms.pbc[k] = c["pbc"][k];
    atoms.numbers.assign(atoms.positions.size(), 18);
    const LennardJones potential = potential_of(c["params"]);
    const Want want{.forces = true, .stress = c.contains("stress"), .energies = true};
    Prediction composed;
    potential.Potential::compute(atoms, want, composed);
    for (const Prediction& p : {potential.compute(atoms, want), composed}) {
      CHECK(std::abs(p.energy - c["energy"].get<double>()) < 1e-11);
      CHECK(largest_difference(p.forces, c["forces"].get<std::vector<Vector3>>()) < 1e-11);
      for (std::size_t i = 0; i < atoms.size(); ++i) {
        CHECK(std::abs(p.energies[i] - c["energies"][i].get<double>()) < 1e-11);
      }
      for (std::size_t k = 0; want.stress && k < 6; ++k) {
        CHECK(std::abs((*p.stress)[k] - c["stress"][k].get<double>()) < 1e-12);
      }
    }
  }
  CHECK(cases == 5);
}

TEST_CASE("a dimer pulled through onset and cutoff follows ASE", "[potentials][lennard_jones]") {
  int points = 0;
  const nlohmann::json file = reference();
  for (const nlohmann::json& c : file["cases"]) {
    if (c["name"] != "lj_dimer_smooth") continue;
    const LennardJones potential = potential_of(c["params"]);
    for (std::size_t i = 0; i < c["r"].size(); ++i, ++points) {
      const Atoms dimer = dimer_at(c["r"][i]);
      Prediction composed;
      potential.Potential::compute(dimer, {}, composed);
      for (const Prediction& p : {potential.compute(dimer), composed}) {
        CHECK(p.energy == Approx(c["energy"][i].get<double>()).epsilon(1e-11).margin(1e-13));
        CHECK(p.forces[1][0] == Approx(c["force_x_on_second"][i].get<double>()).epsilon(1e-11).margin(1e-13));
      }
    }
  }
  CHECK(points > 5);
}

TEST_CASE("the fused path equals the composed one", "[potentials][lennard_jones]") {
  // Sums of up to hundreds of terms in different orders: 1e-13 of the largest.
  const auto same = [](const LennardJones& potential, const Atoms& atoms, Want want) {
    const Prediction fused = potential.compute(atoms, want);
    Prediction composed;
    potential.Potential::compute(atoms, want, composed);
    double scale = 0.0;
    for (std::size_t i = 0; i < atoms.size(); ++i) scale += std::abs(fused.energies[i]);
    CHECK(std::abs(fused.energy - composed.energy) <= 1e-13 * scale);
    CHECK(largest_difference(fused.forces, composed.forces) <= 1e-13 * (1.0 + largest(composed.forces)));
    for (std::size_t i = 0; i < atoms.size(); ++i)
      CHECK(std::abs(fused.energies[i] - composed.energies[i]) <= 1e-13 * scale);
    for (std::size_t k = 0; want.stress && k < 6; ++k) {
      CHECK(std::abs((*fused.stress)[k] - (*composed.stress)[k]) < 1e-12 * (1.0 + std::abs((*composed.stress)[k])));
    }
  };
  std::vector<LennardJones> potentials;
  for (const double cutoff : {0.0, 1.3, 2.5, 4.0}) {
    for (const auto mode : {LennardJonesCutoff::plain, LennardJonesCutoff::shifted, LennardJonesCutoff::smooth}) {
      potentials.emplace_back(LennardJonesOptions{.epsilon = 0.7, .sigma = 1.03, .cutoff = cutoff, .mode = mode});
    }
  }
  for (const LennardJones& potential : potentials) {
    for (const std::size_t n : {1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 38, 64}) {  // around the widths of vectors
      same(potential, cluster(n, n), energies_too);
      Atoms boxed = cluster(n, n);
      boxed.cell = orthorhombic(20, 21, 22);
      same(potential, boxed, everything);
      if (std::isfinite(potential.options().cutoff)) same(potential, crystal(n, n), everything);
    }
    if (std::isfinite(potential.options().cutoff)) same(potential, cluster(300, 5), energies_too);
    Atoms slab = crystal(9, 3);
    slab.pbc = {true, false, true};
    if (std::isfinite(potential.options().cutoff)) same(potential, slab, everything);
  }
}

TEST_CASE("forces are the slope of the energy and stress that of strain", "[potentials][lennard_jones]") {
  const LennardJones none;
  const auto check = [](const LennardJones& potential, const Atoms& atoms) {
    const Prediction p = potential.compute(atoms);
    for (const std::size_t i : {std::size_t{0}, atoms.size() / 2, atoms.size() - 1}) {
      for (std::size_t k = 0; k < 3; ++k) {
        const double slope = derivative([&](double h) {
          Atoms moved = atoms;
          moved.positions[i][k] += h;
          return potential.compute(moved, only_energy).energy;
        });
        CHECK(p.forces[i][k] == Approx(-slope).epsilon(1e-8).margin(1e-8));
      }
    }
  };
  check(none, cluster(13, 1));
  check(smooth(), cluster(38, 2));
  check(smooth(), crystal(13, 3));

  for (const bool periodic : {true, false}) {
    Atoms atoms = crystal(20, 4);
    if (!periodic) atoms.pbc = {};
    const double size = volume(atoms.cell);
    const Prediction p = smooth().compute(atoms, everything);
    for (std::size_t k = 0; k < 6; ++k) {
      const double slope =
          derivative([&](double h) { return smooth().compute(strained(atoms, k, h), only_energy).energy; });
      CHECK((*p.stress)[k] == Approx(slope / size).epsilon(1e-8).margin(1e-8));
    }
  }
}

TEST_CASE("energy does not depend on place or orientation or numbering or choice of image",
          "[potentials][lennard_jones]") {
  for (const bool periodic : {false, true}) {
    const LennardJones potential = periodic ? smooth() : LennardJones();
    const Atoms atoms = periodic ? crystal(38, 8) : cluster(38, 8);
    const Prediction before = potential.compute(atoms);
    const double tolerance = 1e-11 * (1.0 + largest(before.forces));

    Atoms moved = atoms;
    for (Vector3& p : moved.positions) p += Vector3{3.1, -2.7, 5.3};
    CHECK(std::abs(potential.compute(moved).energy - before.energy) < tolerance);
    CHECK(largest_difference(potential.compute(moved).forces, before.forces) < tolerance);

    // A turn about z by the angle 0.7.
    Atoms turned = atoms;
    const auto turn = [](Vector3 p) {
      return Vector3{std::cos(0.7) * p[0] - std::sin(0.7) * p[1], std::sin(0.7) * p[0] + std::cos(0.7) * p[1], p[2]};
    };
    for (Vector3& p : turned.positions) p = turn(p);
    for (Vector3& v : turned.cell.vectors) v = turn(v);
    std::vector<Vector3> forces = before.forces;
    for (Vector3& f : forces) f = turn(f);
    CHECK(std::abs(potential.compute(turned).energy - before.energy) < tolerance);
    CHECK(largest_difference(potential.compute(turned).forces, forces) < tolerance);

    Atoms renumbered = atoms;
    std::reverse(renumbered.positions.begin(), renumbered.positions.end());
    forces = before.forces;
    std::reverse(forces.begin(), forces.end());
    CHECK(std::abs(potential.compute(renumbered).energy - before.energy) < tolerance);
    CHECK(largest_difference(potential.compute(renumbered).forces, forces) < tolerance);

    if (!periodic) continue;
    Atoms other_image = atoms;
    other_image.positions[3] += 2.0 * atoms.cell[0] - atoms.cell[2];
    CHECK(std::abs(potential.compute(other_image).energy - before.energy) < tolerance);
    CHECK(largest_difference(potential.compute(other_image).forces, before.forces) < tolerance);
  }
}

TEST_CASE("forces cancel and free clusters feel no torque", "[potentials][lennard_jones]") {
  for (const std::size_t n : {2, 13, 38, 300}) {
    const Atoms atoms = cluster(n, n);
    for (const LennardJones& potential : {LennardJones(), smooth()}) {
      const Prediction p = potential.compute(atoms);
      Vector3 total{}, torque{};
      for (std::size_t i = 0; i < n; ++i) total += p.forces[i], torque += cross(atoms.positions[i], p.forces[i]);
      const double bound = 1e-14 * double(n) * largest(p.forces);
      CHECK(norm(total) < bound);
      CHECK(norm(torque) < 10.0 * bound);
    }
  }
}

TEST_CASE("energies add up over far parts and over cells", "[potentials][lennard_jones]") {
  const Atoms one = cluster(20, 1), two = cluster(15, 2);
  Atoms both = one;
  for (const Vector3& p : two.positions)
    both.positions.push_back(p + Vector3{40.0, 0.0, 0.0}), both.numbers.push_back(18);
  const double sum = smooth().compute(one).energy + smooth().compute(two).energy;
  CHECK(std::abs(smooth().compute(both).energy - sum) < 1e-13 * std::abs(sum));

  const Atoms cell = crystal(5, 3);
  const Prediction small = smooth().compute(cell, everything);
  const Prediction large = smooth().compute(repeated(cell, {2, 2, 2}), everything);
  CHECK(large.energy == Approx(8.0 * small.energy).epsilon(1e-12));
  for (std::size_t k = 0; k < 6; ++k)
    CHECK((*large.stress)[k] == Approx((*small.stress)[k]).epsilon(1e-11).margin(1e-12));
}

TEST_CASE("smooth and shifted cutoffs have no jump but plain has one", "[potentials][lennard_jones]") {
  const auto dimer = [](LennardJonesCutoff mode, double r) {
    const LennardJones potential({.cutoff = 2.5, .mode = mode, .onset = 2.0});
    return potential.compute(dimer_at(r));
  };
  for (const double edge : {2.0, 2.5}) {
    const Prediction inside = dimer(LennardJonesCutoff::smooth, edge - 5e-7);
    const Prediction outside = dimer(LennardJonesCutoff::smooth, edge + 5e-7);
    CHECK(std::abs(inside.energy - outside.energy) < 1e-6);
    CHECK(std::abs(inside.forces[0][0] - outside.forces[0][0]) < 1e-4);
  }
  CHECK(std::abs(dimer(LennardJonesCutoff::shifted, 2.5 - 5e-7).energy) < 1e-6);
  CHECK(dimer(LennardJonesCutoff::plain, 2.5 - 5e-7).energy == Approx(4.0 * (std::pow(2.5, -12) - std::pow(2.5, -6))));
  CHECK(dimer(LennardJonesCutoff::plain, 2.5).energy == 0.0);
}

TEST_CASE("few atoms or none or far ones", "[potentials][lennard_jones]") {
  for (const LennardJones& potential : {LennardJones(), smooth()}) {
    CHECK(potential.compute(Atoms{}).energy == 0.0);
    const Prediction single = potential.compute(cluster(1, 1), energies_too);
    CHECK(single.energy == 0.0);
    CHECK(single.energies == std::vector<double>{0.0});
    CHECK(norm(single.forces[0]) == 0.0);
    CHECK(std::abs(potential.compute(dimer_at(1e7)).energy) < 1e-40);
  }
  // The minimum of the pair energy lies at 2^(1/6) σ and is −ε deep.
  const LennardJones argon({.epsilon = 0.01032, .sigma = 3.405});
  const Prediction dimer = argon.compute(dimer_at(3.405 * std::pow(2.0, 1.0 / 6.0)));
  CHECK(dimer.energy == Approx(-0.01032).epsilon(1e-14));
  CHECK(std::abs(dimer.forces[0][0]) < 1e-15);
}

TEST_CASE("the memory of a prediction is used again and holds nothing that was not asked for",
          "[potentials][lennard_jones]") {
  for (const Atoms& atoms : {cluster(13, 1), crystal(13, 1)}) {
    Atoms boxed = atoms;
    boxed.cell = crystal(13, 1).cell;
    Prediction p;
    smooth().compute(boxed, everything, p);
    const Vector3* const forces = p.forces.data();
    smooth().compute(boxed, {}, p);
    CHECK(p.forces.data() == forces);
    CHECK(p.energies.empty());
    CHECK(!p.stress.has_value());
    smooth().compute(boxed, only_stress, p);
    CHECK(p.forces.empty());
    CHECK(p.stress.has_value());
  }
}

TEST_CASE("results do not depend on the number of threads", "[potentials][lennard_jones]") {
  const Atoms atoms = crystal(1000, 1);
  const Prediction one = smooth().compute(atoms, everything);
  set_thread_count(4);
  const Prediction four = smooth().compute(atoms, everything);
  set_thread_count(1);
  CHECK(one.energy == four.energy);
  CHECK(one.forces == four.forces);
  CHECK(one.stress == four.stress);
}

TEST_CASE("atoms on top of each other are named and never give nan", "[potentials][lennard_jones]") {
  const auto message = [](const LennardJones& potential, const Atoms& atoms, bool composed) -> std::string {
    Prediction p;
    try {
      composed ? potential.Potential::compute(atoms, {}, p) : potential.compute(atoms, {}, p);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  for (const bool composed : {false, true}) {
    for (const double distance : {0.0, 1e-200, 1e-30, 1e-9, 9e-4}) {
      Atoms atoms = cluster(10, 1);
      atoms.positions[7] = atoms.positions[3];
      atoms.positions[7][1] += distance;
      const std::string expected =
          distance == 9e-4 ? "atoms 3 and 7 are 0.001 A apart" : "atoms 3 and 7 are 0.000 A apart";
      CHECK(message(LennardJones(), atoms, composed) == expected);
      CHECK(message(smooth(), atoms, composed) == expected);
      Atoms periodic = crystal(10, 1);
      periodic.positions[7] = periodic.positions[3] + periodic.cell[1];
      periodic.positions[7][1] += distance;
      CHECK(message(smooth(), periodic, composed) == expected);
    }
    // Just apart enough: finite.
    Atoms close = cluster(10, 1);
    close.positions[7] = close.positions[3];
    close.positions[7][1] += 1.1e-3;
    CHECK(message(LennardJones(), close, composed) == "no error");

    Atoms tiny = cluster(1, 1);
    tiny.cell = orthorhombic(1e-4, 1, 1);
    tiny.pbc = {true, true, true};
    CHECK(message(LennardJones({.cutoff = 0.5}), tiny, composed) == "atom 0 and its periodic image are 0.000 A apart");
  }
}

TEST_CASE("structures that cannot be computed are refused", "[potentials][lennard_jones]") {
  CHECK_THROWS_WITH(LennardJones().compute(crystal(3, 1)), ContainsSubstring("needs a cutoff"));
  CHECK_THROWS_WITH(smooth().compute(cluster(3, 1), everything), ContainsSubstring("stress needs a cell with volume"));
  Atoms broken = cluster(3, 1);
  broken.positions[1][2] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(LennardJones().compute(broken), InputError);
  CHECK_THROWS_AS(smooth().compute(broken), InputError);
  broken = cluster(3, 1);
  broken.positions.pop_back();
  CHECK_THROWS_AS(LennardJones().compute(broken), InputError);
}

TEST_CASE("parameters out of range are refused by name", "[potentials][lennard_jones]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  for (const double bad : {0.0, -1.0, nan, inf}) {
    CHECK_THROWS_WITH(LennardJones({.epsilon = bad}), ContainsSubstring("epsilon must be positive"));
    CHECK_THROWS_WITH(LennardJones({.sigma = bad}), ContainsSubstring("sigma must be positive"));
  }
  for (const double bad : {-1.0, nan, -inf}) {
    CHECK_THROWS_WITH(LennardJones({.cutoff = bad}), ContainsSubstring("cutoff must be positive"));
  }
  for (const double bad : {-1.0, 2.5, 3.0, nan}) {
    CHECK_THROWS_WITH(LennardJones({.cutoff = 2.5, .onset = bad}), ContainsSubstring("onset"));
  }
  CHECK(LennardJones({.cutoff = inf}).compute(cluster(4, 1)).energy == LennardJones().compute(cluster(4, 1)).energy);
  CHECK(LennardJones({.cutoff = 3.0}).options().onset == Approx(1.98));
}
