// What this file is: Wulff's construction: the shape of a crystal with the least surface energy.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "atoms/atoms.hpp"
#include "atoms/builders/crystal.hpp"

namespace adatom {

/// The energy of a family of faces.
struct SurfaceEnergy {
  /// One of the family, (1,0,0) of a cubic crystal standing for all six; multiples mean the same. A face (h k i l) of a
  /// hexagonal crystal is (h,k,l) here, see miller_bravais.
  std::array<int, 3> miller{};
  double energy = 0.0;  ///< per area; only the ratios matter
};

/// The three indices (h,k,l) of the face (h k i l) of a hexagonal crystal, in the notation of Miller and Bravais.
/// Throws InputError unless i = -(h + k).
std::array<int, 3> miller_bravais(int h, int k, int i, int l);

/// Which particle to take when none has exactly the wanted number of atoms.
enum class Rounding {
  closest,  ///< the smaller one when both are equally close
  above,
  below
};

std::string_view name(Rounding rounding);

/// The rounding of that name. Throws InputError that lists the names.
Rounding rounding_named(std::string_view text);

struct WulffOptions {
  std::optional<Crystal> crystal{};  ///< sc, fcc, bcc or hcp; default: the element's own, see known_crystal
  std::optional<double> a{};         ///< lattice constant, Angstrom; default: the known one
  std::optional<double> c{};         ///< hcp; default: the known c/a, else sqrt(8/3) a
  Rounding rounding = Rounding::closest;
};

/// A particle of about `atoms` atoms whose faces are at distances proportional to their energies from the central atom
/// (G. Wulff, Z. Krystallogr. 34, 449 (1901)):
///
///   wulff("Ag", {{{{1, 0, 0}, 1.1}, {{1, 1, 1}, 1.0}}}, 80, {.rounding = Rounding::above});
///   wulff("Mg", {{{miller_bravais(0, 0, 0, 1), 0.55}, {miller_bravais(1, 0, -1, 0), 0.60}}}, 500);
///
/// Let the size s grow from 0. In a cubic crystal the face (hkl) then has round(s γ_hkl / d_hkl) layers of thickness
/// d_hkl, halves upwards, as with ASE's wulff_construction (but for families without (100), whose far corners ASE cuts
/// off). The planes of hcp are not evenly spaced, so there the particle holds the atoms not farther out than s γ_hkl
/// along any face. Of the particles met, in which several faces may advance at once, the one with the wanted number of
/// atoms is taken, or as `rounding` says. Centred on the origin, no cell; hcp oriented as bulk builds it.
///
/// Throws InputError for no faces, a face (0,0,0) or given twice, energies that are not positive or differ more than
/// 1000-fold, indices beyond 100, faces of hcp that enclose nothing ({0001} alone), other crystals, and `atoms` out of
/// 1 … 10 million.
Atoms wulff(std::string_view element, std::span<const SurfaceEnergy> faces, std::size_t atoms,
            const WulffOptions& options = {});

}  // namespace adatom
