// Tests potentials/emt*.cpp: against ASE, and the fused path against the composed one. The laws of physics are in
// laws_test.cpp.
#include "potentials/emt.hpp"

#include <cmath>

#include "core/error.hpp"
#include "tests/potentials/ase_reference.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::properties;

namespace {

const std::vector<int> copper{29}, alloy{29, 79, 13, 46, 8, 1, 78, 28, 47, 6, 7};

Atoms metal_cluster(std::size_t n, std::uint64_t seed, const std::vector<int>& numbers = copper) {
  return cluster(n, seed, 2.5, 0.2, numbers);
}
Atoms metal_crystal(std::size_t n, std::uint64_t seed, const std::vector<int>& numbers = copper) {
  return crystal(n, seed, 2.5, 0.2, numbers);
}

/// fcc with four atoms per cubic cell.
Atoms fcc(int number, double a) {
  Atoms cell{.numbers = {}, .positions = {}, .cell = orthorhombic(a, a, a), .pbc = {true, true, true}};
  for (const Vector3& basis : {Vector3{0, 0, 0}, Vector3{0, .5, .5}, Vector3{.5, 0, .5}, Vector3{.5, .5, 0}}) {
    cell.positions.push_back(a * basis);
    cell.numbers.push_back(number);
  }
  return cell;
}

}  // namespace

TEST_CASE("EMT is that of ASE", "[potentials][emt]") {
  // potentials.json was made with ASE 3.22.1; its sums have other orders, so rounding of 1e-13 per eV remains.
  const std::vector<nlohmann::json> cases = reference_cases("emt");
  CHECK(cases.size() == 5);
  for (const nlohmann::json& c : cases) check_reference(Emt(), c, 1e-12);
}

TEST_CASE("the fused EMT equals the composed one", "[potentials][emt]") {
  for (const std::vector<int>& numbers : {copper, alloy, {13}, {79, 47}}) {
    for (const std::size_t n : {1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 38, 140}) {  // around the widths of vectors
      check_fused(Emt(), metal_cluster(n, n, numbers), energies_too, 1e-13);
      if (n < 64) check_fused(Emt(), metal_crystal(n, n, numbers), everything, 1e-12);
    }
    Atoms slab = metal_crystal(9, 3, numbers);
    slab.pbc = {true, false, true};
    check_fused(Emt(), slab, everything, 1e-13);
  }
}

TEST_CASE("EMT of moving atoms is that of atoms at rest", "[potentials][emt]") {
  check_evaluator(Emt(), metal_crystal(64, 1, alloy), 0.05, 1e-12);
  check_evaluator(Emt(), metal_crystal(8, 1), 0.05, 1e-12);
  check_evaluator(Emt(), metal_cluster(150, 2, alloy), 0.05, 1e-12);
  check_evaluator(Emt(), metal_cluster(20, 2), 0.05, 1e-12);
  Atoms slab = metal_crystal(27, 3, {79, 47});
  slab.pbc = {true, true, false};
  check_evaluator(Emt(), slab, 0.1, 1e-12);
}

TEST_CASE("EMT crystals have their lattice constants and cohesive energies", "[potentials][emt]") {
  // The atomic radii s0 of the table are those of the crystal: at a = √2 β s0 the energy is near its minimum, which is
  // 0, and a free atom has −E0. Pairs beyond the third shell and the rounded β leave a few meV.
  for (const auto& [number, s0, cohesive] : {std::tuple{13, 3.00, 3.28},
                                             {29, 2.67, 3.51},
                                             {47, 3.01, 2.96},
                                             {79, 3.00, 3.80},
                                             {28, 2.60, 4.44},
                                             {46, 2.87, 3.90},
                                             {78, 2.90, 5.85}}) {
    const double a = std::sqrt(2.0) * 1.809 * s0 * 0.52917721;
    const Prediction p = Emt().compute(fcc(number, a), everything);
    CHECK(std::abs(p.energies[0]) < 0.02);
    CHECK(largest(p.forces) < 1e-12);
    CHECK((*Emt().compute(fcc(number, 0.98 * a), everything).stress)[0] < 0.0);
    CHECK((*Emt().compute(fcc(number, 1.02 * a), everything).stress)[0] > 0.0);
    const Prediction atom = Emt().compute({.numbers = {number}, .positions = {{1, 2, 3}}, .cell = {}, .pbc = {}});
    CHECK(atom.energy == cohesive);
    CHECK(norm(atom.forces[0]) == 0.0);
  }
}

TEST_CASE("EMT fades out at its cutoff", "[potentials][emt]") {
  CHECK(Emt::cutoff() == Approx(1.809 * 3.01 * 0.5291772105638411 * (std::sqrt(3.0) + 2.0) / 2.0 + 0.5).epsilon(1e-15));
  for (const int number : {13, 29, 47, 79, 28, 46, 78, 1, 6, 7, 8}) {
    const auto dimer = [&](double r) {
      return Emt().compute({.numbers = {number, number}, .positions = {{0, 0, 0}, {r, 0, 0}}, .cell = {}, .pbc = {}});
    };
    const Prediction inside = dimer(Emt::cutoff() - 1e-9), outside = dimer(Emt::cutoff() + 1e-9);
    // As emt.hpp says; ASE's potential has this step, and so must ours.
    CHECK(std::abs(inside.energy - outside.energy) < (number == 13 ? 1.2e-3 : 3e-5));
    CHECK(std::abs(inside.forces[0][0]) < (number == 13 ? 0.015 : 5e-4));
    CHECK(norm(outside.forces[0]) == 0.0);
  }
  // An atom as the last to leave a crystal's atom: what the crystal feels of it.
  const auto far = [](double r) {
    Atoms atoms = metal_cluster(27, 1);
    atoms.positions.push_back(atoms.positions[13] + Vector3{r, 0, 0});
    atoms.positions.push_back(atoms.positions[13] + Vector3{r + 2.5, 0, 0});
    atoms.numbers.insert(atoms.numbers.end(), 2, 29);
    return Emt().compute(atoms);
  };
  CHECK(largest_difference(far(Emt::cutoff() - 5e-7).forces, far(Emt::cutoff() + 5e-7).forces) < 1e-5);
}

TEST_CASE("EMT refuses what it cannot compute", "[potentials][emt]") {
  check_coincident(Emt(), metal_cluster(10, 1), 1e-3);
  check_coincident(Emt(), metal_crystal(10, 1, alloy), 1e-3);
  Atoms iron = metal_cluster(5, 1);
  iron.numbers[3] = 26;
  for (const bool composed : {false, true}) {
    CHECK(message(Emt(), iron, composed) == "EMT knows Al Cu Ag Au Ni Pd Pt H C N O; not 'Fe' (atom 3)");
  }
  iron.numbers[3] = 0;
  CHECK_THROWS_AS(Emt().compute(iron), InputError);
  iron.numbers[3] = 29;
  CHECK(message(Emt(), iron, false, everything) == "stress needs a cell with volume; this structure has none");
  iron.positions.pop_back();
  CHECK_THROWS_AS(Emt().compute(iron), InputError);
  CHECK(Emt().compute(Atoms{}).energy == 0.0);
  CHECK(Emt::knows(78));
  CHECK(!Emt::knows(26));
}
