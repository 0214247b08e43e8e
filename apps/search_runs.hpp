// What this file is: a search as the user watches it: walkers with a progress line, Ctrl-C, a checkpoint, and a guard
// against the holes of a learned potential: a minimum far outside the training data is no discovery but a place where
// the network guesses.
#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "apps/potential_choice.hpp"
#include "atoms/extxyz.hpp"
#include "optim/walkers.hpp"

namespace adatom::apps {

struct SearchOptions {
  BasinHoppingOptions hopping;
  WalkersOptions walkers;
  /// Minima in which a symmetry function leaves its training range by more than this many widths of the range are
  /// turned down; infinite: none.
  double tolerance = std::numeric_limits<double>::infinity();
  bool keep_path = false;            ///< remember the structures of all hops
  bool keep_log = false;
  std::filesystem::path checkpoint;  ///< written after every round; empty: none
  bool resume = false;               ///< go on from it
};

/// A hop, for the log and the trajectory.
struct Step {
  std::size_t hop = 0;
  double energy = 0.0, best_energy = 0.0;
  bool accepted = false;
  Atoms atoms;
};

struct SearchResult {
  Walkers walkers;
  MinimaArchive minima, holes;           ///< what counts, and what was turned down
  std::vector<std::vector<Step>> paths;  ///< of each walker
  std::vector<std::size_t> begun_at;     ///< hops that each walker had made before; 0 unless resumed
};

/// Runs until done or until the user asks to stop; then what was found so far is returned. Throws InputError for a
/// checkpoint of another search.
SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options);

/// What earlier runs of a search that is resumed wrote of its hops, walk by walk.
struct EarlierSteps {
  struct Row {
    std::size_t hop = 0;
    std::string text;
  };
  std::vector<std::vector<Row>> rows;      ///< of the log
  std::vector<std::vector<Frame>> frames;  ///< of the trajectory
};

/// Both as far as the files exist (an empty name: none). Throws InputError for files of another kind.
EarlierSteps read_steps(const std::filesystem::path& log, const std::filesystem::path& trajectory, std::size_t walkers);

/// All hops, those of earlier runs first, but for what the checkpoint did not know, which has been done again. The
/// trajectory holds the accepted structures. Nothing is written for an empty name.
void write_log(const std::filesystem::path& path, const EarlierSteps& earlier, const SearchResult& result);
void write_trajectory(const std::filesystem::path& path, const EarlierSteps& earlier, const SearchResult& result);

}  // namespace adatom::apps
