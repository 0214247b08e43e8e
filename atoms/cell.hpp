// What this file is: the unit cell: its volume, its heights, and the way between Cartesian and fractional coordinates.
#pragma once

#include <array>

#include "atoms/vector3.hpp"

namespace adatom {

/// Three lattice vectors a, b, c as rows, Angstrom. All zero where there is no cell. Either handedness is fine.
struct Cell {
  std::array<Vector3, 3> vectors{};

  Vector3& operator[](std::size_t k) { return vectors[k]; }
  const Vector3& operator[](std::size_t k) const { return vectors[k]; }
  bool operator==(const Cell&) const = default;
};

/// A cell with right angles and the given edges, Angstrom.
Cell orthorhombic(double a, double b, double c);

/// a · (b × c): the volume with the sign of the handedness, Angstrom^3.
double determinant(const Cell& cell);

/// |a · (b × c)|, Angstrom^3; never negative, 0 when a vector is missing.
double volume(const Cell& cell);

/// The vectors a*, b*, c* with a_i · a*_j = δ_ij (no factor 2π), 1/Angstrom.
/// Throws InputError when the cell has no volume.
Cell reciprocal(const Cell& cell);

/// Distances between opposite faces, Angstrom. Throws InputError when the cell has no volume.
Vector3 heights(const Cell& cell);

/// Fractional coordinates s of a position r, r = s_0 a + s_1 b + s_2 c. Throws InputError when the cell has no volume.
Vector3 fractional(const Cell& cell, const Vector3& position);

/// The position s_0 a + s_1 b + s_2 c, Angstrom.
Vector3 cartesian(const Cell& cell, const Vector3& fractional);

/// The cell with each vector that is not periodic replaced by a unit vector at right angles to the periodic ones, so
/// that slabs, wires and free clusters have fractional coordinates too.
/// Throws InputError when the periodic vectors are zero or parallel: see require_periodic.
Cell completed(const Cell& cell, const std::array<bool, 3>& pbc);

/// Throws InputError unless the vectors of the periodic directions are finite, not zero and span as many dimensions as
/// there are of them: "periodic along b but b = (0,0,0)".
void require_periodic(const Cell& cell, const std::array<bool, 3>& pbc);

/// How far the cell is from rectangular: |a||b||c| / volume, at least 1. Rounding errors of fractional coordinates
/// grow with it.
double skewness(const Cell& cell);

}  // namespace adatom
