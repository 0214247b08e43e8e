// What this file is: operations used in ways that are allowed but rare: by several threads at once, through exceptions,
// within each other's pullbacks, on moved tensors, on one tensor many times, at the smallest and largest ranks.
#include <cmath>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "autodiff/check_gradient.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/record.hpp"
#include "autodiff/selection.hpp"
#include "autodiff/shaping.hpp"
#include "autodiff/softmax.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "tests/autodiff/derivatives.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

// -- Threads ----------------------------------------------------------------------------------------------------------

TEST_CASE("several threads use and differentiate shared leaves at once", "[autodiff][unusual]") {
  const std::size_t before = live_nodes();
  {
    const Tensor x = random_variable({6, 4}, 1), w = random_variable({4, 3}, 2);
    const Tensor shared = adatom::tanh(matmul(x, w));  // a graph that all of them differentiate, too
    const auto numbers_of_a_thread = [&] {
      std::vector<double> found;
      for (int round = 0; round < 50; ++round) {
        const Tensor slope = grad(sum(square(shared) + exp(matmul(x, w))), {x})[0];
        const Tensor second = grad(sum(square(slope)), {w})[0];
        found = numbers(second);
      }
      return found;
    };
    const std::vector<double> expected = numbers_of_a_thread();
    std::vector<std::vector<double>> found(4);
    std::vector<std::thread> threads;
    for (std::vector<double>& mine : found) threads.emplace_back([&] { mine = numbers_of_a_thread(); });
    for (std::thread& thread : threads) thread.join();
    for (const std::vector<double>& result : found) CHECK(result == expected);
  }
  CHECK(live_nodes() == before);
}

TEST_CASE("threads of the caller's own may use operations that share out their work", "[autodiff][unusual]") {
  const Tensor x = random_variable({400, 500}, 3);  // enough numbers to be shared out
  const auto slope = [&] { return numbers(grad(sum(adatom::tanh(x)) + sum(norm(x)), {x})[0]); };
  const std::vector<double> expected = slope();
  set_thread_count(2);
  std::vector<std::vector<double>> found(3);
  std::vector<std::thread> threads;
  for (std::vector<double>& mine : found) threads.emplace_back([&] { mine = slope(); });
  for (std::thread& thread : threads) thread.join();
  set_thread_count(1);
  for (const std::vector<double>& result : found) CHECK(result == expected);
}

TEST_CASE("NoGrad holds for its own thread only", "[autodiff][unusual]") {
  const Tensor x = random_variable({}, 4);
  const NoGrad off;
  bool recorded = false;
  std::thread([&] { recorded = square(x).requires_grad(); }).join();
  CHECK(recorded);
  CHECK_FALSE(square(x).requires_grad());
}

// -- Exceptions -------------------------------------------------------------------------------------------------------

namespace {

/// x with a pullback that throws as long as `*broken`.
Tensor fragile(const Tensor& x, const bool* broken) {
  return record("fragile", x.shape(), x.buffer(), Input{x, [broken](const Tensor&, const Tensor& dy) {
                                                          if (*broken) throw std::runtime_error("torn");
                                                          return dy;
                                                        }});
}

}  // namespace

TEST_CASE("an exception in a pullback leaves the graph whole", "[autodiff][unusual]") {
  const std::size_t before = live_nodes();
  {
    bool broken = true;
    const Tensor x = random_variable({3}, 5);
    const Tensor y = sum(exp(fragile(sin(x), &broken)) * x);
    const std::size_t recorded = live_nodes();
    for (const bool constants : {false, true}) {
      std::optional<NoGrad> off;
      if (constants) off.emplace();
      CHECK_THROWS_WITH(grad(y, {x}), "torn");
      CHECK(recording() == !constants);
      CHECK(live_nodes() == recorded);
    }
    broken = false;
    CHECK(numbers(grad(y, {x})[0]) == numbers(grad(sum(exp(sin(x)) * x), {x})[0]));
  }
  CHECK(live_nodes() == before);
}

TEST_CASE("recording is as before when an exception has passed NoGrad and WithGrad", "[autodiff][unusual]") {
  const auto pass = [](int depth) {
    const NoGrad off;
    const WithGrad on;
    CHECK(recording());
    if (depth == 1) throw std::runtime_error("first");
    const NoGrad off_again;
    CHECK_FALSE(recording());
    throw std::runtime_error("second");
  };
  for (const int depth : {1, 2}) {
    CHECK_THROWS_AS(pass(depth), std::runtime_error);
    CHECK(recording());
    const NoGrad off;
    CHECK_THROWS_AS(pass(depth), std::runtime_error);
    CHECK_FALSE(recording());
  }
  CHECK(recording());
}

TEST_CASE("a wrong call in the middle of an expression leaves nothing behind", "[autodiff][unusual]") {
  const std::size_t before = live_nodes();
  {
    const Tensor x = random_variable({3}, 6), y = random_variable({4}, 7);
    CHECK_THROWS_AS(sum(exp(x) * sin(y)), ShapeError);
    CHECK_THROWS_AS(concat({exp(x), reshape(y, {2, 2})}, 0), ShapeError);
    CHECK(live_nodes() == before + 2);
  }
  CHECK(live_nodes() == before);
}

// -- Gradients within pullbacks ---------------------------------------------------------------------------------------

namespace {

/// The root y of y³ + y = x, by Newton's method, elementwise. Its pullback is the implicit function theorem,
/// dx = dy / (∂/∂y (y³ + y)), with that derivative taken by a sweep within the sweep.
Tensor cubic_root(const Tensor& x) {
  const auto curve = [](const Tensor& y) { return y * y * y + y; };
  Buffer root(x.size(), 0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (int step = 0; step < 60; ++step) {
      root[i] -= (root[i] * root[i] * root[i] + root[i] - x.values()[i]) / (3 * root[i] * root[i] + 1);
    }
  }
  return record("cubic_root", x.shape(), root, Input{x, [curve](const Tensor& y, const Tensor& dy) {
                                                       const auto slope = [&] {
                                                         const WithGrad inner_graph;  // the caller may want none
                                                         return grad(sum(curve(y)), {y})[0];
                                                       };
                                                       return dy / slope();
                                                     }});
}

}  // namespace

TEST_CASE("a pullback may take gradients itself", "[autodiff][unusual]") {
  const Tensor x = random_variable({4}, 8);
  check_derivatives([](const auto& v) { return cubic_root(v[0]); }, {x}, 3,
                    1e-6);  // not smooth beyond 0.38 (in the complex plane)
  const Tensor y = cubic_root(x), total = sum(y);
  const NoGrad constants;
  const Tensor slope = grad(total, {x})[0];
  CHECK_FALSE(slope.requires_grad());
  for (std::size_t i = 0; i < 4; ++i) {
    const double at = y.values()[i];
    CHECK(at * at * at + at == Approx(x.values()[i]).epsilon(1e-14));
    CHECK(slope.values()[i] == Approx(1 / (3 * at * at + 1)).epsilon(1e-14));
  }
}

// -- Handles ----------------------------------------------------------------------------------------------------------

TEST_CASE("a tensor that was moved from holds nothing until it is assigned", "[autodiff][unusual]") {
  Tensor x = Tensor::variable({2}, {1, 2});
  Tensor y = std::move(x);
  CHECK_FALSE(x);  // NOLINT(bugprone-use-after-move): that is what is tested
  CHECK(numbers(y) == std::vector<double>{1, 2});
  CHECK_THROWS_WITH(x + y, ContainsSubstring("holds nothing"));
  CHECK_THROWS_WITH(exp(x), ContainsSubstring("holds nothing"));
  CHECK_THROWS_WITH(grad(x, {y}), ContainsSubstring("holds nothing"));
  CHECK_THROWS_WITH(grad(sum(y), {x}), ContainsSubstring("holds nothing"));
  CHECK_THROWS_WITH(vjp(y, {y}, x), ContainsSubstring("holds nothing"));
  CHECK_THROWS_WITH(concat({y, x}, 0), ContainsSubstring("holds nothing"));
  CHECK_THROWS_WITH(x.detach(), ContainsSubstring("holds nothing"));
  CHECK_THROWS_WITH(x.assign(std::vector<double>{1}), ContainsSubstring("holds nothing"));
  x = y * y;
  CHECK(numbers(x) == std::vector<double>{1, 4});
}

TEST_CASE("a tensor may be assigned to itself, and to a function of itself", "[autodiff][unusual]") {
  const std::size_t before = live_nodes();
  {
    const Tensor start = Tensor::variable({}, {0.5});
    Tensor x = start;
    Tensor& same = x;
    x = same;
    CHECK(x.node() == start.node());
    x = std::move(same);
    CHECK(x.node() == start.node());
    for (int i = 0; i < 3; ++i) x = sin(x);
    CHECK(x.item() == std::sin(std::sin(std::sin(0.5))));
    Tensor leaf = Tensor::variable({3}, {1, 2, 3});
    leaf.assign(leaf.values());
    CHECK(numbers(leaf) == std::vector<double>{1, 2, 3});
    const Tensor shares_numbers = leaf.detach();
    leaf.assign(leaf.values());
    leaf.mutable_values()[0] = 7;
    CHECK(numbers(shares_numbers) == std::vector<double>{1, 2, 3});
  }
  CHECK(live_nodes() == before);
}

// -- One tensor in many places ----------------------------------------------------------------------------------------

TEST_CASE("both operands may be the same tensor", "[autodiff][unusual]") {
  const Tensor x = random_variable({3, 3}, 9, 0.5, 1.5);
  const std::vector<Operation> operations{
      [](const auto& v) { return v[0] + v[0]; },
      [](const auto& v) { return v[0] - v[0]; },
      [](const auto& v) { return v[0] * v[0]; },
      [](const auto& v) { return v[0] / v[0]; },
      [](const auto& v) { return pow(v[0], v[0]); },
      [](const auto& v) { return maximum(v[0], v[0]); },
      [](const auto& v) { return where(v[0], v[0], v[0]); },
      [](const auto& v) { return matmul(v[0], v[0]); },
      [](const auto& v) { return matmul(v[0], transpose(v[0])); },
      [](const auto& v) { return affine(v[0], v[0], reshape(slice(v[0], 0, 0, 1), {3})); },
      [](const auto& v) {
        return stack({v[0], v[0], v[0]}, 1);
      },
  };
  for (const Operation& f : operations) check_derivatives(f, {x}, 2, 1e-8);
}

TEST_CASE("a tensor may be used 100000 times", "[autodiff][unusual]") {
  constexpr std::size_t uses = 100'000;
  const std::size_t before = live_nodes();
  {
    const Tensor x = Tensor::variable({}, {0.25});
    Tensors parts;
    for (std::size_t i = 0; i < uses; ++i) parts.push_back(x * x);
    const Tensor y = sum(stack(parts, 0));
    CHECK(y.item() == uses / 16.0);  // powers of two and whole numbers: exact
    const Tensor slope = grad(y, {x})[0];
    CHECK(slope.item() == uses / 2.0);
    CHECK(grad(slope, {x})[0].item() == 2.0 * uses);
    CHECK(sum(concat(Tensors(uses, reshape(x, {1})), 0)).item() == uses / 4.0);
  }
  CHECK(live_nodes() == before);
}

// -- Ranks 0 and 8 ----------------------------------------------------------------------------------------------------

TEST_CASE("operations on scalars", "[autodiff][unusual]") {
  const Tensor x = Tensor::variable({}, {0.75});
  const std::vector<Operation> operations{
      [](const auto& v) { return sum(v[0]); },
      [](const auto& v) { return mean(v[0]); },
      [](const auto& v) { return max(v[0]); },
      [](const auto& v) { return logsumexp(v[0]); },
      [](const auto& v) {
        return reshape(v[0], {1, 1, -1});
      },
      [](const auto& v) { return reshape(v[0], Shape{}); },
      [](const auto& v) { return permute(v[0], {}); },
      [](const auto& v) {
        return broadcast_to(v[0], {2, 3});
      },
      [](const auto& v) {
        return stack({v[0], v[0]}, -1);
      },
      [](const auto& v) { return sum_to(v[0], {}); },
  };
  for (const Operation& f : operations) check_derivatives(f, {x}, 2, 1e-8);
  CHECK(sum(x).shape() == Shape{});
  CHECK_THROWS_WITH(sum(x, {0}), ContainsSubstring("sum: axis 0 is out of range for shape ()"));
  CHECK_THROWS_WITH(sum(x, {-1}), ContainsSubstring("sum: axis -1 is out of range for shape ()"));
  CHECK_THROWS_WITH(norm(x), ContainsSubstring("norm: axis -1"));
  CHECK_THROWS_WITH(softmax(x), ContainsSubstring("softmax: axis -1"));
  CHECK_THROWS_WITH(transpose(x), ContainsSubstring("transpose"));
  CHECK_THROWS_WITH(concat({x, x}, 0), ContainsSubstring("concat: axis 0"));
  CHECK_THROWS_WITH(gather(x, {0}), ContainsSubstring("gather: axis 0"));
  CHECK_THROWS_WITH(slice(x, 0, 0, 1), ContainsSubstring("slice: axis 0"));
}

TEST_CASE("operations on tensors of eight axes", "[autodiff][unusual]") {
  const Shape eight{2, 1, 3, 1, 2, 1, 1, 2};
  const Tensor x = random_variable(eight, 10, 0.5, 1.5), row = random_variable({3, 1, 1, 1, 1, 2}, 11, 0.5, 1.5);
  const std::vector<Operation> operations{
      [](const auto& v) { return v[0] * v[1]; },
      [](const auto& v) {
        return sum(v[0], {0, 2, -1}) + sum(v[1]);
      },
      [](const auto& v) { return max(v[0], {4}, true) * sum(v[1]); },
      [](const auto& v) {
        return permute(v[0], {7, 6, 5, 4, 3, 2, 1, 0}) * sum(v[1]);
      },
      [](const auto& v) { return transpose(v[0]) + sum(v[1]); },
      [](const auto& v) {
        return concat({v[0], v[0] * v[1]}, 3);
      },
      [](const auto& v) { return slice(v[0], 2, 0, 3, 2) * sum(v[1]); },
      [](const auto& v) {
        return gather(v[0], Indices{2, 0, 2}, 2) * sum(v[1]);
      },
      [](const auto& v) { return softmax(v[0], 2) * v[1]; },
      [](const auto& v) { return norm(v[0], 2) * sum(v[1]); },
      [](const auto& v) { return matmul(v[0], transpose(v[0] * v[1])); },
      [](const auto& v) {
        return sum_to(v[0] * v[1], {3, 1, 1, 1, 1, 1});
      },
  };
  for (const Operation& f : operations) check_derivatives(f, {x, row}, 1, 1e-8);
  CHECK(sum(x, {0, 1, 2, 3, 4, 5, 6, 7}).shape() == Shape{});
  CHECK_THROWS_WITH(broadcast_to(x, Shape{2, 2, 1, 3, 1, 2, 1, 1}), ContainsSubstring("broadcast_to"));
}
