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

/// By the difference quotient, for comparison.
double central_difference(const Polynomial& p, double x, double h) {
  return (value(p, x + h) - value(p, x - h)) / (2.0 * h);
}

/// One order of derivative: found by autodiff and exact, at all points.
struct Order {
  std::vector<double> found, exact;
  double largest_error() const {
    double worst = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) worst = std::max(worst, std::abs(found[i] - exact[i]));
    return worst;
  }
};

std::vector<Order> orders_of(const Polynomial& p, const std::vector<double>& x, int highest) {
  std::vector<Order> orders;
  Polynomial exact = p;
  for (const std::vector<double>& found : by_autodiff(p, x, highest)) {
    orders.push_back({found, tabulate(x, [&exact](double at) { return value(exact, at); })});
    exact = derivative(exact);
  }
  return orders;
}

/// Lines by autodiff, every fifth point by hand, up to the third derivative.
Panel curves_panel(const std::vector<double>& x, const std::vector<Order>& orders) {
  Panel panel{.title = "A polynomial and its derivatives",
              .x_label = "x",
              .y_label = "value",
              .curves = {},
              .settings = "set xzeroaxis\nset yrange [-25:25]"};
  for (std::size_t n = 0; n <= 3; ++n) {
    Curve dots{.title = "", .x = {}, .y = {}, .style = Style::points, .colour = colour(n)};
    for (std::size_t i = 0; i < x.size(); i += 5) dots.x.push_back(x[i]), dots.y.push_back(orders[n].exact[i]);
    panel.curves.push_back(
        {.title = n == 0 ? "p" : "derivative " + std::to_string(n), .x = x, .y = orders[n].found, .colour = colour(n)});
    panel.curves.push_back(dots);
  }
  return panel;
}

/// Returns the error of the best difference.
double show_differences(const Section& section, const Polynomial& p) {
  section.say(
      "Differences (p(x+h) − p(x−h)) / 2h are never exact: too large an h misses the curvature, too small an h drowns "
      "in rounding.");
  Table table({"h", "error of the difference\nat x = 1.5"});
  double best = 1.0;
  for (const double h : {1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11}) {
    const double error = std::abs(central_difference(p, 1.5, h) - value(derivative(p), 1.5));
    table.add({general(h), general(error, 2)});
    best = std::min(best, error);
  }
  section.show(table);
  return best;
}

}  // namespace

void polynomials(Section& section) {
  const Polynomial p{1.0, -2.0, -1.5, 1.0, 0.5, -0.2};
  section.say(
      "Every operation on a Tensor is remembered. grad(y, {x}) walks back through what was remembered, applies the "
      "chain rule at each step, and returns dy/dx: again a Tensor, so that it can be differentiated once more. No "
      "limit is taken: the result is exact up to rounding.");
  section.quote(
      "p(x) = 1 − 2x − 1.5x² + x³ + 0.5x⁴ − 0.2x⁵\n"
      "const Tensor y = value(p, x);                 // Horner's rule, in tensors\n"
      "const Tensor dy = grad(sum(y), {x})[0];       // p'(x) at all x at once\n"
      "const Tensor ddy = grad(sum(dy), {x})[0];     // p''(x)");
  const std::vector<double> x = linspace(-2.0, 3.0, 101);
  constexpr std::size_t place = 70;  // x = 1.5
  const std::vector<Order> orders = orders_of(p, x, 5);
  double worst = 0.0;
  Table table({"order", "at x = 1.5\nautodiff", "\nby hand", "largest error\nof 101 points"});
  for (std::size_t n = 0; n < orders.size(); ++n) {
    worst = std::max(worst, orders[n].largest_error());
    table.add({std::to_string(n), general(orders[n].found[place], 12), general(orders[n].exact[place], 12),
               general(orders[n].largest_error(), 2)});
  }
  section.show(table);
  section.plot("polynomials", {curves_panel(x, orders)},
               "Lines: autodiff. Points: by hand. Where p has a maximum or minimum, derivative 1 crosses zero.");
  const double best = show_differences(section, p);
  section.conclude("Yes: " + std::to_string(orders.size() - 1) + " orders at " + std::to_string(x.size()) +
                   " points agree with pencil and paper to " + general(worst, 1) +
                   ", which is rounding. The best of the differences is wrong by " + general(best, 1) + ".");
}

}  // namespace adatom::apps::lesson2
