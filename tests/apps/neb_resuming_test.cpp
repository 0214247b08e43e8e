// Bands that are stopped, killed and resumed.
#include <cmath>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "tests/apps/run.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

using Path = std::filesystem::path;

Frame frame(const Atoms& atoms) { return {.atoms = atoms, .info = {}, .columns = {}}; }

/// first.xyz and last.xyz of a hop of copper on Cu(100).
void write_hop(const Path& folder) {
  const nlohmann::json hop = simulation_reference()["neb"][0];
  for (const auto& [name, key] : {std::pair{"first.xyz", "initial"}, {"last.xyz", "final"}}) {
    write_extxyz(folder / name, std::vector<Frame>{frame(structure(hop[key]))});
  }
}

/// Of the highest image above the first, eV.
double barrier(const Path& path) {
  const std::vector<Frame> images = read_extxyz(path);
  double highest = 0.0;
  for (const Frame& image : images) {
    highest = std::max(highest, *labels(image).energy - *labels(images.front()).energy);
  }
  return highest;
}

}  // namespace

TEST_CASE("neb goes on from its checkpoint", "[apps][neb]") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& name) { return folder.path() / name; };
  write_hop(folder.path());
  const std::string command = "neb first.xyz last.xyz -p emt --images 3 --fix-below 7 --checkpoint state ";
  REQUIRE(run(folder.path(), command + "--steps 3 --output path.xyz").code == 1);
  const std::string state = content(file("state"));
  REQUIRE(read_extxyz(file("state")).size() == 5);
  const Outcome resumed = run(folder.path(), command + "--output resumed.xyz --resume");
  INFO(resumed.errors);
  REQUIRE(resumed.code == 0);
  // The same as from the path that was written; the steps before are counted.
  const Outcome given = run(folder.path(), "neb path.xyz -p emt --start given --fix-below 7 --output given.xyz");
  REQUIRE(given.code == 0);
  CHECK(content(file("resumed.xyz")) == content(file("given.xyz")));
  const auto steps = [](const Outcome& r) { return std::stoi(r.output.substr(r.output.rfind("eV; ") + 4)); };
  CHECK(steps(resumed) == 3 + steps(given));
  CHECK(barrier(file("resumed.xyz")) == Approx(0.421622).margin(2e-4));  // simulation.json, exact saddle
  write(file("state"), state);
  const Outcome one = run(folder.path(), command + "--output more.xyz --resume --steps 4");
  CHECK_THAT(one.errors, ContainsSubstring("not converged after 1 step"));

  // The ends are not relaxed again.
  Frame first = read_extxyz(file("first.xyz"))[0];
  first.atoms.positions[12][2] += 0.2;
  write_extxyz(file("first.xyz"), std::vector<Frame>{first});
  const std::string ends = "neb first.xyz last.xyz -p emt --images 3 --fix-below 7 --relax-ends --output ends.xyz ";
  REQUIRE(run(folder.path(), ends + "--checkpoint ends --steps 3").code == 1);
  REQUIRE(run(folder.path(), ends + "--checkpoint ends --resume").code == 0);
  CHECK(barrier(file("ends.xyz")) == Approx(0.421622).margin(2e-4));
  CHECK(read_extxyz(file("ends.xyz"))[0].atoms == read_extxyz(file("ends"))[0].atoms);

  const auto refused = [&](const std::string& arguments, const std::string& text) {
    const Outcome r = run(folder.path(), "neb " + arguments + " --output x.xyz --resume");
    INFO(arguments);
    CHECK(r.code == 2);
    CHECK_THAT(r.errors, ContainsSubstring(text));
  };
  refused("first.xyz last.xyz -p emt --images 3", "there is no checkpoint 'x.xyz.checkpoint'");
  refused("first.xyz last.xyz -p emt --images 4 --fix-below 7 --checkpoint state", "--images 3, not with");
  refused("first.xyz last.xyz -p emt --images 3 --fix-below 7 --checkpoint state",
          "is of a band between other structures than those of 'first.xyz'");
  refused("first.xyz last.xyz -p emt --images 3 --fix-below 7 --checkpoint path.xyz",
          "path.xyz:1: no checkpoint of such a run: there must be a text 'options'");
  std::vector<Frame> ends_only = read_extxyz(file("ends"));
  ends_only.resize(2);
  write_extxyz(file("ends"), ends_only);
  refused("first.xyz last.xyz -p emt --images 3 --fix-below 7 --relax-ends --checkpoint ends", "'ends' holds no band");
}

TEST_CASE("a band that is killed again and again finds the same pass", "[apps][neb]") {
  const TemporaryFolder folder;
  write_hop(folder.path());
  const Outcome outcome =
      run_killed(folder.path(),
                 "neb first.xyz last.xyz -p emt --images 20 --method fire --fmax 1e-6 --steps 100000 "
                 "--fix-below 7 --save-every 0.01 --output path.xyz --quiet",
                 "path.xyz.checkpoint", 4);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  CHECK(barrier(folder.path() / "path.xyz") == Approx(0.421622).margin(2e-4));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "path.xyz.checkpoint"));
}

TEST_CASE("Ctrl-C during a band leaves a checkpoint", "[apps][neb]") {
  const TemporaryFolder folder;
  write_hop(folder.path());
  const std::string command = "neb first.xyz last.xyz -p emt --images 5 --fix-below 7 --output path.xyz ";
  const Outcome stopped =
      shell(folder.path(),
            "set -m; \"$adatom\" " + command +
                "--fmax 1e-300 --steps 1000000000 --save-every 0.01 & pid=$!\n"
                "until [ -e path.xyz.checkpoint ] || ! kill -0 $pid; do sleep 0.01; done; kill -INT $pid; wait $pid");
  INFO(stopped.errors);
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.errors, ContainsSubstring("the same command with --resume from 'path.xyz.checkpoint'"));
  CHECK(read_extxyz(folder.path() / "path.xyz").size() == 7);
  CHECK(run(folder.path(), command + "--resume --steps 1000000").code == 0);
  CHECK(barrier(folder.path() / "path.xyz") == Approx(0.421622).margin(2e-4));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "path.xyz.checkpoint"));
}
