// Derivatives of polynomials: each order by differentiating the gradient of the order before, compared with the exact
// one.
#include <algorithm>
#include <cmath>

#include "apps/lesson2/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"

namespace adatom::apps::lesson2 {
namespace {

/// Coefficients of 1, x, x², …
using Polynomial = std::vector<double>;

/// Horner's rule, the same for numbers and tensors: c0 + x (c1 + x (c2 + …)).
template <class Number>
Number value(const Polynomial& p, const Number& x) {
  Number sum = p.back();
  for (std::size_t k = p.size() - 1; k-- > 0;) sum = sum * x + p[k];
  return sum;
}

/// What pencil and paper give: x^k becomes k x^(k−1).
Polynomial derivative(const Polynomial& p) {
  Polynomial d;
  for (std::size_t k = 1; k < p.size(); ++k) d.push_back(static_cast<double>(k) * p[k]);
  if (d.empty()) d.push_back(0.0);
  return d;
}

/// The polynomial and its derivatives up to `order` at all points x, each by differentiating the one before.
std::vector<std::vector<double>> by_autodiff(const Polynomial& p, const std::vector<double>& points, int order) {
  const Tensor x = Tensor::variable({points.size()}, points);
  Tensor y = value(p, x);
  std::vector<std::vector<double>> results;
  for (int n = 0; n <= order; ++n) {
    results.emplace_back(y.values().begin(), y.values().end());
    // Point i of y depends on point i of x alone, so the gradient of the sum holds the derivative at every point.
    y = grad(sum(y), {x})[0];
  }
  return results;
}

std::vector<double> evenly(double low, double high, std::size_t count) {
  std::vector<double> x(count);
  for (std::size_t i = 0; i < count; ++i)
    x[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1);
  return x;
}

/// By the difference quotient, for comparison.
double central_difference(const Polynomial& p, double x, double h) {
  return (value(p, x + h) - value(p, x - h)) / (2.0 * h);
}

}  // namespace

void polynomials(Section& section) {
  const Polynomial p{1.0, -2.0, -1.5, 1.0, 0.5, -0.2};
  constexpr int orders = 5;
  section.say(
      "Every operation on a Tensor is remembered. grad(y, {x}) walks back through what was remembered, applies the "
      "chain rule at each step, and returns dy/dx: again a Tensor, so that it can be differentiated once more. No "
      "limit is taken: the result is exact up to rounding.");
  section.quote(
      "p(x) = 1 − 2x − 1.5x² + x³ + 0.5x⁴ − 0.2x⁵\n"
      "const Tensor y = value(p, x);                 // Horner's rule, in tensors\n"
      "const Tensor dy = grad(sum(y), {x})[0];       // p'(x) at all x at once\n"
      "const Tensor ddy = grad(sum(dy), {x})[0];     // p''(x)");

  const std::vector<double> x = evenly(-2.0, 3.0, 101);
  const auto results = by_autodiff(p, x, orders);
  double worst = 0.0;
  Table table({"order", "at x = 1.5\nautodiff", "\nby hand", "largest error\nof 101 points"});
  Panel panel{.title = "A polynomial and its derivatives",
              .x_label = "x",
              .y_label = "value",
              .curves = {},
              .settings = "set xzeroaxis\nset yrange [-25:25]\nset key top right"};
  Polynomial exact = p;
  for (int n = 0; n <= orders; ++n, exact = derivative(exact)) {
    const std::vector<double>& found = results[static_cast<std::size_t>(n)];
    double error = 0.0;
    std::vector<double> dots_x, dots_y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      error = std::max(error, std::abs(found[i] - value(exact, x[i])));
      if (i % 5 == 0) dots_x.push_back(x[i]), dots_y.push_back(value(exact, x[i]));
    }
    worst = std::max(worst, error);
    table.add({std::to_string(n), general(found[70], 12), general(value(exact, x[70]), 12), general(error, 2)});
    if (n > 3) continue;
    const std::string which = n == 0 ? "p" : "derivative " + std::to_string(n),
                      hue = colour(static_cast<std::size_t>(n));
    panel.curves.push_back({.title = which, .x = x, .y = found, .colour = hue});
    panel.curves.push_back({.title = "", .x = dots_x, .y = dots_y, .style = Style::points, .colour = hue});
  }
  section.show(table);
  section.plot("polynomials", {panel},
               "Lines: autodiff. Dots: by hand. Where p has a maximum or minimum, derivative 1 crosses zero.");

  section.say(
      "Differences (p(x+h) − p(x−h)) / 2h are never exact: too large an h misses the curvature, too small an h drowns "
      "in rounding.");
  Table differences({"h", "error of the difference\nat x = 1.5"});
  double best = 1.0;
  for (const double h : {1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11}) {
    const double error = std::abs(central_difference(p, 1.5, h) - value(derivative(p), 1.5));
    differences.add({general(h), general(error, 2)});
    best = std::min(best, error);
  }
  section.show(differences);
  section.conclude("Yes: " + std::to_string(orders) + " orders at 101 points agree with pencil and paper to " +
                   general(worst, 1) + ", which is rounding. The best of the differences is wrong by " +
                   general(best, 1) + ".");
}

}  // namespace adatom::apps::lesson2
