// What this file is: clusters of Lennard-Jones argon (σ = 1 Å) for the tests of relaxations and searches.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "atoms/atoms.hpp"
#include "core/random.hpp"
#include "optim/clusters.hpp"

namespace adatom {

constexpr double argon_bond = 1.12;  ///< Å, 2^(1/6) σ

inline Atoms argon(std::vector<Vector3> positions) {
  Atoms atoms;
  atoms.numbers.assign(positions.size(), 18);
  atoms.positions = std::move(positions);
  return atoms;
}

/// In random places of a ball as dense as a cluster.
inline Atoms random_argon(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  return argon(random_cluster_positions(n, argon_bond, random));
}

}  // namespace adatom
