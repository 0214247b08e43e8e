#include "nn/losses.hpp"

#include <cmath>
#include <limits>

#include "autodiff/arithmetic.hpp"
#include "autodiff/check_gradient.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("losses have their textbook values", "[nn][losses]") {
  const Tensor prediction = Tensor::constant({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const Tensor target = Tensor::constant({2, 2}, {1.5, 2.0, 1.0, 8.0});  // errors -0.5, 0, 2, -4
  CHECK(mse(prediction, target).item() == Approx((0.25 + 4.0 + 16.0) / 4.0).epsilon(1e-15));
  CHECK(mae(prediction, target).item() == Approx(6.5 / 4.0).epsilon(1e-15));
  CHECK(huber(prediction, target, 1.0).item() == Approx((0.125 + 1.5 + 3.5) / 4.0).epsilon(1e-15));
  CHECK(huber(prediction, target, 3.0).item() == Approx((0.125 + 2.0 + 3.0 * 2.5) / 4.0).epsilon(1e-15));
  // -log softmax by hand: logits (0, log 3) give probabilities 1/4 and 3/4.
  const Tensor logits = Tensor::constant({2, 2}, {0.0, std::log(3.0), 0.0, std::log(3.0)});
  CHECK(cross_entropy(logits, {0, 1}).item() == Approx(0.5 * (std::log(4.0) - std::log(0.75))).epsilon(1e-14));
}

TEST_CASE("losses of large numbers do not overflow", "[nn][losses]") {
  const Tensor logits = Tensor::variable({2, 3}, {1000.0, 0.0, -1000.0, 1000.0, 0.0, -1000.0});
  const Tensor loss = cross_entropy(logits, {0, 2});
  CHECK(loss.item() == Approx(1000.0).epsilon(1e-14));
  const Tensor slope = grad(loss, {logits})[0];
  for (const double g : slope.values()) CHECK(std::isfinite(g));
  CHECK(huber(Tensor(1e200), Tensor(0.0), 1.0).item() == Approx(1e200));
}

TEST_CASE("a prediction (n, 1) is not compared with a target (n)", "[nn][losses]") {
  const Tensor column = Tensor::zeros({4, 1}), flat = Tensor::zeros({4});
  CHECK_THROWS_AS(mse(column, flat), ShapeError);
  CHECK_THROWS_WITH(mse(column, flat), ContainsSubstring("mse: the prediction has shape (4, 1), the target (4)"));
  CHECK_THROWS_AS(mae(flat, column), ShapeError);
  CHECK_THROWS_AS(huber(flat, Tensor(1.0)), ShapeError);
  CHECK_THROWS_AS(mse(Tensor::zeros({0}), Tensor::zeros({0})), ShapeError);
}

TEST_CASE("wrong arguments of losses are named", "[nn][losses]") {
  const Tensor logits = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH(cross_entropy(logits, {0, 3}),
                    ContainsSubstring("label 3 of row 1 is out of range, expected 0 to 2"));
  CHECK_THROWS_AS(cross_entropy(logits, {0, 3}), InputError);
  CHECK_THROWS_AS(cross_entropy(logits, {0}), ShapeError);
  CHECK_THROWS_WITH(cross_entropy(Tensor::zeros({2, 1}), {0, 0}), ContainsSubstring("1 class"));
  CHECK_THROWS_AS(cross_entropy(Tensor::zeros({2, 1}), {0, 0}), InputError);
  CHECK_THROWS_AS(cross_entropy(Tensor::zeros({3}), {0, 1, 2}), ShapeError);
  CHECK_THROWS_AS(cross_entropy(Tensor::zeros({0, 3}), Indices(std::vector<std::uint32_t>{})), ShapeError);
  const Tensor x = Tensor::zeros({2});
  CHECK_THROWS_AS(huber(x, x, 0.0), InputError);
  CHECK_THROWS_WITH(huber(x, x, std::nan("")), ContainsSubstring("delta is nan"));
}

TEST_CASE("losses have the right derivatives", "[nn][losses]") {
  const Tensor prediction = Tensor::variable({5, 1}, {0.3, -1.7, 2.2, 0.9, -3.0});
  const Tensor target = Tensor::variable({5, 1}, {0.1, 0.4, 0.5, 1.2, -2.8});
  const Tensor logits = Tensor::variable({3, 4}, {0.3, -1.7, 2.2, 0.9, -3.0, 0.1, 0.4, 0.5, 1.2, -2.8, 0.6, 0.7});
  using Arguments = std::span<const Tensor>;
  const auto check = [](const std::function<Tensor(Arguments)>& f, std::vector<Tensor> at) {
    const CheckResult result = check_gradient(f, at);
    INFO(result.report);
    CHECK(result.passed);
  };
  check([](Arguments x) { return mse(x[0], x[1]); }, {prediction, target});
  check([](Arguments x) { return mae(x[0], x[1]); }, {prediction, target});
  check([](Arguments x) { return huber(x[0], x[1], 1.0); }, {prediction, target});
  check([](Arguments x) { return cross_entropy(x[0], {1, 3, 0}); }, {logits});
}

TEST_CASE("the fused mse equals the composed one in all derivatives", "[nn][losses]") {
  const Tensor prediction = Tensor::variable({3, 2}, {0.3, -1.7, 2.2, 0.9, -3.0, 0.5});
  const Tensor target = Tensor::variable({3, 2}, {0.1, 0.4, 0.5, 1.2, -2.8, 2.0});
  const auto derivatives = [&](const Tensor& loss) {
    std::vector<double> all{loss.item()};
    // The loss cubed, so that third derivatives are not zero.
    Tensor y = loss * loss * loss;
    for (int order = 1; order <= 3; ++order) {
      const Tensors slopes = grad(y, {prediction, target});
      for (const Tensor& slope : slopes) all.insert(all.end(), slope.values().begin(), slope.values().end());
      y = sum(square(slopes[0])) + sum(square(slopes[1]) * slopes[1]);
    }
    return all;
  };
  const auto fused = derivatives(mse(prediction, target));
  const auto composed = derivatives(mean(square(prediction - target)));
  REQUIRE(fused.size() == 1 + 3 * 12);
  for (std::size_t i = 0; i < fused.size(); ++i) CHECK(fused[i] == Approx(composed[i]).epsilon(1e-13));
}

TEST_CASE("equal prediction and target give gradient zero", "[nn][losses]") {
  const Tensor prediction = Tensor::variable({2}, {1.0, 2.0});
  const Tensor target = Tensor::constant({2}, {1.0, 2.0});
  for (const Tensor& loss : {mse(prediction, target), mae(prediction, target), huber(prediction, target)}) {
    CHECK(loss.item() == 0.0);
    const Tensor slope = grad(loss, {prediction})[0];
    for (const double g : slope.values()) CHECK(g == 0.0);
  }
}
