// The same sum written five ways: Σ x² of the numbers 1/k, which tends to π²/6.
#include <cmath>
#include <numbers>

#include "apps/lesson1/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"

namespace adatom::apps::lesson1 {
namespace {

using Numbers = std::vector<double>;

/// 1, 1/2, 1/3, …
Numbers reciprocals(std::size_t count) {
  Numbers x;
  for (std::size_t k = 1; k <= count; ++k) x.push_back(1.0 / static_cast<double>(k));
  return x;
}

/// Σ 1/k² up to n, by Euler and Maclaurin: π²/6 less the tail 1/n − 1/2n² + 1/6n³ − …
double exact_sum(double n) {
  return std::numbers::pi * std::numbers::pi / 6.0 - 1.0 / n + 0.5 / (n * n) - 1.0 / (6.0 * n * n * n);
}

double by_loop(const Numbers& x) {
  double sum = 0.0;
  for (const double each : x) sum += each * each;
  return sum;
}

/// Eight sums side by side: none waits for the other, and the compiler may put several into one vector register.
double by_eight_sums(const Numbers& x) {
  double sums[8] = {};
  const std::size_t whole = x.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) sums[k] += x[i + k] * x[i + k];
  }
  for (std::size_t i = whole; i < x.size(); ++i) sums[0] += x[i] * x[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// A tensor for every number, a graph node for every operation: right, and hopeless.
double by_scalar_tensors(const Numbers& x) {
  Tensor sum = 0.0;
  for (const double each : x) sum = sum + square(Tensor(each));
  return sum.item();
}

/// One tensor for all numbers, one operation for all squares.
double by_tensor(const Tensor& x) { return sum(square(x)).item(); }

/// As the product of a row and a column: no squares are stored on the way.
double by_product(const Tensor& row, const Tensor& column) { return matmul(row, column).item(); }

struct Way {
  std::string name;
  double sum = 0.0, seconds = 0.0;
};

Way timed(const std::string& name, double duration, const std::function<double()>& way) {
  return {name, way(), best_seconds([&way] { keep(way()); }, duration)};
}

/// Seconds of one call against the length of the sum.
Panel length_panel(bool quick) {
  const std::vector<double> lengths = logspace(1.0, quick ? 1e4 : 1e6, quick ? 5 : 13);
  Panel panel{.title = "Time of one sum",
              .x_label = "numbers in the sum",
              .y_label = "time (s)",
              .curves = {{"loop", lengths, {}, Style::lines_points},
                         {"tensor", lengths, {}, Style::lines_points},
                         {"a tensor for each number", lengths, {}, Style::lines_points}},
              .log_x = true,
              .log_y = true,
              .settings = "set xrange [0.7:*]"};
  for (const double length : lengths) {
    const Numbers x = reciprocals(static_cast<std::size_t>(std::lround(length)));
    const Tensor tensor = Tensor::constant({x.size()}, x);
    panel.curves[0].y.push_back(best_seconds([&] { keep(by_loop(x)); }, 0.02));
    panel.curves[1].y.push_back(best_seconds([&] { keep(by_tensor(tensor)); }, 0.02));
    panel.curves[2].y.push_back(best_seconds([&] { keep(by_scalar_tensors(x)); }, 0.02));
  }
  return panel;
}

/// Where the tensor is faster than the loop: from the first of these lengths to the last before it falls behind again.
std::string say_where_ahead(const Panel& lengths) {
  const Curve &loop = lengths.curves[0], &tensor = lengths.curves[1];
  const std::size_t count = loop.x.size();
  const auto ahead = [&](std::size_t k) { return tensor.y[k] < loop.y[k]; };
  const auto length = [&](std::size_t k) { return count_text(static_cast<std::size_t>(std::lround(loop.x[k]))); };
  std::size_t first = 0;
  while (first < count && !ahead(first)) ++first;
  if (first == count) return "For short sums the loop stays ahead.";
  std::size_t last = first;
  while (last + 1 < count && ahead(last + 1)) ++last;
  return "The tensor is ahead from some " + length(first) + " numbers " +
         (last + 1 == count ? "on." : "to " + length(last) + ".");
}

std::vector<Way> five_ways(const Numbers& x, double duration) {
  const Tensor tensor = Tensor::constant({x.size()}, x), row = reshape(tensor, {1, x.size()}),
               column = reshape(tensor, {x.size(), 1});
  return {timed("a loop", duration, [&] { return by_loop(x); }),
          timed("a loop with eight sums", duration, [&] { return by_eight_sums(x); }),
          timed("a tensor for each number", duration, [&] { return by_scalar_tensors(x); }),
          timed("sum(square(x)) of one tensor", duration, [&] { return by_tensor(tensor); }),
          timed("the product of row and column", duration, [&] { return by_product(row, column); })};
}

Table table_of(const std::vector<Way>& ways, std::size_t count) {
  Table table({"way\n", "sum\n", "error\n", "time per number\nns", "times as fast\nas the loop"}, {0});
  for (const Way& way : ways) {
    table.add({way.name, fixed(way.sum, 12), general(std::abs(way.sum - exact_sum(static_cast<double>(count))), 1),
               fixed(1e9 * way.seconds / static_cast<double>(count), 3), general(ways[0].seconds / way.seconds, 2)});
  }
  return table;
}

void show_gradient(const Section& section, const Numbers& x) {
  const Tensor variable = Tensor::variable({x.size()}, x);
  const Tensor gradient = grad(sum(square(variable)), {variable})[0];
  section.say("And the tensor knows its derivative: d/dx₂ Σ x² = 2 x₂ = " + general(gradient.values()[1], 6) +
              ", for all " + count_text(x.size()) + " numbers at once.");
}

}  // namespace

void sums(Section& section) {
  const std::size_t count = section.quick ? 9'999 : 100'000;
  const Numbers x = reciprocals(count);
  section.say("The sum of 1/k² over k = 1 … " + count_text(count) +
              " tends to π²/6 = 1.644934…, which Euler found in 1734. Five ways to add it up; all are right, their "
              "times are not alike.");
  const std::vector<Way> ways = five_ways(x, section.quick ? 0.01 : 0.2);
  section.show(table_of(ways, count));
  section.say(
      "The plain loop waits: each addition needs the one before, and the compiler must not change the order, since "
      "rounding depends on it. Eight sums side by side remove the wait. A tensor of one number costs far more than its "
      "addition; a tensor of all numbers spreads that cost over them.");
  show_gradient(section, x);
  const Panel lengths = length_panel(section.quick);
  section.plot("sums", {lengths},
               "Where do loop and tensor cross? Below, the tensor's fixed cost (memory, a node of the graph) counts; "
               "above, its speed, as long as the squares fit the cache.");
  section.conclude("How one writes it matters: one operation on all numbers is " +
                   fixed(ways[0].seconds / ways[3].seconds, 1) +
                   " times as fast as the loop, one tensor for each number " +
                   fixed(ways[2].seconds / ways[0].seconds, 0) + " times slower than it. " + say_where_ahead(lengths));
}

}  // namespace adatom::apps::lesson1
