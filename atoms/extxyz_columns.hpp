// What this file is: the Properties of an extended XYZ frame: which columns its rows have. Internal to
// atoms/extxyz_*.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace adatom::extxyz {

/// One group of columns, "pos:R:3".
struct Property {
  std::string name;
  char type = 'R';        ///< S string, R real, I integer, L logical
  std::size_t count = 1;  ///< columns
};

/// The layout of plain XYZ.
std::vector<Property> default_properties();

/// Reads "species:S:1:pos:R:3". Throws InputError (without file and line) naming the offending part: a missing field,
/// a type letter other than S R I L, a count that is not at least 1, a name twice, positions or elements missing or of
/// the wrong type, forces that are not R:3.
std::vector<Property> parse_properties(std::string_view text);

}  // namespace adatom::extxyz
