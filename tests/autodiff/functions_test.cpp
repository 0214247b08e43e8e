#include "autodiff/functions.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "tests/autodiff/derivatives.hpp"

using namespace adatom;

namespace {

/// A function with its value and first two derivatives written out: from any table of derivatives.
struct Row {
  const char* name;
  Tensor (*f)(const Tensor&);
  double (*value)(double);
  double (*first)(double);
  double low, high;
};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }
double normal(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

const std::vector<Row> table{
    {"exp", exp, [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }, -1.5, 1.5},
    {"log", log, [](double x) { return std::log(x); }, [](double x) { return 1 / x; }, 0.8, 3},
    {"sqrt", sqrt, [](double x) { return std::sqrt(x); }, [](double x) { return 0.5 / std::sqrt(x); }, 0.8, 3},
    {"square", square, [](double x) { return x * x; }, [](double x) { return 2 * x; }, -2, 2},
    {"abs", abs, [](double x) { return std::abs(x); }, [](double x) { return x < 0 ? -1.0 : 1.0; }, 0.1, 2},
    {"abs", abs, [](double x) { return std::abs(x); }, [](double x) { return x < 0 ? -1.0 : 1.0; }, -2, -0.1},
    {"sin", sin, [](double x) { return std::sin(x); }, [](double x) { return std::cos(x); }, -4, 4},
    {"cos", cos, [](double x) { return std::cos(x); }, [](double x) { return -std::sin(x); }, -4, 4},
    {"erf", erf, [](double x) { return std::erf(x); },
     [](double x) { return 2 / std::sqrt(std::numbers::pi) * std::exp(-x * x); }, -2, 2},
    {"tanh", adatom::tanh, [](double x) { return std::tanh(x); },
     [](double x) { return 1 / (std::cosh(x) * std::cosh(x)); }, -2, 2},
    {"sigmoid", sigmoid, logistic, [](double x) { return logistic(x) * logistic(-x); }, -3, 3},
    {"softplus", softplus, [](double x) { return std::log1p(std::exp(x)); }, logistic, -3, 3},
    {"relu", relu, [](double x) { return x > 0 ? x : 0; }, [](double x) { return x > 0 ? 1.0 : 0.0; }, 0.1, 3},
    {"relu", relu, [](double x) { return x > 0 ? x : 0; }, [](double x) { return x > 0 ? 1.0 : 0.0; }, -3, -0.1},
    {"silu", silu, [](double x) { return x * logistic(x); },
     [](double x) { return logistic(x) * (1 + x * logistic(-x)); }, -3, 3},
    {"gelu", gelu, [](double x) { return x * normal(x); }, [](double x) { return normal(x) + x * density(x); }, -3, 3},
};

std::vector<double> derivatives(Tensor (*f)(const Tensor&), double at, int orders) {
  const Tensor x = Tensor::variable({}, {at});
  Tensor y = f(x);
  std::vector<double> values{y.item()};
  for (int order = 1; order <= orders; ++order) {
    y = y.requires_grad() ? grad(y, {x})[0] : Tensor(0.0);
    values.push_back(y.item());
  }
  return values;
}

}  // namespace

TEST_CASE("elementwise functions and their slopes", "[autodiff][functions]") {
  for (const Row& row : table) {
    for (const Shape& shape : {Shape{}, Shape{1}, Shape{101}, Shape{7, 9}, Shape{0, 3}}) {
      INFO(row.name << " of shape " << to_string(shape));
      const Tensor x = random_variable(shape, 11, row.low, row.high);
      const Tensor y = row.f(x);
      const Tensor slope = grad(sum(y), {x})[0];
      REQUIRE(y.shape() == shape);
      REQUIRE(slope.shape() == shape);
      for (std::size_t i = 0; i < x.size(); ++i) {
        REQUIRE(y.values()[i] == Approx(row.value(x.values()[i])).epsilon(1e-14).margin(1e-15));
        REQUIRE(slope.values()[i] == Approx(row.first(x.values()[i])).epsilon(1e-13).margin(1e-15));
      }
    }
  }
}

TEST_CASE("elementwise functions to third order", "[autodiff][functions]") {
  for (const Row& row : table) {
    INFO(row.name);
    const auto f = [&](const auto& x) { return row.f(x[0]); };
    check_derivatives(f, {random_variable({20}, 12, row.low, row.high)}, 3, 1e-7);
    check_derivatives(f, {random_variable({}, 13, row.low, row.high)}, 3, 1e-7);
  }
}

TEST_CASE("composed functions to third order", "[autodiff][functions]") {
  check_derivatives([](const auto& x) { return log(softplus(x[0] * silu(x[1])) + 0.5); },
                    {random_variable({3}, 14), random_variable({3}, 15)}, 3, 1e-7);
  check_derivatives([](const auto& x) { return adatom::tanh(gelu(x[0]) * sigmoid(x[1] - x[0])); },
                    {random_variable({2, 1}, 16), random_variable({3}, 17)}, 3, 1e-7);
}

TEST_CASE("derivatives at kinks are zero", "[autodiff][functions]") {
  const std::vector<double> zeros{0, 0, 0, 0};
  CHECK(derivatives(relu, 0, 3) == zeros);
  CHECK(derivatives(abs, 0, 3) == zeros);
  CHECK(derivatives(sqrt, 0, 3) == zeros);  // where the graph is vertical
  CHECK(derivatives([](const Tensor& x) { return sqrt(square(x)); }, 0, 3) == zeros);
}

TEST_CASE("activations neither overflow nor turn into nan far out", "[autodiff][functions]") {
  struct Case {
    Tensor (*f)(const Tensor&);
    std::vector<double> right, left;  // value, first and second derivative at 800 and −800
  };
  const std::vector<Case> cases{
      {adatom::tanh, {1, 0, 0}, {-1, 0, 0}}, {sigmoid, {1, 0, 0}, {0, 0, 0}}, {softplus, {800, 1, 0}, {0, 0, 0}},
      {silu, {800, 1, 0}, {0, 0, 0}},        {gelu, {800, 1, 0}, {0, 0, 0}},  {relu, {800, 1, 0}, {0, 0, 0}},
      {erf, {1, 0, 0}, {-1, 0, 0}},
  };
  for (const Case& c : cases) {
    CHECK(derivatives(c.f, 800, 2) == c.right);
    const std::vector<double> left = derivatives(c.f, -800, 2);
    for (std::size_t i = 0; i < 3; ++i) CHECK(left[i] == Approx(c.left[i]).margin(1e-300));
    for (const double x : {-1e200, -1e100, -1e3, -40.0, 40.0, 1e3, 1e100, 1e200}) {
      for (const double value : derivatives(c.f, x, 3)) CHECK(std::isfinite(value));
    }
  }
}

TEST_CASE("outside their domain functions give what IEEE says", "[autodiff][functions]") {
  CHECK(std::isnan(log(Tensor(-1.0)).item()));
  CHECK(log(Tensor(0.0)).item() == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(sqrt(Tensor(-1.0)).item()));
  for (const auto f : {exp, log, sqrt, abs, sin, adatom::tanh, sigmoid, softplus, relu, silu, gelu}) {
    CHECK(std::isnan(f(Tensor(std::nan(""))).item()));
  }
}
