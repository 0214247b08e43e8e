#include "atoms/extxyz_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "atoms/elements.hpp"
#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom::extxyz {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

}  // namespace

/// Why a word is not the real number it should be.
std::string not_a_number(std::string_view word) {
  double value = 0.0;
  if (parse_real(word, value)) return in_quotes(word) + " is too large for a number";
  std::string lower(word.substr(word.starts_with('-') || word.starts_with('+') ? 1 : 0));
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  const bool known = lower == "nan" || lower == "inf" || lower == "infinity";
  return in_quotes(word) + (known ? " is not a finite number" : " is not a number");
}

RowParser::RowParser(const std::vector<Property>& properties, Frame& frame, std::size_t rows) : frame_(frame) {
  const bool has_species = std::ranges::any_of(properties, [](const Property& p) { return p.name == "species"; });
  for (const Property& p : properties) width_ += p.count;
  // No column may move in memory once a task points to it.
  frame.columns.reserve(properties.size());
  frame.atoms.numbers.reserve(rows);
  frame.atoms.positions.reserve(rows);
  for (const Property& p : properties) tasks_.push_back(make_task(p, has_species, rows));
}

RowParser::Task RowParser::make_task(const Property& p, bool has_species, std::size_t rows) {
  Task task{.kind = Kind::real, .count = p.count, .name = p.name};
  if (p.name == "pos") {
    task.kind = Kind::position;
  } else if (p.name == "species") {
    task.kind = Kind::species;
  } else if (p.name == "Z" && !has_species) {
    task.kind = Kind::number;
  } else {
    Column& column = frame_.columns.emplace_back(Column{.name = p.name, .count = p.count, .values = {}});
    switch (p.type) {
      case 'R':
        task.reals = &column.values.emplace<std::vector<double>>();
        task.reals->reserve(rows * p.count);
        break;
      case 'I':
        task.kind = Kind::integer;
        task.integers = &column.values.emplace<std::vector<std::int64_t>>();
        task.integers->reserve(rows * p.count);
        break;
      case 'L':
        task.kind = Kind::logical;
        task.logicals = &column.values.emplace<std::vector<bool>>();
        break;
      default:
        task.kind = Kind::string;
        task.strings = &column.values.emplace<std::vector<std::string>>();
    }
  }
  return task;
}

void RowParser::parse(std::string_view line) {
  at_ = line.data();
  end_ = line.data() + line.size();
  column_ = 0;
  for (const Task& task : tasks_) {
    switch (task.kind) {
      case Kind::species:
        frame_.atoms.numbers.push_back(species());
        break;
      case Kind::number:
        frame_.atoms.numbers.push_back(number());
        break;
      case Kind::position:
        frame_.atoms.positions.push_back(position());
        break;
      case Kind::real:
        for (std::size_t k = 0; k < task.count; ++k) task.reals->push_back(real(task.name));
        break;
      case Kind::integer:
        for (std::size_t k = 0; k < task.count; ++k) task.integers->push_back(integer(task.name));
        break;
      case Kind::logical:
        for (std::size_t k = 0; k < task.count; ++k) task.logicals->push_back(logical(task.name));
        break;
      case Kind::string:
        for (std::size_t k = 0; k < task.count; ++k) task.strings->emplace_back(word(task.name));
        break;
    }
  }
  skip_blanks();
  if (at_ != end_) fail_width(line);
}

void RowParser::skip_blanks() {
  while (at_ != end_ && is_blank(*at_)) ++at_;
}

std::string_view RowParser::word(std::string_view name) {
  skip_blanks();
  ++column_;
  if (at_ == end_) {
    throw InputError("the line ends before column " + std::to_string(column_) + " (" + printable(name) +
                     "); expected " + std::to_string(width_) + " columns: " + layout());
  }
  const char* const first = at_;
  while (at_ != end_ && !is_blank(*at_)) ++at_;
  return {first, static_cast<std::size_t>(at_ - first)};
}

void RowParser::fail_word(const std::string& what, std::string_view name) const {
  throw InputError(what + " (column " + std::to_string(column_) + ", " + printable(name) + ")");
}

/// A finite real number. The common case touches each character once.
double RowParser::real(std::string_view name) {
  skip_blanks();
  double value = 0.0;
  const char* const last = scan_real(at_, end_, value);
  if (last != nullptr && (last == end_ || is_blank(*last)) && std::isfinite(value)) {
    ++column_;
    at_ = last;
    return value;
  }
  const std::string_view text = word(name);
  fail_word(not_a_number(text), name);
}

Vector3 RowParser::position() {
  Vector3 r;
  for (double& x : r) {
    x = real("pos");
    if (std::abs(x) > largest_coordinate) fail_word(number_text(x) + " is beyond 1e15 Å", "pos");
  }
  return r;
}

int RowParser::species() {
  const std::string_view text = word("species");
  if (const int number = find_atomic_number(text); number != 0) return number;
  // Some programs write atomic numbers instead.
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= 1 && number <= element_count) return number;
  try {
    return atomic_number(text);
  } catch (const InputError& unknown) {
    fail_word(unknown.what(), "species");
  }
}

std::int64_t RowParser::integer(std::string_view name) {
  const std::string_view text = word(name);
  std::int64_t value = 0;
  if (!parse_integer(text, value)) fail_word(in_quotes(text) + " is not an integer", name);
  return value;
}

int RowParser::number() {
  const std::int64_t value = integer("Z");
  if (value < 1 || value > element_count) {
    fail_word("unknown element number " + std::to_string(value) + "; expected 1 (H) to 118 (Og)", "Z");
  }
  return static_cast<int>(value);
}

bool RowParser::logical(std::string_view name) {
  const std::string_view text = word(name);
  if (text == "T" || text == "1" || text == "True" || text == "true" || text == "TRUE") return true;
  if (text == "F" || text == "0" || text == "False" || text == "false" || text == "FALSE") return false;
  fail_word("expected T or F, found " + in_quotes(text), name);
}

std::string RowParser::layout() const {
  std::string text;
  for (const Task& task : tasks_) {
    if (text.size() > 200) return text + " ...";
    if (!text.empty()) text += ' ';
    text += printable(task.name);
    if (task.count > 1) text.append("*").append(std::to_string(task.count));
  }
  return text;
}

void RowParser::fail_width(std::string_view line) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    found += !is_blank(line[i]) && (i == 0 || is_blank(line[i - 1])) ? 1 : 0;
  }
  throw InputError("found " + std::to_string(found) + " columns, expected " + std::to_string(width_) + ": " + layout());
}

}  // namespace adatom::extxyz
