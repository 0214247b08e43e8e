// What this file is: extended XYZ files, the format that everybody exchanges: frames of atoms with labels, read
// one by one from files of any size and written without loss.
//
//   2
//   Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3:forces:R:3 energy=-9.5 pbc="T T T"
//   N 0 0 0     0 0  0.1
//   N 0 0 1.1   0 0 -0.1
//
// Reading:    extxyz_read.cpp, with extxyz_comment.cpp for the second line, extxyz_columns.cpp for Properties and
//             extxyz_rows.cpp for the atoms.
// Writing:    extxyz_write.cpp.
// Labels (energy, forces, stress) under names of the user's choice: atoms/labels.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// A value of the comment line. As in ASE, its type is that of its text: 5 and "5" are an integer, "1 2.5" is an array
/// of reals, T is true, and everything else is a string. An array of one element is a single value. Numbers are
/// finite: the words nan and inf stay strings.
using InfoValue = std::variant<bool, std::int64_t, double, std::string, std::vector<bool>, std::vector<std::int64_t>,
                               std::vector<double>, std::vector<std::string>>;

/// Keys and values in the order of the file. Keys are unique.
using Info = std::vector<std::pair<std::string, InfoValue>>;

/// An extra column group of the file, as "forces:R:3": `count` values per atom, row after row (N × count).
struct Column {
  using Values =
      std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<bool>, std::vector<std::string>>;
  std::string name;
  std::size_t count = 1;
  Values values;

  /// R, I, L or S.
  char type() const { return "RILS"[values.index()]; }
  bool operator==(const Column&) const = default;
};

/// One structure of a file with all that the file says about it.
struct Frame {
  Atoms atoms;
  Info info;                    ///< the comment line without Lattice, pbc and Properties
  std::vector<Column> columns;  ///< all columns but species (or Z) and pos
  std::size_t line = 0;         ///< where the frame starts in its file, from 1; for messages
};

/// The value of a key; nullptr when there is none.
const InfoValue* find_info(const Frame& frame, std::string_view key);
/// Sets or adds a value.
void set_info(Frame& frame, std::string_view key, InfoValue value);
/// The column of that name; nullptr when there is none.
const Column* find_column(const Frame& frame, std::string_view name);
/// Sets or adds a column.
void set_column(Frame& frame, Column column);

/// Frames one after the other; memory for one frame at a time.
///
/// Strict where silence would cost the user: a message "file:line: what is wrong" for everything that does not follow
/// the format. Lenient where nothing can be lost: plain XYZ files, blank lines between and after frames, CRLF, a byte
/// order mark, exponents with D, atomic numbers in place of symbols.
/// Lattice without pbc means periodic. Labels under their standard names (energy, free_energy, stress, virial, forces)
/// must be numbers of the right count.
class ExtxyzReader {
 public:
  /// Throws InputError when the file cannot be opened.
  explicit ExtxyzReader(const std::filesystem::path& path);
  ~ExtxyzReader();
  ExtxyzReader(ExtxyzReader&&) noexcept;

  /// Reads from memory; `name` stands for the file's in messages.
  static ExtxyzReader from_text(std::string text, std::string name = "text");

  /// The next frame, nothing at the end. Throws InputError; after that the reader is at its end.
  std::optional<Frame> next();

 private:
  struct State;
  explicit ExtxyzReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// All frames, or those that `selection` names as in Python: "3", "-1", "10:20", "::5", "-10:". Throws InputError also
/// for a selection that cannot be read, and for a single index the file does not have.
std::vector<Frame> read_extxyz(const std::filesystem::path& path, std::string_view selection = ":");

/// All frames of a text in memory.
std::vector<Frame> parse_extxyz(std::string text, std::string name = "text");

/// The text of one frame. Every double is written so that it reads back to the same bits.
/// Throws InputError for what the format cannot hold: an invalid structure, columns of the wrong size, numbers that
/// are not finite, strings in columns that are empty or contain blanks.
std::string to_extxyz(const Frame& frame);

/// Writes all frames under a temporary name and renames the file at the end (see core/file.hpp).
void write_extxyz(const std::filesystem::path& path, std::span<const Frame> frames);

/// Writes frames one by one.
class ExtxyzWriter {
 public:
  enum class Mode {
    replace,  ///< the file appears, complete, with commit(); without it nothing changes
    append    ///< each frame is in the file when write() returns; a failed write takes its frame back
  };
  /// Throws Error with the system's reason.
  explicit ExtxyzWriter(const std::filesystem::path& path, Mode mode = Mode::replace);
  ~ExtxyzWriter();
  ExtxyzWriter(ExtxyzWriter&&) noexcept;

  void write(const Frame& frame);
  /// Finishes the file and forces it to disk. Nothing may be written afterwards.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace adatom
