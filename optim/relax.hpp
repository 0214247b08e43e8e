// What this file is: relaxation: moving the atoms of a structure downhill to where no force is left.
//
//   const RelaxResult relaxed = relax(start, potential, {.fmax = 0.01});
//   if (!relaxed.converged) std::cerr << relaxed.reason << '\n';
//   relax(crystal, potential, {.cell = {.shape = CellShape::full, .pressure = 0.0}});   // the cell too
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"
#include "optim/cell_strain.hpp"
#include "optim/constraints.hpp"
#include "potentials/potential.hpp"

namespace adatom {

enum class RelaxMethod {
  automatic,            ///< lbfgs
  lbfgs,                ///< limited-memory BFGS: fewest calls from most starts, any size
  bfgs,                 ///< BFGS with the full matrix of second derivatives: as few near a minimum, but (3N)² numbers
  fire,                 ///< damped dynamics: many calls, but no assumption about the landscape
  bfgs_line_search,     ///< the textbook's BFGS
  conjugate_gradients,  ///< little memory, and no matrix
  gradient_descent,     ///< to learn on: thousands of calls
};

/// "auto", "lbfgs", "bfgs", "fire", "bfgs-line-search", "cg", "gradient-descent", and back. Throws InputError naming
/// the choices for anything else.
std::string_view name(RelaxMethod method);
RelaxMethod relax_method(std::string_view name);

struct RelaxOptions {
  RelaxMethod method = RelaxMethod::automatic;
  double fmax = 0.05;  ///< done when no force on a free atom is longer, eV/Å
  std::size_t max_steps = 1000;
  double max_step = 0.2;       ///< longest way of an atom in one step, Å
  double learning_rate = 0.0;  ///< of gradient descent, Å²/eV; 0: found while going, so that no step goes uphill
  std::vector<std::size_t> fixed{};       ///< atoms that stay where they are; in a relaxing cell, at their place in it
  std::vector<PlaneConstraint> planes{};  ///< atoms that stay in a plane,
  std::vector<LineConstraint> lines{};    ///< or on a line
  CellOptions cell{};                     ///< fixed, unless its shape says otherwise
  /// Called with the start (step 0) and after every step. `energy` is the enthalpy where there is a pressure; `fmax` is
  /// the longest force on a free atom, eV/Å (for a relaxing cell at least fmax · stress / max_stress).
  std::function<void(std::size_t step, double energy, double fmax, const Atoms& atoms)> progress{};
};

struct RelaxResult {
  Atoms atoms;
  double energy = 0.0;          ///< eV
  std::vector<Vector3> forces;  ///< eV/Å, of all atoms, the fixed ones too
  double fmax = 0.0;            ///< longest force on a free atom (its part along planes and lines), eV/Å
  double largest_stress = 0.0;  ///< of the components that may relax, pressure added, eV/Å³; 0 for a fixed cell
  std::optional<std::array<double, 6>> stress{};  ///< eV/Å³, if the cell relaxed
  double enthalpy = 0.0;                          ///< energy + pressure · volume, eV
  std::size_t steps = 0;
  std::size_t force_calls = 0;  ///< structures computed
  bool converged = false;       ///< fmax reached, and max_stress where the cell relaxes
  std::size_t pieces = 1;       ///< more than one: a free cluster fell apart (see relax)
  std::string reason;           ///< one sentence: why it ended, and what to try
};

/// Relaxes the atoms, and the cell if options.cell says so. No step raises the energy (but for gradient descent with a
/// learning_rate of your own), so nothing explodes: one that would is not taken, and the next is shorter. A start at
/// fmax takes 0 steps. For a free cluster without fixed atoms `pieces` counts its parts, with links of up to three
/// median bond lengths. Throws InputError for fmax, max_step or max_steps not positive, constrained atoms that do not
/// exist or are named twice, when all atoms are fixed, for either bfgs with more than 1000 free atoms, for cells that
/// cannot relax (see StrainModes), and when the potential cannot be computed at the start.
RelaxResult relax(const Atoms& start, const Potential& potential, const RelaxOptions& options = {});

}  // namespace adatom
