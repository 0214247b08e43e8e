// What this file is: velocities: drawing them for a temperature, and the sums over them that mechanics speaks of.
// Velocities are in Å/fs, masses in amu.
//
//   Random random(1);
//   const std::vector<double> m = masses(atoms);
//   std::vector<Vector3> v = maxwell_boltzmann(atoms, m, 300.0, random);   // 300 K
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "atoms/atoms.hpp"
#include "core/random.hpp"

namespace adatom {

/// Σ m v²/2, eV.
double kinetic_energy(std::span<const double> masses, std::span<const Vector3> velocities);
/// 2K/(f k_B), K; 0 where there is no degree of freedom.
double temperature_of(double kinetic_energy, double degrees_of_freedom);

/// Σ m v, amu Å/fs.
Vector3 total_momentum(std::span<const double> masses, std::span<const Vector3> velocities);
/// Σ m r × v about the centre of mass, amu Å²/fs.
Vector3 angular_momentum(std::span<const Vector3> positions, std::span<const double> masses,
                         std::span<const Vector3> velocities);

/// Subtracts the velocity of the centre of mass.
void remove_momentum(std::span<const double> masses, std::span<Vector3> velocities);
/// Subtracts ω × r about the centre of mass, so that no angular momentum is left. Atoms on a line, or a single one,
/// have fewer axes to turn about; that is seen to.
void remove_rotation(std::span<const Vector3> positions, std::span<const double> masses, std::span<Vector3> velocities);

/// In how many directions the atoms move at all: three for each free atom, less three where momentum is conserved and
/// zero, less three (two for atoms on a line) where also angular momentum is: no periodicity, nothing fixed.
double degrees_of_freedom(const Atoms& atoms, std::span<const double> masses, std::span<const Vector3> velocities,
                          std::span<const std::size_t> fixed = {});

struct MaxwellBoltzmannOptions {
  bool exact = false;                ///< scale to exactly the temperature; false: only on average
  bool remove_momentum = true;       ///< unless atoms are fixed
  bool remove_rotation = true;       ///< of free clusters without fixed atoms
  std::vector<std::size_t> fixed{};  ///< atoms that stay at rest
};

/// Velocities (N) from the normal distribution of variance k_B T/m in each direction. Throws InputError for a negative
/// temperature, masses that are not positive, and fixed atoms that do not exist.
std::vector<Vector3> maxwell_boltzmann(const Atoms& atoms, std::span<const double> masses, double temperature,
                                       Random& random, const MaxwellBoltzmannOptions& options = {});

/// Throws InputError "atom 3 has mass 0 amu; masses must be positive", or for another number of masses than of atoms.
void require_masses(const Atoms& atoms, std::span<const double> masses);
/// One flag per atom. Throws InputError for atoms that do not exist.
std::vector<bool> fixed_flags(std::size_t atoms, std::span<const std::size_t> fixed);

}  // namespace adatom
