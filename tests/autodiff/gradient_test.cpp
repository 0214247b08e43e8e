#include "autodiff/gradient.hpp"

#include <cmath>
#include <optional>
#include <thread>
#include <tuple>

#include "autodiff/functions.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/record.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("gradients of any order", "[autodiff][gradient]") {
  const Tensor x = Tensor::variable({}, {0.7});
  Tensor y = exp(2.0 * x) * sin(x);
  // d/dx of e^(2x)(a sin x + b cos x): (a, b) becomes (2a − b, a + 2b).
  double a = 1, b = 0;
  for (int order = 0; order <= 6; ++order) {
    CHECK(y.item() == Approx(std::exp(1.4) * (a * std::sin(0.7) + b * std::cos(0.7))).epsilon(1e-13));
    y = grad(y, {x})[0];
    std::tie(a, b) = std::pair(2 * a - b, a + 2 * b);
  }
}

TEST_CASE("inputs that do not matter get zeros", "[autodiff][gradient]") {
  const Tensor x = Tensor::variable({2}, {1, 2}), unused = Tensor::variable({3}, {1, 2, 3});
  const Tensors g = grad(sum(x), {x, unused});
  CHECK(numbers(g[0]) == std::vector<double>{1, 1});
  CHECK(numbers(g[1]) == std::vector<double>{0, 0, 0});
  CHECK(numbers(grad(Tensor(1.0), {x})[0]) == std::vector<double>{0, 0});
}

TEST_CASE("gradients with respect to intermediate values, and to the output itself", "[autodiff][gradient]") {
  const Tensor x = Tensor::variable({}, {3});
  const Tensor middle = x * x;
  const Tensor y = middle * middle;
  const Tensors g = grad(y, {x, middle, y});
  CHECK(g[0].item() == 108);
  CHECK(g[1].item() == 18);
  CHECK(g[2].item() == 1);
  CHECK(grad(x, {x, x})[1].item() == 1);
}

TEST_CASE("what grad refuses", "[autodiff][gradient][errors]") {
  const Tensor x = Tensor::variable({2}, {1, 2});
  CHECK_THROWS_WITH(grad(x * x, {x}), ContainsSubstring("(2)") && ContainsSubstring("single number"));
  CHECK_THROWS_WITH(grad(sum(x), {x, Tensor::zeros({5})}),
                    ContainsSubstring("input 1") && ContainsSubstring("constant"));
  CHECK_THROWS_WITH(vjp(x, {x}, Tensor::ones({3})), ContainsSubstring("(3)") && ContainsSubstring("(2)"));
}

TEST_CASE("adding up gradients never changes a tensor somebody holds", "[autodiff][gradient]") {
  // The same dy reaches several inputs (add), some through a reshape that shares its memory; all are added to again.
  const Tensor x = Tensor::variable({2}, {1, 2}), z = Tensor::variable({2}, {3, 4});
  const Tensor cotangent = Tensor::constant({2}, {10, 20});
  const Tensor a = x + z;
  const Tensor b = reshape(reshape(a, {2, 1}), {2});
  const Tensor y = a + b + x + a;
  for (const bool constants : {false, true}) {
    std::optional<NoGrad> off;
    if (constants) off.emplace();
    const Tensors g = vjp(y, {x, z, a, b, y}, cotangent);
    CHECK(numbers(g[0]) == std::vector<double>{40, 80});
    CHECK(numbers(g[1]) == std::vector<double>{30, 60});
    CHECK(numbers(g[2]) == std::vector<double>{30, 60});
    CHECK(numbers(g[3]) == std::vector<double>{10, 20});
    CHECK(numbers(g[4]) == std::vector<double>{10, 20});
    CHECK(numbers(cotangent) == std::vector<double>{10, 20});
    CHECK(numbers(x) == std::vector<double>{1, 2});
  }
}

TEST_CASE("adding up spares numbers that a reshaped gradient shares", "[autodiff][gradient]") {
  const Tensor x = Tensor::variable({2}, {1, 2});
  const Tensor a = 3.0 * x, b = reshape(reshape(a, {2, 1}), {2});
  const Tensor cotangent = Tensor::constant({2}, {10, 20});
  // The gradient of b is kept for the caller, and reshaped it is the second part of the gradient of a.
  const Tensors g = vjp(a + b, {x, a, b}, cotangent);
  CHECK(numbers(g[0]) == std::vector<double>{60, 120});
  CHECK(numbers(g[1]) == std::vector<double>{20, 40});
  CHECK(numbers(g[2]) == std::vector<double>{10, 20});
  CHECK(numbers(cotangent) == std::vector<double>{10, 20});
}

TEST_CASE("gradients under NoGrad are constants though pullbacks record on their own", "[autodiff][gradient]") {
  const auto doubled = [](const Tensor& x) {
    return record("doubled", x.shape(), (x + x).buffer(), Input{x, [x](const Tensor&, const Tensor& dy) {
                                                                  const WithGrad on;
                                                                  return dy * (2.0 + 0.0 * x);
                                                                }});
  };
  const Tensor x = Tensor::variable({2}, {1, 2});
  const Tensor y = sum(doubled(x) + doubled(x));
  const NoGrad constants;
  const Tensor slope = grad(y, {x})[0];
  CHECK(numbers(slope) == std::vector<double>{4, 4});
  CHECK_FALSE(slope.requires_grad());
}

TEST_CASE("vector–Jacobian products, Jacobian and Hessian", "[autodiff][gradient]") {
  const auto f = [](const Tensor& x) { return stack({sum(x * x), sum(sin(x))}, 0); };
  const Tensor x = Tensor::variable({3}, {0.1, 0.2, 0.3});
  const Tensor j = jacobian(f, x);
  REQUIRE(j.shape() == Shape{2, 3});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(j.values()[i] == Approx(2 * x.values()[i]).epsilon(1e-15));
    CHECK(j.values()[3 + i] == Approx(std::cos(x.values()[i])).epsilon(1e-15));
  }
  const Tensor pulled = vjp(f(x), {x}, Tensor::constant({2}, {2, -1}))[0];
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(pulled.values()[i] == Approx(2 * j.values()[i] - j.values()[3 + i]).epsilon(1e-15));

  // g = x₀² x₁ + x₁ x₂³ at (1, 2, 3)
  const auto g = [](const Tensor& v) {
    const Tensor v0 = slice(v, 0, 0, 1), v1 = slice(v, 0, 1, 2), v2 = slice(v, 0, 2, 3);
    return sum(v0 * v0 * v1 + v1 * pow(v2, 3));
  };
  const Tensor at = Tensor::constant({3}, {1, 2, 3});
  const std::vector<double> expected{4, 2, 0, 2, 0, 27, 0, 27, 36};
  CHECK(numbers(hessian(g, at)) == expected);
  CHECK(numbers(hessian_vector_product(g, at, Tensor::constant({3}, {1, -1, 2}))) == std::vector<double>{2, 56, 45});
  const ValueAndGrad both = value_and_grad(g, at);
  CHECK(both.value.item() == 56);
  CHECK(numbers(both.gradient) == std::vector<double>{4, 28, 54});
}

TEST_CASE("functions are differentiated within a NoGrad too, to constants", "[autodiff][gradient]") {
  const auto f = [](const Tensor& x) { return sum(x * x * x); };
  for (const Tensor& x : {Tensor::variable({2}, {1, 2}), Tensor::constant({2}, {1, 2})}) {
    const NoGrad constants;
    const ValueAndGrad both = value_and_grad(f, x);
    const Tensor j = jacobian([](const Tensor&at) { return square(at); }, x), h = hessian(f, x),
                 product = hessian_vector_product(f, x, Tensor::constant({2}, {1, -1}));
    CHECK(both.value.item() == 9);
    CHECK(numbers(both.gradient) == std::vector<double>{3, 12});
    CHECK(numbers(j) == std::vector<double>{2, 0, 0, 4});
    CHECK(numbers(h) == std::vector<double>{6, 0, 0, 12});
    CHECK(numbers(product) == std::vector<double>{6, -12});
    for (const Tensor& result : {both.value, both.gradient, j, h, product}) CHECK_FALSE(result.requires_grad());
    CHECK_FALSE(recording());
  }
}

TEST_CASE("a Hessian is symmetric and can be differentiated", "[autodiff][gradient]") {
  const Tensor w = random_variable({3, 4}, 71);
  const auto f = [&](const Tensor& x) { return sum(adatom::tanh(matmul(reshape(x, {1, -1}), w))); };
  const Tensor x = random_variable({3}, 72);
  const Tensor h = hessian(f, x);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) CHECK(h.values()[3 * i + j] == Approx(h.values()[3 * j + i]).epsilon(1e-13));
  }
  check_derivatives([&](const auto& v) { return hessian(f, v[0]); }, {x}, 1, 1e-8);
}

TEST_CASE("functions of no variables and empty gradients", "[autodiff][gradient]") {
  const Tensor x = Tensor::variable({0}, {});
  CHECK(grad(sum(x * x), {x})[0].shape() == Shape{0});
  CHECK(jacobian([](const Tensor& v) { return v * v; }, x).shape() == Shape{0, 0});
}

TEST_CASE("matching forces: the gradient of a loss on gradients", "[autodiff][gradient]") {
  const Tensor x = random_variable({4, 3}, 73), target = random_constant({4, 3}, 74);
  const auto loss = [&](const std::vector<Tensor>& p) {
    const Tensor energy = sum(matmul(adatom::tanh(affine(x, p[0], p[1])), p[2]));
    return sum(square(grad(energy, {x})[0] - target));
  };
  check_derivatives(loss, {random_variable({3, 5}, 75), random_variable({5}, 76), random_variable({5, 1}, 77)}, 2,
                    1e-7);
}

// -- The order of the sweep -------------------------------------------------------------------------------------------

namespace {

/// A number of a graph with its first and second derivative along one direction, carried forward by the rules of
/// school: another way to the same derivatives, in which no order of visits can be wrong.
struct Carried {
  Tensor node;
  double value, slope, curvature;
};

Carried half_sum(const Carried& a, const Carried& b) {
  return {0.5 * (a.node + b.node), 0.5 * (a.value + b.value), 0.5 * (a.slope + b.slope),
          0.5 * (a.curvature + b.curvature)};
}
Carried product(const Carried& a, const Carried& b) {
  return {a.node * b.node, a.value * b.value, a.slope * b.value + a.value * b.slope,
          a.curvature * b.value + 2 * a.slope * b.slope + a.value * b.curvature};
}
Carried sine(const Carried& a) {
  const double s = std::sin(a.value), c = std::cos(a.value);
  return {sin(a.node), s, c * a.slope, c * a.curvature - s * a.slope * a.slope};
}

}  // namespace

TEST_CASE("random graphs, with paths of all lengths between two values", "[autodiff][gradient]") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<Carried> values;
    Tensors xs;
    for (int k = 0; k < 2; ++k) {
      const double x = random.uniform(-1.0, 1.0), direction = random.uniform(0.5, 1.0);
      values.push_back({Tensor::variable({}, {x}), x, direction, 0.0});
      xs.push_back(values.back().node);
    }
    for (int step = 0; step < 40; ++step) {  // anything of anything earlier
      const Carried& a = values[random.below(values.size())];
      const Carried& b = values[random.below(values.size())];
      const std::size_t which = random.below(3);
      values.push_back(which == 0 ? half_sum(a, b) : which == 1 ? product(a, b) : sine(a));
    }
    Carried y = values.back();
    for (std::size_t i = 0; i < values.size(); i += 3)
      y = half_sum(product(y, values[i]), values[values.size() - 1 - i]);

    const auto along = [&](const Tensors& g) { return g[0] * values[0].slope + g[1] * values[1].slope; };
    const Tensor slope = along(grad(y.node, xs)), curvature = along(grad(slope, xs));
    CHECK(y.node.item() == Approx(y.value).epsilon(1e-14));
    CHECK(std::abs(slope.item() - y.slope) < 1e-12 * std::max(1.0, std::abs(y.slope)));
    CHECK(std::abs(curvature.item() - y.curvature) < 1e-12 * std::max(1.0, std::abs(y.curvature)));
  }
}

TEST_CASE("a graph that several threads have built in turn", "[autodiff][gradient]") {
  const auto built = [](bool elsewhere) {
    const Tensor x = Tensor::variable({3}, {0.3, -0.2, 0.9});
    Tensor y = x;
    const auto extend = [&] {
      for (int i = 0; i < 5; ++i) y = sin(y) * x + y;
    };
    for (int turn = 0; turn < 6; ++turn) {
      if (elsewhere && turn % 2 == 1) {
        std::thread(extend).join();
      } else {
        extend();
      }
    }
    const Tensor slope = grad(sum(y), {x})[0];
    return std::pair(numbers(slope), numbers(grad(sum(square(slope)), {x})[0]));
  };
  CHECK(built(true) == built(false));
}
