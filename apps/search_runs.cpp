#include "apps/search_runs.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "apps/console.hpp"
#include "apps/error_tables.hpp"
#include "apps/progress.hpp"
#include "apps/regular_saves.hpp"
#include "apps/search_files.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

/// The lowest structure must have the energy that it had.
void require_same_potential(const BasinHoppingResult& earlier, const Potential& potential,
                            const std::filesystem::path& checkpoint) {
  if (!std::isfinite(earlier.best_energy)) return;  // nothing has been relaxed yet
  const double energy = potential.compute(earlier.best).energy, rounding = 1e-6 + 1e-9 * std::abs(energy);
  if (std::abs(energy - earlier.best_energy) <= rounding) return;
  throw InputError("--resume: '" + checkpoint.string() +
                   "' is of a search with another potential: its lowest structure had " +
                   fixed(earlier.best_energy, 6) + " eV, now it has " + fixed(energy, 6) + " eV; repeat its options");
}

Walkers read_checkpoint(const Atoms& start, const Potential& potential, const SearchOptions& options) {
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
  require_same_potential(first.search, potential, options.checkpoint);
  return earlier;
}

bool finished(const Walkers& party, std::size_t hops) {
  return std::ranges::all_of(party.walkers, [hops](const Walker& walker) { return walker.search.hops >= hops; });
}

}  // namespace

SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options) {
  BasinHoppingOptions hopping = options.hopping;
  const std::size_t walks = options.walkers.walkers;
  if (potential.model != nullptr && std::isfinite(options.tolerance)) {
    hopping.acceptable = [&](const Atoms& atoms) {
      return worst_extrapolation(*potential.model, atoms).excess <= options.tolerance;
    };
  }
  Walkers party;
  if (options.resume) party = read_checkpoint(start, *potential.potential, options);
  std::vector<std::size_t> hops_before(walks, 0);
  std::size_t done = 0;
  double lowest = std::numeric_limits<double>::infinity();
  for (std::size_t w = 0; w < party.walkers.size(); ++w) {
    const BasinHoppingResult& r = party.walkers[w].search;
    hops_before[w] = r.hops;
    done += r.hops;
    lowest = std::min(lowest, r.best_energy);
  }
  if (options.resume && finished(party, hopping.hops)) {
    warn("--resume: all walks have made their --hops; give more to go on");
  }

  SearchFiles files(options.log, options.trajectory, hops_before, options.resume);
  Progress progress("searching", walks * hopping.hops, "hops");
  progress.start_at(done);
  hopping.progress = [&](const Hop& hop) {
    files.add(hop);
    lowest = std::min(lowest, hop.best_energy);
    progress.update(done += hop.hop > 0, "lowest " + fixed(lowest, 4) + " eV");
  };
  RegularSaves saves(options.save_every);
  hopping.stop = [&saves] { return interrupted() || saves.due(); };
  if (!options.resume) party = basin_hopping_walkers(start, *potential.potential, hopping, options.walkers);
  while (!interrupted() && !finished(party, hopping.hops)) {
    if (saves.due()) {
      saves.save([&] {
        files.save();  // first: the checkpoint must not know of hops that they do not tell of
        if (!options.checkpoint.empty()) write_walkers(options.checkpoint, party);
      });
    }
    party = basin_hopping_walkers(std::move(party), *potential.potential, hopping, options.walkers);
  }
  SearchResult result;
  try {
    files.finish();
    if (!options.checkpoint.empty()) write_walkers(options.checkpoint, party);
  } catch (const Error& error) {
    result.not_written = error.what();
  }
  result.minima = party.minima();
  result.holes = party.holes();
  result.walkers = std::move(party);
  return result;
}

}  // namespace adatom::apps
