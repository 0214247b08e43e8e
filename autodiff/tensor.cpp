#include "autodiff/tensor.hpp"

#include <algorithm>
#include <string>

#include "autodiff/node.hpp"
#include "autodiff/record.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

std::atomic<std::size_t> alive{0};
thread_local bool recording_on = true;

Node* make(std::string_view operation, const Shape& shape, Buffer values) {
  Node* const node = ::new (allocate(sizeof(Node))) Node;
  node->operation = operation;
  node->shape = shape;
  node->values = std::move(values);
  add(alive, 1);
  return node;
}

[[noreturn]] void wrong_count(std::string_view operation, const Shape& shape, std::size_t count) {
  throw ShapeError(std::string(operation) + ": shape " + to_string(shape) + " needs " + std::to_string(shape.count()) +
                   " values, got " + std::to_string(count));
}

inline void check_count(std::string_view operation, const Shape& shape, std::size_t count) {
  if (shape.count() != count) wrong_count(operation, shape, count);
}

Buffer copy(std::span<const double> values) {
  Buffer buffer(values.size());
  std::copy(values.begin(), values.end(), buffer.data());
  return buffer;
}

}  // namespace

void Node::release(Node* node) noexcept {
  if (!node->references.release()) return;
  // Destroying a node releases its inputs, which may destroy them, and so on down a chain of any length. A list
  // instead of recursion keeps the stack flat: inner releases only append to it.
  thread_local Node* doomed = nullptr;
  thread_local bool draining = false;
  node->next_doomed = doomed;
  doomed = node;
  if (draining) return;
  draining = true;
  while (doomed != nullptr) {
    Node* const next = doomed;
    doomed = next->next_doomed;
    next->~Node();
    deallocate(next, sizeof(Node));
    add(alive, ~std::size_t{0});
  }
  draining = false;
}

Tensor::Tensor(double value) : Tensor(leaf({}, Buffer(1, value), false)) {}
Tensor::Tensor(const Tensor& other) noexcept : node_(other.node_) {
  if (node_ != nullptr) Node::retain(node_);
}
Tensor::~Tensor() {
  if (node_ != nullptr) Node::release(node_);
}

Tensor Tensor::share(Node* node) {
  Node::retain(node);
  return Tensor(node);
}

Tensor Tensor::leaf(const Shape& shape, Buffer values, bool requires_grad) {
  check_count("tensor", shape, values.size());
  Node* const node = make(requires_grad ? "variable" : "constant", shape, std::move(values));
  node->leaf = true;
  node->requires_grad = requires_grad;
  return Tensor(node);
}

Tensor Tensor::constant(const Shape& shape, std::span<const double> values) { return leaf(shape, copy(values), false); }
Tensor Tensor::constant(const Shape& shape, std::initializer_list<double> values) {
  return leaf(shape, copy({values.begin(), values.size()}), false);
}
Tensor Tensor::constant(const Shape& shape, Buffer values) { return leaf(shape, std::move(values), false); }
Tensor Tensor::variable(const Shape& shape, std::span<const double> values) { return leaf(shape, copy(values), true); }
Tensor Tensor::variable(const Shape& shape, std::initializer_list<double> values) {
  return leaf(shape, copy({values.begin(), values.size()}), true);
}
Tensor Tensor::zeros(const Shape& shape) { return full(shape, 0.0); }
Tensor Tensor::ones(const Shape& shape) { return full(shape, 1.0); }
Tensor Tensor::full(const Shape& shape, double value) { return leaf(shape, Buffer(shape.count(), value), false); }

namespace {

[[noreturn]] void nothing_held() { throw ShapeError("tensor: this one holds nothing; assign it a value first"); }

/// Not a member: exported functions are not inlined in position-independent code, and these are called all the time.
inline const Node& held(const Node* node) {
  if (node == nullptr) nothing_held();
  return *node;
}

}  // namespace

const Shape& Tensor::shape() const { return held(node_).shape; }
std::size_t Tensor::size() const { return held(node_).values.size(); }
std::span<const double> Tensor::values() const { return held(node_).values.span(); }
const Buffer& Tensor::buffer() const { return held(node_).values; }
bool Tensor::requires_grad() const { return held(node_).requires_grad; }
bool Tensor::is_leaf() const { return held(node_).leaf; }

double Tensor::item() const {
  if (size() != 1) throw ShapeError("item: exactly one element expected, shape is " + to_string(shape()));
  return node_->values[0];
}

std::span<double> Tensor::mutable_values() {
  if (!is_leaf()) {
    throw ShapeError("assign: only leaves can be changed, this is the result of " + std::string(node_->operation));
  }
  if (!node_->values.unique()) node_->values = copy(values());  // others share these numbers: leave theirs alone
  return node_->values.span();
}

void Tensor::assign(std::span<const double> values) {
  check_count("assign", shape(), values.size());
  const std::span<double> target = mutable_values();
  std::copy(values.begin(), values.end(), target.begin());
}

Tensor Tensor::detach() const { return leaf(shape(), buffer(), false); }

bool recording() { return recording_on; }
NoGrad::NoGrad() : previous_(recording_on) { recording_on = false; }
NoGrad::~NoGrad() { recording_on = previous_; }
WithGrad::WithGrad() : previous_(recording_on) { recording_on = true; }
WithGrad::~WithGrad() { recording_on = previous_; }

Tensor make_node(std::string_view operation, const Shape& shape, Buffer values, RecycledVector<Edge> edges) {
  check_count(operation, shape, values.size());
  Node* const node = make(operation, shape, std::move(values));
  if (!edges.empty()) {
    node->requires_grad = true;
    for (const Edge& edge : edges) node->depth = std::max(node->depth, Node::of(edge.input)->depth + 1);
    node->edges = std::move(edges);
  }
  return Tensor(node);
}

std::size_t live_nodes() { return alive.load(); }

std::string_view operation_name(const Tensor& x) { return x ? x.node()->operation : "nothing"; }

std::vector<Tensor> operation_inputs(const Tensor& x) {
  std::vector<Tensor> inputs;
  if (!x) return inputs;
  for (const Edge& edge : x.node()->edges) inputs.push_back(edge.input);
  return inputs;
}

}  // namespace adatom
