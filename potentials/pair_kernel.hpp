// What this file is: the inner loops of the pair potentials that share one fused loop (Morse, Gaussians), reached
// through one table of functions. pair_kernel.cpp is compiled once per instruction set; pair_potential.cpp calls it.
#pragma once

#include <cstddef>

#include "potentials/neighbor_rows.hpp"

namespace adatom::kernels {

/// f(r) of quintic_cutoff (pair_cutoff.hpp).
struct PairCutoff {
  double cutoff = 1e300;       ///< Å; 1e300: none
  double inverse_width = 1.0;  ///< 1/(cutoff − onset), 1/Å
};

/// u(r) = ε x (x − 2) f(r), x = exp(steepness (minimum − r))
struct MorseTerms {
  double epsilon, steepness, minimum;
  PairCutoff cutoff;
};

/// u(r) = Σ_k coefficients[k] exp(−(inverse_widths[k] (r − centers[k]))²/2) f(r)
struct GaussianTerms {
  std::size_t count;
  const double *coefficients, *centers, *inverse_widths;
  PairCutoff cutoff;
};

/// One of them.
struct PairTerms {
  enum class Kind { morse, gaussians };
  Kind kind;
  MorseTerms morse{};
  GaussianTerms gaussians{};
  double cutoff2 = 1e300;  ///< Å²; beyond it there is no neighbour
  double closest2 = 0.0;   ///< Å², of the closest that neighbours may be
};

/// Sums over the neighbours of one atom.
struct PairSums {
  double energy;       ///< Σ_j u
  double pull[3];      ///< Σ_j du/dr d/r: the force on the atom
  double dilation[6];  ///< Σ_j du/dr d⊗d/r, order xx yy zz yz xz xy; 0 unless wanted
  double room[6];      ///< sums come in whole vectors
};

struct PairTable {
  /// One atom. Returns whether a neighbour is too close; `sums` is then of no use.
  bool (*listed)(const PairTerms& terms, const ListedNeighbors& neighbors, bool dilations, PairSums& sums);
  bool (*placed)(const PairTerms& terms, const PlacedNeighbors& neighbors, bool dilations, PairSums& sums);
};

const PairTable& pair_table();

}  // namespace adatom::kernels
