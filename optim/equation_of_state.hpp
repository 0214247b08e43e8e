// What this file is: the equation of state of a crystal: energy against volume, and the curve through it that gives the
// equilibrium volume and the bulk modulus.
//
//   const EquationOfState eos = equation_of_state(crystal, potential);
//   // eos.fit.volume, units::in_gigapascal(eos.fit.bulk_modulus)
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "optim/relax.hpp"

namespace adatom {

enum class EquationOfStateKind {
  birch_murnaghan,  ///< third order. F. Birch, Phys. Rev. 71, 809 (1947)
  vinet,            ///< P. Vinet, J. R. Smith, J. Ferrante and J. H. Rose, Phys. Rev. B 35, 1945 (1987)
};

/// "birch-murnaghan", "vinet", and back. Throws InputError naming the choices for anything else.
std::string_view name(EquationOfStateKind kind);
EquationOfStateKind equation_of_state_kind(std::string_view name);

struct EquationOfStateFit {
  EquationOfStateKind kind = EquationOfStateKind::birch_murnaghan;
  double volume = 0.0;                   ///< V0, of lowest energy, Å³
  double energy = 0.0;                   ///< E0, eV
  double bulk_modulus = 0.0;             ///< B = V d²E/dV² there, eV/Å³
  double bulk_modulus_derivative = 0.0;  ///< B' = dB/dP, no unit
  double residual = 0.0;                 ///< root mean square of energy − fit, eV
  std::string warning{};                 ///< "" if all is well

  double energy_at(double at_volume) const;    ///< eV
  double pressure_at(double at_volume) const;  ///< −dE/dV, eV/Å³
};

/// Least squares. Volumes in Å³, energies in eV, in any order. A lowest energy outside the volumes is warned of. Throws
/// InputError for fewer than four different volumes (four parameters), volumes not positive, numbers not finite;
/// NumericalError when the points have no minimum.
EquationOfStateFit fit_equation_of_state(std::span<const double> volumes, std::span<const double> energies,
                                         EquationOfStateKind kind = EquationOfStateKind::birch_murnaghan);

struct EquationOfStateOptions {
  EquationOfStateKind kind = EquationOfStateKind::birch_murnaghan;
  double strain = 0.05;  ///< lattice vectors from (1 − strain) to (1 + strain) times those of the start
  std::size_t points = 11;
  bool relax_atoms = false;  ///< within each cell; cubic crystals with atoms on special places need no such
  RelaxOptions relax{};      ///< for that; its cell options do not count
};

struct EquationOfState {
  std::vector<double> factors;   ///< of the lattice vectors
  std::vector<double> volumes;   ///< Å³
  std::vector<double> energies;  ///< eV
  std::vector<Atoms> structures;
  EquationOfStateFit fit;
};

/// Scales cell and atoms alike. Throws InputError for structures that are not periodic along all directions, fewer than
/// four points, and strains outside 0 … 0.5; NumericalError when a relaxation inside does not converge.
EquationOfState equation_of_state(const Atoms& atoms, const Potential& potential,
                                  const EquationOfStateOptions& options = {});

/// The structure with cell and atoms enlarged by the factor.
Atoms scaled(Atoms atoms, double factor);

}  // namespace adatom
