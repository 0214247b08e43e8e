// adatom md and adatom vibrations: every option reaches what it is named after; the library, told the same, agrees.
#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

#include "atoms/extxyz.hpp"
#include "dynamics/molecular_dynamics.hpp"
#include "dynamics/vibrations.hpp"
#include "potentials/emt.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

void build_crystal(const std::filesystem::path& folder) {
  REQUIRE(run(folder, "build bulk Cu --setting cubic --repeat 2,1,1 -o cu.xyz --quiet").code == 0);
}

/// The last structure of 'adatom md'.
Atoms end_of(const std::filesystem::path& folder, const std::string& arguments) {
  const Outcome outcome = run(folder, "md " + arguments + " -p emt --steps 20 --seed 7 -o end.xyz --quiet");
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  return read_extxyz(folder / "end.xyz").front().atoms;
}

/// Not relaxed, so that its rotations have wavenumbers too.
const char* const carbon_monoxide = "2\n\nC 0 0 0\nO 0 0.2 1.1\n";

}  // namespace

TEST_CASE("md moves atoms as its options say", "[apps][md]") {
  const TemporaryFolder folder;
  build_crystal(folder.path());
  const Atoms start = read_extxyz(folder.path() / "cu.xyz").front().atoms;
  const Emt emt;
  const auto expected = [&](const DynamicsOptions& options) {
    MolecularDynamics md(initial_state(start, options.temperature, Random(7)), emt, options);
    md.run(20);
    return md.atoms();
  };
  struct Case {
    const char* arguments;
    DynamicsOptions options;
  };
  const Case cases[] = {
      {"", {}},
      {"--time-step 3", {.time_step = 3.0}},
      {"--temperature 700", {.temperature = 700.0}},
      {"--thermostat langevin", {.thermostat = Thermostat::langevin}},
      {"--thermostat langevin --friction 0.2", {.thermostat = Thermostat::langevin, .friction = 0.2}},
      {"--thermostat rescaling", {.thermostat = Thermostat::velocity_rescaling}},
      {"--thermostat rescaling --relaxation-time 15",
       {.thermostat = Thermostat::velocity_rescaling, .relaxation_time = 15.0}},
  };
  std::vector<Atoms> ends;
  for (const auto& [arguments, options] : cases) {
    CAPTURE(arguments);
    ends.push_back(end_of(folder.path(), std::string("cu.xyz ") + arguments));
    CHECK(ends.back() == expected(options));
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) CHECK(ends[i] != ends.back());
  }
}

TEST_CASE("md draws new velocities on request, and logs every so many steps", "[apps][md]") {
  const TemporaryFolder folder;
  build_crystal(folder.path());
  Frame at_rest = read_extxyz(folder.path() / "cu.xyz").front();
  set_column(at_rest, {.name = "velo", .count = 3, .values = std::vector<double>(3 * at_rest.atoms.size(), 0.0)});
  write_extxyz(folder.path() / "rest.xyz", std::vector<Frame>{at_rest});
  const auto steps = [&folder] {
    std::vector<double> found;
    for (const std::vector<double>& row : numbers_of(folder.path() / "log")) found.push_back(row[0]);
    return found;
  };

  end_of(folder.path(), "rest.xyz --log log --log-every 8");
  CHECK(numbers_of(folder.path() / "log")[0][3] == 0.0);  // kinetic energy
  CHECK(steps() == std::vector{0.0, 8.0, 16.0, 20.0});    // and the last

  const Atoms anew = end_of(folder.path(), "rest.xyz --new-velocities --log log");
  CHECK(numbers_of(folder.path() / "log")[0][3] > 0.0);
  CHECK(steps() == std::vector{0.0, 10.0, 20.0});
  CHECK(anew == end_of(folder.path(), "cu.xyz"));  // those of the seed
}

TEST_CASE("vibrations computes as its options say", "[apps][vibrations]") {
  const TemporaryFolder folder;
  write(folder.path() / "co.xyz", carbon_monoxide);
  const Atoms molecule = read_extxyz(folder.path() / "co.xyz").front().atoms;
  struct Case {
    const char* arguments;
    VibrationOptions options;
  };
  const Case cases[] = {
      {"", {}},
      {"--hessian differences", {.hessian = HessianMethod::differences}},
      {"--hessian differences --displacement 0.05", {.hessian = HessianMethod::differences, .displacement = 0.05}},
      {"--project", {.project = true}},
  };
  std::vector<std::vector<std::vector<double>>> all;
  for (const auto& [arguments, options] : cases) {
    CAPTURE(arguments);
    REQUIRE(run(folder.path(), std::string("vibrations co.xyz -p emt -o w --quiet ") + arguments).code == 0);
    all.push_back(numbers_of(folder.path() / "w"));
    const Vibrations expected = vibrations(molecule, Emt(), options);
    REQUIRE(all.back().size() == expected.wavenumbers.size());
    for (std::size_t k = 0; k < all.back().size(); ++k) {
      CHECK(all.back()[k][1] == expected.wavenumbers[k]);
      CHECK(all.back()[k][2] == expected.omega2[k]);
    }
    for (std::size_t i = 0; i + 1 < all.size(); ++i) CHECK(all[i] != all.back());
  }
}

TEST_CASE("vibrations films modes of --amplitude and tells the free energy at --temperature", "[apps][vibrations]") {
  const TemporaryFolder folder;
  write(folder.path() / "co.xyz", carbon_monoxide);
  const Atoms molecule = read_extxyz(folder.path() / "co.xyz").front().atoms;
  const Vibrations v = vibrations(molecule, Emt());
  std::string previous;
  for (const auto& [arguments, amplitude, temperature] :
       {std::tuple{"", 0.3, 300.0}, {"--amplitude 0.7", 0.7, 300.0}, {"--temperature 5000", 0.3, 5000.0}}) {
    CAPTURE(arguments);
    const Outcome outcome = run(folder.path(), std::string("vibrations co.xyz -p emt --modes film.xyz ") + arguments);
    REQUIRE(outcome.code == 0);
    double farthest = 0.0;
    for (const Frame& frame : read_extxyz(folder.path() / "film.xyz")) {
      for (std::size_t i = 0; i < 2; ++i)
        farthest = std::max(farthest, norm(frame.atoms.positions[i] - molecule.positions[i]));
    }
    CHECK(farthest == Approx(amplitude).epsilon(1e-9));  // in the sixth of 24 frames the sine is one
    std::array<char, 100> text{};
    std::snprintf(text.data(), text.size(), "harmonic free energy at %g K %.5f eV", temperature,
                  harmonic_free_energy(v, temperature));
    CHECK_THAT(outcome.output, ContainsSubstring(text.data()));
  }
}
