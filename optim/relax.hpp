// What this file is: relaxation: moving the atoms of a structure downhill to where no force is left.
//
//   const RelaxResult relaxed = relax(start, potential, {.fmax = 0.01});
//   if (!relaxed.converged) std::cerr << relaxed.reason << '\n';
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"
#include "potentials/potential.hpp"

namespace adatom {

enum class RelaxMethod {
  automatic,  ///< bfgs for up to 100 free atoms, lbfgs for more
  lbfgs,      ///< limited-memory BFGS: few calls, any size
  bfgs,       ///< BFGS with the full matrix of second derivatives: fewest calls, but (3N)² numbers
  fire,       ///< damped dynamics: most calls, but no assumption about the landscape
};

/// "auto", "lbfgs", "bfgs", "fire", and back. Throws InputError naming the choices for anything else.
std::string_view name(RelaxMethod method);
RelaxMethod relax_method(std::string_view name);

struct RelaxOptions {
  RelaxMethod method = RelaxMethod::automatic;
  double fmax = 0.05;  ///< done when no force on a free atom is longer, eV/Å
  std::size_t max_steps = 1000;
  double max_step = 0.2;           ///< longest way of an atom in one step, Å
  std::vector<std::size_t> fixed;  ///< atoms that stay where they are
  /// Called with the start (step 0) and after every step. `fmax` is the longest force on a free atom, eV/Å.
  std::function<void(std::size_t step, double energy, double fmax, const Atoms& atoms)> progress;
};

struct RelaxResult {
  Atoms atoms;
  double energy = 0.0;          ///< eV
  std::vector<Vector3> forces;  ///< eV/Å, of all atoms, the fixed ones too
  double fmax = 0.0;            ///< longest force on a free atom, eV/Å
  std::size_t steps = 0;
  std::size_t force_calls = 0;  ///< structures computed
  bool converged = false;       ///< fmax reached
  std::size_t pieces = 1;       ///< more than one: a free cluster fell apart (see relax)
  std::string reason;           ///< one sentence: why it ended, and what to try
};

/// Relaxes the atoms in the cell as it is. No step raises the energy, so nothing explodes: one that would is not taken,
/// and the next is shorter. A start at fmax takes 0 steps. For a free cluster without fixed atoms `pieces` counts its
/// parts, with links of up to three median bond lengths. Throws InputError for fmax, max_step or max_steps not
/// positive, fixed atoms that do not exist or are named twice, when all atoms are fixed, for bfgs with more than 1000
/// free atoms, and when the potential cannot be computed at the start.
RelaxResult relax(const Atoms& start, const Potential& potential, const RelaxOptions& options = {});

}  // namespace adatom
