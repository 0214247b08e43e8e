// What this file is: the radial distribution function g(r) of structures and trajectories, for each pair of elements.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

struct RadialDistributionOptions {
  /// Largest distance, Angstrom; periodic structures may have cells smaller than that. When 0: half the smallest
  /// distance between opposite faces for structures that are periodic in three directions, the largest distance of two
  /// atoms for others.
  double rmax = 0.0;
  std::size_t bins = 200;
  /// The volume that the atoms share, Angstrom³. When 0: the cell's for structures that are periodic in three
  /// directions; others have none, and the density is taken relative to the mean one in the ball of radius rmax.
  double volume = 0.0;
};

/// g(r) of atoms `second` around atoms `first`.
struct PartialDistribution {
  int first = 0, second = 0;         ///< atomic numbers
  std::vector<double> g;             ///< density relative to the mean one, by bin: tends to 1 in a liquid
  std::vector<double> coordination;  ///< mean number of `second` around a `first` up to the outer edge of each bin
};

struct RadialDistribution {
  std::vector<double> r;                      ///< middle of each bin, Angstrom
  double width = 0.0;                         ///< of a bin, Angstrom
  PartialDistribution total;                  ///< elements ignored; first = second = 0
  std::vector<PartialDistribution> partials;  ///< every ordered pair of elements, ascending

  /// The partial one for these atomic numbers. Throws InputError when there is none.
  const PartialDistribution& partial(int first, int second) const;
};

/// g_ab(r) = V / (N_a N_b) · (pairs with distance in the bin) / (volume of the spherical shell), pairs (i, j ≠ i) of an
/// a and a b counted from each side, periodic images included; so the coordination number is ∫ (N_b/V) g_ab 4πr² dr.
/// Averaged over frames that must hold the same atoms. Throws InputError for no frames, differing frames, no atoms, and
/// options out of range.
RadialDistribution radial_distribution(std::span<const Atoms> frames, const RadialDistributionOptions& options = {});
RadialDistribution radial_distribution(const Atoms& atoms, const RadialDistributionOptions& options = {});

}  // namespace adatom
