#include "apps/search_runs.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "apps/error_tables.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

Walkers read_checkpoint(const Atoms& start, const SearchOptions& options) {
  Walkers earlier = read_walkers(options.checkpoint);
  const Walker& first = earlier.walkers.front();
  const auto refuse = [&](const std::string& what, const std::string& there, const std::string& here) {
    throw InputError("--resume: '" + options.checkpoint.string() + "' is of a search with " + what + " " + there +
                     ", not " + here + "; repeat its options");
  };
  if (first.search.current.numbers != start.numbers) {
    refuse("the formula", chemical_formula(first.search.current), chemical_formula(start));
  }
  if (earlier.walkers.size() != options.walkers.walkers) {
    refuse("walkers", std::to_string(earlier.walkers.size()), std::to_string(options.walkers.walkers));
  }
  if (first.seed != options.hopping.seed) {
    refuse("the seed", std::to_string(first.seed), std::to_string(options.hopping.seed));
  }
  return earlier;
}

}  // namespace

SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options) {
  SearchResult result;
  result.paths.resize(options.walkers.walkers);
  BasinHoppingOptions hopping = options.hopping;
  WalkersOptions walkers = options.walkers;
  hopping.stop = interrupted;
  if (potential.model != nullptr && std::isfinite(options.tolerance)) {
    hopping.acceptable = [&](const Atoms& atoms) {
      return worst_extrapolation(*potential.model, atoms).excess <= options.tolerance;
    };
  }
  Walkers earlier;
  if (options.resume) earlier = read_checkpoint(start, options);
  std::size_t done = 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (const Walker& walker : earlier.walkers) {
    done += walker.search.hops;
    lowest = std::min(lowest, walker.search.best_energy);
  }

  Progress progress("searching", walkers.walkers * hopping.hops, "hops");
  progress.start_at(done);
  std::vector<MinimaArchive> holes(walkers.walkers, MinimaArchive(hopping.same, walkers.archive_most));
  hopping.progress = [&](const Hop& hop) {
    if (!hop.acceptable) holes[hop.walker].add(*hop.structure, hop.energy, hop.walker, hop.hop);
    if (options.keep_log || options.keep_path) {
      result.paths[hop.walker].push_back(
          {hop.hop, hop.energy, hop.best_energy, hop.accepted, options.keep_path ? *hop.structure : Atoms{}});
    }
    lowest = std::min(lowest, hop.best_energy);
    progress.update(done += hop.hop > 0, "lowest " + fixed(lowest, 4) + " eV");
  };
  auto saved = std::chrono::steady_clock::now();
  walkers.after_round = [&](const Walkers& party) {
    constexpr std::chrono::seconds between_saves(5);
    if (options.checkpoint.empty() || std::chrono::steady_clock::now() - saved < between_saves) return;
    write_walkers(options.checkpoint, party);
    saved = std::chrono::steady_clock::now();
  };

  result.walkers = options.resume ? basin_hopping_walkers(std::move(earlier), *potential.potential, hopping, walkers)
                                  : basin_hopping_walkers(start, *potential.potential, hopping, walkers);
  if (!options.checkpoint.empty()) write_walkers(options.checkpoint, result.walkers);
  result.minima = result.walkers.minima();
  for (const MinimaArchive& archive : holes) result.holes.add(archive);
  return result;
}

}  // namespace adatom::apps
