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

/// A transition from tabulated values alone, heat capacities taken to be equal: ΔG = ΔH − T ΔS.
struct Transition {
  double enthalpy = 0.0;       // J/mol
  double entropy = 0.0;        // J/(mol K)
  double entropy_error = 0.0;  // standard error, the same unit
  double temperature() const { return enthalpy / entropy; }
  double error() const { return temperature() * entropy_error / entropy; }
};

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

/// The power p of e_{n+1} ~ e_nᵖ, from the last three errors that rounding has not touched.
double order_of_convergence(std::vector<double> e) {
  while (e.size() > 3 && e.back() < 1e-9) e.pop_back();
  const std::size_t n = e.size();
  return std::log(e[n - 1] / e[n - 2]) / std::log(e[n - 2] / e[n - 3]);
}

/// The mean factor between one error and the next.
double mean_factor(const std::vector<double>& e) {
  return std::pow(e.back() / e.front(), 1.0 / static_cast<double>(e.size() - 1));
}

/// Errors of each method's iterates, K.
struct Convergence {
  double root = 0.0;  // K
  std::vector<double> bisection{}, secant{}, newton{};
};

Convergence converge(const Function& difference) {
  constexpr double low = 150.0, high = 400.0;  // K
  Convergence c{.root = newton(difference, high).back()};
  c.bisection = errors(bisection(difference, low, high), c.root);
  c.secant = errors(secant(difference, high, low), c.root);
  c.newton = errors(newton(difference, high), c.root);
  return c;
}

// ── What the section prints and draws ──

void show_constants(const Section& section, const GibbsEnergy& white, const GibbsEnergy& grey) {
  section.say(
      "Grey tin is stable in the cold, white tin in the warmth: at the transition both have the same Gibbs energy. "
      "With constant heat capacity, G(T) = a + b T + c T log T. We take the constants from the SGTE fits to all "
      "measurements (Dinsdale 1991) by differentiating those twice at 298.15 K with our own tensors, S = −dG/dT and C "
      "= −T d²G/dT²:");
  Table table({"phase", "a\nJ/mol", "b\nJ/(mol K)", "c\nJ/(mol K)"}, {0});
  table.add({"white (β)", fixed(white.a, 2), fixed(white.b, 5), fixed(white.c, 5)});
  table.add({"grey (α)", fixed(grey.a, 2), fixed(grey.b, 5), fixed(grey.c, 5)});
  section.show(table);
}

void show_convergence(const Section& section, const Convergence& c) {
  section.say(
      "The distance to the root of G(white) − G(grey) after each iteration. Bisection halves the interval from 150 to "
      "400 K, the secant starts from its two ends, Newton from 400 K.");
  const auto cell = [](const std::vector<double>& e, std::size_t i) {
    return i < e.size() ? e[i] < 0.01 ? general(e[i], 2) : fixed(e[i], 3) : std::string("exact");
  };
  Table table({"iteration", "bisection\nK", "secant\nK", "Newton\nK"});
  for (std::size_t i = 0; i < 8; ++i)
    table.add({std::to_string(i), cell(c.bisection, i), cell(c.secant, i), cell(c.newton, i)});
  section.show(table);
  section.say(
      "Bisection multiplies its error by " + fixed(mean_factor(c.bisection), 2) +
      " at each iteration, on average, and cannot fail. The others raise theirs to a power: the secant to the power " +
      fixed(order_of_convergence(c.secant), 1) + " (1.6 in theory), Newton " +
      fixed(order_of_convergence(c.newton), 1) +
      " (2 in theory, twice as many digits each time). Newton needs the slope, which automatic differentiation gives "
      "to all digits.");
}

void compare_sources(const Section& section, double root, double with_all_terms) {
  // ΔH and S of grey tin: D. D. Wagman et al., The NBS Tables, J. Phys. Chem. Ref. Data 11, suppl. 2 (1982). S of white
  // tin with its error: CODATA (J. D. Cox, D. D. Wagman and V. A. Medvedev, 1989).
  constexpr Transition tables{.enthalpy = 2090.0, .entropy = 51.18 - 44.14, .entropy_error = 0.08};
  constexpr double measured = 286.35;  // K
  Table table({"what is known of both phases", "transition\nK", "\n°C"}, {0});
  const auto add = [&table](const std::string& name, double kelvin, const std::string& error) {
    table.add({name, fixed(kelvin, 1) + error, fixed(kelvin - 273.15, 1) + error});
  };
  add("a + b T + c T log T, from SGTE at 298.15 K", root, "");
  add("all terms of SGTE", with_all_terms, "");
  add("only ΔH and ΔS, from tables: T = ΔH/ΔS", tables.temperature(), " ± " + fixed(tables.error(), 1));
  add("measured", measured, "");
  section.show(table);
  section.say("The third row has ΔH = 2090 J/mol, S = 51.18 ± 0.08 J/(mol K) of white and 44.14 of grey tin. It is " +
              fixed(tables.temperature() - measured, 1) + " K off, since the entropies differ by " +
              fixed(tables.entropy, 2) + " J/(mol K) only: 0.08 of these are " + fixed(tables.error(), 1) +
              " K, and 10 J/mol of the enthalpy " + fixed(10.0 / tables.entropy, 1) + " K.");
}

Panel energies_panel(const Function& difference, const Function& full, double root) {
  const std::vector<double> t = linspace(100.0, 500.0, 101);
  const auto curve = [&t](const std::string& title, const Function& f, Style style) {
    return Curve{title, t, tabulate(t, [&f](double x) { return f(Tensor(x)).item(); }), style};
  };
  return {.title = "White minus grey tin",
          .x_label = "temperature (K)",
          .y_label = "difference of Gibbs energies (J/mol)",
          .curves = {curve("a + bT + cT log T", difference, Style::lines),
                     curve("all terms of SGTE", full, Style::dashes),
                     {"transition", {root}, {0.0}, Style::points}},
          .settings = "set xzeroaxis linewidth 1.2"};
}

Panel convergence_panel(const Convergence& c) {
  const auto curve = [](const std::string& title, const std::vector<double>& e) {
    return Curve{title, linspace(0.0, static_cast<double>(e.size()) - 1.0, e.size()), e, Style::lines_points};
  };
  return {.title = "Convergence to the transition temperature",
          .x_label = "iteration",
          .y_label = "error (K)",
          .curves = {curve("bisection", c.bisection), curve("secant", c.secant), curve("Newton", c.newton)},
          .log_y = true,
          .settings = "set xrange [-0.5:30]\nset yrange [1e-10:1e3]"};
}

}  // namespace

void roots(Section& section) {
  const GibbsEnergy white = simplified(sgte_white), grey = simplified(sgte_grey);
  const Function difference = [white, grey](const Tensor& t) { return white(t) - grey(t); };
  const Function full = [](const Tensor& t) { return sgte_white(t) - sgte_grey(t); };
  show_constants(section, white, grey);
  const Convergence found = converge(difference);
  show_convergence(section, found);
  compare_sources(section, found.root, newton(full, found.root).back());
  section.plot(
      "roots", {energies_panel(difference, full, found.root), convergence_panel(found)},
      "Left: the root is where the curve crosses zero; it is nearly straight there, which Newton and the secant like. "
      "Right: on a logarithmic scale bisection follows a straight line; the others bend down, faster with every step.");
  section.conclude("Below " + fixed(found.root - 273.15, 1) +
                   " °C, from three constants for each phase. Newton needs " + std::to_string(found.newton.size()) +
                   " iterations for it, bisection " + std::to_string(found.bisection.size()) +
                   "; but a root is only as certain as the function, and thirteen digits of it are no more certain.");
}

}  // namespace adatom::apps::lesson1
