// What this file is: how long one training step of a multilayer perceptron takes (forward, mean squared error,
// backward, Adam), for five shapes from tiny to large. Data and starting weights are those of problems.hpp, so that
// other programs can train the same networks: `check` is the loss of the twentieth step.
#include <benchmark/benchmark.h>

#include <string>

#include "autodiff/gradient.hpp"
#include "networks.hpp"
#include "nn/averaging.hpp"
#include "nn/losses.hpp"
#include "nn/mlp.hpp"
#include "nn/optimizers.hpp"
#include "problems.hpp"

using namespace adatom;

namespace {

const problems::Training& training(const benchmark::State& state) {
  return problems::trainings[static_cast<std::size_t>(state.range(0))];
}

struct Problem {
  Mlp network;
  Tensor x, y;

  explicit Problem(const problems::Training& training)
      : network(network_of(training.sizes)),
        x(Tensor::constant({training.rows, training.sizes[0]}, problems::training_inputs(training))),
        y(Tensor::constant({training.rows, 1}, problems::training_targets(training))) {}

  Tensor loss() const { return mse(network(x), y); }
};

double loss_after_20(const problems::Training& c) {
  const Problem problem(c);
  Adam adam(problem.network.parameters());
  double loss = 0.0;
  for (int step = 0; step < 20; ++step) loss = adam.step(problem.loss());
  return loss;
}

void training_step(benchmark::State& state) {
  const problems::Training& c = training(state);
  const Problem problem(c);
  Adam adam(problem.network.parameters());
  for (auto _ : state) adam.step(problem.loss());
  state.counters["check"] = loss_after_20(c);
  state.SetLabel(describe_layers(problem.network.parameters()) + " batch " + std::to_string(c.rows));
}
BENCHMARK(training_step)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void forward_only(benchmark::State& state) {
  const Problem problem(training(state));
  const NoGrad no_grad;
  for (auto _ : state) benchmark::DoNotOptimize(problem.network(problem.x).data());
}
BENCHMARK(forward_only)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void gradients_only(benchmark::State& state) {
  const Problem problem(training(state));
  Adam adam(problem.network.parameters());
  for (auto _ : state) benchmark::DoNotOptimize(adam.gradients(problem.loss()).data());
}
BENCHMARK(gradients_only)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void adam_only(benchmark::State& state) {
  const Problem problem(training(state));
  Adam adam(problem.network.parameters());
  const Tensors gradients = adam.gradients(problem.loss());
  for (auto _ : state) adam.step(std::span<const Tensor>(gradients));
}
BENCHMARK(adam_only)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

}  // namespace
