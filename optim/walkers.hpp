// What this file is: many basin-hopping walks at once, one per thread, each with a seed of its own; what they found
// together; and their whole state in a file, from which they go on as if nothing had happened.
//
//   const Walkers found = basin_hopping_walkers(start, potential, {.hops = 1000, .random_start = true,
//                                               .bond_length = 1.12}, {.walkers = 8, .archive = true});
//   found.best().best_energy, found.minima().size()
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "optim/basin_hopping.hpp"

namespace adatom {

struct Walker {
  std::uint64_t seed = 0;
  BasinHoppingResult search;
  MinimaArchive archive;  ///< the acceptable minima it met, the start included; empty unless asked for
  MinimaArchive holes;    ///< those it met that options.acceptable turned down; empty likewise
};

struct Walkers {
  std::vector<Walker> walkers;

  /// The lowest found; of equal ones the first walker's. Throws InputError if there are no walkers.
  const BasinHoppingResult& best() const;
  /// All archives merged: the distinct minima, lowest first, with the hits of all.
  MinimaArchive minima() const;
  /// The same of those turned down.
  MinimaArchive holes() const;

  SameMinimum same;
};

/// More walkers than this are a slip of the pen.
constexpr std::size_t most_walkers = 100000;

struct WalkersOptions {
  std::size_t walkers = 2;  ///< at most most_walkers
  /// After so many hops of each, all meet: if one has reached stop_energy, all stop.
  std::size_t round = 100;
  bool archive = false;                               ///< keep every distinct minimum, and every one turned down
  std::size_t archive_most = 100000;                  ///< of each walker and kind, the lowest
  std::function<void(const Walkers&)> after_round{};  ///< the moment to save
};

/// Walker k searches as basin_hopping with seed options.seed + k would alone. Nothing depends on the number of threads;
/// options.progress is called for one hop at a time, hops of different walkers in any order. Throws as basin_hopping.
Walkers basin_hopping_walkers(const Atoms& start, const Potential& potential, const BasinHoppingOptions& options = {},
                              const WalkersOptions& walkers = {});

/// Goes on until each walker has made options.hops hops in all. Stopped anywhere and continued, a search gives the same
/// as in one go. The numbers of walkers and the seed in the options are ignored.
Walkers basin_hopping_walkers(Walkers earlier, const Potential& potential, const BasinHoppingOptions& options = {},
                              const WalkersOptions& walkers = {});

/// The whole state as an extended XYZ file that any viewer shows (where each walker stands, its best, its taboo list,
/// its archive and its holes), and back bit for bit. Options are not part of it. Throws Error when it cannot be
/// written, InputError for a file that is no such state.
void write_walkers(const std::filesystem::path& path, const Walkers& walkers);
Walkers read_walkers(const std::filesystem::path& path);

}  // namespace adatom
