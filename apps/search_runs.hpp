// What this file is: a search as the user watches it: walkers with a progress line, Ctrl-C, a checkpoint, and a guard
// against the holes of a learned potential: a minimum far outside the training data is no discovery but a place where
// the network guesses.
#pragma once

#include <filesystem>
#include <limits>
#include <string>

#include "apps/potential_choice.hpp"
#include "optim/walkers.hpp"

namespace adatom::apps {

struct SearchOptions {
  BasinHoppingOptions hopping;
  WalkersOptions walkers;
  /// Minima in which a symmetry function leaves its training range by more than this many widths of the range are
  /// turned down; infinite: none.
  double tolerance = std::numeric_limits<double>::infinity();
  /// Of these, an empty path: none. All are saved now and then and at the end, so that at any moment log and trajectory
  /// tell at least of the hops that the checkpoint knows.
  std::filesystem::path checkpoint, log, trajectory;
  double save_every = 10.0;  ///< seconds
  bool resume = false;       ///< go on from the checkpoint
};

struct SearchResult {
  Walkers walkers;
  MinimaArchive minima, holes;  ///< what counts, and what was turned down
  /// Why log, trajectory or checkpoint are not complete (a full disk); empty: they are. The checkpoint is then an
  /// earlier one, which knows of no hop that they do not tell of.
  std::string not_written;
};

/// Runs until done or until the user asks to stop; then what was found so far is returned. Throws InputError for a
/// checkpoint, a log or a trajectory of another search.
SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options);

}  // namespace adatom::apps
