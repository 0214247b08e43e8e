// What this file is: vibrations in the harmonic approximation: wavenumbers, modes, zero-point and free energy.
//
//   const Vibrations v = vibrations(relaxed.atoms, potential);
//   for (const double w : v.wavenumbers) std::cout << wavenumber_text(w) << " 1/cm\n";
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "atoms/extxyz.hpp"
#include "dynamics/hessian.hpp"

namespace adatom {

struct VibrationOptions {
  HessianMethod hessian = HessianMethod::autodiff;
  double displacement = 1e-3;        ///< of the differences, Å
  std::vector<std::size_t> fixed{};  ///< atoms that do not take part
  std::vector<double> masses{};      ///< amu, N; empty: standard atomic masses
  /// Take translation (and for free clusters rotation) of the whole out of the Hessian first; not where atoms are
  /// fixed.
  bool project = false;
};

/// 3M modes of M moving atoms, in ascending order of ω².
struct Vibrations {
  std::vector<std::size_t> moved;           ///< the atoms that take part
  std::vector<double> omega2;               ///< eigenvalues of the mass-weighted Hessian, eV/(Å² amu)
  std::vector<double> wavenumbers;          ///< 1/cm; negative for imaginary ones
  std::vector<std::vector<Vector3>> modes;  ///< of each mode the directions u of all N atoms, Σ m u² = 1
  double fmax = 0.0;                        ///< longest force on a moving atom, eV/Å
  std::string warning;  ///< "fmax is 1.3 eV/Å: …" where the structure is no stationary point (fmax > 0.01); else empty
};

/// Throws InputError for masses that are not positive, when all atoms are fixed, and for what hessian() refuses. O(M³)
/// time; a thousand atoms need a minute.
Vibrations vibrations(const Atoms& atoms, const Potential& potential, const VibrationOptions& options = {});

/// "1170.3", and for imaginary ones "52.1i".
std::string wavenumber_text(double wavenumber);

/// Wavenumbers (1/cm) below which a mode counts as translation or rotation rather than as a vibration.
constexpr double least_wavenumber = 1.0;

/// Σ ħω/2 over the real modes above `least`, eV.
double zero_point_energy(const Vibrations& vibrations, double least = least_wavenumber);
/// Σ [ħω/2 + k_B T ln(1 − e^(−ħω/k_B T))] over the same modes, eV: the free energy of the vibrations beside that of the
/// atoms at rest. Throws InputError for a negative temperature.
double harmonic_free_energy(const Vibrations& vibrations, double temperature, double least = least_wavenumber);

/// One period of a mode as frames: x(t) = x + A sin(2πt) u, with A such that the atom that moves most goes `amplitude`
/// Å. Each frame tells its mode and wavenumber. Throws InputError for a mode that does not exist.
std::vector<Frame> animation(const Atoms& atoms, const Vibrations& vibrations, std::size_t mode,
                             std::size_t frames = 24, double amplitude = 0.3);

}  // namespace adatom
