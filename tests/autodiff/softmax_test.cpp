#include "autodiff/softmax.hpp"

#include <cmath>
#include <limits>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "core/error.hpp"
#include "tests/autodiff/random_tensor.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;
using testing::largest_difference;

TEST_CASE("softmax, log_softmax and logsumexp equal their definitions", "[autodiff][softmax]") {
  const Tensor x = testing::random_tensor({4, 5}, 1);
  const Tensor total = sum(exp(x), {1}, true);
  CHECK(largest_difference(softmax(x), exp(x) / total) < 1e-15);
  CHECK(largest_difference(log_softmax(x), x - log(total)) < 1e-14);
  CHECK(largest_difference(logsumexp(x, {1}, true), log(total)) < 1e-14);
  CHECK(std::abs(logsumexp(x).item() - std::log(sum(exp(x)).item())) < 1e-14);
  CHECK(logsumexp(x, {0}).shape() == Shape{5});
}

TEST_CASE("softmax sums to one and its derivatives to zero", "[autodiff][softmax]") {
  const Tensor x = Tensor::variable({3, 4}, testing::random_tensor({3, 4}, 2).values());
  const Tensor p = softmax(x, 0);
  CHECK(largest_difference(sum(p, {0}), Tensor::ones({4})) < 1e-15);
  const Tensor slope = grad(sum(p * testing::random_tensor({3, 4}, 3)), {x})[0];
  CHECK(largest_difference(sum(slope, {0}), Tensor::zeros({4})) < 1e-15);
}

TEST_CASE("shifting all logits changes nothing", "[autodiff][softmax]") {
  const Tensor x = testing::random_tensor({6}, 4);
  // 1024 is added without rounding the last three digits away, hence the tolerance of 1024 ulp.
  CHECK(largest_difference(softmax(x), softmax(x + 1024.0)) < 1e-12);
  CHECK(std::abs(logsumexp(x + 1024.0).item() - logsumexp(x).item() - 1024.0) < 1e-12);
}

TEST_CASE("large logits do not overflow, in three orders of derivatives", "[autodiff][softmax]") {
  const Tensor x = Tensor::variable({5}, {1000.0, -1000.0, 0.0, 999.0, 1e300});
  for (const Tensor& y : {softmax(x), log_softmax(x), logsumexp(x)}) {
    Tensor s = sum(square(sin(y)));
    for (int order = 1; order <= 3; ++order) {
      CHECK(testing::all_finite(s));
      const Tensor slope = grad(s, {x})[0];
      CHECK(testing::all_finite(slope));
      s = sum(square(slope));
    }
  }
}

TEST_CASE("logits of minus infinity mean probability zero", "[autodiff][softmax]") {
  const double minus_infinity = -std::numeric_limits<double>::infinity();
  const Tensor x = Tensor::variable({3}, {minus_infinity, 0.0, 0.0});
  CHECK(largest_difference(softmax(x), Tensor::constant({3}, {0.0, 0.5, 0.5})) == 0.0);
  CHECK(logsumexp(x).item() == Approx(std::log(2.0)).epsilon(1e-15));
  CHECK(largest_difference(grad(logsumexp(x), {x})[0], Tensor::constant({3}, {0.0, 0.5, 0.5})) == 0.0);
  CHECK(logsumexp(Tensor::full({2}, minus_infinity)).item() == minus_infinity);
}

TEST_CASE("probabilities that are not defined are nan", "[autodiff][softmax]") {
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::nan("");
  const auto check = [](std::initializer_list<double> logits, const std::vector<bool>& undefined) {
    const Tensor x = Tensor::constant({logits.size()}, logits), p = softmax(x), log_p = log_softmax(x);
    for (std::size_t i = 0; i < undefined.size(); ++i) {
      INFO("element " << i << ": " << p.values()[i] << ", logarithm " << log_p.values()[i]);
      CHECK((undefined[i] ? std::isnan(p.values()[i]) : p.values()[i] == 0.0));
      CHECK((undefined[i] ? std::isnan(log_p.values()[i]) : log_p.values()[i] == -HUGE_VAL));
    }
  };
  check({-infinity, -infinity}, {true, true});
  check({nan, 0.0, -infinity}, {true, true, true});
  check({infinity, 0.0, -infinity}, {true, false, false});
  check({infinity, 800.0, -800.0}, {true, false, false});  // e⁸⁰⁰ overflows by itself
  CHECK(logsumexp(Tensor::constant({2}, {infinity, 800.0})).item() == infinity);
}

TEST_CASE("a batch without rows has softmaxes without rows", "[autodiff][softmax]") {
  const Tensor none = Tensor::zeros({0, 3});
  CHECK(softmax(none).shape() == Shape{0, 3});
  CHECK(log_softmax(none).shape() == Shape{0, 3});
  CHECK(logsumexp(none, {1}).shape() == Shape{0});
  CHECK(logsumexp(none, {1}, true).shape() == Shape{0, 1});
}

TEST_CASE("softmax refuses wrong axes and empty tensors", "[autodiff][softmax]") {
  const Tensor x = Tensor::zeros({2, 3});
  CHECK_THROWS_WITH(softmax(x, 2), ContainsSubstring("softmax: axis 2") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_WITH(log_softmax(x, -3), ContainsSubstring("log_softmax: axis -3") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_WITH(logsumexp(x, {5}), ContainsSubstring("logsumexp: axis 5") && ContainsSubstring("(2, 3)"));
  CHECK_THROWS_WITH(logsumexp(x, {1, -1}), ContainsSubstring("logsumexp: axis 1 is named twice"));
  CHECK_THROWS_WITH(softmax(Tensor::zeros({0})), ContainsSubstring("softmax") && ContainsSubstring("(0)"));
  CHECK_THROWS_WITH(logsumexp(Tensor::zeros({2, 0})), ContainsSubstring("logsumexp") && ContainsSubstring("(2, 0)"));
  CHECK_THROWS_WITH(logsumexp(Tensor::zeros({0, 2}), {0}), ContainsSubstring("nothing to sum over"));
  CHECK_THROWS_AS(softmax(Tensor(1.0)), ShapeError);
}
