// What this file is: the Morse potential between any two atoms: a law for pair_potential.hpp.
#pragma once

#include "potentials/pair_potential.hpp"

namespace adatom {

/// ASE's names and defaults.
struct MorseOptions {
  double epsilon = 1.0;  ///< depth of the well, eV
  double rho0 = 6.0;     ///< steepness times r0
  double r0 = 1.0;       ///< distance of the minimum, Å
  double rcut1 = 1.9;    ///< the smooth cutoff begins at rcut1 · r0
  double rcut2 = 2.7;    ///< and ends at rcut2 · r0; infinite: no cutoff, for free clusters only
};

/// u(r) = ε x (x − 2) f(r) with x = exp(ρ0 (1 − r/r0)), f the quintic of pair_cutoff.hpp. P. M. Morse, Phys. Rev. 34,
/// 57 (1929), in the form of ASE. Whatever the elements. energies() and compute() throw InputError for a periodic
/// structure without cutoff, and for atoms closer than r0/1000.
class Morse final : public PairPotential {
 public:
  /// Throws InputError for ε, ρ0, r0 not positive or not finite, and unless 0 ≤ rcut1 < rcut2.
  explicit Morse(const MorseOptions& options = {});

  const MorseOptions& options() const { return options_; }

 private:
  PairLaw law() const override;
  Tensor pair_energy(const Tensor& r) const override;
  void set_law(kernels::PairTerms& terms) const override;

  MorseOptions options_;
};

}  // namespace adatom
