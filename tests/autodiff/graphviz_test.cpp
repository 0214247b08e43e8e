#include "autodiff/graphviz.hpp"

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/reductions.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a small graph is drawn with its values", "[autodiff][graphviz]") {
  const Tensor x = Tensor::variable({2}, {1.5, -2.0});
  const std::string drawing = to_graphviz(exp(x));
  CHECK(drawing ==
        "digraph {\n"
        "  rankdir=BT;\n"
        "  node [shape=box];\n"
        "  n0 [label=\"exp (2)\\n4.482 0.1353\"];\n"
        "  n1 [label=\"variable (2)\\n1.5 -2\", style=filled, fillcolor=lightblue];\n"
        "  n1 -> n0;\n"
        "}\n");
}

TEST_CASE("shared values are drawn once, both arrows kept", "[autodiff][graphviz]") {
  const Tensor x = Tensor::variable({}, {3.0});
  const Tensor y = exp(x);
  const std::string drawing = to_graphviz(y * y + sin(x));
  CHECK(count(drawing, "exp ()") == 1);
  CHECK(count(drawing, "style=filled") == 1);
  CHECK(count(drawing, "label=") == 5);  // add, multiply, sin, exp, variable
  CHECK(count(drawing, " -> ") == 6);
}

TEST_CASE("large values are drawn by their shape alone", "[autodiff][graphviz]") {
  const std::string drawing = to_graphviz(Tensor::variable({5}, {1, 2, 3, 4, 5}));
  CHECK_THAT(drawing, ContainsSubstring("\"variable (5)\""));
}

TEST_CASE("a deep graph is drawn without recursion", "[autodiff][graphviz]") {
  Tensor x = Tensor::variable({}, {0.0});
  for (int i = 0; i < 100000; ++i) x = -x;
  CHECK(count(to_graphviz(x), " -> ") == 100000);
}
