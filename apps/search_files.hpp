// What this file is: the files that hold each hop of a search, its log and its trajectory, walk by walk when it is
// over.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "apps/growing_file.hpp"
#include "optim/basin_hopping.hpp"

namespace adatom::apps {

class SearchFiles {
 public:
  /// The log holds all hops, the trajectory the accepted structures. `hops_before`: of each walk, the last hop of which
  /// files from an earlier run may tell. Throws InputError when the search is resumed and a file is not one that a
  /// search wrote.
  SearchFiles(const std::filesystem::path& log, const std::filesystem::path& trajectory,
              std::span<const std::size_t> hops_before, bool resume);

  void add(const Hop& hop);
  /// As of GrowingFile.
  void save();
  void finish();

 private:
  GrowingFile log_, trajectory_;
};

}  // namespace adatom::apps
