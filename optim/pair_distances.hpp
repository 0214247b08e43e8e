// What this file is: the image-dependent pair potential, which spreads the images that a band starts from: on the way
// from one end to the other every distance between two atoms is to change evenly. Internal to optim.
#pragma once

#include <span>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

class PairDistances {
 public:
  /// Of the pairs that come closer than `reach` (Å) anywhere on `path` (ends included, two structures at least). In
  /// periodic directions a pair is its images closest over both ends.
  explicit PairDistances(std::span<const Atoms> path, double reach = 8.0);

  /// No pairs, or two atoms in one place at an end.
  bool useless() const { return pairs_.empty() || !(shortest_ > 0.0); }

  /// Σ k (t/d)⁴ (d − wanted)² over the pairs, eV, and its forces, eV/Å (resized). The wanted distance lies at `share`
  /// (0 … 1) of the way between those of the ends; t, the shortest of all at the ends, only sets the scale, as does
  /// k = 10 eV/Å². S. Smidstrup, A. Pedersen, K. Stokbro and H. Jónsson, J. Chem. Phys. 140, 214106 (2014), eqs. 5, 6.
  double energy(double share, const Atoms& atoms, std::vector<Vector3>& forces) const;

 private:
  /// Two atoms, the second one shifted by a lattice vector, and their distances at the ends.
  struct Pair {
    std::size_t i, j;
    Vector3 shift;
    double first, last;
  };
  std::vector<Pair> pairs_;
  double shortest_;
};

}  // namespace adatom
