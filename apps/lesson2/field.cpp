// The electric field of point charges: minus the gradient of the potential, by autodiff, beside Coulomb's formula.
#include <algorithm>
#include <cmath>

#include "apps/lesson2/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "potentials/coulomb.hpp"

namespace adatom::apps::lesson2 {
namespace {

struct Charges {
  std::string name, title;
  std::vector<double> charges;     // elementary charges
  std::vector<Vector3> positions;  // Angstrom, all in the plane z = 0
};

/// Points of a regular grid in the plane z = 0, none closer than 0.35 Å to a charge.
std::vector<Vector3> grid_points(const Charges& c, std::size_t count) {
  std::vector<Vector3> points;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      const double scale = 6.0 / static_cast<double>(count - 1);
      const Vector3 point{-3.0 + scale * static_cast<double>(i), -3.0 + scale * static_cast<double>(j), 0.0};
      const bool free = std::all_of(c.positions.begin(), c.positions.end(),
                                    [&point](const Vector3& r) { return norm(point - r) > 0.35; });
      if (free) points.push_back(point);
    }
  }
  return points;
}

Tensor rows(const std::vector<Vector3>& vectors, bool variable) {
  std::vector<double> numbers;
  for (const Vector3& v : vectors) numbers.insert(numbers.end(), v.begin(), v.end());
  return variable ? Tensor::variable({vectors.size(), 3}, numbers) : Tensor::constant({vectors.size(), 3}, numbers);
}

/// E = −grad V at all points in one backward sweep: V at a point depends on that point alone, so the sum does no harm.
std::vector<Vector3> field_by_autodiff(const Charges& c, const std::vector<Vector3>& points) {
  const Tensor at = rows(points, true);
  const Tensor potential = electric_potential(c.charges, rows(c.positions, false), at);
  const Tensor field = -grad(sum(potential), {at})[0];
  std::vector<Vector3> result(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) result[i][k] = field.values()[3 * i + k];
  }
  return result;
}

/// Arrows of equal length, coloured by the strength of the field, which ranges over decades; equipotential lines
/// behind.
std::string panel(Section& section, const Charges& c) {
  const std::vector<Vector3> points = grid_points(c, 21), field = field_by_autodiff(c, points);
  std::vector<double> x, y, dx, dy, strength;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double length = norm(field[i]);
    if (length < 1e-9) continue;  // no direction there
    dx.push_back(0.24 * field[i][0] / length), dy.push_back(0.24 * field[i][1] / length);
    x.push_back(points[i][0] - 0.5 * dx.back()), y.push_back(points[i][1] - 0.5 * dy.back());
    strength.push_back(std::log10(length));
  }
  section.write_data("field_" + c.name, {"x", "y", "dx", "dy", "log10(field/(V/Å))"}, {x, y, dx, dy, strength});
  std::string script = "set title '" + c.title + "'\n";
  for (std::size_t i = 0; i < c.charges.size(); ++i) {
    const std::string where = fixed(c.positions[i][0], 3) + "," + fixed(c.positions[i][1], 3);
    script += "set object " + std::to_string(i + 1) + " circle at " + where + " size 0.22 front fillcolor rgb '" +
              (c.charges[i] > 0 ? "#d62728" : "#1f77b4") + "' fillstyle solid noborder\nset label " +
              std::to_string(i + 1) + " '" + (c.charges[i] > 0 ? "+" : "−") + "' at " + where +
              " center front textcolor rgb 'white' font 'DejaVu Sans Bold,16'\n";
  }
  script += "plot 'field_" + c.name +
            ".dat' using 1:2:3:4:5 with vectors head filled size 0.11,25 linewidth 1.6 linecolor palette notitle\n";
  for (std::size_t i = 0; i < c.charges.size(); ++i)
    script += "unset object " + std::to_string(i + 1) + "\nunset label " + std::to_string(i + 1) + "\n";
  return script;
}

double largest_difference(const Charges& c, const std::vector<Vector3>& points) {
  const std::vector<Vector3> field = field_by_autodiff(c, points);
  double worst = 0.0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Vector3 exact = electric_field(c.charges, c.positions, points[i]);
    worst = std::max(worst, norm(field[i] - exact) / std::max(norm(exact), 1.0));
  }
  return worst;
}

/// How the field falls off along a line that is no line of symmetry.
Curve decay(const Charges& c) {
  Curve curve{.title = c.title, .x = {}, .y = {}};
  std::vector<Vector3> points;
  for (double r = 3.0; r < 110.0; r *= 1.15)
    points.push_back({r * std::cos(0.4), r * std::sin(0.4), 0.0}), curve.x.push_back(r);
  for (const Vector3& f : field_by_autodiff(c, points)) curve.y.push_back(norm(f));
  return curve;
}

/// The slope of the curve's last points in the doubly logarithmic plot.
double power(const Curve& c) {
  const std::size_t last = c.x.size() - 1;
  return std::log(c.y[last] / c.y[last - 3]) / std::log(c.x[last] / c.x[last - 3]);
}

}  // namespace

void field(Section& section) {
  const std::vector<Charges> systems{
      {"one", "one charge +1 e", {1.0}, {{0.0, 0.0, 0.0}}},
      {"dipole", "+1 e and −1 e", {1.0, -1.0}, {{-1.0, 0.0, 0.0}, {1.0, 0.0, 0.0}}},
      {"alike", "+1 e and +1 e", {1.0, 1.0}, {{-1.0, 0.0, 0.0}, {1.0, 0.0, 0.0}}},
      {"quadrupole", "a quadrupole", {1.0, -1.0, 1.0, -1.0}, {{1, 1, 0}, {-1, 1, 0}, {-1, -1, 0}, {1, -1, 0}}}};
  section.say(
      "The potential of charges q_i (in e) at a point p is V(p) = k Σ q_i / |p − r_i| with k = e/4πε0 = 14.3996 V Å. "
      "The field is E = −grad V, the force on a unit charge. We write V only; autodiff gives E, here at hundreds of "
      "points in one sweep, and Coulomb's formula E = k Σ q_i (p − r_i)/|p − r_i|³ checks it.");
  section.quote(
      "const Tensor potential = electric_potential(charges, positions, points);\n"
      "const Tensor field = -grad(sum(potential), {points})[0];");
  Table table({"charges", "E at (0.5, 2, 0)\nV/Å", "largest relative difference\nfrom Coulomb's formula",
               "far away\nE falls as"},
              {0});
  std::string script = figure_header("field", 1300, 1180) +
                       "set multiplot layout 2,2\n"
                       "set size ratio -1\n"
                       "set xrange [-3.2:3.2]\n"
                       "set yrange [-3.2:3.2]\n"
                       "set xlabel 'x (Å)'\n"
                       "set ylabel 'y (Å)'\n"
                       "set cbrange [-0.5:2]\n"
                       "set cblabel 'log_{10} (|E| / (V/Å))'\n"
                       "set palette defined (0 '#d0e1f2', 1 '#6baed6', 2 '#2171b5', 3 '#7a0177')\n";
  Panel far{.title = "Far from the charges",
            .x_label = "distance (Å)",
            .y_label = "|E| (V/Å)",
            .curves = {},
            .log_x = true,
            .log_y = true,
            .settings = "set xrange [2.5:120]\nset format x '%g'"};
  double worst = 0.0;
  for (const Charges& c : systems) {
    const Vector3 here = field_by_autodiff(c, {{0.5, 2.0, 0.0}})[0];
    far.curves.push_back(decay(c));
    const double difference = largest_difference(c, grid_points(c, 21));
    worst = std::max(worst, difference);
    table.add({c.title, fixed(here[0], 4) + "  " + fixed(here[1], 4) + "  " + fixed(here[2], 4), general(difference, 2),
               "r^" + fixed(power(far.curves.back()), 2)});
    script += panel(section, c);
  }
  section.show(table);
  section.draw("field", script + "unset multiplot\n",
               "Arrows show the direction, colours the strength. They leave + and end at −; in the middle between "
               "equal charges the field vanishes.");
  section.plot(
      "field_decay", {far},
      "Straight lines: powers of the distance. Opposite charges hide each other the better, the farther one is away.");
  section.conclude("Away from + and towards −, and the strength falls with the distance: as r^" +
                   fixed(power(far.curves[0]), 2) + " for a charge, r^" + fixed(power(far.curves[1]), 2) +
                   " for a pair of opposite ones, r^" + fixed(power(far.curves[3]), 2) +
                   " for four. We wrote the potential only; the field is its derivative, right to " +
                   general(worst, 1) + ".");
}

}  // namespace adatom::apps::lesson2
