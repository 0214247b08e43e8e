// The numbers that lesson 2 prints, beside where the right ones come from.
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

std::string section(const std::filesystem::path& folder, const std::string& name) {
  const Outcome outcome = shell(folder, "'" ADATOM_LESSONS "/lesson2' --quick --section " + name);
  CHECK(outcome.code == 0);
  return outcome.output;
}

/// The numbers of the line that contains `label`, after it.
std::vector<double> numbers_after(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  if (at == std::string::npos) return {};
  std::istringstream rest(text.substr(at + label.size(), text.find('\n', at) - at - label.size()));
  std::vector<double> numbers;
  for (double number = 0.0; rest >> number;) numbers.push_back(number);
  return numbers;
}

}  // namespace

TEST_CASE("lesson 2: derivatives are those by hand", "[apps][lessons]") {
  const TemporaryFolder folder;
  CHECK_THAT(section(folder.path(), "polynomials"), ContainsSubstring("1      1.9375   1.9375"));  // p'(1.5)
  const std::string variables = section(folder.path(), "variables");
  CHECK_THAT(variables, ContainsSubstring("-36.000000    -32.000000"));  // gradient of Himmelblau's function at (1, 2)
  CHECK_THAT(variables, ContainsSubstring("3.0000000000  2.0000000000"));  // the minimum (3, 2)
  const std::vector<double> first = numbers_after(section(folder.path(), "dual"), "first derivative");
  REQUIRE(first.size() == 3);  // dual numbers, reverse mode, by hand
  CHECK(std::abs(first[0] - first[2]) < 1e-12);
  CHECK(std::abs(first[1] - first[2]) < 1e-12);
}

TEST_CASE("lesson 2: the field is Coulomb's, and falls off as it must", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string field = section(folder.path(), "field");
  for (const char* power : {"r^-2.00", "r^-3.00", "r^-4.00"}) CHECK_THAT(field, ContainsSubstring(power));
}

TEST_CASE("lesson 2: descents reach the exact fit, or explode where they must", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string line = section(folder.path(), "line");
  const std::vector<double> exact = numbers_after(line, "normal equations"), found = numbers_after(line, " 0.40  ");
  REQUIRE(exact.size() >= 2);
  REQUIRE(found.size() >= 3);  // steps, slope, offset
  CHECK(std::abs(found[1] - exact[0]) < 1e-3);
  CHECK(std::abs(found[2] - exact[1]) < 1e-3);
  CHECK_THAT(line, ContainsSubstring("explodes"));
}

TEST_CASE("lesson 2: structures have the measured and published numbers", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string water = section(folder.path(), "water");
  CHECK(numbers_after(water, "H–O–H (degrees)").at(0) == 104.48);
  CHECK(numbers_after(water, "O···O").at(0) == 2.976);
  const std::string lattice = section(folder.path(), "lattice");
  const double a = numbers_after(lattice, "lattice constant (Å)").at(0),
               b = numbers_after(lattice, "bulk modulus (GPa)").at(0);
  CHECK(std::abs(a - 4.0636) < 2e-3);  // ASE's EMT: 4.06 Å, 100 GPa
  CHECK(std::abs(b - 100.0) < 2.0);
  CHECK_THAT(section(folder.path(), "oxygen"), ContainsSubstring("Lowest: hollow"));
}
