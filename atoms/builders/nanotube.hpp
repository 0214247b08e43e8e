// What this file is: single-walled carbon nanotubes.
#pragma once

#include <string_view>

#include "atoms/atoms.hpp"

namespace adatom {

struct NanotubeOptions {
  int length = 1;                   ///< unit cells along the axis
  double bond = 1.42;               ///< in the sheet before it is rolled up, Angstrom
  std::string_view formula = "C2";  ///< the two atoms of the sheet's cell
  double vacuum = 10.0;             ///< around the tube, beyond its outermost atoms, Angstrom
};

/// The tube (n, m): a honeycomb sheet rolled up along n a1 + m a2, |a1| = |a2| = sqrt(3) bond, 60 degrees between them.
/// (n, n) is called armchair, (n, 0) zigzag; (n, m) and (m, n) are mirror images. The axis is z, through the middle of
/// the cell; pbc F F T. A unit cell has 4 (n² + nm + m²) / gcd(2n + m, 2m + n) atoms.
/// R. Saito, G. Dresselhaus and M. S. Dresselhaus, Physical Properties of Carbon Nanotubes (1998), chapter 3.
///
///   Atoms tube = nanotube(6, 3, {.length = 2});
///
/// Throws InputError for negative indices, (0, 0), lengths out of range and more than 100 million atoms.
Atoms nanotube(int n, int m, const NanotubeOptions& options = {});

}  // namespace adatom
