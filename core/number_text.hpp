// What this file is: doubles as text for messages, in every locale the same.
#pragma once

#include <charconv>
#include <string>

namespace adatom {

/// The shortest text that reads back to the same bits: "0.1", "9.999999999999999e+299", "nan".
inline std::string number_text(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

/// Three significant digits: "0.1", "1e+300", "nan".
inline std::string short_number_text(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 3).ptr;
  return {text, end};
}

}  // namespace adatom
