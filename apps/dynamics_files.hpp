// What this file is: the files that a run of molecular dynamics adds to: its thermodynamic log and its trajectory. Both
// go on after --resume: what was written later than the checkpoint is taken out first.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "atoms/extxyz.hpp"
#include "dynamics/molecular_dynamics.hpp"

namespace adatom::apps {

/// One line of the log: what thermodynamics() says and two more.
struct LogEntry {
  Thermodynamics state;
  double displacement = 0.0;                  ///< mean square, from the start, Å²
  std::optional<double> pressure_gigapascal;  ///< of structures periodic in three directions
};

class ThermodynamicLog {
 public:
  /// Without a path nothing is written. `resumed_at`: keep the lines of an existing log up to this step; none: begin a
  /// new log. Throws Error with the system's reason.
  ThermodynamicLog(std::filesystem::path path, bool with_pressure, std::optional<std::size_t> resumed_at);
  /// The line is in the file when this returns. Throws Error with the system's reason.
  void write(const LogEntry& entry);

 private:
  std::filesystem::path path_;
  std::ofstream file_;
};

/// Appends to an extended XYZ file; `resumed_at` as above, by the key step of the frames.
class TrajectoryFile {
 public:
  TrajectoryFile(const std::filesystem::path& path, std::optional<std::size_t> resumed_at);
  void write(const Frame& frame);

 private:
  std::optional<ExtxyzWriter> writer_;
};

/// The frame of a state: positions, velocities, and energy (eV), forces (eV/Å), step, time_fs, temperature_K. Other
/// columns of `start` stay.
Frame frame_of(const Frame& start, const MolecularDynamics& run);

}  // namespace adatom::apps
