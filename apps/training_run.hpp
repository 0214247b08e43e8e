// What this file is: the loop around LocalAnsatzTraining: a table of epochs, checkpoints now and then, Ctrl-C.
#pragma once

#include <filesystem>
#include <string>

#include "potentials/training.hpp"

namespace adatom::apps {

struct TrainingRun {
  std::size_t epochs = 0;            ///< planned
  std::filesystem::path checkpoint;  ///< where to save the state; empty: nowhere
  std::string resume_hint;           ///< what to type to go on
};

/// Trains to the end. When the user asks to stop: saves a checkpoint, says so, and throws Interrupted. When nobody
/// reads the table any more: saves a checkpoint and throws OutputClosed. When training diverges, lets NumericalError
/// out.
void run_training(LocalAnsatzTraining& training, const TrainingRun& run);

}  // namespace adatom::apps
