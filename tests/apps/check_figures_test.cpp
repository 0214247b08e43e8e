// adatom check: ranges, duplicates and outliers of a file whose figures are known beforehand.
#include <nlohmann/json.hpp>

#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

/// Every run of spaces as one.
std::string squeezed(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ' || result.empty() || result.back() != ' ') result += c;
  }
  return result;
}

std::string number(double value) { return std::to_string(value); }

/// Three atoms of carbon in a row, d and 1.1 d apart; this energy per atom, and this force on the first of them.
std::string row_of_three(double d, double energy, double force) {
  const std::string rest = " 0 0 0 0.01 0\n";
  return "3\nProperties=species:S:1:pos:R:3:forces:R:3 energy=" + number(3.0 * energy) + " run=1\nC 0 0 0 " +
         number(force) + " 0 0\nC " + number(d) + rest + "C " + number(2.1 * d) + rest;
}

/// Nine ordinary frames, and four that are not.
std::string remarkable_data() {
  std::string text;
  for (int i = 0; i < 9; ++i)
    text += row_of_three(1.3 + 0.05 * i, -1.0 - 0.01 * i, (i % 2 == 0 ? 0.1 : -0.1) * (i + 1));
  text += row_of_three(1.8, -5.0, 0.3);
  text += row_of_three(1.9, -1.045, -150.0);
  text +=
      "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-4 run=2\n"
      "N 0 0 0 0.05 0 0\nN 0.5 0 0 0 0 0\n";
  // Frame 3 turned, its atoms in another order, one of them moved by a little less than it may.
  text +=
      "3\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-3.06 run=3\n"
      "C 5 2.945 1 0.3 0 0\nC 5 0 1 0 0 0\nC 5 1.4 1 0 0 0\n";
  return text;
}

}  // namespace

TEST_CASE("check tells ranges, duplicates and outliers", "[apps][check]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", remarkable_data());
  const Outcome outcome = run(folder.path(), "check data.xyz --metrics c.json");
  REQUIRE(outcome.code == 0);
  const std::string text = squeezed(outcome.output);
  const auto says = [&text](const std::string& part) { CHECK_THAT(text, ContainsSubstring(part)); };

  // Of thirteen frames the seventh is the middle one.
  says("Elements: C (36 atoms), N (2 atoms)\n");
  says("\n 2 1 █");
  says("\n 3 12 █");
  says("Energy per atom: -5.000 … -1.000 eV, median -1.045\n");
  says("\n -5.000 -4.600 1 █");  // ten parts of 0.4 eV: the outlier, N2, and all others
  says("\n -2.200 -1.800 1 █");
  says("\n -1.400 -1.000 11 █");
  says("Largest force component of a frame: 0.05 … 150.00 eV/Å, median 0.40\n");
  says("\n 0.05 15.04 12 █");
  says("Closest distance in a frame: 0.500 … 1.900 Å, median 1.500\n");
  says("\n 0.500 0.640 1 █");
  says("Runs: 3\n");
  says(
      "Duplicates: 1 frame nearly the same as an earlier one (pair distances within 0.01 Å)\n"
      " frame 13 of data.xyz and frame 3 of data.xyz\n");
  // Nitrogen's covalent radius is 0.71 Å. Of C3 the median of the energies is -1.04 eV, both quartiles 0.02 eV away:
  // 3.96 / 0.02 = 198.
  says(
      "Outliers: 3\n frame 12 of data.xyz: atoms are 0.500 Å apart\n"
      " frame 10 of data.xyz: energy -5.000 eV/atom, 198 quartile widths from the median of C3\n"
      " frame 11 of data.xyz: force component of 150.0 eV/Å\n");
  says("A few frames have very large forces; --largest-force leaves them out of training.");

  const auto json = nlohmann::json::parse(content(folder.path() / "c.json"));
  CHECK(json.at("frames") == 13);
  CHECK(json.at("runs") == 3);
  CHECK(json.at("elements") == nlohmann::json{{"C", 36}, {"N", 2}});
  CHECK(json.at("sizes") == nlohmann::json{{"2", 1}, {"3", 12}});
  CHECK(json.at("duplicates") == 1);
  CHECK(json.at("outliers") == 3);
  struct Range {
    const char* key;
    double smallest, median, largest;
  };
  for (const auto& [key, smallest, median, largest] : {Range{"energy_per_atom_eV", -5.0, -1.045, -1.0},
                                                       {"largest_force_eV_per_A", 0.05, 0.4, 150.0},
                                                       {"closest_distance_A", 0.5, 1.5, 1.9}}) {
    CAPTURE(key);
    CHECK(json.at(key).at("count") == 13);
    CHECK(json.at(key).at("smallest").get<double>() == Approx(smallest).epsilon(1e-12));
    CHECK(json.at(key).at("median").get<double>() == Approx(median).epsilon(1e-12));
    CHECK(json.at(key).at("largest").get<double>() == Approx(largest).epsilon(1e-12));
  }
}

TEST_CASE("check calls nothing an outlier or a duplicate that is neither", "[apps][check]") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 9; ++i) text += row_of_three(1.3 + 0.05 * i, -1.0 - 0.01 * i, 0.1);
  text += row_of_three(1.8, -1.0 + 0.1, 99.0);  // 7 times the distance of a quartile: 8 would be too far
  text += row_of_three(1.35 + 0.012, -1.0, 0.1);
  // The closest neighbour of a lone atom is its own periodic image.
  text += "1\nLattice=\"9 0 0 0 1.28 0 0 0 9\" Properties=species:S:1:pos:R:3:forces:R:3 energy=-1\nC 0 0 0 0 0 0\n";
  write(folder.path() / "data.xyz", text);
  const Outcome outcome = run(folder.path(), "check data.xyz");
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.output, ContainsSubstring("Closest distance in a frame: 1.280 … 1.800 Å"));
  CHECK_THAT(outcome.output, ContainsSubstring("\nDuplicates: none ") && ContainsSubstring("\nOutliers: none\n"));
}
