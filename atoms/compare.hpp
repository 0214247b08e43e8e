// What this file is: are two structures the same? Compared by their sorted pair distances, which do not change when a
// structure is moved, turned, mirrored, or its atoms are listed in another order.
#pragma once

#include <utility>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// Sorted distances of each pair of elements. Free structures only: periodicity is ignored.
struct DistanceFingerprint {
  std::vector<int> numbers;  ///< atomic numbers, ascending
  /// For each pair of elements (ascending, first ≤ second) the distances between such atoms, ascending, Angstrom.
  std::vector<std::pair<std::pair<int, int>, std::vector<double>>> distances;
};

/// O(N² log N). Throws InputError for an invalid structure.
DistanceFingerprint distance_fingerprint(const Atoms& atoms);

/// Root mean square difference of corresponding distances, Angstrom; infinity when the elements differ, 0 for
/// structures of fewer than two atoms. Mirror images count as equal, and so do the rare different structures that
/// share all distances (homometric ones).
double rms_difference(const DistanceFingerprint& a, const DistanceFingerprint& b);
double rms_difference(const Atoms& a, const Atoms& b);

}  // namespace adatom
