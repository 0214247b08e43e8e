// What this file is: how long one training step of a multilayer perceptron takes (forward, mean squared error,
// backward, Adam), for five shapes from tiny to large. Data and starting weights come from splitmix64, so that other
// programs can train the same networks: `loss_after_100` is the loss of the hundredth step.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "autodiff/gradient.hpp"
#include "nn/averaging.hpp"
#include "nn/losses.hpp"
#include "nn/mlp.hpp"
#include "nn/optimizers.hpp"

using namespace adatom;

namespace {

/// splitmix64 (Vigna), uniform in [-amplitude, amplitude).
std::vector<double> uniform_values(std::size_t count, double amplitude, std::uint64_t seed) {
  std::vector<double> values(count);
  for (double& value : values) {
    std::uint64_t z = (seed += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    z ^= z >> 31;
    value = (2.0 * (static_cast<double>(z >> 11) * 0x1.0p-53) - 1.0) * amplitude;
  }
  return values;
}

struct Case {
  std::vector<std::size_t> sizes;
  std::size_t rows;
};
const std::vector<Case> cases{{{1, 16, 16, 1}, 32},
                              {{27, 25, 25, 1}, 512},
                              {{64, 64, 64, 1}, 64},
                              {{64, 64, 64, 1}, 1024},
                              {{256, 256, 256, 1}, 1024}};

struct Problem {
  Mlp network;
  Tensor x, y;

  explicit Problem(const Case& c) {
    for (std::size_t i = 0; i + 1 < c.sizes.size(); ++i) {
      const std::size_t in = c.sizes[i], out = c.sizes[i + 1];
      const double amplitude = 1.0 / std::sqrt(static_cast<double>(in));
      const std::vector<double> by_output = uniform_values(in * out, amplitude, 11 + 2 * i);  // stored (out, in)
      std::vector<double> weight(in * out);
      for (std::size_t k = 0; k < in * out; ++k) weight[k] = by_output[k % out * in + k / out];
      network.layers.emplace_back(Tensor::variable({in, out}, weight),
                                  Tensor::variable({out}, uniform_values(out, amplitude, 12 + 2 * i)));
    }
    const std::size_t in = c.sizes[0];
    const std::vector<double> inputs = uniform_values(c.rows * in, 1.0, 101);
    std::vector<double> targets(c.rows);
    for (std::size_t i = 0; i < c.rows; ++i) {
      double sum = 0.0;
      for (std::size_t j = 0; j < in; ++j) sum += inputs[i * in + j];
      targets[i] = std::sin(3.0 * sum);
    }
    x = Tensor::constant({c.rows, in}, inputs);
    y = Tensor::constant({c.rows, 1}, targets);
  }

  Tensor loss() const { return mse(network(x), y); }
};

double loss_after_100(const Case& c) {
  const Problem problem(c);
  Adam adam(problem.network.parameters());
  double loss = 0.0;
  for (int step = 0; step < 100; ++step) loss = adam.step(problem.loss());
  return loss;
}

void training_step(benchmark::State& state) {
  const Case& c = cases[static_cast<std::size_t>(state.range(0))];
  const Problem problem(c);
  Adam adam(problem.network.parameters());
  for (auto _ : state) adam.step(problem.loss());
  state.counters["loss_after_100"] = loss_after_100(c);
  state.SetLabel(describe_layers(problem.network.parameters()) + " batch " + std::to_string(c.rows));
}
BENCHMARK(training_step)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void forward_only(benchmark::State& state) {
  const Problem problem(cases[static_cast<std::size_t>(state.range(0))]);
  const NoGrad no_grad;
  for (auto _ : state) benchmark::DoNotOptimize(problem.network(problem.x).data());
}
BENCHMARK(forward_only)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void gradients_only(benchmark::State& state) {
  const Problem problem(cases[static_cast<std::size_t>(state.range(0))]);
  Adam adam(problem.network.parameters());
  for (auto _ : state) benchmark::DoNotOptimize(adam.gradients(problem.loss()).data());
}
BENCHMARK(gradients_only)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void adam_only(benchmark::State& state) {
  const Problem problem(cases[static_cast<std::size_t>(state.range(0))]);
  Adam adam(problem.network.parameters());
  const Tensors gradients = adam.gradients(problem.loss());
  for (auto _ : state) adam.step(std::span<const Tensor>(gradients));
}
BENCHMARK(adam_only)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
