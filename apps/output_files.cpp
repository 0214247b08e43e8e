#include "apps/output_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
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
  const auto canonical = [&ignored](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path, ignored), ignored); };
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
  if (!fs::is_directory(folder, ignored)) throw InputError(text(output) + ": there is no folder '" + folder.string() + "'");
  if (is_device(output.path)) return;
  const FileWriter probe(output.path);  // its temporary file shows whether the folder can be written, and goes away again
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
    struct stat ours {}, named {};
    if (::fstat(descriptor_, &ours) == 0 && ::stat(path_.c_str(), &named) == 0 && ours.st_ino == named.st_ino) return;
    ::close(std::exchange(descriptor_, -1));
  }
}

OutputLock::~OutputLock() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw InputError("cannot create the folder '" + folder.string() + "': " + error.message());
}

}  // namespace adatom::apps
