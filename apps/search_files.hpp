// What this file is: the files that hold each hop of a search, its log and its trajectory. While the search goes on
// they grow at their end; when it is over the hops stand walk by walk, whenever and however often it was saved.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "optim/basin_hopping.hpp"

namespace adatom::apps {

/// One of the two: a header, then a text for each hop.
class HopFile {
 public:
  /// A text, and whose hop it tells of.
  struct Entry {
    std::size_t walk = 0, hop = 0;  ///< the walk counted from 0
    std::string text;
  };
  using Reader = std::vector<Entry> (*)(const std::filesystem::path& path, std::size_t walks);

  /// An empty path: nothing is written. `hops_before`: of each walk, the hops that a file from an earlier run may tell
  /// of; what it says of later ones is left out, since they are done again. Throws what `read` throws.
  HopFile(std::filesystem::path path, std::string header, Reader read, std::span<const std::size_t> hops_before,
          bool resume);

  bool wanted() const { return !path_.empty(); }
  void add(std::size_t walk, const std::string& text) { fresh_[walk] += text; }
  /// What was added is on the disk when this returns. Throws Error with the system's reason; then nothing is lost,
  /// neither of the file nor of what was added.
  void save();
  /// The same at the end.
  void finish();

 private:
  void update();
  void write_by_walk();

  std::filesystem::path path_;
  std::string header_;
  Reader read_;
  bool at_the_end_only_;            ///< a device cannot be put in order later
  std::vector<std::string> fresh_;  ///< of each walk: not in the file yet
  bool begun_ = false;              ///< the file is this search's
  bool by_walk_ = true;             ///< its hops stand in order
};

class SearchFiles {
 public:
  /// The log holds all hops, the trajectory the accepted structures. Throws InputError when the search is resumed and a
  /// file is not one that a search wrote.
  SearchFiles(const std::filesystem::path& log, const std::filesystem::path& trajectory,
              std::span<const std::size_t> hops_before, bool resume);

  void add(const Hop& hop);
  /// As of HopFile.
  void save();
  void finish();

 private:
  HopFile log_, trajectory_;
};

}  // namespace adatom::apps
