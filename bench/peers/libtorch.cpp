// What this file is: the training steps, force matching and Lennard-Jones forces of our benchmarks, written for
// libtorch as its users write them, in several ways each, of which tools/bench counts the fastest. Double precision,
// one thread.
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <cmath>
#include <string>
#include <vector>

#include "problems.hpp"

namespace {

using problems::ForceMatching;
using torch::Tensor;

Tensor tensor(const std::vector<double>& values, torch::IntArrayRef shape) {
  return torch::tensor(values, torch::kFloat64).reshape(shape).clone();
}
int64_t signed_size(std::size_t n) { return static_cast<int64_t>(n); }

struct Network {
  torch::nn::Sequential layers;
  std::vector<Tensor> parameters;

  explicit Network(const std::vector<std::size_t>& sizes) {
    for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
      layers->push_back(torch::nn::Linear(sizes[l], sizes[l + 1]));
      if (l + 2 < sizes.size()) layers->push_back(torch::nn::Tanh());
    }
    layers->to(torch::kFloat64);
    parameters = layers->parameters();
    const torch::NoGradGuard constants;
    for (std::size_t l = 0; l + 1 < sizes.size(); ++l) {
      parameters[2 * l].copy_(tensor(problems::layer_weights(sizes, l), parameters[2 * l].sizes()));
      parameters[2 * l + 1].copy_(tensor(problems::layer_biases(sizes, l), parameters[2 * l + 1].sizes()));
    }
  }
};

/// Times Adam steps on problem(network), which is the loss, or its value if backward has been done. The loss of the
/// twentieth step shows that both programs do the same.
template <class Problem>
void steps(benchmark::State& state, const std::vector<std::size_t>& sizes, const Problem& problem) {
  const auto train = [&](Network& network, torch::optim::Adam& adam) {
    adam.zero_grad();
    Tensor loss = problem(network);
    if (loss.requires_grad()) loss.backward({}, c10::nullopt, false, network.parameters);
    adam.step();
    return loss;
  };
  {
    Network network(sizes);
    torch::optim::Adam adam(network.parameters, torch::optim::AdamOptions(1e-3));
    Tensor loss;
    for (int step = 0; step < 20; ++step) loss = train(network, adam);
    state.counters["check"] = loss.item<double>();
  }
  Network network(sizes);
  torch::optim::Adam adam(network.parameters, torch::optim::AdamOptions(1e-3));
  for (auto _ : state) train(network, adam);
}

void training_step(benchmark::State& state) {
  const problems::Training& t = problems::trainings[static_cast<std::size_t>(state.range(0))];
  const Tensor x = tensor(problems::training_inputs(t), {signed_size(t.rows), signed_size(t.sizes[0])});
  const Tensor y = tensor(problems::training_targets(t), {signed_size(t.rows), 1});
  steps(state, t.sizes, [&](Network& network) { return torch::mse_loss(network.layers->forward(x), y); });
}
BENCHMARK(training_step)->ArgName("case")->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

/// What the ways of force matching share. S structures, N atoms, K functions.
struct Matching {
  const int64_t S = ForceMatching::structures, N = ForceMatching::atoms, K = ForceMatching::functions;
  Tensor positions, shifts, energy_labels, force_labels;

  Matching() {
    std::vector<double> all;
    for (int64_t s = 0; s < S; ++s) {
      const std::vector<double> x = ForceMatching::positions(s);
      all.insert(all.end(), x.begin(), x.end());
    }
    positions = tensor(all, {S, N, 3}).requires_grad_(true);
    std::vector<double> mu;
    for (int64_t k = 0; k < K; ++k) mu.push_back(ForceMatching::shift(k));
    shifts = tensor(mu, {K});
    energy_labels = tensor(ForceMatching::energies(), {S});
    force_labels = tensor(ForceMatching::forces(), {S, N, 3});
  }
  Tensor loss(const Tensor& energies, const Tensor& forces) const {
    return ((energies - energy_labels) / N).pow(2).mean() + (forces - force_labels).pow(2).mean();
  }
  /// The summands of the descriptors, (…, K), of distances (…).
  Tensor summands(const Tensor& r) const {
    const Tensor q = r.unsqueeze(-1) - shifts;
    const Tensor cutoff = torch::where(
        r < ForceMatching::cutoff, 0.5 * (torch::cos(r * (M_PI / ForceMatching::cutoff)) + 1), torch::zeros_like(r));
    return torch::exp(-ForceMatching::eta * q * q) * cutoff.unsqueeze(-1);
  }
  template <class Describe>
  void from_positions(benchmark::State& state, const Describe& describe) const {
    steps(state, ForceMatching::sizes(), [&](Network& network) {
      const Tensor energies = network.layers->forward(describe()).sum({1, 2});
      return loss(energies, -torch::autograd::grad({energies.sum()}, {positions}, {}, true, true)[0]);
    });
  }
};

void force_matching_pairs(benchmark::State& state) {
  const Matching m;
  const Tensor pairs = torch::triu_indices(m.N, m.N, 1), i = pairs[0].contiguous(), j = pairs[1].contiguous();
  m.from_positions(state, [&] {
    const Tensor d = m.positions.index_select(1, i) - m.positions.index_select(1, j);
    const Tensor g = m.summands((d * d).sum(-1).sqrt());
    const Tensor zeros = torch::zeros({m.S, m.N, m.K}, torch::kFloat64);
    return zeros.index_add(1, i, g).index_add(1, j, g);
  });
}
void force_matching_dense(benchmark::State& state) {
  const Matching m;
  const Tensor eye = torch::eye(m.N, torch::kFloat64), others = (1 - eye).unsqueeze(0).unsqueeze(-1);
  m.from_positions(state, [&] {
    const Tensor d = m.positions.unsqueeze(2) - m.positions.unsqueeze(1);
    return (m.summands(((d * d).sum(-1) + eye).sqrt()) * others).sum(2);
  });
}
/// As pairs, but a graph for each structure, small enough for the processor's cache; backward adds the gradients up.
void force_matching_one_by_one(benchmark::State& state) {
  const Matching m;
  const Tensor pairs = torch::triu_indices(m.N, m.N, 1), i = pairs[0].contiguous(), j = pairs[1].contiguous();
  const Tensor zeros = torch::zeros({m.N, m.K}, torch::kFloat64);
  std::vector<Tensor> each;
  for (int64_t s = 0; s < m.S; ++s) each.push_back(m.positions.detach()[s].clone().requires_grad_(true));
  const auto loss_of = [&](Network& network, int64_t s) {
    const Tensor d = each[s].index_select(0, i) - each[s].index_select(0, j);
    const Tensor g = m.summands((d * d).sum(-1).sqrt());
    const Tensor energy = network.layers->forward(zeros.index_add(0, i, g).index_add(0, j, g)).sum();
    const Tensor forces = -torch::autograd::grad({energy}, {each[s]}, {}, true, true)[0];
    return (((energy - m.energy_labels[s]) / m.N).pow(2) + (forces - m.force_labels[s]).pow(2).mean()) / m.S;
  };
  steps(state, ForceMatching::sizes(), [&](Network& network) {
    Tensor total = torch::zeros({}, torch::kFloat64);
    for (int64_t s = 0; s < m.S; ++s) {
      Tensor loss = loss_of(network, s);
      total += loss.detach();
      loss.backward({}, c10::nullopt, false, network.parameters);
    }
    return total;
  });
}
/// Descriptors and their derivatives, a dense matrix (N K, 3 N) for each structure, are computed once.
void force_matching_jacobian(benchmark::State& state) {
  const Matching m;
  std::vector<double> descriptors(m.S * m.N * m.K, 0.0), jacobian(m.S * m.N * m.K * 3 * m.N, 0.0);
  for (int64_t s = 0; s < m.S; ++s) {
    const std::vector<double> x = ForceMatching::positions(s);
    for (int64_t i = 0; i < m.N; ++i) {
      for (int64_t j = 0; j < m.N; ++j) {
        double d[3], r = 0.0;
        for (int c = 0; c < 3; ++c) r += (d[c] = x[3 * i + c] - x[3 * j + c]) * d[c];
        r = std::sqrt(r);
        if (j == i || r >= ForceMatching::cutoff) continue;
        const double angle = M_PI * r / ForceMatching::cutoff;
        for (int64_t k = 0; k < m.K; ++k) {
          const double q = r - ForceMatching::shift(k), gauss = std::exp(-ForceMatching::eta * q * q);
          const double cutoff = 0.5 * (std::cos(angle) + 1);
          const double slope =
              gauss * (-2 * ForceMatching::eta * q * cutoff - 0.5 * M_PI / ForceMatching::cutoff * std::sin(angle));
          const int64_t row = (s * m.N + i) * m.K + k;
          descriptors[row] += gauss * cutoff;
          for (int c = 0; c < 3; ++c) {
            jacobian[row * 3 * m.N + 3 * i + c] += slope * d[c] / r;
            jacobian[row * 3 * m.N + 3 * j + c] -= slope * d[c] / r;
          }
        }
      }
    }
  }
  const Tensor g = tensor(descriptors, {m.S, m.N, m.K}).requires_grad_(true);
  const Tensor dg = tensor(jacobian, {m.S, m.N * m.K, 3 * m.N});
  steps(state, ForceMatching::sizes(), [&](Network& network) {
    const Tensor energies = network.layers->forward(g).sum({1, 2});
    const Tensor slopes = torch::autograd::grad({energies.sum()}, {g}, {}, true, true)[0];
    return m.loss(energies, -torch::bmm(slopes.reshape({m.S, 1, m.N * m.K}), dg).reshape({m.S, m.N, 3}));
  });
}
BENCHMARK(force_matching_pairs)->Unit(benchmark::kMicrosecond);
BENCHMARK(force_matching_one_by_one)->Unit(benchmark::kMicrosecond);
BENCHMARK(force_matching_dense)->Unit(benchmark::kMicrosecond);
BENCHMARK(force_matching_jacobian)->Unit(benchmark::kMicrosecond);

/// 4 Σ (r⁻¹² − r⁻⁶) of pairs with these r⁻².
Tensor lennard_jones_sum(const Tensor& inverse_square) {
  const Tensor i6 = inverse_square * inverse_square * inverse_square;
  return 4 * (i6 * i6 - i6).sum();
}

template <class Energy>
void forces(benchmark::State& state, const Energy& energy) {
  const int64_t n = state.range(0);
  const Tensor positions = tensor(problems::cluster(n), {n, 3}).requires_grad_(true);
  state.counters["check"] = energy(positions).template item<double>();
  for (auto _ : state) benchmark::DoNotOptimize(torch::autograd::grad({energy(positions)}, {positions})[0].data_ptr());
}
void lennard_jones_pairs(benchmark::State& state) {
  const Tensor pairs = torch::triu_indices(state.range(0), state.range(0), 1);
  const Tensor i = pairs[0].contiguous(), j = pairs[1].contiguous();
  forces(state, [&](const Tensor& x) {
    const Tensor d = x.index_select(0, i) - x.index_select(0, j);
    return lennard_jones_sum((d * d).sum(1).reciprocal());
  });
}
void lennard_jones_dense(benchmark::State& state) {
  const Tensor eye = torch::eye(state.range(0), torch::kFloat64), others = 1 - eye;
  forces(state, [&](const Tensor& x) {
    const Tensor d = x.unsqueeze(1) - x.unsqueeze(0);
    return 0.5 * lennard_jones_sum(others / ((d * d).sum(-1) + eye));
  });
}
void lennard_jones_pdist(benchmark::State& state) {
  forces(state, [](const Tensor& x) {
    const Tensor r = torch::pdist(x);
    return lennard_jones_sum((r * r).reciprocal());
  });
}
BENCHMARK(lennard_jones_pairs)->Arg(13)->Arg(38)->Arg(100);
BENCHMARK(lennard_jones_dense)->Arg(13)->Arg(38)->Arg(100);
BENCHMARK(lennard_jones_pdist)->Arg(13)->Arg(38)->Arg(100);

}  // namespace

int main(int argc, char** argv) {
  at::set_num_threads(1);
  at::set_num_interop_threads(1);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
