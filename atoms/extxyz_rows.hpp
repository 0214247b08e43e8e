// What this file is: the atom lines of an extended XYZ frame. Internal to atoms/extxyz_*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "atoms/extxyz.hpp"
#include "atoms/extxyz_columns.hpp"

namespace adatom::extxyz {

/// Why a word is not the finite real number it should be: "'1.l' is not a number".
std::string not_a_number(std::string_view word);

/// Reads the rows of one frame. Values go straight to where they stay.
class RowParser {
 public:
  /// Makes room for `rows` rows in `frame`, which must outlive the parser.
  RowParser(const std::vector<Property>& properties, Frame& frame, std::size_t rows);

  /// Appends one atom. Throws InputError (without file and line) naming the column.
  void parse(std::string_view line);

 private:
  enum class Kind { species, number, position, real, integer, logical, string };
  struct Task {
    Kind kind = Kind::real;
    std::size_t count = 1;
    std::string name;
    // Where the values go; one of them, according to the kind.
    std::vector<double>* reals = nullptr;
    std::vector<std::int64_t>* integers = nullptr;
    std::vector<bool>* logicals = nullptr;
    std::vector<std::string>* strings = nullptr;
  };

  Task make_task(const Property& property, bool has_species, std::size_t rows);
  void skip_blanks();
  /// The next word; an error when the row ends before it.
  std::string_view word(std::string_view name);
  double real(std::string_view name);
  Vector3 position();
  int species();
  std::int64_t integer(std::string_view name);
  int number();
  bool logical(std::string_view name);
  /// "species pos*3 forces*3", for messages.
  std::string layout() const;
  [[noreturn]] void fail_word(const std::string& what, std::string_view name) const;
  [[noreturn]] void fail_width(std::string_view line) const;

  Frame& frame_;
  std::vector<Task> tasks_;
  std::size_t width_ = 0;  ///< columns
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::size_t column_ = 0;  ///< words taken from the current line
};

}  // namespace adatom::extxyz
