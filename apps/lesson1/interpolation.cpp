// Interpolation: one polynomial through all points (Lagrange) or cubic pieces joined smoothly (splines).
#include <cmath>
#include <numbers>

#include "apps/lesson1/sections.hpp"

namespace adatom::apps::lesson1 {
namespace {

struct Points {
  std::vector<double> x, y;
};

/// The one polynomial of degree n − 1 through all n points: Σ_k y_k Π_{j≠k} (x − x_j)/(x_k − x_j). O(n²) a value.
double lagrange(const Points& p, double x) {
  double value = 0.0;
  for (std::size_t k = 0; k < p.x.size(); ++k) {
    double term = p.y[k];
    for (std::size_t j = 0; j < p.x.size(); ++j) {
      if (j != k) term *= (x - p.x[j]) / (p.x[k] - p.x[j]);
    }
    value += term;
  }
  return value;
}

/// Cubic pieces with continuous value, slope and curvature; curvature zero at both ends ("natural").
class CubicSpline {
 public:
  explicit CubicSpline(Points points) : p_(std::move(points)), curvature_(p_.x.size(), 0.0) {
    // Continuity of the slope at each inner point is one equation of a tridiagonal system: eliminate, then go back.
    const std::size_t n = p_.x.size();
    std::vector<double> diagonal(n, 1.0), right(n, 0.0);
    for (std::size_t i = 1; i + 1 < n; ++i) {
      const double before = p_.x[i] - p_.x[i - 1], after = p_.x[i + 1] - p_.x[i];
      const double factor = i == 1 ? 0.0 : before / diagonal[i - 1];
      diagonal[i] = 2.0 * (before + after) - factor * before;
      right[i] = 6.0 * ((p_.y[i + 1] - p_.y[i]) / after - (p_.y[i] - p_.y[i - 1]) / before) - factor * right[i - 1];
    }
    for (std::size_t i = n - 2; i >= 1; --i)
      curvature_[i] = (right[i] - (p_.x[i + 1] - p_.x[i]) * curvature_[i + 1]) / diagonal[i];
  }

  double operator()(double x) const {
    std::size_t i = 0;
    while (i + 2 < p_.x.size() && x > p_.x[i + 1]) ++i;
    const double h = p_.x[i + 1] - p_.x[i], a = (p_.x[i + 1] - x) / h, b = (x - p_.x[i]) / h;
    return a * p_.y[i] + b * p_.y[i + 1] +
           ((a * a * a - a) * curvature_[i] + (b * b * b - b) * curvature_[i + 1]) * h * h / 6.0;
  }

 private:
  Points p_;
  std::vector<double> curvature_;
};

// Density of water at 1 atm, g/cm³, against °C: CRC Handbook of Chemistry and Physics. Every second value is given to
// the methods.
const Points water{{0, 20, 40, 60, 80, 100}, {0.99984, 0.99821, 0.99222, 0.98320, 0.97180, 0.95835}};
const Points held_back{{10, 30, 50, 70, 90}, {0.99970, 0.99565, 0.98804, 0.97777, 0.96531}};

double straight_line(const Points& p, double x) {
  std::size_t i = 0;
  while (i + 2 < p.x.size() && x > p.x[i + 1]) ++i;
  return p.y[i] + (p.y[i + 1] - p.y[i]) * (x - p.x[i]) / (p.x[i + 1] - p.x[i]);
}

/// Runge's function: harmless to look at, but not for equidistant points.
double runge(double x) { return 1.0 / (1.0 + 25.0 * x * x); }

Points equidistant(std::size_t n) { return {linspace(-1.0, 1.0, n), tabulate(linspace(-1.0, 1.0, n), runge)}; }

/// Denser towards the ends: cos((2k + 1) π / 2n).
Points chebyshev(std::size_t n) {
  std::vector<double> x;
  for (std::size_t k = 0; k < n; ++k)
    x.push_back(-std::cos((2.0 * static_cast<double>(k) + 1.0) * std::numbers::pi / (2.0 * static_cast<double>(n))));
  return {x, tabulate(x, runge)};
}

template <class F>
double largest_error(F&& f) {
  double worst = 0.0;
  for (const double x : linspace(-1.0, 1.0, 2001)) worst = std::max(worst, std::abs(f(x) - runge(x)));
  return worst;
}

Table water_table() {
  const CubicSpline spline(water);
  Table table({"temperature\n°C", "measured\ng/cm³", "straight lines\nerror, 10⁻⁵", "polynomial\nerror, 10⁻⁵",
               "spline\nerror, 10⁻⁵"});
  for (std::size_t i = 0; i < held_back.x.size(); ++i) {
    const double t = held_back.x[i], rho = held_back.y[i];
    table.add({fixed(t, 0), fixed(rho, 5), fixed(1e5 * (straight_line(water, t) - rho), 1),
               fixed(1e5 * (lagrange(water, t) - rho), 1), fixed(1e5 * (spline(t) - rho), 1)});
  }
  return table;
}

}  // namespace

void interpolation(Section& section) {
  section.say(
      "The density of water is tabulated every 20 °C; what is it between? The measured values in between tell which "
      "method to trust.");
  section.show(water_table());
  section.say(
      "Six points, a smooth function: the polynomial of degree 5 (Lagrange) is right to one unit of the last digit "
      "tabulated. The natural spline errs most next to the ends, where it wrongly assumes zero curvature.");

  Table table({"points", "polynomial\nequidistant", "polynomial\nChebyshev points", "cubic spline\nequidistant"});
  std::vector<double> count, equal_error, chebyshev_error, spline_error;
  for (std::size_t n = 5; n <= 41; n += 4) {
    const Points p = equidistant(n), c = chebyshev(n);
    count.push_back(static_cast<double>(n));
    equal_error.push_back(largest_error([&p](double x) { return lagrange(p, x); }));
    chebyshev_error.push_back(largest_error([&c](double x) { return lagrange(c, x); }));
    spline_error.push_back(largest_error(CubicSpline(p)));
    table.add({std::to_string(n), general(equal_error.back(), 3), general(chebyshev_error.back(), 3),
               general(spline_error.back(), 3)});
  }
  section.say("More points do not always help. The largest error for Runge's function 1/(1 + 25 x²) on [−1, 1]:");
  section.show(table);
  section.say(
      "Through equidistant points polynomials swing wildly near the ends (Runge 1901); points that crowd there cure "
      "it, and splines never had it. Tabulated potentials are splines for this reason.");

  const Points p = equidistant(13);
  const CubicSpline spline(p);
  const std::vector<double> x = linspace(-1.0, 1.0, 401);
  const Panel curves{
      .title = "13 equidistant points",
      .x_label = "x",
      .y_label = "f(x)",
      .curves = {{"1/(1 + 25x^2)", x, tabulate(x, runge), Style::lines, {}, "#999999"},
                 {"polynomial", x, tabulate(x, [&p](double v) { return lagrange(p, v); }), Style::lines, {}, "#d55e00"},
                 {"cubic spline", x, tabulate(x, spline), Style::dashes, {}, "#0072b2"},
                 {"given", p.x, p.y, Style::points, {}, "#000000"}},
      .settings = "set yrange [-1.6:1.2]\nset xrange [-1.05:1.05]\nset key bottom center"};
  const Panel errors{
      .title = "Largest error",
      .x_label = "number of points",
      .y_label = "largest error",
      .curves = {{"polynomial, equidistant", count, equal_error, Style::lines_points, {}, "#d55e00"},
                 {"polynomial, Chebyshev points", count, chebyshev_error, Style::lines_points, {}, "#009e73"},
                 {"cubic spline, equidistant", count, spline_error, Style::lines_points, {}, "#0072b2"}},
      .log_y = true,
      .settings = "set key top left\nset yrange [1e-5:1e7]\nset xrange [3:43]"};
  section.plot("interpolation", {curves, errors},
               "Left: the polynomial meets every point and is still useless near the ends. Right: its error grows with "
               "the number of points, while that of the others falls.");
}

}  // namespace adatom::apps::lesson1
