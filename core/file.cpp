// POSIX is used directly: the standard library can neither sync a file to disk nor say why an operation failed. What is
// written has no name, where the file system allows that (O_TMPFILE of Linux), so that a kill leaves nothing behind;
// elsewhere it has a temporary one.
#include "core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace adatom {
namespace {

std::string reason() { return std::strerror(errno); }

std::string quoted(const std::filesystem::path& path) { return "'" + path.string() + "'"; }

/// Does lstat find something there? If not, errno says why.
bool is_taken(const std::filesystem::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

/// A name in the same folder that no other process or thread uses at the same time, nor one of this number that was
/// killed.
std::filesystem::path temporary_name(const std::filesystem::path& path) {
  static std::atomic<unsigned> counter{0};
  for (;;) {
    std::filesystem::path name = path;
    name += ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
    if (!is_taken(name)) return name;
  }
}

/// After a rename, the folder itself must reach the disk for the new name to survive a power cut.
void sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return;  // the data is safe; only the moment of the rename is not
  ::fsync(descriptor);
  ::close(descriptor);
}

/// Where the name leads: through symbolic links, so that the target is replaced and not the link.
std::filesystem::path follow_links(std::filesystem::path path) {
  constexpr int most = 40;  // as many as Linux follows
  std::error_code ignored;  // what is wrong shows when the file is opened
  for (int i = 0; i < most && std::filesystem::is_symlink(path, ignored); ++i) {
    path = path.parent_path() / std::filesystem::read_symlink(path, ignored);
  }
  return path;
}

/// Where the system shows an open file.
std::string descriptor_path(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

/// A new file without a name in the folder of `path`; −1 where that cannot be, or could not get a name later.
int open_nameless(const std::filesystem::path& path) {
#ifdef O_TMPFILE
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
  if (descriptor >= 0 && ::access(descriptor_path(descriptor).c_str(), F_OK) == 0) return descriptor;
  if (descriptor >= 0) ::close(descriptor);
#endif
  return -1;
}

bool is_device(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw InputError("cannot open " + quoted(path) + ": " + reason());
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    throw InputError(quoted(path) + " is a directory, expected a file");
  }
  std::string content;
  if (status.st_size > 0) content.reserve(static_cast<std::size_t>(status.st_size) + 1);
  constexpr std::size_t chunk = std::size_t{1} << 20;
  for (;;) {
    const std::size_t old = content.size();
    const std::size_t room = content.capacity() - old;  // used up before more is asked for: no second copy of the file
    const std::size_t wanted = room > 0 ? std::min(room, chunk) : chunk;
    content.resize(old + wanted);
    const ssize_t got = ::read(descriptor, content.data() + old, wanted);
    if (got < 0 && errno == EINTR) {
      content.resize(old);
      continue;
    }
    content.resize(old + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got < 0) {
      const std::string why = reason();
      ::close(descriptor);
      throw InputError("cannot read " + quoted(path) + ": " + why);
    }
    if (got == 0) break;
  }
  ::close(descriptor);
  return content;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  FileWriter writer(path);
  writer.write(content);
  writer.commit();
}

FileWriter::FileWriter(std::filesystem::path path) : path_(std::move(path)), target_(follow_links(path_)) {
  // Found out only when the file is finished, it would be too late.
  if (path_.empty()) throw InputError("cannot write '': expected a file name");
  std::error_code ignored;  // what is wrong shows when the file is opened
  if (std::filesystem::is_directory(path_, ignored)) {
    throw InputError(quoted(path_) + " is a directory, expected a file name");
  }
  if (is_device(path_)) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    struct stat old {};
    const bool replaces = ::stat(target_.c_str(), &old) == 0;
    const bool endless = !replaces && errno == ELOOP;  // links that lead to each other
    if (endless || (replaces && ::access(target_.c_str(), W_OK) != 0)) {
      throw InputError("cannot write " + quoted(path_) + ": " + reason());
    }
    temporary_ = temporary_name(target_);
    const bool possible = !is_taken(temporary_) && errno == ENOENT;  // it may be too long
    if (possible) descriptor_ = open_nameless(target_);
    nameless_ = descriptor_ >= 0;
    if (!nameless_) descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ >= 0 && replaces) ::fchmod(descriptor_, old.st_mode & 07777);
  }
  if (descriptor_ < 0) throw InputError("cannot write " + quoted(path_) + ": " + reason());
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty() && !nameless_) ::unlink(temporary_.c_str());
}

void FileWriter::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() > (std::size_t{1} << 20)) flush();
}

void FileWriter::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw Error("cannot write " + quoted(path_) + ": " + reason());
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void FileWriter::commit() {
  flush();
  if (temporary_.empty()) {  // a device: nothing to sync or rename
    const int result = ::close(std::exchange(descriptor_, -1));
    if (result != 0) throw Error("cannot write " + quoted(path_) + ": " + reason());
    return;
  }
  if (::fsync(descriptor_) != 0) throw Error("cannot write " + quoted(path_) + ": " + reason());
  // A name that is taken cannot be given: it gets the temporary one first.
  if (nameless_ &&
      ::linkat(AT_FDCWD, descriptor_path(descriptor_).c_str(), AT_FDCWD, temporary_.c_str(), AT_SYMLINK_FOLLOW) != 0) {
    throw Error("cannot write " + quoted(path_) + ": " + reason());
  }
  nameless_ = false;
  if (::close(std::exchange(descriptor_, -1)) != 0) throw Error("cannot write " + quoted(path_) + ": " + reason());
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
    throw Error("cannot rename the finished file to " + quoted(path_) + ": " + reason());
  }
  temporary_.clear();
  sync_folder(target_);
}

}  // namespace adatom
