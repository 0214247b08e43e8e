// Tests optim/relax.cpp: against ASE's relaxations, from thousands of bad starts, and with bad options.
#include "optim/relax.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/random.hpp"
#include "optim/clusters.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/argon.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr RelaxMethod every_method[] = {RelaxMethod::automatic,
                                        RelaxMethod::lbfgs,
                                        RelaxMethod::bfgs,
                                        RelaxMethod::fire,
                                        RelaxMethod::bfgs_line_search,
                                        RelaxMethod::conjugate_gradients,
                                        RelaxMethod::gradient_descent};

RelaxOptions with(RelaxMethod method, double fmax) {
  RelaxOptions options;
  options.method = method;
  options.fmax = fmax;
  return options;
}

}  // namespace

TEST_CASE("relaxations end where those of ASE end with no more force calls", "[optim][relax]") {
  const nlohmann::json file = simulation_reference();
  const LennardJones lennard_jones;
  const Emt effective_medium;
  int cases = 0;
  for (const auto& c : file["relax"]) {
    const Potential& potential =
        c["potential"] == "lj" ? static_cast<const Potential&>(lennard_jones) : effective_medium;
    ++cases;
    const Atoms start = structure(c["start"]);
    CHECK(potential.compute(start).energy == Approx(c["start_energy"].get<double>()).epsilon(1e-12));
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const auto& run : c["ase"]) fewest = std::min(fewest, run["steps"].get<std::size_t>());
    for (const RelaxMethod method : every_method) {
      INFO(c["name"] << " " << name(method));
      RelaxOptions options = with(method, 1e-4);
      options.fixed = c["fixed"].get<std::vector<std::size_t>>();
      const RelaxResult r = relax(start, potential, options);
      CHECK(r.converged);
      CHECK(r.fmax <= 1e-4);
      CHECK(std::abs(r.energy - c["relaxed_energy"].get<double>()) < 1e-6);
      const bool slow = method == RelaxMethod::conjugate_gradients || method == RelaxMethod::gradient_descent ||
                        method == RelaxMethod::fire || method == RelaxMethod::bfgs_line_search;
      CHECK(r.force_calls <= (slow ? c["ase"]["FIRE"]["steps"].get<std::size_t>() : fewest));
      CHECK(r.energy == potential.compute(r.atoms).energy);
      CHECK(r.forces == potential.compute(r.atoms).forces);
      CHECK(r.reason.find("converged") == 0);
      CHECK(r.pieces == 1);
    }
  }
  CHECK(cases == 3);
}

TEST_CASE("a stretched cluster contracts and never explodes", "[optim][relax]") {
  // The pentagonal bipyramid at 1.05 to 2 times its size: beyond 1.25 atoms pull with forces that grow as they come
  // closer, where methods that trust the curvature blow up.
  std::vector<Vector3> positions{{0, 0, 0.55}, {0, 0, -0.55}};
  for (int i = 0; i < 5; ++i) {
    positions.push_back({0.95 * std::cos(i * 1.2566370614), 0.95 * std::sin(i * 1.2566370614), 0.0});
  }
  const LennardJones potential;
  for (double factor = 1.05; factor < 2.0; factor += 0.05) {
    std::vector<Vector3> stretched = positions;
    Random random(7);
    for (Vector3& p : stretched) p = factor * p + 0.03 * Vector3{random.normal(), random.normal(), random.normal()};
    for (const RelaxMethod method : every_method) {
      INFO(factor << " " << name(method));
      const RelaxResult r = relax(argon(stretched), potential, with(method, 1e-4));
      CHECK(r.converged);
      CHECK(r.energy < -15.5);  // the two lowest minima lie at −16.505384 and −15.935043, the third at −15.593211
      CHECK(r.pieces == 1);
    }
  }
}

namespace {

struct Story {
  std::size_t runs = 0, refused = 0, whole = 0;
  std::size_t failed[std::size(every_method)] = {};
};

/// Relaxes from random clusters of 2 to 15, some of up to 55 atoms: as they are, squeezed, thinned out, with two atoms
/// almost on top of each other; every method in turn. Nothing may be NaN, higher than the start, or silent.
Story relax_random_starts(std::uint64_t first, std::uint64_t last, std::size_t large_every) {
  const LennardJones potential;
  Story story;
  for (std::uint64_t seed = first; seed < last; ++seed) {
    Random random(seed);
    const std::size_t n = 2 + random.below(seed % large_every == 0 ? 54 : 14);
    Atoms start = random_argon(n, seed);
    if (seed % 4 == 0)
      start.positions[0] = start.positions[1] + std::pow(10.0, -random.uniform(0.0, 6.0)) * Vector3(random.direction());
    if (seed % 10 < 2) {  // squeezed or thinned out, each atom by another factor
      for (Vector3& p : start.positions) p = random.uniform(0.3, 3.0) * p;
    }
    const std::size_t which = seed % std::size(every_method);
    RelaxOptions options = with(every_method[which], 1e-3);
    options.max_steps = 3000;
    ++story.runs;
    try {
      const double energy = potential.compute(start).energy;
      const RelaxResult r = relax(start, potential, options);
      REQUIRE(std::isfinite(r.energy));
      for (const Vector3& p : r.atoms.positions) REQUIRE(std::isfinite(norm(p)));
      REQUIRE(r.energy <= energy + 1e-12 * std::abs(energy));
      REQUIRE(r.converged == (r.fmax <= 1e-3));
      REQUIRE((r.converged || r.reason.find("not converged") == 0));
      const std::vector<std::size_t> piece = pieces(r.atoms.positions, 3.0 * median_bond_length(r.atoms.positions));
      REQUIRE(r.pieces == 1 + *std::max_element(piece.begin(), piece.end()));
      REQUIRE((r.pieces == 1 || r.reason.find("flown apart") != std::string::npos));
      story.failed[which] += !r.converged;
      story.whole += r.pieces == 1;
    } catch (const InputError& error) {
      ++story.refused;
      REQUIRE_THAT(error.what(), ContainsSubstring("Å apart"));
    }
  }
  return story;
}

void check(const Story& story) {
  // Closer than 0.001 Å is refused: half of the quarter of starts that have two atoms almost on top of each other.
  CHECK(10 * story.refused > story.runs * 3 / 4);
  CHECK(10 * story.refused < story.runs * 7 / 4);
  for (std::size_t m = 0; m < std::size(every_method); ++m) {
    INFO(name(every_method[m]) << ": " << story.failed[m] << " of " << story.runs / std::size(every_method));
    // Far pieces creep: 3000 steps are too few for methods that do not learn the soft directions.
    const bool creeps = every_method[m] == RelaxMethod::fire || every_method[m] == RelaxMethod::gradient_descent ||
                        every_method[m] == RelaxMethod::conjugate_gradients;
    if (creeps) {
      CHECK(story.failed[m] * 3 < story.runs / std::size(every_method));
    } else {
      CHECK(story.failed[m] == 0);
    }
  }
}

}  // namespace

TEST_CASE("random starts end relaxed or are reported", "[optim][relax]") { check(relax_random_starts(0, 1500, 20)); }

TEST_CASE("ten thousand random starts end relaxed or are reported", "[.long][optim][relax]") {
  const Story story = relax_random_starts(100000, 110000, 1);
  std::printf("%zu runs, %zu refused, %zu whole\n", story.runs, story.refused, story.whole);
  for (std::size_t m = 0; m < std::size(every_method); ++m) {
    std::printf("  %-16s not converged %zu\n", std::string(name(every_method[m])).c_str(), story.failed[m]);
  }
  check(story);
}

TEST_CASE("fixed atoms stay and the others relax around them", "[optim][relax]") {
  const Atoms start = random_argon(13, 5);
  for (const RelaxMethod method : every_method) {
    RelaxOptions options = with(method, 1e-3);
    options.fixed = {0, 7};
    const RelaxResult r = relax(start, LennardJones(), options);
    CHECK(r.converged);
    CHECK(r.atoms.positions[0] == start.positions[0]);
    CHECK(r.atoms.positions[7] == start.positions[7]);
    CHECK(r.atoms.positions[1] != start.positions[1]);
    double most = 0.0;
    for (std::size_t i = 0; i < 13; ++i) {
      if (i != 0 && i != 7) most = std::max(most, norm(r.forces[i]));
    }
    CHECK(most == Approx(r.fmax).epsilon(1e-12));
  }
}

TEST_CASE("a crystal relaxes in its cell", "[optim][relax]") {
  Atoms crystal;
  const double a = 1.5496;
  for (const Vector3& basis : {Vector3{0, 0, 0}, Vector3{0, .5, .5}, Vector3{.5, 0, .5}, Vector3{.5, .5, 0}}) {
    crystal.positions.push_back(a * basis);
    crystal.numbers.push_back(18);
  }
  crystal.cell = orthorhombic(a, a, a);
  crystal.pbc = {true, true, true};
  crystal = repeated(crystal, {3, 3, 3});
  const LennardJones potential({.epsilon = 1.0, .sigma = 1.0, .cutoff = 2.2});
  const double perfect = potential.compute(crystal).energy;
  Random random(3);
  Atoms start = crystal;
  for (Vector3& p : start.positions) p += 0.05 * Vector3{random.normal(), random.normal(), random.normal()};
  for (const RelaxMethod method : every_method) {
    const RelaxResult r = relax(start, potential, with(method, 1e-4));
    CHECK(r.converged);
    CHECK(r.energy == Approx(perfect).epsilon(1e-8));
    CHECK(r.atoms.cell == crystal.cell);
  }
}

TEST_CASE("the method chosen by itself needs the fewest calls from starts that are not near a minimum",
          "[optim][relax]") {
  // Clusters of 7 to 38 atoms, rattled or blown up, and atoms above a shaken slab: what a quasi-Newton method has
  // learnt on the way must not mislead it.
  std::size_t automatic = 0, full = 0, damped = 0;
  const auto compare = [&](const Atoms& start, const Potential& potential, const std::vector<std::size_t>& fixed) {
    for (auto [method, calls] :
         {std::pair{RelaxMethod::automatic, &automatic}, {RelaxMethod::bfgs, &full}, {RelaxMethod::fire, &damped}}) {
      RelaxOptions options = with(method, 0.01);
      options.fixed = fixed;
      const RelaxResult r = relax(start, potential, options);
      CHECK(r.converged);
      *calls += r.force_calls;
    }
  };
  for (std::uint64_t seed = 0; seed < 36; ++seed) {
    Random random(seed);
    Atoms start = relax(random_argon(7 + 31 * (seed % 12) / 11, seed), LennardJones()).atoms;
    for (Vector3& p : start.positions) {
      p = (seed % 2 == 0 ? 1.2 : 1.0) * p + 0.1 * Vector3{random.normal(), random.normal(), random.normal()};
    }
    compare(start, LennardJones(), {});
    Atoms slab = repeated(fcc(seed % 3 == 0 ? 79 : 29, seed % 3 == 0 ? 4.08 : 3.61), {2, 2, 1});
    slab.pbc = {true, true, false};
    for (Vector3& p : slab.positions) p += 0.05 * Vector3{random.normal(), random.normal(), random.normal()};
    slab.positions.push_back(
        Vector3{random.uniform(0, 7), random.uniform(0, 7), slab.cell[2][2] + random.uniform(-0.3, 0.5)});
    slab.numbers.push_back(seed % 2 == 0 ? 8 : 13);
    std::vector<std::size_t> fixed;
    for (std::size_t i = 0; i < slab.size(); ++i) {
      if (slab.positions[i][2] < 0.5) fixed.push_back(i);
    }
    compare(slab, Emt(), fixed);
  }
  INFO(automatic << " calls, with the full matrix " << full << ", with damped dynamics " << damped);
  CHECK(10 * automatic < 9 * full);
  CHECK(2 * automatic < damped);
}

TEST_CASE("near a minimum the full matrix needs no more calls than its limited memory", "[optim][relax]") {
  // Copper, soft beside the stiffness that is assumed at first, rattled by 0.1 Å. A matrix that keeps the first guess
  // in the directions it has not yet seen needs half as many calls again.
  std::size_t full = 0, limited = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Random random(seed);
    Atoms start = repeated(fcc(29, 3.61), {2, 2, 1});
    for (Vector3& p : start.positions) p += 0.1 * Vector3{random.normal(), random.normal(), random.normal()};
    const RelaxResult a = relax(start, Emt(), with(RelaxMethod::bfgs, 1e-4));
    const RelaxResult b = relax(start, Emt(), with(RelaxMethod::lbfgs, 1e-4));
    CHECK((a.converged && b.converged));
    full += a.force_calls;
    limited += b.force_calls;
  }
  INFO(full << " and " << limited << " calls");
  CHECK(10 * full < 11 * limited);
}

TEST_CASE("a relaxed start takes no step and the callback sees every step", "[optim][relax]") {
  const LennardJones potential;
  std::vector<double> energies;
  RelaxOptions options = with(RelaxMethod::automatic, 1e-3);
  options.progress = [&](std::size_t step, double energy, double fmax, const Atoms& atoms) {
    CHECK(step == energies.size());
    CHECK(energy == potential.compute(atoms).energy);
    CHECK(fmax > 0.0);
    energies.push_back(energy);
  };
  const RelaxResult first = relax(random_argon(7, 1), potential, options);
  CHECK(energies.size() == first.steps + 1);
  CHECK(energies.back() == first.energy);
  energies.clear();
  const RelaxResult second = relax(first.atoms, potential, options);
  CHECK(second.converged);
  CHECK(second.steps == 0);
  CHECK(second.force_calls == 1);
  CHECK(second.atoms == first.atoms);
}

TEST_CASE("what did not converge says so", "[optim][relax]") {
  RelaxOptions options = with(RelaxMethod::automatic, 1e-6);
  options.max_steps = 5;
  const RelaxResult r = relax(random_argon(13, 1), LennardJones(), options);
  CHECK(!r.converged);
  CHECK(r.steps == 5);
  CHECK_THAT(r.reason, ContainsSubstring("not converged after 5 steps"));

  // Two dimers far apart feel no force: relaxed, but in two pieces.
  const Atoms apart = argon({{0, 0, 0}, {1.15, 0, 0}, {90, 0, 0}, {91.15, 0, 0}});
  const RelaxResult two = relax(apart, LennardJones(), with(RelaxMethod::automatic, 1e-4));
  CHECK(two.converged);
  CHECK(two.pieces == 2);
  CHECK_THAT(two.reason, ContainsSubstring("flown apart into 2 pieces"));
}

TEST_CASE("bad options are refused by name", "[optim][relax]") {
  const Atoms start = random_argon(4, 1);
  const LennardJones potential;
  const auto message = [&](const RelaxOptions& options) -> std::string {
    try {
      relax(start, potential, options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  for (const double bad : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    RelaxOptions options;
    options.fmax = bad;
    CHECK_THAT(message(options), ContainsSubstring("fmax must be positive"));
    options = {};
    options.max_step = bad;
    CHECK_THAT(message(options), ContainsSubstring("max_step must be positive"));
  }
  RelaxOptions options;
  options.max_steps = 0;
  CHECK_THAT(message(options), ContainsSubstring("max_steps must be positive"));
  options = {};
  options.fixed = {0, 1, 2, 3};
  CHECK(message(options) == "nothing to relax: all 4 atoms are fixed");
  options.fixed = {1, 4};
  CHECK_THAT(message(options), ContainsSubstring("fixed atom 4 does not exist"));
  options.fixed = {1, 2, 1};
  CHECK(message(options) == "fixed atom 1 is named twice");

  CHECK_THROWS_WITH(relax(Atoms{}, potential), ContainsSubstring("no atoms"));
  CHECK_THROWS_WITH(relax(random_argon(1001, 1), potential, with(RelaxMethod::bfgs, 0.1)),
                    ContainsSubstring("use lbfgs"));
  CHECK_THROWS_WITH(relax(argon({{1, 1, 1}, {0, 0, 0}, {1, 1, 1}}), potential),
                    ContainsSubstring("atoms 0 and 2 are 0.000 Å apart"));
  options = {};
  options.learning_rate = -1.0;
  CHECK_THAT(message(options), ContainsSubstring("learning_rate must not be negative"));
  for (const RelaxMethod method : every_method) CHECK(relax_method(name(method)) == method);
  CHECK_THROWS_WITH(relax_method("newton"), ContainsSubstring("unknown relaxation method 'newton'; there are auto"));
}
