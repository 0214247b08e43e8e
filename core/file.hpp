// What this file is: reading whole files, and writing files so that nothing half-written is ever left behind.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace adatom {

/// The whole content of a file. Throws InputError naming the file and the system's reason
/// ("cannot open 'x.xyz': No such file or directory", "'x' is a directory").
std::string read_file(const std::filesystem::path& path);

/// Writes `content` to a new file in the same folder, syncs it to disk and renames it to `path`. Whatever goes wrong
/// (disk full, no permission, killed), the old file stays whole; and nothing else is left, unless it is killed where
/// the file system knows no files without a name, or between giving the temporary name and the last. Missing parent
/// folders are an error. An old file keeps its permissions, and is refused if they do not allow writing; a symbolic
/// link stays one, its target is replaced. A device such as /dev/null or /dev/full is written directly. Throws Error
/// with the system's reason.
void write_file(const std::filesystem::path& path, std::string_view content);

/// A file written piece by piece, without a name or under a temporary one; it gets its real name in commit(). Without
/// commit() it is removed.
class FileWriter {
 public:
  /// Throws Error with the system's reason when the folder cannot be written.
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::string_view text);
  /// Flushes, syncs, renames. Throws Error if any of it fails; then the old file is untouched.
  void commit();

 private:
  std::filesystem::path path_;       // as given, for messages
  std::filesystem::path target_;     // links followed
  std::filesystem::path temporary_;  // empty for a device
  bool nameless_ = false;            // the file has not even the temporary name
  std::string buffer_;
  int descriptor_ = -1;
  void flush();
};

}  // namespace adatom
