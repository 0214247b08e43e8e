#include "atoms/extxyz_comment.hpp"

#include <algorithm>
#include <cmath>

#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"

namespace adatom::extxyz {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\n'; }

constexpr char closing(char c) {
  switch (c) {
    case '{':
      return '}';
    case '[':
      return ']';
    default:
      return c;
  }
}

constexpr bool opens(char c) { return c == '"' || c == '\'' || c == '{' || c == '['; }

/// Walks over a comment line.
class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  std::vector<Pair> run() {
    std::vector<Pair> pairs;
    for (skip_blanks(); at_ < line_.size(); skip_blanks()) pairs.push_back(pair());
    return pairs;
  }

 private:
  [[noreturn]] void fail(std::size_t column, const std::string& message) const {
    throw InputError("column " + std::to_string(column + 1) + ": " + message);
  }

  void skip_blanks() {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
  }

  Pair pair() {
    Pair result;
    result.column = at_ + 1;
    const std::size_t start = at_;
    if (opens(line_[at_])) {
      result.key = delimited();
    } else {
      while (at_ < line_.size() && !is_blank(line_[at_]) && line_[at_] != '=') ++at_;
      result.key = line_.substr(start, at_ - start);
    }
    if (result.key.empty()) fail(start, "expected key=value, found '" + printable(line_.substr(start)) + "'");

    // Blanks around the equals sign are allowed.
    const std::size_t after_key = at_;
    skip_blanks();
    if (at_ == line_.size() || line_[at_] != '=') {
      at_ = after_key;
      return result;
    }
    ++at_;
    skip_blanks();
    result.has_value = true;
    if (at_ == line_.size()) fail(start, "key '" + printable(result.key) + "' has no value");
    if (opens(line_[at_])) {
      result.delimiter = line_[at_];
      result.value = delimited();
    } else {
      const std::size_t value = at_;
      while (at_ < line_.size() && !is_blank(line_[at_])) ++at_;
      result.value = line_.substr(value, at_ - value);
      const std::size_t quote = result.value.find('"');
      if (quote != std::string::npos) fail(value + quote, "a quote in the middle of a value");
    }
    return result;
  }

  /// The text inside quotes or brackets. In quotes a backslash makes the next character an ordinary one, and \n is a
  /// line end; brackets may be nested.
  std::string delimited() {
    const std::size_t start = at_;
    const char open = line_[at_], close = closing(open);
    const bool quotes = open == close;
    std::string text;
    int depth = 1;
    for (++at_; at_ < line_.size(); ++at_) {
      const char c = line_[at_];
      if (quotes && c == '\\' && at_ + 1 < line_.size()) {
        const char escaped = line_[++at_];
        text += escaped == 'n' ? '\n' : escaped;
        continue;
      }
      if (!quotes && c == open) ++depth;
      if (c == close && --depth == 0) break;
      text += c;
    }
    if (at_ == line_.size()) fail(start, std::string("no closing ") + close + " for this " + open);
    ++at_;
    if (at_ < line_.size() && !is_blank(line_[at_]) && line_[at_] != '=') {
      fail(at_, std::string("expected a blank after the closing ") + close);
    }
    return text;
  }

  std::string_view line_;
  std::size_t at_ = 0;
};

/// True when `convert` succeeds for every word.
template <class T, class Convert>
bool convert_all(const std::vector<std::string_view>& words, std::vector<T>& values, Convert convert) {
  values.clear();
  for (const std::string_view word : words) {
    T value{};
    if (!convert(word, value)) return false;
    values.push_back(value);
  }
  return true;
}

template <class T>
InfoValue single_or_array(std::vector<T> values) {
  if (values.size() == 1) return T{values[0]};
  return values;
}

bool finite_real(std::string_view word, double& value) {
  // Exponents with D are read where a number must stand (labels, Lattice, columns); here "1d3" may well be a name.
  if (word.find_first_of("dD") != std::string_view::npos) return false;
  return parse_real(word, value) && std::isfinite(value);
}

/// The elements of ["two words", "three"], empty when it is not such a list.
std::vector<std::string> quoted_strings(std::string_view text) {
  std::vector<std::string> strings;
  std::size_t at = 0;
  const auto skip = [&](std::string_view characters) {
    while (at < text.size() && characters.find(text[at]) != std::string_view::npos) ++at;
  };
  for (skip(" \t,"); at < text.size(); skip(" \t,")) {
    if (text[at] != '"') return {};
    std::string word;
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) {
        ++at;
        word += text[at] == 'n' ? '\n' : text[at];
      } else {
        word += text[at];
      }
    }
    if (at == text.size()) return {};
    ++at;
    strings.push_back(std::move(word));
  }
  return strings;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

/// Quotes where the text would not come back whole.
void append_string(std::string& out, std::string_view text) {
  const bool plain = !text.empty() && std::ranges::none_of(text, [](char c) {
    return is_blank(c) || c == '=' || c == '"' || c == '\'' || c == '{' || c == '}' || c == '[' || c == ']' ||
           c == '\\' || c == ',';
  });
  if (plain) {
    out += text;
  } else {
    append_quoted(out, text);
  }
}

void append_scalar(std::string& out, bool value) { out += value ? 'T' : 'F'; }
void append_scalar(std::string& out, std::int64_t value) { out += std::to_string(value); }
void append_scalar(std::string& out, double value) {
  if (!std::isfinite(value)) throw InputError("a number that is not finite cannot be written");
  const std::size_t start = out.size();
  append_real(out, value);
  // Without a point or exponent it would come back as an integer.
  if (out.find_first_of(".e", start) == std::string::npos) out += ".0";
}
void append_scalar(std::string& out, const std::string& value) { append_string(out, value); }

template <class T>
void append_array(std::string& out, const std::vector<T>& values) {
  out += '"';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ' ';
    append_scalar(out, T{values[i]});
  }
  out += '"';
}

void append_array(std::string& out, const std::vector<std::string>& values) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ", ";
    append_quoted(out, values[i]);
  }
  out += ']';
}

}  // namespace

std::vector<Pair> split_comment(std::string_view line) {
  const auto has = [&](std::string_view text) { return line.find(text) != std::string_view::npos; };
  const bool extended = has("Properties") || has("Lattice") || has("pbc=") || has("energy=");
  try {
    return Splitter(line).run();
  } catch (const InputError&) {
    if (extended) throw;
    return {Pair{.key = "comment", .value = std::string(line), .delimiter = '"', .has_value = true, .column = 1}};
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view separators = " \t\r\n\v\f,[]{}";
  std::vector<std::string_view> words;
  for (std::size_t at = text.find_first_not_of(separators); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(separators, end);
  }
  return words;
}

InfoValue info_value(const Pair& pair) {
  if (!pair.has_value) return true;
  const std::string& text = pair.value;
  if (pair.delimiter == '[') {
    std::vector<std::string> strings = quoted_strings(text);
    if (!strings.empty()) return strings;
  }
  const bool nested = text.find_first_of("[]{}") != std::string::npos;
  const std::vector<std::string_view> words = words_of(text);
  // Nested brackets around nine numbers are a 3 × 3 matrix; other shapes would be lost, so they stay text.
  if (words.empty() || (nested && words.size() != 9)) return text;
  std::vector<std::int64_t> integers;
  if (convert_all(words, integers, parse_integer)) return single_or_array(std::move(integers));
  std::vector<double> reals;
  if (convert_all(words, reals, finite_real)) return single_or_array(std::move(reals));
  const auto truth = [](std::string_view word, bool& value) {
    value = word == "T";
    return word == "T" || word == "F";
  };
  std::vector<bool> truths;
  if (convert_all(words, truths, truth)) return single_or_array(std::move(truths));
  return text;
}

std::string_view reserved_key(std::string_view key) {
  for (const std::string_view reserved : {"Lattice", "Properties", "pbc"}) {
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    if (std::ranges::equal(key, reserved, same)) return reserved;
  }
  return "";
}

void require_spelling(std::string_view key) {
  const std::string_view right = reserved_key(key);
  if (right.empty() || right == key) return;
  throw InputError("unknown key " + in_quotes(key) + "; did you mean '" + std::string(right) + "'?");
}

void append_pair(std::string& out, std::string_view key, const InfoValue& value) {
  if (key.empty()) throw InputError("a key of the comment line is empty");
  append_string(out, key);
  out += '=';
  std::visit(
      [&](const auto& held) {
        if constexpr (requires { append_scalar(out, held); }) {
          append_scalar(out, held);
        } else {
          append_array(out, held);
        }
      },
      value);
}

}  // namespace adatom::extxyz
