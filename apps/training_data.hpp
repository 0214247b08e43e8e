// What this file is: the data of a training: read, split into parts by runs, and searched for what would mislead.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "apps/labelled_data.hpp"
#include "potentials/dataset.hpp"

namespace adatom::apps {

struct TrainingDataOptions : DataOptions {
  std::vector<std::filesystem::path> validation;  ///< files of their own; none: a share of the data
  double validation_fraction = 0.1, test_fraction = 0.1;
};
void add_training_data_options(CLI::App& app, TrainingDataOptions& options);

struct TrainingParts {
  std::vector<LabelledStructure> train, validation, test;
  ReferenceEnergies reference{};  ///< of the training part
};

/// Reads the files, says what is in them and how they are split with this seed, and warns of what a user might not
/// expect. Throws InputError for data that lacks energies, or forces where they are needed, and when nothing is left to
/// train on.
TrainingParts read_training_data(const TrainingDataOptions& options, bool need_forces, std::uint64_t seed);

}  // namespace adatom::apps
