#include "autodiff/fused.hpp"

#include <cmath>

#include "autodiff/arithmetic.hpp"
#include "autodiff/check_gradient.hpp"
#include "autodiff/distances.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "tests/autodiff/random_tensor.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;
using testing::largest_difference;

namespace {

using Arguments = std::span<const Tensor>;

/// Σ_{i<j} r⁻¹² − r⁻⁶ of points x (n, 3).
Tensor composed_pairs(const Tensor& x) {
  const Tensor inverse_sixth = pow(pairwise_distances(x), -6.0);
  return sum(square(inverse_sixth) - inverse_sixth);
}

/// The same by a loop with its own derivative.
Tensor fused_pairs(const Tensor& x) {
  const std::size_t n = x.shape()[0];
  const double* const r = x.data();
  Buffer slope(x.size(), 0.0);
  double energy = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double d[3], square = 0.0;
      for (std::size_t k = 0; k < 3; ++k) {
        d[k] = r[3 * i + k] - r[3 * j + k];
        square += d[k] * d[k];
      }
      const double sixth = 1.0 / (square * square * square);
      energy += sixth * sixth - sixth;
      for (std::size_t k = 0; k < 3; ++k) {
        const double f = (6.0 * sixth - 12.0 * sixth * sixth) / square * d[k];
        slope[3 * i + k] += f;
        slope[3 * j + k] -= f;
      }
    }
  }
  return fused("pairs", x, energy, slope, composed_pairs);
}

/// Corners of a cube of edge 1.2, displaced at random: no two points are close.
Tensor cluster(std::uint64_t seed) {
  Random random(seed);
  Buffer x(24);
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t k = 0; k < 3; ++k)
      x[3 * i + k] = 1.2 * static_cast<double>(i >> k & 1) + random.uniform(-0.1, 0.1);
  }
  return Tensor::variable({8, 3}, x.span());
}

/// Σ sin(A·B) · e^{Σ B} + Σ C·B for three inputs.
Tensor composed_several(Arguments x) { return sum(sin(matmul(x[0], x[1]))) * exp(sum(x[1])) + sum(x[2] * x[1]); }

/// The same through `fused`, its gradients taken from the composition's.
Tensor fused_several(Arguments x) {
  std::vector<Buffer> gradients;
  double value = 0.0;
  {
    const WithGrad on;
    Tensors at;
    for (const Tensor& input : x) at.push_back(Tensor::variable(input.shape(), input.values()));
    const Tensor y = composed_several(at);
    for (const Tensor& slope : grad(y, at)) gradients.push_back(slope.buffer());
    value = y.item();
  }
  return fused("several", x, value, gradients, composed_several);
}

/// S_k = Σ (dS_{k-1}/dx)², the way errors in higher orders show themselves.
double relative_difference(const Tensor& a, const Tensor& b) {
  return largest_difference(a, b) / std::max(1.0, max(abs(b)).item());
}

}  // namespace

TEST_CASE("a fused operation equals its composition to third order", "[autodiff][fused]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Tensor x = cluster(seed);
    Tensor fast = fused_pairs(x), plain = composed_pairs(x);
    CHECK(std::abs(fast.item() - plain.item()) < 1e-13 * std::abs(plain.item()));
    for (int order = 1; order <= 3; ++order) {
      const Tensor found = grad(fast, {x})[0], expected = grad(plain, {x})[0];
      INFO("seed " << seed << " order " << order);
      CHECK(relative_difference(found, expected) < 1e-13);
      // The cotangent of the next order depends on x: the case in which the inner derivative must hold it fixed.
      fast = sum(square(found));
      plain = sum(square(expected));
    }
  }
}

TEST_CASE("a fused operation passes the gradient check", "[autodiff][fused]") {
  const auto f = [](Arguments x) { return exp(-square(fused_pairs(x[0] * 1.5))); };
  const Tensors at{cluster(7)};
  const CheckResult result = check_gradient(f, at);
  INFO(result.report);
  CHECK(result.passed);
}

TEST_CASE("the check finds a fused gradient that belongs to something else", "[autodiff][fused]") {
  const auto f = [](Arguments x) {
    return fused("wrong", x[0], sum(square(x[0])).item(), x[0].buffer(),
                 [](const Tensor& at) { return sum(square(at)); });
  };
  CHECK_FALSE(check_gradient(f, Tensors{cluster(7)}).passed);
}

TEST_CASE("fused with several inputs, to third order, mixed derivatives included", "[autodiff][fused]") {
  const Tensor a = Tensor::variable({2, 3}, testing::random_tensor({2, 3}, 1).values());
  const Tensor b = Tensor::variable({3, 3}, testing::random_tensor({3, 3}, 2).values()) * 0.3;
  const Tensor c = Tensor::variable({}, {0.7});
  const Tensors inputs{a, b, c};
  Tensor fast = fused_several(inputs), plain = composed_several(inputs);
  for (int order = 1; order <= 3; ++order) {
    const Tensors found = grad(fast, inputs), expected = grad(plain, inputs);
    INFO("order " << order);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(found[k].shape() == inputs[k].shape());
      CHECK(relative_difference(found[k], expected[k]) < 1e-13);
    }
    fast = plain = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
      fast = fast + sum(square(found[k]));
      plain = plain + sum(square(expected[k]));
    }
  }
}

TEST_CASE("inputs that need no gradient are handed through", "[autodiff][fused]") {
  const Tensor a = Tensor::constant({2, 3}, testing::random_tensor({2, 3}, 1).values());
  const Tensor b = Tensor::variable({3, 3}, testing::random_tensor({3, 3}, 2).values());
  const Tensor c = Tensor::constant({}, {0.7});
  const Tensors inputs{a, b, c};
  const auto second = [&](const Tensor& y) { return grad(sum(square(grad(y, {b})[0])), {b})[0]; };
  CHECK(relative_difference(second(fused_several(inputs)), second(composed_several(inputs))) < 1e-13);
  const std::vector<Buffer> none(3);
  const Tensors constants{a, a, c};
  CHECK(fused("several", constants, 2.5, none, composed_several).item() == 2.5);
}

TEST_CASE("composed runs only when a second derivative is asked for", "[autodiff][fused]") {
  const Tensor x = cluster(1);
  int calls = 0;
  const Tensor y = fused("counted", x, sum(square(x)).item(), (2.0 * x).buffer(), [&calls](const Tensor& at) {
    ++calls;
    return sum(square(at));
  });
  const Tensor slope = grad(y, {x})[0];
  CHECK(calls == 0);
  grad(sum(slope), {x});
  CHECK(calls == 1);
}

TEST_CASE("second derivatives of fused operations as numbers only", "[autodiff][fused]") {
  const Tensor x = cluster(2);
  const Tensor slope = grad(fused_pairs(x), {x})[0];
  const Tensor expected = grad(sum(square(slope)), {x})[0];
  const Tensor y = sum(square(slope));
  const NoGrad numbers_only;
  const Tensor found = grad(y, {x})[0];
  CHECK(largest_difference(found, expected) == 0.0);
  CHECK_FALSE(found.requires_grad());
}

TEST_CASE("fused records nothing where no gradient can be asked for", "[autodiff][fused]") {
  const Tensor x = cluster(1);
  CHECK(needs_gradient(x));
  CHECK_FALSE(needs_gradient(x.detach()));
  CHECK_FALSE(fused_pairs(x.detach()).requires_grad());
  const NoGrad numbers_only;
  CHECK_FALSE(needs_gradient(x));
  CHECK(fused("no gradient", x, 1.5, Buffer(), composed_pairs).item() == 1.5);
}

TEST_CASE("fused operations leave nothing behind", "[autodiff][fused]") {
  const std::size_t before = live_nodes();
  {
    const Tensor x = cluster(1);
    const Tensor slope = grad(fused_pairs(x), {x})[0];
    grad(sum(square(slope)), {x});
  }
  CHECK(live_nodes() == before);
}

TEST_CASE("gradients that do not fit their input are refused", "[autodiff][fused]") {
  const Tensor x = cluster(1);
  CHECK_THROWS_WITH(fused("pairs", x, 0.0, Buffer(5), composed_pairs),
                    ContainsSubstring("pairs: a gradient of 5 elements") && ContainsSubstring("(8, 3)"));
  const std::vector<Buffer> two{Buffer(24), Buffer(24)};
  CHECK_THROWS_AS(fused("several", Tensors{x}, 0.0, two, composed_several), ShapeError);
}
