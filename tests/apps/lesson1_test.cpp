// The numbers that lesson 1 prints, beside where the right ones come from.
#include <cmath>
#include <fstream>

#include "tests/apps/lesson_output.hpp"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("lesson 1: five ways to the same sum", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "sums");
  for (const std::string way : {"a loop ", "a loop with eight sums ", "a tensor for each number ",
                                "sum(square(x)) of one tensor ", "the product of row and column "}) {
    CHECK(std::abs(number_after(text, way) - 1.644834061848) < 1e-12);  // Σ 1/k² to 9999, added up in Python
    CHECK(number_after(text, way, 1) < 1e-12);
  }
  CHECK_THAT(text, ContainsSubstring("2 x₂ = 1, for all 9999 numbers"));
}

TEST_CASE("lesson 1: the tensor is said to be ahead where its figure shows it", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = one_line(quick_section(folder.path(), 1, "sums"));
  std::vector<std::vector<double>> columns(1), lengths(1);  // of each curve of the figure
  std::ifstream data(folder.path() / "out/lesson1/sums.dat");
  for (std::string line; std::getline(data, line);) {
    double length = 0.0, seconds = 0.0;
    if (std::istringstream(line) >> length >> seconds) {
      lengths.back().push_back(length), columns.back().push_back(seconds);
    } else if (!columns.back().empty()) {
      lengths.emplace_back(), columns.emplace_back();
    }
  }
  REQUIRE(columns.size() >= 3);
  const auto ahead = [&](std::size_t k) { return columns[1][k] < columns[0][k]; };
  const std::string label = "The tensor is ahead from some ";
  const std::size_t at = text.find(label), count = lengths[0].size();
  REQUIRE(count == 5);
  if (at == std::string::npos) {
    CHECK_THAT(text, ContainsSubstring("For short sums the loop stays ahead."));
    for (std::size_t k = 0; k < count; ++k) CHECK(!ahead(k));
    return;
  }
  std::string said = text.substr(at + label.size());
  said = said.substr(0, said.find('.'));
  CAPTURE(said);
  const auto whole = [](std::string digits) {  // written in groups of three
    std::erase(digits, ' ');
    return std::stod(digits);
  };
  const double from = whole(said.substr(0, said.find(" numbers"))),
               to = said.ends_with(" on") ? lengths[0].back() : whole(said.substr(said.find(" to ") + 4));
  for (std::size_t k = 0; k < count; ++k) {
    CAPTURE(lengths[0][k]);
    if (lengths[0][k] < 0.99 * from || (k > 0 && lengths[0][k - 1] < 1.01 * to && lengths[0][k] > 1.01 * to))
      CHECK(!ahead(k));
    if (lengths[0][k] > 0.99 * from && lengths[0][k] < 1.01 * to) CHECK(ahead(k));
  }
}

TEST_CASE("lesson 1: every loop computes the polynomial, operations and bytes are counted right", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "speed");
  CHECK(number_after(text, "one number after the other ") == 9.989388834);  // (1 − 0.9⁶⁵)/0.1
  CHECK(number_after(text, "eight vectors, 2 numbers an instruction ") == 9.989388834);
  for (const std::string lanes : {"4", "8"}) {
    const std::string label = "eight vectors, " + lanes + " numbers an instruction, product and sum in one ";
    if (text.find(label) != std::string::npos) CHECK(number_after(text, label) == 9.989388834);
  }
  struct Row {
    std::string label;
    double megaflops, megabytes, flops_per_byte;
  };
  constexpr double large = 0.065536, small = 0.001024;  // millions of numbers in a quick run
  for (const Row& row : {Row{"sum, large array ", large, 8 * large, 0.12},
                         Row{"polynomial of degree 1, large array ", 2 * large, 16 * large, 0.12},
                         Row{"the same in tensors, large array ", 31 * large, 616 * large, 0.05},
                         Row{"the same one by one, large array ", 32 * large, 16 * large, 2},
                         Row{"polynomial of degree 16, small array ", 32 * small, 16 * small, 2},
                         Row{"product of matrices 128² ", 2 * 2.097152, 24 * 0.016384, 11}}) {
    CHECK(std::abs(number_after(text, row.label, 0) / row.megaflops - 1.0) < 1e-3);
    CHECK(std::abs(number_after(text, row.label, 1) / row.megabytes - 1.0) < 1e-3);
    CHECK(number_after(text, row.label, 2) == row.flops_per_byte);
    CHECK(number_after(text, row.label, 6) <= 100.0);  // per cent of the roof
  }
}

TEST_CASE("lesson 1: the first class says of water what the library says", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "classes");
  for (const std::size_t column : {0U, 1U}) {
    CHECK(number_after(text, "O–H distance, Å ", column) == 0.9578);
    CHECK(number_after(text, "H–O–H angle, ° ", column) == 104.48);
  }
  const std::string centre = "(0.0000, 0.0656, 0.0000)";  // 2 · 1.008 · 0.9578 Å · cos 52.24° / 18.015
  CHECK_THAT(text, ContainsSubstring("centre of mass, Å  " + centre + "  " + centre));
  CHECK_THAT(text, ContainsSubstring("H2O"));
  CHECK_THAT(one_line(text), ContainsSubstring("there is no atom 3: the structure has 3"));
}

TEST_CASE("lesson 1: tin turns grey below 13 degrees, and each method converges as it should", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "roots");
  CHECK(number_after(text, "a + b T + c T log T, from SGTE at 298.15 K ") == 286.2);
  CHECK(number_after(text, "all terms of SGTE ") == 286.2);  // by bisection in Python: 286.2021; measured: 286.35 K
  CHECK_THAT(text, ContainsSubstring("296.9 ± 3.4"));        // 2090/7.04, and that times 0.08/7.04
  const std::string line = one_line(text);
  CHECK(std::abs(number_after(line, "Bisection multiplies its error by ") - 0.5) < 0.05);
  CHECK(std::abs(number_after(line, "the secant to the power ") - 1.6) < 0.21);
  CHECK(std::abs(number_after(line, "(1.6 in theory), Newton ") - 2.0) < 0.11);
}

TEST_CASE("lesson 1: integration has the orders of its rules", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "integration"),
                    smooth = text.substr(0, text.find("careless"));
  CHECK_THAT(one_line(smooth),
             ContainsSubstring("the answer is known: -10.1723 meV"));  // 4ε[(σ/8.5 Å)⁶ − (σ/8.5 Å)¹²] − ε
  CHECK(number_after(smooth, "\n        512 ", 2) == 2.0);
  CHECK(std::abs(number_after(smooth, "\n        512 ", 4) - 4.0) < 0.011);
  CHECK(number_after(one_line(text), "with the jump ") < 1.5);
}

TEST_CASE("lesson 1: interpolation errs as it must", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "interpolation");
  // Straight lines: (0.99984 + 0.99820)/2 − 0.99970 and so on; the polynomial of degree 5: by Lagrange's formula in
  // Python.
  CHECK(number_after(text, "\n           10 ", 1) == -68.0);
  CHECK(number_after(text, "\n           10 ", 2) == -1.8);
  CHECK(number_after(text, "\n           50 ", 1) == -33.0);
  CHECK(number_after(text, "\n           50 ", 2) == -0.3);
  CHECK(number_after(text, "\n           90 ", 2) == 0.6);
  CHECK(std::abs(number_after(text, "\n           50 ", 3)) < 5.0);
  // Largest errors on 2001 points, by Lagrange's formula in Python.
  CHECK(number_after(text, "\n      13 ", 0) == 3.66);
  CHECK(number_after(text, "\n      13 ", 1) == 0.0692);
  CHECK(number_after(text, "\n      21 ", 0) == 59.8);
  CHECK(number_after(text, "\n      41 ", 2) < 5e-4);
}

TEST_CASE("lesson 1: error bars hold what they promise", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "random");
  for (const std::string count : {"\n      100 ", "\n     1000 ", "\n   10 000 ", "\n  100 000 "}) {
    for (const std::size_t column : {0U, 3U}) {
      const double mean = number_after(text, count, column), error = number_after(text, count, column + 1);
      CHECK(std::abs(mean - 3.14159265) < 4.0 * error);
      const double samples = std::stod(one_line(count) == "10 000"    ? "10000"
                                       : one_line(count) == "100 000" ? "100000"
                                                                      : count);
      const double deviation = column == 0 ? 1.642 : 0.893;  // √(π(4 − π)), √(32/3 − π²)
      CHECK(std::abs(error * std::sqrt(samples) / deviation - 1.0) < 0.3);
    }
  }
  const std::string line = one_line(text);
  // 200 experiments: ± 3.3 % and ± 1.5 % are one standard error.
  CHECK(std::abs(number_after(line, "with 1000 darts each, ") - 68.3) < 12.0);
  CHECK(std::abs(number_after(line, "(a normal distribution: 68.3 %) and ") - 95.4) < 6.0);
  CHECK(number_after(line, "the truth is ") == 0.11);  // √(1.98/0.02/8192), printed with three digits
  CHECK(std::abs(number_after(line, "/√N says ") / 0.01105 - 1.0) < 0.15);  // √(1/8192)
}

TEST_CASE("lesson 1: traps of floating-point numbers are what they are", "[apps][lessons]") {
  const TemporaryFolder folder;
  const std::string text = quick_section(folder.path(), 1, "floating");
  CHECK_THAT(one_line(text), ContainsSubstring("2⁻⁵² = 2.22e-16"));
  CHECK(number_after(text, "0.1 + 0.2 − 0.3 ") == 5.55e-17);
  CHECK(number_after(text, "(1e20 + 1) − 1e20 + 1 ") == 1.0);
  CHECK(number_after(text, "smaller root of x² − 1e8 x + 1 ") == 7.45e-09);
  CHECK(number_after(text, "the same as 2/(b + √(b² − 4)) ") == 1e-08);
  CHECK(number_after(text, "\n     1000 ", 0) > 1e-14);  // the loop
  CHECK(number_after(text, "\n     1000 ", 1) < 1e-15);  // the tensor
  CHECK(number_after(text, "\n     1000 ", 2) == 0.0);   // Kahan
  CHECK(number_after(text, "(f(x+h) − f(x))/h ", 1) < 1e-8);
  CHECK(number_after(text, "(f(x+h) − f(x−h))/2h ", 1) < 1e-11);
  CHECK(number_after(text, "(f(x+h) − f(x−h))/2h ", 1) > 1e-14);
  CHECK(number_after(one_line(text), "automatic differentiation none ") < 1e-15);
}
