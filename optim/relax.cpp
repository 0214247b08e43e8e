#include "optim/relax.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/error.hpp"
#include "optim/bfgs.hpp"
#include "optim/clusters.hpp"
#include "optim/fire.hpp"
#include "optim/free_atoms.hpp"
#include "optim/lbfgs.hpp"

namespace adatom {
namespace {

struct Named {
  RelaxMethod method;
  std::string_view name;
};
constexpr Named methods[] = {{RelaxMethod::automatic, "auto"},
                             {RelaxMethod::lbfgs, "lbfgs"},
                             {RelaxMethod::bfgs, "bfgs"},
                             {RelaxMethod::fire, "fire"}};

constexpr std::size_t few_atoms = 100;  // for automatic to choose bfgs
constexpr std::size_t most_bfgs_atoms = 1000;
/// Atoms farther apart than this many median bond lengths do not hang together.
constexpr double link_factor = 3.0;

void require_positive(const char* option, double value) {
  if (value > 0.0 && std::isfinite(value)) return;
  std::ostringstream message;
  message << "relax: " << option << " must be positive, found " << value;
  throw InputError(message.str());
}

MinimizeResult minimize(RelaxMethod method, const Objective& objective, std::span<double> x,
                        const MinimizeOptions& limits) {
  if (method == RelaxMethod::automatic) method = x.size() <= 3 * few_atoms ? RelaxMethod::bfgs : RelaxMethod::lbfgs;
  if (method == RelaxMethod::bfgs) return minimize_bfgs(objective, x, limits);
  if (method == RelaxMethod::fire) return minimize_fire(objective, x, limits);
  LbfgsMemory memory;
  return minimize_lbfgs(objective, x, limits, {}, memory);
}

std::size_t count_pieces(const Atoms& end, const RelaxOptions& options) {
  const bool cluster = options.fixed.empty() && !end.pbc[0] && !end.pbc[1] && !end.pbc[2];
  if (!cluster || end.size() < 2) return 1;
  const std::vector<std::size_t> piece = pieces(end.positions, link_factor * median_bond_length(end.positions));
  return 1 + *std::max_element(piece.begin(), piece.end());
}

std::string explain(const RelaxResult& result, MinimizeOutcome outcome, const RelaxOptions& options) {
  std::ostringstream text;
  switch (outcome) {
    case MinimizeOutcome::converged:
      text << "converged: the largest force is " << result.fmax << " eV/A";
      break;
    case MinimizeOutcome::step_limit:
      text << "not converged after " << result.steps << " steps: the largest force is " << result.fmax
           << " eV/A, wanted " << options.fmax << "; allow more steps";
      break;
    case MinimizeOutcome::stuck:
    case MinimizeOutcome::undefined_start:
      text << "not converged: no step lowers the energy although the largest force is " << result.fmax
           << " eV/A, wanted " << options.fmax
           << "; energy and forces may disagree, or fmax is below their rounding errors";
      break;
  }
  if (result.pieces > 1) text << "; the cluster has flown apart into " << result.pieces << " pieces";
  return text.str();
}

}  // namespace

std::string_view name(RelaxMethod method) {
  return std::find_if(std::begin(methods), std::end(methods), [=](const Named& m) { return m.method == method; })->name;
}

RelaxMethod relax_method(std::string_view name) {
  for (const Named& m : methods) {
    if (m.name == name) return m.method;
  }
  throw InputError("unknown relaxation method '" + std::string(name) + "'; there are auto, lbfgs, bfgs, fire");
}

RelaxResult relax(const Atoms& start, const Potential& potential, const RelaxOptions& options) {
  require_positive("fmax", options.fmax);
  require_positive("max_step", options.max_step);
  if (options.max_steps == 0) throw InputError("relax: max_steps must be positive, found 0");
  FreeAtoms free(start, potential, options.fixed);
  if (options.method == RelaxMethod::bfgs && free.indices().size() > most_bfgs_atoms) {
    throw InputError("relax: bfgs keeps a matrix of (3N)^2 numbers and is limited to " +
                     std::to_string(most_bfgs_atoms) + " free atoms, found " + std::to_string(free.indices().size()) +
                     "; use lbfgs");
  }

  // Minimise over the free coordinates.
  RelaxResult result;
  result.atoms = start;
  std::vector<double> x;
  free.read(start, x);
  MinimizeOptions limits{
      .fmax = options.fmax, .max_steps = options.max_steps, .max_step = options.max_step, .progress = {}};
  if (options.progress) {
    limits.progress = [&](std::size_t step, double energy, double fmax, std::span<const double> now) {
      free.write(now, result.atoms);
      options.progress(step, energy, fmax, result.atoms);
    };
  }
  const MinimizeResult minimum = minimize(options.method, free.objective(), x, limits);
  if (minimum.outcome == MinimizeOutcome::undefined_start) {
    free.require_computable(start);  // throws the potential's reason
    throw NumericalError("relax: the energy or the forces of the start are not finite numbers");
  }

  // The minimiser's last call need not have been at its result.
  free.write(x, result.atoms);
  if (free.atoms().positions != result.atoms.positions) free.require_computable(result.atoms);
  result.energy = free.latest().energy;
  result.forces = free.latest().forces;
  result.fmax = minimum.fmax;
  result.steps = minimum.steps;
  result.force_calls = minimum.calls;
  result.converged = minimum.outcome == MinimizeOutcome::converged;
  result.pieces = count_pieces(result.atoms, options);
  result.reason = explain(result, minimum.outcome, options);
  return result;
}

}  // namespace adatom
