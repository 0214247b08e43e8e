#include "optim/walkers.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {
namespace {

/// Steps all walkers, round by round.
class Party {
 public:
  Party(const Potential& potential, const BasinHoppingOptions& options, const WalkersOptions& walkers)
      : potential_(potential), options_(options), walkers_(walkers) {
    if (walkers.round == 0) throw InputError("basin hopping: a round must have at least 1 hop");
  }

  void run(Walkers& party, const Atoms* start) {
    for (bool first = start != nullptr; first || unfinished(party); first = false) {
      std::size_t done = options_.hops;
      for (const Walker& walker : party.walkers) done = std::min(done, walker.search.hops);
      const std::size_t goal = std::min(options_.hops, (done / walkers_.round + 1) * walkers_.round);
      parallel_for(party.walkers.size(),
                   [&](std::size_t k) { advance(party.walkers[k], k, goal, first ? start : nullptr); });
      if (walkers_.after_round) walkers_.after_round(party);
    }
  }

 private:
  bool unfinished(const Walkers& party) const {
    if (options_.stop && options_.stop()) return false;
    bool someone_arrived = false, someone_walks = false, in_a_round = false;
    for (const Walker& walker : party.walkers) {
      const bool arrived = walker.search.best_energy <= options_.stop_energy;
      const bool walks = !arrived && walker.search.hops < options_.hops;
      someone_arrived = someone_arrived || arrived;
      someone_walks = someone_walks || walks;
      in_a_round = in_a_round || (walks && walker.search.hops % walkers_.round != 0);
    }
    // A round in which a walker arrived and that was stopped is still walked to its end, as without the stop.
    return someone_walks && (!someone_arrived || in_a_round);
  }

  void advance(Walker& walker, std::size_t number, std::size_t goal, const Atoms* start) {
    BasinHoppingOptions options = options_;
    options.seed = walker.seed;
    options.progress = [&](Hop hop) {
      hop.walker = number;
      if (walkers_.archive) {
        MinimaArchive& kind = hop.acceptable ? walker.archive : walker.holes;
        kind.add({.atoms = *hop.structure, .energy = hop.energy, .walker = number, .hop = hop.hop});
      }
      if (!options_.progress) return;
      report_.run([&] { options_.progress(hop); });
    };
    options.hops = goal - std::min(goal, walker.search.hops);
    if (options.hops == 0) return;
    walker.search = start != nullptr ? basin_hopping(*start, potential_, options)
                                     : basin_hopping(walker.search, potential_, options);
  }

  const Potential& potential_;
  const BasinHoppingOptions& options_;
  const WalkersOptions& walkers_;
  OneAtATime report_;
};

}  // namespace

const BasinHoppingResult& Walkers::best() const {
  if (walkers.empty()) throw InputError("basin hopping: there are no walkers");
  return std::ranges::min_element(walkers, {}, [](const Walker& w) { return w.search.best_energy; })->search;
}

MinimaArchive Walkers::minima() const {
  MinimaArchive all(same);
  for (const Walker& walker : walkers) all.add(walker.archive);
  return all;
}

MinimaArchive Walkers::holes() const {
  MinimaArchive all(same);
  for (const Walker& walker : walkers) all.add(walker.holes);
  return all;
}

Walkers basin_hopping_walkers(const Atoms& start, const Potential& potential, const BasinHoppingOptions& options,
                              const WalkersOptions& walkers) {
  if (walkers.walkers == 0 || walkers.walkers > most_walkers) {
    throw InputError("basin hopping: there must be at least 1 walker and at most " + std::to_string(most_walkers) +
                     ", found " + std::to_string(walkers.walkers));
  }
  Walkers party;
  party.same = options.same;
  for (std::size_t k = 0; k < walkers.walkers; ++k) {
    const MinimaArchive none(options.same, walkers.archive_most);
    party.walkers.push_back({.seed = options.seed + k, .search = {}, .archive = none, .holes = none});
  }
  Party(potential, options, walkers).run(party, &start);
  return party;
}

Walkers basin_hopping_walkers(Walkers earlier, const Potential& potential, const BasinHoppingOptions& options,
                              const WalkersOptions& walkers) {
  Party(potential, options, walkers).run(earlier, nullptr);
  return earlier;
}

}  // namespace adatom
