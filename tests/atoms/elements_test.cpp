#include "atoms/elements.hpp"

#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("elements: a few entries by heart", "[atoms][elements]") {
  CHECK(element(1).symbol == "H");
  CHECK(element(6).mass == 12.011);
  CHECK(element(29).name == "Copper");
  CHECK(element(29).mass == 63.546);
  CHECK(element(6).covalent_radius == 0.76);
  CHECK(element(79).covalent_radius == 1.36);
  CHECK(element(8).colour == std::array<std::uint8_t, 3>{255, 13, 13});
  CHECK(element(118).symbol == "Og");
}

TEST_CASE("elements: every symbol leads back to its number", "[atoms][elements]") {
  for (int number = 1; number <= element_count; ++number) {
    CHECK(atomic_number(element(number).symbol) == number);
    CHECK(element(number).mass > 0.9);
    CHECK(element(number).covalent_radius > 0.2);
    // Masses rise with the number, but for the few famous inversions (Ar-K, Co-Ni, Te-I, and some actinides on).
    if (number > 1 && number < 90) CHECK(element(number).mass > element(number - 1).mass - 1.5);
  }
}

TEST_CASE("elements: unknown symbols get a suggestion", "[atoms][elements][errors]") {
  CHECK_THROWS_WITH(atomic_number("Xx"), "unknown element 'Xx'; did you mean 'Xe'?");
  CHECK_THROWS_WITH(atomic_number("cu"), "unknown element 'cu'; did you mean 'Cu'?");
  CHECK_THROWS_WITH(atomic_number("CU"), "unknown element 'CU'; did you mean 'Cu'?");
  CHECK_THROWS_WITH(atomic_number("carbon"), "unknown element 'carbon'; did you mean 'C'?");
  CHECK_THROWS_WITH(atomic_number("Fe2"), "unknown element 'Fe2'; did you mean 'Fe'?");
  CHECK_THROWS_WITH(atomic_number("D"), "unknown element 'D'; did you mean 'H'?");
  CHECK_THROWS_WITH(atomic_number("Qq"), "unknown element 'Qq'");
  CHECK_THROWS_WITH(atomic_number(""), "unknown element ''");
  CHECK_THROWS_WITH(atomic_number("X"), "unknown element 'X'");
  CHECK_THROWS_WITH(atomic_number(std::string_view("\0\x1f\xff", 3)), ContainsSubstring("\\x00\\x1f"));
  CHECK_THROWS_AS(element(0), InputError);
  CHECK_THROWS_WITH(element(119), ContainsSubstring("119"));
  CHECK_THROWS_AS(element(-5), InputError);
}
