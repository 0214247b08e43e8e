// adatom search: moves, archives, and searches that are interrupted and resumed.
#include <cmath>
#include <nlohmann/json.hpp>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

std::int64_t whole(const adatom::Frame& frame, const char* key) {
  return std::get<std::int64_t>(*adatom::find_info(frame, key));
}

/// The line that tells of minima turned down.
std::string note_of_holes(const Outcome& outcome) {
  std::istringstream lines(outcome.errors);
  std::string line;
  while (std::getline(lines, line) && line.find("turned down") == std::string::npos) line.clear();
  return line;
}

}  // namespace

TEST_CASE("search archives every distinct minimum with its hits", "[apps][search]") {
  const TemporaryFolder folder;
  const Outcome outcome = run(folder.path(),
                              "search -p lj --formula Ar7 --hops 300 --walkers 2 --temperature 5 --moves "
                              "shake,surface,angular,twist --archive all.xyz --output best.xyz --minima 2");
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.output,
             ContainsSubstring("Distinct minima: 4") && ContainsSubstring("moves shake,surface,angular,twist"));
  const std::vector<adatom::Frame> all = adatom::read_extxyz(folder.path() / "all.xyz");
  // Four minima of LJ7: C. J. Tsai and K. D. Jordan, J. Phys. Chem. 97, 11227 (1993); the lowest: Cambridge Cluster
  // Database.
  REQUIRE(all.size() == 4);
  CHECK(*adatom::labels(all.front()).energy == Approx(-16.505384).margin(1e-5));
  std::int64_t met = 0;
  for (const adatom::Frame& frame : all) met += whole(frame, "met");
  CHECK(met == 602);  // hops and starts of two walkers; at LJ7 none fails
  CHECK(adatom::read_extxyz(folder.path() / "best.xyz").size() == 2);
  // Without the archive some are two as they were met, to --fmax: their number is that of the table all the same.
  CHECK_THAT(run(folder.path(),
                 "search -p lj --formula Ar7 --hops 300 --walkers 2 --temperature 5 --moves "
                 "shake,surface,angular,twist --fmax 0.3 --minima 40")
                 .output,
             ContainsSubstring("Distinct minima: 4;"));
}

TEST_CASE("a search resumed from its checkpoint ends as one that was not interrupted", "[apps][search]") {
  const TemporaryFolder folder;
  const std::string command =
      "search -p lj --formula Ar14 --runs 2 --seed 5 --reseed-after 20 --taboo 3 --adapt 7 --adapt-temperature "
      "--quiet ";
  REQUIRE(run(folder.path(), command + "--hops 60 --checkpoint a.state --archive a.xyz --log a.log --trajectory a.path")
              .code == 0);
  REQUIRE(run(folder.path(), command + "--hops 25 --checkpoint b.state").code == 0);
  std::filesystem::copy(folder.path() / "b.state", folder.path() / "saved.state");
  // What was noted after the checkpoint is done again.
  REQUIRE(run(folder.path(), command + "--hops 33 --checkpoint b.state --log b.log --trajectory b.path").code == 0);
  std::filesystem::copy(folder.path() / "saved.state", folder.path() / "b.state",
                        std::filesystem::copy_options::overwrite_existing);
  // As if it had been killed while it wrote.
  write(folder.path() / "b.log", content(folder.path() / "b.log") + "1 3");
  write(folder.path() / "b.path", content(folder.path() / "b.path") + content(folder.path() / "b.path").substr(0, 500));
  CHECK(content(folder.path() / "a.state") != content(folder.path() / "b.state"));
  REQUIRE(run(folder.path(),
              command +
                  "--hops 60 --checkpoint b.state --resume --archive b.xyz --log b.log --trajectory b.path --threads 1")
              .code == 0);
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
  refused("--formula Ar14 --resume --output new.xyz", "there is no checkpoint 'new.xyz.checkpoint'");
  refused("--formula Ar14 --resume --checkpoint none", "there is no checkpoint 'none'");
  refused("--formula Ar13 --resume --checkpoint b.state --runs 2 --seed 5", "the formula Ar14, not Ar13");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 3 --seed 5", "walkers 2, not 3");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 2 --seed 6", "the seed 5, not 6");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 2 --seed 5 --epsilon 2",
          "b.state' is of a search with another potential: its lowest structure had -");
  refused("--formula Ar14 --resume --checkpoint a.xyz --runs 2 --seed 5", "a.xyz:1: no state of a search");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 2 --seed 5 --log a.xyz",
          "a.xyz:1 is no row of this search's log");
  refused("--formula Ar14 --resume --checkpoint b.state --runs 2 --seed 5 --trajectory saved.state",
          "is no frame of this search's trajectory");
  CHECK_THAT(run(folder.path(), command + "--hops 9 --checkpoint b.state --resume").errors,
             ContainsSubstring("all walks have made their --hops"));
  refused("--formula Ar14 --walkers 1000000000000", "--walkers: expected at most 100000");
  refused("--formula Ar14 --moves shake,jump", "there is no move 'jump'");
}

TEST_CASE("a resumed search knows all minima that were turned down as holes of the model", "[apps][search]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(30));
  REQUIRE(run(folder.path(), "train data.xyz --epochs 2 --hidden 4 --radial 4 --angular 2 --output m.adatom --quiet")
              .code == 0);
  const std::string command =
      "search -p m.adatom --formula C4 --runs 2 --tolerance 1.6 --checkpoint state --output best.xyz --metrics m.json ";
  const auto metrics = [&folder] {
    nlohmann::json json = nlohmann::json::parse(content(folder.path() / "m.json"));
    json.erase("command");
    return json;
  };
  const Outcome whole = run(folder.path(), command + "--hops 60");
  REQUIRE(whole.code == 0);
  const nlohmann::json expected = metrics();
  CHECK(expected["holes"] > 1);
  CHECK_THAT(note_of_holes(whole), ContainsSubstring("far outside the training data turned down, the lowest at"));

  REQUIRE(run(folder.path(), command + "--hops 30").code == 0);
  CHECK(metrics()["holes"] < expected["holes"]);
  const Outcome resumed = run(folder.path(), command + "--hops 60 --resume");
  REQUIRE(resumed.code == 0);
  CHECK(metrics() == expected);
  CHECK(note_of_holes(resumed) == note_of_holes(whole));

  // Checkpoints from before they were kept are read.
  std::vector<adatom::Frame> frames = adatom::read_extxyz(folder.path() / "state");
  std::erase_if(frames, [](const adatom::Frame& frame) {
    return std::get<std::string>(*adatom::find_info(frame, "basin_hopping")) == "hole";
  });
  adatom::write_extxyz(folder.path() / "state", frames);
  CHECK(run(folder.path(), command + "--hops 61 --resume").code == 0);
}

TEST_CASE("a search that is killed again and again ends as one that was not", "[apps][search]") {
  const TemporaryFolder folder;
  const std::string command =
      "search -p lj --formula Ar20 --walkers 2 --threads 2 --hops 3000 --reseed-after 40 --save-every 0.01 --quiet ";
  const std::vector<std::string> files{"log", "path", "state", "archive"};
  const auto with_files = [&command](const std::string& name) {
    return command + "--log " + name + ".log --trajectory " + name + ".path --checkpoint " + name +
           ".state --archive " + name + ".archive";
  };
  REQUIRE(run(folder.path(), with_files("a")).code == 0);
  const Outcome outcome = run_killed(folder.path(), with_files("b"), "b.state", 8);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  for (const std::string& file : files)
    CHECK(content(folder.path() / ("a." + file)) == content(folder.path() / ("b." + file)));

  // A disk that is full for a while costs nothing either, and what was found is written where there is room.
  const Outcome full = shell(folder.path(), "trap \"\" XFSZ; ulimit -f 100; \"$adatom\" " + with_files("c") +
                                                " --output c.best");  // 100 kB a file
  CHECK(full.code == 1);
  CHECK_THAT(full.errors,
             ContainsSubstring("warning: cannot write 'c.path': File too large; the work goes on, and is saved later"));
  CHECK(adatom::read_extxyz(folder.path() / "c.best").size() == 10);
  const bool saved = std::filesystem::exists(folder.path() / "c.state");  // not if it was full before the first time
  CHECK(run(folder.path(), with_files("c") + (saved ? " --resume" : "")).code == 0);
  for (const std::string& file : files)
    CHECK(content(folder.path() / ("a." + file)) == content(folder.path() / ("c." + file)));
}

TEST_CASE("Ctrl-C during a search leaves a checkpoint beside the output, which goes when the search is done",
          "[apps][search]") {
  const TemporaryFolder folder;
  const std::string command = "search -p lj --formula Ar13 --quiet --output best.xyz --log hops.log ";
  const Outcome stopped =
      shell(folder.path(), "set -m; \"$adatom\" " + command +
                               "--hops 100000000 --save-every 0.01 & pid=$!\n"
                               "until [ -e hops.log ]; do sleep 0.01; done; kill -INT $pid; wait $pid");
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.errors, ContainsSubstring("repeat the command with --resume to go on from 'best.xyz.checkpoint'"));
  const std::string log = content(folder.path() / "hops.log");
  const std::string last = log.substr(log.rfind('\n', log.size() - 2) + 1);
  const int hops = std::stoi(last.substr(2)) + 10;
  CHECK(run(folder.path(), command + "--resume --hops " + std::to_string(hops)).code == 0);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "best.xyz.checkpoint"));
  CHECK(content(folder.path() / "hops.log").starts_with(log));
  CHECK(content(folder.path() / "hops.log").find("\n1 " + std::to_string(hops) + " ") != std::string::npos);
}

TEST_CASE("swaps of elements find the order of an alloy", "[apps][search]") {
  // Thirteen atoms of copper and gold with EMT: gold, larger and with the lower surface energy, is outside, so the
  // icosahedron's middle is copper.
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(),
              "search -p emt --formula CuAu12 --hops 60 --moves shake,swap,surface --walkers 2 --output best.xyz")
              .code == 0);
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
