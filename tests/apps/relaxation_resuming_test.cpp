// Relaxations that are stopped, killed and resumed.
#include <cmath>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "core/random.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/apps/run.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

using Path = std::filesystem::path;

Frame frame(const Atoms& atoms) { return {.atoms = atoms, .info = {}, .columns = {}}; }

void shake(Atoms& atoms, double by, Random& random) {
  for (Vector3& x : atoms.positions) x += by * random.direction();
}

/// A minimum of 32 atoms of argon; shaken first, since the piece of a crystal is on a pass.
Atoms cluster() {
  Atoms atoms = repeated(fcc(18, 1.55), {2, 2, 2});
  atoms.cell = {};
  atoms.pbc = {};
  Random random(2);
  shake(atoms, 0.1, random);
  return relax(atoms, LennardJones(), {.fmax = 1e-9, .max_steps = 10000}).atoms;
}

/// Clusters near one minimum, each a little farther to the right, with the first atom held.
void write_clusters(const Path& path, std::size_t count) {
  const Atoms minimum = cluster();
  Random random(3);
  std::vector<Frame> frames;
  std::vector<bool> mobile(minimum.size(), true);
  mobile[0] = false;
  for (std::size_t i = 0; i < count; ++i) {
    frames.push_back(frame(minimum));
    shake(frames.back().atoms, 0.02, random);
    for (Vector3& x : frames.back().atoms.positions) x[0] += 10.0 * static_cast<double>(i);
    set_info(frames.back(), "number", static_cast<std::int64_t>(i));
    set_column(frames.back(), {.name = "move_mask", .count = 1, .values = mobile});
  }
  write_extxyz(path, frames);
}

/// Crystals, squeezed and shaken, the first two the same.
void write_crystals(const Path& path) {
  Random random(5);
  std::vector<Frame> frames;
  for (const double a : {3.5, 3.5, 3.6, 3.8}) {
    frames.push_back(frame(fcc(29, a)));
    shake(frames.back().atoms, 0.1, random);
  }
  frames[1] = frames[0];
  write_extxyz(path, frames);
}

/// A checkpoint as if this structure (from 0) had not been begun.
void take_back(const Path& checkpoint, const Path& starts, std::size_t structure) {
  std::vector<Frame> frames = read_extxyz(checkpoint);
  Frame& one = frames.at(structure);
  one.atoms = read_extxyz(starts)[structure].atoms;
  std::erase_if(one.info, [](const auto& entry) { return entry.first != "options"; });
  set_info(one, "relaxation", std::string("waiting"));
  one.columns.clear();
  write_extxyz(checkpoint, frames);
}

/// As if it had been caught at this step.
void take_back(const Path& checkpoint, const Frame& there) {
  std::vector<Frame> frames = read_extxyz(checkpoint);
  const auto whole = [&](const char* key) { return std::get<std::int64_t>(*find_info(there, key)); };
  Frame& one = frames.at(static_cast<std::size_t>(whole("structure")) - 1);
  one.atoms = there.atoms;
  set_info(one, "relaxation", std::string("underway"));
  set_info(one, "steps", whole("step"));
  write_extxyz(checkpoint, frames);
}

/// Structure and step of all frames: "1 0, 1 1, 2 0, ".
std::string steps_of(const Path& trajectory) {
  std::string text;
  for (const Frame& one : read_extxyz(trajectory)) {
    for (const char* key : {"structure", "step"}) {
      text += std::to_string(std::get<std::int64_t>(*find_info(one, key))) + (key[2] == 'r' ? " " : ", ");
    }
  }
  return text;
}

}  // namespace

TEST_CASE("relax resumed: what was finished keeps its bits and what had not begun is as it would have been",
          "[apps][relax]") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& name) { return folder.path() / name; };
  write_clusters(file("clusters.xyz"), 3);
  write_crystals(file("crystals.xyz"));
  for (const std::string arguments :
       {"relax clusters.xyz -p lj --fmax 1e-4 ", "relax crystals.xyz -p emt --cell full --pressure 1 --fmax 1e-3 "}) {
    INFO(arguments);
    const Path starts = file(arguments.substr(6, 12));
    const auto command = [&](const std::string& name) {
      return arguments + "--checkpoint state --output " + name + " --trajectory path-" + name + " --threads 2 ";
    };
    const Outcome whole = run(folder.path(), command("whole.xyz"));
    REQUIRE(whole.code == 0);
    const std::string state = content(file("state"));
    std::filesystem::copy_file(file("path-whole.xyz"), file("path-again.xyz"),
                               std::filesystem::copy_options::overwrite_existing);
    for (const std::size_t taken_back : {0, 1}) {
      take_back(file("state"), starts, taken_back);
      CHECK(content(file("state")) != state);
      const Outcome again = run(folder.path(), command("again.xyz") + "--resume");
      INFO(again.errors);
      REQUIRE(again.code == 0);
      CHECK(again.output == whole.output);
      CHECK(content(file("again.xyz")) == content(file("whole.xyz")));
      CHECK(content(file("path-again.xyz")) == content(file("path-whole.xyz")));
      CHECK(content(file("state")) == state);
    }

    // What is finished is not computed again.
    std::vector<Frame> frames = read_extxyz(file("state"));
    set_info(frames[1], "energy", -1234.5);
    write_extxyz(file("state"), frames);
    REQUIRE(run(folder.path(), command("again.xyz") + "--resume").code == 0);
    CHECK(*labels(read_extxyz(file("again.xyz"))[1]).energy == -1234.5);
  }
}

TEST_CASE("relax resumed: what was underway goes on from where it stood", "[apps][relax]") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& name) { return folder.path() / name; };
  write_clusters(file("clusters.xyz"), 2);
  write_crystals(file("crystals.xyz"));
  for (const std::string arguments : {"relax clusters.xyz -p lj --fmax 1e-5 ",
                                      "relax crystals.xyz -p emt --cell full --max-stress 1e-4 --fmax 1e-4 "}) {
    INFO(arguments);
    const std::string command = arguments + "--checkpoint state --output r.xyz --trajectory path.xyz ";
    REQUIRE(run(folder.path(), command).code == 0);
    const std::vector<Frame> whole = read_extxyz(file("r.xyz"));
    const std::string steps = steps_of(file("path.xyz"));
    // The fourth step of the first structure; what the trajectory tells of later ones is done again.
    const Frame there = read_extxyz(file("path.xyz"), "4").front();
    take_back(file("state"), there);
    write(file("path.xyz"), content(file("path.xyz")) + "32\nhalf a fra");  // killed while it wrote
    const Outcome resumed = run(folder.path(), command + "--resume");
    INFO(resumed.errors);
    REQUIRE(resumed.code == 0);
    const std::vector<Frame> relaxed = read_extxyz(file("r.xyz"));
    REQUIRE(relaxed.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
      CHECK(*labels(relaxed[i]).energy == Approx(*labels(whole[i]).energy).margin(1e-6));
      CHECK(std::get<bool>(*find_info(relaxed[i], "converged")));
    }
    const std::vector<Frame> path = read_extxyz(file("path.xyz"));
    CHECK(path[4].atoms == there.atoms);
    CHECK(steps_of(file("path.xyz")).starts_with("1 0, 1 1, 1 2, 1 3, 1 4, 1 5, 1 6, "));
    CHECK(steps.substr(steps.find("2 0, ")) ==
          steps_of(file("path.xyz")).substr(steps_of(file("path.xyz")).find("2 0, ")));
    CHECK(path[5].atoms.positions != read_extxyz(file("path.xyz"), "4").front().atoms.positions);

    // --steps counts the earlier ones too.
    take_back(file("state"), there);
    const Outcome few = run(folder.path(), command + "--resume --steps 5");
    CHECK(few.code == 1);
    CHECK_THAT(few.errors, ContainsSubstring("not converged after 1 step"));
  }
}

TEST_CASE("relax --resume refuses what belongs to another run", "[apps][relax]") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& name) { return folder.path() / name; };
  write_clusters(file("clusters.xyz"), 2);
  const std::string command = "relax clusters.xyz -p lj --fmax 0.1 --checkpoint state --output r.xyz ";
  REQUIRE(run(folder.path(), command).code == 0);
  const std::string state = content(file("state"));
  const auto refused = [&](const std::string& arguments, const std::string& text) {
    const Outcome r = run(folder.path(), arguments + " --resume");
    INFO(arguments);
    CHECK(r.code == 2);
    CHECK_THAT(r.errors, ContainsSubstring(text));
    CHECK(content(file("state")) == state);
  };
  const std::string rest = " --checkpoint state --output r.xyz";
  refused("relax clusters.xyz -p lj --output new.xyz", "there is no checkpoint 'new.xyz.checkpoint'");
  refused("relax clusters.xyz -p lj --output /dev/null", "--resume needs the --checkpoint");
  refused("relax clusters.xyz -p lj --checkpoint none/state --output r.xyz", "there is no folder 'none'");
  refused("relax clusters.xyz -p lj --fmax 0.2" + rest, "--fmax 0.1 --cell fixed, not with --potential lj");
  refused("relax clusters.xyz -p lj --fmax 0.1 --epsilon 2" + rest, "--epsilon 1 ");
  refused("relax clusters.xyz -p morse --fmax 0.1" + rest, "not with --potential morse");
  refused("relax clusters.xyz -p lj --fmax 0.1 --fix 3" + rest, "--fix 3");
  refused("relax state -p lj --fmax 0.1" + rest, "is also an input");

  std::vector<Frame> starts = read_extxyz(file("clusters.xyz"));
  const auto with = [&](const std::vector<Frame>& frames) {
    write_extxyz(file("other.xyz"), frames);
    return "relax other.xyz -p lj --fmax 0.1" + rest;
  };
  refused(with({starts[0]}), "is of 2 structures, not 1");
  refused(with({starts[0], starts[1], starts[1]}), "is of 2 structures, not 3");
  refused(with({starts[1], starts[0]}), "another structure than frame 1");
  std::vector<Frame> moved = starts, freed = starts, krypton = starts;
  moved[1].atoms.positions[7][2] += 1e-12;
  refused(with(moved), "another structure than frame 2");
  freed[0].columns.clear();
  refused(with(freed), "another structure than frame 1");
  krypton[1].atoms.numbers[4] = 36;
  refused(with(krypton), "has Ar32 as frame 2, the input Ar31Kr or another order of atoms");

  write(file("search"), "1\nbasin_hopping=walker\nAr 0 0 0\n");
  write(file("empty"), "");
  const std::string other = "relax clusters.xyz -p lj --fmax 0.1 --output r.xyz --checkpoint ";
  refused(other + "search", "search:1: no checkpoint of such a run: there must be a text 'relaxation'");
  refused(other + "empty", "'empty' is empty");
  std::vector<Frame> damaged = read_extxyz(file("state"));
  set_info(damaged[1], "relaxation", std::string("done"));
  write_extxyz(file("damaged"), damaged);
  refused(other + "damaged", "unknown state 'done'");

  // A disk that is full costs the checkpoint, not the results.
  const Outcome full =
      run(folder.path(), "relax clusters.xyz -p lj --save-every 1e-9 --checkpoint /dev/full --output full.xyz");
  CHECK(full.code == 1);
  CHECK_THAT(full.errors,
             ContainsSubstring("/dev/full': No space left on device; the work goes on, and is saved later"));
  CHECK(read_extxyz(file("full.xyz")).size() == 2);
  const Outcome long_way =
      run(folder.path(), "relax clusters.xyz -p lj --save-every 1e-9 --trajectory /dev/full --output way.xyz");
  CHECK(long_way.code == 1);
  CHECK(read_extxyz(file("way.xyz")).size() == 2);
}

TEST_CASE("Ctrl-C during a relaxation leaves a checkpoint beside the output, which goes when it is done",
          "[apps][relax]") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& name) { return folder.path() / name; };
  write_clusters(file("clusters.xyz"), 3);
  // Never done: forces of rounding errors.
  const std::string command = "relax clusters.xyz -p lj --method fire --fmax 1e-300 --output r.xyz --threads 2 ";
  const Outcome stopped =
      shell(folder.path(), "set -m; \"$adatom\" " + command +
                               "--steps 1000000000 --save-every 0.01 & pid=$!\n"
                               "until [ -e r.xyz.checkpoint ] || ! kill -0 $pid; do sleep 0.01; done; "
                               "kill -INT $pid; wait $pid");
  INFO(stopped.errors);
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.errors,
             ContainsSubstring("stopped; 0 relaxed structures written") &&
                 ContainsSubstring("repeat the command with --resume to go on from 'r.xyz.checkpoint'"));
  CHECK(read_extxyz(file("r.xyz.checkpoint")).size() == 3);
  const Outcome resumed = run(folder.path(), command + "--resume --steps 10");
  CHECK(resumed.code == 1);
  CHECK(read_extxyz(file("r.xyz")).size() == 3);
  CHECK_FALSE(std::filesystem::exists(file("r.xyz.checkpoint")));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 4);  // .out and .err too
}

TEST_CASE("a relaxation that is killed again and again ends where one does that was not", "[apps][relax]") {
  const TemporaryFolder folder;
  const auto file = [&](const std::string& name) { return folder.path() / name; };
  write_clusters(file("clusters.xyz"), 20);
  const std::string command =
      "relax clusters.xyz -p lj --method gradient-descent --fmax 1e-5 --steps 1000000 --threads 2 --save-every 0.01 "
      "--quiet ";
  REQUIRE(run(folder.path(), command + "--output a.xyz --trajectory a.path").code == 0);
  const Outcome outcome =
      run_killed(folder.path(), command + "--output b.xyz --trajectory b.path", "b.xyz.checkpoint", 5);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  CHECK_FALSE(std::filesystem::exists(file("b.xyz.checkpoint")));
  const std::vector<Frame> a = read_extxyz(file("a.xyz")), b = read_extxyz(file("b.xyz"));
  REQUIRE(b.size() == 20);
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(std::get<std::int64_t>(*find_info(b[i], "number")) == static_cast<std::int64_t>(i));
    CHECK(std::get<bool>(*find_info(b[i], "converged")));
    // E - E(minimum) ≤ |f|²/2k, far below this for forces of 1e-5 eV/Å.
    CHECK(*labels(b[i]).energy == Approx(*labels(a[i]).energy).margin(1e-8));
    CHECK(b[i].atoms.positions[0] == a[i].atoms.positions[0]);  // held
  }
  // Each structure's way is whole and in order.
  std::int64_t structure = 0, step = 0;
  ExtxyzReader path(file("b.path"));
  while (const std::optional<Frame> one = path.next()) {
    const auto whole = [&](const char* key) { return std::get<std::int64_t>(*find_info(*one, key)); };
    step = whole("structure") == structure ? step + 1 : 0;
    if (step == 0) ++structure;
    REQUIRE(whole("structure") == structure);
    REQUIRE(whole("step") == step);
  }
  CHECK(structure == 20);
}
