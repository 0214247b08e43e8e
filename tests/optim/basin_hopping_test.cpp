// Tests optim/basin_hopping.cpp: known global minima, repeatability, and bad options.
#include "optim/basin_hopping.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "optim/clusters.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/argon.hpp"
#include "tests/optim/known_minima.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sanitized.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

BasinHoppingOptions options_for(std::size_t n, std::uint64_t seed, std::size_t hops) {
  BasinHoppingOptions options;
  options.seed = seed;
  options.hops = hops;
  options.stop_energy = known_minima().at(n) + 1e-5;
  return options;
}

}  // namespace

TEST_CASE("LJ13 is found from random starts", "[optim][basin_hopping]") {
  // The bar is 95 of 100 seeds within 50 hops.
  const LennardJones potential;
  int found = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const BasinHoppingResult r = basin_hopping(random_argon(13, seed), potential, options_for(13, seed, 50));
    found += r.reached;
    if (r.reached) CHECK(std::abs(r.best_energy - known_minima().at(13)) < 2e-6);
    CHECK(r.best_energy == potential.compute(r.best).energy);
  }
  CHECK(found >= 95);
}

TEST_CASE("small clusters reach the known minima and none goes below", "[optim][basin_hopping]") {
  for (const std::size_t n : {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 19, 23, 26}) {
    const BasinHoppingResult r = basin_hopping(random_argon(n, n), LennardJones(), options_for(n, 1, 3000));
    INFO(n << " atoms: " << r.best_energy);
    CHECK(r.reached);
    CHECK(std::abs(r.best_energy - known_minima().at(n)) < 2e-6);
  }
}

TEST_CASE("LJ38 and its truncated octahedron are found", "[optim][basin_hopping]") {
  // The landscape has two funnels and most walks end in the wrong one; reseeding gets out. The bar is 9 of 10 seeds.
  constexpr std::uint64_t seeds = sanitized ? 1 : 10;  // the first needs few hops
  std::uint64_t found = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    BasinHoppingOptions options = options_for(38, seed, 10000);
    options.reseed_after = 40;
    const BasinHoppingResult r = basin_hopping(random_argon(38, 1000 + seed), LennardJones(), options);
    found += r.reached;
    if (r.reached) CHECK(std::abs(r.best_energy - known_minima().at(38)) < 2e-6);
  }
  CHECK(10 * found >= 9 * seeds);
}

TEST_CASE("the same seed gives the same search and two halves give the whole", "[optim][basin_hopping]") {
  const LennardJones potential;
  BasinHoppingOptions options;
  options.seed = 3;
  options.hops = 60;
  options.adapt_every = 7;
  options.reseed_after = 9;
  std::vector<double> energies;
  options.progress = [&](const Hop& hop) { energies.push_back(hop.energy); };
  const BasinHoppingResult whole = basin_hopping(random_argon(15, 1), potential, options);
  const std::vector<double> first_energies = std::move(energies);
  energies.clear();
  CHECK(basin_hopping(random_argon(15, 1), potential, options).best_energy == whole.best_energy);
  CHECK(energies == first_energies);
  CHECK(whole.reseeds > 0);

  energies.clear();
  options.hops = 25;
  const BasinHoppingResult half = basin_hopping(random_argon(15, 1), potential, options);
  options.hops = 35;
  const BasinHoppingResult both = basin_hopping(half, potential, options);
  CHECK(energies == first_energies);
  CHECK(both.best == whole.best);
  CHECK(both.hops == 60);
  CHECK(both.force_calls == whole.force_calls);
  CHECK(both.step == whole.step);
  CHECK(both.random_state == whole.random_state);

  energies.clear();
  options.seed = 4;
  basin_hopping(random_argon(15, 1), potential, options);
  CHECK(!std::equal(energies.begin(), energies.end(), first_energies.begin()));
}

TEST_CASE("the callback tells the story of the search", "[optim][basin_hopping]") {
  const LennardJones potential;
  BasinHoppingOptions options;
  options.hops = 40;
  std::size_t hops = 0, accepted = 0, calls = 0;
  double best = std::numeric_limits<double>::infinity();
  options.progress = [&](const Hop& hop) {
    CHECK(hop.hop == hops++);
    CHECK(hop.best_energy <= best);
    CHECK(hop.new_best == (hop.best_energy < best));
    CHECK(hop.energy == potential.compute(*hop.structure).energy);
    CHECK(hop.force_calls > calls);
    best = hop.best_energy;
    calls = hop.force_calls;
    accepted += hop.accepted && hop.hop > 0;
  };
  const BasinHoppingResult r = basin_hopping(random_argon(10, 2), potential, options);
  CHECK(hops == 41);
  CHECK(r.hops == 40);
  CHECK(r.accepted == accepted);
  CHECK(r.best_energy == best);
  CHECK(r.force_calls >= calls);
  CHECK(r.acceptance() == Approx(double(accepted) / 40.0));
}

TEST_CASE("temperature and step rule what is accepted", "[optim][basin_hopping]") {
  BasinHoppingOptions options;
  options.hops = 100;
  options.temperature = 0.0;
  double last = std::numeric_limits<double>::infinity();
  options.progress = [&](const Hop& hop) {
    if (hop.accepted) CHECK(hop.energy <= last);
    if (hop.accepted) last = hop.energy;
  };
  basin_hopping(random_argon(20, 1), LennardJones(), options);

  options.progress = {};
  options.temperature = 1e6;
  const BasinHoppingResult hot = basin_hopping(random_argon(20, 1), LennardJones(), options);
  CHECK(hot.accepted + hot.failed == 100);

  // Almost all is accepted, so adaptation lengthens the step.
  options.adapt_every = 10;
  options.hops = 20;
  CHECK(basin_hopping(random_argon(20, 1), LennardJones(), options).step == Approx(0.4 * 1.21));
}

TEST_CASE("two things adapt: steps long enough to leave, a temperature low enough to choose",
          "[optim][basin_hopping]") {
  // Steps of 0.01 Å leave no minimum, so they grow. At 1e6 eV every hop that leaves is accepted, so that falls.
  BasinHoppingOptions options;
  options.adapt_every = 10;
  options.adapt_temperature = true;
  options.hops = 40;
  options.step = 0.01;
  options.moves = {standard_move("shake")};
  const BasinHoppingResult small = basin_hopping(random_argon(20, 1), LennardJones(), options);
  CHECK(small.step == Approx(0.01 * std::pow(1.1, 4)));
  options.temperature = 1e6;
  options.step = 0.6;
  options.hops = 200;
  const BasinHoppingResult hot = basin_hopping(random_argon(20, 1), LennardJones(), options);
  CHECK(hot.temperature == Approx(1e6 * std::pow(1.1, -20)));
  // Steps never outgrow the bond length.
  options.step = 1.0;
  options.target_acceptance = 0.01;
  options.adapt_temperature = false;
  options.hops = 100;
  CHECK(basin_hopping(random_argon(20, 1), LennardJones(), options).step == Approx(1.1).margin(0.03));
}

TEST_CASE("a walk does not go back to taboo minima", "[optim][basin_hopping]") {
  const LennardJones potential;
  BasinHoppingOptions options;
  options.hops = 300;
  options.temperature = 100.0;  // accepts everything but what is taboo
  const auto distinct_in_a_row = [&](std::size_t taboo) {
    options.taboo = taboo;
    std::vector<Minimum> walk;  // different minima in the order in which they were entered
    std::size_t returns = 0;
    options.progress = [&](const Hop& hop) {
      if (hop.taboo) CHECK(!hop.accepted);
      if (!hop.accepted) return;
      const auto same = [&](const Minimum& m) { return same_minimum(m.atoms, m.energy, *hop.structure, hop.energy); };
      if (!walk.empty() && same(walk.back())) return;
      const std::size_t recent = std::min<std::size_t>(walk.size(), 4);
      returns += std::any_of(walk.end() - static_cast<std::ptrdiff_t>(recent), walk.end(), same);
      walk.push_back({.atoms = *hop.structure, .energy = hop.energy});
    };
    const BasinHoppingResult r = basin_hopping(random_argon(8, 1), potential, options);
    CHECK((r.revisits > 0) == (taboo > 0));
    CHECK(r.visited.size() == taboo);
    return returns;
  };
  CHECK(distinct_in_a_row(0) > 50);
  CHECK(distinct_in_a_row(4) == 0);
}

TEST_CASE("a walk that begins anew may begin where it has been", "[optim][basin_hopping]") {
  // Six atoms have two minima, which the walk and its random starts meet again and again.
  BasinHoppingOptions options;
  options.hops = 200;
  options.temperature = 5.0;
  options.taboo = 2;
  options.random_start = true;
  options.reseed_after = 3;
  options.bond_length = argon_bond;
  std::vector<Minimum> left;
  Minimum current;
  std::size_t back = 0;
  options.progress = [&](const Hop& hop) {
    const auto same = [&](const Minimum& m) { return same_minimum(m.atoms, m.energy, *hop.structure, hop.energy); };
    if (hop.reseeded) {
      CHECK(!hop.taboo);
      CHECK(hop.accepted);
      back += std::ranges::any_of(left, same);
    }
    if (!hop.accepted) return;
    if (hop.hop > 0 && !same(current)) left.push_back(current);
    current = {.atoms = *hop.structure, .energy = hop.energy};
  };
  const BasinHoppingResult r = basin_hopping(argon(std::vector<Vector3>(6)), LennardJones(), options);
  CHECK(r.reseeds > 10);
  CHECK(back > 5);
}

TEST_CASE("minima that are not acceptable are turned down however low they are", "[optim][basin_hopping]") {
  // LJ6: the octahedron (-12.712) is forbidden, the other minimum (-12.303) remains.
  const LennardJones potential;
  BasinHoppingOptions options = options_for(6, 1, 100);
  options.acceptable = [&](const Atoms& atoms) { return potential.compute(atoms).energy > -12.5; };
  std::size_t turned_down = 0;
  options.progress = [&](const Hop& hop) {
    CHECK(hop.acceptable == (hop.energy > -12.5));
    if (!hop.acceptable) CHECK((!hop.accepted && !hop.new_best));
    turned_down += !hop.acceptable;
  };
  const BasinHoppingResult r = basin_hopping(random_argon(6, 1), potential, options);
  CHECK(r.best_energy == Approx(-12.302928).margin(1e-5));
  CHECK(r.current_energy > -12.5);
  CHECK(r.unacceptable == turned_down);
  CHECK(turned_down > 3);
  CHECK(!r.reached);

  // With nothing acceptable there is no best, and random starts go on.
  options.random_start = true;
  options.acceptable = [](const Atoms&) { return false; };
  options.progress = [](const Hop& hop) { CHECK((hop.reseeded && !hop.acceptable)); };
  const BasinHoppingResult none = basin_hopping(random_argon(6, 1), potential, options);
  CHECK(none.best_energy == std::numeric_limits<double>::infinity());
  CHECK(none.unacceptable == 101);
}

TEST_CASE("a search stops when asked", "[optim][basin_hopping]") {
  BasinHoppingOptions options;
  int asked = 0;
  options.stop = [&] { return ++asked > 5; };
  CHECK(basin_hopping(random_argon(8, 1), LennardJones(), options).hops == 5);
}

TEST_CASE("every standard move finds LJ13 in company of the shake", "[optim][basin_hopping]") {
  for (const char* moves : {"shake", "shake,single", "shake,angular", "shake,surface", "shake,twist", "shake,swap",
                            "shake,single,angular,surface,swap,twist"}) {
    BasinHoppingOptions options = options_for(13, 1, 300);
    options.moves = parse_moves(moves);
    INFO(moves);
    CHECK(basin_hopping(random_argon(13, 1), LennardJones(), options).reached);
  }
}

TEST_CASE("clusters that fly apart are put together again", "[optim][basin_hopping]") {
  // Steps of 3 Å tear LJ13 to pieces every time; with the guard all structures that count are whole.
  BasinHoppingOptions options;
  options.hops = 30;
  options.step = 3.0;
  options.bond_length = 1.12;
  options.progress = [&](const Hop& hop) {
    if (hop.energy == std::numeric_limits<double>::infinity()) return;
    for (const std::size_t p : pieces(hop.structure->positions, 2.0)) CHECK(p == 0);
  };
  const BasinHoppingResult r = basin_hopping(random_argon(13, 1), LennardJones(), options);
  CHECK(r.failed < 10);
  CHECK(r.best_energy < -38.0);
}

TEST_CASE("random starts need no positions but a bond length", "[optim][basin_hopping]") {
  BasinHoppingOptions options = options_for(7, 1, 200);
  options.random_start = true;
  options.bond_length = 1.12;
  CHECK(basin_hopping(argon(std::vector<Vector3>(7)), LennardJones(), options).reached);
}

TEST_CASE("uphill hops are accepted as often as the Metropolis rule says", "[optim][basin_hopping]") {
  // Seven atoms have four minima; at kT = 1 ε hops between them go both ways often.
  BasinHoppingOptions options;
  options.hops = 3000;
  options.temperature = 1.0;
  options.random_start = true;
  options.bond_length = 1.12;
  double current = 0.0, expected = 0.0, variance = 0.0, accepted = 0.0;
  options.progress = [&](const Hop& hop) {
    const double rise = hop.energy - current;
    if (hop.hop > 0 && rise > 0.0) {
      const double chance = std::exp(-rise / options.temperature);
      expected += chance;
      variance += chance * (1.0 - chance);
      accepted += hop.accepted;
    } else {
      CHECK(hop.accepted);
    }
    if (hop.accepted) current = hop.energy;
  };
  basin_hopping(argon(std::vector<Vector3>(7)), LennardJones(), options);
  INFO(accepted << " accepted, " << expected << " expected");
  CHECK(variance > 100.0);
  CHECK(std::abs(accepted - expected) < 3.0 * std::sqrt(variance));
}

TEST_CASE("a walk begins anew after so many hops without progress, no sooner and no later", "[optim][basin_hopping]") {
  BasinHoppingOptions options;
  options.hops = 300;
  options.reseed_after = 6;
  options.random_start = true;
  options.bond_length = 1.12;
  double lowest = 0.0;
  std::size_t idle = 0, begun = 0;
  options.progress = [&](const Hop& hop) {
    CHECK((hop.hop == 0 || hop.reseeded == (idle == 6)));
    begun += hop.reseeded;
    const bool progress = hop.hop == 0 || hop.reseeded || hop.energy < lowest;
    idle = progress ? 0 : idle + 1;
    if (progress) lowest = hop.energy;
  };
  const BasinHoppingResult r = basin_hopping(argon(std::vector<Vector3>(9)), LennardJones(), options);
  CHECK(begun == r.reseeds + 1);
  CHECK(begun > 10);
}

TEST_CASE("fixed atoms and periodic structures", "[optim][basin_hopping]") {
  Atoms start = random_argon(8, 1);
  BasinHoppingOptions options;
  options.hops = 20;
  options.fixed = {2, 5};
  const BasinHoppingResult r = basin_hopping(start, LennardJones(), options);
  CHECK(r.best.positions[2] == start.positions[2]);
  CHECK(r.best.positions[5] == start.positions[5]);
  options.reseed_after = 5;
  CHECK_THROWS_WITH(basin_hopping(start, LennardJones(), options), ContainsSubstring("free clusters"));

  start.cell = orthorhombic(6, 6, 6);
  start.pbc = {true, true, true};
  options = {};
  options.hops = 10;
  CHECK(std::isfinite(
      basin_hopping(start, LennardJones({.epsilon = 1.0, .sigma = 1.0, .cutoff = 2.5}), options).best_energy));
}

TEST_CASE("a single atom is a search that ends", "[optim][basin_hopping]") {
  BasinHoppingOptions options;
  options.hops = 3;
  CHECK(basin_hopping(random_argon(1, 1), LennardJones(), options).best_energy == 0.0);
}

TEST_CASE("options out of range are refused by name", "[optim][basin_hopping]") {
  const auto refused = [](auto change, const char* text) {
    BasinHoppingOptions options;
    change(options);
    CHECK_THROWS_WITH(basin_hopping(random_argon(4, 1), LennardJones(), options), ContainsSubstring(text));
  };
  refused([](auto& o) { o.hops = 0; }, "hops");
  refused([](auto& o) { o.temperature = -1.0; }, "temperature");
  refused([](auto& o) { o.temperature = std::nan(""); }, "temperature");
  refused([](auto& o) { o.step = 0.0; }, "step must be positive");
  refused([](auto& o) { o.moves.clear(); }, "there must be moves");
  refused([](auto& o) { o.moves[0].weight = 0.0; }, "weights");
  refused([](auto& o) { o.moves[1].change = {}; }, "'surface' has no function");
  refused([](auto& o) { o.target_escape = 0.0; }, "target_escape");
  refused([](auto& o) { o.same.energy_window = -1.0; }, "energy_window");
  refused([](auto& o) { o.same.match.tolerance = 0.0; }, "tolerance");
  refused([](auto& o) { o.fmax = 0.0; }, "fmax must be positive");
  refused([](auto& o) { o.max_step = -0.1; }, "max_step must be positive");
  refused([](auto& o) { o.target_acceptance = 1.0; }, "target_acceptance");
  refused([](auto& o) { o.bond_length = -1.0; }, "bond_length");
  refused([](auto& o) { o.max_steps = 0; }, "max_steps");
  refused([](auto& o) { o.fixed = {9}; }, "fixed atom 9 does not exist");
  refused([](auto& o) { o.fixed = {0, 1, 2, 3}; }, "all 4 atoms are fixed");
}
