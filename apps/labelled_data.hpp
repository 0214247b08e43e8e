// What this file is: structures with energies and forces from the user's files, with an account of what was found: a
// label under another name is the most common mistake, so nothing missing is read as zero.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "apps/options.hpp"
#include "atoms/labels.hpp"
#include "potentials/dataset.hpp"

namespace adatom::apps {

/// The options of all commands that read labelled data.
struct DataOptions {
  std::vector<std::filesystem::path> files;
  LabelKeys keys;
  std::string run_key = "run";
  SizeRange sizes;
  double largest_force = 0.0;  ///< eV/Å; 0: no limit
};
/// --energy-key, --forces-key, --run-key, --sizes; with `force_limit` also --largest-force.
void add_data_options(CLI::App& app, DataOptions& options, bool force_limit);

/// What one file held.
struct FileAccount {
  std::filesystem::path path;
  std::size_t frames = 0, used = 0, energies = 0, forces = 0, with_run = 0;
};

struct LabelledData {
  std::vector<LabelledStructure> structures;
  std::vector<std::string> places;  ///< "frame 7 of train.xyz", from 1, of each structure
  std::vector<FileAccount> files;
};

/// No label means anything for atoms closer than this, Å: the shortest bond, of H2, is 0.74 Å.
constexpr double least_distance = 0.1;

/// Reads the files. `purpose` ("training") names what needs the labels. Throws InputError for the first frame of a
/// wanted size that lacks a wanted label, with a hint when one of another name is there, or has atoms closer than
/// least_distance.
LabelledData read_labelled(std::span<const std::filesystem::path> files, const DataOptions& options, bool need_forces,
                           const std::string& purpose);

/// The account as a table.
std::string describe(const LabelledData& data, const DataOptions& options);

/// The run a frame belongs to, the same for the same frame in whatever file: the run key's number, a hash of its text,
/// or, where there is none, a hash of the positions. Throws InputError, which names the `place` of the frame, when the
/// key has another value.
std::int64_t run_of(const Frame& frame, const std::string& run_key, const std::string& place);

/// How many of `some` are also among `others`: the same elements at the same positions.
std::size_t count_shared(std::span<const LabelledStructure> some, std::span<const LabelledStructure> others);

/// Structures whose forces all stay below the limit (all of them where it is 0).
std::vector<LabelledStructure> choose(const LabelledData& data, std::span<const std::size_t> which,
                                      double largest_force);

/// How many different runs.
std::set<std::int64_t> runs_of(std::span<const LabelledStructure> structures);

}  // namespace adatom::apps
