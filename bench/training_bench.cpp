// What this file is: how long a step of force matching takes: energies and forces of ten structures, the loss on both,
// its derivative (a derivative of a derivative) and an Adam step. The problem is in problems.hpp. Once with descriptors
// and their derivatives computed before training, as LocalAnsatzTraining does, and once from positions in tensor operations.
#include <benchmark/benchmark.h>

#include <numeric>
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

Tensor loss_of(const Tensor& energies, const Tensor& forces) {
  static const Tensor energy_labels = Tensor::constant({ForceMatching::structures}, ForceMatching::energies());
  static const Tensor force_labels =
      Tensor::constant({ForceMatching::structures * ForceMatching::atoms, 3}, ForceMatching::forces());
  return mean(square((energies - energy_labels) / double(ForceMatching::atoms))) + mean(square(forces - force_labels));
}

/// Times steps on problem(), which returns the loss; a fresh one gives the loss of the twentieth step.
template <class Problem>
void steps(benchmark::State& state) {
  {
    const Problem problem;
    Adam adam(problem.parameters());
    double loss = 0.0;
    for (int step = 0; step < 20; ++step) loss = adam.step(problem());
    state.counters["check"] = loss;
  }
  const Problem problem;
  Adam adam(problem.parameters());
  for (auto _ : state) adam.step(problem());
}

/// Descriptors and their derivatives are computed once.
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
  std::vector<StructureFeatures> features = [this] {
    std::vector<LabelledStructure> data(ForceMatching::structures);
    for (std::size_t s = 0; s < data.size(); ++s) {
      const std::vector<double> x = ForceMatching::positions(s);
      data[s].atoms.numbers.assign(ForceMatching::atoms, argon);
      for (std::size_t i = 0; i < x.size(); i += 3) data[s].atoms.positions.push_back({x[i], x[i + 1], x[i + 2]});
      data[s].forces.resize(ForceMatching::atoms);  // the labels stand in loss_of
    }
    return compute_features(model, data);
  }();
  FeatureBatch batch = [this] {
    std::vector<std::uint32_t> all(features.size());
    std::iota(all.begin(), all.end(), 0u);
    return stack_features(features, all);
  }();

  Parameters parameters() const { return model.parameters(); }
  Tensor operator()() const {
    const BatchPrediction prediction = predict(model, batch);
    return loss_of(prediction.energies, prediction.forces);
  }
};

/// Distances, descriptors, energies and forces from positions in every step, all pairs of atoms.
struct FromPositions {
  Mlp network = network_of(ForceMatching::sizes());
  Tensor positions = [] {
    std::vector<double> all;
    for (std::size_t s = 0; s < ForceMatching::structures; ++s) {
      const std::vector<double> x = ForceMatching::positions(s);
      all.insert(all.end(), x.begin(), x.end());
    }
    return Tensor::variable({all.size() / 3, 3}, all);
  }();
  Tensor shifts = [] {
    std::vector<double> values(ForceMatching::functions);
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = ForceMatching::shift(k);
    return Tensor::constant({values.size()}, values);
  }();
  Indices first = pair_members(true), second = pair_members(false);
  Indices structure = [] {
    std::vector<std::uint32_t> of_atom(ForceMatching::structures * ForceMatching::atoms);
    for (std::size_t i = 0; i < of_atom.size(); ++i) of_atom[i] = static_cast<std::uint32_t>(i / ForceMatching::atoms);
    return of_atom;
  }();

  static Indices pair_members(bool first) {
    std::vector<std::uint32_t> members;
    for (std::size_t s = 0; s < ForceMatching::structures; ++s) {
      for (std::size_t i = 0; i < ForceMatching::atoms; ++i) {
        for (std::size_t j = i + 1; j < ForceMatching::atoms; ++j) {
          members.push_back(static_cast<std::uint32_t>(s * ForceMatching::atoms + (first ? i : j)));
        }
      }
    }
    return members;
  }

  Parameters parameters() const { return network.parameters(); }
  Tensor operator()() const {
    const std::size_t atoms = positions.shape()[0];
    const Tensor r = norm(gather(positions, first) - gather(positions, second));
    const Tensor column = reshape(r, {-1, 1});
    const Tensor g =
        exp(-ForceMatching::eta * square(column - shifts)) * evaluate(cosine, column, ForceMatching::cutoff);
    const Tensor descriptors = segment_sum(g, first, atoms) + segment_sum(g, second, atoms);
    const Tensor energies =
        segment_sum(reshape(network(descriptors), {-1}), structure, ForceMatching::structures);
    return loss_of(energies, -grad(sum(energies), {positions})[0]);
  }
};

void force_matching_features(benchmark::State& state) { steps<FromFeatures>(state); }
void force_matching_positions(benchmark::State& state) { steps<FromPositions>(state); }
BENCHMARK(force_matching_features)->Unit(benchmark::kMicrosecond);
BENCHMARK(force_matching_positions)->Unit(benchmark::kMicrosecond);

}  // namespace
