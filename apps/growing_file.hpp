// What this file is: a file to which several computations that go on at the same time (walks of a search, structures
// that relax) add what they do. While they go on it grows at its end; when they are over it holds one after the other,
// whenever and however often it was saved.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace adatom::apps {

class GrowingFile {
 public:
  /// A text, which of the computations it tells of (from 0), and of which of its steps.
  struct Entry {
    std::size_t source = 0, step = 0;
    std::string text;
  };
  /// The entries of a file that holds so many computations.
  using Reader = std::function<std::vector<Entry>(const std::filesystem::path& path, std::size_t sources)>;

  /// An empty path: nothing is written. `steps_before`: of each computation, how many steps a file from an earlier run
  /// may tell of, from step 0 on; what it says of later ones is left out, since they are done again. Throws what `read`
  /// throws.
  GrowingFile(std::filesystem::path path, std::string header, Reader read, std::span<const std::size_t> steps_before,
              bool resume);

  bool wanted() const { return !path_.empty(); }
  void add(std::size_t source, const std::string& text) { fresh_[source] += text; }
  /// What was added is on the disk when this returns. Throws Error with the system's reason; then nothing is lost,
  /// neither of the file nor of what was added.
  void save();
  /// The same at the end.
  void finish();

 private:
  void update();
  void write_by_source();

  std::filesystem::path path_;
  std::string header_;
  Reader read_;
  bool at_the_end_only_;            ///< a device cannot be put in order later
  std::vector<std::string> fresh_;  ///< of each computation: not in the file yet
  bool begun_ = false;              ///< the file is this run's
  bool by_source_ = true;           ///< it is in order
};

/// Reads extended XYZ frames whose comment lines name the computation (from 1) and the step. Throws InputError for a
/// frame without them: "… is no frame of this search's trajectory", if `whose` is "this search".
GrowingFile::Reader frames_reader(std::string source_key, std::string step_key, std::string whose);

}  // namespace adatom::apps
