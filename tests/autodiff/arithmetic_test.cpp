#include "autodiff/arithmetic.hpp"

#include <cmath>
#include <limits>

#include "autodiff/functions.hpp"
#include "autodiff/selection.hpp"
#include "core/error.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Named {
  const char* name;
  Tensor (*f)(const Tensor&, const Tensor&);
  double (*plain)(double, double);
};

double share(double a, double b) { return a > b ? a : b; }

const std::vector<Named> binary_operations{
    {"add", [](const Tensor& a, const Tensor& b) { return a + b; }, [](double a, double b) { return a + b; }},
    {"subtract", [](const Tensor& a, const Tensor& b) { return a - b; }, [](double a, double b) { return a - b; }},
    {"multiply", [](const Tensor& a, const Tensor& b) { return a * b; }, [](double a, double b) { return a * b; }},
    {"divide", [](const Tensor& a, const Tensor& b) { return a / b; }, [](double a, double b) { return a / b; }},
    {"pow", [](const Tensor& a, const Tensor& b) { return pow(a, b); },
     [](double a, double b) { return std::pow(a, b); }},
    {"maximum", [](const Tensor& a, const Tensor& b) { return maximum(a, b); }, share},
    {"minimum", [](const Tensor& a, const Tensor& b) { return minimum(a, b); },
     [](double a, double b) { return a < b ? a : b; }},
};

/// Element `index` of x as seen from a result of shape `shape`, by the definition of broadcasting.
double element(const Tensor& x, const Shape& shape, std::size_t index) {
  std::size_t position = 0, step = 1;
  for (std::size_t axis = shape.rank(), mine = x.rank(); mine-- > 0;) {
    --axis;
    const std::size_t here = index % shape[axis];
    index /= shape[axis];
    if (x.shape()[mine] != 1) position += here * step;
    step *= x.shape()[mine];
  }
  return x.values()[position];
}

}  // namespace

TEST_CASE("binary operations broadcast in all ways", "[autodiff][arithmetic]") {
  // Left, right and result shapes: NumPy 1.26's np.broadcast_shapes.
  struct Case {
    Shape left, right, result;
  };
  const std::vector<Case> cases{
      {{}, {}, {}},
      {{1}, {}, {1}},
      {{3}, {}, {3}},
      {{}, {2, 3}, {2, 3}},
      {{2, 3}, {3}, {2, 3}},
      {{2, 1}, {2, 3}, {2, 3}},
      {{2, 1}, {1, 3}, {2, 3}},
      {{1}, {2, 3}, {2, 3}},
      {{1, 1, 1}, {2, 3}, {1, 2, 3}},
      {{2, 1, 3, 1}, {4, 1, 2}, {2, 4, 3, 2}},
      {{2, 3, 4}, {2, 1, 4}, {2, 3, 4}},
      {{0}, {1}, {0}},
      {{2, 0}, {2, 1}, {2, 0}},
      {{0, 3}, {3}, {0, 3}},
  };
  for (const auto& [left, right, result] : cases) {
    const Tensor a = random_variable(left, 1, 0.5, 1.5), b = random_variable(right, 2, 1.6, 2.5);
    for (const auto& [name, f, plain] : binary_operations) {
      INFO(name << " of " << to_string(left) << " and " << to_string(right));
      const Tensor y = f(a, b);
      REQUIRE(y.shape() == result);
      for (std::size_t i = 0; i < y.size(); ++i) {
        REQUIRE(y.values()[i] == Approx(plain(element(a, result, i), element(b, result, i))).epsilon(1e-14));
      }
      check_derivatives([&](const auto& x) { return f(x[0], x[1]); }, {a, b}, y.size() > 20 ? 2 : 3, 1e-8);
      check_derivatives([&](const auto& x) { return f(x[0], b.detach()); }, {a}, 1);
      check_derivatives([&](const auto& x) { return f(a.detach(), x[0]); }, {b}, 1);
    }
  }
}

TEST_CASE("an operation with itself adds both gradients", "[autodiff][arithmetic]") {
  const Tensor x = Tensor::variable({3}, {1, 2, 3});
  CHECK(numbers(grad(sum(x + x), {x})[0]) == std::vector<double>{2, 2, 2});
  CHECK(numbers(grad(sum(x - x), {x})[0]) == std::vector<double>{0, 0, 0});
  CHECK(numbers(grad(sum(x * x), {x})[0]) == std::vector<double>{2, 4, 6});
  CHECK(numbers(grad(sum(x / x), {x})[0]) == std::vector<double>{0, 0, 0});
}

TEST_CASE("plain numbers on either side", "[autodiff][arithmetic]") {
  const Tensor x = Tensor::variable({2}, {2, -4});
  CHECK(numbers(x + 1.5) == std::vector<double>{3.5, -2.5});
  CHECK(numbers(1.5 + x) == std::vector<double>{3.5, -2.5});
  CHECK(numbers(x - 1.5) == std::vector<double>{0.5, -5.5});
  CHECK(numbers(1.5 - x) == std::vector<double>{-0.5, 5.5});
  CHECK(numbers(x * 1.5) == std::vector<double>{3, -6});
  CHECK(numbers(1.5 * x) == std::vector<double>{3, -6});
  CHECK(numbers(x / 2) == std::vector<double>{1, -2});
  CHECK(numbers(2 / x) == std::vector<double>{1, -0.5});
  CHECK(numbers(-x) == std::vector<double>{-2, 4});
  const auto f = [](const auto& v) { return (2 / (3 - v[0]) - 1) * (1.5 * (0.5 + v[0]) - v[0] * 3 + 1) / 0.7; };
  check_derivatives(f, {random_variable({4}, 3)});
}

TEST_CASE("division by zero gives what IEEE says", "[autodiff][arithmetic]") {
  const Tensor y = Tensor::constant({3}, {1, -1, 0}) / Tensor::zeros({3});
  CHECK(y.values()[0] == std::numeric_limits<double>::infinity());
  CHECK(y.values()[1] == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(y.values()[2]));
}

TEST_CASE("shapes that do not match are refused by name", "[autodiff][arithmetic][errors]") {
  const Tensor a = Tensor::zeros({2, 3}), b = Tensor::zeros({4, 3});
  CHECK_THROWS_MATCHES(a + b, ShapeError, Catch::Matchers::Predicate<ShapeError>([](const ShapeError& error) {
                         const std::string text = error.what();
                         return text.find("add") == 0 && text.find("(2, 3)") != text.npos &&
                                text.find("(4, 3)") != text.npos;
                       }));
  CHECK_THROWS_WITH(a - b, ContainsSubstring("subtract"));
  CHECK_THROWS_WITH(a * b, ContainsSubstring("multiply"));
  CHECK_THROWS_WITH(a / b, ContainsSubstring("divide"));
  CHECK_THROWS_WITH(pow(a, b), ContainsSubstring("pow"));
  CHECK_THROWS_WITH(maximum(a, b), ContainsSubstring("maximum"));
}

TEST_CASE("fixed powers", "[autodiff][arithmetic]") {
  for (const double p :
       {0.0, 1.0, 2.0, 3.0, 5.0, 6.0, 12.0, 16.0, 17.0, -1.0, -2.0, -6.0, -7.0, 0.5, 1.5, 2.5, -0.5, -2.5}) {
    INFO("exponent " << p);
    const Tensor x = random_variable({5}, 4, 0.8, 1.4);
    for (std::size_t i = 0; i < 5; ++i) {
      REQUIRE(pow(x, p).values()[i] == Approx(std::pow(x.values()[i], p)).epsilon(1e-14));
    }
    // Against differences only up to the exponent 6: their truncation error grows with the seventh derivative.
    if (std::abs(p) > 6) continue;
    check_derivatives([&](const auto& v) { return pow(v[0], p) + 0.0 * v[0]; }, {x}, 3, 1e-7);
  }
  for (const double p : {7.0, 12.0, 17.0, -7.0}) {
    const Tensor x = Tensor::variable({}, {1.3});
    const Tensor first = grad(pow(x, p), {x})[0], second = grad(first, {x})[0], third = grad(second, {x})[0];
    CHECK(first.item() == Approx(p * std::pow(1.3, p - 1)).epsilon(1e-14));
    CHECK(second.item() == Approx(p * (p - 1) * std::pow(1.3, p - 2)).epsilon(1e-14));
    CHECK(third.item() == Approx(p * (p - 1) * (p - 2) * std::pow(1.3, p - 3)).epsilon(1e-14));
  }
  // Negative bases with whole exponents.
  check_derivatives([](const auto& v) { return pow(v[0], 3) + pow(v[0], -2); }, {random_variable({5}, 5, -1.5, -0.7)},
                    3, 1e-7);
}

TEST_CASE("powers at zero have finite derivatives where the function has", "[autodiff][arithmetic]") {
  const auto derivatives = [](double p) {
    const Tensor x = Tensor::variable({}, {0.0});
    std::vector<double> values{pow(x, p).item()};
    Tensor y = pow(x, p);
    for (int order = 1; order <= 3; ++order) {
      y = y.requires_grad() ? grad(y, {x})[0] : Tensor(0.0);
      values.push_back(y.item());
    }
    return values;
  };
  CHECK(derivatives(0) == std::vector<double>{1, 0, 0, 0});
  CHECK(derivatives(1) == std::vector<double>{0, 1, 0, 0});
  CHECK(derivatives(2) == std::vector<double>{0, 0, 2, 0});
  CHECK(derivatives(3) == std::vector<double>{0, 0, 0, 6});
  CHECK(derivatives(4) == std::vector<double>{0, 0, 0, 0});
  CHECK(derivatives(1.5)[1] == 0);
  CHECK(derivatives(2.5)[2] == 0);
}

TEST_CASE("powers of tensors at the border of their domain", "[autodiff][arithmetic]") {
  const Tensor a = Tensor::variable({6}, {0, 0, 0, -2, -2, 3}), b = Tensor::variable({6}, {0, 1, 2, 2, 0.5, 0});
  const Tensor y = pow(a, b);
  for (std::size_t i = 0; i < 6; ++i) {
    const double expected = std::pow(a.values()[i], b.values()[i]);
    CHECK((y.values()[i] == expected || (std::isnan(expected) && std::isnan(y.values()[i]))));
  }
  const Tensors g = grad(sum(y), {a, b});
  // b a^(b−1), except that 0^0 counts as the constant 1.
  CHECK(g[0].values()[0] == 0);
  CHECK(g[0].values()[1] == 1);
  CHECK(g[0].values()[2] == 0);
  CHECK(g[0].values()[3] == -4);
  CHECK(g[0].values()[5] == 0);
  // a^b log a, whose limit for a → 0 is 0.
  CHECK(g[1].values()[0] == 0);
  CHECK(g[1].values()[1] == 0);
  CHECK(g[1].values()[2] == 0);
  CHECK(g[1].values()[5] == Approx(std::log(3.0)).epsilon(1e-15));
}

TEST_CASE("minimum and maximum share the gradient of equal values", "[autodiff][selection]") {
  const Tensor a = Tensor::variable({3}, {1, 2, 3}), b = Tensor::variable({3}, {2, 2, 2});
  const Tensors high = grad(sum(maximum(a, b)), {a, b}), low = grad(sum(minimum(a, b)), {a, b});
  CHECK(numbers(high[0]) == std::vector<double>{0, 0.5, 1});
  CHECK(numbers(high[1]) == std::vector<double>{1, 0.5, 0});
  CHECK(numbers(low[0]) == std::vector<double>{1, 0.5, 0});
  CHECK(numbers(low[1]) == std::vector<double>{0, 0.5, 1});
  CHECK(numbers(grad(sum(maximum(a, 2.0)), {a})[0]) == std::vector<double>{0, 0.5, 1});
}

TEST_CASE("clip stops gradients outside its limits", "[autodiff][selection]") {
  const Tensor x = Tensor::variable({5}, {-3, -1, 0.5, 1, 4});
  const Tensor y = clip(x, -1, 1);
  CHECK(numbers(y) == std::vector<double>{-1, -1, 0.5, 1, 1});
  CHECK(numbers(grad(sum(y), {x})[0]) == std::vector<double>{0, 1, 1, 1, 0});
  CHECK(std::isnan(clip(Tensor(std::nan("")), 0, 1).item()));
  CHECK_THROWS_AS(clip(x, 2, 1), ShapeError);
}

TEST_CASE("where chooses and broadcasts", "[autodiff][selection]") {
  const Tensor condition = Tensor::constant({2, 1}, {1, 0});
  const Tensor a = random_variable({3}, 6), b = random_variable({2, 3}, 7);
  const Tensor y = where(condition, a, b);
  CHECK(y.shape() == Shape{2, 3});
  for (std::size_t j = 0; j < 3; ++j) {
    CHECK(y.values()[j] == a.values()[j]);
    CHECK(y.values()[3 + j] == b.values()[3 + j]);
  }
  check_derivatives([&](const auto& x) { return where(condition, x[0] * x[0] * x[0], x[1] * x[1]); }, {a, b});
  CHECK(where(Tensor::zeros({0}), Tensor::zeros({0}), 1.0).shape() == Shape{0});
  CHECK_THROWS_WITH(where(condition, Tensor::zeros({3, 3}), b), ContainsSubstring("where"));
}

TEST_CASE("no gradient flows through the value not chosen", "[autodiff][selection]") {
  const Tensor x = Tensor::variable({2}, {0, 4});
  // log 0 is −inf with slope inf, but is not chosen.
  const Tensor safe = where(x, x, 1.0);
  const Tensor y = where(x, log(safe), 0.0);
  CHECK(numbers(grad(sum(y), {x})[0]) == std::vector<double>{0, 0.25});
  const Tensor bad = Tensor::variable({2}, {std::nan(""), std::numeric_limits<double>::infinity()});
  CHECK(numbers(grad(sum(where(0.0, bad, 1.0)), {bad})[0]) == std::vector<double>{0, 0});
}
