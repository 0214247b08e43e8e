#include "optim/basin_hopping.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/error.hpp"
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
  std::ostringstream message;
  message << "basin hopping: " << rule << ", found " << found;
  throw InputError(message.str());
}

void check(const BasinHoppingOptions& o) {
  require(o.hops > 0, "hops must be at least 1", 0.0);
  require(o.temperature >= 0.0 && std::isfinite(o.temperature), "temperature must not be negative", o.temperature);
  require(o.step > 0.0 && std::isfinite(o.step), "step must be positive", o.step);
  require(o.surface_moves >= 0.0 && o.surface_moves <= 1.0, "surface_moves must lie between 0 and 1", o.surface_moves);
  require(o.target_acceptance > 0.0 && o.target_acceptance < 1.0, "target_acceptance must lie between 0 and 1",
          o.target_acceptance);
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
        free_(start, potential, options.fixed),
        cluster_(options.fixed.empty() && !start.pbc[0] && !start.pbc[1] && !start.pbc[2]) {
    if (!cluster_ && (options.reseed_after > 0 || options.random_start)) {
      throw InputError(
          "basin hopping: random starts are for free clusters, without fixed atoms or periodic directions");
    }
  }

  BasinHoppingResult begin(const Atoms& start);
  void continue_until_done(BasinHoppingResult& r);

 private:
  /// Relaxes `structure` to fmax; its energy, infinite if that fails.
  double quench(Atoms& structure, double fmax, BasinHoppingResult& r);
  /// The same, and pieces of a free cluster are pushed together.
  double quench_whole(Atoms& structure, BasinHoppingResult& r);
  void shake(Atoms& structure, double step, Random& random) const;
  void adopt_if_best(const Atoms& structure, double energy, BasinHoppingResult& r);
  void hop(BasinHoppingResult& r, Random& random);
  void report(const BasinHoppingResult& r, const Atoms& structure, double energy, bool accepted, bool reseeded) const;

  const BasinHoppingOptions& options_;
  FreeAtoms free_;
  bool cluster_;
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

void Search::shake(Atoms& structure, double step, Random& random) const {
  for (const std::size_t i : free_.indices()) {
    for (double& x : structure.positions[i]) x += random.uniform(-step, step);
  }
}

void Search::adopt_if_best(const Atoms& structure, double energy, BasinHoppingResult& r) {
  // The looser relaxation of a hop leaves energies a little high, more so in shallow minima.
  if (!(energy < r.best_energy)) return;
  Atoms polished = structure;
  const double lower = quench(polished, options_.best_fmax, r);
  if (!(lower < r.best_energy)) return;
  r.best = std::move(polished);
  r.best_energy = lower;
  r.best_hop = r.hops;
  r.reached = r.best_energy <= options_.stop_energy;
}

void Search::report(const BasinHoppingResult& r, const Atoms& structure, double energy, bool accepted,
                    bool reseeded) const {
  if (!options_.progress) return;
  options_.progress({.hop = r.hops,
                     .energy = energy,
                     .best_energy = r.best_energy,
                     .accepted = accepted,
                     .new_best = r.best_hop == r.hops,
                     .reseeded = reseeded,
                     .force_calls = r.force_calls,
                     .structure = &structure});
}

BasinHoppingResult Search::begin(const Atoms& start) {
  BasinHoppingResult r;
  Random random(options_.seed);
  r.step = options_.step;
  r.bond_length = options_.bond_length;
  r.best_energy = infinity;
  r.current = start;
  if (!options_.random_start || r.bond_length == 0.0) {
    free_.require_computable(start);
    r.current_energy = quench(r.current, options_.fmax, r);
    if (cluster_ && r.bond_length == 0.0 && start.size() > 1) r.bond_length = median_bond_length(r.current.positions);
  }
  if (options_.random_start) {
    r.current.positions = random_cluster_positions(start.size(), r.bond_length, random);
    r.current_energy = quench_whole(r.current, r);
  }
  r.best = r.current;
  adopt_if_best(r.current, r.current_energy, r);
  r.walk_best = r.current_energy;
  r.random_state = random.state();
  report(r, r.current, r.current_energy, true, options_.random_start);
  return r;
}

void Search::hop(BasinHoppingResult& r, Random& random) {
  ++r.hops;
  const bool reseed = options_.reseed_after > 0 && r.since_progress >= options_.reseed_after;
  Atoms trial = r.current;
  if (reseed) {
    trial.positions = random_cluster_positions(trial.size(), r.bond_length, random);
  } else if (cluster_ && random.uniform() < options_.surface_moves) {
    move_to_surface(trial.positions, 1 + random.below(3), r.bond_length, random);
  } else {
    shake(trial, r.step, random);
  }
  const double energy = quench_whole(trial, r);
  if (energy == infinity) ++r.failed;
  adopt_if_best(trial, energy, r);

  // Metropolis; the random number is drawn every time, so that the stream does not depend on the energies' last bits.
  const double lot = random.uniform(), rise = energy - r.current_energy;
  const bool accepted = energy < infinity && (reseed || rise <= 0.0 || lot < std::exp(-rise / options_.temperature));
  if (energy < r.walk_best || (reseed && accepted)) {
    r.walk_best = energy;
    r.since_progress = 0;
  } else {
    ++r.since_progress;
  }
  if (accepted) ++r.accepted, ++r.recently_accepted;
  if (reseed && accepted) ++r.reseeds;
  report(r, trial, energy, accepted, reseed);
  if (accepted) r.current = std::move(trial), r.current_energy = energy;

  if (options_.adapt_every > 0 && r.hops % options_.adapt_every == 0) {
    const double share = static_cast<double>(r.recently_accepted) / static_cast<double>(options_.adapt_every);
    r.step *= share > options_.target_acceptance ? 1.1 : 1.0 / 1.1;
    r.recently_accepted = 0;
  }
}

void Search::continue_until_done(BasinHoppingResult& r) {
  Random random(0);
  random.set_state(r.random_state);
  for (std::size_t i = 0; i < options_.hops && !(r.best_energy <= options_.stop_energy); ++i) hop(r, random);
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
