// Forward mode beside reverse mode: the same derivatives, very different costs.
#include <algorithm>

#include "apps/lesson2/dual.hpp"
#include "apps/lesson2/sections.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"

namespace adatom::apps::lesson2 {
namespace {

/// One function for plain numbers, dual numbers and tensors: exp(−x²) sin 3x.
template <class Number>
Number wave(const Number& x) {
  using std::exp, std::sin;
  return exp(-(x * x)) * sin(3.0 * x);
}

double wave_slope(double x) { return std::exp(-x * x) * (3.0 * std::cos(3.0 * x) - 2.0 * x * std::sin(3.0 * x)); }
double wave_curvature(double x) {
  return std::exp(-x * x) * ((4.0 * x * x - 11.0) * std::sin(3.0 * x) - 12.0 * x * std::cos(3.0 * x));
}

/// Rosenbrock's function of n variables, Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)², for numbers and dual numbers …
template <class Number>
Number rosenbrock(const std::vector<Number>& x) {
  Number total = 0.0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const Number u = x[i + 1] - x[i] * x[i], v = 1.0 - x[i];
    total = total + 100.0 * (u * u) + v * v;
  }
  return total;
}

/// … and for a tensor (n).
Tensor rosenbrock(const Tensor& x) {
  const auto n = static_cast<std::ptrdiff_t>(x.size());
  const Tensor head = slice(x, 0, 0, n - 1), tail = slice(x, 0, 1, n);
  return sum(100.0 * square(tail - square(head)) + square(1.0 - head));
}

std::vector<double> start(std::size_t n) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = std::sin(static_cast<double>(i) + 1.0);
  return x;
}

/// Forward: a pass through the function for every input, whose dual number has the slope 1.
std::vector<double> forward_gradient(const std::vector<double>& x) {
  std::vector<Dual<>> dual(x.begin(), x.end());
  std::vector<double> gradient(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    dual[i].slope = 1.0;
    gradient[i] = rosenbrock(dual).slope;
    dual[i].slope = 0.0;
  }
  return gradient;
}

/// Reverse: one pass forwards that remembers, one sweep back, for all inputs at once.
Tensor reverse_gradient(const std::vector<double>& x) {
  const Tensor at = Tensor::variable({x.size()}, x);
  return grad(rosenbrock(at), {at})[0];
}

double largest_difference(const std::vector<double>& a, const Tensor& b) {
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(a[i] - b.values()[i]) / std::max(1.0, std::abs(a[i])));
  return worst;
}

struct Cost {
  double inputs, value, forward, value_tensor, reverse, difference;  // times in s
};

Cost measure(std::size_t n, double duration) {
  const std::vector<double> x = start(n);
  NoGrad off;
  return {.inputs = static_cast<double>(n),
          .value = best_seconds([&x] { keep(rosenbrock(x)); }, duration),
          .forward = best_seconds([&x] { keep(forward_gradient(x)[0]); }, duration),
          .value_tensor = best_seconds([&x] { keep(rosenbrock(Tensor::constant({x.size()}, x)).item()); }, duration),
          .reverse = best_seconds(
              [&x] {
                WithGrad on;
                keep(reverse_gradient(x).values()[0]);
              },
              duration),
          .difference = [&x] {
            WithGrad on;
            return largest_difference(forward_gradient(x), reverse_gradient(x));
          }()};
}

std::string microseconds(double seconds) { return general(1e6 * seconds, 3); }

/// The other way round: one input, many outputs f_k(x) = wave(k x).
/// Returns the time of reverse mode in units of forward mode for the largest number of outputs.
double many_outputs(Section& section) {
  Table table({"outputs", "forward / value", "reverse / value of tensors"});
  const double duration = section.quick ? 0.002 : 0.03;
  double disadvantage = 0.0;
  for (const std::size_t m : {1, 10, 100, 1000}) {
    std::vector<double> factors;
    for (std::size_t k = 1; k <= m; ++k) factors.push_back(0.01 * static_cast<double>(k));
    const double value = best_seconds(
        [&factors] {
          for (const double k : factors) keep(wave(k));
        },
        duration);
    const double forward = best_seconds(
        [&factors] {
          for (const double k : factors) keep(wave(Dual<>(k, k)).slope);
        },
        duration);
    const Tensor scale = Tensor::constant({m}, factors), one = Tensor::variable({1}, {1.0});
    const auto outputs = [&scale](const Tensor& x) { return wave(scale * x); };
    const double value_tensor = best_seconds(
        [&] {
          NoGrad off;
          keep(outputs(one).values()[0]);
        },
        duration);
    const double reverse = best_seconds([&] { keep(jacobian(outputs, one).values()[0]); }, duration);
    table.add({std::to_string(m), general(forward / value, 2), general(reverse / value_tensor, 3)});
    disadvantage = reverse / forward;
  }
  section.say(
      "With one input and many outputs, f_k(x) = exp(−k²x²) sin 3kx, it is the other way round: forward mode needs one "
      "pass, reverse mode a sweep for each output. Times of all derivatives in units of the time of all values:");
  section.show(table);
  return disadvantage;
}

/// Value and two derivatives of one function in three ways.
void compare_derivatives(const Section& section) {
  constexpr double x = 0.7;
  const Tensor at = Tensor::variable({}, {x}), y = wave(at), slope = grad(y, {at})[0];
  using Second = Dual<Dual<>>;
  const Second z = wave(Second(Dual<>(x, 1.0), Dual<>(1.0, 0.0)));
  Table table({"exp(−x²) sin 3x at 0.7", "dual numbers", "reverse mode", "by hand"}, {0});
  table.add({"value", fixed(z.value.value, 13), fixed(y.item(), 13), fixed(wave(x), 13)});
  table.add({"first derivative", fixed(z.slope.value, 13), fixed(slope.item(), 13), fixed(wave_slope(x), 13)});
  table.add({"second derivative", fixed(z.slope.slope, 13), fixed(grad(slope, {at})[0].item(), 13),
             fixed(wave_curvature(x), 13)});
  section.show(table);
}

std::vector<Cost> costs_of_gradients(const Section& section) {
  std::vector<Cost> costs;
  Table table({"n", "value\nµs", "forward gradient\nµs", "reverse gradient\nµs", "forward\n/ value",
               "reverse\n/ value of tensors", "relative\ndifference"});
  for (std::size_t n = 2; n <= (section.quick ? 256U : 4096U); n *= 2) {
    costs.push_back(measure(n, section.quick ? 0.002 : 0.05));
    const Cost& c = costs.back();
    table.add({std::to_string(n), microseconds(c.value), microseconds(c.forward), microseconds(c.reverse),
               general(c.forward / c.value, 3), general(c.reverse / c.value_tensor, 3), general(c.difference, 1)});
  }
  section.show(table);
  return costs;
}

/// A quantity of the costs against n.
template <class F>
Curve curve_of(const std::string& title, const std::vector<Cost>& costs, F&& quantity) {
  Curve curve{.title = title, .x = {}, .y = {}, .style = Style::lines_points};
  for (const Cost& c : costs) curve.x.push_back(c.inputs), curve.y.push_back(quantity(c));
  return curve;
}

std::vector<Panel> panels(const std::vector<Cost>& costs) {
  const char *const forward = "forward (dual numbers), n passes", *const reverse = "reverse (tensors), one sweep";
  return {{.title = "Time of a gradient",
           .x_label = "number of inputs n",
           .y_label = "time (µs)",
           .curves = {curve_of(forward, costs, [](const Cost& c) { return 1e6 * c.forward; }),
                      curve_of(reverse, costs, [](const Cost& c) { return 1e6 * c.reverse; }),
                      curve_of("the function itself", costs, [](const Cost& c) { return 1e6 * c.value; })},
           .log_x = true,
           .log_y = true,
           .settings = "set yrange [1e-3:1e6]"},
          {.title = "Gradients, in units of a value",
           .x_label = "number of inputs n",
           .y_label = "time of gradient / time of value",
           .curves = {curve_of(forward, costs, [](const Cost& c) { return c.forward / c.value; }),
                      curve_of(reverse, costs, [](const Cost& c) { return c.reverse / c.value_tensor; })},
           .log_x = true,
           .log_y = true,
           .settings = "set yrange [1:1e5]"}};
}

/// The least n from which on reverse mode takes less time than forward mode; 0 if never.
std::size_t crossing(const std::vector<Cost>& costs) {
  std::size_t k = costs.size();
  while (k > 0 && costs[k - 1].reverse < costs[k - 1].forward) --k;
  return k == costs.size() ? 0 : static_cast<std::size_t>(costs[k].inputs);
}

}  // namespace

void dual_numbers(Section& section) {
  section.say(
      "A dual number a + bε, ε² = 0, carries a value and its derivative through the computation: (a + bε)(c + dε) = ac "
      "+ (ad + bc)ε is the product rule. That is forward mode; it remembers nothing and needs no graph. A dual number "
      "of dual numbers gives second derivatives.");
  section.quote(
      "const Dual<> y = exp(-(x * x)) * sin(3.0 * x);     // x = Dual<>(0.7, 1.0): value 0.7, slope 1\n"
      "y.slope                                            // dy/dx");
  compare_derivatives(section);
  section.say(
      "The gradient of Rosenbrock's function of n variables: forward mode needs n passes, reverse mode one sweep, "
      "whatever n.");
  const std::vector<Cost> costs = costs_of_gradients(section);
  section.plot("dual", panels(costs),
               "Forward grows as n², reverse as n: for few inputs dual numbers win (no graph to build), from where the "
               "curves cross the sweep does. Energies of atoms have one output and thousands of inputs.");
  const double disadvantage = many_outputs(section);
  const std::size_t from = crossing(costs);
  section.conclude("It depends on what there is more of. One result of many inputs: reverse mode, here " +
                   (from > 0 ? "from n = " + std::to_string(from) + " on" : std::string("not yet at these n")) +
                   ", and for n = " + fixed(costs.back().inputs, 0) + " faster by " +
                   general(costs.back().forward / costs.back().reverse, 2) +
                   ". Many results of one input: forward mode, for 1000 outputs by " + general(disadvantage, 2) + ".");
}

}  // namespace adatom::apps::lesson2
