// What this file is: how long tensors and their derivatives take. The cost of recording (chains of numbers), of moving
// large arrays through the processor, and of the parts of a training step.
#include <benchmark/benchmark.h>

#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "core/random.hpp"

using namespace adatom;

namespace {

Tensor random_variable(const Shape& shape, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(shape.count());
  for (double& value : values) value = random.uniform(-1.0, 1.0);
  return Tensor::variable(shape, values);
}

/// `operation` applied 1000 times to a number or small vector, recorded: time per operation.
template <class Operation>
void chain(benchmark::State& state, const Shape& shape, Operation operation, bool backward) {
  constexpr int length = 1000;
  const Tensor x = random_variable(shape, 1);
  for (auto _ : state) {
    Tensor y = x;
    for (int i = 0; i < length; ++i) y = operation(y, x);
    if (backward) {
      const NoGrad constants;
      benchmark::DoNotOptimize(vjp(y, {x}, Tensor::ones(shape))[0].data());
    }
    benchmark::DoNotOptimize(y.data());
  }
  state.counters["per_op"] =
      benchmark::Counter(length, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void chain_multiply(benchmark::State& state) {
  chain(
      state, {}, [](const Tensor& y, const Tensor& x) { return y * x; }, state.range(0) == 1);
}
void chain_add(benchmark::State& state) {
  chain(
      state, {}, [](const Tensor& y, const Tensor& x) { return y + x; }, state.range(0) == 1);
}
void chain_scale(benchmark::State& state) {
  chain(
      state, {}, [](const Tensor& y, const Tensor&) { return 1.01 * y; }, state.range(0) == 1);
}
void chain_tanh(benchmark::State& state) {
  chain(
      state, {16}, [](const Tensor& y, const Tensor&) { return tanh(y); }, state.range(0) == 1);
}
BENCHMARK(chain_multiply)->ArgName("backward")->Arg(0)->Arg(1);
BENCHMARK(chain_add)->ArgName("backward")->Arg(0)->Arg(1);
BENCHMARK(chain_scale)->ArgName("backward")->Arg(0)->Arg(1);
BENCHMARK(chain_tanh)->ArgName("backward")->Arg(0)->Arg(1);

/// Elementwise functions of large arrays: doubles per second.
template <class Operation>
void throughput(benchmark::State& state, Operation operation) {
  const Tensor x = random_variable({static_cast<std::size_t>(state.range(0))}, 1);
  const NoGrad constants;
  for (auto _ : state) benchmark::DoNotOptimize(operation(x).data());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void throughput_add(benchmark::State& state) {
  throughput(state, [](const Tensor& x) { return x + x; });
}
void throughput_tanh(benchmark::State& state) {
  throughput(state, [](const Tensor& x) { return tanh(x); });
}
void throughput_exp(benchmark::State& state) {
  throughput(state, [](const Tensor& x) { return exp(x); });
}
void throughput_sum(benchmark::State& state) {
  throughput(state, [](const Tensor& x) { return sum(x); });
}
/// Σ x² as one writes it, and without storing the squares.
void throughput_sum_of_squares(benchmark::State& state) {
  throughput(state, [](const Tensor& x) { return sum(square(x)); });
}
void throughput_dot(benchmark::State& state) {
  throughput(state, [](const Tensor& x) { return matmul(x, x); });
}
BENCHMARK(throughput_add)->Arg(1000)->Arg(100000);
BENCHMARK(throughput_tanh)->Arg(1000)->Arg(100000);
BENCHMARK(throughput_exp)->Arg(1000)->Arg(100000);
BENCHMARK(throughput_sum)->Arg(1000)->Arg(100000);
BENCHMARK(throughput_sum_of_squares)->Arg(1000)->Arg(100000)->Arg(1000000);
BENCHMARK(throughput_dot)->Arg(1000)->Arg(100000)->Arg(1000000);

/// A network with two hidden layers and what its training step consists of. Arguments: rows, width.
struct Network {
  Tensor x, target;
  Tensors weights;

  explicit Network(const benchmark::State& state) {
    const auto rows = static_cast<std::size_t>(state.range(0)), width = static_cast<std::size_t>(state.range(1));
    x = random_variable({rows, width}, 1);
    target = random_variable({rows, 1}, 2).detach();
    weights = {random_variable({width, width}, 3), random_variable({width}, 4),    random_variable({width, width}, 5),
               random_variable({width}, 6),        random_variable({width, 1}, 7), random_variable({1}, 8)};
  }
  Tensor output() const {
    const Tensor first = tanh(affine(x, weights[0], weights[1]));
    return affine(tanh(affine(first, weights[2], weights[3])), weights[4], weights[5]);
  }
  Tensor loss() const { return mean(square(output() - target)); }
};

void network_forward(benchmark::State& state) {
  const Network network(state);
  for (auto _ : state) benchmark::DoNotOptimize(network.loss().item());
}

void network_gradient(benchmark::State& state) {
  const Network network(state);
  for (auto _ : state) {
    const Tensor loss = network.loss();
    const NoGrad constants;
    benchmark::DoNotOptimize(grad(loss, network.weights)[0].data());
  }
}

/// The gradient of a loss on forces: a derivative of a derivative.
void network_force_gradient(benchmark::State& state) {
  const Network network(state);
  for (auto _ : state) {
    const Tensor forces = grad(sum(network.output()), {network.x})[0];
    const Tensor loss = mean(square(forces));
    const NoGrad constants;
    benchmark::DoNotOptimize(grad(loss, network.weights)[0].data());
  }
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"rows", "width"})->Args({8, 8})->Args({64, 16})->Args({64, 64})->Args({1024, 64});
}
BENCHMARK(network_forward)->Apply(sizes);
BENCHMARK(network_gradient)->Apply(sizes);
BENCHMARK(network_force_gradient)->Apply(sizes);

}  // namespace
