#include "autodiff/gradient.hpp"

#include <algorithm>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/kernels/map.hpp"
#include "autodiff/node.hpp"
#include "autodiff/places.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

/// total + part, in place where nobody else holds one of them and nothing is recorded.
Tensor accumulate(Tensor total, Tensor part) {
  const auto free_to_change = [](const Tensor& x) {
    Node* const node = Node::of(x);
    return node->references.unique() && !node->requires_grad && node->values.unique();
  };
  const bool constant = !recording() || (!total.requires_grad() && !part.requires_grad());
  if (constant && total.shape() == part.shape()) {
    if (!free_to_change(total)) std::swap(total, part);  // a + b and b + a are the same number
    if (free_to_change(total)) {
      kernels::axpy(part.size(), 1.0, part.data(), const_cast<double*>(total.data()));
      return total;
    }
  }
  return total + part;
}

}  // namespace

/// One reverse sweep: from y back to the wanted inputs (gradient.hpp says how). Nodes are visited in a list and not by
/// recursion, so that a graph may be of any depth. The deepest comes first: an input is always less deep than what is
/// computed from it (node.hpp), so a value's turn comes when all that was computed from it has had its own. The newest
/// first would do too, but needs a counter that all threads share, and the order of sums, hence their last bits, would
/// depend on which thread was first; depths follow from the graph alone. What pullbacks record during the sweep is none
/// of its business: it belongs to the graph behind the results.
class GradientSweep {
 public:
  GradientSweep(const Tensor& y, std::span<const Tensor> xs) {
    collect(y);
    sort_by_depth();
    mark_wanted(xs);
  }

  Tensors run(const Tensor& y, std::span<const Tensor> xs, const Tensor& cotangent) {
    if (y.requires_grad()) at(y.node()).gradient = cotangent;
    // Deepest first: all consumers of a node have added to its gradient before it is passed on.
    for (std::size_t i = visits_.size(); i-- > 0;) {
      if (visits_[i].gradient && visits_[i].leads_to_x) pass_on(visits_[i]);
    }
    Tensors gradients;
    gradients.reserve(xs.size());
    for (const Tensor& x : xs) {
      const std::size_t place = places_.find(x.node());
      const bool reached = place != Places::none && visits_[place].gradient;
      gradients.push_back(reached ? visits_[place].gradient : Tensor::zeros(x.shape()));
    }
    return gradients;
  }

 private:
  /// A value on the way, and the sum of the gradients that have reached it.
  struct Visit {
    Node* node;
    std::size_t found;  // order of discovery, so that equal depths are sorted the same way every time
    bool leads_to_x = false;
    bool is_x = false;
    Tensor gradient;
  };

  Visit& at(const Node* node) { return visits_[places_.find(node)]; }

  /// The chain rule: hands the gradient of one value on to its inputs.
  void pass_on(Visit& visit) {
    const Tensor y = Tensor::share(visit.node);
    const Tensor dy = visit.is_x ? visit.gradient : std::move(visit.gradient);
    for (const Edge& edge : visit.node->edges) {
      Visit& input = at(edge.input.node());
      if (!input.leads_to_x) continue;
      Tensor part = edge.pullback(y, dy);
      check_shape(y, edge.input, part);
      input.gradient = input.gradient ? accumulate(std::move(input.gradient), std::move(part)) : std::move(part);
    }
  }

  /// All nodes that y depends on and that need gradients, by a walk without recursion.
  void collect(const Tensor& y) {
    if (!y.requires_grad()) return;
    RecycledVector<Node*> pending;
    const auto visit = [&](Node* node) {
      if (!places_.insert(node, visits_.size())) return;
      visits_.push_back({.node = node, .found = visits_.size(), .gradient = {}});
      pending.push_back(node);
    };
    visit(Node::of(y));
    while (!pending.empty()) {
      Node* const node = pending.back();
      pending.pop_back();
      for (const Edge& edge : node->edges) visit(Node::of(edge.input));
    }
  }

  void sort_by_depth() {
    std::sort(visits_.begin(), visits_.end(), [](const Visit& a, const Visit& b) {
      return a.node->depth != b.node->depth ? a.node->depth < b.node->depth : a.found < b.found;
    });
    for (std::size_t i = 0; i < visits_.size(); ++i) places_.move(visits_[i].node, i);
  }

  /// Only paths that end at a wanted x are followed; everything else costs nothing.
  void mark_wanted(std::span<const Tensor> xs) {
    for (const Tensor& x : xs) {
      if (const std::size_t place = places_.find(x.node()); place != Places::none) visits_[place].is_x = true;
    }
    for (Visit& visit : visits_) {
      visit.leads_to_x = visit.is_x;
      for (const Edge& edge : visit.node->edges)
        visit.leads_to_x = visit.leads_to_x || at(edge.input.node()).leads_to_x;
    }
  }

  /// An operation of the user's own may be wrong; broadcasting would then spread the mistake silently.
  static void check_shape(const Tensor& y, const Tensor& input, const Tensor& part) {
    if (part && part.shape() == Node::of(input)->shape) return;
    throw ShapeError("grad: the pullback of " + std::string(operation_name(y)) + " gave " +
                     (part ? "shape " + to_string(part.shape()) : "a tensor that holds nothing") +
                     " for an input of shape " + to_string(input.shape()) +
                     "; sum over the axes along which the input was broadcast (sum_to)");
  }

  RecycledVector<Visit> visits_;
  Places places_;
};

Tensors vjp(const Tensor& y, std::span<const Tensor> xs, const Tensor& cotangent) {
  if (!(cotangent.shape() == y.shape())) {
    throw ShapeError("vjp: the cotangent has shape " + to_string(cotangent.shape()) + ", the output " +
                     to_string(y.shape()));
  }
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!xs[i].requires_grad()) {
      throw ShapeError("grad: input " + std::to_string(i) + " of shape " + to_string(xs[i].shape()) +
                       " is a constant; make it with Tensor::variable");
    }
  }
  return GradientSweep(y, xs).run(y, xs, cotangent);
}

Tensors grad(const Tensor& y, std::span<const Tensor> xs) {
  if (y.size() != 1) {
    throw ShapeError("grad: the output has shape " + to_string(y.shape()) +
                     ", expected a single number; use vjp with a cotangent, or sum");
  }
  return vjp(y, xs, Tensor::ones(y.shape()));
}

Tensors grad(const Tensor& y, std::initializer_list<Tensor> xs) { return grad(y, std::span(xs.begin(), xs.size())); }
Tensors vjp(const Tensor& y, std::initializer_list<Tensor> xs, const Tensor& cotangent) {
  return vjp(y, std::span(xs.begin(), xs.size()), cotangent);
}

namespace {

/// `x` itself if gradients can be taken with respect to it, otherwise a variable with its numbers.
Tensor differentiable(const Tensor& x) { return x.requires_grad() ? x : Tensor::variable(x.shape(), x.values()); }

/// f(x) with the graph behind it, without which there would be no derivative, within a NoGrad too.
Tensor recorded(const Function& f, const Tensor& x) {
  const WithGrad graph;
  return f(x);
}

}  // namespace

ValueAndGrad value_and_grad(const Function& f, const Tensor& x) {
  const Tensor at = differentiable(x);
  const Tensor value = recorded(f, at);
  return {recording() ? value : value.detach(), grad(value, {at})[0]};
}

Tensor jacobian(const Function& f, const Tensor& x) {
  const Tensor at = differentiable(x);
  const Tensor y = recorded(f, at);
  Tensors rows;
  for (std::size_t i = 0; i < y.size(); ++i) {
    Buffer unit(y.size(), 0.0);
    unit[i] = 1.0;
    rows.push_back(reshape(vjp(y, {at}, Tensor::constant(y.shape(), unit))[0], {at.size()}));
  }
  return rows.empty() ? Tensor::zeros({0, at.size()}) : stack(rows, 0);
}

Tensor hessian(const Function& f, const Tensor& x) {
  return jacobian([&](const Tensor& at) { return grad(f(at), {at})[0]; }, x);
}

Tensor hessian_vector_product(const Function& f, const Tensor& x, const Tensor& v) {
  const Tensor at = differentiable(x);
  const Tensor slope = recorded([&](const Tensor& in) { return grad(f(in), {in})[0]; }, at);
  return vjp(slope, {at}, v)[0];
}

}  // namespace adatom
