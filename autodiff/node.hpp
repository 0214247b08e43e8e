// What this file is: the graph's node, a value with the edges to what it was computed from; private to tensor.cpp and
// gradient.cpp.
#pragma once

#include <cstdint>

#include "autodiff/record.hpp"
#include "autodiff/reference_count.hpp"

namespace adatom {

struct Node {
  ReferenceCount references;
  bool requires_grad = false;
  bool leaf = false;
  /// Longest way to a leaf. Inputs always have a smaller depth than what is computed from them, so visiting nodes in
  /// the order of falling depth visits every consumer before its inputs.
  std::uint64_t depth = 0;
  std::string_view operation;
  Shape shape;
  Buffer values;
  RecycledVector<Edge> edges;   // to the inputs that need gradients; none for leaves and constants
  Node* next_doomed = nullptr;  // while the node waits to be destroyed, see release

  static Node* of(const Tensor& x) { return x.node_; }
  static void retain(Node* node) noexcept { node->references.retain(); }
  static void release(Node* node) noexcept;
};

}  // namespace adatom
