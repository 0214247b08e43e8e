// What this file is: what users of automatic differentiation most often report as broken, one test each: overflow, NaN
// at kinks and at degenerate geometries, memory that grows, results that change with the number of threads. Errors are
// in shape_errors_test.cpp.
#include <cmath>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/decompositions.hpp"
#include "autodiff/distances.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/selection.hpp"
#include "autodiff/shaping.hpp"
#include "autodiff/softmax.hpp"
#include "core/parallel.hpp"
#include "tests/autodiff/random_tensor.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sanitized.hpp"

using namespace adatom;
using testing::all_finite;
using testing::largest_difference;

namespace {

/// Value and `orders` derivatives of Σ f, each the sum of squares of the one before, all finite.
void check_finite(const Tensor& y, const Tensor& x, int orders) {
  Tensor s = sum(y);
  CHECK(std::isfinite(s.item()));
  for (int order = 1; order <= orders; ++order) {
    INFO("order " << order);
    const Tensor slope = grad(s, {x})[0];
    CHECK(all_finite(slope));
    s = sum(square(slope));
  }
}

}  // namespace

// -- Overflow ---------------------------------------------------------------------------------------------------------

TEST_CASE("activations do not overflow at 800", "[autodiff][robustness]") {
  const std::vector<std::pair<const char*, Tensor (*)(const Tensor&)>> functions{
      {"sigmoid", sigmoid}, {"softplus", softplus}, {"silu", silu}, {"tanh", tanh}, {"gelu", gelu}, {"erf", erf}};
  for (const auto& [name, function] : functions) {
    for (const double at : {-1e150, -800.0, -40.0, -20.0, 0.0, 20.0, 40.0, 800.0, 1e150}) {
      INFO(name << " at " << at);
      const Tensor x = Tensor::variable({1}, {at});
      check_finite(function(x), x, 3);
    }
  }
}

TEST_CASE("activations have finite derivatives at huge numbers and at infinity", "[autodiff][robustness]") {
  const std::vector<std::pair<const char*, Tensor (*)(const Tensor&)>> functions{
      {"sigmoid", sigmoid}, {"softplus", softplus}, {"silu", silu}, {"tanh", tanh},
      {"gelu", gelu},       {"erf", erf},           {"relu", relu}, {"abs", abs}};
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& [name, function] : functions) {
    for (const double at : {-infinity, -1e308, -1e300, -1e160, 1e160, 1e300, 1e308, infinity}) {
      const Tensor x = Tensor::variable({}, {at});
      Tensor y = function(x);
      for (int order = 1; order <= 3; ++order) {
        y = grad(y, {x})[0];
        INFO(name << " at " << at << ", derivative " << order);
        CHECK(std::isfinite(y.item()));
        if (order > 1) CHECK(y.item() == 0.0);  // all are straight lines there
      }
    }
  }
}

TEST_CASE("limits of activations", "[autodiff][robustness]") {
  const Tensor x = Tensor::variable({2}, {-800.0, 800.0});
  const auto check = [&](const Tensor& y, double low, double high, double slope_low, double slope_high) {
    CHECK(largest_difference(y, Tensor::constant({2}, {low, high})) == 0.0);
    CHECK(largest_difference(grad(sum(y), {x})[0], Tensor::constant({2}, {slope_low, slope_high})) == 0.0);
  };
  check(sigmoid(x), 0.0, 1.0, 0.0, 0.0);
  check(softplus(x), 0.0, 800.0, 0.0, 1.0);
  check(silu(x), 0.0, 800.0, 0.0, 1.0);
  check(tanh(x), -1.0, 1.0, 0.0, 0.0);
  check(gelu(x), 0.0, 800.0, 0.0, 1.0);
}

// -- Kinks and degenerate geometries ----------------------------------------------------------------------------------

TEST_CASE("derivatives at kinks are zero, never NaN", "[autodiff][robustness]") {
  const Tensor zero = Tensor::variable({3}, {0.0, 0.0, 0.0});
  for (const Tensor& y :
       {relu(zero), abs(zero), norm(zero), norm(reshape(zero, {1, 3})), norm(reshape(zero, {3, 1}))}) {
    INFO(operation_name(y));
    const Tensor first = grad(sum(y), {zero})[0];
    CHECK(largest_difference(first, Tensor::zeros({3})) == 0.0);
    CHECK(largest_difference(grad(sum(first + square(first)), {zero})[0], Tensor::zeros({3})) == 0.0);
  }
}

TEST_CASE("a row of zeros among others does not spoil the norm's derivatives", "[autodiff][robustness]") {
  const Tensor x = Tensor::variable({2, 2}, {0.0, 0.0, 3.0, 4.0});
  const Tensor first = grad(sum(norm(x)), {x})[0];
  CHECK(largest_difference(first, Tensor::constant({2, 2}, {0.0, 0.0, 0.6, 0.8})) < 1e-15);
  check_finite(norm(x), x, 3);
}

TEST_CASE("values not chosen by where do not leak into derivatives", "[autodiff][robustness]") {
  // √x has an infinite slope at 0, 1/x an infinite value: neither is chosen there.
  const Tensor x = Tensor::variable({2}, {0.0, 4.0});
  const Tensor chosen = Tensor::constant({2}, {0.0, 1.0});
  CHECK(largest_difference(where(chosen, 1.0 / x, 0.0), Tensor::constant({2}, {0.0, 0.25})) == 0.0);
  // What flows to √x and 1/x themselves is zero where they are not chosen; the caller guards their arguments.
  const Tensor root = Tensor::variable({2}, {HUGE_VAL, 2.0});
  const Tensor slope = grad(sum(where(chosen, root, 0.0)), {root})[0];
  CHECK(largest_difference(slope, chosen) == 0.0);
  const Tensor guarded = where(chosen, sqrt(where(chosen, x, 1.0)), 0.0);
  CHECK(largest_difference(grad(sum(guarded), {x})[0], Tensor::constant({2}, {0.0, 0.25})) == 0.0);
  check_finite(guarded, x, 3);
}

namespace {

/// A pair potential from flat pair lists: Σ over pairs of exp(−r), r from gathered positions.
Tensor pair_energy(const Tensor& positions, const Indices& first, const Indices& second) {
  const Tensor difference = gather(positions, first) - gather(positions, second);
  return sum(exp(-norm(difference)));
}

/// A many-body energy of distances: √ of per-atom densities, which an atom without neighbours does not have.
Tensor embedded_energy(const Tensor& positions, const Indices& first, const Indices& second) {
  const Tensor difference = gather(positions, first) - gather(positions, second);
  const Tensor density = segment_sum(exp(-norm(difference)), first, positions.shape()[0]);
  return sum(softplus(density) - square(density));
}

}  // namespace

TEST_CASE("two atoms along an axis have finite second derivatives", "[autodiff][robustness]") {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    Buffer values(6, 0.0);
    values[3 + axis] = 1.5;
    const Tensor x = Tensor::variable({2, 3}, values.span());
    check_finite(exp(-pairwise_distances(x)), x, 3);
    check_finite(exp(-pairwise_distances(x, x)), x, 3);
    check_finite(pair_energy(x, {0, 1}, {1, 0}), x, 3);
    check_finite(embedded_energy(x, {0, 1}, {1, 0}), x, 3);
    // E = e^-r: the curvature along the bond is e^-r, across it -e^-r / r.
    const Tensor h = hessian([](const Tensor& at) { return sum(exp(-pairwise_distances(at))); }, x);
    for (std::size_t k = 0; k < 3; ++k) {
      const double expected = std::exp(-1.5) * (k == axis ? 1.0 : -1.0 / 1.5);
      CHECK(h.values()[k * 6 + k] == Approx(expected).epsilon(1e-14));
    }
  }
}

TEST_CASE("structures without neighbours and coinciding atoms have finite derivatives", "[autodiff][robustness]") {
  const Indices none(std::vector<std::uint32_t>{});
  const Tensor alone = Tensor::variable({1, 3}, {1.0, 2.0, 3.0});
  for (const Tensor& y : {pair_energy(alone, none, none), embedded_energy(alone, none, none),
                          sum(exp(-pairwise_distances(alone))), sum(exp(-pairwise_distances(alone, alone)))}) {
    const Tensor first = grad(y, {alone})[0];
    CHECK(largest_difference(first, Tensor::zeros({1, 3})) == 0.0);
    check_finite(y, alone, 2);
  }
  const Tensor same = Tensor::variable({2, 3}, {1.0, 2.0, 3.0, 1.0, 2.0, 3.0});
  check_finite(pair_energy(same, {0, 1}, {1, 0}), same, 2);
  check_finite(exp(-pairwise_distances(same)), same, 2);
}

// -- Memory -----------------------------------------------------------------------------------------------------------

namespace {

/// Resident memory in pages; 0 where the system does not tell.
std::size_t resident_pages() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  file >> total >> resident;
  return resident;
}

/// One step of gradient descent on a network of 2 inputs and 3 hidden units, with a force-like term: second
/// derivatives.
void training_step(Tensor& w1, Tensor& w2) {
  const Tensor x = Tensor::variable({2, 2}, {0.1, 0.7, -0.3, 0.4});
  const Tensor y = sum(matmul(tanh(matmul(x, w1)), w2));
  const Tensor force = grad(y, {x})[0];
  const Tensor loss = square(y - 1.0) + sum(square(force));
  const NoGrad numbers_only;
  const Tensors slopes = grad(loss, {w1, w2});
  for (std::size_t k = 0; k < w1.size(); ++k) w1.mutable_values()[k] -= 1e-3 * slopes[0].values()[k];
  for (std::size_t k = 0; k < w2.size(); ++k) w2.mutable_values()[k] -= 1e-3 * slopes[1].values()[k];
}

}  // namespace

TEST_CASE("memory stays flat over 100000 training steps", "[autodiff][robustness]") {
  // 2000 steps under sanitizers, which are slow and keep freed memory for a while.
  const int steps = sanitized ? 2000 : 100000;
  Tensor w1 = Tensor::variable({2, 3}, testing::random_tensor({2, 3}, 1).values());
  Tensor w2 = Tensor::variable({3}, testing::random_tensor({3}, 2).values());
  for (int step = 0; step < 100; ++step) training_step(w1, w2);
  const std::size_t nodes = live_nodes(), blocks = system_allocations(), pages = resident_pages();
  for (int step = 0; step < steps; ++step) training_step(w1, w2);
  CHECK(live_nodes() == nodes);
  CHECK(system_allocations() == blocks);
  if (!sanitized) CHECK(resident_pages() <= pages + 64);
  CHECK(all_finite(w1));
}

TEST_CASE("memory stays flat where one thread makes tensors and another drops them", "[autodiff][robustness]") {
  const auto made_elsewhere = [] {
    Tensor y;
    std::thread([&] { y = exp(Tensor::ones({100'000})); }).join();
    return y;
  };
  for (int round = 0; round < 10; ++round) made_elsewhere();
  const std::size_t pages = resident_pages();
  for (int round = 0; round < 200; ++round) made_elsewhere();  // of 0.8 MB each
  if (!sanitized) CHECK(resident_pages() <= pages + 2000);     // 8 MB
}

// -- Special numbers --------------------------------------------------------------------------------------------------

TEST_CASE("undefined numbers follow IEEE instead of throwing", "[autodiff][robustness]") {
  CHECK(std::isnan(log(Tensor(-1.0)).item()));
  CHECK(log(Tensor(0.0)).item() == -HUGE_VAL);
  CHECK(std::isnan(sqrt(Tensor(-1.0)).item()));
  CHECK((Tensor(1.0) / 0.0).item() == HUGE_VAL);
  CHECK(std::isnan((Tensor(0.0) / 0.0).item()));
  CHECK(std::isnan(max(Tensor::constant({2}, {1.0, std::nan("")})).item()));
}

TEST_CASE("an input that the output does not depend on gets zeros", "[autodiff][robustness]") {
  const Tensor x = Tensor::variable({2}, {1.0, 2.0}),
               unused = Tensor::variable({2, 3}, testing::random_tensor({2, 3}, 1).values());
  const Tensors slopes = grad(sum(square(x)), {unused, x});
  CHECK(slopes[0].shape() == Shape{2, 3});
  CHECK(largest_difference(slopes[0], Tensor::zeros({2, 3})) == 0.0);
  CHECK(largest_difference(slopes[1], Tensor::constant({2}, {2.0, 4.0})) == 0.0);
}

// -- Threads ----------------------------------------------------------------------------------------------------------

namespace {

/// Large products, elementwise functions, sums, row sums, indexing and a decomposition, forward and backward.
std::vector<double> large_computation() {
  const std::size_t n = 400;  // arrays of 160 000 numbers: all operations that use threads do so
  const Tensor a = Tensor::variable({n, n}, testing::random_tensor({n, n}, 1).values());
  const Tensor b = Tensor::variable({n, n}, testing::random_tensor({n, n}, 2).values());
  const Tensor hidden = tanh(matmul(a, b) * 0.05) + silu(a);
  Random random(3);
  std::vector<std::uint32_t> rows(4 * n);
  for (std::uint32_t& row : rows) row = static_cast<std::uint32_t>(random.below(n));
  const Tensor spread = segment_sum(gather(hidden, rows), rows, n);
  const Tensor covariance = matmul(hidden, transpose(hidden)) * (1.0 / n) + Tensor::constant({n, n}, [] {
                              Buffer one(n * n, 0.0);
                              for (std::size_t i = 0; i < n; ++i) one[i * n + i] = 1.0;
                              return one;
                            }());
  const Tensor flat = reshape(hidden, {-1});
  const Tensor y = sum(square(spread)) * 1e-3 + matmul(flat, flat) + sum(norm(hidden)) +
                   sum(softmax(matmul(b, hidden))) + log_determinant(covariance) + sum(exp(sum(hidden, {0}) * 0.01)) +
                   mean(max(hidden, {1})) + sum(pairwise_distances(slice(a, 0, 0, 50)));
  std::vector<double> numbers{y.item()};
  for (const Tensor& slope : grad(y, {a, b}))
    numbers.insert(numbers.end(), slope.values().begin(), slope.values().end());
  return numbers;
}

}  // namespace

TEST_CASE("the same bits for 1, 2 and 4 threads", "[autodiff][robustness]") {
  set_thread_count(1);
  const std::vector<double> expected = large_computation();
  for (const std::size_t threads : {2, 4}) {
    set_thread_count(threads);
    INFO(threads << " threads");
    CHECK(large_computation() == expected);
  }
  set_thread_count(1);
}
