// POSIX is used directly for appending: the standard library cannot take a half-written frame back.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "atoms/elements.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/extxyz_comment.hpp"
#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom {
namespace {

std::size_t size_of(const Column& column) {
  return std::visit([](const auto& values) { return values.size(); }, column.values);
}

bool has_blanks(std::string_view text) { return text.find_first_of(" \t\r\n\v\f") != std::string_view::npos; }

/// Throws InputError for a column that cannot be written.
void check_column(const Column& column, std::size_t atoms) {
  if (column.name.empty() || has_blanks(column.name) || column.name.find(':') != std::string::npos) {
    throw InputError("column name " + in_quotes(column.name) + " must not be empty or contain blanks or colons");
  }
  if (column.name == "species" || column.name == "pos") {
    throw InputError("column " + in_quotes(column.name) + " is written from the atoms and cannot be an extra column");
  }
  const bool misshapen = (column.name == "Z" && (column.type() != 'I' || column.count != 1)) ||
                         (column.name == "forces" && (column.type() != 'R' || column.count != 3));
  if (misshapen) throw InputError("column '" + column.name + "' must be " + (column.name == "Z" ? "I:1" : "R:3"));
  if (column.count == 0 || size_of(column) != atoms * column.count) {
    throw InputError("column " + in_quotes(column.name) + " has " + std::to_string(size_of(column)) +
                     " values; expected " + std::to_string(column.count) + " for each of " + std::to_string(atoms) +
                     " atoms");
  }
  if (const auto* strings = std::get_if<std::vector<std::string>>(&column.values)) {
    for (const std::string& text : *strings) {
      if (text.empty() || has_blanks(text)) {
        throw InputError("column " + in_quotes(column.name) + " contains " + in_quotes(text) +
                         "; a word must not be empty or contain blanks");
      }
    }
  }
}

/// Throws InputError for a label under its standard name that a reader would refuse.
void check_label(const std::string& key, const InfoValue& value) {
  const auto* integers = std::get_if<std::vector<std::int64_t>>(&value);
  const auto* reals = std::get_if<std::vector<double>>(&value);
  const bool scalar = std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
  const std::size_t numbers = integers != nullptr ? integers->size() : reals != nullptr ? reals->size() : 0;
  if ((key == "energy" || key == "free_energy") && !scalar) throw InputError(key + " must be a number");
  if ((key == "stress" || key == "virial") && numbers != 9 && numbers != 6) {
    throw InputError(key + " must be an array of 9 numbers (or the 6 of Voigt's order)");
  }
}

void append_comment(std::string& out, const Frame& frame) {
  const Atoms& atoms = frame.atoms;
  if (atoms.cell != Cell{}) {
    out += "Lattice=\"";
    for (std::size_t k = 0; k < 9; ++k) {
      if (k > 0) out += ' ';
      append_real(out, atoms.cell[k / 3][k % 3]);
    }
    out += "\" ";
  }
  std::string properties = "species:S:1:pos:R:3";
  for (std::size_t c = 0; c < frame.columns.size(); ++c) {
    const Column& column = frame.columns[c];
    for (std::size_t other = 0; other < c; ++other) {
      if (frame.columns[other].name == column.name) throw InputError("two columns are named " + in_quotes(column.name));
    }
    properties += ":" + column.name + ":" + column.type() + ":" + std::to_string(column.count);
  }
  // A name may contain what the comment line gives a meaning to.
  extxyz::append_pair(out, "Properties", properties);
  for (const auto& [key, value] : frame.info) {
    if (key == "Lattice" || key == "pbc" || key == "Properties") {
      throw InputError("key '" + key + "' is written from the atoms and cannot be an extra key");
    }
    extxyz::require_spelling(key);
    check_label(key, value);
    out += ' ';
    extxyz::append_pair(out, key, value);
  }
  out += " pbc=\"";
  for (std::size_t k = 0; k < 3; ++k) {
    if (k > 0) out += ' ';
    out += atoms.pbc[k] ? 'T' : 'F';
  }
  out += "\"\n";
}

void append_value(std::string& out, const std::vector<double>& values, std::size_t n) {
  if (!std::isfinite(values[n])) throw InputError("a number that is not finite cannot be written");
  append_real(out, values[n]);
}
void append_value(std::string& out, const std::vector<std::int64_t>& values, std::size_t n) {
  out += std::to_string(values[n]);
}
void append_value(std::string& out, const std::vector<bool>& values, std::size_t n) { out += values[n] ? 'T' : 'F'; }
void append_value(std::string& out, const std::vector<std::string>& values, std::size_t n) { out += values[n]; }

void append_frame(std::string& out, const Frame& frame) {
  const Atoms& atoms = frame.atoms;
  validate(atoms);
  for (const Column& column : frame.columns) check_column(column, atoms.size());
  out += std::to_string(atoms.size());
  out += '\n';
  append_comment(out, frame);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    out += element(atoms.numbers[i]).symbol;
    for (const double x : atoms.positions[i]) {
      out += ' ';
      append_real(out, x);
    }
    for (const Column& column : frame.columns) {
      std::visit(
          [&](const auto& values) {
            for (std::size_t n = i * column.count; n < (i + 1) * column.count; ++n) {
              out += ' ';
              append_value(out, values, n);
            }
          },
          column.values);
    }
    out += '\n';
  }
}

/// A file that grows by whole frames.
class AppendedFile {
 public:
  explicit AppendedFile(const std::filesystem::path& path) : name_(path.string()) {
    descriptor_ = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno == EACCES) descriptor_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor_ < 0) fail();
    struct stat status {};
    regular_ = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    // A last line without its end must not swallow the count of the first new frame.
    char last = '\n';
    if (regular_ && status.st_size > 0 && ::pread(descriptor_, &last, 1, status.st_size - 1) == 1 && last != '\n') {
      write("\n");
    }
  }
  ~AppendedFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  AppendedFile(const AppendedFile&) = delete;
  AppendedFile& operator=(const AppendedFile&) = delete;

  void write(std::string_view text) {
    struct stat status {};
    const bool known = regular_ && ::fstat(descriptor_, &status) == 0;
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int why = errno;
        if (known && ::ftruncate(descriptor_, status.st_size) != 0) {
          throw Error("cannot write '" + name_ + "': " + std::strerror(why) + "; its last frame is incomplete");
        }
        errno = why;
        fail();
      }
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void commit() {
    if (regular_ && ::fsync(descriptor_) != 0) fail();
    if (::close(std::exchange(descriptor_, -1)) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const { throw Error("cannot write '" + name_ + "': " + std::strerror(errno)); }

  std::string name_;
  int descriptor_ = -1;
  bool regular_ = false;
};

}  // namespace

std::string to_extxyz(const Frame& frame) {
  std::string text;
  append_frame(text, frame);
  return text;
}

struct ExtxyzWriter::State {
  std::optional<FileWriter> replaced;
  std::optional<AppendedFile> appended;
  std::string text;  ///< of one frame; its memory is used again
};

ExtxyzWriter::ExtxyzWriter(const std::filesystem::path& path, Mode mode) : state_(new State) {
  if (mode == Mode::replace) {
    state_->replaced.emplace(path);
  } else {
    state_->appended.emplace(path);
  }
}
ExtxyzWriter::~ExtxyzWriter() = default;
ExtxyzWriter::ExtxyzWriter(ExtxyzWriter&&) noexcept = default;

void ExtxyzWriter::write(const Frame& frame) {
  state_->text.clear();
  append_frame(state_->text, frame);
  if (state_->replaced) {
    state_->replaced->write(state_->text);
  } else {
    state_->appended->write(state_->text);
  }
}

void ExtxyzWriter::commit() {
  if (state_->replaced) {
    state_->replaced->commit();
  } else {
    state_->appended->commit();
  }
}

void write_extxyz(const std::filesystem::path& path, std::span<const Frame> frames) {
  ExtxyzWriter writer(path);
  for (const Frame& frame : frames) writer.write(frame);
  writer.commit();
}

}  // namespace adatom
