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
  std::array<int, 3> miller{};  ///< one of the family, (1,0,0) standing for all six; multiples mean the same
  double energy = 0.0;          ///< per area; only the ratios matter
};

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
  std::optional<Crystal> crystal{};  ///< sc, fcc or bcc; default: the element's own, see known_crystal
  std::optional<double> a{};         ///< lattice constant, Angstrom; default: the known one
  Rounding rounding = Rounding::closest;
};

/// A particle of about `atoms` atoms whose faces are at distances proportional to their energies from the central atom
/// (G. Wulff, Z. Krystallogr. 34, 449 (1901)), all faces rounded to whole layers:
///
///   wulff("Ag", {{{{1, 0, 0}, 1.1}, {{1, 1, 1}, 1.0}}}, 80, {.rounding = Rounding::above});
///
/// Let the size s grow from 0; the face (hkl) then has round(s γ_hkl / d_hkl) layers of thickness d_hkl, halves
/// upwards. Of the particles met, in which several faces may advance at once, the one with the wanted number of atoms
/// is taken, or as `rounding` says. As ASE's wulff_construction, but for families without (100), whose far corners ASE
/// cuts off. Centred on the origin, no cell.
///
/// Throws InputError for no faces, a face (0,0,0) or given twice, energies that are not positive or differ more than
/// 1000-fold, indices beyond 100, a crystal that is not cubic, and `atoms` out of 1 … 10 million.
Atoms wulff(std::string_view element, std::span<const SurfaceEnergy> faces, std::size_t atoms,
            const WulffOptions& options = {});

}  // namespace adatom
