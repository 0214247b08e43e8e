// What this file is: every operation of the table, every differentiable input and every kind of shape held to
// sixth-order finite differences, to second order, at 20 random points per shape; and that the table is complete.
#include "tests/autodiff/operations_table.hpp"

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "autodiff/arithmetic.hpp"
#include "autodiff/check_gradient.hpp"
#include "autodiff/functions.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::testing;

namespace {

Table all_operations() {
  Table table;
  for (Table part :
       {elementwise(), reductions(), shaping(), products(), indexing(), probabilities(), linear_algebra()}) {
    table.insert(table.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  }
  return table;
}

/// y + y²/2, so that a linear operation has a second derivative too and the incoming gradient depends on the arguments.
Tensor curved(const Tensor& y) { return y + 0.5 * square(y); }

void check_operation(const Operation& operation) {
  const auto f = [&](Arguments x) { return curved(operation.call(x)); };
  for (const std::vector<Shape>& shapes : operation.shapes) {
    double largest = 0.0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      Random random(seed);
      const Tensors arguments = random_tensors(shapes, operation.domain, random);
      const CheckResult result = check_gradient(f, arguments, {.tolerance = 1e-7, .seed = seed});
      INFO(operation.name << " seed " << seed << "\n" << result.report);
      REQUIRE(result.passed);
      largest = std::max(largest, result.largest_error);
    }
    INFO(operation.name << " largest error " << largest);
    CHECK(largest < 1e-7);
  }
}

/// Names of the functions a header declares at the start of a line as `Tensor name(`.
std::set<std::string> declared_in(const std::string& header) {
  std::ifstream file(std::string(ADATOM_SOURCE_DIR) + "/autodiff/" + header);
  const std::regex declaration(R"(^Tensor (operator.|[a-z_]+)\()");
  std::set<std::string> names;
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_search(line, match, declaration)) names.insert(match[1]);
  }
  return names;
}

}  // namespace

TEST_CASE("derivatives of elementwise operations", "[autodiff][table]") {
  for (const Operation& operation : elementwise()) check_operation(operation);
}
TEST_CASE("derivatives of reductions", "[autodiff][table]") {
  for (const Operation& operation : reductions()) check_operation(operation);
}
TEST_CASE("derivatives of shaping operations", "[autodiff][table]") {
  for (const Operation& operation : shaping()) check_operation(operation);
}
TEST_CASE("derivatives of matrix products", "[autodiff][table]") {
  for (const Operation& operation : products()) check_operation(operation);
}
TEST_CASE("derivatives of indexing operations", "[autodiff][table]") {
  for (const Operation& operation : indexing()) check_operation(operation);
}
TEST_CASE("derivatives of softmax and its kin", "[autodiff][table]") {
  for (const Operation& operation : probabilities()) check_operation(operation);
}
TEST_CASE("derivatives of distances and decompositions", "[autodiff][table]") {
  for (const Operation& operation : linear_algebra()) check_operation(operation);
}

TEST_CASE("the table holds every public operation", "[autodiff][table]") {
  std::set<std::string> tested;
  for (const Operation& operation : all_operations()) tested.insert(operation.name);
  std::size_t found = 0;
  for (const char* header : {"arithmetic.hpp", "functions.hpp", "selection.hpp", "reductions.hpp", "shaping.hpp",
                             "matmul.hpp", "indexing.hpp", "softmax.hpp", "distances.hpp", "decompositions.hpp"}) {
    for (const std::string& name : declared_in(header)) {
      INFO(header << " declares " << name);
      CHECK(tested.count(name) == 1);
      ++found;
    }
  }
  CHECK(found >= 45);  // the declarations were found at all
}
