#include "apps/table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <sstream>

#include "core/number_text.hpp"

namespace adatom::apps {
namespace {

/// As printf would in the "C" locale, whatever the locale is.
std::string number(double value, std::chars_format format, int digits) {
  if (!std::isfinite(value)) return std::isnan(value) ? "-" : value > 0 ? "inf" : "-inf";
  char text[512];  // the largest double has 309 digits before the point
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, format, digits);
  return error == std::errc() ? std::string(text, end) : number_text(value);
}

std::string line_of(const std::string& header, std::size_t line) {
  const std::size_t split = header.find('\n');
  if (split == std::string::npos) return line == 1 ? header : "";
  return line == 0 ? header.substr(0, split) : header.substr(split + 1);
}

}  // namespace

std::string fixed(double value, int digits) {
  std::string text = number(value, std::chars_format::fixed, digits);
  // "-0.00" says nothing that "0.00" does not.
  if (std::isfinite(value) && text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos)
    text.erase(0, 1);
  return text;
}

std::string general(double value, int digits) { return number(value, std::chars_format::general, digits); }

std::string scientific(double value, int digits) { return number(value, std::chars_format::scientific, digits); }

std::string to_the_right(const std::string& text, std::size_t width) {
  const std::size_t used = display_width(text);
  return used < width ? std::string(width - used, ' ') + text : " " + text;
}

std::string count_text(std::size_t value) {
  std::string text = std::to_string(value);
  if (text.size() < 5) return text;
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, " ");
  return text;
}

std::string plural(std::size_t count, std::string_view noun) {
  return count_text(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string duration_text(double seconds) {
  if (seconds < 59.95) return fixed(seconds, 1) + " s";
  const auto whole = static_cast<long>(std::lround(seconds));
  char text[64];
  if (whole < 3600) {
    std::snprintf(text, sizeof text, "%ld min %02ld s", whole / 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld h %02ld min", whole / 3600, whole % 3600 / 60);
  }
  return text;
}

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::istringstream words{std::string(text)};
  std::string lines;
  std::size_t used = indent;
  for (std::string word; words >> word;) {
    if (used > indent && used + 1 + display_width(word) > width) {
      lines += "\n" + std::string(indent, ' ');
      used = indent;
    }
    if (used > indent) lines += " ", ++used;
    lines += word;
    used += display_width(word);
  }
  return lines;
}

Table::Table(std::vector<std::string> headers, std::vector<std::size_t> left)
    : headers_(std::move(headers)), left_(std::move(left)) {}

void Table::add(std::vector<std::string> cells) {
  cells.resize(headers_.size());
  rows_.push_back(std::move(cells));
}

void Table::rule() { rows_.emplace_back(); }

std::string Table::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < headers_.size(); ++c) {
    std::size_t width = std::max(display_width(line_of(headers_[c], 0)), display_width(line_of(headers_[c], 1)));
    for (const auto& row : rows_) {
      if (!row.empty()) width = std::max(width, display_width(row[c]));
    }
    widths.push_back(width);
  }
  const auto write_line = [&](std::string& out, const auto& cell) {
    std::string line(indent, ' ');
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const std::string text = cell(c);
      const std::string padding(widths[c] - display_width(text), ' ');
      const bool to_left = std::find(left_.begin(), left_.end(), c) != left_.end();
      line += (c > 0 ? "  " : "") + (to_left ? text + padding : padding + text);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };

  std::string out;
  const bool tall = std::any_of(headers_.begin(), headers_.end(),
                                [](const std::string& h) { return h.find('\n') != std::string::npos; });
  if (tall) write_line(out, [&](std::size_t c) { return line_of(headers_[c], 0); });
  write_line(out, [&](std::size_t c) { return line_of(headers_[c], 1); });
  std::size_t total = 2 * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  std::string rule(indent, ' ');
  for (std::size_t i = 0; i < total; ++i) rule += "─";
  out += rule + "\n";
  for (const auto& row : rows_) {
    if (row.empty()) {
      out += rule + "\n";
    } else {
      write_line(out, [&](std::size_t c) { return row[c]; });
    }
  }
  return out;
}

}  // namespace adatom::apps
