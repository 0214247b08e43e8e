// What this file is: doubles as text, the shortest that reads back to the same bits, in every locale.
#pragma once

#include <charconv>
#include <string>

namespace adatom {

/// "0.1", "3e+290", "nan".
inline std::string number_text(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

}  // namespace adatom
