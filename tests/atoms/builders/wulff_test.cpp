#include "atoms/builders/wulff.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "atoms/builders/bulk.hpp"
#include "atoms/builders/sphere.hpp"
#include "atoms/editing.hpp"
#include "atoms/geometry.hpp"
#include "atoms/neighbors.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The largest coordinate along a direction, Angstrom.
double extent(const Atoms& atoms, const Vector3& direction) {
  double largest = 0.0;
  for (const Vector3& r : atoms.positions) largest = std::max(largest, dot(r, direction) / norm(direction));
  return largest;
}

const std::vector<SurfaceEnergy> silver_faces = {{{1, 0, 0}, 1.1}, {{1, 1, 1}, 1.0}};

/// All faces of the family of (h k i l), as unit normals.
std::vector<Vector3> hexagonal_normals(const Cell& cell, const std::array<int, 3>& face) {
  const Cell star = reciprocal(cell);
  std::array<int, 3> around{face[0], face[1], -face[0] - face[1]};
  std::ranges::sort(around);
  std::vector<Vector3> normals;
  do {
    for (const int signs : {0, 1, 2, 3}) {
      const double in_plane = signs % 2 == 0 ? 1.0 : -1.0, along = signs / 2 == 0 ? 1.0 : -1.0;
      const Vector3 g = in_plane * (around[0] * star[0] + around[1] * star[1]) + along * face[2] * star[2];
      normals.push_back((1.0 / norm(g)) * g);
    }
  } while (std::ranges::next_permutation(around).found);
  return normals;
}

/// The particle of a size by its definition: every atom of a ball is held against every face.
std::size_t atoms_within(const Atoms& ball, const Cell& cell, const std::vector<SurfaceEnergy>& faces, double size) {
  std::size_t count = 0;
  for (const Vector3& r : ball.positions) {
    bool inside = true;
    for (const SurfaceEnergy& face : faces) {
      for (const Vector3& n : hexagonal_normals(cell, face.miller)) {
        inside = inside && dot(n, r) <= size * face.energy + 1e-9;
      }
    }
    count += inside ? 1 : 0;
  }
  return count;
}

/// How many atoms are at most so many bonds away from the first.
std::size_t within_bonds(const Atoms& crystal, double bond, std::size_t bonds) {
  const NeighborList list = neighbor_list(crystal, 1.1 * bond);
  std::set<std::uint32_t> reached{0};
  for (std::size_t n = 0; n < bonds; ++n) {
    const std::set<std::uint32_t> before = reached;
    for (const std::uint32_t i : before) {
      for (std::size_t e = list.offsets[i]; e < list.offsets[i + 1]; ++e) reached.insert(list.index[e]);
    }
  }
  return reached.size();
}

}  // namespace

TEST_CASE("Wulff particles have ASE's sizes", "[atoms][builders][nanoparticles][wulff]") {
  struct Case {
    Crystal crystal;
    std::vector<SurfaceEnergy> faces;
    std::vector<std::size_t> counts;  ///< above, below, closest for 1, 20, 80, 300, 1000, 5000 atoms
  };
  using S = std::vector<SurfaceEnergy>;
  const S two = {{{1, 0, 0}, 1.1}, {{1, 1, 1}, 1.0}};
  const S three = {{{1, 0, 0}, 1.0}, {{1, 1, 0}, 0.95}, {{1, 1, 1}, 1.2}};
  const S open = {{{1, 1, 0}, 2.4}, {{1, 0, 0}, 2.45}};
  const S high = {{{1, 0, 0}, 0.9}, {{1, 1, 1}, 1.0}, {{2, 1, 0}, 0.97}};
  // ASE: len(wulff_construction(element, surfaces, energies, size, structure, rounding=…))
  const std::vector<Case> cases = {
      {Crystal::fcc, two, {1, 1, 1, 55, 19, 19, 147, 79, 79, 309, 201, 309, 1139, 807, 1139, 5341, 4957, 4957}},
      {Crystal::fcc, three, {1, 1, 1, 43, 19, 19, 87, 43, 87, 393, 273, 273, 1055, 827, 1055, 5109, 4869, 5109}},
      {Crystal::fcc, high, {1, 1, 1, 43, 19, 19, 87, 63, 87, 321, 297, 297, 1151, 983, 983, 5185, 4849, 4849}},
      {Crystal::bcc, two, {1, 1, 1, 27, 15, 15, 89, 59, 89, 331, 259, 331, 1037, 885, 1037, 5225, 4793, 4793}},
      {Crystal::bcc, three, {1, 1, 1, 27, 15, 15, 137, 65, 65, 331, 277, 277, 1021, 925, 1021, 5541, 4461, 4461}},
      {Crystal::bcc, open, {1, 1, 1, 35, 15, 15, 145, 65, 65, 339, 285, 285, 1021, 925, 1021, 5255, 4311, 5255}},
      {Crystal::sc, two, {1, 1, 1, 25, 19, 19, 93, 57, 93, 341, 263, 263, 1045, 895, 1045, 5141, 4481, 5141}},
      {Crystal::sc, open, {1, 1, 1, 27, 7, 27, 81, 33, 81, 329, 275, 275, 1023, 787, 1023, 5601, 4717, 4717}},
      {Crystal::sc, high, {1, 1, 1, 27, 19, 19, 81, 33, 81, 365, 281, 281, 1015, 967, 1015, 5107, 4723, 5107}}};
  for (const Case& one : cases) {
    CAPTURE(name(one.crystal), one.faces.size(), one.faces[0].energy);
    std::vector<std::size_t> found;
    for (const std::size_t wanted : {1, 20, 80, 300, 1000, 5000}) {
      for (const Rounding rounding : {Rounding::above, Rounding::below, Rounding::closest}) {
        found.push_back(
            wulff("Ag", one.faces, wanted, {.crystal = one.crystal, .a = 4.0, .rounding = rounding}).size());
      }
    }
    CHECK(found == one.counts);
  }
  // Cubes of 1, 27, 125, … atoms: 14 is as far from one as from the other, and the smaller one counts.
  CHECK(wulff("Po", std::vector<SurfaceEnergy>{{{1, 0, 0}, 1.0}}, 14).size() == 1);
  CHECK(wulff("Po", std::vector<SurfaceEnergy>{{{1, 0, 0}, 1.0}}, 15).size() == 27);
}

TEST_CASE("Wulff faces are as far out as their energies say", "[atoms][builders][nanoparticles][wulff]") {
  const Atoms atoms = wulff("Ag", silver_faces, 100000, {.a = 4.09});
  const double hundred = extent(atoms, {1, 0, 0}), hundred_eleven = extent(atoms, {1, 1, 1});
  // Each is off by half a layer at most: 1.0 and 1.2 A of 70.
  CHECK(hundred / hundred_eleven == Approx(1.1).epsilon(0.03));
  CHECK(norm(center(atoms)) < 1e-9);
  CHECK(smallest_distance(wulff("Fe", silver_faces, 500)) == Approx(2.87 * std::sqrt(3.0) / 2.0));  // Fe is bcc
  // Multiples, orders and signs of the indices mean the same family; so do other units of energy.
  const std::vector<SurfaceEnergy> same = {{{0, -2, 0}, 1.1 * 0.0624}, {{-3, 3, -3}, 0.0624}};
  CHECK(wulff("Ag", same, 300) == wulff("Ag", silver_faces, 300));
  // Very unlike energies: only one face is left, a cube of (2n+1)³ unit cells.
  const std::vector<SurfaceEnergy> cube = {{{1, 0, 0}, 1.0}, {{1, 1, 1}, 900.0}};
  CHECK(wulff("Po", cube, 30, {.crystal = Crystal::sc, .a = 3.35}).size() == 27);
}

TEST_CASE("hexagonal Wulff particles follow their definition", "[atoms][builders][nanoparticles][wulff]") {
  const std::vector<std::vector<SurfaceEnergy>> choices = {
      {{miller_bravais(0, 0, 0, 1), 0.55}, {miller_bravais(1, 0, -1, 0), 0.6}},
      {{miller_bravais(1, 0, -1, 1), 1.0}},
      {{miller_bravais(0, 0, 0, 1), 0.54}, {miller_bravais(1, 0, -1, 0), 0.63}, {miller_bravais(1, 0, -1, 1), 0.64}},
      {{miller_bravais(1, 1, -2, 0), 1.0}, {miller_bravais(0, 1, -1, 2), 0.9}},
      {{miller_bravais(2, 1, -3, 1), 1.0}, {miller_bravais(0, 0, 0, 1), 0.7}}};
  const Atoms cell = bulk("Mg");
  const Atoms ball = sphere(cell, 45.0);
  for (const std::vector<SurfaceEnergy>& faces : choices) {
    CAPTURE(faces[0].miller, faces.size());
    for (const std::size_t wanted : {1, 20, 150, 700}) {
      const Atoms above = wulff("Mg", faces, wanted, {.rounding = Rounding::above});
      const Atoms below = wulff("Mg", faces, wanted, {.rounding = Rounding::below});
      const Atoms closest = wulff("Mg", faces, wanted);
      CHECK(above.size() >= wanted);
      CHECK(below.size() <= wanted);
      CHECK(closest.size() == (above.size() - wanted < wanted - below.size() ? above : below).size());
      // The size is what the farthest atom says; just below it is the next smaller particle.
      double size = 0.0;
      for (const SurfaceEnergy& face : faces) {
        for (const Vector3& n : hexagonal_normals(cell.cell, face.miller)) {
          size = std::max(size, extent(above, n) / face.energy);
        }
      }
      CHECK(atoms_within(ball, cell.cell, faces, size) == above.size());
      if (above.size() > wanted) CHECK(atoms_within(ball, cell.cell, faces, size * (1.0 - 1e-6)) == below.size());
      // Atoms lie in the crystal: each is at the place of one of the ball, and none twice.
      CHECK(norm(center(above)) < 1e-9);
      Atoms both = ball;
      both.numbers.insert(both.numbers.end(), above.numbers.begin(), above.numbers.end());
      both.positions.insert(both.positions.end(), above.positions.begin(), above.positions.end());
      CHECK(neighbor_list(both, 1e-6).size() == 2 * above.size());
    }
  }
}

TEST_CASE("hexagonal Wulff particles of known shape", "[atoms][builders][nanoparticles][wulff]") {
  // A hexagonal prism around an atom, n rows from the axis to each side face: its planes have 3n² + 3n + 1 and 3n²
  // atoms in turn.
  const double a = 3.0, c = std::sqrt(8.0 / 3.0) * a, row = std::sqrt(3.0) / 2.0 * a;
  const WulffOptions options{.crystal = Crystal::hcp, .a = a};
  for (const auto& [n, planes] : {std::pair{1, 1}, {2, 2}, {3, 4}, {6, 3}, {4, 9}}) {
    CAPTURE(n, planes);
    const std::vector<SurfaceEnergy> prism = {{miller_bravais(1, 0, -1, 0), n * row},
                                              {miller_bravais(0, 0, 0, 1), planes * 0.5 * c}};
    std::size_t expected = 0;
    for (int k = -planes; k <= planes; ++k) expected += std::size_t(k % 2 == 0 ? 3 * n * n + 3 * n + 1 : 3 * n * n);
    const Atoms atoms = wulff("Cu", prism, expected, options);
    CHECK(atoms.size() == expected);
    for (const Rounding rounding : {Rounding::above, Rounding::below}) {  // there is nothing to round
      CHECK(wulff("Cu", prism, expected, {.crystal = Crystal::hcp, .a = a, .rounding = rounding}).size() == expected);
    }
    CHECK(extent(atoms, {0, 0, 1}) == Approx(planes * 0.5 * c));
    CHECK(extent(atoms, {0, 1, 0}) == Approx(n * row));  // (1,0,-1,0) is across a1
  }
  // The atoms at most n bonds from one, the "crystal ball" of hcp (OEIS A007202), are a hexagonal bipyramid cut by
  // (0001) as long as n < 5, with the faces of the 13 atoms of n = 1.
  const std::vector<SurfaceEnergy> bipyramid = {{miller_bravais(0, 0, 0, 1), std::sqrt(2.0 / 3.0)},
                                                {miller_bravais(1, 0, -1, 1), 7.0 / 6.0 / std::sqrt(41.0 / 24.0)}};
  const Atoms crystal = sphere(bulk("Cu", {.crystal = Crystal::hcp, .a = 3.0}), 15.5);
  const std::vector<std::size_t> numbers = {1, 13, 57, 153, 323};
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    CHECK(within_bonds(crystal, 3.0, n) == numbers[n]);
    CHECK(wulff("Cu", bipyramid, numbers[n], options).size() == numbers[n]);
  }
}

TEST_CASE("hexagonal Wulff faces are as far out as their energies say", "[atoms][builders][nanoparticles][wulff]") {
  const std::vector<SurfaceEnergy> faces = {
      {miller_bravais(0, 0, 0, 1), 0.54}, {miller_bravais(1, 0, -1, 0), 0.63}, {miller_bravais(1, 0, -1, 1), 0.64}};
  const Atoms atoms = wulff("Mg", faces, 200000);
  const Cell cell = bulk("Mg").cell;
  const double basal = extent(atoms, {0, 0, 1});
  for (const SurfaceEnergy& face : faces) {
    CAPTURE(face.miller);
    // The outermost plane is less than the thickest gap between planes, 2.6 A, inside the face, of 90 A.
    for (const Vector3& n : hexagonal_normals(cell, face.miller)) {
      CHECK(extent(atoms, n) / basal == Approx(face.energy / 0.54).epsilon(0.03));
    }
  }
}

TEST_CASE("Wulff's construction names what it refuses", "[atoms][builders][nanoparticles][wulff][errors]") {
  using S = std::vector<SurfaceEnergy>;
  CHECK_THROWS_WITH(wulff("Cu", S{}, 100), ContainsSubstring("no faces"));
  CHECK_THROWS_WITH(wulff("Cu", S{{{0, 0, 0}, 1.0}}, 100), ContainsSubstring("(0,0,0) is not a face"));
  CHECK_THROWS_WITH(wulff("Cu", S{{{1, 0, 0}, -1.0}}, 100),
                    ContainsSubstring("face (1,0,0) must be positive, found -1"));
  CHECK_THROWS_WITH(wulff("Cu", S{{{1, 0, 0}, std::nan("")}}, 100), ContainsSubstring("found nan"));
  CHECK_THROWS_WITH(wulff("Cu", S{{{1, 0, 0}, 1.0}, {{0, -2, 0}, 2.0}}, 100),
                    ContainsSubstring("face (0,-2,0) is of the family of (1,0,0)"));
  CHECK_THROWS_WITH(wulff("Cu", S{{{1, 0, 0}, 1.0}, {{1, 1, 0}, 2000.0}}, 100), ContainsSubstring("1000-fold"));
  CHECK_THROWS_WITH(wulff("Cu", S{{{1000, 0, 0}, 1.0}}, 100), ContainsSubstring("(1000,0,0)"));
  CHECK_THROWS_WITH(wulff("Cu", silver_faces, 0), ContainsSubstring("atoms must be between 1 and 10 million"));
  CHECK_THROWS_WITH(wulff("Si", silver_faces, 100), ContainsSubstring("must be sc, fcc, bcc or hcp, found diamond"));
  CHECK_THROWS_WITH(wulff("Mn", silver_faces, 100), ContainsSubstring("give sc, fcc, bcc or hcp"));
  CHECK_THROWS_WITH(wulff("Cu", silver_faces, 100, {.c = 4.0}), ContainsSubstring("has no lattice constant c"));
  CHECK_THROWS_WITH(rounding_named("up"), ContainsSubstring("expected closest, above or below"));
  CHECK(rounding_named(name(Rounding::above)) == Rounding::above);

  const auto hcp = [](std::vector<SurfaceEnergy> faces) { return wulff("Mg", faces, 100); };
  CHECK_THROWS_WITH(miller_bravais(1, 0, 1, 0),
                    "the face (1,0,1,0) does not exist: the first three indices must add up to 0");
  CHECK_THROWS_WITH(hcp({{{0, 0, 1}, 1.0}}), ContainsSubstring("(0,0,0,1) alone encloses no particle"));
  CHECK_THROWS_WITH(hcp({{{1, 0, 0}, 1.0}, {{1, 1, 0}, 1.0}}), ContainsSubstring("faces along the c axis alone"));
  CHECK_THROWS_WITH(hcp({{{1, 0, 1}, 1.0}, {{-1, 1, -1}, 1.0}}),
                    ContainsSubstring("face (-1,1,0,-1) is of the family of (1,0,-1,1)"));
  CHECK_THROWS_WITH(hcp({{{2000000000, 2000000000, 1}, 1.0}}),
                    ContainsSubstring("(2000000000,2000000000,-4000000000,1)"));
  CHECK_THROWS_WITH(wulff("Mg", std::vector<SurfaceEnergy>{{{1, 0, 1}, 1.0}}, 100, {.c = -1.0}),
                    ContainsSubstring("lattice constant c"));
}
