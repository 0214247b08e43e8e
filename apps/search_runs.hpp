// What this file is: a search as the user watches it: walkers with a progress line, Ctrl-C, a checkpoint, and a guard
// against the holes of a learned potential: a minimum far outside the training data is no discovery but a place where
// the network guesses.
#pragma once

#include <filesystem>
#include <limits>
#include <vector>

#include "apps/potential_choice.hpp"
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
};

/// Runs until done or until the user asks to stop; then what was found so far is returned. Throws InputError for a
/// checkpoint of another search.
SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options);

}  // namespace adatom::apps
