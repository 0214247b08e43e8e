// What this file is: GFN2-xTB energies from the program xtb, where it is installed: the reference of the carbon data.
#pragma once

#include <filesystem>
#include <optional>

#include "atoms/atoms.hpp"

namespace adatom::apps {

bool xtb_is_installed();

/// A structure and its energy, eV, with the settings of the carbon data (electronic temperature 1000 K). Nothing if xtb
/// fails.
struct XtbResult {
  Atoms atoms;
  double energy = 0.0;
};
std::optional<XtbResult> xtb_energy(const Atoms& atoms);
/// Relaxed with xtb first.
std::optional<XtbResult> xtb_relaxed(const Atoms& atoms);

}  // namespace adatom::apps
