// adatom relax, neb, eos and search: every option reaches what it is named after; the library, told the same, agrees.
#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "atoms/extxyz.hpp"
#include "atoms/units.hpp"
#include "optim/elastic.hpp"
#include "optim/neb.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/apps/run.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

void write_structure(const std::filesystem::path& path, const Atoms& atoms) {
  write_extxyz(path, std::vector<Frame>{{.atoms = atoms, .info = {}, .columns = {}}});
}

}  // namespace

TEST_CASE("relax moves no atom farther in a step than --max-step", "[apps][relax]") {
  const TemporaryFolder folder;
  write(folder.path() / "co.xyz", "2\n\nC 0 0 0\nO 0 0 1.6\n");  // far too long: the force is several eV/Å
  for (const double longest : {0.01, 0.03}) {
    CAPTURE(longest);
    const Outcome outcome = run(folder.path(), "relax co.xyz -p emt --steps 2 --trajectory t.xyz -o r.xyz --max-step " +
                                                   std::to_string(longest));
    CHECK(outcome.code == 1);  // two steps are not enough
    const std::vector<Frame> steps = read_extxyz(folder.path() / "t.xyz");
    REQUIRE(steps.size() == 3);
    for (std::size_t k = 1; k < steps.size(); ++k) {
      double farthest = 0.0;
      for (std::size_t i = 0; i < 2; ++i)
        farthest = std::max(farthest, norm(steps[k].atoms.positions[i] - steps[k - 1].atoms.positions[i]));
      CHECK(farthest == Approx(longest).epsilon(1e-9));
    }
  }
}

TEST_CASE("neb pulls its band as its options say", "[apps][neb]") {
  const TemporaryFolder folder;
  const nlohmann::json hop = simulation_reference()["neb"][0];
  const Atoms first = structure(hop["initial"]), last = structure(hop["final"]);
  write_structure(folder.path() / "first.xyz", first);
  write_structure(folder.path() / "last.xyz", last);
  struct Case {
    const char* arguments;
    NebOptions options;
  };
  const Case cases[] = {{"", {}},
                        {"--no-climb", {.climb = false}},
                        {"--spring 6", {.spring = 6.0}},
                        {"--start linear", {.start = NebStart::linear}}};
  std::vector<std::vector<Atoms>> bands;
  for (const auto& [arguments, given] : cases) {
    CAPTURE(arguments);
    NebOptions options = given;
    options.images = 4;
    options.max_steps = 6;
    options.fixed = {0, 1, 2, 3, 4, 5, 6, 7};
    CHECK(run(folder.path(), std::string("neb first.xyz last.xyz -p emt --images 4 --steps 6 --fix 0-7 --quiet "
                                         "--output path.xyz ") +
                                 arguments)
              .code == 1);  // six steps are not enough
    bands.emplace_back();
    for (const Frame& frame : read_extxyz(folder.path() / "path.xyz")) bands.back().push_back(frame.atoms);
    CHECK(bands.back() == nudged_elastic_band(first, last, Emt(), options).images);
    for (std::size_t i = 0; i + 1 < bands.size(); ++i) CHECK(bands[i] != bands.back());
  }
}

TEST_CASE("eos strains the crystal as far as it is told", "[apps][eos]") {
  const TemporaryFolder folder;
  // The second neighbours of this crystal lie just within the cutoff: how far it is strained matters.
  write_structure(folder.path() / "argon.xyz", fcc(18, 5.3));
  const LennardJones argon({.epsilon = 0.0103, .sigma = 3.405, .cutoff = 5.35});
  std::array<std::string, 2> constants;
  for (std::size_t i = 0; i < 2; ++i) {
    const double strain = i == 0 ? 0.005 : 0.04;  // the default, and another
    const Outcome outcome = run(folder.path(),
                                "eos argon.xyz -p lj --epsilon 0.0103 --sigma 3.405 --lj-cutoff 5.35 --points 5 "
                                "--strain 0.03 --elastic --output rest.xyz" +
                                    std::string(i == 0 ? "" : " --elastic-strain 0.04"));
    INFO(outcome.errors);
    REQUIRE(outcome.code == 0);
    for (const std::string factor : {"0.9700  ", "0.9850  ", "1.0000  ", "1.0150  ", "1.0300  "})
      CHECK_THAT(outcome.output, ContainsSubstring("\n  " + factor));
    const Atoms rest = read_extxyz(folder.path() / "rest.xyz").front().atoms;
    const ElasticConstants c = elastic_constants(rest, argon, {.strain = strain});
    std::array<char, 100> text{};
    std::snprintf(text.data(), text.size(), "C11 %.2f GPa, C12 %.2f GPa, C44 %.2f GPa", units::in_gigapascal(c.c11),
                  units::in_gigapascal(c.c12), units::in_gigapascal(c.c44));
    constants[i] = text.data();
    CHECK_THAT(outcome.output, ContainsSubstring(constants[i]));
  }
  CHECK(constants[0] != constants[1]);
}

TEST_CASE("search tells mirror images apart on request", "[apps][search]") {
  const TemporaryFolder folder;
  // Of the four minima of LJ7 one is chiral, the bicapped trigonal bipyramid of symmetry C2: C. J. Tsai and K. D.
  // Jordan, J. Phys. Chem. 97, 11227 (1993).
  const std::string command = "search -p lj --formula Ar7 --hops 300 --walkers 2 --temperature 5 --archive all.xyz ";
  CHECK_THAT(run(folder.path(), command).output, ContainsSubstring("Distinct minima: 4;"));
  CHECK_THAT(run(folder.path(), command + "--chiral").output, ContainsSubstring("Distinct minima: 5;"));
}

TEST_CASE("search turns minima down that lie beyond --tolerance", "[apps][search]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(30));
  REQUIRE(run(folder.path(), "train data.xyz --epochs 2 --hidden 4 --radial 4 --angular 2 --output m --quiet").code ==
          0);
  const auto holes = [&folder](const std::string& tolerance) {
    const Outcome outcome =
        run(folder.path(), "search -p m --formula C4 --hops 30 --metrics s.json --quiet --tolerance " + tolerance);
    INFO(outcome.errors);
    REQUIRE(outcome.code == 0);
    return nlohmann::json::parse(content(folder.path() / "s.json")).at("holes").get<int>();
  };
  const int of_a_tight_one = holes("0.1"), of_a_wide_one = holes("1.6");
  CHECK(of_a_tight_one > of_a_wide_one);
  CHECK(of_a_wide_one > 0);
  CHECK(holes("0") == 0);
  CHECK(holes("1e6") == 0);
}
