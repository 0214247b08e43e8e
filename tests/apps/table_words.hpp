// What this file is: the tables that the command prints, word by word.
#pragma once

#include <array>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

/// A line without its spaces.
inline std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// The first line of `count` words after `heading` that begins with `first`.
inline std::vector<std::string> row_of(const std::string& output, const std::string& heading, const std::string& first,
                                       std::size_t count) {
  const std::size_t at = output.find(heading);
  REQUIRE(at != std::string::npos);
  std::istringstream lines(output.substr(at));
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> words = words_of(line);
    if (words.size() == count && words[0] == first) return words;
  }
  FAIL("no row '" << first << "' of " << count << " words after '" << heading << "' in\n" << output);
  return {};
}

/// The number as printf rounds it.
inline std::string rounded(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}
