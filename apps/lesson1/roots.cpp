// Root finding: at which temperature do two phases have the same Gibbs energy? Grey tin (diamond structure, a
// semiconductor) turns into white tin (a metal) at 13 °C; organ pipes in cold churches know it as tin pest.
#include <cmath>

#include "apps/lesson1/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "core/error.hpp"

namespace adatom::apps::lesson1 {
namespace {

/// A molar Gibbs energy a + b T + c T log T: what a phase with constant heat capacity −c has. J/mol, K.
struct GibbsEnergy {
  double a = 0.0, b = 0.0, c = 0.0;
  Tensor operator()(const Tensor& t) const { return a + b * t + c * t * log(t); }
};

/// From enthalpy H (J/mol), entropy S and heat capacity C (J/(mol K)) at the temperature t0:
/// G(T) = H + C (T − t0) − T (S + C log(T/t0)).
GibbsEnergy from_measured(double enthalpy, double entropy, double heat_capacity, double t0) {
  return {.a = enthalpy - heat_capacity * t0,
          .b = heat_capacity - entropy + heat_capacity * std::log(t0),
          .c = -heat_capacity};
}

/// What it came from, by differentiating: S = −dG/dT, C = −T d²G/dT².
struct Thermodynamics {
  double entropy = 0.0, heat_capacity = 0.0;
};

Thermodynamics differentiate(const Function& gibbs_energy, double temperature) {
  const Tensor t = Tensor::variable({}, {temperature});
  const Tensor slope = grad(gibbs_energy(t), {t})[0];
  const Tensor curvature = grad(slope, {t})[0];
  return {.entropy = -slope.item(), .heat_capacity = -temperature * curvature.item()};
}

// Fits to all measurements, A. T. Dinsdale, SGTE data for pure elements, Calphad 15, 317 (1991). Tensors give S and C.
Tensor sgte_white(const Tensor& t) {  // BCT_A5, 250 to 505 K
  return -5855.135 + 65.443315 * t - 15.961 * t * log(t) - 18.8702e-3 * square(t) + 3.121167e-6 * pow(t, 3.0) -
         61960.0 / t;
}
Tensor sgte_grey(const Tensor& t) {  // DIAMOND_A4, 100 to 298.15 K
  return -9579.608 + 114.007785 * t - 22.972 * t * log(t) - 8.13975e-3 * square(t) + 2.7288e-6 * pow(t, 3.0) +
         25615.0 / t;
}

/// The form with three constants that has the same G, S and C at 298.15 K.
GibbsEnergy simplified(const Function& gibbs_energy) {
  constexpr double t0 = 298.15;
  const Thermodynamics at = differentiate(gibbs_energy, t0);
  const double energy = gibbs_energy(Tensor(t0)).item();
  return from_measured(energy + t0 * at.entropy, at.entropy, at.heat_capacity, t0);
}

using Iterates = std::vector<double>;
constexpr double tolerance = 1e-13;  // relative: a few units in the last place

/// Halves an interval in which f changes sign. Throws InputError where it does not.
Iterates bisection(const Function& f, double low, double high) {
  const double at_low = f(Tensor(low)).item();
  if (at_low * f(Tensor(high)).item() > 0.0)
    throw InputError("bisection: f has the same sign at both ends, so no root is certain between them");
  Iterates x{0.5 * (low + high)};
  while (high - low > tolerance * std::abs(x.back())) {
    (at_low * f(Tensor(x.back())).item() > 0.0 ? low : high) = x.back();
    x.push_back(0.5 * (low + high));
  }
  return x;
}

/// The root of the straight line through the last two points.
Iterates secant(const Function& f, double x0, double x1) {
  Iterates x{x0, x1};
  double f0 = f(Tensor(x0)).item(), f1 = f(Tensor(x1)).item();
  while (f1 != f0 && std::abs(x[x.size() - 1] - x[x.size() - 2]) > tolerance * std::abs(x.back()) && x.size() < 100) {
    x.push_back(x.back() - f1 * (x[x.size() - 1] - x[x.size() - 2]) / (f1 - f0));
    f0 = f1;
    f1 = f(Tensor(x.back())).item();
  }
  return x;
}

/// The root of the tangent, its slope by automatic differentiation.
Iterates newton(const Function& f, double x0) {
  Iterates x{x0};
  do {
    const Tensor here = Tensor::variable({}, {x.back()});
    const auto [value, slope] = value_and_grad(f, here);
    x.push_back(x.back() - value.item() / slope.item());
    if (!std::isfinite(x.back())) throw NumericalError("Newton's method left the numbers: start closer to the root");
  } while (std::abs(x[x.size() - 1] - x[x.size() - 2]) > tolerance * std::abs(x.back()) && x.size() < 100);
  return x;
}

/// |x − root| of every iterate, down to what rounding leaves.
std::vector<double> errors(const Iterates& x, double root) {
  std::vector<double> e;
  for (const double each : x) {
    if (std::abs(each - root) < 1e-12) break;
    e.push_back(std::abs(each - root));
  }
  return e;
}

Curve convergence_curve(const std::string& title, const std::vector<double>& error) {
  return {title, linspace(0.0, static_cast<double>(error.size()) - 1.0, error.size()), error, Style::lines_points};
}

Table constants_table(const GibbsEnergy& white, const GibbsEnergy& grey) {
  Table table({"phase", "a\nJ/mol", "b\nJ/(mol K)", "c\nJ/(mol K)"}, {0});
  table.add({"white (β)", fixed(white.a, 2), fixed(white.b, 5), fixed(white.c, 5)});
  table.add({"grey (α)", fixed(grey.a, 2), fixed(grey.b, 5), fixed(grey.c, 5)});
  return table;
}

Table errors_table(const std::vector<double>& bisected, const std::vector<double>& by_secant,
                   const std::vector<double>& by_newton) {
  const auto cell = [](const std::vector<double>& e, std::size_t i) {
    return i < e.size() ? e[i] < 0.01 ? general(e[i], 2) : fixed(e[i], 3) : std::string("exact");
  };
  Table table({"iteration", "bisection\nK", "secant\nK", "Newton\nK"});
  for (std::size_t i = 0; i < 8; ++i)
    table.add({std::to_string(i), cell(bisected, i), cell(by_secant, i), cell(by_newton, i)});
  return table;
}

}  // namespace

void roots(Section& section) {
  section.say(
      "Grey tin is stable in the cold, white tin in the warmth: at the transition both have the same Gibbs energy. "
      "With constant heat capacity, G(T) = a + b T + c T log T. We take the constants from the SGTE fits to all "
      "measurements (Dinsdale 1991) by differentiating those twice at 298.15 K with our own tensors, S = −dG/dT and C "
      "= −T d²G/dT²:");
  const GibbsEnergy white = simplified(sgte_white), grey = simplified(sgte_grey);
  section.show(constants_table(white, grey));
  const Function difference = [white, grey](const Tensor& t) { return white(t) - grey(t); };
  const Function full = [](const Tensor& t) { return sgte_white(t) - sgte_grey(t); };

  constexpr double low = 150.0, high = 400.0;
  const Iterates bisected = bisection(difference, low, high), by_secant = secant(difference, high, low),
                 by_newton = newton(difference, high);
  const double root = by_newton.back();
  section.say(
      "The distance to the root of G(white) − G(grey) after each iteration, from 400 K (bisection: the middle of 150 "
      "and 400 K):");
  section.show(errors_table(errors(bisected, root), errors(by_secant, root), errors(by_newton, root)));
  section.say(
      "Bisection gains one binary digit an iteration (order 1) and cannot fail; the secant multiplies the number of "
      "digits by 1.6, Newton doubles it. Newton needs the slope, which automatic differentiation gives to all digits.");

  const GibbsEnergy nbs_white = from_measured(0.0, 51.55, 26.99, 298.15),
                    nbs_grey = from_measured(-2090.0, 44.14, 25.77, 298.15);
  const Iterates nbs = newton([&](const Tensor& t) { return nbs_white(t) - nbs_grey(t); }, high);
  Table table({"constants", "transition\nK", "transition\n°C"}, {0});
  table.add({"three constants from SGTE at 298.15 K", fixed(root, 2), fixed(root - 273.15, 2)});
  table.add({"all terms of SGTE", fixed(newton(full, high).back(), 2), fixed(newton(full, high).back() - 273.15, 2)});
  table.add({"three constants from the NBS tables (1982)", fixed(nbs.back(), 2), fixed(nbs.back() - 273.15, 2)});
  table.add({"measured", "286.35", "13.20"});
  section.show(table);
  const double entropy = differentiate(difference, root).entropy;
  section.say("A root is as uncertain as the function: an enthalpy wrong by 10 J/mol moves the transition by 10/ΔS = " +
              fixed(10.0 / entropy, 1) + " K, since ΔS = " + fixed(entropy, 2) +
              " J/(mol K) only. Iterating to 13 digits does not change that.");

  const std::vector<double> t = linspace(100.0, 500.0, 101);
  const auto curve = [&t](const std::string& title, const Function& f, Style style) {
    return Curve{title, t, tabulate(t, [&f](double x) { return f(Tensor(x)).item(); }), style};
  };
  const Panel energies{.title = "White minus grey tin",
                       .x_label = "temperature (K)",
                       .y_label = "difference of Gibbs energies (J/mol)",
                       .curves = {curve("a + bT + cT log T", difference, Style::lines),
                                  curve("all terms of SGTE", full, Style::dashes),
                                  {"transition", {root}, {0.0}, Style::points}},
                       .settings = "set xzeroaxis linewidth 1.2"};
  const Panel convergence{.title = "Convergence to the transition temperature",
                          .x_label = "iteration",
                          .y_label = "error (K)",
                          .curves = {convergence_curve("bisection", errors(bisected, root)),
                                     convergence_curve("secant", errors(by_secant, root)),
                                     convergence_curve("Newton", errors(by_newton, root))},
                          .log_y = true,
                          .settings = "set xrange [-0.5:30]\nset yrange [1e-10:1e3]"};
  section.plot(
      "roots", {energies, convergence},
      "Left: the root is where the curve crosses zero; it is nearly straight there, which Newton and the secant like. "
      "Right: on a logarithmic scale bisection is a straight line; the others bend down, faster with every step.");
}

}  // namespace adatom::apps::lesson1
