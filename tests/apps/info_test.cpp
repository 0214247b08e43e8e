// adatom info on the states that long runs save: what it tells is what the runs wrote elsewhere.
#include <cmath>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

using Path = std::filesystem::path;

std::string info(const Path& folder, const std::string& file) {
  const Outcome outcome = run(folder, "info " + file);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  return outcome.output;
}

/// What follows a label on its line.
std::string value(const std::string& text, const std::string& label) {
  const std::size_t at = text.find("  " + label + " ");
  REQUIRE(at != std::string::npos);
  const std::size_t begin = text.find_first_not_of(' ', at + 2 + label.size());
  return text.substr(begin, text.find('\n', begin) - begin);
}

/// The numbers of the last line.
std::vector<double> last_row(const std::string& text) {
  std::istringstream line(text.substr(text.rfind('\n', text.size() - 2) + 1));
  std::vector<double> row;
  for (double x = 0.0; line >> x;) row.push_back(x);
  return row;
}

}  // namespace

TEST_CASE("info tells how far a search has come", "[apps][info]") {
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(),
              "search -p lj --formula Ar7 --hops 40 --runs 2 --seed 5 --temperature 2 --checkpoint state --archive "
              "all.xyz --log log --quiet")
              .code == 0);
  const std::string text = info(folder.path(), "state");
  CHECK_THAT(text, ContainsSubstring("'adatom search --resume' goes on"));
  CHECK(value(text, "structure") == "Ar7");
  const std::vector<adatom::Frame> all = adatom::read_extxyz(folder.path() / "all.xyz");
  CHECK(value(text, "distinct minima") == std::to_string(all.size()));
  CHECK(std::stod(value(text, "lowest energy")) == Approx(*adatom::labels(all.front()).energy).margin(1e-5));
  const std::vector<double> walk = last_row(text);  // seed, hops, accepted, failed, lowest, at hop, present, step, kT
  REQUIRE(walk.size() == 9);
  CHECK(walk[0] == 6);
  CHECK(walk[1] == 40);
  CHECK(walk[5] <= 40);
  CHECK(walk[6] >= walk[4]);
  CHECK(walk[8] == 2.0);
}

TEST_CASE("info tells how far relaxations and a path have come", "[apps][info]") {
  const TemporaryFolder folder;
  write(folder.path() / "three.xyz",
        "2\npbc=\"F F F\"\nCu 0 0 0\nCu 0 0 2.5\n"
        "2\npbc=\"F F F\"\nCu 0 0 0\nCu 0 0 2.2\n"
        "2\npbc=\"F F F\"\nCu 0 0 0\nCu 0 0 2.1\n");
  REQUIRE(run(folder.path(), "relax three.xyz -p emt --fix 0 --checkpoint state -o relaxed.xyz").code == 0);
  std::vector<adatom::Frame> state = adatom::read_extxyz(folder.path() / "state");
  adatom::set_info(state[1], "relaxation", std::string("underway"));
  adatom::set_info(state[2], "relaxation", std::string("waiting"));
  adatom::write_extxyz(folder.path() / "state", state);
  const std::string relaxations = info(folder.path(), "state");
  CHECK_THAT(relaxations, ContainsSubstring("'adatom relax --resume' goes on"));
  CHECK_THAT(value(relaxations, "options"), ContainsSubstring("--potential emt --fix 0 --fmax"));
  CHECK(value(relaxations, "structures") == "3");
  for (const std::string label : {"finished", "underway", "waiting"}) CHECK(value(relaxations, label) == "1");

  // Three atoms in a row, the middle one from near one end to near the other.
  write(folder.path() / "ends.xyz",
        "3\npbc=\"F F F\"\nCu 0 0 0\nCu 2.3 0 0\nCu 6 0 0\n"
        "3\npbc=\"F F F\"\nCu 0 0 0\nCu 3.7 0 0\nCu 6 0 0\n");
  run(folder.path(), "neb ends.xyz -p emt --images 3 --fix 0 --steps 2 --fmax 1e-9 --checkpoint band -o path.xyz");
  const std::string band = info(folder.path(), "band");
  CHECK_THAT(band, ContainsSubstring("'adatom neb --resume' goes on"));
  CHECK(value(band, "structure") == "Cu3");
  CHECK(value(band, "images") == "5, both ends included");
  CHECK(value(band, "steps made") == "2");
  CHECK_THAT(value(band, "options"), ContainsSubstring("--images 3"));

  const Outcome plain = run(folder.path(), "info three.xyz");
  CHECK(plain.code == 2);
  CHECK_THAT(plain.errors, ContainsSubstring("'three.xyz' holds structures") && ContainsSubstring("'adatom check'"));

  // Half a state is told from what is none.
  const std::string whole = content(folder.path() / "state");
  write(folder.path() / "cut", whole.substr(0, whole.find("\nCu") + 1));
  CHECK_THAT(run(folder.path(), "info cut").errors, ContainsSubstring("cut:") && ContainsSubstring("file ends"));
  write(folder.path() / "words", "no numbers here\n");
  CHECK_THAT(run(folder.path(), "info words").errors, ContainsSubstring("not an adatom model"));
}

TEST_CASE("info tells how far a simulation has come", "[apps][info]") {
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(), "build bulk Cu --setting cubic --repeat 2,2,2 -o cu.xyz --quiet").code == 0);
  REQUIRE(run(folder.path(),
              "md cu.xyz -p emt --thermostat langevin --steps 25 --time-step 4 --temperature 500 --log log "
              "--checkpoint state -o end.xyz --quiet")
              .code == 0);
  const std::string text = info(folder.path(), "state");
  const std::vector<double> last = numbers_of(folder.path() / "log").back();
  CHECK(value(text, "structure") == "Cu32");
  CHECK(value(text, "steps made") == "25");
  CHECK(value(text, "time") == "100 fs");
  CHECK(value(text, "time step") == "4 fs");
  CHECK(std::stod(value(text, "temperature")) == Approx(last[5]).margin(0.05));
  CHECK(std::stod(value(text, "heat given")) == Approx(last[4] - last[6]).margin(1e-4));
  CHECK(value(text, "potential") == "--potential emt");
  CHECK_THAT(value(text, "command"), ContainsSubstring("adatom md cu.xyz"));
}
