// What this file is: atoms sorted into bins at least as wide as the cutoff, and a hash table of the bins that have any,
// so that vacuum costs nothing. Internal to atoms/neighbors.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "atoms/neighbor_pairs.hpp"

namespace adatom::neighbor_bins {

using Shift = std::array<int, 3>;
using BinKey = std::array<std::int64_t, 3>;

/// The occupied bins, numbered in the order in which atoms first fall into them. Open addressing, at most half full.
class BinTable {
 public:
  explicit BinTable(std::size_t most) {
    std::size_t slots = 16;
    while (slots < 2 * most) slots *= 2;
    slots_.assign(slots, none);
  }

  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t insert(const BinKey& key) {
    const std::size_t slot = find_slot(key);
    if (slots_[slot] == none) {
      slots_[slot] = static_cast<std::uint32_t>(keys_.size());
      keys_.push_back(key);
    }
    return slots_[slot];
  }

  /// The bin's number, or none.
  std::uint32_t find(const BinKey& key) const { return slots_[find_slot(key)]; }

  const std::vector<BinKey>& keys() const { return keys_; }

 private:
  std::size_t find_slot(const BinKey& key) const {
    // Multiply-and-xorshift: neighbouring bins must not fall into neighbouring slots in long runs.
    std::uint64_t h = static_cast<std::uint64_t>(key[0]) * 0x9E3779B97F4A7C15ull;
    h = (h ^ (h >> 29)) + static_cast<std::uint64_t>(key[1]) * 0xBF58476D1CE4E5B9ull;
    h = (h ^ (h >> 31)) + static_cast<std::uint64_t>(key[2]) * 0x94D049BB133111EBull;
    h = (h ^ (h >> 30)) * 0x9E3779B97F4A7C15ull;
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = static_cast<std::size_t>(h >> 20) & mask;
    const auto other = [&](const BinKey& k) { return k[0] != key[0] || k[1] != key[1] || k[2] != key[2]; };
    while (slots_[slot] != none && other(keys_[slots_[slot]])) slot = (slot + 1) & mask;
    return slot;
  }

  std::vector<std::uint32_t> slots_;
  std::vector<BinKey> keys_;
};

/// Atoms moved into the cell and sorted by bin.
struct Bins {
  std::array<std::int64_t, 3> count{1, 1, 1};  ///< bins across the cell; unused where not periodic
  std::array<std::int64_t, 3> reach{1, 1, 1};  ///< how many bins the cutoff spans
  BinTable table;
  std::vector<std::size_t> begin;  ///< bin b holds the sorted atoms begin[b] … begin[b+1]−1
  // Per sorted atom:
  std::vector<std::uint32_t> atom;  ///< its index
  std::vector<Vector3> position;    ///< inside the cell
  std::vector<Shift> cells;         ///< the lattice vectors that were subtracted
};

/// Directions that are not periodic have as many bins as the atoms reach, counted from the origin.
Bins sort_into_bins(const Atoms& atoms, const neighbor_pairs::Lattice& lattice);

}  // namespace adatom::neighbor_bins
