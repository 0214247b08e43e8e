// Interpolation: one polynomial through all points (Lagrange) or cubic pieces joined smoothly (splines).
#include <algorithm>
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

// Density of water at 1 atm, g/cm³, against °C, to five digits: G. S. Kell, J. Chem. Eng. Data 20, 97 (1975), on the
// temperature scale of 1990 (H. Bettin and F. Spieweck, PTB-Mitteilungen 100, 195 (1990)). Every second value is given
// to the methods.
const Points water{{0, 20, 40, 60, 80, 100}, {0.99984, 0.99820, 0.99221, 0.98319, 0.97179, 0.95835}};
const Points held_back{{10, 30, 50, 70, 90}, {0.99970, 0.99565, 0.98803, 0.97776, 0.96530}};

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

/// Errors at the densities held back, g/cm³.
struct WaterErrors {
  std::vector<double> lines, polynomial, spline;
};

WaterErrors water_errors() {
  const CubicSpline spline(water);
  WaterErrors e;
  for (std::size_t i = 0; i < held_back.x.size(); ++i) {
    const double t = held_back.x[i], rho = held_back.y[i];
    e.lines.push_back(straight_line(water, t) - rho);
    e.polynomial.push_back(lagrange(water, t) - rho);
    e.spline.push_back(spline(t) - rho);
  }
  return e;
}

double worst(const std::vector<double>& errors) {
  double largest = 0.0;
  for (const double e : errors) largest = std::max(largest, std::abs(e));
  return largest;
}

Table water_table(const WaterErrors& e) {
  Table table({"temperature\n°C", "measured\ng/cm³", "straight lines\nerror, 10⁻⁵", "polynomial\nerror, 10⁻⁵",
               "spline\nerror, 10⁻⁵"});
  for (std::size_t i = 0; i < held_back.x.size(); ++i) {
    table.add({fixed(held_back.x[i], 0), fixed(held_back.y[i], 5), fixed(1e5 * e.lines[i], 1),
               fixed(1e5 * e.polynomial[i], 1), fixed(1e5 * e.spline[i], 1)});
  }
  return table;
}

/// The largest error for Runge's function against the number of points.
struct RungeStudy {
  std::vector<double> count, equidistant, chebyshev, spline;
};

RungeStudy study_runge() {
  RungeStudy s;
  for (std::size_t n = 5; n <= 41; n += 4) {
    const Points p = equidistant(n), c = chebyshev(n);
    s.count.push_back(static_cast<double>(n));
    s.equidistant.push_back(largest_error([&p](double x) { return lagrange(p, x); }));
    s.chebyshev.push_back(largest_error([&c](double x) { return lagrange(c, x); }));
    s.spline.push_back(largest_error(CubicSpline(p)));
  }
  return s;
}

Table runge_table(const RungeStudy& s) {
  Table table({"points", "polynomial\nequidistant", "polynomial\nChebyshev points", "cubic spline\nequidistant"});
  for (std::size_t i = 0; i < s.count.size(); ++i)
    table.add(
        {fixed(s.count[i], 0), general(s.equidistant[i], 3), general(s.chebyshev[i], 3), general(s.spline[i], 3)});
  return table;
}

Panel curves_panel(std::size_t count) {
  const Points p = equidistant(count);
  const CubicSpline spline(p);
  const std::vector<double> x = linspace(-1.0, 1.0, 401);
  return {
      .title = std::to_string(count) + " equidistant points",
      .x_label = "x",
      .y_label = "f(x)",
      .curves = {{"1/(1 + 25x^2)", x, tabulate(x, runge), Style::lines, {}, "#999999"},
                 {"polynomial", x, tabulate(x, [&p](double v) { return lagrange(p, v); }), Style::lines, {}, "#d55e00"},
                 {"cubic spline", x, tabulate(x, spline), Style::dashes, {}, "#0072b2"},
                 {"given", p.x, p.y, Style::points, {}, "#000000"}},
      .settings = "set yrange [-1.6:1.2]\nset xrange [-1.05:1.05]"};
}

Panel errors_panel(const RungeStudy& s) {
  return {.title = "Largest error",
          .x_label = "number of points",
          .y_label = "largest error",
          .curves = {{"polynomial, equidistant", s.count, s.equidistant, Style::lines_points, {}, "#d55e00"},
                     {"polynomial, Chebyshev points", s.count, s.chebyshev, Style::lines_points, {}, "#009e73"},
                     {"cubic spline, equidistant", s.count, s.spline, Style::lines_points, {}, "#0072b2"}},
          .log_y = true,
          .settings = "set yrange [1e-5:1e6]\nset xrange [3:43]"};
}

}  // namespace

void interpolation(Section& section) {
  section.say(
      "The density of water is tabulated every 20 °C; what is it between? The measured values in between tell which "
      "method to trust.");
  const WaterErrors found = water_errors();
  section.show(water_table(found));
  section.say(
      "Six points, a smooth function: the polynomial of degree 5 through all of them (Lagrange's) comes closest, " +
      fixed(1e5 * worst(found.polynomial), 1) +
      " units of the last digit at worst. A spline is made of cubic pieces that join smoothly; the \"natural\" one "
      "errs most next to the ends, where it takes the curvature to be zero.");
  const RungeStudy study = study_runge();
  section.say("More points do not always help. The largest error for Runge's function 1/(1 + 25 x²) on [−1, 1]:");
  section.show(runge_table(study));
  section.say(
      "Through equidistant points polynomials swing wildly near the ends (Runge 1901). Points that crowd there "
      "(Chebyshev's, the cosines of equal angles) cure it, and splines never had it. Tabulated potentials are splines "
      "for this reason.");
  section.plot("interpolation", {curves_panel(13), errors_panel(study)},
               "Left: the polynomial meets every point and is still useless near the ends. Right: its error grows with "
               "the number of points, while that of the others falls.");
  section.conclude("It depends on what one takes for granted. Six densities of water: straight lines err by up to " +
                   general(worst(found.lines), 1) + " g/cm³, a spline by " + general(worst(found.spline), 1) +
                   ", a polynomial by " + general(worst(found.polynomial), 1) + ". For Runge's function with " +
                   fixed(study.count.back(), 0) + " points the polynomial is off by " +
                   general(study.equidistant.back(), 1) + ", the spline by " + general(study.spline.back(), 1) +
                   ": keep some values back, and look.");
}

}  // namespace adatom::apps::lesson1
