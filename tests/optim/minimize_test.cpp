// Tests the minimisers of optim/ on functions whose minima are known.
#include "optim/minimize.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "optim/bfgs.hpp"
#include "optim/bfgs_line_search.hpp"
#include "optim/conjugate_gradients.hpp"
#include "optim/fire.hpp"
#include "optim/gradient_descent.hpp"
#include "optim/lbfgs.hpp"
#include "optim/line_search.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

struct Method {
  const char* name;
  std::function<MinimizeResult(const Objective&, std::span<double>, const MinimizeOptions&)> run;
};

std::vector<Method> methods() {
  return {{"lbfgs",
           [](const Objective& f, std::span<double> x, const MinimizeOptions& o) {
             LbfgsMemory memory;
             return minimize_lbfgs(f, x, o, {}, memory);
           }},
          {"bfgs",
           [](const Objective& f, std::span<double> x, const MinimizeOptions& o) { return minimize_bfgs(f, x, o); }},
          {"fire",
           [](const Objective& f, std::span<double> x, const MinimizeOptions& o) { return minimize_fire(f, x, o); }},
          {"bfgs with line search", [](const Objective& f, std::span<double> x,
                                       const MinimizeOptions& o) { return minimize_bfgs_line_search(f, x, o); }},
          {"conjugate gradients", [](const Objective& f, std::span<double> x,
                                     const MinimizeOptions& o) { return minimize_conjugate_gradients(f, x, o); }},
          {"gradient descent", [](const Objective& f, std::span<double> x, const MinimizeOptions& o) {
             return minimize_gradient_descent(f, x, o);
           }}};
}

MinimizeOptions until(double fmax, std::size_t max_steps = 5000) {
  return {.fmax = fmax, .max_steps = max_steps, .max_step = 0.2, .progress = {}};
}

/// Σ ½ k_i (x_i − i)² with stiffnesses from 1 to 100.
double springs(std::span<const double> x, std::span<double> gradient) {
  double value = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double k = std::pow(100.0, double(i) / double(x.size() - 1)), d = x[i] - double(i);
    value += 0.5 * k * d * d;
    gradient[i] = k * d;
  }
  return value;
}

/// The banana valley (x = y = 1) in the first two coordinates, and a spring in the third.
double rosenbrock(std::span<const double> x, std::span<double> gradient) {
  const double a = 1.0 - x[0], b = x[1] - x[0] * x[0];
  gradient[0] = -2.0 * a - 400.0 * x[0] * b;
  gradient[1] = 200.0 * b;
  gradient[2] = x[2];
  return a * a + 100.0 * b * b + 0.5 * x[2] * x[2];
}

}  // namespace

TEST_CASE("every method finds the minimum of springs and of the banana valley", "[optim][minimize]") {
  for (const Method& method : methods()) {
    INFO(method.name);
    std::vector<double> x(12, 0.0);
    const MinimizeResult a = method.run(springs, x, until(1e-8));
    CHECK(a.outcome == MinimizeOutcome::converged);
    CHECK(a.value < 1e-15);
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(std::abs(x[i] - double(i)) < 1e-7);

    std::vector<double> y{-1.2, 1.0, 0.5};
    const MinimizeResult b = method.run(rosenbrock, y, until(1e-6, 20000));
    CHECK(b.outcome == MinimizeOutcome::converged);
    CHECK(std::abs(y[0] - 1.0) < 1e-5);
    CHECK(std::abs(y[1] - 1.0) < 1e-5);
  }
}

TEST_CASE("values never rise and steps are never longer than allowed", "[optim][minimize]") {
  for (const Method& method : methods()) {
    INFO(method.name);
    std::vector<double> x{-1.2, 1.0, 0.5}, last = x;
    double value = std::numeric_limits<double>::infinity();
    std::size_t expected = 0;
    MinimizeOptions options = until(1e-3, 20000);
    options.max_step = 0.1;
    options.progress = [&](std::size_t step, double now, double, std::span<const double> at) {
      CHECK(step == expected++);
      CHECK(now <= value + 1e-13 * std::abs(value));
      double square = 0.0;
      for (std::size_t k = 0; k < 3; ++k) square += (at[k] - last[k]) * (at[k] - last[k]);
      CHECK(std::sqrt(square) <= 0.1 * (1.0 + 1e-12));
      value = now;
      last.assign(at.begin(), at.end());
    };
    const MinimizeResult result = method.run(rosenbrock, x, options);
    CHECK(result.steps + 1 == expected);
    CHECK(result.value == value);
    CHECK(x == last);
  }
}

TEST_CASE("a start at the minimum takes no step", "[optim][minimize]") {
  for (const Method& method : methods()) {
    std::vector<double> x{1.0, 1.0, 0.0};
    const MinimizeResult result = method.run(rosenbrock, x, until(1e-6));
    CHECK(result.outcome == MinimizeOutcome::converged);
    CHECK(result.steps == 0);
    CHECK(result.calls == 1);
  }
}

TEST_CASE("the step limit and wrong gradients and undefined starts are reported", "[optim][minimize]") {
  for (const Method& method : methods()) {
    INFO(method.name);
    std::vector<double> x{-1.2, 1.0, 0.5};
    const MinimizeResult limited = method.run(rosenbrock, x, until(1e-9, 3));
    CHECK(limited.outcome == MinimizeOutcome::step_limit);
    CHECK(limited.steps == 3);

    const Objective wrong_sign = [](std::span<const double> at, std::span<double> gradient) {
      const double value = rosenbrock(at, gradient);
      for (double& g : gradient) g = -g;
      return value;
    };
    x = {-1.2, 1.0, 0.5};
    const MinimizeResult stuck = method.run(wrong_sign, x, until(1e-6));
    CHECK(stuck.outcome == MinimizeOutcome::stuck);
    CHECK(x == std::vector<double>{-1.2, 1.0, 0.5});
    CHECK(stuck.calls < 200);

    const Objective nowhere = [](std::span<const double>, std::span<double>) { return std::nan(""); };
    CHECK(method.run(nowhere, x, until(1e-6)).outcome == MinimizeOutcome::undefined_start);
  }
}

TEST_CASE("places without a value are avoided", "[optim][minimize]") {
  // −log x + x has its minimum at 1 and no value for x ≤ 0; the start asks for a long step to the left.
  const Objective barrier = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 1.0 - 1.0 / x[0];
    gradient[1] = gradient[2] = 0.0;
    return x[0] > 0.0 ? x[0] - std::log(x[0]) : std::nan("");
  };
  for (const Method& method : methods()) {
    INFO(method.name);
    std::vector<double> x{5.0, 0.0, 0.0};
    MinimizeOptions options = until(1e-8);
    options.max_step = 4.9999;
    CHECK(method.run(barrier, x, options).outcome == MinimizeOutcome::converged);
    CHECK(x[0] == Approx(1.0).epsilon(1e-7));
  }
}

TEST_CASE("what stands in the gradient of a place without a value teaches nothing", "[optim][minimize]") {
  // A wall at 1 before the minimum at 0; beyond the wall lies garbage, or the gradient of the last place.
  for (const double garbage : {0.0, 7.0, -1e4}) {
    for (const Method& method : methods()) {
      INFO(method.name << " " << garbage);
      std::vector<std::vector<double>> looked_at;
      const Objective walled = [&](std::span<const double> x, std::span<double> gradient) {
        looked_at.emplace_back(x.begin(), x.end());
        if (x[0] < 1.0) {
          if (garbage != 0.0) gradient[0] = gradient[1] = gradient[2] = garbage;
          return std::numeric_limits<double>::infinity();
        }
        gradient[0] = 100.0 * x[0], gradient[1] = 50.0 * x[1], gradient[2] = 0.0;
        return 50.0 * x[0] * x[0] + 25.0 * x[1] * x[1];
      };
      std::vector<double> x{1.1, 1.0, 0.0};
      method.run(walled, x, until(1e-6, 1));
      // The second place is too far; the third lies nearer on the same line.
      REQUIRE(looked_at.size() >= 3);
      CHECK(looked_at[1][0] < 1.0);
      const double share = (looked_at[2][0] - 1.1) / (looked_at[1][0] - 1.1);
      CHECK(share > 0.0);
      CHECK(share < 1.0);
      CHECK((looked_at[2][1] - 1.0) / (looked_at[1][1] - 1.0) == Approx(share).epsilon(1e-9));
    }
  }
}

TEST_CASE("a line search wants a decrease and a smaller slope", "[optim][minimize]") {
  // (x − 1)² from 0, where the slope is −2, in the first of three coordinates.
  const Objective parabola = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 2.0 * (x[0] - 1.0);
    gradient[1] = gradient[2] = 0.0;
    return (x[0] - 1.0) * (x[0] - 1.0);
  };
  const std::vector<double> x{0.0, 0.0, 0.0}, direction{1.0, 0.0, 0.0};
  const auto search = [&](double first, LineSearchOptions wanted) {
    std::vector<double> point(3), gradient(3);
    MinimizeOptions options;
    MinimizeResult result;
    result.value = 1.0;
    const LineSearchResult end =
        search_line(parabola, x, direction, -2.0, first, 10.0, wanted, point, gradient, options, result);
    CHECK(end.found);
    CHECK(point[0] == end.length);
    CHECK(end.slope == Approx(2.0 * (end.length - 1.0)).margin(1e-14));
    return end.length;
  };
  CHECK(search(0.3, {}) == 0.3);                  // the slope has shrunk to 0.7
  CHECK(search(0.3, {.curvature = 0.4}) >= 0.6);  // not enough: farther
  CHECK(search(0.05, {}) >= 0.1);                 // 0.95: too short
  CHECK(search(1.8, {}) == 1.8);                  // 1 → 0.64, on the line 1 − 0.1 · 2 · 1.8
  CHECK(search(1.95, {}) < 1.8);                  // 0.9: above it, and the slope is no better
}

TEST_CASE("memory used again gives the same minimisation", "[optim][minimize]") {
  LbfgsMemory memory;
  std::vector<double> values;
  for (int i = 0; i < 3; ++i) {
    std::vector<double> x{-1.2, 1.0, 0.5}, other(12, 0.0);
    values.push_back(minimize_lbfgs(rosenbrock, x, until(1e-3), {}, memory).value);
    minimize_lbfgs(springs, other, until(1e-3), {}, memory);
  }
  CHECK(values[0] == values[1]);
  CHECK(values[0] == values[2]);
}

TEST_CASE("gradient descent at a fixed rate creeps or converges or runs away as theory says", "[optim][minimize]") {
  // One spring of stiffness k: the distance shrinks by 1 − rate · k a step.
  const Objective spring = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = 10.0 * x[0];
    gradient[1] = gradient[2] = 0.0;
    return 5.0 * x[0] * x[0];
  };
  MinimizeOptions options = until(1e-6, 10);
  options.max_step = 1e6;
  for (const double rate : {0.01, 0.05, 0.15, 0.19}) {
    std::vector<double> x{1.0, 0.0, 0.0};
    CHECK(minimize_gradient_descent(spring, x, options, rate).outcome == MinimizeOutcome::step_limit);
    CHECK(x[0] == Approx(std::pow(1.0 - 10.0 * rate, 10)).epsilon(1e-12));
  }
  std::vector<double> x{1.0, 0.0, 0.0};
  CHECK(minimize_gradient_descent(spring, x, options, 0.1).steps == 1);
  x = {1.0, 0.0, 0.0};
  CHECK(minimize_gradient_descent(spring, x, options, 0.21).outcome == MinimizeOutcome::diverged);
  options.max_steps = 100000;
  options.max_step = 1e300;
  x = {1.0, 0.0, 0.0};
  CHECK(minimize_gradient_descent(spring, x, options, 1.0).outcome == MinimizeOutcome::diverged);
  CHECK(std::isfinite(x[0]));
}

TEST_CASE("a field of forces without a value is followed to where it vanishes", "[optim][minimize]") {
  // The springs again, with a value that says nothing, as a nudged elastic band has none.
  const Objective field = [](std::span<const double> x, std::span<double> gradient) {
    springs(x, gradient);
    return 0.0;
  };
  for (const Method& method : methods()) {
    if (std::string(method.name) == "gradient descent") continue;
    INFO(method.name);
    std::vector<double> x(12, 0.0);
    CHECK(method.run(field, x, until(1e-6)).outcome == MinimizeOutcome::converged);
    for (std::size_t i = 0; i < x.size(); ++i) CHECK(std::abs(x[i] - double(i)) < 1e-5);
  }
}
