// What this file is: random starting structures for searches: atoms in a ball, a box or a plane, none too close.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "atoms/atoms.hpp"
#include "core/random.hpp"

namespace adatom {

enum class ClusterShape {
  ball,
  box,    ///< a cube
  planar  ///< a disc in the plane z = 0
};

struct RandomClusterOptions {
  ClusterShape shape = ClusterShape::ball;
  /// The smallest allowed distance of two atoms, as a multiple of the sum of their covalent radii.
  double smallest_distance = 0.7;
  /// The same in Angstrom, alike for all pairs; replaces smallest_distance. Where it is the larger of the two, atoms
  /// count as wider accordingly, so that room and connections grow with it.
  std::optional<double> minimum_distance{};
  /// How much room there is: the shape holds the atoms' spheres (discs) of covalent radius times this, edge to edge.
  double spacing = 1.3;
  /// Keep the cluster in one piece: each atom is within this multiple of the sum of covalent radii of an earlier one;
  /// 0 allows loose atoms.
  double connected = 1.5;
  /// Random places to try for one atom, and whole clusters to begin anew, before giving up.
  std::size_t tries_per_atom = 200, restarts = 200;
};

/// Atoms of the given elements, in the given order, at random places; no cell, centred on the origin. The same seed
/// gives the same cluster. Throws InputError for options out of range, and NumericalError when no place is found:
/// then enlarge `spacing` or lower the distance.
///
///   random_cluster(parse_formula("Pt4H6"), random, {.shape = ClusterShape::planar, .minimum_distance = 1.6});
Atoms random_cluster(std::span<const int> numbers, Random& random, const RandomClusterOptions& options = {});

}  // namespace adatom
