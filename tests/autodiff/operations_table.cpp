#include "tests/autodiff/operations_table.hpp"

#include "autodiff/arithmetic.hpp"
#include "autodiff/decompositions.hpp"
#include "autodiff/distances.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/selection.hpp"
#include "autodiff/shaping.hpp"
#include "autodiff/softmax.hpp"

namespace adatom::testing {
namespace {

const Shape scalar{};

Shapes one_argument() { return {{scalar}, {{1}}, {{4}}, {{2, 3}}, {{0}}, {{2, 0}}}; }

Shapes two_arguments() {
  return {{scalar, scalar}, {{1}, {1}},       {{4}, {4}},       {{2, 3}, {2, 3}}, {{2, 3}, {1, 3}}, {{2, 1}, {2, 3}},
          {{3}, {2, 3}},    {scalar, {2, 3}}, {{2, 3}, scalar}, {{2, 1}, {1, 3}}, {{0}, {1}},       {{2, 0}, {2, 1}}};
}

Operation unary(std::string name, Tensor (*function)(const Tensor&), Domain domain = Domain::any) {
  return {std::move(name), [function](Arguments x) { return function(x[0]); }, one_argument(), domain};
}

Operation binary(std::string name, Tensor (*function)(const Tensor&, const Tensor&), Domain domain = Domain::any) {
  return {std::move(name), [function](Arguments x) { return function(x[0], x[1]); }, two_arguments(), domain};
}

}  // namespace

Table elementwise() {
  Table table{
      binary("operator+", [](const Tensor& a, const Tensor& b) { return a + b; }),
      binary("operator-", [](const Tensor& a, const Tensor& b) { return a - b; }),
      binary("operator*", [](const Tensor& a, const Tensor& b) { return a * b; }),
      binary(
          "operator/", [](const Tensor& a, const Tensor& b) { return a / b; }, Domain::away_from_zero),
      unary("operator-", [](const Tensor& x) { return -x; }),
      unary("pow", [](const Tensor& x) { return pow(x, 3.0); }),
      unary(
          "pow", [](const Tensor& x) { return pow(x, -2.0); }, Domain::away_from_zero),
      unary(
          "pow", [](const Tensor& x) { return pow(x, 1.5); }, Domain::positive),
      unary("pow", [](const Tensor& x) { return pow(x, 0.0); }),
      unary("pow", [](const Tensor& x) { return pow(x, 1.0); }),
      unary("pow", [](const Tensor& x) { return pow(x, 2.0); }),
      unary(
          "pow", [](const Tensor& x) { return pow(x, 0.5); }, Domain::positive),
      binary(
          "pow", [](const Tensor& a, const Tensor& b) { return pow(a, b); }, Domain::positive),
      unary("exp", exp),
      unary("log", log, Domain::positive),
      unary("sqrt", sqrt, Domain::positive),
      unary("square", square),
      unary("abs", abs, Domain::separated),
      unary("sin", sin),
      unary("cos", cos),
      unary("erf", erf),
      unary("tanh", tanh),
      unary("sigmoid", sigmoid),
      unary("softplus", softplus),
      unary("relu", relu, Domain::separated),
      unary("silu", silu),
      unary("gelu", gelu),
      binary("minimum", minimum, Domain::separated),
      binary("maximum", maximum, Domain::separated),
      unary(
          "clip", [](const Tensor& x) { return clip(x, -0.5, 1.1); }, Domain::separated),
      {"where",
       [](Arguments x) {
         return where(Tensor::constant({3}, {1.0, 0.0, -2.0}), x[0], x[1]);
       },
       {{scalar, scalar}, {{3}, {3}}, {{2, 3}, {1}}, {{1, 3}, {2, 1}}, {{2, 3}, {2, 3}}, {{0, 3}, {0, 1}}}},
      {"where", [](Arguments x) { return where(0.0, x[0], x[1]); }, two_arguments()},
  };
  return table;
}

Table reductions() {
  const Shapes matrices{{{4, 1}}, {{1, 4}}, {{2, 3}}, {{0, 3}}};
  const Shapes cubes{{{2, 3, 2}}, {{1, 3, 2}}, {{2, 1, 1}}};
  Table table{
      unary("sum", [](const Tensor& x) { return sum(x); }),
      {"sum", [](Arguments x) { return sum(x[0], {0}); }, {{{4}}, {{2, 3}}, {{1, 3}}, {{0}}, {{2, 0}}, {{0, 2}}}},
      {"sum", [](Arguments x) { return sum(x[0], {-1}, true); }, {{{4}}, {{2, 3}}, {{3, 1}}, {{2, 0}}}},
      {"sum",
       [](Arguments x) {
         return sum(x[0], {0, 2});
       },
       cubes},
      {"sum", [](Arguments x) { return sum(x[0], {-2}, true); }, cubes},
      {"mean", [](Arguments x) { return mean(x[0]); }, {{scalar}, {{1}}, {{4}}, {{2, 3}}}},
      {"mean", [](Arguments x) { return mean(x[0], {-1}); }, matrices},
      {"mean",
       [](Arguments x) {
         return mean(x[0], {0, 2}, true);
       },
       cubes},
      {"sum_to", [](Arguments x) { return sum_to(x[0], {3}); }, {{{3}}, {{2, 3}}, {{0, 3}}, {{2, 2, 3}}}},
      {"sum_to",
       [](Arguments x) {
         return sum_to(x[0], {2, 1});
       },
       {{{2, 1}}, {{2, 3}}, {{2, 0}}, {{3, 2, 2}}}},
      {"sum_to", [](Arguments x) { return sum_to(x[0], {}); }, one_argument()},
      {"norm", [](Arguments x) { return norm(x[0]); }, {{{1}}, {{4}}, {{2, 3}}, {{0, 3}}}, Domain::separated},
      {"norm",
       [](Arguments x) { return norm(x[0], 0); },
       {{{2, 3}}, {{2, 2, 3}}, {{2, 0}}, {{0, 2}}},
       Domain::separated},
  };
  const auto extremes = [&](std::string name, Tensor (*all)(const Tensor&), Tensor (*some)(const Tensor&, Axes, bool)) {
    const Domain domain = Domain::separated;
    table.push_back({name, [all](Arguments x) { return all(x[0]); }, {{scalar}, {{1}}, {{4}}, {{2, 3}}}, domain});
    table.push_back(
        {name, [some](Arguments x) { return some(x[0], {1}, false); }, {{{2, 3}}, {{3, 1}}, {{0, 3}}}, domain});
    table.push_back(
        {name, [some](Arguments x) { return some(x[0], {0}, true); }, {{{2, 3}}, {{1, 3}}, {{3, 0}}}, domain});
    table.push_back({name, [some](Arguments x) { return some(x[0], {0, -1}, false); }, cubes, domain});
  };
  extremes("max", max, max);
  extremes("min", min, min);
  return table;
}

Table shaping() {
  const Shapes rows{{{1, 3}}, {{2, 3}}, {{0, 3}}};
  return {
      {"reshape",
       [](Arguments x) {
         return reshape(x[0], {-1, 1});
       },
       one_argument()},
      {"reshape",
       [](Arguments x) {
         return reshape(x[0], Shape{3, x[0].size() / 3});
       },
       rows},
      {"permute",
       [](Arguments x) {
         return permute(x[0], {2, 0, 1});
       },
       {{{2, 3, 2}}, {{1, 3, 1}}, {{0, 3, 2}}}},
      {"permute",
       [](Arguments x) {
         return permute(x[0], {1, 0});
       },
       rows},
      {"transpose", [](Arguments x) { return transpose(x[0]); }, {{{2, 3}}, {{1, 3}}, {{2, 2, 3}}, {{0, 3}}}},
      {"broadcast_to",
       [](Arguments x) {
         return broadcast_to(x[0], {2, 3});
       },
       {{scalar}, {{1}}, {{3}}, {{2, 1}}, {{1, 3}}, {{2, 3}}}},
      {"broadcast_to",
       [](Arguments x) {
         return broadcast_to(x[0], {0, 3});
       },
       {{scalar}, {{3}}, {{1, 3}}, {{0, 3}}}},
      {"slice", [](Arguments x) { return slice(x[0], 0, 1, 4, 2); }, {{{5}}, {{4, 2}}, {{1}}, {{0}}, {{0, 3}}}},
      {"slice", [](Arguments x) { return slice(x[0], -1, -2, 100); }, {{{5}}, {{2, 3}}, {{2, 1}}, {{2, 0}}}},
      {"concat",
       [](Arguments x) {
         return concat({x[0], x[1]}, 0);
       },
       {{{1}, {3}}, {{2, 2}, {1, 2}}, {{0, 2}, {1, 2}}}},
      {"concat",
       [](Arguments x) {
         return concat({x[0], x[1], x[0]}, -1);
       },
       {{{2}, {3}}, {{2, 1}, {2, 2}}}},
      {"stack",
       [](Arguments x) {
         return stack({x[0], x[1]}, 0);
       },
       {{scalar, scalar}, {{3}, {3}}, {{2, 2}, {2, 2}}}},
      {"stack",
       [](Arguments x) {
         return stack({x[0], x[1], x[1]}, -1);
       },
       {{{3}, {3}}, {{2, 1}, {2, 1}}, {{0}, {0}}}},
  };
}

Table products() {
  return {
      {"matmul",
       [](Arguments x) { return matmul(x[0], x[1]); },
       {{{3}, {3}},
        {{1}, {1}},
        {{2, 3}, {3}},
        {{2}, {2, 3}},
        {{2, 3}, {3, 2}},
        {{1, 1}, {1, 1}},
        {{1, 3}, {3, 1}},
        {{2, 2, 3}, {2, 3, 2}},
        {{2, 2, 3}, {3, 2}},
        {{1, 2, 2}, {2, 2, 1}},
        {{2, 2}, {2, 2, 2}},
        {{2, 0}, {0, 2}},
        {{0, 2}, {2, 3}},
        {{2, 3}, {3, 0}}}},
      {"affine",
       [](Arguments x) { return affine(x[0], x[1], x[2]); },
       {{{2, 3}, {3, 2}, {2}}, {{1, 1}, {1, 1}, {1}}, {{3, 1}, {1, 2}, {2}}, {{0, 2}, {2, 3}, {3}}}},
  };
}

Table indexing() {
  const Shapes four_rows{{{4}}, {{4, 1}}, {{4, 2}}, {{4, 3}}, {{4, 2, 2}}, {{4, 0}}};
  const Indices none(std::vector<std::uint32_t>{});
  const Indices repeated{1, 1, 3, 0, 1};
  const Indices four{2, 0, 2, 5};
  return {
      {"gather", [=](Arguments x) { return gather(x[0], repeated); }, four_rows},
      {"gather", [=](Arguments x) { return gather(x[0], none); }, four_rows},
      {"gather",
       [=](Arguments x) {
         return gather(x[0], Indices{1, 1, 0}, 1);
       },
       {{{3, 2}}, {{2, 2, 2}}, {{0, 2}}}},
      {"gather",
       [=](Arguments x) {
         return gather(x[0], Indices{1, 0}, -1);
       },
       {{{2}}, {{3, 2}}, {{2, 2, 2}}}},
      {"scatter_add", [=](Arguments x) { return scatter_add(x[0], four, 6); }, four_rows},
      {"scatter_add", [=](Arguments x) { return scatter_add(x[0], none, 2); }, {{{0}}, {{0, 3}}}},
      {"scatter_add",
       [=](Arguments x) {
         return scatter_add(x[0], Indices{1, 1}, 3, -1);
       },
       {{{2}}, {{3, 2}}}},
      {"segment_sum", [=](Arguments x) { return segment_sum(x[0], four, 7); }, four_rows},
      {"segment_sum", [=](Arguments x) { return segment_sum(x[0], none, 2); }, {{{0}}, {{0, 2}}}},
      {"take_along_axis",
       [](Arguments x) {
         return take_along_axis(x[0], {1, 1, 2, 1, 0, 0, 1, 2}, {2, 4});
       },
       {{{2, 3}}}},
      {"take_along_axis",
       [](Arguments x) {
         return take_along_axis(x[0], {2, 0, 1, 1}, {2, 2}, 0);
       },
       {{{3, 2}}}},
      {"take_along_axis",
       [=](Arguments x) {
         return take_along_axis(x[0], none, {2, 0});
       },
       {{{2, 3}}, {{2, 0}}}},
      {"add_along_axis",
       [](Arguments x) {
         return add_along_axis(x[0], {1, 1, 2, 1, 0, 0, 1, 2}, {2, 3});
       },
       {{{2, 4}}}},
      {"add_along_axis",
       [](Arguments x) {
         return add_along_axis(x[0], {2, 0, 1, 1}, {3, 2}, 0);
       },
       {{{2, 2}}}},
      {"add_along_axis",
       [=](Arguments x) {
         return add_along_axis(x[0], none, {2, 3});
       },
       {{{2, 0}}}},
  };
}

Table probabilities() {
  return {
      {"logsumexp", [](Arguments x) { return logsumexp(x[0]); }, {{scalar}, {{1}}, {{4}}, {{2, 3}}}},
      {"logsumexp", [](Arguments x) { return logsumexp(x[0], {0}); }, {{{4}}, {{2, 3}}, {{1, 3}}, {{2, 0}}}},
      {"logsumexp",
       [](Arguments x) {
         return logsumexp(x[0], {-1, 0}, true);
       },
       {{{2, 3}}, {{2, 1, 2}}}},
      {"softmax", [](Arguments x) { return softmax(x[0]); }, {{{1}}, {{4}}, {{2, 3}}, {{3, 1}}, {{0, 3}}}},
      {"softmax", [](Arguments x) { return softmax(x[0], 0); }, {{{4}}, {{2, 3}}, {{2, 2, 2}}}},
      {"log_softmax", [](Arguments x) { return log_softmax(x[0]); }, {{{1}}, {{4}}, {{2, 3}}, {{3, 1}}, {{0, 3}}}},
      {"log_softmax", [](Arguments x) { return log_softmax(x[0], 0); }, {{{4}}, {{2, 3}}, {{2, 2, 2}}}},
  };
}

namespace {

/// A·Aᵀ + 1: symmetric and positive definite for any A.
Tensor positive_definite(const Tensor& a) {
  const std::size_t n = a.shape()[0];
  Buffer one(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) one[i * n + i] = 1.0;
  return matmul(a, transpose(a)) + Tensor::constant({n, n}, one);
}

/// A with |diagonal| + 1 on the diagonal: well-conditioned for solving.
Tensor with_large_diagonal(const Tensor& a) {
  const std::size_t n = a.shape()[0];
  Buffer one(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) one[i * n + i] = 1.0;
  const Tensor unit = Tensor::constant({n, n}, one);
  return a * (1.0 - unit) + unit * (1.0 + square(a));
}

}  // namespace

Table linear_algebra() {
  const Shapes systems{{{3, 3}, {3}},    {{3, 3}, {3, 2}}, {{1, 1}, {1}},
                       {{2, 2}, {2, 1}}, {{2, 2}, {2, 0}}, {{0, 0}, {0}}};
  const auto solve = [](Arguments x) { return triangular_solve(with_large_diagonal(x[0]), x[1]); };
  const auto solve_transposed = [](Arguments x) { return triangular_solve(with_large_diagonal(x[0]), x[1], true); };
  return {
      {"pairwise_distances",
       [](Arguments x) { return pairwise_distances(x[0], x[1]); },
       {{{2, 3}, {3, 3}}, {{1, 1}, {2, 1}}, {{2, 2}, {1, 2}}, {{0, 3}, {2, 3}}, {{2, 3}, {0, 3}}},
       Domain::separated},
      {"pairwise_distances",
       [](Arguments x) { return pairwise_distances(x[0]); },
       {{{0, 3}}, {{1, 3}}, {{2, 3}}, {{4, 2}}, {{3, 1}}},
       Domain::separated},
      {"cholesky",
       [](Arguments x) { return cholesky(positive_definite(x[0])); },
       {{{0, 0}}, {{1, 1}}, {{2, 2}}, {{4, 4}}}},
      {"triangular_solve", solve, systems},
      {"triangular_solve", solve_transposed, systems},
      {"log_determinant",
       [](Arguments x) { return log_determinant(positive_definite(x[0])); },
       {{{0, 0}}, {{1, 1}}, {{3, 3}}}},
  };
}

}  // namespace adatom::testing
