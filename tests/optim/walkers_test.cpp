// Tests optim/walkers.cpp and optim/walkers_file.cpp: independence of threads, stopping, and resuming bit for bit.
#include "optim/walkers.hpp"

#include <cmath>
#include <fstream>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

Atoms argon(std::size_t n) { return {.numbers = std::vector<int>(n, 18), .positions = std::vector<Vector3>(n)}; }

/// Uses everything that a state has to hold.
BasinHoppingOptions restless(std::size_t hops) {
  BasinHoppingOptions options;
  options.seed = 7;
  options.hops = hops;
  options.random_start = true;
  options.bond_length = 1.12;
  options.reseed_after = 15;
  options.adapt_every = 6;
  options.adapt_temperature = true;
  options.taboo = 4;
  return options;
}

void check_equal(const Walkers& a, const Walkers& b) {
  REQUIRE(a.walkers.size() == b.walkers.size());
  for (std::size_t k = 0; k < a.walkers.size(); ++k) {
    INFO("walker " << k);
    const BasinHoppingResult &x = a.walkers[k].search, &y = b.walkers[k].search;
    CHECK(a.walkers[k].seed == b.walkers[k].seed);
    CHECK(x.best == y.best);
    CHECK(x.best_energy == y.best_energy);
    CHECK(x.best_hop == y.best_hop);
    CHECK(x.hops == y.hops);
    CHECK(x.accepted == y.accepted);
    CHECK(x.quenches == y.quenches);
    CHECK(x.force_calls == y.force_calls);
    CHECK(x.failed == y.failed);
    CHECK(x.reseeds == y.reseeds);
    CHECK(x.unacceptable == y.unacceptable);
    CHECK(x.revisits == y.revisits);
    CHECK(x.current == y.current);
    CHECK(x.current_energy == y.current_energy);
    CHECK(x.walk_best == y.walk_best);
    CHECK(x.since_progress == y.since_progress);
    CHECK(x.step == y.step);
    CHECK(x.temperature == y.temperature);
    CHECK(x.bond_length == y.bond_length);
    CHECK(x.recently_accepted == y.recently_accepted);
    CHECK(x.recently_left == y.recently_left);
    CHECK(x.visited == y.visited);
    CHECK(x.random_state == y.random_state);
    CHECK(a.walkers[k].archive.minima() == b.walkers[k].archive.minima());
    CHECK(a.walkers[k].holes.minima() == b.walkers[k].holes.minima());
  }
}

}  // namespace

TEST_CASE("walkers search the same on any number of threads and as each would alone", "[optim][walkers]") {
  const LennardJones potential;
  const BasinHoppingOptions options = restless(60);
  const WalkersOptions three{.walkers = 3, .round = 25, .archive = true};
  const Walkers serial = basin_hopping_walkers(argon(12), potential, options, three);
  set_thread_count(3);
  const Walkers threaded = basin_hopping_walkers(argon(12), potential, options, three);
  set_thread_count(1);
  check_equal(serial, threaded);

  BasinHoppingOptions alone = options;
  alone.seed = 8;
  const BasinHoppingResult r = basin_hopping(argon(12), potential, alone);
  CHECK(serial.walkers[1].seed == 8);
  CHECK(serial.walkers[1].search.best == r.best);
  CHECK(serial.walkers[1].search.random_state == r.random_state);
  CHECK(serial.walkers[1].search.force_calls == r.force_calls);
  CHECK(serial.walkers[0].search.random_state != r.random_state);
  CHECK(serial.best().best_energy <= r.best_energy);

  const MinimaArchive minima = serial.minima();
  std::size_t hits = 0, met = 0;
  for (const Minimum& m : minima.minima()) hits += m.hits;
  for (const Walker& w : serial.walkers) met += 1 + w.search.hops - w.search.failed;
  CHECK(hits == met);
  CHECK(minima.minima().front().energy == Approx(serial.best().best_energy).margin(1e-3));
}

TEST_CASE("a search written to a file goes on from it as if nothing had happened", "[optim][walkers]") {
  const LennardJones potential;
  const WalkersOptions options{.walkers = 2, .round = 20, .archive = true};
  const Walkers whole = basin_hopping_walkers(argon(12), potential, restless(90), options);
  CHECK(whole.best().reseeds + whole.walkers[1].search.reseeds > 0);
  CHECK(whole.walkers[0].search.visited.size() == 4);

  const TemporaryFolder folder;
  const auto path = folder.path() / "state.xyz";
  // Stopped in the middle of a round, the walkers at different places.
  BasinHoppingOptions stopped = restless(90);
  int hops = 0;
  stopped.stop = [&] { return ++hops > 47; };
  write_walkers(path, basin_hopping_walkers(argon(12), potential, stopped, options));
  const Walkers part = read_walkers(path);
  CHECK(part.walkers[0].search.hops != part.walkers[1].search.hops);
  const Walkers resumed = basin_hopping_walkers(part, potential, restless(90), options);
  check_equal(resumed, whole);

  write_walkers(path, whole);
  check_equal(read_walkers(path), whole);
  CHECK(read_walkers(path).same.match.tolerance == whole.same.match.tolerance);
}

TEST_CASE("a search that goes on remembers the minima that were turned down before", "[optim][walkers]") {
  const LennardJones potential;
  BasinHoppingOptions options = restless(60);
  options.acceptable = [](const Atoms& atoms) { return radial_profile(atoms).back() > 1.3; };
  const WalkersOptions two{.walkers = 2, .round = 20, .archive = true};
  const Walkers whole = basin_hopping_walkers(argon(8), potential, options, two);
  std::size_t turned_down = 0, hits = 0;
  for (const Walker& walker : whole.walkers) turned_down += walker.search.unacceptable;
  for (const Minimum& hole : whole.holes().minima()) hits += hole.hits;
  CHECK(hits == turned_down);
  CHECK(whole.holes().size() > 1);
  CHECK(whole.minima().size() > 0);

  const TemporaryFolder folder;
  const auto path = folder.path() / "state.xyz";
  BasinHoppingOptions stopped = options;
  int hops = 0;
  stopped.stop = [&] { return ++hops > 47; };
  write_walkers(path, basin_hopping_walkers(argon(8), potential, stopped, two));
  const Walkers resumed = basin_hopping_walkers(read_walkers(path), potential, options, two);
  check_equal(resumed, whole);
  CHECK(resumed.holes().minima() == whole.holes().minima());
}

TEST_CASE("states without an acceptable minimum survive too", "[optim][walkers]") {
  BasinHoppingOptions options = restless(5);
  options.acceptable = [](const Atoms&) { return false; };
  const Walkers none = basin_hopping_walkers(argon(6), LennardJones(), options, {.walkers = 1, .archive = true});
  CHECK(std::isinf(none.best().best_energy));
  CHECK(none.minima().size() == 0);
  CHECK(none.best().unacceptable == 6);
  CHECK(none.holes().size() > 0);
  const TemporaryFolder folder;
  write_walkers(folder.path() / "s.xyz", none);
  check_equal(read_walkers(folder.path() / "s.xyz"), none);
}

TEST_CASE("when one walker is done, all stop at the end of the round", "[optim][walkers]") {
  BasinHoppingOptions options = restless(1000);
  options.stop_energy = -44.326801 + 1e-4;
  const Walkers found = basin_hopping_walkers(argon(13), LennardJones(), options, {.walkers = 3, .round = 10});
  CHECK(found.best().reached);
  std::size_t most = 0;
  for (const Walker& w : found.walkers) most = std::max(most, w.search.hops);
  CHECK(most < 1000);
  for (const Walker& w : found.walkers) CHECK((w.search.reached || w.search.hops == (most + 9) / 10 * 10));
}

TEST_CASE("a search stopped in the round in which a walker arrives ends as if it had not been", "[optim][walkers]") {
  // Each stop is at another place of a round, some of them after one walker has arrived and before the others are
  // there.
  const LennardJones potential;
  BasinHoppingOptions options = restless(400);
  options.stop_energy = -44.326801 + 1e-4;
  const WalkersOptions many{.walkers = 3, .round = 40};
  const Walkers whole = basin_hopping_walkers(argon(13), potential, options, many);
  REQUIRE(whole.best().reached);
  std::size_t all = 0, stopped_between = 0;
  for (const Walker& w : whole.walkers) all += w.search.hops;
  for (std::size_t stop = 1; stop < all; stop += 7) {
    BasinHoppingOptions stopping = options;
    std::size_t hops = 0;
    stopping.progress = [&](const Hop& hop) { hops += hop.hop > 0; };
    stopping.stop = [&] { return hops >= stop; };
    const Walkers part = basin_hopping_walkers(argon(13), potential, stopping, many);
    std::size_t done = 0;
    for (const Walker& w : part.walkers) done += w.search.hops;
    stopped_between += part.best().reached && done < all;
    check_equal(basin_hopping_walkers(part, potential, options, many), whole);
  }
  CHECK(stopped_between > 0);
}

TEST_CASE("states that are none are refused with file and line", "[optim][walkers]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& text, const std::string& message) {
    std::ofstream(folder.path() / "s.xyz") << text;
    CHECK_THROWS_WITH(read_walkers(folder.path() / "s.xyz"), ContainsSubstring("s.xyz") && ContainsSubstring(message));
  };
  refused("", "empty");
  refused("1\n\nAr 0 0 0\n", "each frame must say");
  refused("1\nbasin_hopping=best\nAr 0 0 0\n", "first frame");
  refused("1\nbasin_hopping=walker seed=1\nAr 0 0 0\n",
          "s.xyz:1: no state of a search: there must be a whole number 'hops'");
  const LennardJones potential;
  CHECK_THROWS_AS(basin_hopping_walkers(argon(4), potential, restless(5), {.walkers = 0}), InputError);
  CHECK_THROWS_AS(basin_hopping_walkers(argon(4), potential, restless(5), {.round = 0}), InputError);
  CHECK_THROWS_AS(Walkers{}.best(), InputError);
}
