#include "potentials/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "core/parallel.hpp"

namespace adatom {

void ErrorStatistics::add(double label, double prediction) {
  const double error = prediction - label;
  ++count_;
  squares_ += error * error;
  absolutes_ += std::abs(error);
  largest_ = std::max(largest_, std::abs(error));
  const double from_old_mean = label - mean_;
  mean_ += from_old_mean / static_cast<double>(count_);
  deviations_ += from_old_mean * (label - mean_);
}

ErrorSummary ErrorStatistics::summary() const {
  ErrorSummary result;
  result.count = count_;
  if (count_ == 0) return result;
  const auto n = static_cast<double>(count_);
  result.rmse = std::sqrt(squares_ / n);
  result.mae = absolutes_ / n;
  result.largest = largest_;
  result.r2 = deviations_ > 0.0 ? 1.0 - squares_ / deviations_ : 0.0;
  return result;
}

namespace {

/// All statistics of one group of structures while they are collected.
struct Group {
  std::size_t structures = 0;
  ErrorStatistics energy, forces, energy_baseline, forces_baseline;

  void add(const LabelledStructure& label, const Prediction& prediction, double baseline) {
    const auto atoms = static_cast<double>(label.atoms.size());
    ++structures;
    energy.add(label.energy / atoms, prediction.energy / atoms);
    energy_baseline.add(label.energy / atoms, baseline / atoms);
    for (std::size_t i = 0; i < label.forces.size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) {
        forces.add(label.forces[i][c], prediction.forces[i][c]);
        forces_baseline.add(label.forces[i][c], 0.0);
      }
    }
  }

  Evaluation summary(std::size_t size) const {
    return {.size = size,
            .structures = structures,
            .energy = energy.summary(),
            .forces = forces.summary(),
            .energy_baseline = energy_baseline.summary(),
            .forces_baseline = forces_baseline.summary()};
  }
};

}  // namespace

EvaluationResult evaluate(const Potential& potential, std::span<const LabelledStructure> data,
                          const ReferenceEnergies& baseline, const EvaluationOptions& options) {
  for (std::size_t i = 0; i < data.size(); ++i) require_forces_fit(data[i], "structure " + std::to_string(i));
  EvaluationResult result;
  result.predictions.resize(data.size());
  parallel_for(data.size(), [&](std::size_t i) { potential.compute(data[i].atoms, {}, result.predictions[i]); });

  Group all;
  std::map<std::size_t, Group> sizes;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const bool use = data[i].atoms.size() > 0 &&
                     (options.largest_force <= 0.0 || largest_force_component(data[i]) <= options.largest_force);
    result.used.push_back(use);
    if (!use) continue;
    const double constant = baseline.total(data[i].atoms.numbers);
    all.add(data[i], result.predictions[i], constant);
    sizes[data[i].atoms.size()].add(data[i], result.predictions[i], constant);
  }
  for (const auto& [size, group] : sizes) result.sizes.push_back(group.summary(size));
  result.all = all.summary(0);
  return result;
}

}  // namespace adatom
