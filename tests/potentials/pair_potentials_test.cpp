// Tests potentials/morse.cpp, gaussian_pairs.cpp, pair_potential.cpp, pair_kernel.cpp, coulomb.cpp and sum.cpp: against
// ASE and closed forms, and the fused paths against the composed ones. The laws of physics are in laws_test.cpp.
#include <cmath>
#include <limits>

#include "atoms/cell.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "potentials/coulomb.hpp"
#include "potentials/emt.hpp"
#include "potentials/gaussian_pairs.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/morse.hpp"
#include "potentials/sum.hpp"
#include "tests/potentials/ase_reference.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::properties;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Atoms argon_cluster(std::size_t n, std::uint64_t seed) { return cluster(n, seed, 1.15, 0.08, {18}); }
Atoms argon_crystal(std::size_t n, std::uint64_t seed) { return crystal(n, seed, 1.15, 0.08, {18}); }

Morse morse() { return Morse({.epsilon = 0.8, .rho0 = 5.0, .r0 = 1.1, .rcut1 = 1.8, .rcut2 = 2.4}); }
Morse free_morse() { return Morse({.rcut2 = infinity}); }

std::vector<Gaussian> three() { return {{-1.0, 1.2, 0.3}, {0.4, 1.7, 0.2}, {25.0, 0.0, 0.5}}; }
GaussianPairs gaussians() { return GaussianPairs(three(), {.onset = 1.9, .cutoff = 2.6}); }

/// What every potential with a fused path and a list of neighbours has to pass besides the laws of physics.
void check_paths(const Potential& potential) {
  for (const std::size_t n : {1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 38, 140}) {  // around the widths of vectors
    check_fused(potential, argon_cluster(n, n), energies_too, 1e-13);
    if (n < 64) check_fused(potential, argon_crystal(n, n), everything, 1e-13);
  }
  Atoms slab = argon_crystal(9, 3);
  slab.pbc = {true, false, true};
  check_fused(potential, slab, everything, 1e-13);
  Atoms boxed = argon_cluster(13, 1);
  boxed.cell = orthorhombic(20, 21, 22);
  check_fused(potential, boxed, everything, 1e-13);
  check_evaluator(potential, argon_crystal(64, 1), 0.02, 1e-12);
  check_evaluator(potential, argon_crystal(8, 2), 0.02, 1e-12);
  check_evaluator(potential, argon_cluster(150, 2), 0.02, 1e-12);
  check_evaluator(potential, argon_cluster(20, 2), 0.02, 1e-12);
  check_evaluator(potential, slab, 0.02, 1e-12);
  CHECK(potential.compute(Atoms{}).energy == 0.0);
  CHECK(potential.compute(argon_cluster(1, 1)).energy == 0.0);
  CHECK(message(potential, argon_cluster(3, 1), false, everything) ==
        "stress needs a cell with volume; this structure has none");
}

Atoms dimer(double r) { return {.numbers = {18, 18}, .positions = {{0, 0, 0}, {r, 0, 0}}, .cell = {}, .pbc = {}}; }

}  // namespace

TEST_CASE("Morse is that of ASE", "[potentials][morse]") {
  const std::vector<nlohmann::json> cases = reference_cases("morse");
  CHECK(cases.size() == 1);
  for (const nlohmann::json& c : cases) {
    const nlohmann::json& p = c["params"];
    const Morse potential(
        {.epsilon = p["epsilon"], .rho0 = p["rho0"], .r0 = p["r0"], .rcut1 = p["rcut1"], .rcut2 = p["rcut2"]});
    check_reference(potential, c, 1e-12);
  }
}

TEST_CASE("Morse has its well, and two ways of computing it", "[potentials][morse]") {
  check_paths(morse());
  check_coincident(morse(), argon_cluster(10, 1), 1.1e-3);
  check_coincident(morse(), argon_crystal(10, 1), 1.1e-3);
  check_fused(free_morse(), argon_cluster(38, 2), energies_too, 1e-13);
  // The minimum is ε deep at r0, and its curvature 2 ε (ρ0/r0)².
  const Morse well({.epsilon = 0.3, .rho0 = 5.0, .r0 = 2.0, .rcut2 = infinity});
  CHECK(well.compute(dimer(2.0)).energy == Approx(-0.3).epsilon(1e-14));
  CHECK(std::abs(well.compute(dimer(2.0)).forces[0][0]) < 1e-14);
  CHECK(well.compute(dimer(2.0 + 1e-5)).forces[0][0] == Approx(2.0 * 0.3 * 2.5 * 2.5 * 1e-5).epsilon(1e-4));
}

TEST_CASE("Gaussian pairs are sums of Gaussians, computed in two ways", "[potentials][gaussian]") {
  check_paths(gaussians());
  check_coincident(gaussians(), argon_cluster(10, 1), 1e-3);
  check_fused(GaussianPairs(three()), argon_cluster(38, 2), energies_too, 1e-13);
  check_fused(GaussianPairs({}), argon_cluster(5, 2), energies_too, 1e-13);
  const double r = 1.5, z = (r - 1.2) / 0.3;
  const Prediction p = GaussianPairs({{-2.0, 1.2, 0.3}}).compute(dimer(r));
  CHECK(p.energy == Approx(-2.0 * std::exp(-0.5 * z * z)).epsilon(1e-15));
  CHECK(p.forces[1][0] == Approx(-2.0 * std::exp(-0.5 * z * z) * z / 0.3).epsilon(1e-14));
  CHECK(gaussians().gaussians()[1].center == 1.7);
}

TEST_CASE("options of pair potentials out of range are refused by name", "[potentials][morse][gaussian]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {0.0, -1.0, nan, infinity}) {
    CHECK_THROWS_WITH(Morse({.epsilon = bad}), ContainsSubstring("Morse: epsilon must be positive"));
    CHECK_THROWS_WITH(Morse({.rho0 = bad}), ContainsSubstring("rho0 must be positive"));
    CHECK_THROWS_WITH(Morse({.r0 = bad}), ContainsSubstring("r0 must be positive"));
    CHECK_THROWS_WITH(GaussianPairs({{1.0, 1.0, bad}}), ContainsSubstring("width must be positive"));
  }
  CHECK_THROWS_WITH(Morse({.rcut1 = 2.7}), "Morse: onset 2.7 Å must lie between 0 and the cutoff 2.7 Å");
  CHECK_THROWS_AS(Morse({.rcut2 = nan}), InputError);
  CHECK_THROWS_WITH(GaussianPairs({{nan, 1.0, 1.0}}),
                    ContainsSubstring("coefficient must be a finite number, found nan"));
  CHECK_THROWS_WITH(GaussianPairs({{1.0, infinity, 1.0}}), ContainsSubstring("center"));
  CHECK_THROWS_AS(GaussianPairs({}, {.onset = -1.0, .cutoff = 2.0}), InputError);
  for (const bool composed : {false, true}) {
    CHECK(message(free_morse(), argon_crystal(3, 1), composed) ==
          "Morse: a periodic structure needs a cutoff; none was given");
    Atoms broken = argon_cluster(3, 1);
    broken.positions[1][2] = nan;
    CHECK_THAT(message(free_morse(), broken, composed), ContainsSubstring("atom 1 has z = nan"));
  }
}

TEST_CASE("point charges attract and repel", "[potentials][coulomb]") {
  const Coulomb pair({1.0, -2.0});
  const Prediction p = pair.compute(dimer(2.0), energies_too);
  CHECK(p.energy == Approx(-14.399645).epsilon(1e-15));
  CHECK(p.energies[0] == Approx(p.energies[1]).epsilon(1e-15));
  CHECK(p.forces[0][0] == Approx(14.399645 / 2.0).epsilon(1e-14));  // towards the other
  const Coulomb ions({1, -1, 0.5, -0.5, 2, 1, -1, -2, 0.3, 0.7});
  const Atoms atoms = argon_cluster(10, 3);
  check_coincident(ions, atoms, 1e-3);
  CHECK(message(pair, argon_cluster(3, 1)) == "Coulomb: 2 charges for 3 atoms");
  CHECK_THAT(message(Coulomb({1, 1, 1}), argon_crystal(3, 1)), ContainsSubstring("Ewald"));
  CHECK_THROWS_WITH(Coulomb({1.0, infinity}), "Coulomb: charge of atom 1 must be a finite number, found inf");
}

TEST_CASE("the electric field is minus the gradient of the potential and the force on a unit charge",
          "[potentials][coulomb]") {
  const std::vector<double> charges{1.0, -2.0, 0.5};
  const std::vector<Vector3> places{{0, 0, 0}, {2, 0, 0}, {0, 1, 1}};
  const Vector3 point{0.7, 1.9, -0.4};
  const Vector3 field = electric_field(charges, places, point);
  const Tensor at = Tensor::variable({1, 3}, point);
  const Tensor phi = electric_potential(charges, Tensor::constant({3, 3}, {0, 0, 0, 2, 0, 0, 0, 1, 1}), at);
  const Tensor slope = grad(sum(phi), {at})[0];
  for (std::size_t k = 0; k < 3; ++k) CHECK(field[k] == Approx(-slope.values()[k]).epsilon(1e-13));

  const Atoms atoms{
      .numbers = {1, 1, 1, 1}, .positions = {places[0], places[1], places[2], point}, .cell = {}, .pbc = {}};
  const Prediction p = Coulomb({1.0, -2.0, 0.5, 1.0}).compute(atoms);
  for (std::size_t k = 0; k < 3; ++k) CHECK(p.forces[3][k] == Approx(field[k]).epsilon(1e-12));

  CHECK_THROWS_WITH(electric_field(charges, places, {2, 0, 0}), "electric field: the point is 0 Å from charge 1");
  CHECK_THROWS_AS(electric_field({}, places, point), InputError);
}

TEST_CASE("sums of potentials add everything up", "[potentials][sum]") {
  const Sum sum(morse(), gaussians(), LennardJones({.epsilon = 0.1, .cutoff = 2.5}));
  check_paths(sum);
  Atoms atoms = argon_crystal(9, 3);
  const Prediction a = morse().compute(atoms, everything), b = gaussians().compute(atoms, everything);
  const Prediction both = Sum(morse(), gaussians()).compute(atoms, everything);
  CHECK(both.energy == Approx(a.energy + b.energy).epsilon(1e-14));
  CHECK(both.energies[4] == Approx(a.energies[4] + b.energies[4]).epsilon(1e-14));
  CHECK(both.forces[4][1] == Approx(a.forces[4][1] + b.forces[4][1]).margin(1e-13));
  CHECK((*both.stress)[3] == Approx((*a.stress)[3] + (*b.stress)[3]).margin(1e-13));

  const Sum copy = sum;  // of the same terms
  CHECK(copy.terms() == sum.terms());
  const Sum nested(sum, Morse());
  CHECK(nested.compute(atoms).energy == Approx(sum.compute(atoms).energy + Morse().compute(atoms).energy));
  check_evaluator(nested, argon_crystal(27, 1), 0.02, 1e-12);
  // The terms keep lists, and say so.
  const std::unique_ptr<Evaluator> evaluator = nested.evaluator();
  CHECK(evaluator->memory().terms.size() == 2);
  Prediction p;
  for (int k = 0; k < 3; ++k) evaluator->compute(argon_crystal(27, 1), {}, p);
  CHECK(evaluator->memory().terms[0].terms[2].uses == 3);
  CHECK(evaluator->memory().terms[1].positions.size() == 27);
  CHECK_THROWS_WITH(nested.evaluator({.skin = -0.1}),
                    ContainsSubstring("skin of a neighbour list must not be negative"));
  CHECK(Sum(std::vector<Sum::Term>{}).compute(atoms).energy == 0.0);
  CHECK_THROWS_WITH(Sum(std::vector<Sum::Term>{nullptr}), ContainsSubstring("a term is missing"));
  atoms.pbc = {};
  CHECK_THAT(message(Sum(Coulomb({1.0}), Emt()), atoms), ContainsSubstring("charges for 9 atoms"));
}
