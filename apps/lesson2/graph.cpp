// The recorded graph, drawn twice: for Graphviz, and by a few lines of our own that need only gnuplot.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "apps/lesson2/sections.hpp"
#include "apps/process.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/graphviz.hpp"
#include "core/file.hpp"

namespace adatom::apps::lesson2 {
namespace {

/// A value of the graph and where its box goes: `row` counts the longest way from a leaf.
struct Box {
  Tensor tensor;
  std::size_t row = 0;
  double column = 0.0;
  std::vector<std::size_t> inputs{};
};

/// All values behind y, inputs before results.
std::vector<Box> boxes_behind(const Tensor& y) {
  std::vector<Box> boxes;
  std::unordered_map<const Node*, std::size_t> places;
  const std::function<std::size_t(const Tensor&)> visit = [&](const Tensor& x) {
    if (const auto known = places.find(x.node()); known != places.end()) return known->second;
    Box box{.tensor = x};
    for (const Tensor& input : operation_inputs(x)) box.inputs.push_back(visit(input));
    for (const std::size_t i : box.inputs) box.row = std::max(box.row, boxes[i].row + 1);
    boxes.push_back(std::move(box));
    return places[x.node()] = boxes.size() - 1;
  };
  visit(y);
  return boxes;
}

/// Every row spread evenly, ordered by where the inputs are, so that few arrows cross.
void arrange(std::vector<Box>& boxes) {
  std::size_t rows = 0;
  for (const Box& box : boxes) rows = std::max(rows, box.row + 1);
  for (std::size_t row = 0; row < rows; ++row) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (boxes[i].row != row) continue;
      double middle = 0.0;
      for (const std::size_t input : boxes[i].inputs) middle += boxes[input].column / static_cast<double>(boxes[i].inputs.size());
      boxes[i].column = middle;
      members.push_back(i);
    }
    std::stable_sort(members.begin(), members.end(), [&boxes](std::size_t a, std::size_t b) { return boxes[a].column < boxes[b].column; });
    for (std::size_t k = 0; k < members.size(); ++k) boxes[members[k]].column = static_cast<double>(k) - 0.5 * static_cast<double>(members.size() - 1);
  }
}

std::string label(const Tensor& x) {
  const std::string number = general(x.item(), 4);
  if (!x.is_leaf()) return std::string(operation_name(x)) + "\\n" + number;
  return (x.requires_grad() ? "variable\\n" : "number\\n") + number;
}

/// gnuplot's commands for boxes and arrows.
std::string script(const std::string& name, const std::string& title, const std::vector<Box>& boxes) {
  constexpr double half_width = 0.40, half_height = 0.28;
  double columns = 1.0, rows = 1.0;
  for (const Box& box : boxes) columns = std::max(columns, 2.0 * std::abs(box.column) + 1.0), rows = std::max(rows, static_cast<double>(box.row) + 1.0);
  const auto place = [](double x, double y) { return fixed(x, 3) + "," + fixed(y, 3); };
  std::string text = figure_header(name, static_cast<std::size_t>(160.0 * columns + 80.0), static_cast<std::size_t>(105.0 * rows + 90.0)) +
                     "unset border\nunset tics\nunset grid\nunset key\nset margins 1,1,1,3\nset title '" + title + "'\nset xrange [" + fixed(-0.5 * columns - 0.1, 2) + ":" +
                     fixed(0.5 * columns + 0.1, 2) + "]\nset yrange [-0.6:" + fixed(rows - 0.4, 2) + "]\n";
  for (const Box& box : boxes) {
    const double x = box.column, y = static_cast<double>(box.row);
    const bool variable = box.tensor.is_leaf() && box.tensor.requires_grad();
    text += "set object rectangle from " + place(x - half_width, y - half_height) + " to " + place(x + half_width, y + half_height) + " front fillcolor rgb '" +
            (variable ? "#9ecae1" : box.tensor.is_leaf() ? "#eeeeee" : "#ffffff") + "' fillstyle solid border rgb '#333333'\n";
    text += "set label \"" + label(box.tensor) + "\" at " + place(x, y + 0.10) + " center front font 'DejaVu Sans,12'\n";
    for (const std::size_t i : box.inputs) {
      text += "set arrow from " + place(boxes[i].column, static_cast<double>(boxes[i].row) + half_height) + " to " + place(x, y - half_height) +
              " filled size 0.08,20 linecolor rgb '#555555' linewidth 1.3 back\n";
    }
  }
  return text + "plot NaN\n";
}

void show(Section& section, const std::string& name, const std::string& title, const Tensor& y, const std::string& look_at) {
  write_file(section.folder / (name + ".dot"), to_graphviz(y));
  std::vector<Box> boxes = boxes_behind(y);
  arrange(boxes);
  section.draw(name, script(name, title, boxes), look_at);
  if (run_program(section.folder, {"dot", "-Tsvg", "-o", name + "_dot.svg", name + ".dot"}) == 0) {
    section.point_to(name + "_dot.svg", "The same, laid out by Graphviz.");
  } else {
    section.point_to(name + ".dot", "The same for Graphviz, which is not installed here: dot -Tsvg " + name + ".dot > " + name + ".svg");
  }
}

}  // namespace

void graph(Section& section) {
  const Tensor x = Tensor::variable({}, {0.5}), y = Tensor::variable({}, {2.0});
  const Tensor f = x * y + sin(x);
  section.say("What is remembered while f = x y + sin x is computed at x = 0.5, y = 2: every value, and what it was made of. The leaves are at the "
              "bottom; the backward sweep starts at the top with df/df = 1 and passes to each input what the chain rule says.");
  show(section, "graph", "f = x y + sin x", f, "x (0.5) is used twice: its gradient is the sum over both ways up, y from the product and cos x from the sine.");

  const Tensors g = grad(f, {x, y});
  Table table({"", "autodiff", "by hand"}, {0});
  table.add({"df/dx = y + cos x", fixed(g[0].item(), 12), fixed(2.0 + std::cos(0.5), 12)});
  table.add({"df/dy = x", fixed(g[1].item(), 12), fixed(0.5, 12)});
  const Tensors second = grad(g[0], {x, y});
  table.add({"d²f/dx² = −sin x", fixed(second[0].item(), 12), fixed(-std::sin(0.5), 12)});
  table.add({"d²f/dxdy = 1", fixed(second[1].item(), 12), fixed(1.0, 12)});
  section.show(table);
  section.say("The sweep itself is made of tensor operations, so it is a graph too, on top of the first: that is why second derivatives cost nothing to program.");
  show(section, "graph_derivative", "df/dx of f = x y + sin x", g[0], "The graph of df/dx = y + cos x, as the sweep built it.");
}

}  // namespace adatom::apps::lesson2
