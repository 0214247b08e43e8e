// What this file is: nanoparticles of fcc metals in closed shapes: icosahedra, decahedra, octahedra. Particles from
// surface energies are in wulff.hpp, balls of any crystal in sphere.hpp.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "atoms/atoms.hpp"
#include "atoms/vector3.hpp"

namespace adatom {

struct ParticleOptions {
  std::optional<double> a{};  ///< lattice constant of the fcc crystal, Angstrom; default: the known one (known_crystal)
};

// All particles are centred on the origin and have no cell. The builders throw InputError that names the argument, what
// was found and the legal range; also for more than 100 million atoms, before anything is built, and where a is neither
// given nor known.

/// Mackay's icosahedron with `shells` shells, the first of which is one atom: 1, 13, 55, 147, 309, … =
/// (10 n³ − 15 n² + 11 n − 3)/3 atoms (A. L. Mackay, Acta Crystallogr. 15, 916 (1962)). Shells are one fcc nearest
/// neighbour distance a/√2 apart along the vertices; distances within a shell are 5 % longer. Atoms are ordered by
/// shells. As ASE's Icosahedron(element, shells, a).
Atoms icosahedron(std::string_view element, int shells, const ParticleOptions& options = {});

/// Five fcc tetrahedra around a common edge, the fivefold axis z, cut by (100) faces parallel to it and notched at
/// the twin planes. As ASE's Decahedron(element, p, q, r, a).
///
/// - p: atoms on the edges of the notches' (100) faces perpendicular to the axis, the length of a (111) cap's free
/// edge;
/// - q: atoms on the (100) faces along the axis; q = 1: no such faces;
/// - r: depth of the notches (Marks' re-entrance); r = 0: none.
///
/// q = 1, r = 0 is the pentagonal bipyramid (7, 23, 54, 105, … atoms), r = 0 Ino's decahedron (S. Ino, J. Phys. Soc.
/// Jpn. 27, 941 (1969)), r > 0 Marks' (L. D. Marks, Philos. Mag. A 49, 81 (1984)). The axis has p + q + 2r − 1 atoms.
/// The tetrahedra fill 352.6 degrees; the gap is closed by stretching them around the axis by 2 %.
Atoms decahedron(std::string_view element, int p, int q, int r, const ParticleOptions& options = {});

/// The fcc octahedron with `length` atoms on each edge, of which `cutoff` layers are taken off at every vertex:
/// n(2n² + 1)/3 − c(c + 1)(2c + 1) atoms. cutoff = 0: octahedron; length = 3 cutoff + 1: the truncated octahedron with
/// edges alike; length = 2 cutoff + 1: cuboctahedron, the most that can be cut. As ASE's Octahedron(element, length,
/// cutoff, a). The centre is an atom where length is odd, an octahedral hole where it is even.
Atoms octahedron(std::string_view element, int length, int cutoff = 0, const ParticleOptions& options = {});

/// Cuboctahedron with `shells` shells around the central atom: 1, 13, 55, 147, … atoms, as the icosahedra.
Atoms cuboctahedron(std::string_view element, int shells, const ParticleOptions& options = {});

/// The 12 vertices of an icosahedron with edge 2 around the origin: (0, ±1, ±φ) and their cyclic permutations, with the
/// golden ratio φ.
std::array<Vector3, 12> icosahedron_vertices();

}  // namespace adatom
