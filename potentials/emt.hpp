// What this file is: effective-medium theory (EMT), a many-body potential of metals. emt.cpp composes it of tensor
// operations, differentiable to any order; its fused twin for speed is emt_fused.cpp with emt_kernel.cpp, and
// emt_evaluator.cpp for atoms that move a little at a time.
//
//   const Emt emt;
//   const Prediction p = emt.compute(copper_slab);   // p.energy, p.forces
#pragma once

#include "potentials/potential.hpp"

namespace adatom {

/// EMT of K. W. Jacobsen, P. Stoltze, J. K. Nørskov, Surf. Sci. 366, 394 (1996), in the form and with the parameters of
/// ASE (ase.calculators.emt, asap_cutoff=False), for Al Cu Ag Au Ni Pd Pt; H C N O are known too, but are not physical.
///
/// An atom sees the tails of its neighbours' densities, σ_i = Σ_j (n0_j/n0_i) exp(−η2_j (r − β s0_j)) θ(r) / γ1_i. They
/// define the radius s0 + ds, ds = −ln(σ_i/12)/(β η2), of the neutral sphere around it, whose energy in a perfect fcc
/// crystal is known: E_i = E0 [(1 + λ ds) exp(−λ ds) − 1] + 6 V0 exp(−κ ds). The difference of the pair energies
/// V0_i (n0_j/n0_i) exp(−κ_j (r/β − s0_j)) θ(r) / γ2_i in that crystal (the last term of E_i) and here (half their sum,
/// subtracted) corrects for the real surroundings. Energies count from the crystal; an isolated atom has −E0.
///
/// θ = 1/(1 + exp(a (r − r_c))) fades out at r_c = 5.38 Å, and pairs beyond r_c + 0.5 Å are left out. As in ASE, a
/// small step is left there: 1 meV and 0.014 eV/Å for a free Al dimer, at most 0.03 meV and 0.0005 eV/Å for those of
/// the others, and below 1e-5 for atoms that have other neighbours too.
class Emt final : public Potential {
 public:
  /// energies() and compute() throw InputError "EMT knows Al Cu …; not 'Fe' (atom 3)" for other elements, and for atoms
  /// closer than 0.001 Å.
  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override;
  void compute(const Atoms& atoms, Want want, Prediction& result) const override;
  using Potential::compute;
  /// Keeps a list of neighbours where there are more than a few atoms: a quarter of the time of compute().
  std::unique_ptr<Evaluator> evaluator(const Reuse& reuse = {}) const override;

  /// Whether the element with this atomic number has parameters.
  static bool knows(int number);
  /// Beyond this distance, r_c + 0.5 Å, atoms do not see each other.
  static double cutoff();
};

}  // namespace adatom
