#include "apps/search_runs.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>

#include "apps/error_tables.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/compare.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"

namespace adatom::apps {
namespace {

/// Minima within these of each other are one: hops are relaxed loosely.
constexpr double same_energy = 0.005;    // eV
constexpr double same_distances = 0.05;  // Å, root mean square
/// Only the lowest matter; the list is cut back to so many now and then.
constexpr std::size_t most_kept = 200;

class MinimumList {
 public:
  void add(Minimum minimum) {
    const DistanceFingerprint print = distance_fingerprint(minimum.atoms);
    for (Known& known : all_) {
      if (std::abs(known.minimum.energy - minimum.energy) > same_energy || rms_difference(known.print, print) > same_distances) continue;
      const std::size_t met = known.minimum.met + minimum.met;
      if (minimum.energy < known.minimum.energy) known = {std::move(minimum), print};
      known.minimum.met = met;
      return;
    }
    all_.push_back({std::move(minimum), print});
    if (all_.size() >= 2 * most_kept) cut();
  }

  std::vector<Minimum> lowest() {
    cut();
    std::vector<Minimum> minima;
    for (const Known& known : all_) minima.push_back(known.minimum);
    return minima;
  }

 private:
  struct Known {
    Minimum minimum;
    DistanceFingerprint print;
  };

  void cut() {
    std::stable_sort(all_.begin(), all_.end(), [](const Known& a, const Known& b) { return a.minimum.energy < b.minimum.energy; });
    if (all_.size() > most_kept) all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(most_kept), all_.end());
  }

  std::vector<Known> all_;
};

/// One walk, hop by hop, so that a hop into a hole can be taken back.
class GuardedWalk {
 public:
  GuardedWalk(const ChosenPotential& potential, const SearchOptions& options, std::size_t number)
      : potential_(potential), options_(options), hopping_(options.hopping), number_(number) {
    hopping_.seed += number;
    hopping_.hops = 1;
    hopping_.progress = [this](const Hop& hop) { remember(hop); };
    walk_.seed = hopping_.seed;
  }

  void run(const Atoms& start, const std::function<void()>& after_hop) {
    std::size_t begun = 0;
    for (std::size_t hop = 0; hop < options_.hopping.hops && !interrupted(); ++hop) {
      if (!walk_.found) {
        // A walk that has met nothing but holes begins anew, with other random numbers.
        hopping_.seed = begun == 0 ? walk_.seed : Random(walk_.seed).split(begun).below(std::size_t{1} << 62U);
        ++begun;
        const std::size_t calls = walk_.result.force_calls, failed = walk_.result.failed;
        walk_.result = basin_hopping(start, *potential_.potential, hopping_);
        walk_.result.force_calls += calls, walk_.result.failed += failed, walk_.result.hops = hop + 1;
      } else {
        walk_.result = basin_hopping(walk_.result, *potential_.potential, hopping_);
      }
      settle(hop + 1);
      after_hop();
      if (walk_.found && best_.energy <= hopping_.stop_energy) break;
    }
  }

  Walk& walk() { return walk_; }
  MinimumList& minima() { return minima_; }
  MinimumList& holes() { return holes_; }

 private:
  void remember(const Hop& hop) {
    if (!std::isfinite(hop.energy)) return;
    Minimum minimum{.atoms = *hop.structure, .energy = hop.energy, .walk = number_, .hop = hop.hop};
    if (potential_.model != nullptr) minimum.excess = worst_extrapolation(*potential_.model, minimum.atoms).excess;
    const bool hole = minimum.excess > options_.tolerance, accepted = hop.accepted && !hole;
    if (options_.keep_log || (options_.keep_path && accepted)) {
      walk_.path.push_back({hop.hop, hop.energy, hop.best_energy, accepted, options_.keep_path ? minimum.atoms : Atoms{}});
    }
    if (hole) {
      ++walk_.turned_down;
      fell_ = fell_ || hop.accepted || hop.new_best;
      holes_.add(std::move(minimum));
      return;
    }
    if (accepted || !walk_.found) current_ = minimum;
    if (!walk_.found || minimum.energy < best_.energy) best_ = minimum;
    walk_.found = true;
    minima_.add(std::move(minimum));
  }

  /// After a fall into a hole the walk stands again where it stood; only its random numbers and counts have gone on.
  void settle(std::size_t hop) {
    BasinHoppingResult& r = walk_.result;
    if (fell_ && walk_.found) {
      r.current = current_.atoms;
      r.current_energy = current_.energy;
      r.best = best_.atoms;
      r.best_energy = r.walk_best = best_.energy;
      r.best_hop = best_.hop;
    } else if (walk_.found && r.best_hop == hop) {
      best_.atoms = r.best;  // relaxed tightly
      best_.energy = r.best_energy;
    }
    fell_ = false;
  }

  const ChosenPotential& potential_;
  const SearchOptions& options_;
  BasinHoppingOptions hopping_;
  std::size_t number_;
  bool fell_ = false;
  Walk walk_;
  Minimum current_, best_;  // outside holes
  MinimumList minima_, holes_;
};

}  // namespace

std::vector<Minimum> distinct(std::vector<Minimum> minima) {
  MinimumList list;
  for (Minimum& minimum : minima) list.add(std::move(minimum));
  return list.lowest();
}

SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options) {
  std::vector<std::unique_ptr<GuardedWalk>> walks;
  for (std::size_t k = 0; k < options.runs; ++k) walks.push_back(std::make_unique<GuardedWalk>(potential, options, k));
  Progress progress("searching", options.runs * options.hopping.hops, "hops");
  std::mutex mutex;
  std::size_t done = 0;
  double lowest = std::numeric_limits<double>::infinity();
  parallel_for(options.runs, [&](std::size_t k) {
    walks[k]->run(start, [&] {
      const std::lock_guard lock(mutex);
      if (walks[k]->walk().found) lowest = std::min(lowest, walks[k]->walk().result.best_energy);
      progress.update(++done, "lowest " + fixed(lowest, 4) + " eV");
    });
  });

  SearchResult result;
  MinimumList minima, holes;
  for (const auto& one : walks) {
    for (Minimum& minimum : one->minima().lowest()) minima.add(std::move(minimum));
    for (Minimum& hole : one->holes().lowest()) holes.add(std::move(hole));
    result.walks.push_back(std::move(one->walk()));
  }
  result.minima = minima.lowest();
  result.holes = holes.lowest();
  return result;
}

}  // namespace adatom::apps
