// What this file is: geometry of free clusters: how long bonds are, which atoms hang together, random starts.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "atoms/vector3.hpp"
#include "core/random.hpp"

namespace adatom {

/// The median over the atoms of the distance to the nearest other one, Å; infinite for fewer than two atoms. O(N²).
double median_bond_length(std::span<const Vector3> positions);

/// Which piece (0, 1, …) each atom belongs to, when atoms closer than `link` (Å) hang together. O(N²).
std::vector<std::size_t> pieces(std::span<const Vector3> positions, double link);

/// Moves all other pieces straight towards the largest until the closest two atoms are `bond_length` (Å) apart. Returns
/// false if there was only one piece.
bool push_together(std::span<Vector3> positions, double link, double bond_length);

/// Puts the atoms `chosen`, one after the other, into random directions from the middle of the rest, one bond from the
/// outermost atoms there. Does nothing if all atoms are chosen.
void place_on_surface(std::span<Vector3> positions, std::span<const std::size_t> chosen, double bond_length,
                      Random& random);

/// Puts the `count` atoms with the fewest neighbours (closer than 1.4 bond_length) elsewhere on the surface, at
/// most half of all.
void move_to_surface(std::span<Vector3> positions, std::size_t count, double bond_length, Random& random);

/// n points, uniform in a sphere with half an atom per bond_length³, none closer than 0.7 bond_length (Å) to another,
/// centred on the origin.
std::vector<Vector3> random_cluster_positions(std::size_t n, double bond_length, Random& random);

}  // namespace adatom
