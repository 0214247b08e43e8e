// What this file is: the minimisers below relax and basin_hopping: functions of a flat array of coordinates, three per
// atom. They know nothing of atoms but that triple, which limits steps and measures convergence.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

namespace adatom {

/// Returns the value at x and writes the gradient there. Where there is none it returns inf or nan, and what is written
/// does not matter. A field of forces that is no gradient (a nudged elastic band) may return 0 everywhere: every step
/// is then accepted.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct MinimizeOptions {
  double fmax = 0.05;            ///< done when no triple of the gradient is longer
  std::size_t max_steps = 1000;  ///< steps accepted
  double max_step = 0.2;         ///< no triple of x moves farther in one step
  /// Called with the start and after each accepted step; may be empty.
  std::function<void(std::size_t step, double value, double fmax, std::span<const double> x)> progress{};
  std::function<bool()> stop{};  ///< asked before each step; true ends it there; may be empty
  /// How far a gradient is from 0, in the unit of fmax; empty: longest_triple.
  std::function<double(std::span<const double> gradient)> measure{};
};

enum class MinimizeOutcome {
  converged,
  step_limit,
  stopped,         ///< options.stop said so
  stuck,           ///< no step lowers the value: value and gradient disagree, or rounding errors are larger than fmax
  diverged,        ///< steps of a fixed rate are too long: the value is not finite any more, or above the start
  undefined_start  ///< value or gradient at the start is not finite
};

struct MinimizeResult {
  double value = 0.0;
  double fmax = 0.0;
  std::size_t steps = 0;
  std::size_t calls = 0;  ///< of the objective
  MinimizeOutcome outcome = MinimizeOutcome::converged;
};

/// The longest triple of x.
double longest_triple(std::span<const double> x);

}  // namespace adatom
