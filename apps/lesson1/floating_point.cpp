// Floating-point traps: what 53 binary digits cannot do, and how to write so that it does not matter.
#include <algorithm>
#include <cmath>
#include <limits>

#include "apps/lesson1/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"

namespace adatom::apps::lesson1 {
namespace {

/// The smallest power of two that still changes 1 when added.
double machine_epsilon() {
  double epsilon = 1.0;
  while (1.0 + 0.5 * epsilon > 1.0) epsilon *= 0.5;
  return epsilon;
}

/// Relative, and at least something that a logarithmic axis can show.
double relative_error(double found, double exact) { return std::max(std::abs(found / exact - 1.0), 1e-17); }

// Twice the same function: (1 − cos x)/x².
double cancelling(double x) { return (1.0 - std::cos(x)) / (x * x); }
double rewritten(double x) { return 0.5 * std::pow(std::sin(0.5 * x) / (0.5 * x), 2.0); }

// Sums of equal numbers, for which the exact answer is known.
double in_turn(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double each : x) sum += each;
  return sum;
}

/// Kahan's sum: what rounding cut off the last addition is added to the next.
double compensated(const std::vector<double>& x) {
  double sum = 0.0, lost = 0.0;
  for (const double each : x) {
    const double term = each - lost, next = sum + term;
    lost = (next - sum) - term;
    sum = next;
  }
  return sum;
}

double by_tensor(const std::vector<double>& x) { return sum(Tensor::constant({x.size()}, x)).item(); }

/// A function with slope and curvature of the same size as itself.
Tensor wave(const Tensor& x) { return exp(x) * sin(x); }
double wave_at(double x) { return wave(Tensor(x)).item(); }

void say_epsilon(const Section& section) {
  section.say("A double keeps 53 binary digits: the smallest number that changes 1 when added is 2⁻⁵² = " +
              general(machine_epsilon(), 3) + " (the compiler says " +
              general(std::numeric_limits<double>::epsilon(), 3) + "). What follows from it:");
  Table table({"expression", "gives", "instead of", "because"}, {0, 3});
  table.add({"0.1 + 0.2 − 0.3", general(0.1 + 0.2 - 0.3, 3), "0", "none of the three is a binary fraction"});
  table.add({"(1 + 1e-16) − 1", general((1.0 + 1e-16) - 1.0, 3), "1e-16", "1 + 1e-16 rounds to 1"});
  table.add({"1e16 + 1 − 1e16", general(1e16 + 1.0 - 1e16, 3), "1", "exact up to 2⁵³ = 9e15 only"});
  table.add(
      {"(1e20 + 1) − 1e20 + 1", general((1e20 + 1.0) - 1e20 + 1.0, 3), "2", "order matters: sums are not associative"});
  const double b = 1e8;
  table.add({"smaller root of x² − 1e8 x + 1", general(0.5 * (b - std::sqrt(b * b - 4.0)), 3), "1e-08",
             "two nearly equal numbers subtracted"});
  table.add({"  the same as 2/(b + √(b² − 4))", general(2.0 / (b + std::sqrt(b * b - 4.0)), 3), "1e-08",
             "no subtraction, no trap"});
  section.show(table);
}

Panel cancellation_panel() {
  const std::vector<double> x = logspace(1e-9, 1.0, 120);
  // The Taylor series, exact to rounding where x is small; the rewritten form is its own judge elsewhere.
  const auto exact = [](double v) { return v < 0.01 ? 0.5 - v * v / 24.0 + v * v * v * v / 720.0 : rewritten(v); };
  return {.title = "Cancellation in (1 − cos x)/x²",
          .x_label = "x",
          .y_label = "relative error",
          .curves = {{"as written", x, tabulate(x, [&](double v) { return relative_error(cancelling(v), exact(v)); }),
                      Style::lines},
                     {"2 sin²(x/2)/x²", x,
                      tabulate(x, [&](double v) { return relative_error(rewritten(v), exact(v)); }), Style::lines},
                     {"10^{−16}/x²", {1e-8, 1.0}, {1.0, 1e-16}, Style::dashes, {}, "#999999"}},
          .log_x = true,
          .log_y = true,
          .settings = "set xtics 1e-8,100\nset yrange [1e-18:10]"};
}

/// An error of 1e-17 or less is none.
std::string zero_or(double error) { return error > 1e-17 ? general(error, 2) : "0"; }

/// Relative errors of sums of 0.1, against how many there are.
struct SummationStudy {
  std::vector<double> n, turn, kahan, tensor;
};

SummationStudy study_sums(const Section& section) {
  SummationStudy s;
  Table table({"numbers", "loop", "tensor", "Kahan"});
  for (std::size_t count = 10; count <= (section.quick ? 100'000U : 10'000'000U); count *= 10) {
    const std::vector<double> x(count, 0.1);
    const double exact = static_cast<double>(static_cast<long double>(0.1) * static_cast<long double>(count));
    s.n.push_back(static_cast<double>(count));
    s.turn.push_back(relative_error(in_turn(x), exact));
    s.tensor.push_back(relative_error(by_tensor(x), exact));
    s.kahan.push_back(relative_error(compensated(x), exact));
    table.add({count_text(count), zero_or(s.turn.back()), zero_or(s.tensor.back()), zero_or(s.kahan.back())});
  }
  section.say(
      "Sums of the number 0.1, many times: the relative error. A loop adds a small number to an ever larger one and "
      "rounds each time; the tensor's sum adds in many short columns first, as vector units do, which happens to be "
      "more accurate too; Kahan's sum carries the lost digits along.");
  section.show(table);
  return s;
}

Panel summation_panel(const SummationStudy& s) {
  return {.title = "Adding 0.1 many times",
          .x_label = "number of terms",
          .y_label = "relative error",
          .curves = {{"one after the other", s.n, s.turn, Style::lines_points},
                     {"tensor", s.n, s.tensor, Style::lines_points},
                     {"Kahan", s.n, s.kahan, Style::lines_points}},
          .log_x = true,
          .log_y = true,
          .settings = "set yrange [1e-18:1e-8]"};
}

/// The derivative of eˣ sin x at 1 in three ways: relative errors.
struct DifferenceStudy {
  std::vector<double> steps{}, forward{}, central{};
  double automatic = 0.0;
};

DifferenceStudy study_differences() {
  constexpr double x0 = 1.0;
  const double exact = std::exp(x0) * (std::sin(x0) + std::cos(x0));
  DifferenceStudy s{.steps = logspace(1e-15, 1.0, 121)};
  s.forward = tabulate(s.steps, [&](double h) { return relative_error((wave_at(x0 + h) - wave_at(x0)) / h, exact); });
  s.central = tabulate(
      s.steps, [&](double h) { return relative_error((wave_at(x0 + h) - wave_at(x0 - h)) / (2.0 * h), exact); });
  const Tensor x = Tensor::variable({}, {x0});
  s.automatic = relative_error(grad(wave(x), {x})[0].item(), exact);
  return s;
}

double least(const std::vector<double>& errors) { return *std::min_element(errors.begin(), errors.end()); }

/// The step of least error.
double best_step(const DifferenceStudy& s, const std::vector<double>& errors) {
  return s.steps[static_cast<std::size_t>(std::min_element(errors.begin(), errors.end()) - errors.begin())];
}

void say_differences(const Section& section, const DifferenceStudy& s) {
  section.say(
      "The derivative of eˣ sin x at 1 by differences. A large step errs because the curve bends, a small one because "
      "nearly equal numbers are subtracted:");
  Table table({"derivative", "best step", "relative error there"}, {0});
  table.add({"(f(x+h) − f(x))/h", general(best_step(s, s.forward), 1), general(least(s.forward), 1)});
  table.add({"(f(x+h) − f(x−h))/2h", general(best_step(s, s.central), 1), general(least(s.central), 1)});
  table.add({"automatic differentiation", "none", general(s.automatic, 1)});
  section.show(table);
}

Panel difference_panel(const DifferenceStudy& s) {
  return {.title = "Derivative by differences",
          .x_label = "step h",
          .y_label = "relative error",
          .curves = {{"forward difference", s.steps, s.forward, Style::lines},
                     {"central difference", s.steps, s.central, Style::lines},
                     {"automatic differentiation",
                      {s.steps.front(), s.steps.back()},
                      {s.automatic, s.automatic},
                      Style::dashes}},
          .log_x = true,
          .log_y = true,
          .settings = "set xtics 1e-12,1e4\nset yrange [1e-18:10]"};
}

}  // namespace

void floating_point(Section& section) {
  say_epsilon(section);
  const Panel cancellation = cancellation_panel();
  const SummationStudy sums = study_sums(section);
  const DifferenceStudy differences = study_differences();
  say_differences(section, differences);
  section.plot("floating", {cancellation, summation_panel(sums), difference_panel(differences)},
               "Left: as x falls, 1 − cos x loses digits, all of them below 10⁻⁸; the rewritten form loses none. "
               "Middle: errors of long sums (none at all is drawn as 10⁻¹⁷). Right: each difference has a best step, "
               "and neither comes near automatic differentiation.",
               {.columns = 3, .width = 640, .height = 540});
  section.conclude("Every operation rounds to " + general(machine_epsilon(), 1) +
                   " of its result, which is harmless until nearly equal numbers are subtracted or many are added. "
                   "Rewritten formulas lose nothing; a sum of " +
                   count_text(static_cast<std::size_t>(sums.n.back())) + " numbers in a loop is wrong by " +
                   general(sums.turn.back(), 1) + ", Kahan's by " + zero_or(sums.kahan.back()) +
                   "; the best difference has an error of " + general(least(differences.central), 1) +
                   ", the derivative by autodiff of " + zero_or(differences.automatic) + ".");
}

}  // namespace adatom::apps::lesson1
