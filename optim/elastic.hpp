// What this file is: the elastic constants of a crystal, from the stress that small strains cause.
//
//   const ElasticConstants c = elastic_constants(relaxed_crystal, potential);
//   // units::in_gigapascal(c.c11), c.stable
#pragma once

#include <array>
#include <string>
#include <vector>

#include "optim/relax.hpp"

namespace adatom {

/// Larger strains are refused: stress is not linear in them.
constexpr double largest_elastic_strain = 0.05;

struct ElasticOptions {
  double strain = 0.005;             ///< largest; half of it is used too, which removes the next order
  bool relax_atoms = true;           ///< within each strained cell: internal relaxation
  RelaxOptions relax{.fmax = 1e-5};  ///< for that; its cell options do not count
};

struct ElasticConstants {
  /// dσ_i/dε_j, eV/Å³, Voigt order xx yy zz yz xz xy with engineering shears (2 ε_yz, …).
  std::array<std::array<double, 6>, 6> matrix{};
  double c11 = 0.0, c12 = 0.0, c44 = 0.0;  ///< means over the equivalent entries, eV/Å³
  double bulk_modulus = 0.0;               ///< (C11 + 2 C12)/3, eV/Å³
  double shear_modulus = 0.0;              ///< C' = (C11 − C12)/2, eV/Å³
  double anisotropy = 0.0;                 ///< Zener's ratio 2 C44/(C11 − C12); 1 is isotropic
  double asymmetry = 0.0;                  ///< largest difference of an entry from the cubic form, as a share of C11
  bool stable = false;                     ///< Born: C11 − C12 > 0, C11 + 2 C12 > 0, C44 > 0
  std::vector<std::string> warnings{};     ///< stress left at the start, not cubic along the axes
};

/// For a cubic crystal whose cubic axes lie along x, y, z (any cell of it), at its own lattice constant. Throws
/// InputError for structures that are not periodic along all directions and strains outside 0 … 0.05, NumericalError
/// when a relaxation inside does not converge.
ElasticConstants elastic_constants(const Atoms& crystal, const Potential& potential,
                                   const ElasticOptions& options = {});

}  // namespace adatom
