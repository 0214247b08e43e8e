#include "atoms/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace adatom {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Powers of ten that a double holds exactly.
constexpr std::array<double, 23> exact_powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// The number between `first` and `last` by the standard library. `magnitude` is about its decimal exponent.
double convert_slowly(const char* first, const char* last, std::int64_t magnitude) {
  std::string text(first, last);
  for (char& c : text) {
    if (c == 'd' || c == 'D') c = 'e';
  }
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return magnitude > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  return value;
}

}  // namespace

const char* scan_real(const char* first, const char* last, double& value) {
  const char* p = first;
  const bool negative = p != last && *p == '-';
  if (p != last && (*p == '-' || *p == '+')) ++p;
  const char* const digits = p;

  // Digits before and after the point, together as one integer.
  std::uint64_t mantissa = 0;
  while (p != last && is_digit(*p)) mantissa = 10 * mantissa + static_cast<std::uint64_t>(*p++ - '0');
  std::int64_t count = p - digits, exponent = 0;
  const std::int64_t whole = count;
  if (p != last && *p == '.') {
    const char* const fraction = ++p;
    while (p != last && is_digit(*p)) mantissa = 10 * mantissa + static_cast<std::uint64_t>(*p++ - '0');
    exponent = -(p - fraction);
    count -= exponent;
  }
  if (count == 0) return nullptr;

  // The exponent; absurd ones are cut off where they are beyond any double anyway.
  std::int64_t written = 0;
  if (p != last && (*p == 'e' || *p == 'E' || *p == 'd' || *p == 'D')) {
    ++p;
    const bool minus = p != last && *p == '-';
    if (p != last && (*p == '-' || *p == '+')) ++p;
    if (p == last || !is_digit(*p)) return nullptr;
    constexpr std::int64_t beyond = 1000000000;
    while (p != last && is_digit(*p)) written = std::min<std::int64_t>(beyond, 10 * written + (*p++ - '0'));
    if (minus) written = -written;
    exponent += written;
  }

  // Up to 19 digits did not overflow the integer. If it and the power of ten are exact doubles, one operation rounds
  // correctly (Clinger, How to read floating point numbers accurately, PLDI 1990).
  double result = 0.0;
  if (count <= 19 && mantissa <= (std::uint64_t{1} << 53) && exponent >= -22 && exponent <= 22) {
    result = static_cast<double>(mantissa);
    result = exponent < 0 ? result / exact_powers[static_cast<std::size_t>(-exponent)]
                          : result * exact_powers[static_cast<std::size_t>(exponent)];
  } else {
    // The standard's reader leaves a value it cannot represent to us: the sign of the exponent of the first digit
    // other than zero tells overflow from underflow.
    const char* leading = digits;
    while (leading != p && (*leading == '0' || *leading == '.')) ++leading;
    const std::int64_t position = leading - digits;
    result = convert_slowly(digits, p, written + (position <= whole ? whole - position : whole - position + 1));
  }
  value = negative ? -result : result;
  return p;
}

bool parse_real(std::string_view text, double& value) {
  const char* const last = text.data() + text.size();
  return !text.empty() && scan_real(text.data(), last, value) == last;
}

bool parse_integer(std::string_view text, std::int64_t& value) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return false;
  }
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  return error == std::errc{} && end == last && !text.empty();
}

void append_real(std::string& out, double value) {
  char buffer[32];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

}  // namespace adatom
