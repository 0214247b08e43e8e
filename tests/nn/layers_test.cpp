#include <cmath>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "nn/mlp.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a linear layer is x W + b", "[nn][layers]") {
  const Linear layer(Tensor::variable({2, 3}, {1, 2, 3, 4, 5, 6}), Tensor::variable({3}, {10, 20, 30}));
  const Tensor y = layer(Tensor::constant({2, 2}, {1, 0, 1, -1}));
  REQUIRE(y.shape() == Shape{2, 3});
  const std::vector<double> expected{11, 22, 33, 7, 17, 27};
  for (std::size_t i = 0; i < 6; ++i) CHECK(y.values()[i] == expected[i]);
}

TEST_CASE("an mlp applies its activation after all layers but the last", "[nn][layers]") {
  Mlp network;
  network.layers.emplace_back(Tensor::variable({1, 2}, {1.0, -2.0}), Tensor::variable({2}, {0.5, 0.25}));
  network.layers.emplace_back(Tensor::variable({2, 1}, {3.0, 4.0}), Tensor::variable({1}, {-1.0}));
  const double x = 0.7;
  const double expected = 3.0 * std::tanh(x + 0.5) + 4.0 * std::tanh(-2.0 * x + 0.25) - 1.0;
  const Tensor input = Tensor::constant({1, 1}, {x});
  CHECK(network(input).item() == Approx(expected).epsilon(1e-14));
  network.output_activation = Activation::tanh;
  CHECK(network(input).item() == Approx(std::tanh(expected)).epsilon(1e-14));
  network.activation = Activation::relu;
  network.output_activation = Activation::identity;
  CHECK(network(input).item() == Approx(3.0 * 1.2 - 1.0).epsilon(1e-14));
}

TEST_CASE("mlp parameters are named and counted in order", "[nn][layers]") {
  Random random(3);
  const Mlp network({6, 8, 1}, Activation::tanh, random);
  const Parameters parameters = network.parameters("C.");
  REQUIRE(parameters.size() == 4);
  CHECK(parameters[0].name == "C.layer1.weight");
  CHECK(parameters[1].name == "C.layer1.bias");
  CHECK(parameters[2].name == "C.layer2.weight");
  CHECK(parameters[3].name == "C.layer2.bias");
  CHECK(count(parameters) == 6 * 8 + 8 + 8 + 1);
  CHECK(network.sizes() == std::vector<std::size_t>{6, 8, 1});
  CHECK(describe_layers(parameters) == "6-8-1");
  Parameters both = parameters;
  append(both, Mlp({4, 3, 3, 1}, Activation::tanh, random).parameters("H."));
  CHECK(describe_layers(both) == "C: 6-8-1, H: 4-3-3-1");
}

TEST_CASE("flatten and assign are inverse", "[nn][layers]") {
  Random random(3);
  const Mlp network({2, 3, 1}, Activation::tanh, random);
  Parameters parameters = network.parameters();
  std::vector<double> values = flatten(parameters);
  REQUIRE(values.size() == 13);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
  assign(parameters, values);
  CHECK(flatten(network.parameters()) == values);  // handles: the network sees it
  CHECK(network.layers[1].bias.values()[0] == 12.0);
  values.pop_back();
  CHECK_THROWS_AS(assign(parameters, values), ShapeError);
}

TEST_CASE("impossible networks are refused", "[nn][layers]") {
  Random random(1);
  CHECK_THROWS_WITH(Mlp({5}, Activation::tanh, random), ContainsSubstring("at least the widths of input and output"));
  CHECK_THROWS_AS(Mlp({}, Activation::tanh, random), InputError);
  CHECK_THROWS_WITH(Mlp({5, 0, 1}, Activation::tanh, random), ContainsSubstring("layer 1 has width 0"));
  CHECK_THROWS_AS(Linear(0, 3, random), InputError);
  const Linear layer(2, 3, random);
  CHECK_THROWS_AS(layer(Tensor::zeros({4, 3})), ShapeError);
}

TEST_CASE("activations and initialisations have names", "[nn][layers]") {
  for (const Activation a : {Activation::identity, Activation::tanh, Activation::sigmoid, Activation::softplus,
                             Activation::relu, Activation::silu, Activation::gelu}) {
    CHECK(activation_named(name(a)) == a);
  }
  for (const Initialization i : {Initialization::glorot_uniform, Initialization::glorot_normal,
                                 Initialization::he_uniform, Initialization::he_normal, Initialization::lecun_uniform,
                                 Initialization::lecun_normal, Initialization::uniform, Initialization::zeros}) {
    CHECK(initialization_named(name(i)) == i);
  }
  CHECK_THROWS_WITH(activation_named("Tanh"),
                    ContainsSubstring("'Tanh'") && ContainsSubstring("identity, tanh, sigmoid"));
  CHECK_THROWS_AS(initialization_named(""), InputError);
}

TEST_CASE("activations apply the function they are named after", "[nn][layers]") {
  const double x = 0.8, sigmoid = 1.0 / (1.0 + std::exp(-x));
  const Tensor at = Tensor::constant({1}, {x});
  CHECK(apply(Activation::identity, at).item() == x);
  CHECK(apply(Activation::tanh, at).item() == Approx(std::tanh(x)).epsilon(1e-14));
  CHECK(apply(Activation::sigmoid, at).item() == Approx(sigmoid).epsilon(1e-14));
  CHECK(apply(Activation::softplus, at).item() == Approx(std::log1p(std::exp(x))).epsilon(1e-14));
  CHECK(apply(Activation::relu, at).item() == x);
  CHECK(apply(Activation::relu, -at).item() == 0.0);
  CHECK(apply(Activation::silu, at).item() == Approx(x * sigmoid).epsilon(1e-14));
  CHECK(apply(Activation::gelu, at).item() == Approx(x * 0.5 * std::erfc(-x / std::sqrt(2.0))).epsilon(1e-14));
}

TEST_CASE("initial weights have the variance of their recipe", "[nn][layers]") {
  struct Case {
    Initialization initialization;
    double variance;
    double limit;  // of the uniform ones
  };
  const double in = 200, out = 300;
  const std::vector<Case> cases{{Initialization::glorot_uniform, 2.0 / (in + out), std::sqrt(6.0 / (in + out))},
                                {Initialization::glorot_normal, 2.0 / (in + out), 1e9},
                                {Initialization::he_uniform, 2.0 / in, std::sqrt(6.0 / in)},
                                {Initialization::he_normal, 2.0 / in, 1e9},
                                {Initialization::lecun_uniform, 1.0 / in, std::sqrt(3.0 / in)},
                                {Initialization::lecun_normal, 1.0 / in, 1e9},
                                {Initialization::uniform, 1.0 / (3.0 * in), std::sqrt(1.0 / in)}};
  for (const Case& c : cases) {
    Random random(7);
    const Tensor weight = initial_weight(c.initialization, 200, 300, random);
    INFO(name(c.initialization));
    REQUIRE(weight.shape() == Shape{200, 300});
    CHECK(weight.requires_grad());
    double mean = 0.0, square = 0.0, largest = 0.0;
    for (const double w : weight.values()) {
      mean += w / 60000.0;
      square += w * w / 60000.0;
      largest = std::max(largest, std::abs(w));
    }
    // The relative error of a variance from 60000 normal values is √(2/60000) = 0.6 %; five times that is allowed.
    CHECK(square == Approx(c.variance).epsilon(0.03));
    CHECK(std::abs(mean) < 5.0 * std::sqrt(c.variance / 60000.0));
    CHECK(largest <= c.limit);
    const Tensor bias = initial_bias(c.initialization, 200, 300, random);
    CHECK((bias.values()[7] != 0.0) == (c.initialization == Initialization::uniform));
  }
  Random random(1);
  CHECK(flatten({{"w", initial_weight(Initialization::zeros, 2, 2, random)}}) == std::vector<double>(4, 0.0));
}

TEST_CASE("the same seed gives the same network", "[nn][layers]") {
  Random a(11), b(11), c(12);
  const auto values = [](Random& random) { return flatten(Mlp({3, 4, 1}, Activation::tanh, random).parameters()); };
  const auto first = values(a);
  CHECK(first == values(b));
  CHECK(first != values(c));
}

TEST_CASE("forces from a network can be trained on", "[nn][layers]") {
  // The second derivative through all layers against a central difference of the first.
  Random random(5);
  for (const Activation activation : {Activation::tanh, Activation::silu, Activation::softplus, Activation::gelu}) {
    const Mlp network({2, 4, 1}, activation, random);
    const Tensor x = Tensor::variable({3, 2}, {0.1, -0.4, 0.9, 0.3, -0.7, 0.2});
    const auto force_loss = [&] {
      const Tensor slope = grad(sum(network(x)), {x})[0];
      return sum(slope * slope);
    };
    Tensor weight = network.layers[0].weight;
    const Tensor exact = grad(force_loss(), {weight})[0];
    const std::vector<double> start(weight.values().begin(), weight.values().end());
    for (std::size_t i = 0; i < start.size(); ++i) {
      const double step = 1e-4;
      const auto at = [&](double shift) {
        std::vector<double> moved = start;
        moved[i] += shift;
        weight.assign(moved);
        return force_loss().item();
      };
      const double difference = (8.0 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12.0 * step);
      weight.assign(start);
      INFO(name(activation) << " weight " << i);
      CHECK(exact.values()[i] == Approx(difference).epsilon(1e-8).margin(1e-9));
    }
  }
}
