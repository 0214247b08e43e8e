#include "autodiff/distances.hpp"

#include <cmath>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "tests/autodiff/random_tensor.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;
using testing::largest_difference;

namespace {

/// The definition: all differences, squared, summed, rooted.
Tensor composed(const Tensor& a, const Tensor& b) {
  const std::size_t d = a.shape()[1];
  const Tensor difference = reshape(a, Shape{a.shape()[0], 1, d}) - reshape(b, Shape{1, b.shape()[0], d});
  return sqrt(sum(square(difference), {-1}));
}

Tensor variable(const Shape& shape, std::uint64_t seed) {
  return Tensor::variable(shape, testing::random_tensor(shape, seed).values());
}

}  // namespace

TEST_CASE("distances of a 3-4-5 triangle", "[autodiff][distances]") {
  const Tensor x = Tensor::constant({3, 2}, {0, 0, 3, 0, 0, 4});
  CHECK(largest_difference(pairwise_distances(x), Tensor::constant({3}, {3, 4, 5})) == 0.0);
  const Tensor all = pairwise_distances(x, x);
  CHECK(largest_difference(all, Tensor::constant({3, 3}, {0, 3, 4, 3, 0, 5, 4, 5, 0})) == 0.0);
}

TEST_CASE("distances agree with their definition to third order", "[autodiff][distances]") {
  const Tensor a = variable({4, 3}, 1), b = variable({5, 3}, 2);
  Tensor fast = sum(sin(pairwise_distances(a, b))), plain = sum(sin(composed(a, b)));
  for (int order = 1; order <= 3; ++order) {
    const Tensors found = grad(fast, {a, b}), expected = grad(plain, {a, b});
    const double scale = std::max(1.0, max(abs(expected[0])).item());
    INFO("order " << order);
    CHECK(largest_difference(found[0], expected[0]) < 1e-12 * scale);
    CHECK(largest_difference(found[1], expected[1]) < 1e-12 * scale);
    fast = sum(square(found[0])) + sum(square(found[1]));
    plain = sum(square(expected[0])) + sum(square(expected[1]));
  }
}

TEST_CASE("the one-argument form is the upper triangle of the two-argument form", "[autodiff][distances]") {
  const Tensor x = variable({5, 3}, 3);
  const Tensor half = sum(square(sin(pairwise_distances(x))));
  const Tensor full = sum(square(sin(pairwise_distances(x, x)))) * 0.5;
  CHECK(half.item() == Approx(full.item()).epsilon(1e-14));
  CHECK(largest_difference(grad(half, {x})[0], grad(full, {x})[0]) < 1e-13);
}

TEST_CASE("derivatives at distance zero are zero to second order", "[autodiff][distances]") {
  const Tensor x = Tensor::variable({3, 3}, {1, 2, 3, 1, 2, 3, 0, 0, 5});  // the first two points coincide
  for (const Tensor& y : {sum(pairwise_distances(x)), sum(pairwise_distances(x, x)) * 0.5}) {
    const Tensor first = grad(y, {x})[0];
    CHECK(testing::all_finite(first));
    // Only the distances to the third point act, and equally on both others.
    for (std::size_t k = 0; k < 3; ++k) CHECK(first.values()[k] == Approx(first.values()[3 + k]).epsilon(1e-14));
    CHECK(testing::all_finite(grad(sum(square(first)), {x})[0]));
  }
  const Tensor pair = Tensor::variable({2, 3}, {1, 2, 3, 1, 2, 3});
  const Tensor first = grad(sum(pairwise_distances(pair)), {pair})[0];
  CHECK(largest_difference(first, Tensor::zeros({2, 3})) == 0.0);
  CHECK(largest_difference(grad(sum(first * first + first), {pair})[0], Tensor::zeros({2, 3})) == 0.0);
}

TEST_CASE("points far from the origin lose no digits", "[autodiff][distances]") {
  // The coordinates and the shift are multiples of 2^-20, so that shifted differences are exact.
  Buffer near(12), far(12);
  Random random(5);
  for (std::size_t i = 0; i < near.size(); ++i) {
    near[i] = static_cast<double>(random.below(1 << 22)) * 0x1p-20;
    far[i] = near[i] + 0x1p20;
  }
  const auto slope = [](const Buffer& points) {
    const Tensor x = Tensor::variable({4, 3}, points.span());
    return grad(sum(sin(pairwise_distances(x, x))), {x})[0];
  };
  CHECK(largest_difference(slope(near), slope(far)) < 1e-14);
}

TEST_CASE("distances of no and of one point", "[autodiff][distances]") {
  CHECK(pairwise_distances(Tensor::zeros({0, 3})).shape() == Shape{0});
  CHECK(pairwise_distances(Tensor::zeros({1, 3})).shape() == Shape{0});
  const Tensor one = Tensor::variable({1, 3}, {1, 2, 3});
  CHECK(largest_difference(grad(sum(pairwise_distances(one)), {one})[0], Tensor::zeros({1, 3})) == 0.0);
  CHECK(pairwise_distances(Tensor::zeros({0, 3}), one).shape() == Shape{0, 1});
}

TEST_CASE("distances refuse points that do not fit", "[autodiff][distances]") {
  CHECK_THROWS_WITH(pairwise_distances(Tensor::zeros({2, 3}), Tensor::zeros({2, 2})),
                    ContainsSubstring("pairwise_distances") && ContainsSubstring("(2, 3) and (2, 2)"));
  CHECK_THROWS_WITH(pairwise_distances(Tensor::zeros({3})), ContainsSubstring("(3)"));
  CHECK_THROWS_AS(pairwise_distances(Tensor(0.0), Tensor::zeros({1, 1})), ShapeError);
}
