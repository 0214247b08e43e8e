// What this file is: the two ways in which atoms are gathered inside Wulff's polyhedron. Internal to wulff*.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "atoms/builders/crystal.hpp"
#include "atoms/builders/wulff.hpp"
#include "atoms/vector3.hpp"

namespace adatom::wulff_particle {

/// A family of faces, checked and reduced: coprime indices h ≥ k ≥ l ≥ 0 of a cubic crystal, h ≥ k ≥ 0 and l ≥ 0 of a
/// hexagonal one; energies in units of the lowest.
using Faces = std::vector<SurfaceEnergy>;

/// Positions of the atoms, Angstrom, the central one at the origin. wulff_cubic.cpp; sc, fcc or bcc.
std::vector<Vector3> cubic(Crystal crystal, double a, const Faces& faces, std::size_t wanted, Rounding rounding);

/// The same for hcp. wulff_hexagonal.cpp.
std::vector<Vector3> hexagonal(const LatticeConstants& lattice, const Faces& faces, std::size_t wanted,
                               Rounding rounding);

}  // namespace adatom::wulff_particle
