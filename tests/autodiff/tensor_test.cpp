#include "autodiff/tensor.hpp"

#include "autodiff/functions.hpp"
#include "autodiff/record.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("making tensors", "[autodiff][tensor]") {
  const Tensor c = Tensor::constant({2, 2}, {1, 2, 3, 4}), v = Tensor::variable({2}, {5, 6});
  CHECK(c.shape() == Shape{2, 2});
  CHECK(c.rank() == 2);
  CHECK(c.size() == 4);
  CHECK(numbers(c) == std::vector<double>{1, 2, 3, 4});
  CHECK_FALSE(c.requires_grad());
  CHECK(v.requires_grad());
  CHECK(v.is_leaf());
  CHECK(Tensor(2.5).item() == 2.5);
  CHECK(Tensor(2.5).rank() == 0);
  CHECK(numbers(Tensor::full({3}, 7)) == std::vector<double>{7, 7, 7});
  CHECK(Tensor::zeros({0, 3}).size() == 0);
  CHECK_FALSE(Tensor());
  CHECK(c);
}

TEST_CASE("tensors of the wrong size are refused", "[autodiff][tensor][errors]") {
  CHECK_THROWS_WITH(Tensor::constant({2, 2}, {1, 2, 3}),
                    ContainsSubstring("(2, 2)") && ContainsSubstring("4") && ContainsSubstring("3"));
  CHECK_THROWS_AS(Tensor::variable({2}, {1}), ShapeError);
  CHECK_THROWS_AS(Tensor::zeros({2}).item(), ShapeError);
  CHECK_THROWS_AS((Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}), ShapeError);
}

TEST_CASE("only leaves can be assigned", "[autodiff][tensor]") {
  Tensor x = Tensor::variable({2}, {1, 2});
  Tensor y = 2.0 * x;
  x.assign(std::vector<double>{3, 4});
  CHECK(numbers(x) == std::vector<double>{3, 4});
  CHECK(numbers(y) == std::vector<double>{2, 4});
  x.mutable_values()[0] = 9;
  CHECK(numbers(x) == std::vector<double>{9, 4});
  CHECK_THROWS_AS(x.assign(std::vector<double>{1}), ShapeError);
  CHECK_THROWS_WITH(y.assign(std::vector<double>{1, 2}), ContainsSubstring("multiply"));
  {
    const NoGrad constants;
    Tensor z = x * x;
    CHECK_THROWS_AS(z.assign(std::vector<double>{1, 2}), ShapeError);
  }
}

TEST_CASE("a detached tensor keeps its numbers and stops gradients", "[autodiff][tensor]") {
  Tensor x = Tensor::variable({2}, {1, 2});
  const Tensor stopped = (x * x).detach();
  CHECK(numbers(stopped) == std::vector<double>{1, 4});
  CHECK_FALSE(stopped.requires_grad());
  CHECK(numbers(grad(sum(x * stopped), {x})[0]) == std::vector<double>{1, 4});
  const Tensor copy = x.detach();
  x.assign(std::vector<double>{7, 8});
  CHECK(numbers(copy) == std::vector<double>{1, 2});
}

TEST_CASE("NoGrad makes constants and can be nested", "[autodiff][tensor]") {
  const Tensor x = Tensor::variable({}, {2});
  {
    const NoGrad outer;
    CHECK_FALSE((x * x).requires_grad());
    {
      const NoGrad inner;
      CHECK_FALSE(recording());
    }
    CHECK_FALSE(recording());
    CHECK_FALSE(exp(x).requires_grad());
  }
  CHECK(recording());
  CHECK((x * x).requires_grad());
  CHECK_FALSE((Tensor(1.0) * Tensor(2.0)).requires_grad());
}

TEST_CASE("gradients taken under NoGrad are constants", "[autodiff][tensor]") {
  const Tensor x = Tensor::variable({}, {2});
  const Tensor y = x * x * x;
  const NoGrad constants;
  const Tensor dy = grad(y, {x})[0];
  CHECK(dy.item() == 12);
  CHECK_FALSE(dy.requires_grad());
}

namespace {

Tensor cube(const Tensor& x) {
  Buffer values(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) values[i] = x.values()[i] * x.values()[i] * x.values()[i];
  return record("cube", x.shape(), values, Input{x, [x](const Tensor&, const Tensor& dy) { return dy * 3.0 * x * x; }});
}

}  // namespace

TEST_CASE("an operation of one's own", "[autodiff][tensor]") {
  const Tensor x = random_variable({3}, 61);
  check_derivatives([](const auto& v) { return cube(v[0]); }, {x}, 3, 1e-8);
  CHECK(operation_name(cube(x)) == "cube");
  CHECK(operation_inputs(cube(x)).size() == 1);
  CHECK(operation_inputs(cube(x))[0].node() == x.node());
}

TEST_CASE("tensors outlive the graph that made them", "[autodiff][tensor]") {
  Tensor dy;
  {
    const Tensor x = Tensor::variable({2}, {3, 4});
    dy = grad(sum(x * x), {x})[0];
  }
  CHECK(numbers(dy) == std::vector<double>{6, 8});
}
