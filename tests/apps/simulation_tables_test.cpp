// What eos, neb, relax, md, vibrations and search print of their results, against the library's.
#include <cmath>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "dynamics/vibrations.hpp"
#include "optim/equation_of_state.hpp"
#include "optim/neb.hpp"
#include "potentials/emt.hpp"
#include "tests/apps/run.hpp"
#include "tests/apps/table_words.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr double gigapascal = 160.21766208;  // of 1 eV/Å³ by CODATA 2014, as ASE has it

void write_structure(const std::filesystem::path& path, const Atoms& atoms) {
  write_extxyz(path, std::vector<Frame>{{.atoms = atoms, .info = {}, .columns = {}}});
}

Outcome succeeded(const std::filesystem::path& folder, const std::string& arguments) {
  Outcome outcome = run(folder, arguments);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  return outcome;
}

}  // namespace

TEST_CASE("eos tells volumes, energies, what the fit misses and pressures", "[apps][eos]") {
  const TemporaryFolder folder;
  write_structure(folder.path() / "gold.xyz", fcc(79, 4.05));
  const Outcome outcome = succeeded(folder.path(), "eos gold.xyz -p emt --points 5 --strain 0.1");
  const EquationOfState eos = equation_of_state(fcc(79, 4.05), Emt(), {.strain = 0.1, .points = 5});
  for (std::size_t i = 0; i < 5; ++i) {
    const double v = eos.volumes[i], missed = eos.energies[i] - eos.fit.energy_at(v);
    CHECK(row_of(outcome.output, "factor", rounded(eos.factors[i], 4), 5) ==
          std::vector{rounded(eos.factors[i], 4), rounded(v, 4), rounded(eos.energies[i], 6),
                      rounded(1000.0 * missed, 4), rounded(gigapascal * eos.fit.pressure_at(v), 3)});
  }
}

TEST_CASE("neb tells path, energies and both barriers", "[apps][neb]") {
  const TemporaryFolder folder;
  const nlohmann::json hop = simulation_reference()["neb"][0];
  const Atoms first = structure(hop["initial"]);
  Atoms last = structure(hop["final"]);
  last.positions[12][2] += 0.1;  // one barrier is higher than the other
  write_structure(folder.path() / "first.xyz", first);
  write_structure(folder.path() / "last.xyz", last);
  const Outcome outcome =
      succeeded(folder.path(), "neb first.xyz last.xyz -p emt --images 3 --fix 0-7 --output path.xyz --figures f");
  const NebResult path = nudged_elastic_band(first, last, Emt(), {.images = 3, .fixed = {0, 1, 2, 3, 4, 5, 6, 7}});
  CHECK(path.barrier > path.reverse_barrier + 0.001);
  CHECK_THAT(outcome.output, ContainsSubstring("Barrier " + rounded(path.barrier, 5) + " eV, backwards " +
                                               rounded(path.reverse_barrier, 5) + " eV; "));
  const std::vector<Frame> images = read_extxyz(folder.path() / "path.xyz");
  REQUIRE(images.size() == 5);
  const std::string drawn = content(folder.path() / "f/neb.dat");
  for (std::size_t m = 0; m < 5; ++m) {
    CAPTURE(m);
    const double above = path.energies[m] - path.energies[0];
    std::vector<std::string> expected{std::to_string(m), rounded(path.way[m], 4), rounded(above, 5)};
    if (m > 0 && m < 4) expected.push_back(rounded(path.slopes[m], 4));
    if (m == path.highest) expected.push_back("highest");
    CHECK(row_of(outcome.output, "slope", std::to_string(m), expected.size()) == expected);
    CHECK(std::get<double>(*find_info(images[m], "path_length")) == path.way[m]);
    CHECK(*labels(images[m]).energy == path.energies[m]);
    // The images are the last five points of the figure.
    std::istringstream lines(drawn.substr(drawn.rfind("#")));
    std::string line;
    for (std::size_t i = 0; i < m + 2; ++i) std::getline(lines, line);
    const std::vector<std::string> point = words_of(line);
    REQUIRE(point.size() == 2);
    CHECK(std::stod(point[0]) == Approx(path.way[m]).epsilon(1e-5));
    CHECK(std::stod(point[1]) == Approx(above).epsilon(1e-5).margin(1e-7));
  }
}

TEST_CASE("relax tells the energies before and after, and in how many pieces a cluster is", "[apps][relax]") {
  const TemporaryFolder folder;
  write(folder.path() / "two.xyz", "4\n\nC 0 0 0\nO 0 0 1.3\nC 0 0 30\nO 0 0 31.2\n");
  const double before = Emt().compute(read_extxyz(folder.path() / "two.xyz").front().atoms).energy;
  const Outcome outcome = succeeded(folder.path(), "relax two.xyz -p emt -o r.xyz");
  const double after = *labels(read_extxyz(folder.path() / "r.xyz").front()).energy;
  CHECK(after < before - 0.1);
  const std::vector<std::string> row = row_of(outcome.output, "energy before", "1", 11);
  CHECK(row[1] == "C2O2");
  CHECK(row[3] == rounded(before, 5));
  CHECK(row[4] == rounded(after, 5));
  CHECK_THAT(outcome.output, ContainsSubstring("converged, fell into 2 pieces"));
}

TEST_CASE("md tells means over the run, and the pressure in GPa", "[apps][md]") {
  const TemporaryFolder folder;
  write_structure(folder.path() / "cu.xyz", fcc(29, 3.55));
  const Outcome outcome =
      succeeded(folder.path(), "md cu.xyz -p emt --steps 4 --log log --log-every 1 -o end.xyz --temperature 600");
  std::istringstream lines(content(folder.path() / "log"));
  std::string line;
  std::getline(lines, line);
  CHECK(words_of(line).back() == "pressure_GPa");
  double temperature = 0.0, energy = 0.0, mean_pressure = 0.0;
  for (int step = 0; step <= 4; ++step) {
    REQUIRE(std::getline(lines, line));
    const std::vector<std::string> words = words_of(line);
    energy += std::stod(words[2]) / 5.0;
    temperature += std::stod(words[5]) / 5.0;
    mean_pressure += std::stod(words[8]) / 5.0;
    if (step > 0) continue;
    // −tr σ/3 + 2K/3V of the start
    const Atoms start = fcc(29, 3.55);
    const std::array<double, 6> stress = *Emt().compute(start, {.stress = true}).stress;
    const double pressure =
        -(stress[0] + stress[1] + stress[2]) / 3.0 + 2.0 * std::stod(words[3]) / (3.0 * std::pow(3.55, 3));
    CHECK(std::stod(words[8]) == Approx(gigapascal * pressure).epsilon(1e-10));
  }
  CHECK_THAT(outcome.output, ContainsSubstring("Mean temperature " + rounded(temperature, 1) + " K") &&
                                 ContainsSubstring("mean potential energy " + rounded(energy, 4) + " eV") &&
                                 ContainsSubstring("Mean pressure " + rounded(mean_pressure, 3) + " GPa"));
}

TEST_CASE("vibrations and search tell energies in meV", "[apps][vibrations][search]") {
  const TemporaryFolder folder;
  write(folder.path() / "co.xyz", "2\n\nC 0 0 0\nO 0 0 1.1\n");
  const double wavenumber = vibrations(read_extxyz(folder.path() / "co.xyz").front().atoms, Emt()).wavenumbers.back();
  const Outcome vibrating = succeeded(folder.path(), "vibrations co.xyz -p emt");
  CHECK(row_of(vibrating.output, "wavenumber", "6", 3) ==
        std::vector<std::string>{"6", rounded(wavenumber, 1), rounded(0.123984198 * wavenumber, 2)});  // hc, CODATA

  // The four minima of LJ7: -16.505384, -15.935043, -15.593211 and -15.533060 (Tsai and Jordan, 1993).
  const Outcome search = succeeded(folder.path(), "search -p lj --formula Ar7 --hops 50");
  const std::vector<std::string> second = row_of(search.output, "first met", "2", 7);
  CHECK(second[1] == "-15.93504");
  CHECK(second[2] == rounded(16.505384 - 15.935043, 4));
  CHECK(second[3] == rounded(1000.0 * (16.505384 - 15.935043) / 7.0, 1));
}
