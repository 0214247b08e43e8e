// What this file is: what a run of molecular dynamics leaves behind on its way: lines of its log, frames of its
// trajectory, rows on the screen, and what is averaged over the run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apps/dynamics_files.hpp"
#include "atoms/extxyz.hpp"
#include "dynamics/molecular_dynamics.hpp"
#include "potentials/potential.hpp"

namespace adatom::apps {

/// How long a run is, and what is recorded of it. An empty path: not recorded.
struct RecordOptions {
  std::size_t steps = 1000, log_every = 10, trajectory_every = 100;
  std::filesystem::path log, trajectory, rdf;
};

/// The first multiple of `every` beyond `step`.
constexpr std::size_t multiple_beyond(std::size_t step, std::size_t every) { return (step / every + 1) * every; }

class DynamicsRecord {
 public:
  /// Opens the files; a resumed run goes on with those of before. Displacements count from `start`. The frame, the run
  /// and the potential must outlive the record. Throws Error when a file cannot be written.
  DynamicsRecord(RecordOptions options, const Frame& start, const MolecularDynamics& run, const Potential& potential,
                 bool resumed);

  /// Says the head of the table and records the step at which the run begins.
  void begin();
  /// Records the step at which the run is, wherever it is due; in a resumed run not the first one again.
  void add();
  /// The next step at which something is due; at most the last one.
  std::size_t next_step() const;

  /// The present structure with velocities, energy and forces.
  Frame frame() const { return frame_of(start_, run_); }
  /// The radial distribution function, if it is wanted and there was a structure to take it from.
  void write_rdf() const;
  /// The averages in words; the steps took so many seconds.
  std::string summary(double seconds) const;

 private:
  struct Averages {
    std::size_t entries = 0;
    double temperature = 0.0, squares = 0.0, potential = 0.0, pressure = 0.0;  ///< sums over the entries
    std::optional<double> first_conserved;
    double last_conserved = 0.0, displacement = 0.0;

    void add(const LogEntry& entry);
  };

  LogEntry entry() const;

  RecordOptions options_;
  const Frame& start_;
  const MolecularDynamics& run_;
  const Potential& potential_;
  bool resumed_, with_pressure_;
  std::size_t first_, row_every_, snapshot_every_;
  ThermodynamicLog log_;
  TrajectoryFile trajectory_;
  Averages averages_;
  std::vector<Atoms> snapshots_;  // of the second half, for the radial distribution
};

}  // namespace adatom::apps
