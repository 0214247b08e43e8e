// What this file is: how long a step of force matching takes: energies and forces of ten structures, the loss on both,
// its derivative (a derivative of a derivative) and an Adam step. The problem is in problems.hpp. Once with descriptors
// and their derivatives computed before training, as LocalAnsatzTraining does, and from positions in every step: by the
// fused kernel, and in tensor operations.
#include <benchmark/benchmark.h>

#include <numeric>
#include <span>
#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "networks.hpp"
#include "nn/optimizers.hpp"
#include "potentials/training_features.hpp"
#include "problems.hpp"

using namespace adatom;
using problems::ForceMatching;

namespace {

constexpr CutoffFunction cosine{.kind = CutoffKind::cosine};
constexpr int argon = 18;

/// Times the steps of a problem; `check` is the loss of the twentieth step of a fresh one.
template <class Problem>
void steps(benchmark::State& state) {
  {
    const Problem problem;
    Adam adam(problem.parameters());
    double loss = 0.0;
    for (int step = 0; step < 20; ++step) loss = problem.step(adam);
    state.counters["check"] = loss;
  }
  const Problem problem;
  Adam adam(problem.parameters());
  for (auto _ : state) problem.step(adam);
}

/// Descriptors and their derivatives are computed once, by the fused kernel.
struct FromFeatures {
  LocalAnsatz model = [] {
    std::vector<SymmetryFunction> functions;
    for (std::size_t k = 0; k < ForceMatching::functions; ++k) {
      functions.push_back({.center = argon,
                           .neighbor1 = argon,
                           .eta = ForceMatching::eta,
                           .shift = ForceMatching::shift(k),
                           .cutoff = ForceMatching::cutoff});
    }
    const std::vector<double> zeros(functions.size(), 0.0), ones(functions.size(), 1.0);
    return LocalAnsatz(SymmetryFunctions(functions, cosine),
                       {{.element = argon,
                         .mean = zeros,
                         .scale = ones,
                         .minimum = zeros,
                         .maximum = ones,
                         .network = network_of(ForceMatching::sizes())}},
                       1.0);
  }();
  std::vector<LabelledStructure> data = [] {
    const std::vector<double> energies = ForceMatching::energies(), f = ForceMatching::forces();
    std::vector<LabelledStructure> labelled(ForceMatching::structures);
    std::size_t next = 0;
    for (std::size_t s = 0; s < labelled.size(); ++s) {
      const std::vector<double> x = ForceMatching::positions(s);
      labelled[s].atoms.numbers.assign(ForceMatching::atoms, argon);
      for (std::size_t i = 0; i < x.size(); i += 3) labelled[s].atoms.positions.push_back({x[i], x[i + 1], x[i + 2]});
      labelled[s].energy = energies[s];
      for (std::size_t i = 0; i < ForceMatching::atoms; ++i, next += 3) {
        labelled[s].forces.push_back({f[next], f[next + 1], f[next + 2]});
      }
    }
    return labelled;
  }();
  std::vector<std::uint32_t> all = [] {
    std::vector<std::uint32_t> numbers(ForceMatching::structures);
    std::iota(numbers.begin(), numbers.end(), 0u);
    return numbers;
  }();
  std::vector<StructureFeatures> features = compute_features(model, data);
  FeatureBatch batch = stack_features(features, all);

  Parameters parameters() const { return model.parameters(); }
  double step(Adam& adam) const { return step(adam, batch); }
  double step(Adam& adam, const FeatureBatch& structures) const {
    const BatchPrediction prediction = predict(model, structures);
    return adam.step(mean(square((prediction.energies - structures.energies) * structures.inverse_sizes)) +
                     mean(square(prediction.forces - structures.forces)));
  }
};

/// The same, but they are computed in every step.
struct FromFreshFeatures : FromFeatures {
  double step(Adam& adam) const {
    const std::vector<StructureFeatures> fresh = compute_features(model, data);
    return FromFeatures::step(adam, stack_features(fresh, all));
  }
};

/// Distances, descriptors, energies and forces from positions in every step, all pairs of atoms; one graph for `count`
/// structures from `start` on.
struct FromPositions {
  std::size_t count;
  Tensor positions, shifts, energy_labels, force_labels;
  Indices first, second, structure;

  FromPositions(std::size_t start, std::size_t structures)
      : count(structures),
        first(pair_members(count, true)),
        second(pair_members(count, false)),
        structure(owners(count)) {
    const std::size_t atoms = count * ForceMatching::atoms;
    std::vector<double> x, mu;
    for (std::size_t s = start; s < start + count; ++s) {
      const std::vector<double> one = ForceMatching::positions(s);
      x.insert(x.end(), one.begin(), one.end());
    }
    for (std::size_t k = 0; k < ForceMatching::functions; ++k) mu.push_back(ForceMatching::shift(k));
    positions = Tensor::variable({atoms, 3}, x);
    shifts = Tensor::constant({mu.size()}, mu);
    const std::vector<double> energies = ForceMatching::energies(), forces = ForceMatching::forces();
    energy_labels = Tensor::constant({count}, std::span(energies).subspan(start, count));
    force_labels = Tensor::constant({atoms, 3}, std::span(forces).subspan(3 * ForceMatching::atoms * start, 3 * atoms));
  }

  static std::vector<std::uint32_t> pair_members(std::size_t count, bool first) {
    std::vector<std::uint32_t> members;
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t i = 0; i < ForceMatching::atoms; ++i) {
        for (std::size_t j = i + 1; j < ForceMatching::atoms; ++j) {
          members.push_back(static_cast<std::uint32_t>(s * ForceMatching::atoms + (first ? i : j)));
        }
      }
    }
    return members;
  }
  static std::vector<std::uint32_t> owners(std::size_t count) {
    std::vector<std::uint32_t> owner(count * ForceMatching::atoms);
    for (std::size_t i = 0; i < owner.size(); ++i) owner[i] = static_cast<std::uint32_t>(i / ForceMatching::atoms);
    return owner;
  }

  Tensor loss(const Mlp& network) const {
    const std::size_t atoms = count * ForceMatching::atoms;
    const Tensor r = reshape(norm(gather(positions, first) - gather(positions, second)), {-1, 1});
    const Tensor g = exp(-ForceMatching::eta * square(r - shifts)) * evaluate(cosine, r, ForceMatching::cutoff);
    const Tensor descriptors = segment_sum(g, first, atoms) + segment_sum(g, second, atoms);
    const Tensor energies = segment_sum(reshape(network(descriptors), {-1}), structure, count);
    const Tensor forces = -grad(sum(energies), {positions})[0];
    return mean(square((energies - energy_labels) / double(ForceMatching::atoms))) +
           mean(square(forces - force_labels));
  }
};

/// All structures in one graph.
struct FromPositionsTogether {
  Mlp network = network_of(ForceMatching::sizes());
  FromPositions structures{0, ForceMatching::structures};

  Parameters parameters() const { return network.parameters(); }
  double step(Adam& adam) const { return adam.step(structures.loss(network)); }
};

/// A graph for each structure, small enough for the processor's cache; the gradients are added up.
struct FromPositionsOneByOne {
  Mlp network = network_of(ForceMatching::sizes());
  std::vector<FromPositions> structures = [] {
    std::vector<FromPositions> each;
    for (std::size_t s = 0; s < ForceMatching::structures; ++s) each.emplace_back(s, 1);
    return each;
  }();

  Parameters parameters() const { return network.parameters(); }
  double step(Adam& adam) const {
    double total = 0.0;
    Tensors gradients;
    for (const FromPositions& one : structures) {
      const Tensor loss = one.loss(network) / double(structures.size());
      total += loss.item();
      const Tensors parts = adam.gradients(loss);
      const NoGrad constants;
      for (std::size_t p = 0; p < parts.size(); ++p) {
        if (&one == &structures.front()) {
          gradients.push_back(parts[p]);
        } else {
          gradients[p] = gradients[p] + parts[p];
        }
      }
    }
    adam.step(std::span<const Tensor>(gradients));
    return total;
  }
};

void force_matching_features(benchmark::State& state) { steps<FromFeatures>(state); }
void force_matching_positions_fused(benchmark::State& state) { steps<FromFreshFeatures>(state); }
void force_matching_positions(benchmark::State& state) { steps<FromPositionsTogether>(state); }
void force_matching_positions_one_by_one(benchmark::State& state) { steps<FromPositionsOneByOne>(state); }
BENCHMARK(force_matching_features)->Unit(benchmark::kMicrosecond);
BENCHMARK(force_matching_positions_fused)->Unit(benchmark::kMicrosecond);
BENCHMARK(force_matching_positions)->Unit(benchmark::kMicrosecond);
BENCHMARK(force_matching_positions_one_by_one)->Unit(benchmark::kMicrosecond);

}  // namespace
