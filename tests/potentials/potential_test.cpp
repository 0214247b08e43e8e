// Tests potentials/potential.cpp: what every potential gets for its energy alone, on one whose answers are known by
// hand.
#include "potentials/potential.hpp"

#include <cmath>
#include <thread>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "potentials/pairs.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

/// A spring of stiffness k between every two atoms closer than 2 Å, images included: E = Σ_pairs ½ k r².
class Springs final : public Potential {
 public:
  using Potential::compute;
  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override {
    const Pairs pairs = pairs_within(atoms, 2.0, positions, cell);
    return shared_equally(pairs, 0.5 * k * squared_distances(pairs, 0.0));
  }
  double k = 3.0;
};

const Atoms dimer{.numbers = {1, 1}, .positions = {{0, 0, 0}, {0.6, 0.8, 0}}, .cell = {}, .pbc = {}};

constexpr Want only_energy{.forces = false, .stress = false, .energies = false};

}  // namespace

TEST_CASE("forces follow from the energy", "[potentials][potential]") {
  const Prediction p = Springs().compute(dimer, {.forces = true, .stress = false, .energies = true});
  CHECK(p.energy == Approx(1.5));
  CHECK(p.energies[0] == Approx(0.75));
  CHECK(p.energies[1] == Approx(0.75));
  // The spring pulls atom 0 towards atom 1 with k r.
  CHECK(p.forces[0][0] == Approx(1.8));
  CHECK(p.forces[0][1] == Approx(2.4));
  CHECK(p.forces[1][0] == Approx(-1.8));
  CHECK(p.forces[1][2] == 0.0);
  CHECK(!p.stress);
}

TEST_CASE("stress follows from the energy", "[potentials][potential]") {
  // One atom per cubic cell of edge 1.9: three springs to its images, E = 3 · ½ k a²; dE/dε_xx = k a² and no shear.
  Atoms cubic{
      .numbers = {1}, .positions = {{0.3, 0.1, 0.2}}, .cell = orthorhombic(1.9, 1.9, 1.9), .pbc = {true, true, true}};
  const Prediction p = Springs().compute(cubic, {.forces = true, .stress = true, .energies = false});
  CHECK(p.energy == Approx(4.5 * 1.9 * 1.9));
  CHECK(norm(p.forces[0]) < 1e-14);
  for (std::size_t k = 0; k < 3; ++k) CHECK((*p.stress)[k] == Approx(3.0 / 1.9));
  for (std::size_t k = 3; k < 6; ++k) CHECK(std::abs((*p.stress)[k]) < 1e-14);

  // A bond along (0.6, 0.8, 0) in a box: dE/dε_ab = k d_a d_b, in the order xx yy zz yz xz xy.
  Atoms boxed = dimer;
  boxed.cell = orthorhombic(5, 5, 4);
  const Prediction q = Springs().compute(boxed, {.forces = false, .stress = true, .energies = false});
  const double expected[] = {0.0108, 0.0192, 0.0, 0.0, 0.0, 0.0144};
  for (std::size_t k = 0; k < 6; ++k) CHECK((*q.stress)[k] == Approx(expected[k]).margin(1e-16));
  CHECK(q.forces.empty());

  CHECK_THROWS_AS(Springs().compute(dimer, {.forces = true, .stress = true, .energies = false}), InputError);
}

TEST_CASE("nothing of an earlier prediction is left", "[potentials][potential]") {
  Atoms boxed = dimer;
  boxed.cell = orthorhombic(5, 5, 4);
  Prediction p;
  Springs().compute(boxed, {.forces = true, .stress = true, .energies = true}, p);
  Springs().compute(boxed, only_energy, p);
  CHECK(p.energy == Approx(1.5));
  CHECK(p.forces.empty());
  CHECK(p.energies.empty());
  CHECK(!p.stress);
}

TEST_CASE("the energy can be differentiated twice through positions and cell", "[potentials][potential]") {
  // E = ½ k |x_1 − x_0|²: the Hessian of atom 0 is k on the diagonal.
  const Springs springs;
  const Tensor cell = cell_tensor(dimer);
  const Tensor h =
      hessian([&](const Tensor& x) { return sum(springs.energies(dimer, x, cell)); }, positions_tensor(dimer));
  CHECK(h.values()[0] == Approx(3.0));
  CHECK(h.values()[1] == Approx(0.0).margin(1e-14));
  CHECK(h.values()[3] == Approx(-3.0));

  Atoms cubic{.numbers = {1}, .positions = {{0, 0, 0}}, .cell = orthorhombic(1.9, 1.9, 1.9), .pbc = {true, true, true}};
  const Tensor lattice = cell_tensor(cubic, true);
  const Tensor slope = grad(sum(springs.energies(cubic, positions_tensor(cubic), lattice)), {lattice})[0];
  CHECK(slope.values()[0] == Approx(3.0 * 1.9));
  CHECK(slope.values()[1] == Approx(0.0).margin(1e-14));
}

TEST_CASE("pairs count every bond once", "[potentials][pairs]") {
  const Pairs three = all_pairs(Tensor::constant({3, 3}, {0, 0, 0, 1, 0, 0, 0, 2, 0}));
  REQUIRE(three.first.size() == 3);
  CHECK(three.first[1] == 0);
  CHECK(three.second[1] == 2);
  CHECK(three.displacement.values()[4] == 2.0);
  CHECK(all_pairs(Tensor::constant({0, 3}, std::initializer_list<double>{})).first.size() == 0);
  CHECK(all_pairs(Tensor::constant({1, 3}, {1, 2, 3})).first.size() == 0);
  std::size_t found = 1;  // by a thread that has seen no structure before
  std::thread([&found] {
    found = all_pairs(Tensor::constant({0, 3}, std::initializer_list<double>{})).first.size();
  }).join();
  CHECK(found == 0);

  // Simple cubic: 3 nearest and 6 next-nearest bonds per atom.
  const Atoms cubic{.numbers = {1}, .positions = {{0, 0, 0}}, .cell = orthorhombic(1, 1, 1), .pbc = {true, true, true}};
  CHECK(pairs_within(cubic, 1.1, positions_tensor(cubic), cell_tensor(cubic)).first.size() == 3);
  CHECK(pairs_within(cubic, 1.5, positions_tensor(cubic), cell_tensor(cubic)).first.size() == 9);
}

TEST_CASE("one potential serves several threads", "[potentials][potential]") {
  const Springs springs;
  std::vector<double> energies(4);
  std::vector<std::thread> threads;
  for (double& energy : energies) {
    threads.emplace_back([&] {
      Prediction p;
      for (int i = 0; i < 50; ++i) springs.compute(dimer, {}, p);
      energy = p.energy;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(energies == std::vector<double>(4, springs.compute(dimer).energy));
}
