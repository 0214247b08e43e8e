// What this file is: how far each of several relaxations has come, and the extended XYZ file that keeps it, with a
// frame for each structure. What a minimiser has learnt of the landscape is not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "atoms/extxyz.hpp"
#include "optim/relax.hpp"

namespace adatom::apps {

/// One structure on its way.
struct Relaxation {
  enum class State { waiting, underway, finished };
  State state = State::waiting;
  std::int64_t start = 0;     ///< the fingerprint of its start (apps/resuming.hpp), before it is written
  Atoms latest{};             ///< while underway: where it stands
  std::size_t steps = 0;      ///< made so far, in all runs
  double first_energy = 0.0;  ///< of its start, eV
  RelaxResult result{};       ///< once finished
  double excess = 0.0;        ///< and then: how far outside the training data it lies, in widths of the range
};

/// In the file: the key of each frame's state in its comment line, and the states there.
inline constexpr const char* relaxation_key = "relaxation";
const char* name(Relaxation::State state);

/// `settings`: the options that decide what is computed. Throws Error when the file cannot be written.
void write_relaxations(const std::filesystem::path& path, const std::string& settings, std::span<const Frame> starts,
                       std::span<const Relaxation> all);

/// The same, bit for bit: all that the results are written from. A structure that was waiting is waiting again,
/// whatever its start is now. Throws InputError for a file that is no such checkpoint, or one of other settings, of
/// another number of structures, of other elements or with other starts.
std::vector<Relaxation> read_relaxations(const std::filesystem::path& path, const std::string& settings,
                                         std::span<const Frame> starts);

}  // namespace adatom::apps
