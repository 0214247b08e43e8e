// What this file is: care with the files that a command writes, before hours are spent on their content.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace adatom::apps {

/// A file that a command will write, and the option that names it. An empty path is no output.
struct OutputFile {
  std::string option;  ///< "--metrics"
  std::filesystem::path path;
};

/// Throws InputError if an output cannot be written (its folder is missing, read-only or full; it is a folder itself),
/// is one of the inputs, or is the same file as another output; under whatever names.
void require_writable(std::initializer_list<OutputFile> outputs, std::span<const std::filesystem::path> inputs);
void require_writable(const std::filesystem::path& output, std::span<const std::filesystem::path> inputs,
                      const char* option = "--output");

/// Keeps other runs from the same output while it lives, by a lock on the file OUTPUT.lock beside it. The system gives
/// the lock back when the program ends, however it ends.
class OutputLock {
 public:
  /// Throws InputError when another run has it. Where the file system knows no locks there is none.
  explicit OutputLock(const std::filesystem::path& output);
  ~OutputLock();
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// OUTPUT.checkpoint; none for no output, and for a device.
std::filesystem::path checkpoint_beside(const std::filesystem::path& output);

/// Is it a file there, and no device such as /dev/stdout?
bool is_ordinary_file(const std::filesystem::path& path);

/// Adds text at the end of a file and forces it to the disk. Throws Error with the system's reason; then the file is as
/// it was before.
void append_to_file(const std::filesystem::path& path, std::string_view text);

/// If an extended XYZ file that grew frame by frame ends within a frame (its program was killed), cuts that one off. A
/// file that does not look like one of ours stays as it is. Throws Error with the system's reason.
void drop_unfinished_frame(const std::filesystem::path& path);

/// Creates the folder (and those above it) for figures. Throws InputError with the system's reason.
void make_folder(const std::filesystem::path& folder);

}  // namespace adatom::apps
