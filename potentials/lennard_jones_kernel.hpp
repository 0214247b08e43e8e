// What this file is: the inner loops of the fused Lennard-Jones potential, reached through one table of functions.
// lennard_jones_kernel.cpp is compiled once per instruction set; lennard_jones_fused.cpp calls it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace adatom::kernels {

/// u(r) of lennard_jones.hpp, prepared for loops that know only q = r². Energies in units of 4ε.
struct LennardJonesTerms {
  enum class Kind { unlimited, shifted, smooth };
  Kind kind = Kind::unlimited;  ///< the plain cutoff is `shifted` by zero
  double sigma2 = 1.0;          ///< σ², Å²
  double cutoff2 = 0.0;         ///< r_c², Å²
  double onset2 = 0.0;          ///< r_o², Å²; smooth only
  double shift = 0.0;           ///< u(r_c)/4ε; shifted only
  double smooth_scale = 0.0;    ///< (r_c² − r_o²)⁻³; smooth only
};

struct LennardJonesTable {
  /// Atoms handled at a time: the arrays of all_pairs have room for `n` rounded up to a multiple of it.
  std::size_t lanes;

  /// All pairs of n atoms. positions (n, 3) in Å. scratch holds 3 · room doubles. Writes energies (room): the atom's
  /// share Σ_j u/8ε, and, unless null, forces (n, 3), in units of 4ε/Å. Returns the sum of the energies.
  /// Coincident atoms give inf or nan, positions that are not finite nan.
  double (*all_pairs)(const LennardJonesTerms& terms, std::size_t n, const double* positions, double* scratch,
                      double* energies, double* forces);

  /// One atom and its `count` neighbours at displacements (count, 3) in Å. Returns Σ_j u/8ε; adds the force on the atom
  /// in 4ε/Å to force (3), and Σ_j dE/dε/2 in 4ε, in the order xx yy zz yz xz xy, to virial (6).
  double (*neighbors)(const LennardJonesTerms& terms, std::size_t count, const double* displacements, double* force,
                      double* virial);

  /// The places first … last−1 of a Verlet list (atoms/verlet_list.hpp), whose `positions` (…, 4) are in Å. Writes the
  /// force on each in 4ε/Å and its share Σ_j u/8ε as four numbers to sums (last − first, 4); adds Σ_j dE/dε/2 in 4ε to
  /// virial (6) unless that is null. Returns the sum of the energies.
  double (*listed)(const LennardJonesTerms& terms, const double* positions, std::size_t first, std::size_t last,
                   const std::uint32_t* begin, const std::uint32_t* neighbors, double* sums, double* virial);
};

const LennardJonesTable& lennard_jones_table();

}  // namespace adatom::kernels
