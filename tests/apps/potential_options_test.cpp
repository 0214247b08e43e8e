// The options that describe a pair potential: the energy of two atoms against the formula.
#include <cmath>
#include <cstdio>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::StartsWith;

TEST_CASE("pair potentials take their parameters from the command line", "[apps][relax]") {
  const TemporaryFolder folder;
  const double r = 1.7;
  write(folder.path() / "pair.xyz", "2\n\nAr 0 0 0\nAr 1.7 0 0\n");
  const auto lennard_jones = [r](double epsilon, double sigma) {
    const double x = std::pow(sigma / r, 6);
    return 4.0 * epsilon * (x * x - x);
  };
  const auto morse = [r](double epsilon, double rho0, double r0) {
    const double x = std::exp(rho0 * (1.0 - r / r0));
    return epsilon * x * (x - 2.0);
  };
  struct Case {
    const char* arguments;
    double energy;
  };
  for (const auto& [arguments, energy] : {
           Case{"lj", lennard_jones(1.0, 1.0)},
           {"lj --epsilon 0.4", lennard_jones(0.4, 1.0)},
           {"lj --sigma 1.3", lennard_jones(1.0, 1.3)},
           {"lj --lj-cutoff 1.6", 0.0},
           {"lj --lj-cutoff 8", lennard_jones(1.0, 1.0)},  // the smooth cutoff begins at two thirds of it
           {"morse --morse-cutoff 0", morse(1.0, 6.0, 1.0)},
           {"morse --epsilon 0.4", morse(0.4, 6.0, 1.0)},
           {"morse --rho0 4", morse(1.0, 4.0, 1.0)},
           {"morse --r0 1.5", morse(1.0, 6.0, 1.5)},
           {"morse --morse-cutoff 1.6", 0.0},
       }) {
    CAPTURE(arguments);
    // One step, of which the trajectory has the start.
    const Outcome outcome = run(folder.path(),
                                "relax pair.xyz --steps 1 --max-step 1e-6 --fmax 1e-9 --trajectory "
                                "t.xyz -o r.xyz --quiet -p " +
                                    std::string(arguments));
    INFO(outcome.errors);
    const std::vector<Frame> frames = read_extxyz(folder.path() / "t.xyz");
    REQUIRE(!frames.empty());
    CHECK(*labels(frames.front()).energy == Approx(energy).epsilon(1e-12).margin(1e-14));
  }
}

TEST_CASE("options that nothing looks at are warned of", "[apps][relax][md]") {
  const TemporaryFolder folder;
  write(folder.path() / "pair.xyz", "2\n\nCu 0 0 0\nCu 2.4 0 0\n");
  const auto warnings = [&](const std::string& arguments) {
    const Outcome outcome = run(folder.path(), arguments + " -o out.xyz --quiet");
    CHECK(outcome.code == 0);
    return outcome.errors;
  };
  CHECK(warnings("relax pair.xyz -p emt --r0 2 --epsilon 1") ==
        "warning: --epsilon has no effect with --potential emt\n"
        "warning: --r0 has no effect with --potential emt\n");
  CHECK(warnings("relax pair.xyz -p lj --sigma 2.3 --epsilon 1").empty());
  write(folder.path() / "c.toml", "sigma = 2\n");
  CHECK(warnings("relax pair.xyz -p morse --r0 2.3 --epsilon 1 --config c.toml") ==
        "warning: --sigma has no effect with --potential morse\n");
  CHECK(warnings("md pair.xyz -p emt --steps 1 --friction 0.01 --relaxation-time 50 --thermostat langevin") ==
        "warning: --relaxation-time has no effect with --thermostat langevin\n");
  CHECK(warnings("md pair.xyz -p emt --steps 1 --trajectory-every 3") ==
        "warning: --trajectory-every has no effect without --trajectory\n");
  CHECK(warnings("md pair.xyz -p emt --steps 1 --trajectory-every 3 --trajectory t").empty());

  CHECK(warnings("relax pair.xyz -p emt --learning-rate 0.01 --max-stress 1") ==
        "warning: --learning-rate has no effect with --method auto\n"
        "warning: --max-stress has no effect with --cell fixed\n");
  CHECK(warnings("relax pair.xyz -p emt --learning-rate 0.01 --method gradient-descent").empty());
  write(folder.path() / "path.xyz",
        "2\n\nCu 0 0 0\nCu 2.4 0 0\n2\n\nCu 0 0 0\nCu 1.7 1.7 0\n2\n\nCu 0 0 0\nCu 0 2.4 0\n");
  const char* const images = "warning: --images has no effect with --start given\n";
  CHECK_THAT(warnings("neb path.xyz -p emt --fix 0 --fmax 9 --start given --images 9"), StartsWith(images));
  CHECK(warnings("neb path.xyz -p emt --fix 0 --fmax 9 --start given").find(images) == std::string::npos);
  CHECK_THAT(warnings("vibrations pair.xyz -p emt --displacement 0.01 --amplitude 1"),
             StartsWith("warning: --displacement has no effect with --hessian autodiff\n"
                        "warning: --amplitude has no effect without --modes\n"));
  CHECK_THAT(warnings("search -p lj --formula Ar3 --hops 2 --adapt-temperature --tolerance 1"),
             StartsWith("warning: --adapt-temperature has no effect without --adapt\n"
                        "warning: --tolerance has no effect with --potential lj\n"));
  REQUIRE(run(folder.path(), "build bulk Cu -o cu.xyz --quiet").code == 0);
  CHECK(warnings("eos cu.xyz -p emt --elastic-strain 0.01") ==
        "warning: --elastic-strain has no effect without --elastic\n");
}
