// What this file is: the second line of an extended XYZ frame, key=value pairs, from text and back. Internal to
// atoms/extxyz_*.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "atoms/extxyz.hpp"

namespace adatom::extxyz {

/// One key of the line, its value still text.
struct Pair {
  std::string key;
  std::string value;       ///< without its delimiters
  char delimiter = '\0';   ///< " ' { [ around the value, or none
  bool has_value = false;  ///< false for a bare word, which means true
  std::size_t column = 0;  ///< where the key starts, from 1
};

/// Splits the line. Throws InputError (without file and line) for quotes that do not close and values without a key.
/// A line that does not look like extended XYZ, the free text of a plain XYZ file, never fails: what cannot be split
/// becomes the value of the single key "comment".
std::vector<Pair> split_comment(std::string_view line);

/// The value in the type its text says; see InfoValue.
InfoValue info_value(const Pair& pair);

/// The words of a value, split at blanks, commas and brackets.
std::vector<std::string_view> words_of(std::string_view text);

/// Lattice, Properties or pbc if the key is one of them but for capitals; otherwise "".
std::string_view reserved_key(std::string_view key);

/// Throws InputError for a key that differs from a reserved one only in capitals: it would silently be ignored, cell
/// and all.
void require_spelling(std::string_view key);

/// Appends "key=value", quoted where needed. Throws InputError for a number that is not finite and an empty key.
void append_pair(std::string& out, std::string_view key, const InfoValue& value);

}  // namespace adatom::extxyz
