// What this file is: what a checkpoint says of a training run besides weights and optimiser, as numbers and text.
// Internal to training.cpp.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "potentials/dataset.hpp"
#include "potentials/local_ansatz.hpp"
#include "potentials/training.hpp"

namespace adatom {

/// The learning curve as a table, one row per epoch.
inline constexpr std::size_t history_columns = 8;
std::vector<double> history_table(std::span<const EpochReport> history);
std::vector<EpochReport> history_from(std::span<const double> table);

/// What a run that goes on must share with the one that was saved: the numbers that shape every step.
std::vector<std::pair<std::string, double>> settings(const TrainingOptions& options);
/// The archive's entry of a setting; names there have no blanks.
std::string entry_name(std::string setting);

/// A number that changes with any atom, position, cell or label of the data.
std::string fingerprint(std::span<const LabelledStructure> data);
/// A number that changes with all that a model is besides its weights: symmetry functions, scaling, activations.
std::string fingerprint(const LocalAnsatz& model);

}  // namespace adatom
