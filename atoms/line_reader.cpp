// POSIX is used directly: it gives the reason of a failure. The file is not mapped into memory, since a mapped file
// that another program shortens kills the process.
#include "atoms/line_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "core/error.hpp"

namespace adatom {
namespace {

constexpr std::size_t chunk = std::size_t{1} << 18;  // fits the second-level cache
constexpr std::size_t longest_line = std::size_t{1} << 26;

struct Signature {
  std::string_view bytes, name;
};

/// How well-known binary formats begin, and what to do about them.
constexpr Signature signatures[] = {
    {"\x1f\x8b", "gzip: unpack it first"},
    {"BZh", "bzip2: unpack it first"},
    {"\xfd\x37zXZ", "xz: unpack it first"},
    {"\x28\xb5\x2f\xfd", "zstd: unpack it first"},
    {"PK\x03\x04", "zip: unpack it first"},
    {"- of Ulm", "an ASE trajectory: convert it with 'ase convert'"},
    {"\x89HDF", "HDF5"},
    {"CDF", "NetCDF"},
    {"SQLite format 3", "an SQLite database: convert it with 'ase convert'"},
    {"\xff\xfe", "UTF-16: save it as UTF-8"},
    {"\xfe\xff", "UTF-16: save it as UTF-8"},
};

}  // namespace

LineReader::LineReader(const std::filesystem::path& path, std::string format)
    : name_(path.string()), format_(std::move(format)) {
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw InputError("cannot open '" + name_ + "': " + std::strerror(errno));
  struct stat status {};
  const bool known = ::fstat(descriptor_, &status) == 0;
  if (known && S_ISDIR(status.st_mode)) {
    ::close(descriptor_);
    throw InputError("'" + name_ + "' is a directory, expected a file");
  }
  const bool regular = known && S_ISREG(status.st_mode);
  size_ = regular ? static_cast<std::uint64_t>(status.st_size) : std::numeric_limits<std::int64_t>::max();
  buffer_.resize(chunk);
}

LineReader::LineReader(std::string name, std::string text, std::string format)
    : name_(std::move(name)), format_(std::move(format)), text_(std::move(text)) {
  size_ = text_.size();
  buffer_.resize(std::min(chunk, text_.size() + 1));
}

LineReader::~LineReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

LineReader::LineReader(LineReader&& other) noexcept
    : name_(std::move(other.name_)),
      format_(std::move(other.format_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      text_(std::move(other.text_)),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      end_(other.end_),
      number_(other.number_),
      size_(other.size_),
      read_(other.read_),
      finished_(other.finished_) {}

void LineReader::fail(std::size_t line, const std::string& message) const {
  throw InputError(name_ + ":" + std::to_string(line) + ": " + message);
}

std::uint64_t LineReader::bytes_left() const {
  // A file may grow while it is read.
  return (size_ > read_ ? size_ - read_ : 0) + (end_ - begin_);
}

void LineReader::refuse_binary() const {
  const std::string_view start(buffer_.data(), end_);
  for (const Signature& signature : signatures) {
    if (!start.starts_with(signature.bytes)) continue;
    throw InputError("'" + name_ + "' is not " + format_ + " (looks like " + std::string(signature.name) + ")");
  }
}

std::size_t LineReader::read_some() {
  char* const to = buffer_.data() + end_;
  const std::size_t room = buffer_.size() - end_;
  if (descriptor_ < 0) return text_.copy(to, room, static_cast<std::size_t>(read_));
  ssize_t got = 0;
  do {
    got = ::read(descriptor_, to, room);
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw InputError("cannot read '" + name_ + "': " + std::strerror(errno));
  return static_cast<std::size_t>(got);
}

bool LineReader::fill() {
  if (finished_) return false;
  // Move what is left to the front; a line longer than the buffer doubles it.
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
            buffer_.begin());
  end_ -= std::exchange(begin_, 0);
  if (end_ == buffer_.size()) {
    if (end_ >= longest_line) fail(number_ + 1, "line longer than 64 MB: this is not " + format_);
    buffer_.resize(2 * buffer_.size());
  }
  const std::size_t old_end = end_;
  const std::size_t got = read_some();
  finished_ = got == 0;
  end_ += got;
  if (read_ == 0) {
    refuse_binary();
    if (std::string_view(buffer_.data(), end_).starts_with("\xef\xbb\xbf")) begin_ = 3;
  }
  read_ += got;
  const auto new_begin = buffer_.begin() + static_cast<std::ptrdiff_t>(old_end);
  const auto new_end = buffer_.begin() + static_cast<std::ptrdiff_t>(end_);
  if (const auto nul = std::find(new_begin, new_end, '\0'); nul != new_end) {
    const auto lines = std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), nul, '\n');
    fail(number_ + 1 + static_cast<std::size_t>(lines), "a byte with value zero: this is not " + format_);
  }
  return !finished_;
}

bool LineReader::next(std::string_view& line) {
  std::size_t searched = 0;
  for (;;) {
    const char* const first = buffer_.data() + begin_;
    const void* const found =
        end_ > begin_ + searched ? std::memchr(first + searched, '\n', end_ - begin_ - searched) : nullptr;
    if (found != nullptr) {
      line = {first, static_cast<std::size_t>(static_cast<const char*>(found) - first)};
      begin_ += line.size() + 1;
      break;
    }
    searched = end_ - begin_;
    if (fill()) continue;
    if (begin_ == end_) return false;
    line = {buffer_.data() + begin_, end_ - begin_};
    begin_ = end_;
    break;
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return true;
}

}  // namespace adatom
