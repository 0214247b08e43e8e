// What this file is: a table of wrong calls of every operation, and what each error must say.
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/decompositions.hpp"
#include "autodiff/distances.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/record.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/selection.hpp"
#include "autodiff/shaping.hpp"
#include "autodiff/softmax.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

struct WrongCall {
  std::function<void()> call;
  std::vector<std::string> told;  // what the message must contain
};

Tensor zeros(std::initializer_list<std::size_t> lengths) { return Tensor::zeros(Shape(lengths)); }

std::vector<WrongCall> wrong_calls() {
  const Tensor m = zeros({2, 3}), n = zeros({4, 5}), v = zeros({4});
  return {
      {[=] { m + n; }, {"(2, 3)", "(4, 5)", "add"}},
      {[=] { m - n; }, {"(2, 3)", "(4, 5)", "subtract"}},
      {[=] { m* n; }, {"(2, 3)", "(4, 5)", "multiply"}},
      {[=] { m / v; }, {"(2, 3)", "(4)", "divide"}},
      {[=] { pow(m, n); }, {"(2, 3)", "(4, 5)", "pow"}},
      {[=] { minimum(m, n); }, {"(2, 3)", "(4, 5)", "minimum"}},
      {[=] { maximum(m, v); }, {"(2, 3)", "(4)", "maximum"}},
      {[=] { where(m, n, 0.0); }, {"(2, 3)", "(4, 5)", "where"}},
      {[=] { clip(m, 2.0, 1.0); }, {"clip", "limits are 2 and 1,"}},
      {[=] { clip(m, std::nan(""), 1.0); }, {"clip", "limits are nan and 1,"}},
      {[=] { sum(m, {2}); }, {"sum", "axis 2", "(2, 3)"}},
      {[=] {
         sum(m, {0, -2});
       },
       {"sum", "twice", "(2, 3)"}},
      {[=] { mean(m, {-3}); }, {"mean", "axis -3", "(2, 3)"}},
      {[=] {
         mean(zeros({0, 3}));
       },
       {"mean", "(0, 3)"}},
      {[=] {
         max(zeros({2, 0}), {1});
       },
       {"max", "(2, 0)"}},
      {[=] { min(zeros({0})); }, {"min", "(0)"}},
      {[=] { max(m, {7}); }, {"max", "axis 7", "(2, 3)"}},
      {[=] { norm(m, 2); }, {"norm", "axis 2", "(2, 3)"}},
      {[=] { sum_to(m, {4}); }, {"sum_to", "(2, 3)", "(4)"}},
      {[=] {
         reshape(m, {4, 2});
       },
       {"reshape", "(2, 3)", "(4, 2)"}},
      {[=] {
         reshape(m, {-1, 4});
       },
       {"reshape", "(2, 3)", "(-1, 4)"}},
      {[=] {
         reshape(m, {-1, -1});
       },
       {"reshape", "(2, 3)", "(-1, -1)"}},
      {[=] {
         reshape(m, {-2, 3});
       },
       {"reshape", "(2, 3)", "(-2, 3)"}},
      {[=] {
         permute(m, {0, 0});
       },
       {"permute", "(2, 3)", "(0, 0)"}},
      {[=] { permute(m, {1}); }, {"permute", "(2, 3)", "(1)"}},
      {[=] { transpose(v); }, {"transpose", "(4)"}},
      {[=] {
         broadcast_to(m, {2, 4});
       },
       {"broadcast_to", "(2, 3)", "(2, 4)"}},
      {[=] { slice(m, 2, 0, 1); }, {"slice", "axis 2", "(2, 3)"}},
      {[=] { slice(m, 0, 0, 1, 0); }, {"slice", "step", "(2, 3)"}},
      {[=] { concat(std::span<const Tensor>{}, 0); }, {"concat", "nothing"}},
      {[=] {
         concat({m, n}, 0);
       },
       {"concat", "(2, 3)", "(4, 5)"}},
      {[=] {
         concat({m, m}, 2);
       },
       {"concat", "axis 2", "(2, 3)"}},
      {[=] { stack(std::span<const Tensor>{}, 0); }, {"stack", "nothing"}},
      {[=] {
         stack({m, n}, 0);
       },
       {"stack", "(2, 3)", "(4, 5)"}},
      {[=] { matmul(m, n); }, {"matmul", "(2, 3)", "(4, 5)"}},
      {[=] { matmul(m, v); }, {"matmul", "(2, 3)", "(4)"}},
      {[=] { matmul(v, m); }, {"matmul", "(2, 3)", "(4)"}},
      {[=] { matmul(Tensor(1.0), m); }, {"matmul", "()", "(2, 3)"}},
      {[=] {
         matmul(zeros({2, 2, 2}), zeros({3, 2, 2}));
       },
       {"matmul", "(2, 2, 2)", "(3, 2, 2)"}},
      {[=] { affine(m, n, v); }, {"affine", "(2, 3)", "(4, 5)", "(4)"}},
      {[=] {
         affine(m, zeros({3, 5}), v);
       },
       {"affine", "(2, 3)", "(3, 5)", "(4)"}},
      {[=] {
         gather(m, {0, 2});
       },
       {"gather", "index 2", "length 2"}},
      {[=] { gather(m, {0}, -3); }, {"gather", "axis -3", "(2, 3)"}},
      {[=] {
         scatter_add(m, {0, 5}, 5);
       },
       {"scatter_add", "index 5", "length 5"}},
      {[=] {
         segment_sum(m, {0, 0, 0}, 2);
       },
       {"segment_sum", "3 indices", "(2, 3)"}},
      {[=] {
         take_along_axis(m, {0}, {1, 1});
       },
       {"take_along_axis", "(1, 1)", "(2, 3)"}},
      {[=] {
         add_along_axis(m, {0, 0, 0, 0, 0, 0}, {4, 3});
       },
       {"add_along_axis", "(2, 3)", "(4, 3)"}},
      {[=] {
         scatter_add(m, {0, 0}, 3, 2);
       },
       {"scatter_add", "axis 2", "(2, 3)"}},
      {[=] { segment_sum(Tensor(1.0), {0}, 1); }, {"segment_sum", "axis 0", "()"}},
      {[=] {
         take_along_axis(m, {0, 0}, {2, 2});
       },
       {"take_along_axis", "(2, 2)", "4 indices", "got 2"}},
      {[=] {
         gather(m, std::vector<std::uint32_t>{0, static_cast<std::uint32_t>(-1)});
       },
       {"gather", "index 4294967295 (-1?)", "position 1", "length 2"}},
      {[=] { softmax(m, 2); }, {"softmax", "axis 2", "(2, 3)"}},
      {[=] { log_softmax(m, 2); }, {"log_softmax", "axis 2", "(2, 3)"}},
      {[=] { logsumexp(m, {2}); }, {"logsumexp", "axis 2", "(2, 3)"}},
      {[=] { pairwise_distances(m, n); }, {"pairwise_distances", "(2, 3)", "(4, 5)"}},
      {[=] { cholesky(m); }, {"cholesky", "(2, 3)"}},
      {[=] {
         triangular_solve(zeros({2, 2}), zeros({3}));
       },
       {"triangular_solve", "(2, 2)", "(3)"}},
      {[=] {
         grad(Tensor::variable({2}, {1, 2}) * 2.0, {Tensor::variable({1}, {1})});
       },
       {"grad", "(2)", "cotangent"}},
      {[=] { grad(Tensor::variable({}, {1}) * 2.0, {m}); }, {"grad", "input 0", "(2, 3)", "constant"}},
      {[=] { vjp(m + 1.0, {Tensor::variable({1}, {1})}, n); }, {"vjp", "(2, 3)", "(4, 5)"}},
      {[=] {
         Tensor::constant({2, 2}, {1, 2, 3});
       },
       {"(2, 2)", "4 values", "got 3"}},
      {[=] {
         Tensor::variable({2}, {1, 2}).assign(std::vector<double>{1, 2, 3});
       },
       {"(2)", "got 3"}},
      {[=] { (m + 1.0).mutable_values(); }, {"leaves", "add"}},
      {[=] { m.item(); }, {"item", "(2, 3)"}},
      {[=] { value_and_grad([](const Tensor& x) { return 2.0 * x; }, v); }, {"grad", "(4)", "single number"}},
      {[=] { hessian([](const Tensor& x) { return 2.0 * x; }, v); }, {"grad", "(4)", "single number"}},
      {[=] { hessian_vector_product([](const Tensor& x) { return sum(x); }, v, m); }, {"vjp", "(2, 3)", "(4)"}},
      {[] { Tensor().shape(); }, {"tensor", "holds nothing"}},
      {[=] { m + Tensor(); }, {"tensor", "holds nothing"}},
      {[=] {
         record("half_done", {2, 3}, Buffer(5, 0.0), Input{m, [](const Tensor&, const Tensor& dy) { return dy; }});
       },
       {"half_done", "(2, 3)", "6 values", "got 5"}},
      {[] {
         const Tensor x = Tensor::variable({2, 3}, {1, 2, 3, 4, 5, 6});
         const auto wrong = [](const Tensor&, const Tensor& dy) { return sum(dy, {0}); };
         grad(sum(record("my_own", {2, 3}, x.buffer(), Input{x, wrong})), {x});
       },
       {"pullback of my_own", "(3)", "(2, 3)", "sum_to"}},
      {[] {
         const Tensor x = Tensor::variable({2}, {1, 2});
         const auto forgetful = [](const Tensor&, const Tensor&) { return Tensor(); };
         grad(sum(record("my_own", {2}, x.buffer(), Input{x, forgetful})), {x});
       },
       {"pullback of my_own", "holds nothing", "(2)"}},
      {[] {
         Tensor::zeros({std::size_t{1} << 33, std::size_t{1} << 33});
       },
       {"(8589934592, 8589934592)", "more elements"}},
      {[=] {
         broadcast_to(m, {std::size_t{1} << 33, std::size_t{1} << 33, 2, 3});
       },
       {"(8589934592, 8589934592, 2, 3)", "more elements"}},
      // Arrays of no numbers whose results have more than can be counted: 2^62 · 4 and 2^32 · 2^32 are 0 in 64 bits.
      {[] {
         affine(Tensor::zeros({std::size_t{1} << 62, 0}), Tensor::zeros({0, 4}), Tensor::zeros({4}));
       },
       {"(4611686018427387904, 4)", "more elements"}},
      {[] {
         matmul(Tensor::zeros({std::size_t{1} << 62, 0}), Tensor::zeros({0, 4}));
       },
       {"(4611686018427387904, 4)", "more elements"}},
      {[] {
         const Tensor points = Tensor::zeros({std::size_t{1} << 32, 0});
         pairwise_distances(points, points);
       },
       {"(4294967296, 4294967296)", "more elements"}},
      {[] {
         pairwise_distances(Tensor::zeros({(std::size_t{1} << 32) + 1, 0}));
       },
       {"(4294967297, 4294967296)", "more elements"}},
      {[] {
         sum(Tensor::zeros({0, std::size_t{1} << 32, std::size_t{1} << 32}), {0});
       },
       {"(4294967296, 4294967296)", "more elements"}},
      {[=] {
         zeros({1, 1, 1, 1, 1, 1, 1, 1, 1});
       },
       {"at most 8 axes", "length 1 after (1, 1, 1, 1, 1, 1, 1, 1)"}},
      {[=] {
         stack({zeros({1, 1, 1, 1, 1, 1, 1, 1})}, 0);
       },
       {"at most 8 axes"}},
  };
}

}  // namespace

TEST_CASE("every wrong call is a ShapeError that names operation and shapes", "[autodiff][errors]") {
  std::size_t row = 0;
  for (const WrongCall& wrong : wrong_calls()) {
    INFO("row " << row++ << ", expected a message with: " << wrong.told[0]);
    std::string message = "no error";
    try {
      wrong.call();
    } catch (const ShapeError& error) {
      message = error.what();
    }
    INFO("message: " << message);
    for (const std::string& part : wrong.told) CHECK(message.find(part) != std::string::npos);
  }
}
