// The numbers that lesson 2 prints, beside where the right ones come from.
#include <cmath>

#include "tests/apps/lesson_output.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

std::string section(const std::filesystem::path& folder, const std::string& name) {
  return quick_section(folder, 2, name);
}

}  // namespace

TEST_CASE("lesson 2: derivatives are those by hand", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = section(folder.path(), "polynomials");
  // p(x) = 1 − 2x − 1.5x² + x³ + 0.5x⁴ − 0.2x⁵ and its derivatives at 1.5
  const std::vector<double> exact{-0.9875, 1.9375, 6, -3, -24, -24};
  for (std::size_t n = 0; n < exact.size(); ++n) {
    const std::string row = "\n      " + std::to_string(n) + " ";
    CHECK(number_after(text, row, 0) == exact[n]);
    CHECK(number_after(text, row, 1) == exact[n]);
    CHECK(number_after(text, row, 2) < 1e-13);
  }
  const std::string variables = section(folder.path(), "variables");
  CHECK_THAT(variables, ContainsSubstring("-36.000000    -32.000000"));  // gradient of Himmelblau's function at (1, 2)
  CHECK_THAT(variables, ContainsSubstring("-22.000000     12.000000"));  // its Hessian: 4u + 8x² + 2, 4x + 4y
  CHECK_THAT(variables, ContainsSubstring("12.000000     26.000000"));   // 4w + 8y² + 2
  CHECK_THAT(variables, ContainsSubstring("0.877583     -0.958851"));    // cos 0.5, −2 sin 0.5
  CHECK_THAT(variables, ContainsSubstring("0.479426      1.755165"));    // sin 0.5, 2 cos 0.5
  CHECK_THAT(variables, ContainsSubstring("3.0000000000  2.0000000000"));  // the minimum (3, 2)
  const std::string dual = section(folder.path(), "dual");
  for (const std::size_t column : {0U, 1U, 2U}) {                          // dual numbers, reverse mode, by hand
    CHECK(number_after(dual, "\n  value   ", column) == 0.5288248417163);  // e^(−0.49) sin 2.1
    CHECK(std::abs(number_after(dual, "first derivative ", column) + 1.66820092444) < 1e-11);
    CHECK(std::abs(number_after(dual, "second derivative ", column) + 2.1826073602114) < 1e-11);
  }
  CHECK(number_after(dual, "\n  256 ", 5) < 1e-13);  // forward and reverse gradients are equal
  const std::string graph = section(folder.path(), "graph");
  CHECK(number_after(graph, "df/dx = y + cos x ") == 2.87758256189);
  CHECK(number_after(graph, "d²f/dx² = −sin x ") == -0.479425538604);
  CHECK(number_after(graph, "d²f/dxdy = 1 ") == 1.0);
}

TEST_CASE("lesson 2: the field is Coulomb's, and falls off as it must", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string field = section(folder.path(), "field");
  for (const char* power : {"r^-2.00", "r^-3.00", "r^-4.00"}) CHECK_THAT(field, ContainsSubstring(power));
  CHECK(number_after(field, "one charge +1 e ", 0) == 0.8217);  // 14.39964 · 0.5/4.25^1.5 V/Å
  CHECK(number_after(field, "one charge +1 e ", 1) == 3.287);   // 14.39964 · 2/4.25^1.5
  CHECK(number_after(field, "one charge +1 e ", 3) < 1e-14);
}

TEST_CASE("lesson 2: descents reach the exact fit, or explode where they must", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string line = section(folder.path(), "line");
  for (const std::size_t column : {0U, 1U}) {  // slope and offset
    const double exact = number_after(line, "\n             exact ", column),
                 error = number_after(line, "± standard error ", column);
    CHECK(std::abs(number_after(line, " 0.400 ", 2 + column) - exact) < 1e-3);
    CHECK(std::abs(number_after(line, " 0.97", 3 + column) - exact) < 1e-3);
    CHECK(std::abs(exact - (column == 0 ? 2.0 : 1.0)) < 3.0 * error);  // the truth
    CHECK(error < (column == 0 ? 0.08 : 0.25));                        // noise 0.5: 0.054 and 0.155
  }
  CHECK(number_after(line, " 0.97", 2) < number_after(line, " 0.400 ", 1));  // the longest stable step arrives first
  CHECK(number_after(line, " 0.400 ", 1) < number_after(line, " 0.050 ", 1));
  CHECK_THAT(line, ContainsSubstring("explodes"));
  const std::string oscillator = section(folder.path(), "oscillator");
  const std::vector<double> truth{1.5, 0.1, 2.4, 0.4};
  CHECK(std::abs(number_after(one_line(oscillator), "the zeros of the record alone give ω = ") - 2.4) < 0.1);
  CHECK(std::abs(number_after(one_line(oscillator), "from which the descent ends at ") - 2.4) < 0.01);
  for (std::size_t k = 0; k < truth.size(); ++k) CHECK(number_after(oscillator, "± standard error ", k) < 0.05);
  CHECK_THAT(oscillator, ContainsSubstring("explodes"));
  CHECK_THAT(oscillator, ContainsSubstring("jumps about"));
}

TEST_CASE("lesson 2: structures have the measured and published numbers", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string water = section(folder.path(), "water");
  CHECK(number_after(water, "O–H (Å) ") == 0.9578);
  CHECK(number_after(water, "H–O–H (degrees) ") == 104.48);
  CHECK(number_after(water, "O···O ") == 2.976);
  CHECK(number_after(water, "\n  H···O ") == 2.018);  // 2.976 − 0.9578
  // TIP3P: W. L. Jorgensen et al. (1983), table III: −6.50 kcal/mol at 2.74 Å, all angles free.
  CHECK(std::abs(number_after(one_line(water), "Along the distance the lowest energy is ") + 0.28) < 0.03);
  CHECK(std::abs(number_after(one_line(water), "eV at ") - 2.74) < 0.03);
  const std::string silver = section(folder.path(), "silver");
  CHECK(number_after(silver, "builder, primitive ", 1) == 17.1045);  // 4.09³/4 Å³
  const std::vector<double> neighbours{12, 6, 24, 12};               // of fcc
  for (std::size_t shell = 1; shell <= 4; ++shell) {
    const std::string row = "\n      " + std::to_string(shell) + " ";
    CHECK(number_after(silver, row, 2) == neighbours[shell - 1]);
    CHECK(number_after(silver, row, 4) == neighbours[shell - 1]);
    CHECK(number_after(silver, row, 1) == number_after(silver, row, 0));
  }
  const std::string lattice = section(folder.path(), "lattice");
  for (const std::size_t column : {0U, 1U}) {  // the lesson's own fit and the library's
    CHECK(std::abs(number_after(lattice, "lattice constant (Å)", column) - 4.0636) < 2e-3);  // ASE's EMT: 4.06 Å
    CHECK(std::abs(number_after(lattice, "bulk modulus (GPa)", column) - 100.0) < 2.0);      // and 100 GPa
  }
  const std::string particle = section(folder.path(), "particle");
  const double icosahedron = number_after(particle, "icosahedron       55 ", 0),
               cuboctahedron = number_after(particle, "cuboctahedron     55 ", 0);
  CHECK(icosahedron < cuboctahedron);
  CHECK(std::abs(number_after(particle, "icosahedron       55 ", 1) / (icosahedron / std::cbrt(55.0 * 55.0)) - 1) <
        1e-4);
  CHECK_THAT(particle, ContainsSubstring("13 with 12, 30 with 8, 12 with 6"));
  const std::string oxygen = section(folder.path(), "oxygen");
  CHECK_THAT(oxygen, ContainsSubstring("Lowest: hollow"));
  CHECK(number_after(oxygen, "\n  ontop ", 2) == 1);
  CHECK(number_after(oxygen, "\n  bridge ", 2) == 2);
  CHECK(number_after(oxygen, "\n  hollow ", 2) == 4);
  CHECK(number_after(oxygen, "\n  ontop ", 0) == number_after(oxygen, "\n  ontop ", 1));  // straight above an atom
}
