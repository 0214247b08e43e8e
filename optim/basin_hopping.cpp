#include "optim/basin_hopping.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/random.hpp"
#include "optim/clusters.hpp"
#include "optim/free_atoms.hpp"
#include "optim/lbfgs.hpp"

namespace adatom {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Atoms farther apart than this many bond lengths do not hang together.
constexpr double link_factor = 1.75;
/// How often pieces that flew apart are pushed together before the hop is given up.
constexpr int most_pushes = 3;

void require(bool holds, const char* rule, double found) {
  if (holds) return;
  throw InputError(std::string("basin hopping: ") + rule + ", found " + number_text(found));
}

void check(const BasinHoppingOptions& o) {
  require(o.hops > 0, "hops must be at least 1", 0.0);
  require(o.temperature >= 0.0 && std::isfinite(o.temperature), "temperature must not be negative", o.temperature);
  require(o.step > 0.0 && std::isfinite(o.step), "step must be positive", o.step);
  require(!o.moves.empty(), "there must be moves", 0.0);
  for (const Move& move : o.moves) {
    require(move.weight > 0.0 && std::isfinite(move.weight), "weights of moves must be positive", move.weight);
    if (!move.change) throw InputError("basin hopping: the move '" + move.name + "' has no function");
  }
  require(o.target_acceptance > 0.0 && o.target_acceptance < 1.0, "target_acceptance must lie between 0 and 1",
          o.target_acceptance);
  require(o.target_escape > 0.0 && o.target_escape < 1.0, "target_escape must lie between 0 and 1", o.target_escape);
  require(o.same.energy_window >= 0.0, "same.energy_window must not be negative", o.same.energy_window);
  require(o.same.match.tolerance > 0.0, "same.match.tolerance must be positive", o.same.match.tolerance);
  require(o.bond_length >= 0.0 && std::isfinite(o.bond_length), "bond_length must not be negative", o.bond_length);
  require(o.fmax > 0.0 && std::isfinite(o.fmax), "fmax must be positive", o.fmax);
  require(o.best_fmax > 0.0 && std::isfinite(o.best_fmax), "best_fmax must be positive", o.best_fmax);
  require(o.max_step > 0.0 && std::isfinite(o.max_step), "max_step must be positive", o.max_step);
  require(o.max_steps > 0, "max_steps must be at least 1", 0.0);
}

/// One search: the options, and memory that all its relaxations share.
class Search {
 public:
  Search(const Atoms& start, const Potential& potential, const BasinHoppingOptions& options)
      : options_(options),
        potential_(potential),
        free_(start, potential, options.fixed),
        cluster_(options.fixed.empty() && !start.pbc[0] && !start.pbc[1] && !start.pbc[2]),
        same_(options.same) {
    if (!cluster_ && (options.reseed_after > 0 || options.random_start)) {
      throw InputError(
          "basin hopping: random starts are for free clusters, without fixed atoms or periodic directions");
    }
    same_.match.movable = same_.match.movable && options.fixed.empty();
  }

  BasinHoppingResult begin(const Atoms& start);
  void continue_until_done(BasinHoppingResult& r);

 private:
  /// Relaxes `structure` to fmax; its energy, infinite if that fails.
  double quench(Atoms& structure, double fmax, BasinHoppingResult& r);
  /// The same, and pieces of a free cluster are pushed together.
  double quench_whole(Atoms& structure, BasinHoppingResult& r);
  /// Changes the structure by one of the moves.
  void move(Atoms& structure, const BasinHoppingResult& r, Random& random) const;
  /// Does options.acceptable object? Counts.
  bool acceptable(const Atoms& structure, double energy, BasinHoppingResult& r) const;
  bool taboo(const Atoms& structure, double energy, const BasinHoppingResult& r) const;
  void leave(const Atoms& next, double energy, BasinHoppingResult& r) const;
  void adapt(BasinHoppingResult& r) const;
  void adopt_if_best(const Atoms& structure, double energy, BasinHoppingResult& r);
  void hop(BasinHoppingResult& r, Random& random);

  const BasinHoppingOptions& options_;
  const Potential& potential_;
  FreeAtoms free_;
  bool cluster_;
  SameMinimum same_;
  std::vector<double> x_;
  LbfgsMemory memory_;
};

double Search::quench(Atoms& structure, double fmax, BasinHoppingResult& r) {
  free_.read(structure, x_);
  const MinimizeResult result =
      minimize_lbfgs(free_.objective(), x_,
                     {.fmax = fmax, .max_steps = options_.max_steps, .max_step = options_.max_step, .progress = {}},
                     {.memory = 5}, memory_);
  ++r.quenches;
  r.force_calls += result.calls;
  free_.write(x_, structure);
  return result.outcome == MinimizeOutcome::converged ? result.value : infinity;
}

double Search::quench_whole(Atoms& structure, BasinHoppingResult& r) {
  double energy = quench(structure, options_.fmax, r);
  if (!cluster_ || r.bond_length == 0.0) return energy;
  for (int i = 0; i < most_pushes; ++i) {
    if (!push_together(structure.positions, link_factor * r.bond_length, r.bond_length)) return energy;
    energy = quench(structure, options_.fmax, r);
  }
  const std::vector<std::size_t> piece = pieces(structure.positions, link_factor * r.bond_length);
  return std::all_of(piece.begin(), piece.end(), [](std::size_t p) { return p == 0; }) ? energy : infinity;
}

void Search::move(Atoms& structure, const BasinHoppingResult& r, Random& random) const {
  const MoveContext context{.potential = potential_,
                            .free = free_.indices(),
                            .step = r.step,
                            .bond_length = r.bond_length,
                            .free_cluster = cluster_};
  double total = 0.0;
  for (const Move& one : options_.moves) total += one.weight;
  double lot = random.uniform() * total;
  std::size_t chosen = 0;
  while (chosen + 1 < options_.moves.size() && lot >= options_.moves[chosen].weight)
    lot -= options_.moves[chosen++].weight;
  if (!options_.moves[chosen].change(structure, context, random)) shake_all(structure, context, random);
}

bool Search::acceptable(const Atoms& structure, double energy, BasinHoppingResult& r) const {
  if (!options_.acceptable || energy == infinity || options_.acceptable(structure)) return true;
  ++r.unacceptable;
  return false;
}

bool Search::taboo(const Atoms& structure, double energy, const BasinHoppingResult& r) const {
  return options_.taboo > 0 && energy < infinity && std::ranges::any_of(r.visited, [&](const Minimum& known) {
           return same_minimum(known.atoms, known.energy, structure, energy, same_);
         });
}

void Search::leave(const Atoms& next, double energy, BasinHoppingResult& r) const {
  if (options_.taboo == 0 || r.current_energy == infinity) return;
  if (same_minimum(r.current, r.current_energy, next, energy, same_)) return;
  if (r.visited.size() >= options_.taboo) r.visited.erase(r.visited.begin());
  r.visited.push_back({.atoms = std::move(r.current), .energy = r.current_energy, .hop = r.hops});
}

void Search::adapt(BasinHoppingResult& r) const {
  if (options_.adapt_every == 0 || r.hops % options_.adapt_every != 0) return;
  constexpr double tenth = 1.1;
  const double hops = static_cast<double>(options_.adapt_every);
  const double accepted = static_cast<double>(r.recently_accepted), left = static_cast<double>(r.recently_left);
  if (options_.adapt_temperature) {
    r.step *= left / hops > options_.target_escape ? 1.0 / tenth : tenth;
    if (left > 0.0) r.temperature *= accepted / left > options_.target_acceptance ? 1.0 / tenth : tenth;
  } else {
    r.step *= accepted / hops > options_.target_acceptance ? tenth : 1.0 / tenth;
  }
  if (r.bond_length > 0.0) r.step = std::min(r.step, std::max(r.bond_length, options_.step));
  r.recently_accepted = r.recently_left = 0;
}

void Search::adopt_if_best(const Atoms& structure, double energy, BasinHoppingResult& r) {
  // The looser relaxation of a hop leaves energies a little high, more so in shallow minima.
  if (!(energy < r.best_energy)) return;
  Atoms polished = structure;
  const double lower = quench(polished, options_.best_fmax, r);
  if (!(lower < r.best_energy) || (options_.acceptable && !options_.acceptable(polished))) return;
  r.best = std::move(polished);
  r.best_energy = lower;
  r.best_hop = r.hops;
  r.reached = r.best_energy <= options_.stop_energy;
}

BasinHoppingResult Search::begin(const Atoms& start) {
  BasinHoppingResult r;
  Random random(options_.seed);
  r.step = options_.step;
  r.temperature = options_.temperature;
  r.bond_length = options_.bond_length;
  r.best_energy = infinity;
  r.current = start;
  if (!options_.random_start || r.bond_length == 0.0) {
    free_.require_computable(start);
    r.current_energy = quench(r.current, options_.fmax, r);
    if (r.bond_length == 0.0 && start.size() > 1) r.bond_length = median_bond_length(r.current.positions);
  }
  if (options_.random_start) {
    r.current.positions = random_cluster_positions(start.size(), r.bond_length, random);
    r.current_energy = quench_whole(r.current, r);
  }
  r.best = r.current;
  Hop hop{.energy = r.current_energy, .accepted = true, .reseeded = options_.random_start, .structure = &r.current};
  hop.acceptable = hop.accepted = acceptable(r.current, r.current_energy, r);
  if (hop.acceptable) {
    adopt_if_best(r.current, r.current_energy, r);
  } else {
    r.current_energy = infinity;
  }
  r.walk_best = r.current_energy;
  r.random_state = random.state();
  hop.new_best = r.best_energy < infinity;
  hop.best_energy = r.best_energy;
  hop.force_calls = r.force_calls;
  if (options_.progress) options_.progress(hop);
  return r;
}

void Search::hop(BasinHoppingResult& r, Random& random) {
  ++r.hops;
  const bool nowhere = options_.random_start && r.current_energy == infinity;
  const bool reseed = nowhere || (options_.reseed_after > 0 && r.since_progress >= options_.reseed_after);
  Atoms trial = r.current;
  if (reseed) {
    trial.positions = random_cluster_positions(trial.size(), r.bond_length, random);
  } else {
    move(trial, r, random);
  }
  const double energy = quench_whole(trial, r);
  Hop hop{.hop = r.hops, .energy = energy, .reseeded = reseed, .structure = &trial};
  if (energy == infinity) ++r.failed;
  hop.acceptable = acceptable(trial, energy, r);
  if (hop.acceptable) adopt_if_best(trial, energy, r);
  hop.taboo = hop.acceptable && !reseed && taboo(trial, energy, r);
  if (hop.taboo) ++r.revisits;

  // Metropolis; the random number is drawn every time, so that the stream does not depend on the energies' last bits.
  const double lot = random.uniform(), rise = energy - r.current_energy;
  const bool allowed = energy < infinity && hop.acceptable && !hop.taboo;
  const bool left = energy < infinity && std::abs(rise) > same_.energy_window;
  hop.accepted = allowed && (reseed || rise <= 0.0 || lot < std::exp(-rise / r.temperature));
  if (allowed && (energy < r.walk_best || (reseed && hop.accepted))) {
    r.walk_best = energy;
    r.since_progress = 0;
  } else {
    ++r.since_progress;
  }
  if (hop.accepted) ++r.accepted;
  if (hop.accepted && (left || !options_.adapt_temperature)) ++r.recently_accepted;
  if (left) ++r.recently_left;
  if (reseed && hop.accepted) ++r.reseeds;
  hop.best_energy = r.best_energy;
  hop.new_best = r.best_hop == r.hops;
  hop.force_calls = r.force_calls;
  if (options_.progress) options_.progress(hop);
  if (hop.accepted) {
    leave(trial, energy, r);
    r.current = std::move(trial);
    r.current_energy = energy;
  }
  adapt(r);
}

void Search::continue_until_done(BasinHoppingResult& r) {
  Random random(0);
  random.set_state(r.random_state);
  if (!options_.adapt_temperature) r.temperature = options_.temperature;
  for (std::size_t i = 0; i < options_.hops && !(r.best_energy <= options_.stop_energy); ++i) {
    if (options_.stop && options_.stop()) break;
    hop(r, random);
  }
  r.reached = r.best_energy <= options_.stop_energy;
  r.random_state = random.state();
}

}  // namespace

BasinHoppingResult basin_hopping(const Atoms& start, const Potential& potential, const BasinHoppingOptions& options) {
  check(options);
  Search search(start, potential, options);
  BasinHoppingResult result = search.begin(start);
  search.continue_until_done(result);
  return result;
}

BasinHoppingResult basin_hopping(const BasinHoppingResult& earlier, const Potential& potential,
                                 const BasinHoppingOptions& options) {
  check(options);
  Search search(earlier.current, potential, options);
  BasinHoppingResult result = earlier;
  search.continue_until_done(result);
  return result;
}

}  // namespace adatom
