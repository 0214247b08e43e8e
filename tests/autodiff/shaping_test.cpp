#include "autodiff/shaping.hpp"

#include <numeric>

#include "autodiff/functions.hpp"
#include "core/error.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// 0, 1, 2, … in the given shape.
Tensor counting(const Shape& shape) {
  std::vector<double> values(shape.count());
  std::iota(values.begin(), values.end(), 0.0);
  return Tensor::variable(shape, values);
}

/// All operations here are linear and move elements; cubing in front makes every order of derivative matter.
void check_moving(const std::function<Tensor(const Tensor&)>& f, const Shape& shape) {
  check_derivatives([&](const auto& x) { return f(x[0] * x[0] * x[0]); }, {random_variable(shape, 31)}, 3, 1e-8);
}

}  // namespace

TEST_CASE("reshape", "[autodiff][shaping]") {
  const Tensor x = counting({2, 6});
  const Tensor y = reshape(x, {3, -1});
  CHECK(y.shape() == Shape{3, 4});
  CHECK(numbers(y) == numbers(x));
  CHECK(reshape(x, {-1}).shape() == Shape{12});
  CHECK(reshape(x, Shape{1, 12}).shape() == Shape{1, 12});
  CHECK(reshape(Tensor(1.0), {1, 1}).shape() == Shape{1, 1});
  CHECK(reshape(Tensor::zeros({1}), {}).shape() == Shape{});
  CHECK(reshape(Tensor::zeros({0, 3}), {3, 0}).shape() == Shape{3, 0});
  CHECK(reshape(Tensor::zeros({0, 3}), {-1, 3}).shape() == Shape{0, 3});
  check_moving([](const Tensor& v) { return reshape(v, {4, 3}); }, {2, 6});
}

TEST_CASE("impossible reshapes are refused", "[autodiff][shaping][errors]") {
  const Tensor x = counting({2, 6});
  CHECK_THROWS_WITH(reshape(x, {5, -1}),
                    ContainsSubstring("reshape") && ContainsSubstring("(2, 6)") && ContainsSubstring("(5, -1)"));
  CHECK_THROWS_WITH(reshape(x, {-1, -1}), ContainsSubstring("at most one"));
  CHECK_THROWS_AS(reshape(x, {13}), ShapeError);
  CHECK_THROWS_AS(reshape(x, {-2, 6}), ShapeError);
  CHECK_THROWS_AS(reshape(Tensor::zeros({0}), {0, -1}), ShapeError);
}

TEST_CASE("reshape shares memory but an assignment does not leak through", "[autodiff][shaping]") {
  Tensor x = Tensor::variable({2}, {1, 2});
  const Tensor y = reshape(x, {2, 1});
  x.assign(std::vector<double>{5, 6});
  CHECK(numbers(y) == std::vector<double>{1, 2});
  CHECK(numbers(x) == std::vector<double>{5, 6});
}

TEST_CASE("permute and transpose", "[autodiff][shaping]") {
  const Tensor x = counting({2, 3, 4});
  const Tensor y = permute(x, {2, 0, 1});
  CHECK(y.shape() == Shape{4, 2, 3});
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 4; ++k) {
        CHECK(y.values()[(k * 2 + i) * 3 + j] == x.values()[(i * 3 + j) * 4 + k]);
        CHECK(transpose(x).values()[(i * 4 + k) * 3 + j] == x.values()[(i * 3 + j) * 4 + k]);
      }
    }
  }
  const Tensor large = counting({37, 53});
  const Tensor turned = transpose(large);
  for (std::size_t i = 0; i < 37; ++i) {
    for (std::size_t j = 0; j < 53; ++j) REQUIRE(turned.values()[j * 37 + i] == static_cast<double>(i * 53 + j));
  }
  CHECK(permute(Tensor(2.0), {}).item() == 2);
  CHECK(transpose(Tensor::zeros({0, 3})).shape() == Shape{3, 0});
  check_moving([](const Tensor& v) { return permute(v, {1, 2, 0}); }, {2, 3, 2});
  check_moving([](const Tensor& v) { return transpose(v); }, {2, 2, 3});
  CHECK_THROWS_WITH(permute(x, {0, 1}), ContainsSubstring("permute"));
  CHECK_THROWS_AS(permute(x, {0, 1, 1}), ShapeError);
  CHECK_THROWS_AS(permute(x, {0, 1, 3}), ShapeError);
  CHECK_THROWS_AS(transpose(counting({3})), ShapeError);
}

TEST_CASE("broadcast_to", "[autodiff][shaping]") {
  CHECK(numbers(broadcast_to(counting({2, 1}), {2, 3})) == std::vector<double>{0, 0, 0, 1, 1, 1});
  CHECK(numbers(broadcast_to(counting({3}), {2, 3})) == std::vector<double>{0, 1, 2, 0, 1, 2});
  CHECK(numbers(broadcast_to(Tensor(7.0), {2, 2})) == std::vector<double>{7, 7, 7, 7});
  CHECK(broadcast_to(Tensor::zeros({1, 3}), {0, 3}).shape() == Shape{0, 3});
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{3}, Shape{2, 1}, Shape{2, 1, 1}, Shape{2, 2, 3}}) {
    check_moving([](const Tensor& v) { return broadcast_to(v, {2, 2, 3}); }, shape);
  }
  CHECK_THROWS_WITH(broadcast_to(counting({2}), {3}), ContainsSubstring("broadcast_to"));
  CHECK_THROWS_AS(broadcast_to(counting({2, 3}), {3}), ShapeError);
  CHECK_THROWS_AS(broadcast_to(counting({3}), {1}), ShapeError);
}

TEST_CASE("slice follows Python", "[autodiff][shaping]") {
  const Tensor x = counting({7});
  CHECK(numbers(slice(x, 0, 2, 5)) == std::vector<double>{2, 3, 4});
  CHECK(numbers(slice(x, 0, 0, 7, 3)) == std::vector<double>{0, 3, 6});
  CHECK(numbers(slice(x, 0, 1, 7, 3)) == std::vector<double>{1, 4});
  CHECK(numbers(slice(x, 0, -2, 7)) == std::vector<double>{5, 6});
  CHECK(numbers(slice(x, 0, 0, -5)) == std::vector<double>{0, 1});
  CHECK(numbers(slice(x, 0, -100, 100, 6)) == std::vector<double>{0, 6});
  CHECK(slice(x, 0, 5, 2).shape() == Shape{0});
  CHECK(slice(x, 0, 9, 12).shape() == Shape{0});
  const Tensor m = counting({3, 4});
  CHECK(numbers(slice(m, 1, 1, 4, 2)) == std::vector<double>{1, 3, 5, 7, 9, 11});
  CHECK(numbers(slice(m, -2, 1, 2)) == std::vector<double>{4, 5, 6, 7});
  check_moving([](const Tensor& v) { return slice(v, 1, 1, 5, 2); }, {2, 5, 2});
  check_moving([](const Tensor& v) { return slice(v, 0, 1, 2); }, {3, 2});
  check_moving([](const Tensor& v) { return slice(v, -1, 2, 2); }, {3, 2});
  CHECK_THROWS_WITH(slice(m, 2, 0, 1), ContainsSubstring("slice"));
  CHECK_THROWS_AS(slice(m, 0, 0, 1, 0), ShapeError);
}

TEST_CASE("concat and stack", "[autodiff][shaping]") {
  const Tensor a = counting({2, 1}), b = counting({2, 2});
  CHECK(numbers(concat({a, b}, 1)) == std::vector<double>{0, 0, 1, 1, 2, 3});
  CHECK(numbers(concat({b, b}, 0)) == std::vector<double>{0, 1, 2, 3, 0, 1, 2, 3});
  CHECK(concat({Tensor::zeros({0, 2}), b}, 0).shape() == Shape{2, 2});
  CHECK(numbers(stack({b, -b}, 0)) == std::vector<double>{0, 1, 2, 3, 0, -1, -2, -3});
  CHECK(numbers(stack({b, -b}, -1)) == std::vector<double>{0, 0, 1, -1, 2, -2, 3, -3});
  CHECK(stack({Tensor(1.0), Tensor(2.0)}, 0).shape() == Shape{2});
  check_derivatives(
      [](const auto& x) {
        return square(concat({x[0] * x[0], x[1] * x[0], x[0]}, 1));
      },
      {random_variable({2, 1}, 32), random_variable({2, 3}, 33)}, 3, 1e-7);
  check_derivatives(
      [](const auto& x) {
        return square(stack({x[0] * x[1], x[1]}, 1));
      },
      {random_variable({2, 2}, 34), random_variable({2, 2}, 35)}, 3, 1e-7);
  CHECK_THROWS_WITH(concat({a, counting({3, 1})}, 1),
                    ContainsSubstring("concat") && ContainsSubstring("(2, 1)") && ContainsSubstring("(3, 1)"));
  CHECK_THROWS_AS(concat({a, counting({2})}, 0), ShapeError);
  CHECK_THROWS_AS(concat({a, b}, 2), ShapeError);
  CHECK_THROWS_WITH(concat(std::span<const Tensor>(), 0), ContainsSubstring("concat"));
  CHECK_THROWS_AS(stack(std::span<const Tensor>(), 0), ShapeError);
  CHECK_THROWS_AS(stack({a, b}, 0), ShapeError);
  CHECK_THROWS_AS(concat({Tensor(1.0), Tensor(2.0)}, 0), ShapeError);
}
