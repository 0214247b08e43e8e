#include "optim/relax.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "optim/choose_minimizer.hpp"
#include "optim/clusters.hpp"
#include "optim/free_atoms.hpp"

namespace adatom {
namespace {

struct Named {
  RelaxMethod method;
  std::string_view name;
};
constexpr Named methods[] = {{RelaxMethod::automatic, "auto"},
                             {RelaxMethod::lbfgs, "lbfgs"},
                             {RelaxMethod::bfgs, "bfgs"},
                             {RelaxMethod::fire, "fire"},
                             {RelaxMethod::bfgs_line_search, "bfgs-line-search"},
                             {RelaxMethod::conjugate_gradients, "cg"},
                             {RelaxMethod::gradient_descent, "gradient-descent"}};

constexpr std::size_t most_bfgs_atoms = 1000;
/// Atoms farther apart than this many median bond lengths do not hang together.
constexpr double link_factor = 3.0;
/// A cell whose volume has changed by this factor is no crystal any more.
constexpr double much_growth = 4.0;

void require_positive(const char* option, double value) {
  if (value > 0.0 && std::isfinite(value)) return;
  throw InputError(std::string("relax: ") + option + " must be positive, found " + number_text(value));
}

/// Stress and forces on one scale: at fmax when either is at its limit.
std::function<double(std::span<const double>)> measure_of(const FreeAtoms& free, const RelaxOptions& options) {
  if (options.cell.shape == CellShape::fixed) return {};
  return [&free, &options](std::span<const double> gradient) {
    const double force = free.largest_force(gradient);
    const double stress = free.largest_stress(gradient) * options.fmax / options.cell.max_stress;
    return force > stress || std::isnan(force) ? force : stress;
  };
}

std::size_t count_pieces(const Atoms& end, const RelaxOptions& options) {
  const bool cluster = options.fixed.empty() && options.planes.empty() && options.lines.empty() && !end.pbc[0] &&
                       !end.pbc[1] && !end.pbc[2];
  if (!cluster || end.size() < 2) return 1;
  const std::vector<std::size_t> piece = pieces(end.positions, link_factor * median_bond_length(end.positions));
  return 1 + *std::max_element(piece.begin(), piece.end());
}

/// Six digits: a force a little above its limit must not look equal to it.
std::string in_digits(double value) { return short_number_text(value, 6); }

std::string explain(const Atoms& start, const RelaxResult& result, MinimizeOutcome outcome,
                    const RelaxOptions& options) {
  const std::string force = in_digits(result.fmax) + " eV/Å", stress = in_digits(result.largest_stress) + " eV/Å³";
  const std::string steps = std::to_string(result.steps), wanted = ", wanted " + in_digits(options.fmax);
  std::string text;
  switch (outcome) {
    case MinimizeOutcome::converged:
      text = "converged: the largest force is " + force;
      if (result.stress) text += ", the largest stress " + stress;
      break;
    case MinimizeOutcome::diverged:
      text = "not converged: the steps of learning rate " + in_digits(options.learning_rate) +
             " Å²/eV are too long and lead uphill (step " + steps + "); lower the learning rate";
      break;
    case MinimizeOutcome::stopped:
    case MinimizeOutcome::step_limit:
      text = "not converged after " + steps + " steps: the largest force is " + force + wanted;
      if (result.stress) {
        text += ", and the largest stress " + stress + ", wanted " + in_digits(options.cell.max_stress);
      }
      text += "; allow more steps";
      break;
    case MinimizeOutcome::stuck:
    case MinimizeOutcome::undefined_start:
      text = "not converged: no step lowers the energy although the largest force is " + force + wanted +
             "; energy and forces may disagree, or fmax is below their rounding errors";
      break;
  }
  const double growth = result.stress ? volume(result.atoms.cell) / volume(start.cell) : 1.0;
  if (growth > much_growth) {
    text += "; the crystal has evaporated: the cell is " + in_digits(growth) + " times as large";
  }
  if (growth < 1.0 / much_growth) {
    text += "; the crystal has collapsed: the cell is " + in_digits(1.0 / growth) + " times smaller";
  }
  if (result.pieces > 1) {
    text += "; the cluster has flown apart into " + std::to_string(result.pieces) + " pieces";
  }
  return text;
}

}  // namespace

std::string_view name(RelaxMethod method) {
  return std::find_if(std::begin(methods), std::end(methods), [=](const Named& m) { return m.method == method; })->name;
}

RelaxMethod relax_method(std::string_view name) {
  std::string known;
  for (const Named& m : methods) {
    if (m.name == name) return m.method;
    known += (known.empty() ? "" : ", ") + std::string(m.name);
  }
  throw InputError("unknown relaxation method '" + std::string(name) + "'; there are " + known);
}

RelaxResult relax(const Atoms& start, const Potential& potential, const RelaxOptions& options) {
  require_positive("fmax", options.fmax);
  require_positive("max_step", options.max_step);
  if (options.max_steps == 0) throw InputError("relax: max_steps must be positive, found 0");
  if (!(options.learning_rate >= 0.0) || !std::isfinite(options.learning_rate)) {
    throw InputError("relax: learning_rate must not be negative, found " + number_text(options.learning_rate) +
                     "; 0 finds it while going");
  }
  FreeAtoms free(start, potential, Constraints{options.fixed, options.planes, options.lines}, options.cell);
  const bool matrix = options.method == RelaxMethod::bfgs || options.method == RelaxMethod::bfgs_line_search;
  if (matrix && free.indices().size() > most_bfgs_atoms) {
    throw InputError("relax: bfgs keeps a matrix of (3N)^2 numbers and is limited to " +
                     std::to_string(most_bfgs_atoms) + " free atoms, found " + std::to_string(free.indices().size()) +
                     "; use lbfgs");
  }

  // Minimise over the free coordinates.
  RelaxResult result;
  result.atoms = start;
  std::vector<double> x;
  free.read(start, x);
  MinimizeOptions limits{.fmax = options.fmax, .max_steps = options.max_steps, .max_step = options.max_step};
  limits.measure = measure_of(free, options);
  if (options.progress) {
    limits.progress = [&](std::size_t step, double energy, double fmax, std::span<const double> now) {
      free.write(now, result.atoms);
      options.progress(step, energy, fmax, result.atoms);
    };
  }
  const MinimizeResult minimum = minimize(options.method, free.objective(), x, limits, options.learning_rate);
  if (minimum.outcome == MinimizeOutcome::undefined_start) {
    free.require_computable(start);  // throws the potential's reason
    throw NumericalError("relax: the energy or the forces of the start are not finite numbers");
  }

  // The minimiser's last call need not have been at its result.
  std::vector<double> gradient(x.size());
  free.write(x, result.atoms);
  const bool cell = options.cell.shape != CellShape::fixed;
  if (cell || free.atoms().positions != result.atoms.positions) free.objective()(x, gradient);
  result.energy = free.latest().energy;
  result.forces = free.latest().forces;
  if (cell) result.stress = free.latest().stress;
  result.enthalpy = result.energy + options.cell.pressure * volume(result.atoms.cell);
  result.fmax = cell ? free.largest_force(gradient) : minimum.fmax;
  result.largest_stress = cell ? free.largest_stress(gradient) : 0.0;
  result.steps = minimum.steps;
  result.force_calls = minimum.calls;
  result.converged = minimum.outcome == MinimizeOutcome::converged;
  result.pieces = count_pieces(result.atoms, options);
  result.reason = explain(start, result, minimum.outcome, options);
  return result;
}

}  // namespace adatom
