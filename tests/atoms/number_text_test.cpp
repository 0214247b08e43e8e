#include "atoms/number_text.hpp"

#include "core/number_text.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

/// The standard library's answer, which is exact.
double exact(const std::string& text) {
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

}  // namespace

TEST_CASE("numbers: read to the last bit", "[atoms][numbers]") {
  Random random(5);
  const auto digits = [&](std::size_t most) {
    std::string text;
    const std::size_t count = random.below(most + 1);
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + random.below(10));
    return text;
  };
  int checked = 0;
  for (int trial = 0; trial < 200000; ++trial) {
    const std::size_t most = trial % 3 == 0 ? 24 : 9;
    std::string text = random.below(2) == 0 ? "-" : "";
    const std::string whole = digits(most), fraction = digits(most);
    if (whole.empty() && fraction.empty()) continue;
    text += whole;
    if (!fraction.empty() || random.below(4) == 0) text += "." + fraction;
    if (random.below(2) == 0) {
      text += random.below(2) == 0 ? "e" : "e-";
      text += std::to_string(random.below(trial % 5 == 0 ? 280 : 25));
    }
    double value = 0.0;
    if (!parse_real(text, value)) FAIL("cannot read " << text);
    if (!same_bits(value, exact(text))) FAIL("wrong value for " << text);
    ++checked;
  }
  CHECK(checked > 150000);
}

TEST_CASE("numbers: shortest text and back", "[atoms][numbers]") {
  Random random(6);
  for (int trial = 0; trial < 100000; ++trial) {
    const double value = trial % 2 == 0 ? random.normal() * std::pow(10.0, random.uniform(-300.0, 300.0))
                                        : std::round(random.uniform(-1e6, 1e6)) * 1e-4;
    double again = 0.0;
    if (!parse_real(number_text(value), again) || !same_bits(value, again)) FAIL("lost " << value);
  }
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(-0.0) == "-0");
  CHECK(number_text(1e22) == "1e+22");
}

TEST_CASE("numbers: the edges of the range", "[atoms][numbers]") {
  const auto read = [](const std::string& text) {
    double value = std::numeric_limits<double>::quiet_NaN();
    CHECK(parse_real(text, value));
    return value;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(read("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(read("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(read("2.2250738585072014e-308") == std::numeric_limits<double>::min());
  CHECK(read("1e309") == infinity);
  CHECK(read("-1e309") == -infinity);
  CHECK(read("1e999999999999999999999") == infinity);
  CHECK(read("1e-400") == 0.0);
  CHECK(read("1e-999999999999999999999") == 0.0);
  CHECK(read("0e999") == 0.0);
  CHECK(read("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(read("0." + std::string(400, '0') + "1e401") == 1.0);
  CHECK(read(std::string(400, '9')) == infinity);
  CHECK(read("1" + std::string(400, '0') + "e-400") == 1.0);
  CHECK(same_bits(read("-0"), -0.0));
  CHECK(same_bits(read("-1e-400"), -0.0));
  // Halfway cases, where a second rounding would show: 2^53 + 1 is between two doubles.
  CHECK(read("9007199254740993") == 9007199254740992.0);
  CHECK(read("9007199254740993.00000000000000000001") == 9007199254740994.0);
  // Twenty digits overflow 64 bits; this one would come back as 1.
  CHECK(read("18446744073709551617") == 18446744073709551616.0);
  CHECK(read("1844674407370955161.7") == 1844674407370955264.0);
  CHECK(read("1.0D+00") == 1.0);
  CHECK(read("-2.5d-3") == -0.0025);
  CHECK(read("123456789012345678901234567890d-29") == 1.2345678901234568);
  CHECK(read("+.5") == 0.5);
  CHECK(read("5.") == 5.0);
}

TEST_CASE("numbers: what is none", "[atoms][numbers]") {
  double value = 0.0;
  for (const char* text : {"",    "-",    "+",    ".",  "-.", "e5",    "1e",  "1e+", "1.l",   "1,5",   "nan",
                           "inf", "-inf", "0x10", "1 ", " 1", "1.2.3", "--1", "+-1", "1e5.0", "1_000", "T"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_real(text, value));
  }
  std::int64_t integer = 0;
  CHECK(parse_integer("-9223372036854775808", integer));
  CHECK(integer == std::numeric_limits<std::int64_t>::min());
  CHECK(parse_integer("+7", integer));
  for (const char* text : {"", "+", "-", "+-1", "9223372036854775808", "1.0", "1e3", "1 ", "a"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_integer(text, integer));
  }
}
