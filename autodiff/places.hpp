// What this file is: where each value of a reverse sweep stands in the sweep's list, private to gradient.cpp. A table
// beside the graph and not a mark in its nodes: several threads may sweep graphs that share nodes.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "autodiff/memory.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// A hash table from nodes to places, with open addressing on recycled memory: a node whose slot is taken goes to the
/// next free one. Slots are a power of two and at most half are used, so that the next free one is near.
class Places {
 public:
  static constexpr std::size_t none = ~std::size_t{0};

  /// The place of `node`, or `none`.
  std::size_t find(const Node* node) const {
    if (slots_.empty()) return none;
    const Slot& slot = slots_[slot_of(node)];
    return slot.node == nullptr ? none : slot.place;
  }
  /// Adds `node`; false if it is there already, whose place is then left alone.
  bool insert(const Node* node, std::size_t place) {
    if (2 * (used_ + 1) > slots_.size()) grow();
    Slot& slot = slots_[slot_of(node)];
    if (slot.node == node) return false;
    slot = {node, place};
    ++used_;
    return true;
  }
  void move(const Node* node, std::size_t place) { slots_[slot_of(node)].place = place; }

 private:
  struct Slot {
    const Node* node = nullptr;
    std::size_t place = 0;
  };
  /// The upper bits of the address times 2⁶⁴ / golden ratio, which spreads addresses that differ little (D. Knuth, The
  /// Art of Computer Programming, vol. 3, section 6.4). An address's last six bits are 0: nodes are aligned to 64.
  std::size_t hash(const Node* node) const {
    return (reinterpret_cast<std::uintptr_t>(node) >> 6) * 0x9E3779B97F4A7C15ull >> shift_;
  }
  /// The slot that holds `node`, or the free one where it belongs.
  std::size_t slot_of(const Node* node) const {
    std::size_t i = hash(node);
    while (slots_[i].node != nullptr && slots_[i].node != node) i = (i + 1) & (slots_.size() - 1);
    return i;
  }
  void grow() {
    RecycledVector<Slot> old(std::max<std::size_t>(64, 2 * slots_.size()));
    old.swap(slots_);
    shift_ = 64 - static_cast<int>(std::bit_width(slots_.size() - 1));
    for (const Slot& slot : old) {
      if (slot.node != nullptr) slots_[slot_of(slot.node)] = slot;
    }
  }
  RecycledVector<Slot> slots_;
  std::size_t used_ = 0;
  int shift_ = 0;  // 64 − log2 of the number of slots
};

}  // namespace adatom
