// Tests potentials/lennard_jones_evaluator.cpp: along trajectories it gives what LennardJones::compute gives.
#include <cmath>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

Atoms crystal(std::size_t edge, const std::array<bool, 3>& pbc) {
  Atoms cube;
  const double a = 1.65;
  cube.positions = {{0, 0, 0}, {0, .5 * a, .5 * a}, {.5 * a, 0, .5 * a}, {.5 * a, .5 * a, 0}};
  cube.numbers.assign(4, 18);
  cube.cell = orthorhombic(a, a, a);
  cube.pbc = {true, true, true};
  const int n = static_cast<int>(edge);
  Atoms result = repeated(cube, {n, n, n});
  result.pbc = pbc;
  return result;
}

void shake(Atoms& atoms, double width, Random& random) {
  for (Vector3& r : atoms.positions) {
    for (double& x : r) x += width * random.normal();
  }
}

double largest_difference(const std::vector<Vector3>& a, const std::vector<Vector3>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, norm(a[i] - b[i]));
  return most;
}

}  // namespace

TEST_CASE("moving atoms have the energies of atoms at rest", "[potentials][evaluator]") {
  for (const LennardJonesCutoff mode :
       {LennardJonesCutoff::plain, LennardJonesCutoff::shifted, LennardJonesCutoff::smooth}) {
    const LennardJones potential({.epsilon = 0.7, .sigma = 1.05, .cutoff = 2.5, .mode = mode});
    for (const std::array<bool, 3>& pbc :
         {std::array{true, true, true}, std::array{true, false, true}, std::array{false, false, false}}) {
      Atoms atoms = crystal(mode == LennardJonesCutoff::smooth ? 5 : 4, pbc);
      const auto evaluator = potential.evaluator();
      Random random(1);
      Prediction found;
      for (int step = 0; step < 12; ++step) {
        shake(atoms, 0.015, random);
        const Want want{.forces = step % 5 != 4, .stress = step % 3 == 1, .energies = step % 4 == 2};
        evaluator->compute(atoms, want, found);
        const Prediction expected = potential.compute(atoms, want);
        // Sums of some 10⁴ pairs in another order.
        CHECK(found.energy == Approx(expected.energy).epsilon(1e-12));
        CHECK(largest_difference(found.forces, expected.forces) < 1e-10);
        REQUIRE(found.energies.size() == expected.energies.size());
        for (std::size_t i = 0; i < found.energies.size(); ++i)
          CHECK(std::abs(found.energies[i] - expected.energies[i]) < 1e-11);
        REQUIRE(found.stress.has_value() == expected.stress.has_value());
        for (std::size_t k = 0; k < 6 && found.stress; ++k)
          CHECK(std::abs((*found.stress)[k] - (*expected.stress)[k]) < 1e-11);
      }
    }
  }
}

TEST_CASE("moving atoms do not know the number of threads", "[potentials][evaluator]") {
  const LennardJones potential({.cutoff = 2.5});
  Prediction one, two;
  for (Prediction* result : {&one, &two}) {
    set_thread_count(result == &one ? 1 : 2);
    Atoms atoms = crystal(9, {true, true, true});
    const auto evaluator = potential.evaluator();
    Random random(2);
    for (int step = 0; step < 4; ++step) {
      shake(atoms, 0.05, random);
      evaluator->compute(atoms, {.forces = true, .stress = true, .energies = true}, *result);
    }
  }
  set_thread_count(1);
  CHECK(one.energy == two.energy);
  CHECK(one.forces == two.forces);
  CHECK(one.stress == two.stress);
  CHECK(one.energies == two.energies);
}

TEST_CASE("an evaluator serves any structure and reports what cannot be computed", "[potentials][evaluator]") {
  const LennardJones potential({.cutoff = 2.5});
  const auto evaluator = potential.evaluator();
  Prediction found;
  Atoms atoms = crystal(4, {true, true, true});
  evaluator->compute(atoms, {}, found);
  Atoms dimer{{18, 18}, {{0, 0, 0}, {0, 0, 1.2}}, {}, {}};
  evaluator->compute(dimer, {}, found);
  CHECK(found.energy == potential.compute(dimer).energy);
  atoms.positions[5] = atoms.positions[9];
  CHECK_THROWS_WITH(evaluator->compute(atoms, {}, found), ContainsSubstring("atoms 5 and 9 are 0.000 Å apart"));
  atoms = crystal(3, {true, true, true});
  evaluator->compute(atoms, {}, found);
  CHECK(found.energy == Approx(potential.compute(atoms).energy).epsilon(1e-12));
  atoms.cell = {};
  CHECK_THROWS_AS(evaluator->compute(atoms, {}, found), InputError);
  const LennardJones endless;
  const auto plain = endless.evaluator();
  plain->compute(dimer, {}, found);
  CHECK(found.energy == endless.compute(dimer).energy);
  CHECK(plain->memory().positions.empty());
}
