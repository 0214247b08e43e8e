// Tests potentials/lennard_jones*.cpp: against ASE, and the fused path against the composed one. The laws of physics
// are in laws_test.cpp.
#include "potentials/lennard_jones.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "tests/potentials/ase_reference.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::properties;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Shaken simple cubic lattices, a piece or repeated in a skewed cell.
Atoms cluster(std::size_t n, std::uint64_t seed) { return properties::cluster(n, seed, 1.15, 0.08, {18}); }
Atoms crystal(std::size_t n, std::uint64_t seed) { return properties::crystal(n, seed, 1.15, 0.08, {18}); }

Atoms dimer_at(double distance) {
  return {.numbers = {18, 18}, .positions = {{0, 0, 0}, {distance, 0, 0}}, .cell = {}, .pbc = {}};
}

LennardJones smooth() { return LennardJones({.cutoff = 2.5, .mode = LennardJonesCutoff::smooth, .onset = 1.8}); }

LennardJones potential_of(const nlohmann::json& params) {
  LennardJonesOptions options{.epsilon = params["epsilon"], .sigma = params["sigma"]};
  if (!params["rc"].is_null()) options.cutoff = params["rc"];
  if (params["mode"] == "shift") options.mode = LennardJonesCutoff::shifted;
  if (params["mode"] == "smooth") options.onset = params["ro"];
  return LennardJones(options);
}

}  // namespace

TEST_CASE("Lennard-Jones is that of ASE", "[potentials][lennard_jones]") {
  // potentials.json was made with ASE 3.22.1; its sums have other orders, so rounding of 1e-12 remains.
  const std::vector<nlohmann::json> cases = reference_cases("lj");
  CHECK(cases.size() == 6);
  for (const nlohmann::json& c : cases) check_reference(potential_of(c["params"]), c, 1e-11);
}

TEST_CASE("the fused path equals the composed one", "[potentials][lennard_jones]") {
  // Sums of up to hundreds of terms in different orders: 1e-13 of the largest.
  const auto same = [](const LennardJones& potential, const Atoms& atoms, Want want) {
    check_fused(potential, atoms, want, 1e-13);
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

TEST_CASE("atoms on top of each other are named and never give nan", "[potentials][lennard_jones]") {
  for (const bool composed : {false, true}) {
    for (const double distance : {0.0, 1e-200, 1e-30, 1e-9, 9e-4}) {
      Atoms atoms = cluster(10, 1);
      atoms.positions[7] = atoms.positions[3];
      atoms.positions[7][1] += distance;
      const std::string expected =
          distance == 9e-4 ? "atoms 3 and 7 are 0.001 Å apart" : "atoms 3 and 7 are 0.000 Å apart";
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
    CHECK(message(LennardJones({.cutoff = 0.5}), tiny, composed) == "atom 0 and its periodic image are 0.000 Å apart");
  }
}

TEST_CASE("structures that cannot be computed are refused", "[potentials][lennard_jones]") {
  CHECK_THROWS_WITH(LennardJones().compute(crystal(3, 1)), ContainsSubstring("needs a cutoff"));
  CHECK_THROWS_WITH(smooth().compute(cluster(3, 1), everything), ContainsSubstring("stress needs a cell with volume"));
  Atoms broken = cluster(3, 1);
  broken.positions[1][2] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(LennardJones().compute(broken), InputError);
  CHECK_THROWS_AS(smooth().compute(broken), InputError);
  for (const bool composed : {false, true}) {
    for (const std::size_t n : {1, 2, 9}) {
      for (const double x : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        broken = cluster(n, 1);
        broken.positions[n - 1][1] = x;
        INFO(n << " atoms, y = " << x << (composed ? ", composed" : ", fused"));
        CHECK_THAT(message(LennardJones(), broken, composed), ContainsSubstring("expected a finite number"));
        CHECK_THAT(message(smooth(), broken, composed), ContainsSubstring("expected a finite number"));
      }
    }
  }
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
