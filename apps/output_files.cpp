#include "apps/output_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  // A name that leads nowhere yet has no canonical form unless it is absolute.
  const auto canonical = [&ignored](const fs::path& path) {
    return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
  };
  return fs::equivalent(a, b, ignored) || canonical(a) == canonical(b);
}

bool is_device(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_regular_file(path, ignored) && !fs::is_directory(path, ignored);
}

std::string text(const OutputFile& output) { return output.option + " '" + output.path.string() + "'"; }

void require_file(const OutputFile& output) {
  std::error_code ignored;
  if (fs::is_directory(output.path, ignored)) throw InputError(text(output) + " is a directory");
  const fs::path folder = output.path.has_parent_path() ? output.path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored))
    throw InputError(text(output) + ": there is no folder '" + folder.string() + "'");
  if (is_device(output.path)) return;
  const FileWriter probe(
      output.path);  // its temporary file shows whether the folder can be written, and goes away again
}

/// The number of atoms, if that is all a line says.
bool is_count(const std::string& line, std::size_t& count) {
  const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), count);
  return error == std::errc() && rest == line.data() + line.size();
}

}  // namespace

void require_writable(std::initializer_list<OutputFile> outputs, std::span<const fs::path> inputs) {
  for (const OutputFile* output = outputs.begin(); output != outputs.end(); ++output) {
    if (output->path.empty()) continue;
    for (const fs::path& input : inputs) {
      if (same_file(output->path, input)) throw InputError(text(*output) + " is also an input; choose another name");
    }
    for (const OutputFile* other = outputs.begin(); other != output; ++other) {
      // Two outputs may both go nowhere.
      if (!other->path.empty() && !is_device(other->path) && same_file(output->path, other->path)) {
        throw InputError(text(*output) + " is also " + other->option + "; choose another name");
      }
    }
    require_file(*output);
  }
}

void require_writable(const fs::path& output, std::span<const fs::path> inputs, const char* option) {
  require_writable({{option, output}}, inputs);
}

OutputLock::OutputLock(const fs::path& output) {
  if (output.empty() || is_device(output)) return;
  path_ = output.string() + ".lock";
  for (;;) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) return;
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const bool taken = errno == EWOULDBLOCK;
      ::close(std::exchange(descriptor_, -1));
      if (taken) throw InputError("'" + output.string() + "' is being made by another run at this moment");
      return;
    }
    // Whoever had it before may have removed the file between our two calls: then it is another file that counts now.
    struct stat ours = {};
    struct stat named = {};
    if (::fstat(descriptor_, &ours) == 0 && ::stat(path_.c_str(), &named) == 0 && ours.st_ino == named.st_ino) return;
    ::close(std::exchange(descriptor_, -1));
  }
}

OutputLock::~OutputLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

fs::path checkpoint_beside(const fs::path& output) {
  return output.empty() || is_device(output) ? fs::path() : fs::path(output.string() + ".checkpoint");
}

bool is_ordinary_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

void append_to_file(const fs::path& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  const off_t before = file < 0 ? -1 : ::lseek(file, 0, SEEK_END);
  bool good = before >= 0;
  while (good && !text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    good = written >= 0 || errno == EINTR;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  good = good && ::fsync(file) == 0;
  const int reason = errno;
  const bool whole = good || before < 0 || ::ftruncate(file, before) == 0;
  if (file >= 0) ::close(file);
  if (good) return;
  throw Error("cannot write '" + path.string() + "': " + std::strerror(reason) +
              (whole ? "" : "; its end is incomplete"));
}

void drop_unfinished_frame(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::uintmax_t at = 0, whole = 0;  // bytes: how far, and the end of the last whole frame
  std::string line;
  const auto next = [&] {
    const bool ended = std::getline(file, line) && !file.eof();
    if (ended) at += line.size() + 1;
    return ended;
  };
  while (next()) {
    std::size_t atoms = 0;
    if (!is_count(line, atoms)) return;
    std::size_t missing = atoms + 1;  // the comment, and a line for each atom
    while (missing > 0 && next()) --missing;
    if (missing > 0) break;
    whole = at;
  }
  std::error_code error;
  if (at == 0 || fs::file_size(path, error) == whole) return;
  fs::resize_file(path, whole, error);
  if (error) throw Error("cannot shorten '" + path.string() + "': " + error.message());
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError("cannot create the folder '" + folder.string() + "': " + error.message());
}

}  // namespace adatom::apps
