// What this file is: numbers from text and back: exact, fast, and the same in every locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace adatom {

/// Reads a real number at `first`: sign, digits with at most one point, exponent after e or E, or after d or D as
/// Fortran writes it. Returns where it ends, or nullptr when there is no number. `value` is the double nearest to the
/// decimal text; infinite where that is too large, 0 where too small. The words nan and inf are not numbers here.
const char* scan_real(const char* first, const char* last, double& value);

/// True when the whole of `text` is a real number, then in `value`; see scan_real.
bool parse_real(std::string_view text, double& value);

/// True when the whole of `text` is an integer that fits, with or without a sign.
bool parse_integer(std::string_view text, std::int64_t& value);

/// Appends the shortest text that reads back to the same double ("0.1", "1e+20", "-0").
void append_real(std::string& out, double value);

}  // namespace adatom
