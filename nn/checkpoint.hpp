// What this file is: saving a training run so that it continues, in another process, bit for bit as if it had never
// been interrupted.
//
//   Training training{.parameters = network.parameters(), .optimizer = &adam, .batches = &batches};
//   save_checkpoint("run.checkpoint", training);
//   …
//   load_checkpoint("run.checkpoint", training);
#pragma once

#include <filesystem>

#include "core/random.hpp"
#include "nn/archive.hpp"
#include "nn/averaging.hpp"
#include "nn/batches.hpp"
#include "nn/early_stopping.hpp"
#include "nn/optimizers.hpp"
#include "nn/parameters.hpp"

namespace adatom {

/// All that changes while training. What a run does not use stays null.
struct Training {
  Parameters parameters;
  Optimizer* optimizer = nullptr;
  Batches* batches = nullptr;
  Random* random = nullptr;
  ParameterAverage* average = nullptr;
  EarlyStopping* early_stopping = nullptr;
};

/// The state as an archive of kind "checkpoint"; set further entries of your own (begin their names with "user.").
/// Throws InputError for two parameters of one name.
Archive checkpoint(const Training& training);

/// Throws InputError if the state is of another run: "run.checkpoint: checkpoint has layers 6-8-1, the run asks for
/// 6-10-1".
void require_fitting(const Archive& archive, const Training& training);

/// Takes over the state. Throws as require_fitting does, and changes nothing then.
void restore(const Archive& archive, Training& training);

/// checkpoint(training), with the entries of `extra` after "user.", saved atomically.
void save_checkpoint(const std::filesystem::path& path, const Training& training, const Archive* extra = nullptr);

/// Loads without restoring: for a run that looks at entries of its own before it takes over the state.
Archive read_checkpoint(const std::filesystem::path& path);

/// Loads, restores, and returns the archive, in which your own entries are.
Archive load_checkpoint(const std::filesystem::path& path, Training& training);

/// Parameters alone, for models: each as an array of its own name after `prefix`. Throws InputError for two of one
/// name.
void store(Archive& archive, std::string_view prefix, const Parameters& parameters);
/// Throws InputError, and changes nothing, if one is missing, of another shape, or not finite.
void restore(const Archive& archive, std::string_view prefix, Parameters& parameters);

}  // namespace adatom
