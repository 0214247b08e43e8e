// Integration by the trapezoidal rule and Simpson's: the energy of two argon atoms from a table of the force between
// them.
#include <cmath>

#include "apps/lesson1/sections.hpp"

namespace adatom::apps::lesson1 {
namespace {

// Argon as Rahman had it, Phys. Rev. 136, A405 (1964): ε/k = 120 K, σ = 3.4 Å.
constexpr double epsilon = 0.010341, sigma = 3.4;  // eV, Å

double energy(double r) {
  const double s6 = std::pow(sigma / r, 6.0);
  return 4.0 * epsilon * (s6 * s6 - s6);
}

/// −dE/dr, eV/Å.
double force(double r) {
  const double s6 = std::pow(sigma / r, 6.0);
  return 24.0 * epsilon * (2.0 * s6 * s6 - s6) / r;
}

using Samples = std::vector<double>;

/// ∫ of values at equal distances h: the ends count half. Error of order h².
double trapezoid(const Samples& y, double h) {
  double sum = 0.5 * (y.front() + y.back());
  for (std::size_t i = 1; i + 1 < y.size(); ++i) sum += y[i];
  return h * sum;
}

/// The same by parabolas through three points each, weights 1 4 2 4 … 4 1; an odd number of points. Error of order h⁴.
double simpson(const Samples& y, double h) {
  double sum = y.front() + y.back();
  for (std::size_t i = 1; i + 1 < y.size(); ++i) sum += (i % 2 == 1 ? 4.0 : 2.0) * y[i];
  return h * sum / 3.0;
}

/// What the rules make of `f` on [low, high] with ever smaller steps.
struct Study {
  std::vector<double> step, trapezoid_error, simpson_error;
};

template <class F>
Study study(F&& f, double low, double high, double exact, std::size_t finest) {
  Study s;
  for (std::size_t intervals = 4; intervals <= finest; intervals *= 2) {
    const double h = (high - low) / static_cast<double>(intervals);
    const Samples y = tabulate(linspace(low, high, intervals + 1), f);
    s.step.push_back(h);
    // Zero cannot be drawn on a logarithmic axis: what is below one unit in the last place counts as that.
    s.trapezoid_error.push_back(std::max(std::abs(trapezoid(y, h) - exact), 1e-16 * std::abs(exact)));
    s.simpson_error.push_back(std::max(std::abs(simpson(y, h) - exact), 1e-16 * std::abs(exact)));
  }
  return s;
}

/// log(e₁/e₂)/log(h₁/h₂): by which power of the step the error fell.
std::string order(const Study& s, const std::vector<double>& error, std::size_t i) {
  return i == 0 ? "" : fixed(std::log(error[i - 1] / error[i]) / std::log(s.step[i - 1] / s.step[i]), 2);
}

Table study_table(const Study& s) {
  Table table({"intervals\n", "step\nÅ", "trapezoid error\neV", "order\n", "Simpson error\neV", "order\n"});
  for (std::size_t i = 0; i < std::min<std::size_t>(s.step.size(), 9); ++i) {
    table.add({std::to_string(4U << i), fixed(s.step[i], 4), general(s.trapezoid_error[i], 3),
               order(s, s.trapezoid_error, i), general(s.simpson_error[i], 3), order(s, s.simpson_error, i)});
  }
  return table;
}

/// The mean order over all steps down to where rounding takes over.
double mean_order(const Study& s, const std::vector<double>& error, double rounding) {
  std::size_t last = error.size() - 1;
  while (last > 1 && error[last] < rounding) --last;
  return std::log(error[0] / error[last]) / std::log(s.step[0] / s.step[last]);
}

Panel forces_panel(double low, double high) {
  const auto millielectronvolts = [](double r) { return 1e3 * force(r); };
  const std::vector<double> few = linspace(low, high, 9), many = linspace(low, high, 200);
  return {.title = "Force between two argon atoms",
          .x_label = "distance (Å)",
          .y_label = "force (meV/Å)",
          .curves = {{"exact", many, tabulate(many, millielectronvolts), Style::lines},
                     {"8 trapezoids", few, tabulate(few, millielectronvolts), Style::lines_points}},
          .settings = "set xzeroaxis linewidth 1.2\nset xrange [3.6:8.6]\nset yrange [-8:1]"};
}

Panel errors_panel(const Study& smooth, const Study& broken) {
  return {.title = "Error of the energy",
          .x_label = "step (Å)",
          .y_label = "error (eV)",
          .curves = {{"trapezoid", smooth.step, smooth.trapezoid_error, Style::lines_points},
                     {"Simpson", smooth.step, smooth.simpson_error, Style::lines_points},
                     {"trapezoid, cut off", broken.step, broken.trapezoid_error, Style::dashes, {}, "#56b4e9"},
                     {"Simpson, cut off", broken.step, broken.simpson_error, Style::dashes, {}, "#e69f00"}},
          .log_x = true,
          .log_y = true,
          .settings = "set yrange [1e-19:1]\nset xrange [1e-5:3]"};
}

}  // namespace

void integration(Section& section) {
  const double low = sigma * std::pow(2.0, 1.0 / 6.0);  // where the force is zero
  constexpr double high = 8.5, cutoff = 5.0;
  const std::size_t finest = section.quick ? 1024 : 1 << 17;
  const double exact = energy(low) - energy(high);
  section.say(
      "Forces are what simulations give; energies follow by integrating them: E(r₁) − E(r₂) = ∫ F dr. Here two argon "
      "atoms (Lennard-Jones, ε = 10.34 meV, σ = 3.4 Å) pulled apart from their equilibrium at " +
      fixed(low, 3) + " Å to 8.5 Å, where the answer is known: " + fixed(1e3 * exact, 4) + " meV.");
  const Study smooth = study(force, low, high, exact, finest);
  section.show(study_table(smooth));
  section.say(
      "Half the step, a quarter of the error: the trapezoidal rule is of order 2; Simpson's, with the same forces "
      "differently weighted, of order 4. The orders hold for small steps and smooth functions only.");

  const auto cut = [](double r) { return r < cutoff ? force(r) : 0.0; };
  const Study broken = study(cut, low, high, energy(low) - energy(cutoff), finest);
  section.say(
      "The same with the force cut off at 5 Å without smoothing, as a careless program does: the jump leaves order 1 "
      "to both rules, on average over the chances of how it falls between two points.");
  section.show(study_table(broken));
  section.plot("integration", {forces_panel(low, high), errors_panel(smooth, broken)},
               "Left: chords instead of the curve. Right: the slopes are the orders, 2 and 4, until rounding stops "
               "Simpson's rule; a jump in the force turns both into ragged lines of slope 1.");
  constexpr double rounding = 1e-15;  // eV
  section.conclude("The energy is the area under the forces. With 64 intervals the trapezoidal rule is wrong by " +
                   general(1e6 * smooth.trapezoid_error[4], 2) + " µeV, Simpson's by " +
                   general(1e6 * smooth.simpson_error[4], 2) + ". Over all steps the orders are " +
                   fixed(mean_order(smooth, smooth.trapezoid_error, rounding), 1) + " and " +
                   fixed(mean_order(smooth, smooth.simpson_error, rounding), 1) + "; with the jump " +
                   fixed(mean_order(broken, broken.trapezoid_error, rounding), 1) + " and " +
                   fixed(mean_order(broken, broken.simpson_error, rounding), 1) +
                   ": a better rule is worth nothing where the function is not smooth.");
}

}  // namespace adatom::apps::lesson1
