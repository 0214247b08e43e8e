// What this file is: are two structures the same? Exactly: one is laid upon the other, turned, moved, perhaps mirrored,
// its atoms matched to those of the same element, and the distance left between the partners is measured.
// The quick inexact relative is atoms/compare.hpp (sorted distances).
#pragma once

#include <optional>
#include <vector>

#include "atoms/atoms.hpp"
#include "optim/superposition.hpp"

namespace adatom {

struct MatchOptions {
  double tolerance = 0.2;  ///< partners may be this far apart, Å; less than a quarter of the shortest bond is safe
  bool mirror = true;      ///< mirror images are equal
  bool movable = true;     ///< false: compare places as they are (atoms are fixed to a slab)
};

/// A superposition in which no partners are farther apart than the tolerance, or nothing if there is none. Free
/// structures are turned and moved. In periodic ones only moved, partners being the nearest images: cells must be the
/// same to 10⁻⁶ Å and the same directions periodic. Superpositions are built from the centre and two atoms; one with
/// deviations beyond a quarter of the tolerance may be missed. Throws InputError for an invalid structure.
std::optional<Superposition> match(const Atoms& a, const Atoms& b, const MatchOptions& options = {});

/// Distances of the atoms from the centre (the plain mean of the positions), element by element (ascending), ascending,
/// Å. Structures that match have profiles that differ by no more than the tolerance anywhere: a quick test.
std::vector<double> radial_profile(const Atoms& atoms);

}  // namespace adatom
