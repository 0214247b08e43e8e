// What this file is: the constants that tie times in fs, temperatures in K, wavenumbers in 1/cm and pressures in GPa to
// Å, eV and amu.
// CODATA 2014 values (P. J. Mohr, D. B. Newell and B. N. Taylor, Rev. Mod. Phys. 88, 035009 (2016)), which ASE uses
// too.
#pragma once

namespace adatom::units {

/// 1 fs in Å √(amu/eV), the unit of time in which force = mass · acceleration without a factor.
constexpr double femtosecond = 0.09822694788464063;
/// eV/(Å amu) in Å/fs²: what a force divided by a mass is to be multiplied with. Also eV/amu in (Å/fs)².
constexpr double acceleration = femtosecond * femtosecond;
/// k_B, eV/K.
constexpr double boltzmann = 8.617330337217213e-05;
/// Wavenumber in 1/cm of an angular frequency of 1 √(eV/amu)/Å.
constexpr double wavenumber = 521.4709004011;
/// h c: the energy in eV of a quantum of 1/cm.
constexpr double quantum = 1.2398419738620932e-04;
/// 1 GPa in eV/Å³.
constexpr double gigapascal = 1.0 / 160.21766208;

/// A pressure in eV/Å³, in GPa.
constexpr double in_gigapascal(double pressure) { return pressure / gigapascal; }

}  // namespace adatom::units
