// What this file is: a run of molecular dynamics as a file, from which it continues, in another process, bit for bit.
#pragma once

#include <filesystem>

#include "dynamics/molecular_dynamics.hpp"
#include "nn/archive.hpp"

namespace adatom {

/// The state as an archive of kind "dynamics"; set further entries of your own (begin their names with "user.").
Archive to_archive(const DynamicsState& state);
/// Throws InputError naming the file and what is missing or does not fit.
DynamicsState to_dynamics_state(const Archive& archive);

/// to_archive(state), with the entries of `extra` after "user.", saved atomically.
void save_checkpoint(const std::filesystem::path& path, const DynamicsState& state, const Archive* extra = nullptr);
/// Reads it. Throws InputError also for a file that is damaged, of another kind or newer.
Archive load_dynamics_archive(const std::filesystem::path& path);
DynamicsState load_dynamics_state(const std::filesystem::path& path);

}  // namespace adatom
