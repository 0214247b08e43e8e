// What this file is: the inner loops of fused EMT, reached through one table of functions. emt_kernel.cpp is compiled
// once per instruction set; emt_fused.cpp calls it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "potentials/neighbor_rows.hpp"

namespace adatom::kernels {

/// The elements of a structure, numbered 0 … kinds − 1, prepared for loops over neighbours.
struct EmtTerms {
  static constexpr std::size_t most_kinds = 16;
  std::size_t kinds = 0;
  double steepness = 0.0, radius = 0.0;                ///< of θ, 1/Å and Å
  double cutoff2 = 0.0, closest2 = 0.0;                ///< squares of the largest and the least distance, Å²
  double density_decay[most_kinds] = {};               ///< η2, 1/Å
  double density_start[most_kinds] = {};               ///< η2 β s0: the density is exp(start − decay r) θ(r)
  double overlap_decay[most_kinds] = {};               ///< κ/β, 1/Å
  double overlap_start[most_kinds] = {};               ///< κ s0
  double density_weight[most_kinds][most_kinds] = {};  ///< [i][j]: n0_j/(n0_i γ1_i)
  double overlap_weight[most_kinds][most_kinds] = {};  ///< [i][j]: ½ V0_i n0_j/(n0_i γ2_i), eV
};

/// Sums over the neighbours of one atom; d is the displacement to the neighbour.
struct EmtSums {
  double sigma;              ///< σ_i
  double pair;               ///< Σ_j of the pair energies y_ij + y_ji, eV
  double sigma_pull[3];      ///< Σ_j dσ_i/dr d/r, 1/Å
  double pair_pull[3];       ///< Σ_j d(y_ij + y_ji)/dr d/r, eV/Å
  double sigma_dilation[6];  ///< Σ_j dσ_i/dr d⊗d/r, order xx yy zz yz xz xy
  double pair_dilation[6];   ///< Σ_j d(y_ij + y_ji)/dr d⊗d/r, eV
  double room[4];            ///< sums come in whole vectors
};

struct EmtTable {
  /// An atom of kind `kind` and its neighbours, whose kinds are kinds[index[n]]. Leaves dσ_j/dr / r of the neighbours
  /// in pulls (count), 1/Å², in an order that the second function knows. The dilations are 0 unless wanted. Returns
  /// whether a neighbour is closer than allowed.
  bool (*listed)(const EmtTerms& terms, std::uint32_t kind, const ListedNeighbors& neighbors,
                 const std::uint32_t* kinds, bool dilations, double* pulls, EmtSums& sums);
  bool (*placed)(const EmtTerms& terms, std::uint32_t kind, const PlacedNeighbors& neighbors,
                 const std::uint32_t* kinds, bool dilations, double* pulls, EmtSums& sums);

  /// Adds Σ_n slopes[index[n]] pulls[n] d_n to force (3).
  void (*listed_pulls)(const ListedNeighbors& neighbors, const double* pulls, const double* slopes, double* force);
  void (*placed_pulls)(const PlacedNeighbors& neighbors, const double* pulls, const double* slopes, double* force);
};

const EmtTable& emt_table();

}  // namespace adatom::kernels
