// What this file is: archives to text and back. The reader trusts nothing: sizes are held against the length of the
// text before anything is allocated, and every line must have exactly the form that the writer gives it.
#include "nn/archive_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "core/error.hpp"
#include "nn/archive.hpp"

namespace adatom {
namespace {

constexpr std::string_view magic = "adatom ";
constexpr std::string_view checksum_mark = "checksum = ";
constexpr std::size_t checksum_digits = 16;
constexpr std::size_t last_line_length = checksum_mark.size() + checksum_digits + 1;

constexpr std::array<std::uint64_t, 256> checksum_table() {
  std::array<std::uint64_t, 256> table{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0xC96C5795D7870F42u : 0u);
    table[byte] = remainder;
  }
  return table;
}

std::string hexadecimal(std::uint64_t value) {
  std::string digits(checksum_digits, '0');
  for (std::size_t i = checksum_digits; i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  return digits;
}

// Writing ----------------------------------------------------------------------------------------------------------

template <class T>
void append_number(std::string& text, T value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text.append(digits, end);
}

/// A double never looks like an integer: "2.0", not "2".
void append_double(std::string& text, double value) {
  const std::size_t start = text.size();
  append_number(text, value);
  if (text.find_first_of(".en", start) == std::string::npos) text += ".0";  // e: exponent; n: nan, inf
}

void append_quoted(std::string& text, std::string_view value) {
  text += '"';
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text.append(1, '\\').append(1, c);
    } else if (c == '\n') {
      text += "\\n";
    } else if (code < 0x20 || code == 0x7f) {
      text.append("\\x").append(1, "0123456789abcdef"[code >> 4]).append(1, "0123456789abcdef"[code & 15]);
    } else {
      text += c;
    }
  }
  text += '"';
}

struct Writer {
  std::string& text;

  void operator()(bool value) const { text.append(" = ").append(value ? "true" : "false"); }
  void operator()(std::int64_t value) const { append_number(text.append(" = "), value); }
  void operator()(double value) const { append_double(text.append(" = "), value); }
  void operator()(const std::string& value) const { append_quoted(text.append(" = "), value); }
  void operator()(const std::vector<std::string>& values) const {
    text += " = [";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += ", ";
      append_quoted(text, values[i]);
    }
    text += ']';
  }
  /// One line per row; the last axis runs along it.
  void operator()(const Archive::Array& array) const {
    text += " [";
    for (std::size_t axis = 0; axis < array.shape.rank(); ++axis) {
      if (axis > 0) text += ", ";
      append_number(text, array.shape[axis]);
    }
    text += "] =";
    const std::size_t width = array.shape.rank() == 0 ? 1 : array.shape.back();
    for (std::size_t i = 0; i < array.values.size(); ++i) {
      text += i % width == 0 ? "\n  " : " ";
      append_number(text, array.values[i]);
    }
  }
};

}  // namespace

std::uint64_t checksum(std::string_view text) {
  static constexpr std::array<std::uint64_t, 256> table = checksum_table();
  std::uint64_t remainder = ~std::uint64_t{0};
  for (const char c : text) remainder = table[(remainder ^ static_cast<unsigned char>(c)) & 255] ^ (remainder >> 8);
  return ~remainder;
}

std::string Archive::text() const {
  std::string text = std::string(magic) + kind_ + " " + std::to_string(version_) + "\n";
  for (const Entry& entry : entries_) {
    text += entry.name;
    std::visit(Writer{text}, entry.value);
    text += '\n';
  }
  const std::uint64_t sum = checksum(text);
  return text.append(checksum_mark).append(hexadecimal(sum)).append(1, '\n');
}

// Reading ----------------------------------------------------------------------------------------------------------

class ArchiveReader {
 public:
  ArchiveReader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  Archive read(std::string_view kind, int newest_version) {
    check_magic(kind);
    check_sum();
    text_.remove_suffix(last_line_length);
    Archive archive = header(kind, newest_version);
    while (place_ < text_.size()) entry(archive);
    archive.file_ = file_;
    return archive;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const { throw InputError(file_ + ": " + why); }
  /// For text that the checksum vouches for but the writer would not write.
  [[noreturn]] void malformed(const std::string& why) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(place_), '\n');
    throw InputError(file_ + ":" + std::to_string(line) + ": " + why);
  }

  void check_magic(std::string_view kind) const {
    if (text_.empty()) refuse("is empty, expected an adatom " + std::string(kind));
    if (text_.starts_with(magic)) return;
    if (magic.starts_with(text_)) refuse("damaged (ends within the first line)");
    refuse("not an adatom " + std::string(kind) + ": the first line should begin with 'adatom " + std::string(kind) +
           "'" + (text_.starts_with("\x1f\x8b") ? " (looks like gzip)" : ""));
  }

  void check_sum() const {
    const std::size_t body = text_.size() < last_line_length ? 0 : text_.size() - last_line_length;
    const std::string_view last = text_.substr(body);
    const bool complete =
        body > 0 && text_[body - 1] == '\n' && last.starts_with(checksum_mark) && last.ends_with('\n');
    if (!complete) refuse("damaged (the file is truncated: its last line is not a checksum)");
    if (last.substr(checksum_mark.size(), checksum_digits) != hexadecimal(checksum(text_.substr(0, body)))) {
      refuse("damaged (checksum differs)");
    }
  }

  Archive header(std::string_view kind, int newest_version) {
    place_ = magic.size();
    const std::string_view found = word();
    expect(" ");
    const std::int64_t version = number<std::int64_t>();
    expect("\n");
    if (found != kind) refuse("is a " + std::string(found) + ", expected a " + std::string(kind));
    if (version < 1) refuse("has format " + std::to_string(version) + ", expected at least 1");
    if (version > newest_version) {
      refuse("written by format " + std::to_string(version) + ", this program reads up to " +
             std::to_string(newest_version));
    }
    return Archive(std::string(found), static_cast<int>(version));
  }

  void entry(Archive& archive) {
    const std::string name(word());
    if (archive.contains(name)) malformed("entry '" + name + "' occurs twice");
    if (accept(" [")) {
      archive.put(name, array(name));
    } else {
      expect(" = ");
      archive.put(name, value());
    }
    expect("\n");
  }

  Archive::Value value() {
    if (accept("true")) return true;
    if (accept("false")) return false;
    if (peek('"')) return quoted();
    if (accept("[")) return strings();
    const std::size_t end = std::min(text_.find('\n', place_), text_.size());
    if (text_.substr(place_, end - place_).find_first_of(".en") == std::string_view::npos)
      return number<std::int64_t>();
    return number<double>();
  }

  std::vector<std::string> strings() {
    std::vector<std::string> values;
    while (!accept("]")) {
      if (!values.empty()) expect(", ");
      values.push_back(quoted());
    }
    return values;
  }

  Archive::Array array(const std::string& name) {
    Archive::Array result;
    // Each number takes at least two characters, so a larger count cannot be in this file.
    const std::size_t most = (text_.size() - place_) / 2;
    std::size_t count = 1;
    bool empty = false;
    for (bool first = true; !accept("]"); first = false) {
      if (!first) expect(", ");
      const auto length = number<std::uint64_t>();
      if (result.shape.rank() == Shape::max_rank) malformed("array '" + name + "' has more than 8 axes");
      if (length > 0 && count > most / length) {
        malformed("array '" + name + "' claims more numbers than the file has room for");
      }
      result.shape.push_back(length);
      empty = empty || length == 0;
      count *= std::max<std::size_t>(length, 1);
    }
    expect(" =");
    if (empty) return result;
    result.values.resize(count);
    const std::size_t width = result.shape.rank() == 0 ? 1 : result.shape.back();
    for (std::size_t i = 0; i < count; ++i) {
      expect(i % width == 0 ? "\n  " : " ");
      result.values[i] = number<double>();
    }
    return result;
  }

  std::string quoted() {
    expect("\"");
    std::string value;
    for (;;) {
      if (place_ >= text_.size() || text_[place_] == '\n') malformed("a string is not closed");
      const char c = text_[place_++];
      if (c == '"') return value;
      if (c != '\\') {
        value += c;
      } else if (accept("n")) {
        value += '\n';
      } else if (accept("x")) {
        value += static_cast<char>(16 * digit() + digit());
      } else if (peek('"') || peek('\\')) {
        value += text_[place_++];
      } else {
        malformed("unknown escape sequence in a string");
      }
    }
  }

  int digit() {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::size_t value = place_ < text_.size() ? digits.find(text_[place_]) : std::string_view::npos;
    if (value == std::string_view::npos) malformed("expected two hexadecimal digits after \\x");
    ++place_;
    return static_cast<int>(value);
  }

  std::string_view word() {
    const std::size_t start = place_;
    while (place_ < text_.size() && is_name_character(text_[place_])) ++place_;
    if (place_ == start) malformed("expected a name");
    return text_.substr(start, place_ - start);
  }

  template <class T>
  T number() {
    T value{};
    const char* const end = text_.data() + text_.size();
    const auto [rest, error] = std::from_chars(text_.data() + place_, end, value);
    if (error != std::errc{}) malformed("expected a number");
    place_ = static_cast<std::size_t>(rest - text_.data());
    return value;
  }

  bool peek(char c) const { return place_ < text_.size() && text_[place_] == c; }
  bool accept(std::string_view expected) {
    if (!text_.substr(place_).starts_with(expected)) return false;
    place_ += expected.size();
    return true;
  }
  void expect(std::string_view expected) {
    if (accept(expected)) return;
    malformed(expected.find('\n') == std::string_view::npos ? "expected '" + std::string(expected) + "'"
                                                            : "expected the end of the line");
  }

  std::string_view text_;
  std::string file_;
  std::size_t place_ = 0;
};

Archive Archive::parse(std::string_view text, std::string_view kind, int newest_version, std::string file) {
  return ArchiveReader(text, std::move(file)).read(kind, newest_version);
}

}  // namespace adatom
