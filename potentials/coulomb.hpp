// What this file is: point charges in vacuum: their energy as a potential, and the field they make.
#pragma once

#include <span>
#include <vector>

#include "potentials/potential.hpp"

namespace adatom {

/// e²/4πε0 in eV Å (CODATA, to eight digits).
constexpr double coulomb_constant = 14.399645;

/// E = k Σ_{i<j} q_i q_j / r_ij for free clusters. energies() and compute() throw InputError for a periodic structure
/// (its energy needs an Ewald sum, which is not here), for another number of atoms than charges, and for atoms closer
/// than 0.001 Å.
class Coulomb final : public Potential {
 public:
  /// One charge per atom, in elementary charges. Throws InputError if one is not finite.
  explicit Coulomb(std::vector<double> charges);

  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override;
  using Potential::compute;

  std::span<const double> charges() const { return charges_; }

 private:
  std::vector<double> charges_;
};

/// k Σ_i q_i / |p − r_i| at each of the points (M, 3), Å, from charges at positions (N, 3), Å, as a differentiable
/// function of both (M), V. Infinite at a charge. Throws ShapeError for shapes that do not fit.
Tensor electric_potential(std::span<const double> charges, const Tensor& positions, const Tensor& points);

/// Minus its gradient, k Σ_i q_i (p − r_i) / |p − r_i|³, at one point, V/Å: the force on a unit charge there. Throws
/// InputError where a charge is closer than 0.001 Å, and unless there are as many charges as positions.
Vector3 electric_field(std::span<const double> charges, std::span<const Vector3> positions, const Vector3& point);

}  // namespace adatom
