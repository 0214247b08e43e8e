// adatom search: moves, archives, and searches that are interrupted and resumed.
#include <cmath>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

std::int64_t whole(const adatom::Frame& frame, const char* key) { return std::get<std::int64_t>(*adatom::find_info(frame, key)); }

}  // namespace

TEST_CASE("search archives every distinct minimum with its hits", "[apps][search]") {
  const TemporaryFolder folder;
  const Outcome outcome = run(folder.path(), "search -p lj --formula Ar7 --hops 300 --walkers 2 --temperature 5 --moves shake,surface,angular,twist --archive all.xyz --output best.xyz --minima 2");
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.output, ContainsSubstring("Distinct minima: 4") && ContainsSubstring("moves shake,surface,angular,twist"));
  const std::vector<adatom::Frame> all = adatom::read_extxyz(folder.path() / "all.xyz");
  // Four minima of LJ7: C. J. Tsai and K. D. Jordan, J. Phys. Chem. 97, 11227 (1993); the lowest: Cambridge Cluster Database.
  REQUIRE(all.size() == 4);
  CHECK(*adatom::labels(all.front()).energy == Approx(-16.505384).margin(1e-5));
  std::int64_t met = 0;
  for (const adatom::Frame& frame : all) met += whole(frame, "met");
  CHECK(met == 602);  // hops and starts of two walkers; at LJ7 none fails
  CHECK(adatom::read_extxyz(folder.path() / "best.xyz").size() == 2);
}

TEST_CASE("a search resumed from its checkpoint ends as one that was not interrupted", "[apps][search]") {
  const TemporaryFolder folder;
  const std::string command = "search -p lj --formula Ar14 --runs 2 --seed 5 --reseed-after 20 --taboo 3 --adapt 7 --adapt-temperature --quiet ";
  REQUIRE(run(folder.path(), command + "--hops 60 --checkpoint a.state --archive a.xyz --log a.log --trajectory a.path").code == 0);
  REQUIRE(run(folder.path(), command + "--hops 25 --checkpoint b.state").code == 0);
  std::filesystem::copy(folder.path() / "b.state", folder.path() / "saved.state");
  // What was noted after the checkpoint is done again.
  REQUIRE(run(folder.path(), command + "--hops 33 --checkpoint b.state --log b.log --trajectory b.path").code == 0);
  std::filesystem::copy(folder.path() / "saved.state", folder.path() / "b.state", std::filesystem::copy_options::overwrite_existing);
  CHECK(content(folder.path() / "a.state") != content(folder.path() / "b.state"));
  REQUIRE(run(folder.path(), command + "--hops 60 --checkpoint b.state --resume --archive b.xyz --log b.log --trajectory b.path --threads 1").code == 0);
  CHECK(content(folder.path() / "a.log") == content(folder.path() / "b.log"));
  CHECK(content(folder.path() / "a.path") == content(folder.path() / "b.path"));
  CHECK(content(folder.path() / "a.state") == content(folder.path() / "b.state"));
  CHECK(content(folder.path() / "a.xyz") == content(folder.path() / "b.xyz"));

  const auto refused = [&](const std::string& arguments, const std::string& text) {
    const Outcome outcome = run(folder.path(), "search -p lj " + arguments);
    INFO(arguments);
    CHECK(outcome.code != 0);
    CHECK_THAT(outcome.errors, ContainsSubstring(text));
  };
  refused("--formula Ar14 --resume", "--resume needs the --checkpoint");
  refused("--formula Ar14 --resume --checkpoint none", "there is no checkpoint 'none'");
  refused("--formula Ar13 --resume --checkpoint b.state --runs 2 --seed 5", "the formula Ar14, not Ar13");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 3 --seed 5", "walkers 2, not 3");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 2 --seed 6", "the seed 5, not 6");
  refused("--formula Ar14 --resume --checkpoint a.xyz --runs 2 --seed 5", "a.xyz:1: no state of a search");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 2 --seed 5 --log a.xyz", "a.xyz:1 is no row of this search's log");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 2 --seed 5 --trajectory saved.state", "is no frame of this search's trajectory");
  CHECK_THAT(run(folder.path(), command + "--hops 9 --checkpoint b.state --resume").errors, ContainsSubstring("all walks have made their --hops"));
  refused("--formula Ar14 --walkers 1000000000000", "--walkers: expected at most 100000");
  refused("--formula Ar14 --moves shake,jump", "there is no move 'jump'");
}

TEST_CASE("swaps of elements find the order of an alloy", "[apps][search]") {
  // Thirteen atoms of copper and gold with EMT: gold, larger and with the lower surface energy, is outside, so the
  // icosahedron's middle is copper.
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(), "search -p emt --formula CuAu12 --hops 60 --moves shake,swap,surface --walkers 2 --output best.xyz").code == 0);
  const adatom::Frame best = adatom::read_extxyz(folder.path() / "best.xyz").front();
  using namespace adatom;
  Vector3 middle{};
  for (const Vector3& x : best.atoms.positions) middle += (1.0 / 13.0) * x;
  std::size_t innermost = 0;
  for (std::size_t i = 0; i < 13; ++i) {
    if (norm(best.atoms.positions[i] - middle) < norm(best.atoms.positions[innermost] - middle)) innermost = i;
  }
  CHECK(best.atoms.numbers[innermost] == 29);
}
