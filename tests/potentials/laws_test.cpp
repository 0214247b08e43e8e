// The laws of physics, and how well a potential has to obey them, for every potential there is, in one table: a new
// potential needs a line here and no other test of them. The bar: forces against sixth-order differences and stress
// against numeric strain 1e-8; forces add up to nothing and turn nothing to rounding; moving, turning, renumbering and
// other images 1e-11; parts beyond reach add up to 1e-13; eight cells are eight times one to 1e-12; no jump above 1e-6
// eV and 1e-4 eV/Å where a smooth cutoff begins and ends; its evaluator says the same along 200 moves.
#include <cmath>
#include <functional>
#include <memory>

#include "core/error.hpp"
#include "core/random.hpp"
#include "potentials/coulomb.hpp"
#include "potentials/emt.hpp"
#include "potentials/gaussian_pairs.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/local_ansatz.hpp"
#include "potentials/morse.hpp"
#include "potentials/pair_model.hpp"
#include "potentials/sum.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::properties;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A potential and the structures that suit it.
struct Case {
  const char* name;
  std::shared_ptr<const Potential> potential;
  double reach;               ///< beyond it nothing is felt, Å; infinite: free clusters only
  std::vector<double> edges;  ///< where a smooth cutoff begins and ends, Å; none for cutoffs with a jump
  double spacing, shake;      ///< of the atoms, Å
  std::vector<int> numbers;
  double force_step = 1e-4, stress_step = 1e-4;  ///< of differences: longer where the law is softer

  Atoms cluster(std::size_t n, std::uint64_t seed) const {
    return properties::cluster(n, seed, spacing, shake, numbers);
  }
  Atoms crystal(std::size_t n, std::uint64_t seed) const {
    return properties::crystal(n, seed, spacing, shake, numbers);
  }
};

template <class P>
std::shared_ptr<const Potential> shared(P potential) {
  return std::make_shared<const P>(std::move(potential));
}

LocalAnsatz network(bool narrow) {
  const std::vector<int> elements{1, 6};
  std::vector<SymmetryFunction> list =
      default_symmetry_functions(elements, 4.0, {.radial = 5, .angular_radial = 2, .zetas = {1.0, 4.0}});
  for (SymmetryFunction& f : list) {
    if (narrow && f.kind == SymmetryFunctionKind::angular_wide) f.kind = SymmetryFunctionKind::angular_narrow;
  }
  const SymmetryFunctions functions(list);
  Random random(5);
  std::vector<ElementNetwork> networks;
  for (const int number : elements) {
    ElementNetwork own{.element = number, .reference_energy = number == 1 ? -0.5 : 2.0};
    const std::size_t width = functions.count(number);
    own.mean.assign(width, 0.2), own.scale.assign(width, 1.5);
    own.minimum.assign(width, 0.0), own.maximum.assign(width, 10.0);
    own.network = Mlp({width, 7, 5, 1}, Activation::silu, random);
    networks.push_back(std::move(own));
  }
  return {functions, networks, 1.3};
}

PairModel pair_model() {
  TrainableGaussians bumps(std::vector<double>{1.2, 1.7}, 0.25);
  bumps.coefficients.assign(std::vector<double>{-0.8, 0.3});
  return PairModel({TrainableLennardJones(0.9, 1.0), TrainableMorse(0.3, 5.0, 1.1), bumps},
                   {.onset = 1.9, .cutoff = 2.6});
}

std::vector<Case> cases() {
  const std::vector<int> argon{18}, copper{29}, alloy{29, 79, 13, 46, 8, 1, 78, 28, 47, 6, 7}, organic{6, 1, 6, 6};
  const auto lennard_jones = [](LennardJonesCutoff mode) {
    return LennardJones({.epsilon = 0.7, .sigma = 1.03, .cutoff = 2.5, .mode = mode, .onset = 1.8});
  };
  const Morse morse({.epsilon = 0.8, .rho0 = 5.0, .r0 = 1.1, .rcut1 = 1.8, .rcut2 = 2.4});
  const GaussianPairs gaussians({{-1.0, 1.2, 0.3}, {0.4, 1.7, 0.2}, {25.0, 0.0, 0.5}}, {.onset = 1.9, .cutoff = 2.6});
  const Morse metallic({.epsilon = 0.3, .rho0 = 5.0, .r0 = 2.6, .rcut1 = 1.4, .rcut2 = 1.9});
  return {
      {"Lennard-Jones without cutoff", shared(LennardJones()), infinity, {}, 1.15, 0.08, argon},
      {"Lennard-Jones, plain", shared(lennard_jones(LennardJonesCutoff::plain)), 2.5, {}, 1.15, 0.08, argon},
      {"Lennard-Jones, shifted", shared(lennard_jones(LennardJonesCutoff::shifted)), 2.5, {}, 1.15, 0.08, argon},
      {"Lennard-Jones, smooth", shared(lennard_jones(LennardJonesCutoff::smooth)), 2.5, {1.8, 2.5}, 1.15, 0.08, argon},
      {"Morse without cutoff", shared(Morse({.rcut2 = infinity})), infinity, {}, 1.15, 0.08, argon},
      {"Morse", shared(morse), 2.4 * 1.1, {1.8 * 1.1, 2.4 * 1.1}, 1.15, 0.08, argon},
      {"Gaussians without cutoff", shared(GaussianPairs(gaussians.gaussians())), infinity, {}, 1.15, 0.08, argon},
      {"Gaussians", shared(gaussians), 2.6, {1.9, 2.6}, 1.15, 0.08, argon},
      {"pair model", shared(pair_model()), 2.6, {1.9, 2.6}, 1.15, 0.08, argon},
      {"EMT, one element", shared(Emt()), Emt::cutoff(), {}, 2.5, 0.2, copper, 1e-3, 3e-4},
      {"EMT, all elements", shared(Emt()), Emt::cutoff(), {}, 2.5, 0.2, alloy, 1e-3, 3e-4},
      {"local ansatz, wide angles", shared(network(false)), 4.0, {4.0}, 1.4, 0.15, organic, 1e-3, 3e-4},
      {"local ansatz, narrow angles", shared(network(true)), 4.0, {4.0}, 1.4, 0.15, organic, 1e-3, 3e-4},
      {"sum of pair potentials",
       shared(Sum(morse, gaussians, lennard_jones(LennardJonesCutoff::smooth))),
       2.64,
       {2.6, 2.64},
       1.15,
       0.08,
       argon},
      {"sum of sums", shared(Sum(Sum(Emt(), metallic), metallic)), Emt::cutoff(), {}, 2.5, 0.2, copper, 1e-3, 3e-4},
  };
}

}  // namespace

TEST_CASE("every potential obeys the laws of physics", "[potentials][laws]") {
  for (const Case& c : cases()) {
    INFO(c.name);
    const Potential& potential = *c.potential;
    Atoms boxed = c.cluster(13, 1);
    boxed.cell = orthorhombic(20, 21, 22);
    check_forces(potential, c.cluster(13, 1), c.force_step);
    check_stress(potential, boxed, c.stress_step);
    check_invariances(potential, c.cluster(27, 8));
    for (const std::size_t n : {2, 13, 140, 300}) check_balance(potential, c.cluster(n, n));
    check_threads(potential, boxed);
    check_prediction_reused(potential, boxed);
    check_walk(potential, c.cluster(140, 3), 0.02 * c.spacing, 1e-12);
    if (std::isinf(c.reach)) continue;

    check_forces(potential, c.crystal(13, 3), c.force_step);
    check_stress(potential, c.crystal(12, 4), c.stress_step);
    check_invariances(potential, c.crystal(27, 8));
    check_balance(potential, c.crystal(27, 8));
    check_additive(potential, c.cluster(20, 1), c.cluster(15, 2), 2.0 * c.reach + 1e-9);
    check_supercell(potential, c.crystal(5, 3));
    check_threads(potential, c.crystal(600, 1));
    check_walk(potential, c.crystal(8, 3), 0.02 * c.spacing, 1e-12);
    Atoms slab = c.crystal(9, 3);
    slab.pbc = {true, false, true};
    check_invariances(potential, slab);
    check_walk(potential, slab, 0.02 * c.spacing, 1e-12);
    const Atoms dimer{
        .numbers = {c.numbers.front(), c.numbers.front()}, .positions = {{0, 0, 0}, {1, 0, 0}}, .cell = {}, .pbc = {}};
    for (const double edge : c.edges) check_smooth_at(potential, dimer, edge);
  }
}

TEST_CASE("charges obey the laws of physics", "[potentials][laws][coulomb]") {
  // Read from either end the charges are the same, so that atoms may be renumbered.
  const Coulomb ions({1, -1, 0.5, -0.5, 2, 2, -0.5, 0.5, -1, 1});
  const Atoms atoms = cluster(10, 3, 1.15, 0.08, {18});
  check_forces(ions, atoms);
  check_balance(ions, atoms);
  check_invariances(ions, atoms);
  check_threads(ions, [&] {
    Atoms boxed = atoms;
    boxed.cell = orthorhombic(20, 21, 22);
    check_stress(ions, boxed);
    check_prediction_reused(ions, boxed);
    return boxed;
  }());
  check_walk(ions, atoms, 0.02, 1e-12);
}
