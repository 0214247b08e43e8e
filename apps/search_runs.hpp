// What this file is: several basin-hopping walks side by side, their distinct minima gathered, and a guard against the holes of a
// learned potential: a minimum far outside the training data is no discovery but a place where the network guesses.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "apps/potential_choice.hpp"
#include "optim/basin_hopping.hpp"

namespace adatom::apps {

struct SearchOptions {
  BasinHoppingOptions hopping;
  std::size_t runs = 1;  ///< walk k begins from the seed plus k − 1
  /// Minima in which a symmetry function leaves its training range by more than this many widths of the range are turned
  /// down; infinite: none.
  double tolerance = std::numeric_limits<double>::infinity();
  bool keep_path = false;  ///< remember accepted structures
  bool keep_log = false;
};

/// A local minimum that some walk met.
struct Minimum {
  Atoms atoms;
  double energy = 0.0;      ///< eV
  std::size_t met = 1;      ///< how often
  std::size_t walk = 0, hop = 0;  ///< first
  double excess = 0.0;      ///< beyond the training range, in widths of the range
};

struct Step {
  std::size_t hop = 0;
  double energy = 0.0, best_energy = 0.0;
  bool accepted = false;
  Atoms atoms;
};

struct Walk {
  std::uint64_t seed = 0;
  BasinHoppingResult result;
  std::size_t turned_down = 0;  ///< hops into holes
  bool found = false;           ///< any minimum that counts
  std::vector<Step> path;
};

struct SearchResult {
  std::vector<Walk> walks;
  std::vector<Minimum> minima;  ///< distinct, lowest first
  std::vector<Minimum> holes;   ///< turned down, lowest first
};

/// The same minima once each, lowest first.
std::vector<Minimum> distinct(std::vector<Minimum> minima);

/// Runs until done or until the user asks to stop; then what was found so far is returned.
SearchResult search(const Atoms& start, const ChosenPotential& potential, const SearchOptions& options);

}  // namespace adatom::apps
