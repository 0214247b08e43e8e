#include "nn/averaging.hpp"

#include <cmath>

#include "core/error.hpp"
#include "nn/early_stopping.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("the average is free of the bias of its start", "[nn][averaging]") {
  Tensor x = Tensor::variable({2}, {5.0, -3.0});
  ParameterAverage average({{"x", x}}, 0.99);
  CHECK(average.average() == std::vector<double>{5.0, -3.0});
  for (int i = 0; i < 3; ++i) {
    average.update();
    // Of constant values the average is that value, after any number of updates.
    CHECK(average.average()[0] == Approx(5.0).epsilon(1e-13));
    CHECK(average.average()[1] == Approx(-3.0).epsilon(1e-13));
  }
}

TEST_CASE("the average weighs recent values by powers of the decay", "[nn][averaging]") {
  Tensor x = Tensor::variable({1}, {1.0});
  ParameterAverage average({{"x", x}}, 0.5);
  double numerator = 0.0, denominator = 0.0;
  for (const double value : {1.0, 4.0, -2.0, 8.0}) {
    x.assign(std::vector<double>{value});
    average.update();
    numerator = 0.5 * numerator + value;
    denominator = 0.5 * denominator + 1.0;
    CHECK(average.average()[0] == Approx(numerator / denominator).epsilon(1e-14));
  }
  CHECK(average.updates() == 4);
}

TEST_CASE("averages can be tried and taken back", "[nn][averaging]") {
  Tensor x = Tensor::variable({1}, {1.0});
  ParameterAverage average({{"x", x}}, 0.5);
  average.update();
  x.assign(std::vector<double>{4.0});
  average.update();
  const std::vector<double> present = average.apply();
  CHECK(present == std::vector<double>{4.0});
  CHECK(x.item() == Approx(3.0).epsilon(1e-14));  // (0.5 · 1 + 4) / 1.5
  average.restore(present);
  CHECK(x.item() == 4.0);
  CHECK_THROWS_AS(average.restore(std::vector<double>{1.0, 2.0}), ShapeError);
}

TEST_CASE("averages refuse a decay out of range", "[nn][averaging]") {
  const Parameters parameters{{"x", Tensor::variable({1}, {1.0})}};
  for (const double decay : {-0.1, 1.0, 2.0, std::nan("")})
    CHECK_THROWS_AS(ParameterAverage(parameters, decay), InputError);
}

TEST_CASE("early stopping waits as long as its patience", "[nn][early_stopping]") {
  EarlyStopping stopping{.patience = 2};
  CHECK_FALSE(stopping.should_stop());
  CHECK(stopping.update(1.0));
  CHECK_FALSE(stopping.update(1.0));
  CHECK_FALSE(stopping.should_stop());
  CHECK(stopping.update(0.5));
  CHECK_FALSE(stopping.update(0.7));
  CHECK_FALSE(stopping.should_stop());
  CHECK_FALSE(stopping.update(std::nan("")));
  CHECK(stopping.should_stop());
  CHECK(stopping.best == 0.5);
  CHECK(stopping.best_update == 3);
}

TEST_CASE("early stopping ignores improvements that are too small", "[nn][early_stopping]") {
  EarlyStopping stopping{.patience = 1, .minimum_change = 0.1};
  CHECK(stopping.update(1.0));
  CHECK_FALSE(stopping.update(0.95));
  CHECK(stopping.should_stop());
  EarlyStopping impatient{.patience = 0};  // as with 1: what improves goes on
  CHECK(impatient.update(1.0));
  CHECK_FALSE(impatient.should_stop());
  CHECK_FALSE(impatient.update(1.0));
  CHECK(impatient.should_stop());
  EarlyStopping never{.patience = 2};
  CHECK_FALSE(never.update(std::nan("")));
  CHECK_FALSE(never.should_stop());
  CHECK_FALSE(never.update(std::nan("")));
  CHECK(never.should_stop());
}
