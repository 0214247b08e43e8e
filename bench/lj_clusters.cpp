// What this file is: an experiment: how soon basin hopping finds the lowest known minima of Lennard-Jones clusters,
// from random starts. For each size and seed one search by several walkers at once, which ends with the first hit.
//
//   lj_clusters SIZES [--seeds 1] [--seconds 60] [--threads 2] [--walkers THREADS] [--moves shake:3,surface:1]
//               [--temperature 0.8] [--step 0.4] [--reseed-after 40] [--first-seed 0] [--total 0]
//
// SIZES is such as 2-60 or 13,38. --seconds limits each search, in processor seconds of each thread: what the clock
// would show on an idle machine. With --total the sizes that were missed are searched again, with the next seeds and
// twice the seconds, until so many processor seconds are spent in all or nothing is missing. A hit is an energy within
// 10⁻⁵ of the table (tests/data/lj_global_minima.csv). Columns: hits and searches; means over the searches of quenches
// (of all walkers, until the end), processor seconds and seconds by the clock; the longest by the clock. With misses,
// the mean quenches and seconds to a first hit are estimated as the total over the number of hits.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "atoms/number_text.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "optim/walkers.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/known_minima.hpp"

using namespace adatom;

namespace {

using Settings = std::map<std::string, std::string>;

struct Experiment {
  std::size_t hits = 0, searches = 0;
  double quenches = 0.0, processor = 0.0, clock = 0.0, longest = 0.0, best = 0.0;
};

double number(const Settings& settings, const std::string& name) {
  double value = 0.0;
  if (!parse_real(settings.at(name), value)) throw InputError(name + ": a number, not '" + settings.at(name) + "'");
  return value;
}

std::vector<std::size_t> sizes_of(const std::string& text) {
  std::vector<std::size_t> sizes;
  std::istringstream items(text);
  for (std::string item; std::getline(items, item, ',');) {
    const std::size_t dash = item.find('-');
    const std::size_t first = std::stoul(item),
                      last = dash == std::string::npos ? first : std::stoul(item.substr(dash + 1));
    for (std::size_t n = first; n <= last; ++n) sizes.push_back(n);
  }
  return sizes;
}

/// One search of at most `seconds` processor seconds of each thread.
void search(std::size_t n, double known, std::uint64_t seed, double seconds, const Settings& settings,
            Experiment& experiment) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const std::clock_t processor = std::clock();
  const double limit = seconds * number(settings, "--threads") * CLOCKS_PER_SEC;
  BasinHoppingOptions options;
  options.seed = 1000 * seed;  // walkers count on from here
  options.hops = 1000000000;
  options.temperature = number(settings, "--temperature");
  options.step = number(settings, "--step");
  options.moves = parse_moves(settings.at("--moves"));
  options.reseed_after = static_cast<std::size_t>(number(settings, "--reseed-after"));
  options.random_start = true;
  options.bond_length = 1.12;
  options.stop_energy = known + 1e-5;
  options.stop = [&] { return static_cast<double>(std::clock() - processor) > limit; };
  const Atoms atoms{.numbers = std::vector<int>(n, 18), .positions = std::vector<Vector3>(n)};
  const Walkers found =
      basin_hopping_walkers(atoms, LennardJones(), options,
                            {.walkers = static_cast<std::size_t>(number(settings, "--walkers")), .round = 20});

  const double by_clock = std::chrono::duration<double>(Clock::now() - begin).count();
  ++experiment.searches;
  experiment.hits += found.best().reached;
  for (const Walker& walker : found.walkers) experiment.quenches += static_cast<double>(walker.search.quenches);
  experiment.processor += static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
  experiment.clock += by_clock;
  experiment.longest = std::max(experiment.longest, by_clock);
  experiment.best =
      experiment.searches == 1 ? found.best().best_energy : std::min(experiment.best, found.best().best_energy);
}

void print_row(std::size_t n, const Experiment& e) {
  const double count = static_cast<double>(e.hits > 0 ? e.hits : e.searches);
  std::printf("%4zu %12.6f %3zu/%-3zu %12.1f %10.4f %10.4f %10.4f%s\n", n, e.best, e.hits, e.searches,
              e.quenches / count, e.processor / count, e.clock / count, e.longest, e.hits == 0 ? "  never" : "");
  std::fflush(stdout);
}

void run(const std::string& sizes, const Settings& settings) {
  set_thread_count(static_cast<std::size_t>(number(settings, "--threads")));
  const std::map<std::size_t, double> known = known_minima();
  const auto seeds = static_cast<std::uint64_t>(number(settings, "--seeds"));
  auto first_seed = static_cast<std::uint64_t>(number(settings, "--first-seed"));
  const double threads = number(settings, "--threads"), total = number(settings, "--total");
  double seconds = number(settings, "--seconds"), clock = 0.0, processor = 0.0;
  std::vector<std::size_t> todo = sizes_of(sizes);
  const std::size_t all = todo.size();
  std::printf("%4s %12s %7s %12s %10s %10s %10s\n", "N", "best", "hits", "quenches", "cpu s", "clock s", "longest s");
  for (bool again = true; again; first_seed += seeds, seconds *= 2.0) {
    std::vector<std::size_t> missed;
    for (const std::size_t n : todo) {
      if (!known.contains(n)) throw InputError("no energy is known for " + std::to_string(n) + " atoms");
      const double limit = total > 0.0 ? std::min(seconds, (total - processor) / threads) : seconds;
      Experiment e;
      for (std::uint64_t seed = first_seed; limit > 0.0 && seed < first_seed + seeds; ++seed) {
        search(n, known.at(n), seed, limit, settings, e);
      }
      if (e.hits == 0) missed.push_back(n);
      if (e.searches > 0) print_row(n, e);
      clock += e.clock, processor += e.processor;
    }
    todo = missed;
    std::printf("together %.1f s by the clock, %.1f s of processors; %zu of %zu sizes found\n", clock, processor,
                all - todo.size(), all);
    again = total > 0.0 && processor < total && !todo.empty();
  }
}

}  // namespace

int main(int count, char** words) try {
  Settings settings = {{"--seeds", "1"},
                       {"--seconds", "60"},
                       {"--threads", "2"},
                       {"--walkers", ""},
                       {"--moves", "shake:3,surface:1"},
                       {"--temperature", "0.8"},
                       {"--step", "0.4"},
                       {"--reseed-after", "40"},
                       {"--first-seed", "0"},
                       {"--total", "0"}};
  if (count < 2 || count % 2 != 0) throw InputError("usage: lj_clusters SIZES [--seeds N] [--seconds S] ...");
  for (int i = 2; i < count; i += 2) {
    if (!settings.contains(words[i])) throw InputError("unknown option " + std::string(words[i]));
    settings[words[i]] = words[i + 1];
  }
  if (settings["--walkers"].empty()) settings["--walkers"] = settings["--threads"];
  run(words[1], settings);
} catch (const std::exception& error) {
  std::fprintf(stderr, "lj_clusters: %s\n", error.what());
  return 1;
}
