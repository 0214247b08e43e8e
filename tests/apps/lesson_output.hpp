// What this file is: running a lesson's section and reading the numbers it prints.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

/// What `lessonN --quick --section NAME` prints, run in `folder`.
inline std::string quick_section(const std::filesystem::path& folder, int lesson, const std::string& name) {
  const Outcome outcome =
      shell(folder, "'" ADATOM_LESSONS "/lesson" + std::to_string(lesson) + "' --quick --section " + name);
  CHECK(outcome.code == 0);
  return outcome.output;
}

/// Words with single blanks between them, wherever lines were broken.
inline std::string one_line(const std::string& text) {
  std::istringstream words(text);
  std::string joined;
  for (std::string word; words >> word;) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

/// The numbers that follow `label` in its line; of the last such line where there are some.
inline std::vector<double> numbers_after(const std::string& text, const std::string& label) {
  std::vector<double> numbers;
  for (std::size_t at = text.rfind(label); at != std::string::npos && numbers.empty();
       at = at == 0 ? std::string::npos : text.rfind(label, at - 1)) {
    const std::size_t begin = at + label.size();
    std::istringstream rest(text.substr(begin, text.find('\n', begin) - begin));
    for (double number = 0.0; rest >> number;) numbers.push_back(number);
  }
  return numbers;
}

/// One of them; fails if there are fewer.
inline double number_after(const std::string& text, const std::string& label, std::size_t which = 0) {
  CAPTURE(label, text);
  const std::vector<double> numbers = numbers_after(text, label);
  REQUIRE(numbers.size() > which);
  return numbers[which];
}
