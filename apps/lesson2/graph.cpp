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

/// A value of the graph and where its box goes: `row` counts the longest way from a leaf. Without a tensor: a place
/// where an arrow passes a row on its way further up.
struct Box {
  Tensor tensor{};
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

/// Arrows over several rows get a place of their own in each row between.
void add_detours(std::vector<Box>& boxes) {
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t k = 0; k < boxes[i].inputs.size(); ++k) {
      const std::size_t input = boxes[i].inputs[k];
      if (boxes[input].row + 1 >= boxes[i].row) continue;
      boxes.push_back(
          {.row = boxes[i].row - 1, .inputs = {input}});  // and in the rows further down when its turn comes
      boxes[i].inputs[k] = boxes.size() - 1;
    }
  }
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
      for (const std::size_t input : boxes[i].inputs)
        middle += boxes[input].column / static_cast<double>(boxes[i].inputs.size());
      boxes[i].column = middle;
      members.push_back(i);
    }
    std::stable_sort(members.begin(), members.end(),
                     [&boxes](std::size_t a, std::size_t b) { return boxes[a].column < boxes[b].column; });
    for (std::size_t k = 0; k < members.size(); ++k)
      boxes[members[k]].column = static_cast<double>(k) - 0.5 * static_cast<double>(members.size() - 1);
  }
}

using Names = std::vector<std::pair<const Node*, std::string>>;

/// Name or operation, and the value below it.
std::string label(const Tensor& x, const Names& names) {
  const std::string number = general(x.item(), 4);
  if (!x.is_leaf()) return std::string(operation_name(x)) + "\\n" + number;
  const auto named =
      std::find_if(names.begin(), names.end(), [&x](const auto& entry) { return entry.first == x.node(); });
  return (named == names.end() ? "number" : named->second) + "\\n" + number;
}

constexpr double half_width = 0.40, half_height = 0.28;  // of a box

/// Two blocks: arrows (x, y, dx, dy, with a head?), then boxes (x, y, colour).
std::string drawing_data(const std::vector<Box>& boxes) {
  std::string arrows = "# arrows: x y dx dy head\n", rectangles = "# boxes: x y colour\n";
  for (const Box& box : boxes) {
    const double x = box.column, y = static_cast<double>(box.row) - (box.tensor ? half_height : 0.0);
    for (const std::size_t i : box.inputs) {
      const double from_x = boxes[i].column,
                   from_y = static_cast<double>(boxes[i].row) + (boxes[i].tensor ? half_height : 0.0);
      arrows += fixed(from_x, 3) + " " + fixed(from_y, 3) + " " + fixed(x - from_x, 3) + " " + fixed(y - from_y, 3) +
                (box.tensor ? " 1\n" : " 0\n");
    }
    if (!box.tensor) continue;
    const bool variable = box.tensor.is_leaf() && box.tensor.requires_grad();
    rectangles += fixed(x, 3) + " " + std::to_string(box.row) + (variable ? " 10406625\n" : " 16777215\n");
  }
  return arrows + "\n\n" + rectangles;
}

std::string script(const std::string& name, const std::string& title, const std::vector<Box>& boxes,
                   const Names& names) {
  double columns = 1.0, rows = 1.0;
  for (const Box& box : boxes)
    columns = std::max(columns, 2.0 * std::abs(box.column) + 1.0),
    rows = std::max(rows, static_cast<double>(box.row) + 1.0);
  std::string text = figure_header(name, static_cast<std::size_t>(160.0 * columns + 80.0),
                                   static_cast<std::size_t>(105.0 * rows + 90.0)) +
                     "unset border\nunset tics\nunset grid\nunset key\nset margins 1,1,1,3\nset title '" + title +
                     "'\nset xrange [" + fixed(-0.5 * columns - 0.1, 2) + ":" + fixed(0.5 * columns + 0.1, 2) +
                     "]\nset yrange [-0.6:" + fixed(rows - 0.4, 2) + "]\n";
  for (const Box& box : boxes) {
    if (!box.tensor) continue;
    text += "set label \"" + label(box.tensor, names) + "\" at " + fixed(box.column, 3) + "," +
            fixed(static_cast<double>(box.row) + 0.10, 3) + " center front font 'DejaVu Sans,12'\n";
  }
  return text + "set style fill solid 1.0 border rgb '#333333'\nplot '" + name +
         ".dat' index 0 using ($5==1?$1:1/0):2:3:4 with vectors filled size 0.08,20 linecolor rgb '#555555' linewidth "
         "1.3, \\\n  '" +
         name +
         ".dat' index 0 using ($5==0?$1:1/0):2:3:4 with vectors nohead linecolor rgb '#555555' linewidth 1.3, \\\n  '" +
         name + ".dat' index 1 using 1:2:(" + fixed(half_width, 2) + "):(" + fixed(half_height, 2) +
         "):3 with boxxyerror linecolor rgb variable\n";
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// The library's drawing for Graphviz, variables with our names. All values here are single numbers, so their shape ()
/// is left out.
std::string graphviz_text(const Tensor& y, const Names& names) {
  std::string text = to_graphviz(y);
  replace_all(text, " ()\\n", "\\n");
  for (const Box& box : boxes_behind(y)) {
    const std::string number = "\\n" + general(box.tensor.item(), 4);
    if (box.tensor.is_leaf()) replace_all(text, "variable" + number, label(box.tensor, names));
  }
  return text;
}

void show(Section& section, const std::string& name, const std::string& title, const Tensor& y, const Names& names,
          const std::string& look_at) {
  write_file(section.folder / (name + ".dot"), graphviz_text(y, names));
  std::vector<Box> boxes = boxes_behind(y);
  add_detours(boxes);
  arrange(boxes);
  write_file(section.folder / (name + ".dat"), drawing_data(boxes));
  section.draw(name, script(name, title, boxes, names), look_at);
  if (run_program(section.folder, {"dot", "-Tsvg", "-o", name + "_dot.svg", name + ".dot"}) == 0) {
    section.point_to(name + "_dot.svg", "The same, laid out by Graphviz.");
  } else {
    section.point_to(name + ".dot", "The same for Graphviz, which is not installed here: dot -Tsvg " + name +
                                        ".dot > " + name + ".svg");
  }
}

}  // namespace

void graph(Section& section) {
  const Tensor x = Tensor::variable({}, {0.5}), y = Tensor::variable({}, {2.0});
  const Tensor f = x * y + sin(x);
  const Names names{{x.node(), "x"}, {y.node(), "y"}};
  section.say(
      "What is remembered while f = x y + sin x is computed at x = 0.5, y = 2: every value, and what it was made of. "
      "The leaves are at the bottom; the backward sweep starts at the top with df/df = 1 and passes to each input what "
      "the chain rule says.");
  show(section, "graph", "f = x y + sin x", f, names,
       "x (0.5) is used twice: its gradient is the sum over both ways up, y from the product and cos x from the sine. "
       "Each box has the operation and its result.");

  const Tensors g = grad(f, {x, y});
  Table table({"", "autodiff", "by hand"}, {0});
  table.add({"df/dx = y + cos x", fixed(g[0].item(), 12), fixed(2.0 + std::cos(0.5), 12)});
  table.add({"df/dy = x", fixed(g[1].item(), 12), fixed(0.5, 12)});
  const Tensors second = grad(g[0], {x, y});
  table.add({"d²f/dx² = −sin x", fixed(second[0].item(), 12), fixed(-std::sin(0.5), 12)});
  table.add({"d²f/dxdy = 1", fixed(second[1].item(), 12), fixed(1.0, 12)});
  section.show(table);
  section.say(
      "The sweep itself is made of tensor operations, so it is a graph too, on top of the first: that is why second "
      "derivatives cost nothing to program.");
  show(section, "graph_derivative", "df/dx of f = x y + sin x", g[0], names,
       "The graph of df/dx = y + cos x, as the sweep built it: df/df = 1 times y, and 1 times cos x. Numbers that "
       "depend on no variable, such as that 1, are not remembered.");
  section.conclude("Each value and what it was made of, no more: " + std::to_string(boxes_behind(f).size()) +
                   " boxes for f, " + std::to_string(boxes_behind(g[0]).size()) +
                   " for its derivative, from which the second derivative came in the same way.");
}

}  // namespace adatom::apps::lesson2
