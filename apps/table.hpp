// What this file is: numbers as text, and tables of them that line up.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace adatom::apps {

/// 3.14159 with two digits: "3.14". Not-a-number gives "-".
std::string fixed(double value, int digits);
/// Shortest text with so many significant digits: "0.002", "1e-05".
std::string general(double value, int digits = 4);
/// 0.004 with two digits: "4.00e-03".
std::string scientific(double value, int digits);
/// Blanks before the text, so that it ends at that width; at least one.
std::string to_the_right(const std::string& text, std::size_t width);
/// Whole numbers with thin groups: 4950 → "4950", 123456 → "123 456".
std::string count_text(std::size_t value);
/// "1 frame", "2 frames".
std::string plural(std::size_t count, std::string_view noun);
/// "4.2 s", "3 min 05 s", "1 h 12 min".
std::string duration_text(double seconds);
/// Columns on a screen: UTF-8 letters counted once.
std::size_t display_width(std::string_view text);
/// The words of a text filled into lines of at most so many columns, without an end of line behind the last. The first
/// line begins where `indent` blanks end, the others begin with these blanks.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

/// Rows of cells. Columns line up: numbers (and the header over them) to the right, the columns named in `left` to the
/// left.
class Table {
 public:
  /// Each header may have two lines, split by '\n'.
  explicit Table(std::vector<std::string> headers, std::vector<std::size_t> left = {});
  void add(std::vector<std::string> cells);
  /// A rule before the next row.
  void rule();
  bool empty() const { return rows_.empty(); }
  /// Every line begins with `indent` blanks and ends with a newline.
  std::string text(std::size_t indent = 2) const;

 private:
  std::vector<std::string> headers_;
  std::vector<std::size_t> left_;
  std::vector<std::vector<std::string>> rows_;  // an empty one is a rule
};

}  // namespace adatom::apps
