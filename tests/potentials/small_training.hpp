// What this file is: data and a model for the tests of training, small enough to train in a moment.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/random.hpp"
#include "nn/parameters.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/training.hpp"

namespace adatom {

/// Rattled argon clusters labelled by Lennard-Jones, five to a run.
inline std::vector<LabelledStructure> lennard_jones_data(std::size_t count) {
  const LennardJones truth({.epsilon = 0.5, .sigma = 2.0});
  Random random(11);
  std::vector<LabelledStructure> data;
  for (std::size_t s = 0; s < count; ++s) {
    LabelledStructure one;
    const std::size_t n = 4 + s % 3;
    for (std::size_t i = 0; i < n; ++i) {
      one.atoms.numbers.push_back(18);
      one.atoms.positions.push_back({2.3 * static_cast<double>(i % 2) + random.uniform(-0.25, 0.25),
                                     2.3 * static_cast<double>(i / 2 % 2) + random.uniform(-0.25, 0.25),
                                     2.3 * static_cast<double>(i / 4) + random.uniform(-0.25, 0.25)});
    }
    const Prediction label = truth.compute(one.atoms);
    one.energy = label.energy;
    one.forces = label.forces;
    one.run = static_cast<std::int64_t>(s / 5);
    data.push_back(one);
  }
  return data;
}

inline LocalAnsatz small_model(std::span<const LabelledStructure> data, std::size_t hidden = 12,
                               std::uint64_t seed = 1) {
  LocalAnsatzOptions options;
  options.cutoff = 4.5;
  options.functions.radial = 8;
  options.functions.angular_radial = 1;
  options.functions.zetas.assign(1, 1.0);
  options.functions.first_shift = 1.5;
  options.hidden.assign(1, hidden);
  options.seed = seed;
  return initial_local_ansatz(data, options);
}

inline std::vector<double> weights_after(LocalAnsatzTraining& training, std::size_t epochs) {
  while (training.epoch() < epochs) training.run_epoch();
  return flatten(training.best_model().parameters());
}

}  // namespace adatom
