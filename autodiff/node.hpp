// What this file is: the graph's node, private to the folder (tensor.cpp and gradient.cpp).
#pragma once

#include <atomic>

#include "autodiff/tensor.hpp"

namespace adatom {

struct Node {
  std::atomic<std::uint32_t> references{1};
  bool requires_grad = false;
  bool leaf = false;
  /// Longest way to a leaf. Inputs always have a smaller depth than what is computed from them, so visiting nodes in the
  /// order of falling depth visits every consumer before its inputs.
  std::uint64_t depth = 0;
  std::string_view operation;
  Shape shape;
  Buffer values;
  RecycledVector<Edge> edges;
  Node* next_doomed = nullptr;

  static Node* of(const Tensor& x) { return x.node_; }
  static void retain(Node* node) noexcept { node->references.fetch_add(1, std::memory_order_relaxed); }
  static void release(Node* node) noexcept;
};

}  // namespace adatom
