#include "optim/neb.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "optim/band.hpp"
#include "optim/choose_minimizer.hpp"
#include "optim/neb_start.hpp"

namespace adatom {
namespace {

/// The band is brought so near (eV/Å) before an image starts to climb: the highest one is then known.
constexpr double calm = 0.3;
/// So often another image may turn out to be the highest after all.
constexpr int most_climbers = 5;
/// Ends with longer forces (eV/Å) are not minima.
constexpr double relaxed = 0.1;

void require_positive(const char* option, double value) {
  if (value > 0.0 && std::isfinite(value)) return;
  throw InputError(std::string("nudged elastic band: ") + option + " must be positive, found " + number_text(value));
}

/// On a free atom; of what its constraint leaves of it.
double longest_force(const Prediction& prediction, const FreeDirections& free) {
  std::vector<double> triples;
  for (const std::size_t i : free.indices()) {
    triples.insert(triples.end(), prediction.forces[i].begin(), prediction.forces[i].end());
  }
  free.project(triples);
  return longest_triple(triples);
}

/// Six digits: a force a little above its limit must not look equal to it.
std::string in_digits(double value) { return short_number_text(value, 6); }

void warn_of_force(const char* end, double force, NebResult& result) {
  if (force <= relaxed) return;
  result.warnings.push_back("the " + std::string(end) + " structure is not relaxed: its largest force is " +
                            in_digits(force) + " eV/Å");
}

/// Runs one method on the band, adding steps to the result's. Returns how it ended.
MinimizeOutcome run(Band& band, std::vector<double>& x, RelaxMethod method, double fmax, const NebOptions& options,
                    NebResult& result) {
  const std::size_t before = result.steps;
  if (before >= options.max_steps) return MinimizeOutcome::step_limit;
  MinimizeOptions limits{.fmax = fmax, .max_steps = options.max_steps - before, .max_step = options.max_step};
  limits.stop = options.stop;
  limits.progress = [&](std::size_t step, double, double now, std::span<const double>) {
    if (options.progress && (step > 0 || before == 0)) {
      const auto& energies = band.energies();
      options.progress(before + step, *std::max_element(energies.begin(), energies.end()) - energies.front(), now,
                       band.images());
    }
  };
  const Objective objective = [&](std::span<const double> at, std::span<double> slope) {
    return band.evaluate(at, slope);
  };
  const MinimizeResult end = minimize(method, objective, x, limits);
  result.steps += end.steps;
  result.fmax = end.fmax;
  return end.outcome;
}

/// Quasi-Newton steps are fast but trust that the forces are a gradient, which those of a band are not quite: when they
/// have not arrived after a while, damped dynamics goes on from there.
MinimizeOutcome relax_band(Band& band, std::vector<double>& x, double fmax, const NebOptions& options,
                           NebResult& result) {
  if (options.method != RelaxMethod::automatic) return run(band, x, options.method, fmax, options, result);
  NebOptions first = options;
  first.max_steps = result.steps + (options.max_steps - std::min(result.steps, options.max_steps)) / 3;
  const std::vector<double> start = x;
  const MinimizeOutcome outcome = run(band, x, RelaxMethod::lbfgs, fmax, first, result);
  if (outcome == MinimizeOutcome::converged || outcome == MinimizeOutcome::undefined_start ||
      outcome == MinimizeOutcome::stopped)
    return outcome;
  if (!(result.fmax < 1.0)) x = start;
  return run(band, x, RelaxMethod::fire, fmax, options, result);
}

void describe_path(const Band& band, NebResult& result) {
  result.images = band.images();
  result.energies = band.energies();
  result.way = {0.0};
  for (std::size_t m = 0; m + 1 < band.size(); ++m) result.way.push_back(result.way.back() + band.distance(m));
  for (std::size_t m = 0; m < band.size(); ++m) {
    const std::vector<Vector3> along = band.tangent(m);
    double slope = 0.0;
    for (std::size_t i = 0; i < along.size(); ++i) slope -= dot(band.forces()[m][i], along[i]);
    result.slopes.push_back(m == 0 || m + 1 == band.size() ? 0.0 : slope);
  }
  const auto highest = std::max_element(result.energies.begin(), result.energies.end());
  result.highest = static_cast<std::size_t>(highest - result.energies.begin());
  result.barrier = *highest - result.energies.front();
  result.reverse_barrier = *highest - result.energies.back();
  if (result.highest == 0 || result.highest + 1 == band.size()) {
    result.warnings.push_back("the highest structure is an end: there is no pass between the ends, or too few images");
  }
}

std::string explain(const NebResult& result, MinimizeOutcome outcome, const NebOptions& options) {
  const std::string force = "the largest force of the band is " + in_digits(result.fmax) + " eV/Å";
  if (outcome == MinimizeOutcome::converged) return "converged: " + force;
  const std::string after = " after " + std::to_string(result.steps) + " steps: ";
  if (outcome == MinimizeOutcome::stopped) return "stopped" + after + force;
  return "not converged" + after + force + ", wanted " + in_digits(options.fmax) +
         "; allow more steps, or try --method fire or other numbers of images";
}

Constraints constraints_of(const NebOptions& options) { return {options.fixed, options.planes, options.lines}; }

void check(const NebOptions& options) {
  require_positive("spring", options.spring);
  require_positive("fmax", options.fmax);
  require_positive("max_step", options.max_step);
  if (options.max_steps == 0) throw InputError("nudged elastic band: max_steps must be positive, found 0");
}

/// The band from these images, ends included, to its end. `advice` follows when they cannot be computed.
NebResult find_path(std::vector<Atoms> start, const Potential& potential, const NebOptions& options,
                    const char* advice) {
  const FreeDirections free(start.front(), constraints_of(options));
  NebResult result;
  Prediction prediction;
  potential.compute(start.front(), {}, prediction);
  warn_of_force("first", longest_force(prediction, free), result);
  const double first_energy = prediction.energy;
  potential.compute(start.back(), {}, prediction);
  warn_of_force("last", longest_force(prediction, free), result);
  std::atomic<std::size_t> calls = 2;
  std::vector<Prediction> predictions(start.size());
  Band band(std::move(start), first_energy, prediction.energy, free, options.spring,
            [&](std::size_t m, const Atoms& atoms, std::vector<Vector3>& forces) {
              ++calls;
              potential.compute(atoms, {}, predictions[m]);
              forces = predictions[m].forces;
              return predictions[m].energy;
            });

  std::vector<double> x = band.coordinates(), gradient(x.size());
  MinimizeOutcome outcome =
      relax_band(band, x, options.climb ? std::max(options.fmax, calm) : options.fmax, options, result);
  if (outcome == MinimizeOutcome::undefined_start) {
    throw InputError("the start of the band cannot be computed: " + band.failure() + advice);
  }
  for (int climbers = 0; options.climb && outcome == MinimizeOutcome::converged && climbers < most_climbers;
       ++climbers) {
    band.evaluate(x, gradient);
    const std::size_t climber = band.highest();
    // Where an end is highest there is no top to climb to, and the image would run away.
    const double top = band.energies()[climber];
    if (top > std::max(band.energies().front(), band.energies().back())) band.set_climbing(climber);
    outcome = relax_band(band, x, options.fmax, options, result);
    band.evaluate(x, gradient);
    // Rounding errors tell apart two images of one height.
    if (band.energies()[band.highest()] - band.energies()[climber] < 1e-6) break;
  }
  band.evaluate(x, gradient);
  result.converged = outcome == MinimizeOutcome::converged;
  result.force_calls = calls;
  describe_path(band, result);
  result.reason = explain(result, outcome, options);
  return result;
}

}  // namespace

NebResult nudged_elastic_band(const Atoms& initial, const Atoms& final, const Potential& potential,
                              const NebOptions& options) {
  check(options);
  return find_path(interpolated(initial, final, options.images, options.start, constraints_of(options)), potential,
                   options, options.start == NebStart::linear ? "; the idpp start keeps atoms apart" : "");
}

NebResult nudged_elastic_band(const std::vector<Atoms>& path, const Potential& potential, const NebOptions& options) {
  check(options);
  return find_path(connected(path, constraints_of(options)), potential, options, "");
}

std::vector<std::array<double, 2>> energy_curve(const NebResult& path, std::size_t points) {
  std::vector<std::array<double, 2>> curve;
  std::size_t m = 0;
  for (std::size_t n = 0; n < points; ++n) {
    const double s =
        path.way.back() * static_cast<double>(n) / static_cast<double>(std::max<std::size_t>(2, points) - 1);
    while (m + 2 < path.way.size() && s > path.way[m + 1]) ++m;
    // The cubic with the energies and slopes of both sides (Hermite).
    const double h = path.way[m + 1] - path.way[m], t = h > 0.0 ? (s - path.way[m]) / h : 0.0;
    const double energy = path.energies[m] * (1 + 2 * t) * (1 - t) * (1 - t) +
                          path.slopes[m] * h * t * (1 - t) * (1 - t) + path.energies[m + 1] * t * t * (3 - 2 * t) +
                          path.slopes[m + 1] * h * t * t * (t - 1);
    curve.push_back({s, energy - path.energies[0]});
  }
  return curve;
}

}  // namespace adatom
