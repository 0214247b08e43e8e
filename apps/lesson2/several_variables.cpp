// Gradient, Jacobian and Hessian, each beside what one finds by hand.
#include <algorithm>
#include <cmath>

#include "apps/lesson2/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"

namespace adatom::apps::lesson2 {
namespace {

/// Element k of a vector, as a number.
Tensor element_of(const Tensor& v, std::uint32_t k) { return sum(gather(v, {k})); }

/// Himmelblau's function, (x² + y − 11)² + (x + y² − 7)²: four minima, all zero. D. M. Himmelblau, Applied Nonlinear
/// Programming (1972).
Tensor himmelblau(const Tensor& v) {
  const Tensor x = element_of(v, 0), y = element_of(v, 1);
  return square(square(x) + y - 11.0) + square(x + square(y) - 7.0);
}

double himmelblau(double x, double y) { return std::pow(x * x + y - 11.0, 2) + std::pow(x + y * y - 7.0, 2); }

/// Polar to Cartesian coordinates: (r, φ) → (r cos φ, r sin φ).
Tensor cartesian(const Tensor& polar) {
  const Tensor r = element_of(polar, 0), phi = element_of(polar, 1);
  return stack({r * cos(phi), r * sin(phi)}, 0);
}

std::string matrix_text(const Tensor& m) {
  std::string text;
  const std::size_t columns = m.shape()[1];
  for (std::size_t i = 0; i < m.size(); ++i) {
    const std::string number = fixed(m.values()[i], 6);
    text +=
        std::string(14 - std::min<std::size_t>(14, number.size()), ' ') + number + ((i + 1) % columns == 0 ? "\n" : "");
  }
  return text;
}

double largest_difference(const Tensor& a, const Tensor& b) { return max(abs(a - b)).item(); }

struct NewtonStep {
  double x = 0.0, y = 0.0, slope = 0.0;
};

/// Newton's way to where the gradient vanishes: x ← x − H⁻¹ g, for two variables.
std::vector<NewtonStep> newton(double x, double y) {
  std::vector<NewtonStep> way;
  for (int step = 0; step < 12; ++step) {
    const Tensor at = Tensor::variable({2}, {x, y});
    const ValueAndGrad f = value_and_grad([](const Tensor& v) { return himmelblau(v); }, at);
    const auto g = f.gradient.values();
    way.push_back({x, y, std::hypot(g[0], g[1])});
    if (way.back().slope < 1e-10) break;
    const Tensor h = hessian([](const Tensor& v) { return himmelblau(v); }, at);
    const auto m = h.values();
    const double determinant = m[0] * m[3] - m[1] * m[2];
    x -= (m[3] * g[0] - m[1] * g[1]) / determinant;
    y -= (m[0] * g[1] - m[2] * g[0]) / determinant;
  }
  return way;
}

void draw_map(Section& section, const std::vector<NewtonStep>& way) {
  const std::size_t points = section.quick ? 41 : 161;
  std::vector<double> xs, ys, values, gx, gy;
  for (std::size_t j = 0; j < points; ++j) {
    for (std::size_t i = 0; i < points; ++i) {
      const double scale = 10.0 / static_cast<double>(points - 1), x = -5.0 + scale * static_cast<double>(i),
                   y = -5.0 + scale * static_cast<double>(j);
      xs.push_back(x), ys.push_back(y), values.push_back(std::log10(himmelblau(x, y) + 1.0));
    }
  }
  section.write_data("himmelblau", {"x", "y", "log10(f+1)"}, {xs, ys, values});
  std::vector<double> ax, ay, dx, dy;
  for (double x = -4.5; x < 5.0; x += 1.0) {
    for (double y = -4.5; y < 5.0; y += 1.0) {
      const Tensor g =
          value_and_grad([](const Tensor& v) { return himmelblau(v); }, Tensor::variable({2}, {x, y})).gradient;
      const double length = std::hypot(g.values()[0], g.values()[1]);
      ax.push_back(x), ay.push_back(y), dx.push_back(-0.55 * g.values()[0] / length),
          dy.push_back(-0.55 * g.values()[1] / length);
    }
  }
  section.write_data("himmelblau_downhill", {"x", "y", "dx", "dy"}, {ax, ay, dx, dy});
  std::vector<double> wx, wy;
  for (const NewtonStep& w : way) wx.push_back(w.x), wy.push_back(w.y);
  section.write_data("himmelblau_newton", {"x", "y"}, {wx, wy});
  section.draw("himmelblau",
               figure_header("himmelblau", 900, 840) +
                   "set size square\n"
                   "set xrange [-5:5]\n"
                   "set yrange [-5:5]\n"
                   "set xlabel 'x'\n"
                   "set ylabel 'y'\n"
                   "set cblabel 'log_{10}(f + 1)'\n"
                   "set title 'Himmelblau''s function: downhill directions, and Newton''s way to a minimum'\n"
                   "set palette defined (0 '#08306b', 1 '#4292c6', 2 '#c6dbef', 3 '#ffffff')\n"
                   "set key outside bottom center horizontal Left reverse\n"
                   "plot 'himmelblau.dat' using 1:2:3 with image notitle, \\\n"
                   "  'himmelblau_downhill.dat' using 1:2:3:4 with vectors head filled size 0.15,25 linecolor rgb "
                   "'#555555' title 'minus the gradient', \\\n"
                   "  'himmelblau_newton.dat' using 1:2 with linespoints linewidth 2.5 pointtype 7 pointsize 1 "
                   "linecolor rgb '#d55e00' title 'Newton'\n",
               "Dark: low. All arrows (equal lengths, direction only) point to one of the four minima, and Newton's "
               "steps end in one.");
}

}  // namespace

void several_variables(Section& section) {
  section.say(
      "A function of many variables takes a vector. One backward sweep gives all components of the gradient of one "
      "result; a function with several results has a Jacobian, one sweep a row; the Hessian is the Jacobian of the "
      "gradient.");
  const double x = 1.0, y = 2.0;
  const Tensor at = Tensor::variable({2}, {x, y});
  const auto f = [](const Tensor& v) { return himmelblau(v); };
  const double u = x * x + y - 11.0, w = x + y * y - 7.0;
  const Tensor gradient = value_and_grad(f, at).gradient,
               by_hand = Tensor::constant({2}, {4.0 * x * u + 2.0 * w, 2.0 * u + 4.0 * y * w});
  const Tensor h = hessian(f, at),
               h_by_hand = Tensor::constant({2, 2}, {4.0 * u + 8.0 * x * x + 2.0, 4.0 * x + 4.0 * y, 4.0 * x + 4.0 * y,
                                                     4.0 * w + 8.0 * y * y + 2.0});
  section.say("f(x, y) = (x² + y − 11)² + (x + y² − 7)² at (1, 2): gradient and Hessian.");
  section.quote(matrix_text(reshape(gradient, {1, 2})) + "\n" + matrix_text(h));
  section.say("Largest difference from the derivatives by hand: gradient " +
              general(largest_difference(gradient, by_hand), 2) + ", Hessian " +
              general(largest_difference(h, h_by_hand), 2) +
              ". The Hessian is symmetric, as Schwarz's theorem demands.");

  const double r = 2.0, phi = 0.5;
  const Tensor j = jacobian(cartesian, Tensor::variable({2}, {r, phi}));
  const Tensor j_by_hand =
      Tensor::constant({2, 2}, {std::cos(phi), -r * std::sin(phi), std::sin(phi), r * std::cos(phi)});
  section.say("(r, φ) → (r cos φ, r sin φ) at r = 2, φ = 0.5: the Jacobian.");
  section.quote(matrix_text(j));
  const auto m = j.values();
  section.say("Largest difference from the one by hand: " + general(largest_difference(j, j_by_hand), 2) +
              ". Its determinant is r = " + general(m[0] * m[3] - m[1] * m[2], 12) + ": the r of ∫ … r dr dφ.");

  const std::vector<NewtonStep> way = newton(4.5, 4.0);
  Table table({"step", "x", "y", "length of\nthe gradient"});
  for (std::size_t k = 0; k < way.size(); ++k)
    table.add({std::to_string(k), fixed(way[k].x, 10), fixed(way[k].y, 10), general(way[k].slope, 2)});
  section.say(
      "With gradient and Hessian Newton's method finds where the gradient vanishes, x ← x − H⁻¹ grad f; near it the "
      "number of right digits doubles at each step.");
  section.show(table);
  draw_map(section, way);
  section.conclude(
      "The gradient points uphill, the Hessian tells how the slope changes, and the Jacobian holds the derivatives of "
      "several results. With gradient and Hessian Newton's method came from (4.5, 4) to the minimum (" +
      fixed(way.back().x, 4) + ", " + fixed(way.back().y, 4) + ") in " + std::to_string(way.size() - 1) + " steps.");
}

}  // namespace adatom::apps::lesson2
