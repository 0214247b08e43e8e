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
    while (hops_ < options_.hopping.hops && !interrupted()) {
      const BasinHoppingResult before = walk_.result;
      walk_.result = hops_ == 0 ? basin_hopping(start, *potential_.potential, hopping_) : basin_hopping(before, *potential_.potential, hopping_);
      ++hops_;
      if (in_hole_) take_back(before);
      after_hop();
      if (walk_.found && walk_.result.best_energy <= hopping_.stop_energy) break;
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
    in_hole_ = minimum.excess > options_.tolerance;
    if (options_.keep_log || (options_.keep_path && hop.accepted && !in_hole_)) {
      walk_.path.push_back({hop.hop, hop.energy, hop.best_energy, hop.accepted && !in_hole_, options_.keep_path ? minimum.atoms : Atoms{}});
    }
    if (in_hole_) {
      ++walk_.turned_down;
      holes_.add(std::move(minimum));
      return;
    }
    minima_.add(std::move(minimum));
    walk_.found = true;
  }

  /// The walk stands again where it stood; only its random numbers and counts have gone on.
  void take_back(const BasinHoppingResult& before) {
    in_hole_ = false;
    BasinHoppingResult& r = walk_.result;
    if (hops_ == 1) {
      // A walk that begins in a hole begins anew, from the next random numbers.
      r.best_energy = r.current_energy = r.walk_best = std::numeric_limits<double>::infinity();
      return;
    }
    r.best = before.best;
    r.best_energy = before.best_energy;
    r.best_hop = before.best_hop;
    r.current = before.current;
    r.current_energy = before.current_energy;
    r.walk_best = before.walk_best;
    r.since_progress = before.since_progress + 1;
    r.accepted = before.accepted;
  }

  const ChosenPotential& potential_;
  const SearchOptions& options_;
  BasinHoppingOptions hopping_;
  std::size_t number_, hops_ = 0;
  bool in_hole_ = false;
  Walk walk_;
  MinimumList minima_, holes_;
};

}  // namespace

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
