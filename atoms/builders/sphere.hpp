// What this file is: balls cut from a crystal.
#pragma once

#include "atoms/atoms.hpp"
#include "atoms/vector3.hpp"

namespace adatom {

/// The atoms of a crystal within `radius` Angstrom (and a rounding error) of the point `center`, which becomes the
/// origin; nearest first, no cell. Any crystal that is periodic in three directions, of any elements:
///
///   sphere(bulk("NaCl"), 12.0);                                           // around the atom at the origin
///   sphere(crystal, 8.0, crystal.positions[1]);  sphere(crystal, 8.0, largest_hole(crystal));
///
/// Throws InputError for a structure that is not such a crystal, a radius that is not positive, and more than 100
/// million atoms.
Atoms sphere(const Atoms& crystal, double radius, const Vector3& center = {});

/// The point farthest from all atoms of a crystal, Angstrom, or one of several: the octahedral hole of fcc, the
/// tetrahedral one of bcc. Throws InputError for a structure that is not periodic in three directions, has no atoms, or
/// has more than 200.
Vector3 largest_hole(const Atoms& crystal);

}  // namespace adatom
