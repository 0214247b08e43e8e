// Tests optim/superposition.cpp, optim/structure_comparison.cpp and optim/minima_archive.cpp.
#include "optim/structure_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "optim/basin_hopping.hpp"
#include "optim/clusters.hpp"
#include "optim/minima_archive.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

std::vector<Vector3> random_points(std::size_t n, Random& random) {
  std::vector<Vector3> points(n);
  for (Vector3& p : points) p = {random.normal(), random.normal(), random.normal()};
  return points;
}

/// A random rotation as rows: three directions made orthogonal.
std::array<Vector3, 3> random_rotation(Random& random) {
  const Vector3 e0 = random.direction();
  Vector3 e1 = random.direction();
  e1 -= dot(e0, e1) * e0;
  e1 = (1.0 / norm(e1)) * e1;
  return {e0, e1, cross(e0, e1)};
}

Atoms structure(std::vector<int> numbers, std::vector<Vector3> positions) {
  return {.numbers = std::move(numbers), .positions = std::move(positions)};
}

/// The same structure turned, moved, its atoms in another order, each displaced by up to `jiggle`; maybe mirrored.
Atoms disguised(const Atoms& atoms, Random& random, double jiggle, bool mirror) {
  const std::array<Vector3, 3> rotation = random_rotation(random);
  const Vector3 shift{random.normal(), random.normal(), random.normal()};
  std::vector<std::size_t> order(atoms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  random.shuffle(std::span(order));
  Atoms result = atoms;
  for (std::size_t i = 0; i < order.size(); ++i) {
    Vector3 x = atoms.positions[order[i]];
    if (mirror) x[0] = -x[0];
    result.numbers[i] = atoms.numbers[order[i]];
    result.positions[i] = product(rotation, x) + shift + (jiggle * random.uniform()) * random.direction();
  }
  return result;
}

/// The lowest minimum that a short search finds.
Atoms lj_cluster(std::size_t n, std::size_t hops) {
  BasinHoppingOptions options;
  options.hops = hops;
  options.random_start = true;
  options.bond_length = 1.12;
  return basin_hopping(structure(std::vector<int>(n, 18), std::vector<Vector3>(n)), LennardJones(), options).best;
}

}  // namespace

TEST_CASE("one atom out of place is enough to differ, fixed or periodic", "[optim][comparison]") {
  Atoms a;
  for (int i = 0; i < 27; ++i) {
    a.numbers.push_back(18);
    a.positions.push_back({2.0 * (i % 3), 2.0 * (i / 3 % 3), 2.0 * (i / 9)});
  }
  a.cell = orthorhombic(6, 6, 6);
  for (const bool periodic : {false, true}) {
    a.pbc = {periodic, periodic, periodic};
    Atoms b = a;
    b.positions[4][1] += 0.19;
    CHECK(match(a, b, {.tolerance = 0.2, .movable = false}));
    b.positions[4][1] += 0.02;  // 0.21 Å for one atom; 0.04 Å in the mean of squares
    CHECK(!match(a, b, {.tolerance = 0.2, .movable = false}));
    if (!periodic) continue;
    b.positions[4][1] += 0.02;  // shifting all takes back a twenty-seventh
    CHECK(!match(a, b, {.tolerance = 0.2}));
  }
}

TEST_CASE("superposition finds a rotation and a shift again", "[optim][comparison]") {
  Random random(1);
  for (const std::size_t n : {1, 2, 3, 4, 20}) {
    for (const bool mirror : {false, true}) {
      const std::vector<Vector3> b = random_points(n, random);
      const std::array<Vector3, 3> rotation = random_rotation(random);
      std::vector<Vector3> a = b;
      for (Vector3& x : a) x = product(rotation, mirror ? -x : x) + Vector3{1, 2, 3};
      const Superposition s = superpose(a, b, mirror);
      INFO(n << " points, mirrored " << mirror);
      CHECK(s.rms < 1e-13);
      CHECK(s.mirrored == mirror);
      CHECK(dot(s.rotation[0], cross(s.rotation[1], s.rotation[2])) == Approx(mirror ? -1.0 : 1.0));
      for (std::size_t k = 0; k < n; ++k) CHECK(norm(product(s.rotation, b[k]) + s.shift - a[k]) < 1e-13);
      if (n == 20) CHECK(superpose(a, b, !mirror).rms > 0.1);
    }
  }
  CHECK_THROWS_AS(superpose(random_points(3, random), random_points(4, random)), ShapeError);
}

TEST_CASE("no other rotation is better than the one found", "[optim][comparison]") {
  Random random(2);
  const std::vector<Vector3> a = random_points(9, random), b = random_points(9, random);
  const Superposition best = superpose(a, b);
  for (int i = 0; i < 2000; ++i) {
    const std::array<Vector3, 3> rotation = random_rotation(random);
    double sum = 0.0;
    for (std::size_t k = 0; k < 9; ++k) {
      const Vector3 d = product(rotation, b[k] - middle(b)) - (a[k] - middle(a));
      sum += dot(d, d);
    }
    CHECK(std::sqrt(sum / 9.0) >= best.rms);
  }
}

TEST_CASE("assignment is the cheapest of all permutations", "[optim][comparison]") {
  Random random(3);
  for (std::size_t n = 0; n <= 6; ++n) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::vector<double> cost(n * n);
      for (double& c : cost) c = repeat % 2 == 0 ? random.normal() : static_cast<double>(random.below(4));  // with ties
      const auto total = [&](const std::vector<std::size_t>& column) {
        double sum = 0.0;
        for (std::size_t row = 0; row < n; ++row) sum += cost[row * n + column[row]];
        return sum;
      };
      std::vector<std::size_t> permutation(n);
      std::iota(permutation.begin(), permutation.end(), std::size_t{0});
      std::vector<std::size_t> found = assign(cost, n);
      double least = total(permutation);
      do least = std::min(least, total(permutation));
      while (std::ranges::next_permutation(permutation).found);
      CHECK(total(found) == Approx(least).margin(1e-12));
      std::ranges::sort(found);
      CHECK(found == permutation);  // sorted again after the last permutation
    }
  }
  CHECK_THROWS_AS(assign(std::vector<double>(5), 2), ShapeError);
}

TEST_CASE("structures are recognised in any disguise", "[optim][comparison]") {
  Random random(4);
  std::vector<Atoms> cases = {
      structure({18}, {{0, 0, 0}}),
      structure({6, 8}, {{0, 0, 0}, {1.13, 0, 0}}),
      structure({8, 6, 8}, {{-1.16, 0, 0}, {0, 0, 0}, {1.16, 0, 0}}),
      structure({1, 6, 6, 1}, {{-1.66, 0, 0}, {-0.6, 0, 0}, {0.6, 0, 0}, {1.66, 0, 0}}),
      structure({8, 1, 1}, {{0, 0, 0.12}, {0, 0.76, -0.48}, {0, -0.76, -0.48}}),
      structure(std::vector<int>(6, 6), {{1, 1, 0}, {1, -1, 0}, {-1, 1, 0}, {-1, -1, 0}, {0, 0, 1.4}, {0, 0, -1.4}}),
      lj_cluster(13, 30),
      lj_cluster(19, 60),
      lj_cluster(23, 5),
      lj_cluster(38, 20),
      lj_cluster(55, 100)};
  Atoms alloy = lj_cluster(30, 3);
  for (std::size_t i = 0; i < alloy.size(); ++i) alloy.numbers[i] = i % 3 == 0 ? 79 : 29;
  cases.push_back(alloy);
  for (const Atoms& atoms : cases) {
    for (int repeat = 0; repeat < 10; ++repeat) {
      const Atoms other = disguised(atoms, random, 0.03, repeat % 2 == 1);
      INFO(chemical_formula(atoms) << ", disguise " << repeat);
      const std::optional<Superposition> s = match(atoms, other);
      REQUIRE(s.has_value());
      CHECK(s->largest < 0.06);
      double largest = 0.0;
      std::vector<std::size_t> met = s->partner;
      for (std::size_t i = 0; i < atoms.size(); ++i) {
        CHECK(atoms.numbers[i] == other.numbers[s->partner[i]]);
        largest = std::max(largest,
                           norm(product(s->rotation, other.positions[s->partner[i]]) + s->shift - atoms.positions[i]));
      }
      CHECK(largest == Approx(s->largest).margin(1e-12));
      std::ranges::sort(met);
      CHECK(std::ranges::adjacent_find(met) == met.end());  // one to one
    }
  }
}

TEST_CASE("different structures do not match", "[optim][comparison]") {
  const Atoms straight = structure({6, 6, 8}, {{0, 0, 0}, {1.2, 0, 0}, {2.4, 0, 0}});
  CHECK(!match(straight, structure({6, 8, 6}, {{0, 0, 0}, {1.2, 0, 0}, {2.4, 0, 0}})));  // other element in the middle
  CHECK(!match(straight, structure({6, 6, 6}, {{0, 0, 0}, {1.2, 0, 0}, {2.4, 0, 0}})));
  CHECK(!match(straight, structure({6, 6}, {{0, 0, 0}, {1.2, 0, 0}})));
  CHECK(!match(straight, structure({6, 6, 8}, {{0, 0, 0}, {1.2, 0, 0}, {2.2, 0.9, 0}})));  // bent
  CHECK(match(straight, structure({6, 6, 8}, {{0, 0, 0}, {1.2, 0, 0}, {2.4, 0.2, 0}})));

  // One atom of a cluster on another site.
  Atoms atoms = lj_cluster(39, 20), other = atoms;
  const std::array<std::size_t, 1> one = {0};
  Random random(1);
  place_on_surface(other.positions, one, 1.12, random);
  CHECK(norm(other.positions[0] - atoms.positions[0]) > 0.4);
  CHECK(!match(atoms, other));
}

TEST_CASE("mirror images are equal or not as asked", "[optim][comparison]") {
  const Atoms right =
      structure({6, 1, 9, 17, 35}, {{0, 0, 0}, {0, 0, 1.1}, {1.2, 0, -0.4}, {-0.7, 1.4, -0.5}, {-0.8, -1.6, -0.6}});
  Atoms left = right;
  for (Vector3& x : left.positions) x[1] = -x[1];
  const std::optional<Superposition> s = match(right, left);
  REQUIRE(s.has_value());
  CHECK(s->mirrored);
  CHECK(s->largest < 1e-12);
  CHECK(!match(right, left, {.mirror = false}));
  CHECK(match(right, right, {.mirror = false}));
}

TEST_CASE("periodic structures are compared by their nearest images", "[optim][comparison]") {
  Random random(5);
  Atoms crystal = structure({11, 17, 11, 17}, {{0.1, 0.1, 0.1}, {2.8, 0, 0}, {2.8, 2.8, 0}, {0, 2.8, 0}});
  crystal.cell = {{{{5.6, 0, 0}, {1.0, 5.6, 0}, {0.5, 0.3, 5.6}}}};
  crystal.pbc = {true, true, true};
  Atoms other = crystal;
  std::swap(other.positions[0], other.positions[2]);
  for (Vector3& x : other.positions) {
    x += Vector3{3.3, 1.7, 0.4};
    for (const Vector3& a : crystal.cell.vectors) x += static_cast<double>(random.below(3)) * a;
  }
  CHECK(match(crystal, other));
  CHECK(!match(crystal, other, {.movable = false}));
  other.positions[1][2] += 0.6;
  CHECK(!match(crystal, other));
  other = crystal;
  other.cell[0][0] = 5.7;
  CHECK(!match(crystal, other));
  other = crystal;
  other.pbc = {true, true, false};
  CHECK(!match(crystal, other));
}

TEST_CASE("the archive counts the minima of small Lennard-Jones clusters exactly", "[optim][comparison]") {
  // Numbers of minima: C. J. Tsai and K. D. Jordan, J. Phys. Chem. 97, 11227 (1993). A hot walk meets all of them.
  const LennardJones potential;
  for (const auto& [n, expected] :
       {std::pair<std::size_t, std::size_t>{4, 1}, {5, 1}, {6, 2}, {7, 4}, {8, 8}, {9, 21}}) {
    MinimaArchive archive;
    std::size_t met = 0;
    BasinHoppingOptions options;
    options.hops = n < 9 ? 1500 : 6000;
    options.temperature = 5.0;
    options.random_start = true;
    options.bond_length = 1.12;
    options.fmax = 1e-3;
    options.progress = [&](const Hop& hop) {
      archive.add(*hop.structure, hop.energy, 0, hop.hop);
      met += std::isfinite(hop.energy);
    };
    const BasinHoppingResult r =
        basin_hopping(structure(std::vector<int>(n, 18), std::vector<Vector3>(n)), potential, options);
    INFO(n << " atoms");
    // A few relaxations end on a pass (the flat rhombus of four atoms); settling takes them away.
    const MinimaArchive minima = settled(archive, potential, 1e-6);
    CHECK(minima.size() == expected);
    std::size_t hits = 0;
    for (const Minimum& m : minima.minima()) hits += m.hits;
    CHECK(hits == met);
    CHECK(archive.minima().front().energy == Approx(r.best_energy).margin(1e-4));
    CHECK(std::ranges::is_sorted(archive.minima(), {}, &Minimum::energy));
    const Minimum* const best = archive.find(r.best, r.best_energy);
    REQUIRE(best != nullptr);
    CHECK(*best == archive.minima().front());
  }
}

TEST_CASE("what is held stays where it is while an archive settles", "[optim][comparison]") {
  Atoms three = structure({18, 18, 18}, {{0, 0, 0}, {1.12, 0, 0}, {0.56, 0.97, 0}});
  MinimaArchive archive;
  archive.add(three, -3.0);
  const std::vector<std::size_t> fixed{0, 2};
  const std::vector<Minimum> minima = settled(archive, LennardJones(), 1e-4, fixed).minima();
  REQUIRE(minima.size() == 1);
  for (const std::size_t i : fixed) CHECK(minima[0].atoms.positions[i] == three.positions[i]);
  CHECK(minima[0].atoms.positions[1] != three.positions[1]);
}

TEST_CASE("archives keep the lower of two copies, and the lowest of too many", "[optim][comparison]") {
  const auto dimer = [](double r) { return structure({18, 18}, {{0, 0, 0}, {r, 0, 0}}); };
  MinimaArchive archive;
  CHECK(archive.add(dimer(1.12), -0.999, 0, 3));
  CHECK(!archive.add(dimer(1.121), -1.0, 1, 5));
  CHECK(!archive.add(dimer(1.1), std::numeric_limits<double>::infinity()));
  REQUIRE(archive.size() == 1);
  CHECK(archive.minima()[0] == Minimum{.atoms = dimer(1.121), .energy = -1.0, .hits = 2, .walker = 0, .hop = 3});
  CHECK(archive.add(dimer(1.8), -1.0));    // same energy, other structure
  CHECK(archive.add(dimer(1.121), -0.9));  // same structure, other energy

  // Each lower copy is what the next is compared with.
  MinimaArchive drifting;
  for (int i = 0; i < 10; ++i) drifting.add(dimer(1.0 + 0.1 * i), -1.0 - 0.001 * i);
  CHECK(drifting.size() == 1);

  MinimaArchive few({}, 3);
  for (int i = 0; i < 100; ++i) few.add(dimer(1.0 + i), 0.1 * ((i * 37) % 100));
  CHECK(few.size() < 6);
  for (int i = 0; i < 3; ++i) CHECK(few.minima()[i].energy == Approx(0.1 * i));

  MinimaArchive both;
  both.add(archive);
  both.add(archive);
  CHECK(both.size() == 3);
  CHECK(both.find(dimer(1.121), -1.0)->hits == 4);

  // Who met it first is who needed the fewest hops, in whatever order walks are put together.
  MinimaArchive later, sooner;
  later.add(dimer(1.12), -1.0, 0, 60);
  sooner.add(dimer(1.12), -1.0, 2, 10);
  for (const bool swapped : {false, true}) {
    MinimaArchive all;
    all.add(swapped ? sooner : later);
    all.add(swapped ? later : sooner);
    CHECK(all.minima()[0].walker == 2);
    CHECK(all.minima()[0].hop == 10);
  }
}
