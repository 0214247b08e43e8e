// What this file is: the Lennard-Jones potential. lennard_jones.cpp composes it of tensor operations, short and
// differentiable to any order; its fused twin for speed is lennard_jones_fused.cpp with lennard_jones_kernel.cpp.
//
//   const LennardJones argon({.epsilon = 0.01032, .sigma = 3.405, .cutoff = 8.5});
//   const Prediction p = argon.compute(atoms);   // p.energy, p.forces
#pragma once

#include "potentials/potential.hpp"

namespace adatom {

/// What happens at the cutoff r_c.
enum class LennardJonesCutoff {
  plain,    ///< u(r) stops: the energy jumps
  shifted,  ///< u(r) − u(r_c): the energy is continuous, the force jumps
  smooth,   ///< u(r) f(r): energy and force are continuous. f = 1 up to the onset r_o, then
            ///< (r_c² − r²)² (r_c² + 2r² − 3r_o²) / (r_c² − r_o²)³, ASE's form
};

struct LennardJonesOptions {
  double epsilon = 1.0;  ///< depth of the well, eV
  double sigma = 1.0;    ///< where u = 0, Å; the minimum lies at 2^(1/6) σ
  double cutoff = 0.0;   ///< r_c, Å; 0 or infinity: none, for free clusters only
  LennardJonesCutoff mode = LennardJonesCutoff::smooth;
  double onset = 0.0;  ///< r_o of the smooth cutoff, Å; 0: 0.66 r_c
};

/// u(r) = 4ε [(σ/r)¹² − (σ/r)⁶] between any two atoms, whatever their elements. J. E. Lennard-Jones, Proc. Phys. Soc.
/// 43, 461 (1931). energies() and compute() throw InputError for a periodic structure without cutoff, and for atoms
/// closer than σ/1000 ("atoms 3 and 7 are 0.000 Å apart").
class LennardJones final : public Potential {
 public:
  /// Throws InputError for ε, σ not positive or not finite, a negative cutoff, or an onset that is not below the
  /// cutoff.
  explicit LennardJones(const LennardJonesOptions& options = {});

  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override;
  void compute(const Atoms& atoms, Want want, Prediction& result) const override;
  using Potential::compute;
  /// Keeps a Verlet list where there is a cutoff: see potentials/lennard_jones_evaluator.cpp.
  std::unique_ptr<Evaluator> evaluator(const Reuse& reuse = {}) const override;

  /// As given, with the onset filled in and cutoff infinite where there is none.
  const LennardJonesOptions& options() const { return options_; }

 private:
  LennardJonesOptions options_;
};

}  // namespace adatom
