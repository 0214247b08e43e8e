#include "atoms/builders/nanoparticles.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "atoms/builders/bulk.hpp"
#include "atoms/builders/sphere.hpp"
#include "atoms/builders/wulff.hpp"
#include "atoms/editing.hpp"
#include "atoms/geometry.hpp"
#include "core/error.hpp"
#include "tests/atoms/builders/shells.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// How many atoms have how many neighbours closer than `cutoff`.
std::map<std::size_t, int> coordination_histogram(const Atoms& atoms, double cutoff) {
  std::map<std::size_t, int> histogram;
  for (const std::size_t n : coordination_numbers(atoms, cutoff)) ++histogram[n];
  return histogram;
}

}  // namespace

TEST_CASE("nanoparticles of the reference", "[atoms][builders][nanoparticles]") {
  check_reference("ico_Ag_2", icosahedron("Ag", 2, {.a = 4.09}));
  check_reference("ico_Ni_3", icosahedron("Ni", 3, {.a = 3.52}));
  check_reference("octa_Al_5_1", octahedron("Al", 5, 1, {.a = 4.05}));
  check_reference("deca_Pd_321", decahedron("Pd", 3, 2, 1, {.a = 3.89}));
  check_reference("wulff_Ag_80", wulff("Ag", std::vector<SurfaceEnergy>{{{1, 0, 0}, 1.1}, {{1, 1, 1}, 1.0}}, 80,
                                       {.a = 4.09, .rounding = Rounding::above}));
}

TEST_CASE("icosahedra have magic numbers", "[atoms][builders][nanoparticles]") {
  const std::vector<std::size_t> magic = {1, 13, 55, 147, 309, 561, 923};  // Mackay
  for (std::size_t n = 0; n < magic.size(); ++n) CHECK(icosahedron("Cu", int(n) + 1).size() == magic[n]);
  // 147: the inner 55 are full, then 20 · 1 on faces, 30 · 2 on edges, 12 vertices with 9, 8, 6 neighbours.
  const Atoms atoms = icosahedron("Cu", 4, {.a = 3.61});
  CHECK(coordination_histogram(atoms, 3.0) == std::map<std::size_t, int>{{12, 55}, {9, 20}, {8, 60}, {6, 12}});
  CHECK(norm(center(atoms)) < 1e-12);
  CHECK(smallest_distance(atoms) == Approx(3.61 / std::sqrt(2.0)).epsilon(1e-12));
  CHECK(icosahedron("Cu", 4) == atoms);  // the known lattice constant
}

TEST_CASE("decahedra", "[atoms][builders][nanoparticles]") {
  // (p, q, r) and ASE's len(Decahedron('Pd', p, q, r, 3.89)); (p, 1, 0) are the magic 7, 23, 54, 105
  const std::vector<std::pair<std::array<int, 3>, std::size_t>> counts = {
      {{1, 1, 0}, 1},   {{1, 1, 1}, 18},   {{1, 2, 3}, 278}, {{2, 1, 0}, 7},  {{2, 4, 1}, 127},
      {{3, 1, 0}, 23},  {{3, 2, 0}, 39},   {{3, 4, 3}, 947}, {{4, 1, 0}, 54}, {{5, 1, 0}, 105},
      {{5, 2, 1}, 383}, {{5, 4, 3}, 1734}, {{2, 2, 2}, 212}, {{1, 4, 0}, 4},  {{2, 2, 1}, 75}};
  for (const auto& [pqr, count] : counts) {
    CAPTURE(pqr[0], pqr[1], pqr[2]);
    const Atoms atoms = decahedron("Pd", pqr[0], pqr[1], pqr[2], {.a = 3.89});
    CHECK(atoms.size() == count);
    CHECK(norm(center(atoms)) < 1e-12);
    if (count > 1) CHECK(smallest_distance(atoms) == Approx(3.89 / std::sqrt(2.0)).epsilon(1e-12));
  }
}

TEST_CASE("octahedra and their kin", "[atoms][builders][nanoparticles]") {
  // (length, cutoff) and ASE's len(Octahedron('Al', length, cutoff, 4.05))
  const std::vector<std::pair<std::array<int, 2>, std::size_t>> counts = {
      {{1, 0}, 1},   {{2, 0}, 6},   {{4, 0}, 44},   {{4, 1}, 38},   {{7, 2}, 201}, {{7, 3}, 147},
      {{9, 1}, 483}, {{9, 4}, 309}, {{10, 0}, 670}, {{10, 3}, 586}, {{10, 4}, 490}};
  for (const auto& [shape, count] : counts) {
    CAPTURE(shape[0], shape[1]);
    const Atoms atoms = octahedron("Al", shape[0], shape[1]);
    CHECK(atoms.size() == count);
    CHECK(norm(center(atoms)) < 1e-12);
    if (count > 1) CHECK(smallest_distance(atoms) == Approx(4.05 / std::sqrt(2.0)).epsilon(1e-12));
  }
  // The regular truncated octahedron of 201 atoms: 24 corners with 6 neighbours, edges between (111) faces with 7.
  const Atoms truncated = octahedron("Al", 7, 2, {.a = 4.05});
  CHECK(coordination_histogram(truncated, 3.3).at(6) == 24);
  const std::vector<std::size_t> magic = {1, 13, 55, 147, 309};
  for (std::size_t n = 0; n < magic.size(); ++n) CHECK(cuboctahedron("Al", int(n) + 1).size() == magic[n]);
  CHECK(coordination_histogram(cuboctahedron("Al", 2), 3.0) == std::map<std::size_t, int>{{12, 1}, {5, 12}});
}

TEST_CASE("balls cut from crystals", "[atoms][builders][nanoparticles][sphere]") {
  // fcc shells around an atom: 1, 12, 6, 24, 12; around the octahedral hole: 6, 8, 24, 24
  const Atoms copper = bulk("Cu", {.a = 3.6});
  const double d = 3.6 / std::sqrt(2.0);
  CHECK(sphere(copper, 0.5).size() == 1);
  CHECK(sphere(copper, d).size() == 13);  // the surface belongs to the ball
  CHECK(sphere(copper, 1.45 * d).size() == 19);
  CHECK(sphere(copper, 1.75 * d).size() == 43);
  CHECK(sphere(copper, 2.01 * d).size() == 55);
  const Vector3 hole = largest_hole(copper);
  CHECK(sphere(copper, 1.81, hole).size() == 6);
  CHECK(sphere(copper, 3.2, hole).size() == 14);
  CHECK(sphere(copper, 1.79, hole).size() == 0);
  // The cell it is cut from does not matter, and distances ascend.
  const Atoms large = sphere(bulk("Cu", {.a = 3.6, .setting = Setting::conventional}), 15.0);
  CHECK(large.size() == sphere(copper, 15.0).size());
  CHECK(std::ranges::is_sorted(large.positions, {}, [](const Vector3& r) { return std::round(1e6 * norm(r)); }));
  CHECK(large.cell == Cell{});
  // Rock salt around a cation: 1 Na, 6 Cl, 12 Na, 8 Cl.
  const Atoms salt = sphere(bulk("NaCl", {.a = 5.64}), 5.64 * 0.9);
  CHECK(chemical_formula(salt) == "Cl14Na13");
  CHECK(salt.numbers[0] == 11);

  // bcc: tetrahedral holes at (1/2, 1/4, 0) a, sqrt(5)/4 a from the atoms; diamond: sqrt(3)/4 a.
  const Atoms iron = bulk("Fe", {.a = 2.87});
  CHECK(sphere(iron, 2.87 * std::sqrt(5.0) / 4.0, largest_hole(iron)).size() == 4);
  // Nearly all of a box is a hole: its middle.
  Atoms box{.numbers = {2}, .positions = {{1, 1, 1}}, .cell = orthorhombic(3, 3, 9), .pbc = {true, true, true}};
  const double half_diagonal = 0.5 * std::sqrt(9.0 + 9.0 + 81.0);
  CHECK(norm(MinimumImage(box)(largest_hole(box) - box.positions[0])) == Approx(half_diagonal));
  box.cell[2] = {30, 21, 9};  // the same lattice
  CHECK(norm(MinimumImage(box)(largest_hole(box) - box.positions[0])) == Approx(half_diagonal));
  const Atoms diamond = bulk("C", {.a = 3.57, .setting = Setting::conventional});
  CHECK(sphere(diamond, 3.57 * std::sqrt(3.0) / 4.0, largest_hole(diamond)).size() == 4);
}

TEST_CASE("particle builders name what they refuse", "[atoms][builders][nanoparticles][errors]") {
  CHECK_THROWS_WITH(icosahedron("Cu", 0), "icosahedron: shells must be between 1 and 311, found 0");
  CHECK_THROWS_WITH(icosahedron("Cu", 1000000000), ContainsSubstring("found 1000000000"));
  CHECK_THROWS_WITH(icosahedron("Cu", 3, {.a = 0.0}), ContainsSubstring("found 0"));
  CHECK_THROWS_WITH(icosahedron("Xx", 3), ContainsSubstring("did you mean 'Xe'"));
  CHECK_THROWS_AS(icosahedron("Fe", 3), InputError);  // iron is bcc: its fcc lattice constant must be given
  CHECK(icosahedron("Fe", 3, {.a = 3.6}).size() == 55);
  CHECK_THROWS_WITH(decahedron("Cu", 0, 1, 0), "decahedron: p must be between 1 and 10000, found 0");
  CHECK_THROWS_WITH(decahedron("Cu", 1, -1, 0), ContainsSubstring("q must be between 1"));
  CHECK_THROWS_WITH(decahedron("Cu", 1, 1, -1), ContainsSubstring("r must be between 0"));
  CHECK_THROWS_WITH(decahedron("Cu", 5000, 10000, 9), ContainsSubstring("at most 100 million"));
  CHECK_THROWS_WITH(octahedron("Cu", 5, 3), "octahedron: cutoff must be between 0 and (length - 1)/2 = 2, found 3");
  CHECK_THROWS_WITH(octahedron("Cu", 5, -1), ContainsSubstring("found -1"));
  CHECK_THROWS_WITH(octahedron("Cu", 0), ContainsSubstring("length must be between 1 and 531, found 0"));
  CHECK_THROWS_WITH(octahedron("Cu", 2000000000), ContainsSubstring("length"));
  CHECK_THROWS_WITH(cuboctahedron("Cu", 0), ContainsSubstring("shells must be between 1 and 266, found 0"));

  CHECK_THROWS_WITH(sphere(bulk("Cu"), 0.0), ContainsSubstring("radius must be above 0"));
  CHECK_THROWS_WITH(sphere(bulk("Cu"), 1e5), ContainsSubstring("at most 100 million"));
  CHECK_THROWS_WITH(sphere(octahedron("Cu", 3), 5.0), ContainsSubstring("periodic along a, b and c"));
  CHECK_THROWS_WITH(largest_hole(Atoms{}), ContainsSubstring("no atoms"));
}
