#include "nn/optimizers.hpp"

#include <cmath>
#include <limits>
#include <memory>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "nn/losses.hpp"
#include "nn/mlp.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// One parameter of three numbers, and the gradients of five steps.
const std::vector<double> start{0.5, -1.0, 2.0};
const std::vector<std::vector<double>> slopes{
    {0.3, -2.0, 1e-3}, {-0.1, 0.5, 2e-3}, {0.0, 0.0, 0.0}, {4.0, -4.0, 1.0}, {0.2, 0.1, -0.3}};

Parameters parameters() { return {{"w", Tensor::variable({3}, start)}}; }

/// The weights after the five steps.
std::vector<double> moved_by(Optimizer& optimizer) {
  for (const auto& slope : slopes) {
    const Tensor gradient = Tensor::constant({3}, slope);
    optimizer.step(std::span(&gradient, 1));
  }
  return flatten(optimizer.parameters());
}

/// The same with a scalar rule w = rule(w, g, t), t = 1, 2, …, called for one element after the other.
template <class MakeRule>
std::vector<double> moved_by_rule(MakeRule make_rule) {
  std::vector<double> result;
  for (std::size_t i = 0; i < start.size(); ++i) {
    auto rule = make_rule();
    double w = start[i];
    for (std::size_t t = 0; t < slopes.size(); ++t) w = rule(w, slopes[t][i], static_cast<double>(t + 1));
    result.push_back(w);
  }
  return result;
}

void check_equal(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(1e-14));
}

}  // namespace

// Each rule written once more, as in the paper, element by element.

TEST_CASE("sgd follows its formula", "[nn][optimizers]") {
  for (const double momentum : {0.0, 0.9}) {
    for (const bool nesterov : {false, true}) {
      if (nesterov && momentum == 0.0) continue;
      Sgd sgd(parameters(), {.learning_rate = 0.1, .momentum = momentum, .nesterov = nesterov, .weight_decay = 0.01});
      check_equal(moved_by(sgd), moved_by_rule([&] {
                    return [=, v = 0.0](double w, double g, double) mutable {
                      g += 0.01 * w;
                      v = momentum * v + g;
                      return w - 0.1 * (nesterov ? g + momentum * v : v);
                    };
                  }));
    }
  }
}

TEST_CASE("adam and adamw follow their formulas", "[nn][optimizers]") {
  const AdamOptions options{.learning_rate = 0.02, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-6, .weight_decay = 0.1};
  for (const bool decoupled : {false, true}) {
    std::unique_ptr<Optimizer> optimizer;
    if (decoupled) {
      optimizer = std::make_unique<AdamW>(parameters(), options);
    } else {
      optimizer = std::make_unique<Adam>(parameters(), options);
    }
    check_equal(moved_by(*optimizer), moved_by_rule([&] {
                  return [=, m = 0.0, v = 0.0](double w, double g, double t) mutable {
                    if (decoupled) {
                      w *= 1.0 - 0.02 * 0.1;
                    } else {
                      g += 0.1 * w;
                    }
                    m = 0.8 * m + 0.2 * g;
                    v = 0.95 * v + 0.05 * g * g;
                    const double m_hat = m / (1.0 - std::pow(0.8, t)), v_hat = v / (1.0 - std::pow(0.95, t));
                    return w - 0.02 * m_hat / (std::sqrt(v_hat) + 1e-6);
                  };
                }));
  }
}

TEST_CASE("rmsprop and adagrad follow their formulas", "[nn][optimizers]") {
  Rmsprop rmsprop(parameters(), {.learning_rate = 0.03, .decay = 0.9});
  check_equal(moved_by(rmsprop), moved_by_rule([] {
                return [v = 0.0](double w, double g, double) mutable {
                  v = 0.9 * v + 0.1 * g * g;
                  return w - 0.03 * g / (std::sqrt(v) + 1e-8);
                };
              }));
  Adagrad adagrad(parameters(), {.learning_rate = 0.03});
  check_equal(moved_by(adagrad), moved_by_rule([] {
                return [v = 0.0](double w, double g, double) mutable {
                  v += g * g;
                  return w - 0.03 * g / (std::sqrt(v) + 1e-10);
                };
              }));
}

TEST_CASE("adam's first step has the length of the learning rate", "[nn][optimizers]") {
  // With bias correction m̂/√v̂ = ±1 at the first step whatever the gradient's size; without it, 0.1/√0.001 ≈ 3.16.
  Adam adam(parameters(), {.learning_rate = 0.01});
  const Tensor gradient = Tensor::constant({3}, {1e-3, -50.0, 7.0});
  adam.step(std::span(&gradient, 1));
  const auto moved = flatten(adam.parameters());
  CHECK(start[0] - moved[0] == Approx(0.01).epsilon(1e-4));  // ε = 1e-8 beside 1e-3
  CHECK(start[1] - moved[1] == Approx(-0.01).epsilon(1e-8));
  CHECK(start[2] - moved[2] == Approx(0.01).epsilon(1e-8));
}

TEST_CASE("the learning rate of the moment is used", "[nn][optimizers]") {
  Sgd sgd(parameters(), {.learning_rate = 0.1});
  sgd.set_learning_rate(0.25);
  const Tensor gradient = Tensor::constant({3}, {1.0, 1.0, 1.0});
  sgd.step(std::span(&gradient, 1));
  CHECK(flatten(sgd.parameters()) == std::vector<double>{0.25, -1.25, 1.75});
  CHECK(sgd.learning_rate() == 0.25);
  CHECK(sgd.steps() == 1);
}

TEST_CASE("all optimisers find a minimum", "[nn][optimizers]") {
  const auto train = [](auto make) {
    Tensor x = Tensor::variable({2}, {3.0, -2.0});
    auto optimizer = make(Parameters{{"x", x}});
    double loss = 0.0;
    for (int step = 0; step < 2000; ++step) loss = optimizer.step(sum(square(x - Tensor::constant({2}, {1.0, 2.0}))));
    return loss;
  };
  CHECK(train([](Parameters p) { return Sgd(std::move(p), {.learning_rate = 0.05}); }) < 1e-20);
  CHECK(train([](Parameters p) { return Sgd(std::move(p), {.learning_rate = 0.05, .momentum = 0.5}); }) < 1e-20);
  CHECK(train([](Parameters p) { return Adam(std::move(p), {.learning_rate = 0.05}); }) < 1e-8);
  CHECK(train([](Parameters p) { return AdamW(std::move(p), {.learning_rate = 0.05, .weight_decay = 0.0}); }) < 1e-8);
  CHECK(train([](Parameters p) { return Rmsprop(std::move(p), {.learning_rate = 0.01}); }) < 1e-3);
  CHECK(train([](Parameters p) { return Adagrad(std::move(p), {.learning_rate = 0.5}); }) < 1e-8);
}

TEST_CASE("options out of range are refused by name", "[nn][optimizers]") {
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  for (const double rate : {0.0, -1e-3, nan, infinity}) {
    CHECK_THROWS_AS(Adam(parameters(), {.learning_rate = rate}), InputError);
    CHECK_THROWS_AS(Sgd(parameters(), {.learning_rate = rate}), InputError);
    CHECK_THROWS_AS(Rmsprop(parameters(), {.learning_rate = rate}), InputError);
    CHECK_THROWS_AS(Adagrad(parameters(), {.learning_rate = rate}), InputError);
  }
  CHECK_THROWS_WITH(Adam(parameters(), {.learning_rate = nan}),
                    ContainsSubstring("adam: learning_rate is nan, expected a finite number > 0"));
  CHECK_THROWS_WITH(Adam(parameters(), {.beta1 = 1.0}), ContainsSubstring("beta1 is 1, expected 0 <= beta1 < 1"));
  CHECK_THROWS_WITH(AdamW(parameters(), {.beta2 = 1.5}), ContainsSubstring("adamw: beta2 is 1.5"));
  CHECK_THROWS_AS(Adam(parameters(), {.beta1 = -0.1}), InputError);
  CHECK_THROWS_AS(Adam(parameters(), {.epsilon = 0.0}), InputError);
  CHECK_THROWS_AS(Adam(parameters(), {.weight_decay = -1.0}), InputError);
  CHECK_THROWS_AS(Sgd(parameters(), {.momentum = 1.0}), InputError);
  CHECK_THROWS_AS(Sgd(parameters(), {.nesterov = true}), InputError);
  CHECK_THROWS_AS(Rmsprop(parameters(), {.decay = 1.0}), InputError);
  CHECK_THROWS_AS(Adagrad(parameters(), {.epsilon = nan}), InputError);
  Adam adam(parameters());
  CHECK_THROWS_AS(adam.set_learning_rate(-1.0), InputError);
  CHECK_THROWS_AS(adam.set_learning_rate(nan), InputError);
  CHECK_NOTHROW(adam.set_learning_rate(0.0));
}

TEST_CASE("parameters that cannot be trained are refused", "[nn][optimizers]") {
  CHECK_THROWS_WITH(Adam(Parameters{}), ContainsSubstring("no parameters"));
  CHECK_THROWS_WITH(Adam({{"c", Tensor::zeros({2})}}), ContainsSubstring("'c' is not a variable"));
  const Tensor x = Tensor::variable({1}, {1.0});
  CHECK_THROWS_AS(Adam({{"y", x * x}}), InputError);
  CHECK_THROWS_AS(Adam({{"empty", Tensor()}}), InputError);
  CHECK_THROWS_WITH(Adam({{"a", x}, {"b", x}}), ContainsSubstring("'b' is listed twice"));
}

TEST_CASE("mistakes in the loss are found", "[nn][optimizers]") {
  const Tensor x = Tensor::variable({2}, {1.0, 2.0});
  Adam adam({{"x", x}});
  CHECK_THROWS_AS(adam.step(square(x)), ShapeError);
  CHECK_THROWS_WITH(adam.step(sum(square(x.detach()))), ContainsSubstring("does not depend on any parameter"));
  {
    const NoGrad no_grad;
    CHECK_THROWS_AS(adam.step(sum(square(x))), ShapeError);
  }
  const Tensor elsewhere = Tensor::variable({2}, {1.0, 2.0});  // of another model
  CHECK_THROWS_WITH(adam.step(sum(square(elsewhere))), ContainsSubstring("does not depend on any parameter"));
  const Tensor wrong = Tensor::zeros({3});
  CHECK_THROWS_WITH(adam.step(std::span(&wrong, 1)),
                    ContainsSubstring("the gradient of 'x' has shape (3), the parameter (2)"));
  CHECK_THROWS_AS(adam.step(std::span<const Tensor>()), ShapeError);
  CHECK(adam.steps() == 0);
  // A minimum is no mistake, nor is a parameter that one loss has no use for.
  const Tensor flat = Tensor::variable({2}, {0.0, 0.0});
  Adam all({{"x", x}, {"flat", flat}});
  CHECK(all.step(sum(square(flat) * elsewhere)) == 0.0);
  CHECK(all.steps() == 1);
}

TEST_CASE("divergence is reported with the loss before it", "[nn][optimizers]") {
  Tensor x = Tensor::variable({}, {1.0});
  Sgd sgd({{"x", x}}, {.learning_rate = 1e20});
  const auto train = [&] {
    for (int step = 0; step < 100; ++step) sgd.step(square(square(x)));
  };
  CHECK_THROWS_AS(train(), NumericalError);
  // x = 1, -4e20, 2.6e82, -7e267 (loss: 1, 2.6e82, inf): seen at the third step.
  Tensor y = Tensor::variable({}, {1.0});
  Sgd again({{"y", y}}, {.learning_rate = 1e20});
  again.step(square(square(y)));
  again.step(square(square(y)));
  const double last = y.item();
  CHECK_THROWS_WITH(again.step(square(square(y))),
                    ContainsSubstring("loss became non-finite at step 3 (loss 2.56e+82") &&
                        ContainsSubstring("the step before): lower the learning rate"));
  CHECK(y.item() == last);
  CHECK(again.steps() == 2);
}

TEST_CASE("a loss that is not finite from the start is told apart", "[nn][optimizers]") {
  Tensor x = Tensor::variable({}, {-1.0});
  Adam adam({{"x", x}});
  CHECK_THROWS_WITH(adam.step(log(x)), ContainsSubstring("at step 1, before any update: check the data"));
  CHECK(x.item() == -1.0);
}

TEST_CASE("divergence is reported with clipping and after resuming too", "[nn][optimizers]") {
  Tensor x = Tensor::variable({}, {1e150});
  Adam adam({{"x", x}}, {.learning_rate = 1e160});
  adam.step(adam.gradients(square(x)));  // the way of clipped gradients
  CHECK_THROWS_WITH(adam.gradients(square(x)), ContainsSubstring("non-finite at step 2 (loss 1e+300 the step before)"));
  Tensor elsewhere = Tensor::variable({}, {1.0});
  Adam resumed({{"x", elsewhere}});
  resumed.step(square(elsewhere));  // a loss that has nothing to do with the state taken over
  resumed.set_state(adam.state());
  CHECK_THROWS_WITH(resumed.step(square(elsewhere) * square(x)),
                    ContainsSubstring("loss became non-finite at step 2: lower the learning rate"));
}

TEST_CASE("a gradient that is not finite does not reach the parameters", "[nn][optimizers]") {
  Tensor x = Tensor::variable({1}, {0.0});
  Tensor y = Tensor::variable({1}, {1.0});
  Adam adam({{"y", y}, {"x", x}});
  CHECK_THROWS_WITH(adam.step(sum(pow(x, 0.5) + y)), ContainsSubstring("gradient of 'x' became non-finite at step 1"));
  CHECK(x.item() == 0.0);
  CHECK(y.item() == 1.0);
  Tensor z = Tensor::variable({4}, {1.0, 1.0, 1.0, 1.0});  // finite gradients, though not their sum
  Adam other({{"z", z}});
  const Tensor slope = Tensor::full({4}, 1e308);
  CHECK_NOTHROW(other.step(std::span(&slope, 1)));
}

TEST_CASE("numbers shared with a detached tensor are not changed behind its back", "[nn][optimizers]") {
  Tensor x = Tensor::variable({2}, {1.0, 2.0});
  const Tensor kept = x.detach();
  Adam adam({{"x", x}}, {.learning_rate = 0.1});
  adam.step(sum(square(x)));
  CHECK(kept.values()[0] == 1.0);
  CHECK(x.values()[0] == Approx(0.9));
}

TEST_CASE("optimiser state goes from one to another", "[nn][optimizers]") {
  Adam a(parameters());
  moved_by(a);
  const OptimizerState state = a.state();
  CHECK(state.optimizer == "adam");
  CHECK(state.steps == 5);
  REQUIRE(state.arrays.size() == 2);
  CHECK(state.arrays[0].name == "w.first_moment");
  CHECK(state.arrays[1].name == "w.second_moment");

  Parameters copy{{"w", Tensor::variable({3}, a.parameters()[0].value.values())}};
  Adam b(copy);
  b.set_state(state);
  CHECK(moved_by(a) == moved_by(b));

  Sgd plain(parameters());
  CHECK(plain.state().arrays.empty());
  CHECK_THROWS_WITH(plain.set_state(state), ContainsSubstring("checkpoint has optimizer adam, the run asks for sgd"));
  AdamW decoupled(parameters());
  CHECK_THROWS_AS(decoupled.set_state(state), InputError);
  Adam other({{"w", Tensor::variable({2}, {0.0, 0.0})}});
  CHECK_THROWS_WITH(other.set_state(state),
                    ContainsSubstring("of shape (3), the run asks for 'w.first_moment' of shape (2)"));
  CHECK(other.steps() == 0);
}

TEST_CASE("memory stays flat over many steps", "[nn][optimizers]") {
  Random random(1);
  const std::size_t before = live_nodes();
  {
    const Mlp network({1, 4, 1}, Activation::tanh, random);
    Adam adam(network.parameters());
    const Tensor x = Tensor::constant({3, 1}, {0.0, 0.5, 1.0}), y = Tensor::constant({3, 1}, {1.0, 2.0, 0.0});
    adam.step(mse(network(x), y));
    const std::size_t nodes = live_nodes(), blocks = system_allocations();
    for (int step = 0; step < 1000; ++step) adam.step(mse(network(x), y));
    CHECK(live_nodes() == nodes);
    CHECK(system_allocations() == blocks);
  }
  CHECK(live_nodes() == before);
}
