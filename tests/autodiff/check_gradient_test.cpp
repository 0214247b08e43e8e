// What this file is: the checker checked. Every usual mistake must be found, and named by its hint.
#include "autodiff/check_gradient.hpp"

#include <cmath>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/record.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "tests/autodiff/random_tensor.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

using Arguments = std::span<const Tensor>;
using Tested = std::function<Tensor(Arguments)>;

CheckResult check(const Tested& f, std::initializer_list<Tensor> arguments, const CheckOptions& options = {}) {
  return check_gradient(f, std::span(arguments.begin(), arguments.size()), options);
}

/// x² with the given pullback.
template <class Rule>
Tested square_with(Rule rule) {
  return [rule](Arguments arguments) {
    const Tensor x = arguments[0];
    Buffer values(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) values[i] = x.values()[i] * x.values()[i];
    return record("my_square", x.shape(), values,
                  Input{x, [x, rule](const Tensor&, const Tensor& dy) { return rule(x, dy); }});
  };
}

const Tensor point = Tensor::constant({2, 2}, {0.5, -1.25, 2.0, 3.0});

CheckResult check_square(Tensor (*rule)(const Tensor& x, const Tensor& dy)) {
  return check(square_with(rule), {point});
}

}  // namespace

TEST_CASE("correct derivatives pass", "[autodiff][check_gradient]") {
  const CheckResult result = check_square([](const Tensor& x, const Tensor& dy) { return dy * 2.0 * x; });
  CHECK(result.passed);
  CHECK(result.report.empty());
  CHECK(result.largest_error < 1e-11);
  const auto product = [](Arguments x) { return matmul(x[0], sin(x[1])); };
  CHECK(check(product, {testing::random_tensor({2, 3}, 1), testing::random_tensor({3, 2}, 2)}).passed);
  CHECK(check([](Arguments) { return Tensor(3.0); }, {point}).passed);
  CHECK(check([](Arguments x) { return x[0]; }, {point}).passed);
}

TEST_CASE("functions that take gradients on the way can be checked", "[autodiff][check_gradient]") {
  const auto force = [](Arguments x) { return -grad(sum(sin(x[0]) * x[0]), {x[0]})[0]; };
  CHECK(check(force, {point}).passed);
  const NoGrad off;  // the caller's NoGrad does not get in the way
  CHECK(check(force, {point}).passed);
}

TEST_CASE("a report names order, operation, argument, index and both values", "[autodiff][check_gradient]") {
  const auto f = square_with([](const Tensor& x, const Tensor& dy) {
    return dy * 2.0 * x * Tensor::constant({2, 2}, {1, 1, 1.5, 1});
  });
  const CheckResult result = check(f, {point}, {.seed = 3});
  CHECK_FALSE(result.passed);
  CHECK(result.largest_error > 0.1);
  CHECK_THAT(result.report, ContainsSubstring("my_square: the first derivative is wrong in 1 of 4 elements"));
  CHECK_THAT(result.report, ContainsSubstring("argument   0 of shape (2, 2), index (1, 0), x = 2\n"));
  CHECK_THAT(result.report, ContainsSubstring("exact") && ContainsSubstring("difference"));
  CHECK_THAT(result.report, ContainsSubstring("sixth order, step 0.002"));
}

TEST_CASE("the usual mistakes in a rule are named", "[autodiff][check_gradient]") {
  const auto hint_of = [](Tensor (*rule)(const Tensor& x, const Tensor& dy)) {
    const CheckResult result = check_square(rule);
    CHECK_FALSE(result.passed);
    return result.report;
  };
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return dy * -2.0 * x; }),
             ContainsSubstring("the sign is wrong"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return dy * x; }),
             ContainsSubstring("a factor 2 is missing"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return dy * 4.0 * x; }),
             ContainsSubstring("a factor 2 too many"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return dy * 6.0 * x; }),
             ContainsSubstring("exact = 3 × difference"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return dy * 0.0 * x; }), ContainsSubstring("exact is 0"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return dy * x / (x - x); }),
             ContainsSubstring("exact is not finite"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return sum(dy * 2.0 * x, {0}); }),
             ContainsSubstring("the pullback of my_square gave shape (2) for an input of shape (2, 2)") &&
                 ContainsSubstring("sum_to"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return transpose(dy * 2.0 * x); }),
             ContainsSubstring("exact is the transpose"));
  CHECK_THAT(hint_of([](const Tensor& x, const Tensor& dy) { return dy * 2.0 * x.detach(); }),
             ContainsSubstring("the second derivative is wrong") && ContainsSubstring("as a mere number"));
}

TEST_CASE("an error in one element of one of several arguments is found", "[autodiff][check_gradient]") {
  const auto f = [](Arguments x) {
    const Tensor y = x[1];
    Buffer values(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) values[i] = 3.0 * y.values()[i];
    const Tensor tripled =
        record("triple", y.shape(), values, Input{y, [](const Tensor&, const Tensor& dy) {
                                                    return dy * Tensor::constant({3}, {3, 3, 3.00001});
                                                  }});
    return sum(x[0]) * tripled;
  };
  const CheckResult result = check(f, {point, Tensor::constant({3}, {1, 2, 3})});
  CHECK_FALSE(result.passed);
  CHECK_THAT(result.report, ContainsSubstring("argument   1 of shape (3), index (2)"));
}

TEST_CASE("the largest error is that of both orders", "[autodiff][check_gradient]") {
  const auto nearly_triple = [](Arguments x) {  // linear: the second derivative is right
    Buffer values(x[0].size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 3.0 * x[0].values()[i];
    return record("triple", x[0].shape(), values,
                  Input{x[0], [](const Tensor&, const Tensor& dy) { return dy * 3.003; }});
  };
  const CheckResult result = check(nearly_triple, {point}, {.tolerance = 0.1});
  CHECK(result.passed);
  CHECK(result.largest_error == Approx(1e-3).epsilon(0.01));
}

TEST_CASE("order 1 checks the first derivative alone", "[autodiff][check_gradient]") {
  const auto f = square_with([](const Tensor& x, const Tensor& dy) { return dy * 2.0 * x.detach(); });
  CHECK(check(f, {point}, {.order = 1}).passed);
  CHECK_FALSE(check(f, {point}).passed);
}

TEST_CASE("a check that would check nothing is refused", "[autodiff][check_gradient]") {
  const auto f = [](Arguments x) { return square(x[0]); };
  CHECK_THROWS_WITH(check(f, {point}, {.order = 0}), ContainsSubstring("order is 0, expected 1 or 2"));
  CHECK_THROWS_WITH(check(f, {point}, {.order = 3}), ContainsSubstring("order is 3"));
  CHECK_THROWS_WITH(check(f, {point}, {.step = 0.0}), ContainsSubstring("step is 0, expected a finite number > 0"));
  CHECK_THROWS_AS(check(f, {point}, {.step = std::nan("")}), InputError);
  CHECK_THROWS_WITH(check(f, {point}, {.step = HUGE_VAL}), ContainsSubstring("step is inf"));
  CHECK_THROWS_WITH(check(f, {point}, {.tolerance = std::nan("")}),
                    ContainsSubstring("tolerance is nan, expected a finite number >= 0"));
  CHECK_THROWS_WITH(check(f, {point}, {.tolerance = -1e-7}), ContainsSubstring("tolerance is -1e-07"));
  CHECK_THROWS_WITH(check(f, {point}, {.tolerance = HUGE_VAL}), ContainsSubstring("tolerance is inf"));
}

TEST_CASE("kinks and singular points are explained", "[autodiff][check_gradient]") {
  const Tensor zero = Tensor::zeros({1});
  CHECK_THAT(check([](Arguments x) { return abs(x[0]) + x[0]; }, {zero + 1e-4}).report, ContainsSubstring("kink"));
  CHECK_THAT(check([](Arguments x) { return log(x[0]); }, {zero + 1e-4}).report, ContainsSubstring("not finite near"));
}

TEST_CASE("an error is not hidden by cancellation between elements", "[autodiff][check_gradient]") {
  // Every element of the output contributes with its own weight, so that a permuted gradient does not pass.
  const auto f = [](Arguments x) {
    const Tensor y = x[0];
    return record("same", y.shape(), y.buffer(),
                  Input{y, [](const Tensor&, const Tensor& dy) { return transpose(dy); }});
  };
  CHECK_FALSE(check(f, {point}).passed);
}
