// Tests optim/moves.cpp: what each move changes and leaves alone, and the choice among them.
#include "optim/moves.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/error.hpp"
#include "optim/basin_hopping.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/argon.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<std::size_t> all(const Atoms& atoms) {
  std::vector<std::size_t> indices(atoms.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

std::vector<std::size_t> moved(const Atoms& before, const Atoms& after) {
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before.positions[i] != after.positions[i]) changed.push_back(i);
  }
  return changed;
}

double nearest(const Atoms& atoms, std::size_t i) {
  double least = 1e9;
  for (std::size_t j = 0; j < atoms.size(); ++j) {
    if (j != i) least = std::min(least, norm(atoms.positions[j] - atoms.positions[i]));
  }
  return least;
}

/// Ten atoms, three of which may be moved.
struct ThreeFree {
  LennardJones potential{};
  Atoms start = random_argon(10, 1);
  std::vector<std::size_t> free = {1, 4, 7};
  MoveContext context{
      .potential = potential, .free = free, .step = 0.3, .bond_length = argon_bond, .free_cluster = false};
};

}  // namespace

TEST_CASE_METHOD(ThreeFree, "the shake of one atom fills its sphere evenly and takes every free atom as often",
                 "[optim][moves]") {
  Random random(4);
  constexpr int tries = 6000;
  double share = 0.0;
  std::map<std::size_t, int> times;
  for (int k = 0; k < tries; ++k) {
    Atoms a = start;
    shake_one(a, context, random);
    const std::vector<std::size_t> atom = moved(start, a);
    REQUIRE(atom.size() == 1);
    ++times[atom[0]];
    share += std::pow(norm(a.positions[atom[0]] - start.positions[atom[0]]) / argon_bond, 3) / tries;
  }
  CHECK(std::abs(share - 0.5) < 4.0 / std::sqrt(12.0 * tries));  // the volume within is uniform on 0 … 1
  for (const std::size_t i : free) CHECK(std::abs(times[i] - tries / 3.0) < 4.0 * std::sqrt(tries * 2.0 / 9.0));
}

TEST_CASE_METHOD(ThreeFree, "shakes move the free atoms, by no more than they may", "[optim][moves]") {
  Random random(1);
  double farthest = 0.0;
  std::map<std::size_t, int> chosen;
  for (int i = 0; i < 200; ++i) {
    Atoms a = start;
    REQUIRE(shake_all(a, context, random));
    CHECK(moved(start, a) == free);
    for (const std::size_t k : free) {
      for (std::size_t c = 0; c < 3; ++c) CHECK(std::abs(a.positions[k][c] - start.positions[k][c]) <= 0.3);
    }
    a = start;
    REQUIRE(shake_one(a, context, random));
    REQUIRE(moved(start, a).size() == 1);
    const std::size_t one = moved(start, a).front();
    farthest = std::max(farthest, norm(a.positions[one] - start.positions[one]));
    ++chosen[one];
  }
  CHECK(farthest <= argon_bond);
  CHECK(farthest > 0.9 * argon_bond);
  REQUIRE(chosen.size() == 3);
  for (const std::size_t k : free) CHECK(chosen[k] > 40);  // of 200/3
}

TEST_CASE("the angular move takes the least bound atom to the surface", "[optim][moves]") {
  const LennardJones potential;
  Atoms start = random_argon(12, 3);
  for (Vector3& x : start.positions) x = 0.9 * x;
  start.positions[5] = {7.0, 0.0, 0.0};
  const std::vector<std::size_t> free = all(start);
  const MoveContext context{.potential = potential, .free = free, .bond_length = argon_bond};
  Random random(1);
  for (int i = 0; i < 20; ++i) {
    Atoms a = start;
    REQUIRE(move_least_bound(a, context, random));
    // A random start has pairs far too close, whose atoms may have higher energies than the one far away.
    const std::vector<double> energies = potential.compute(start, {.forces = false, .energies = true}).energies;
    const auto highest = static_cast<std::size_t>(std::ranges::max_element(energies) - energies.begin());
    CHECK(moved(start, a) == std::vector<std::size_t>{highest});
    CHECK(nearest(a, highest) == Approx(argon_bond));
  }
}

TEST_CASE("surface moves put loose atoms back in touch", "[optim][moves]") {
  const LennardJones potential;
  Atoms start = random_argon(20, 3);
  start.positions[7] = {9.0, 0.0, 0.0};
  const std::vector<std::size_t> free = all(start);
  const MoveContext context{.potential = potential, .free = free, .bond_length = argon_bond};
  Random random(1);
  for (int i = 0; i < 20; ++i) {
    Atoms a = start;
    REQUIRE(move_loose_atoms(a, context, random));
    const std::vector<std::size_t> changed = moved(start, a);
    CHECK(changed.size() <= 3);
    CHECK(std::ranges::count(changed, 7U) == 1);
    for (const std::size_t k : changed) CHECK(nearest(a, k) == Approx(argon_bond));
  }
}

TEST_CASE("a swap exchanges two atoms of different elements, or says that it cannot", "[optim][moves]") {
  const LennardJones potential;
  Atoms start = random_argon(8, 1);
  const std::vector<std::size_t> free = {0, 2, 3, 6};
  const MoveContext context{.potential = potential, .free = free};
  Random random(1);
  Atoms a = start;
  CHECK(!swap_elements(a, context, random));
  CHECK(a == start);

  start.numbers = {29, 79, 29, 79, 79, 29, 79, 29};
  std::map<std::vector<std::size_t>, int> pairs;
  for (int i = 0; i < 100; ++i) {
    a = start;
    REQUIRE(swap_elements(a, context, random));
    const std::vector<std::size_t> changed = moved(start, a);
    REQUIRE(changed.size() == 2);
    CHECK(a.numbers == start.numbers);
    CHECK(a.positions[changed[0]] == start.positions[changed[1]]);
    CHECK(a.positions[changed[1]] == start.positions[changed[0]]);
    CHECK(start.numbers[changed[0]] != start.numbers[changed[1]]);
    ++pairs[changed];
  }
  CHECK(pairs.size() == 4);  // 0 or 2 with 3 or 6
}

TEST_CASE("a twist turns one part rigidly against the other", "[optim][moves]") {
  const LennardJones potential;
  const Atoms start = random_argon(30, 1);
  const std::vector<std::size_t> free = all(start);
  const MoveContext context{.potential = potential, .free = free};
  Random random(1);
  Atoms a = start;
  REQUIRE(twist(a, context, random));
  const std::vector<std::size_t> changed = moved(start, a);
  CHECK(changed.size() > 5);
  CHECK(changed.size() < 25);
  double across = 0.0;
  for (std::size_t i = 0; i < 30; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double change = norm(a.positions[i] - a.positions[j]) - norm(start.positions[i] - start.positions[j]);
      const bool same_part = std::ranges::count(changed, i) == std::ranges::count(changed, j);
      if (same_part) CHECK(std::abs(change) < 1e-12);
      across = std::max(across, std::abs(change));
    }
  }
  CHECK(across > 0.1);
}

TEST_CASE("moves that need a free cluster leave others alone", "[optim][moves]") {
  const LennardJones potential;
  const Atoms start = random_argon(8, 1);
  const std::vector<std::size_t> free = {0, 2, 3, 6};
  const MoveContext context{.potential = potential, .free = free, .bond_length = argon_bond, .free_cluster = false};
  Random random(1);
  for (const auto& move : {move_least_bound, move_loose_atoms, twist}) {
    Atoms a = start;
    CHECK(!move(a, context, random));
    CHECK(a == start);
  }
}

TEST_CASE("moves are read from text", "[optim][moves]") {
  const std::vector<Move> moves = parse_moves("shake:3,swap,twist:0.5");
  REQUIRE(moves.size() == 3);
  CHECK(moves[0].name == "shake");
  CHECK(moves[0].weight == 3.0);
  CHECK(moves[1].weight == 1.0);
  CHECK(moves[2].weight == 0.5);
  CHECK_THROWS_WITH(parse_moves("shake,hop"),
                    ContainsSubstring("no move 'hop'") && ContainsSubstring("angular, surface"));
  CHECK_THROWS_WITH(parse_moves("shake:0"),
                    ContainsSubstring("weight of the move 'shake'") && ContainsSubstring("'0'"));
  CHECK_THROWS_WITH(parse_moves("shake:1x"), ContainsSubstring("'1x'"));
  CHECK_THROWS_WITH(parse_moves("shake:nan"), ContainsSubstring("'nan'"));
  CHECK_THROWS_WITH(parse_moves("swap,swap"), ContainsSubstring("twice"));
  CHECK_THROWS_WITH(parse_moves("shake,"), ContainsSubstring("no move ''"));
  CHECK_THROWS_WITH(parse_moves(""), ContainsSubstring("no move ''"));
}

TEST_CASE("a search makes its moves as often as their weights say, also those of a reader", "[optim][moves]") {
  int called = 0, refused = 0;
  BasinHoppingOptions options;
  options.hops = 200;
  options.moves = {standard_move("shake", 2.0),
                   {.name = "own",
                    .weight = 1.0,
                    .change =
                        [&](Atoms& a, const MoveContext& context, Random& random) {
                          ++called;
                          CHECK(context.free.size() == 6);
                          CHECK(context.bond_length == Approx(1.12).margin(0.02));
                          a.positions[0] += 0.5 * random.direction();
                          return true;
                        }},
                   {.name = "never", .weight = 1.0, .change = [&](Atoms&, const MoveContext&, Random&) {
                      ++refused;
                      return false;
                    }}};
  const BasinHoppingResult r = basin_hopping(random_argon(6, 1), LennardJones(), options);
  CHECK(r.best_energy == Approx(-12.712062).margin(1e-5));
  // A quarter each of 200; six standard deviations are 37.
  CHECK(std::abs(called - 50) < 37);
  CHECK(std::abs(refused - 50) < 37);
}
