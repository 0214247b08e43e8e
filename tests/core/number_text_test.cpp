#include "core/number_text.hpp"

#include <limits>
#include <sstream>

#include "core/random.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/foreign_punctuation.hpp"

using namespace adatom;

TEST_CASE("numbers as text: shortest, in significant digits, in decimals", "[core][text]") {
  constexpr double largest = std::numeric_limits<double>::max(), infinity = std::numeric_limits<double>::infinity();
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(-largest) == "-1.7976931348623157e+308");
  CHECK(short_number_text(1234.5) == "1.23e+03");
  CHECK(short_number_text(1234.5, 6) == "1234.5");
  CHECK(short_number_text(2.0 / 3.0, 6) == "0.666667");
  CHECK(short_number_text(-largest, 20) == "-1.7976931348623157081e+308");
  CHECK(fixed_number_text(0.0004, 3) == "0.000");
  CHECK(fixed_number_text(1234.5678, 3) == "1234.568");
  CHECK(fixed_number_text(-largest, 20).size() == 1 + 309 + 1 + 20);
  CHECK(fixed_number_text(-infinity, 3) == "-inf");
}

TEST_CASE("a program's own locale does not change numbers in messages", "[core][text]") {
  const ForeignPunctuation punctuation;
  std::ostringstream stream;
  stream << 1234.5;
  REQUIRE(stream.str() == "1.234,5");
  CHECK(number_text(1234.5) == "1234.5");
  CHECK(short_number_text(1234.5, 6) == "1234.5");
  CHECK(fixed_number_text(1234.5, 3) == "1234.500");
}

TEST_CASE("random numbers resume in a program with another locale", "[core][text][random]") {
  Random random(7);
  const std::string plain = random.state();
  const double next = Random(random).uniform();
  for (const char between_thousands : {'.', ' '}) {  // the state has blanks between its numbers
    INFO("'" << between_thousands << "'");
    std::string foreign;
    {
      const ForeignPunctuation punctuation(between_thousands);
      foreign = random.state();
      Random other(8);
      other.set_state(plain);
      CHECK(other.uniform() == next);
    }
    CHECK(foreign == plain);
    Random other(9);
    other.set_state(foreign);
    CHECK(other.uniform() == next);
  }
}
