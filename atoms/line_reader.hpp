// What this file is: a text file read line by line through a buffer, so that its size does not matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace adatom {

/// Lines of a file, pipe or device. Line ends may be LF or CRLF, the last one may be missing, and a UTF-8 byte order
/// mark is skipped. What is not text is refused: NUL bytes, the signatures of common binary formats, UTF-16, and lines
/// of more than 64 MB.
class LineReader {
 public:
  /// Opens the file. Throws InputError with the system's reason, or for a directory.
  /// `format` names what was expected, for messages: "an extended XYZ file".
  LineReader(const std::filesystem::path& path, std::string format);
  /// Reads from memory under the given name.
  LineReader(std::string name, std::string text, std::string format);
  ~LineReader();
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;

  /// Puts the next line, without its end, into `line`; false at the end of the file. The text is valid until the next
  /// call. Throws InputError as above.
  bool next(std::string_view& line);

  /// Number of the line that next() gave last, from 1; 0 before the first.
  std::size_t number() const { return number_; }

  /// Bytes that the file still holds behind the current line; 2^63 or so for pipes.
  std::uint64_t bytes_left() const;

  const std::string& name() const { return name_; }

  /// "name:line: message" as an InputError. Without a line: the current one.
  [[noreturn]] void fail(const std::string& message) const { fail(number_, message); }
  [[noreturn]] void fail(std::size_t line, const std::string& message) const;

 private:
  /// Reads more into the buffer, keeping what was not consumed; false at the end of the file.
  bool fill();
  /// Appends what comes next to the buffer; returns how many bytes, 0 at the end.
  std::size_t read_some();
  void refuse_binary() const;

  std::string name_, format_;
  int descriptor_ = -1;
  std::string text_;  ///< instead of a file
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  ///< the part of the buffer not consumed yet
  std::size_t number_ = 0;
  std::uint64_t size_ = 0, read_ = 0;  ///< of the file; so far
  bool finished_ = false;
};

}  // namespace adatom
