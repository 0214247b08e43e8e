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

/// So many significant digits, at most 20, without zeros at the end: "0.1", "1e+300", "nan".
inline std::string short_number_text(double value, int digits = 3) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr;
  return {text, end};
}

/// So many digits after the point, at most 20, zeros included: "0.100", "12.000", "nan".
inline std::string fixed_number_text(double value, int decimals) {
  char text[352];  // the largest double has 309 digits before the point
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, decimals).ptr;
  return {text, end};
}

}  // namespace adatom
