#include "autodiff/graphviz.hpp"

#include <unordered_map>
#include <vector>

#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr std::size_t values_shown = 4;

std::string box(std::size_t id, const Tensor& x) {
  std::string text =
      "  n" + std::to_string(id) + " [label=\"" + std::string(operation_name(x)) + " " + to_string(x.shape());
  if (x.size() > 0 && x.size() <= values_shown) {
    text += "\\n";
    for (std::size_t i = 0; i < x.size(); ++i) text += (i > 0 ? " " : "") + short_number_text(x.values()[i], 4);
  }
  text += "\"";
  if (x.is_leaf() && x.requires_grad()) text += ", style=filled, fillcolor=lightblue";
  return text + "];\n";
}

}  // namespace

std::string to_graphviz(const Tensor& y) {
  std::unordered_map<const Node*, std::size_t> ids;
  std::vector<Tensor> found;  // in order of discovery; a list instead of recursion, for graphs of any depth
  const auto id_of = [&](const Tensor& x) {
    const auto [place, is_new] = ids.try_emplace(x.node(), found.size());
    if (is_new) found.push_back(x);
    return place->second;
  };
  id_of(y);
  std::string boxes, arrows;
  for (std::size_t id = 0; id < found.size(); ++id) {
    const Tensor x = found[id];
    boxes += box(id, x);
    for (const Tensor& input : operation_inputs(x)) {
      arrows += "  n" + std::to_string(id_of(input)) + " -> n" + std::to_string(id) + ";\n";
    }
  }
  return "digraph {\n  rankdir=BT;\n  node [shape=box];\n" + boxes + arrows + "}\n";
}

}  // namespace adatom
