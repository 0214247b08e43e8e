#include "nn/clipping.hpp"

#include <cmath>

#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

Tensors example() { return {Tensor::constant({2}, {3.0, 0.0}), Tensor::constant({1, 2}, {0.0, -4.0})}; }

}  // namespace

TEST_CASE("clipping by the global norm keeps the direction", "[nn][clipping]") {
  Tensors gradients = example();
  CHECK(global_norm(gradients) == 5.0);
  CHECK(clip_by_global_norm(gradients, 5.0) == 5.0);
  CHECK(gradients[1].values()[1] == -4.0);
  CHECK(clip_by_global_norm(gradients, 2.0) == 5.0);
  CHECK(gradients[0].values()[0] == Approx(1.2).epsilon(1e-15));
  CHECK(gradients[1].values()[1] == Approx(-1.6).epsilon(1e-15));
  CHECK(gradients[1].shape() == Shape{1, 2});
  CHECK(global_norm(gradients) == Approx(2.0).epsilon(1e-15));
}

TEST_CASE("gradients whose squares overflow are clipped, not lost", "[nn][clipping]") {
  Tensors gradients{Tensor::constant({2}, {3e200, 0.0}), Tensor::constant({1}, {-4e200})};
  CHECK(clip_by_global_norm(gradients, 1.0) == Approx(5e200).epsilon(1e-15));
  CHECK(gradients[0].values()[0] == Approx(0.6).epsilon(1e-15));
  CHECK(gradients[1].values()[0] == Approx(-0.8).epsilon(1e-15));
  const Tensors infinite{Tensor(HUGE_VAL)}, undefined{Tensor(std::nan(""))};
  CHECK(global_norm(infinite) == HUGE_VAL);
  CHECK(std::isnan(global_norm(undefined)));
}

TEST_CASE("clipping by value limits every element", "[nn][clipping]") {
  Tensors gradients = example();
  clip_by_value(gradients, 3.5);
  CHECK(gradients[0].values()[0] == 3.0);
  CHECK(gradients[1].values()[1] == -3.5);
}

TEST_CASE("clipping refuses limits that are not positive", "[nn][clipping]") {
  Tensors gradients = example();
  for (const double limit : {0.0, -1.0, std::nan("")}) {
    CHECK_THROWS_AS(clip_by_global_norm(gradients, limit), InputError);
    CHECK_THROWS_AS(clip_by_value(gradients, limit), InputError);
  }
}
