// adatom md and adatom vibrations: what they write, that runs resume bit for bit, and what they refuse.
#include <cmath>
#include <sstream>

#include "atoms/extxyz.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

const char* const crystal = "build bulk Cu --setting cubic --repeat 2,2,2 -o cu.xyz --quiet";

}  // namespace

TEST_CASE("md writes a log, a trajectory and a last structure that ASE reads", "[apps][md]") {
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(), crystal).code == 0);
  const Outcome outcome = run(folder.path(),
                              "md cu.xyz -p emt --steps 60 --time-step 4 --temperature 500 --seed 3 --log l.txt "
                              "--trajectory t.xyz --trajectory-every 20 --rdf g.txt -o end.xyz");
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.output, ContainsSubstring("Cu32, constant energy, steps of 4 fs"));
  CHECK_THAT(outcome.output, ContainsSubstring("Mean temperature"));
  const std::vector<std::vector<double>> log = numbers_of(folder.path() / "l.txt");
  REQUIRE(log.size() == 7);
  for (std::size_t row = 0; row < log.size(); ++row) {
    REQUIRE(log[row].size() == 9);
    CHECK(log[row][0] == 10.0 * double(row));
    CHECK(log[row][1] == 40.0 * double(row));
    CHECK(log[row][4] == Approx(log[row][2] + log[row][3]).epsilon(1e-12));
    CHECK(std::abs(log[row][6] - log[0][6]) < 0.05 * 32);  // 4 fs is not the shortest of steps
  }
  CHECK(log[0][5] > 300.0);
  CHECK(log[0][5] < 700.0);  // 93 degrees of freedom: 500 K ± 73 K
  const std::vector<adatom::Frame> frames = adatom::read_extxyz(folder.path() / "t.xyz");
  REQUIRE(frames.size() == 4);
  CHECK(std::get<std::int64_t>(*adatom::find_info(frames[3], "step")) == 60);
  CHECK(frames[3].atoms == adatom::read_extxyz(folder.path() / "end.xyz").front().atoms);
  CHECK(content(folder.path() / "g.txt").find("# r_A g") == 0);

  const Outcome ase = shell(folder.path(),
                            "/usr/bin/python3 -c 'import ase.io' || { echo skipped; exit 0; }\n"
                            "/usr/bin/python3 -c 'import ase.io; a = ase.io.read(\"end.xyz\"); "
                            "print(repr(a.get_kinetic_energy()), repr(a.get_potential_energy()))'");
  if (ase.output.find("skipped") != std::string::npos) {
    WARN("ASE is not installed: not checked that it reads our velocities");
  } else {
    std::istringstream numbers(ase.output);
    double kinetic = 0.0, potential = 0.0;
    numbers >> kinetic >> potential;
    CHECK(kinetic == Approx(log.back()[3]).epsilon(1e-12));
    CHECK(potential == Approx(log.back()[2]).epsilon(1e-12));
  }
  // The end of one run is the start of the next, with its velocities.
  const Outcome next = run(folder.path(), "md end.xyz -p emt --steps 10 --log m.txt -o next.xyz");
  CHECK(next.code == 0);
  CHECK_THAT(next.errors, ContainsSubstring("velocities are those of 'end.xyz'"));
  CHECK(numbers_of(folder.path() / "m.txt")[0][3] == Approx(log.back()[3]).epsilon(1e-12));
}

TEST_CASE("md resumes bit for bit, and Ctrl-C leaves a checkpoint", "[apps][md]") {
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(), crystal).code == 0);
  const std::string common =
      "md cu.xyz -p emt --time-step 4 --temperature 500 --thermostat langevin --quiet --trajectory-every 15 ";
  REQUIRE(run(folder.path(), common + "--steps 70 --log a.txt --trajectory a.xyz --rdf a.rdf -o a_end.xyz").code == 0);
  REQUIRE(run(folder.path(), common + "--steps 33 --log b.txt --trajectory b.xyz -o b_end.xyz").code == 0);
  // As if the first run had gone on for a while after its last checkpoint.
  write(folder.path() / "b.txt", content(folder.path() / "b.txt") + "40 160 1 2 3 4 5 6 7\n50 20");
  write(folder.path() / "b.xyz", content(folder.path() / "b.xyz") + content(folder.path() / "b.xyz").substr(0, 500));
  REQUIRE(run(folder.path(),
              common + "--steps 70 --log b.txt --trajectory b.xyz --rdf b.rdf -o b_end.xyz --resume --threads 1")
              .code == 0);
  CHECK(content(folder.path() / "a_end.xyz") == content(folder.path() / "b_end.xyz"));
  CHECK(content(folder.path() / "a.xyz") == content(folder.path() / "b.xyz"));
  CHECK(content(folder.path() / "a.rdf") == content(folder.path() / "b.rdf"));  // of steps 35 to 70
  // The interrupted run noted its last step too.
  std::vector<std::vector<double>> a = numbers_of(folder.path() / "a.txt"), b = numbers_of(folder.path() / "b.txt");
  std::erase_if(b, [](const std::vector<double>& row) { return row[0] == 33.0; });
  CHECK(a == b);

  const auto interrupted = [&folder](const std::string& log, const std::string& output) {
    return shell(folder.path(),
                 "log=" + log + " output=" + output +
                     "; set -m\n"
                     "\"$adatom\" md cu.xyz -p emt --steps 100000000 --log $log -o $output >/dev/null & pid=$!\n"
                     "until grep -q ^50 $log 2>/dev/null; do sleep 0.01; done; kill -INT $pid; wait $pid");
  };
  const Outcome stopped = interrupted("c.txt", "c.xyz");
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.errors, ContainsSubstring("repeat the command with --resume"));
  CHECK(std::filesystem::exists(folder.path() / "c.xyz.checkpoint"));
  // Where the structure goes to a device there is no checkpoint beside it.
  const Outcome lost = interrupted("d.txt", "/dev/null");
  CHECK(lost.code == 130);
  CHECK_THAT(lost.errors, ContainsSubstring("; without a --checkpoint there is nothing to go on from\n"));
  const std::size_t reached = std::size_t(numbers_of(folder.path() / "c.txt").back()[0]);
  const Outcome further =
      run(folder.path(), "md cu.xyz -p emt --steps " + std::to_string(reached + 20) + " --log c.txt -o c.xyz --resume");
  CHECK(further.code == 0);
  CHECK_THAT(further.output, ContainsSubstring("resumed at step"));
}

TEST_CASE("md resumed with friction counts the motions that it sets going", "[apps][md]") {
  // Four free atoms: 6 degrees of freedom at constant energy, where the cluster neither drifts nor turns; 12 with
  // Langevin's kicks.
  const TemporaryFolder folder;
  write(folder.path() / "cu.xyz", "4\n\nCu 0 0 0\nCu 1.7 1.7 0\nCu 1.7 0 1.7\nCu 0 1.7 1.7\n");
  const auto temperature_over_energy = [&folder](const std::string& options) {
    const Outcome outcome = run(folder.path(), "md cu.xyz -p emt --log l -o end.xyz --quiet " + options);
    INFO(outcome.errors);
    REQUIRE(outcome.code == 0);
    const std::vector<double> last = numbers_of(folder.path() / "l").back();
    return last[5] / last[3];  // 2/(f k_B)
  };
  const double boltzmann = 8.617333262e-5;  // eV/K
  CHECK(temperature_over_energy("--steps 20") == Approx(2.0 / (6.0 * boltzmann)));
  CHECK(temperature_over_energy("--steps 40 --thermostat langevin --resume") == Approx(2.0 / (12.0 * boltzmann)));
  CHECK(temperature_over_energy("--steps 60 --resume") == Approx(2.0 / (12.0 * boltzmann)));  // it drifts and turns
}

TEST_CASE("md that is killed again and again ends as a run that was not", "[apps][md]") {
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(), crystal).code == 0);
  const std::string command =
      "md cu.xyz -p emt --time-step 4 --temperature 500 --thermostat rescaling --steps 2000 --checkpoint-every 50 "
      "--quiet ";
  const auto with_files = [&command](const std::string& name) {
    return command + "--log " + name + ".log --trajectory " + name + ".path --trajectory-every 20 --checkpoint " +
           name + ".state -o " + name + ".end";
  };
  REQUIRE(run(folder.path(), with_files("a")).code == 0);
  const Outcome outcome = run_killed(folder.path(), with_files("b"), "b.state", 6);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  for (const std::string file : {"log", "path"})
    CHECK(content(folder.path() / ("a." + file)) == content(folder.path() / ("b." + file)));
  const adatom::Frame a = adatom::read_extxyz(folder.path() / "a.end").front(),
                      b = adatom::read_extxyz(folder.path() / "b.end").front();
  CHECK(a.atoms == b.atoms);
  CHECK(a.columns == b.columns);  // velocities and forces
}

TEST_CASE("Ctrl-C ends vibrations and eos at once", "[apps][vibrations][eos]") {
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(), "build bulk Cu --setting cubic --repeat 6,6,6 -o cu.xyz --quiet").code == 0);
  // Each takes far more than the five seconds after which it would be killed.
  for (const std::string command :
       {"vibrations cu.xyz -p emt -o out", "eos cu.xyz -p emt --points 10000 --relax -o out"}) {
    CAPTURE(command);
    const Outcome outcome = shell(folder.path(), "set -m; \"$adatom\" " + command +
                                                     " & pid=$!; sleep 0.4; kill -INT $pid; for i in {1..500}; do "
                                                     "kill -0 $pid 2>/dev/null || break; sleep 0.01; done; "
                                                     "kill -9 $pid 2>/dev/null; wait $pid");
    CHECK(outcome.code == 130);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "out"));
  }
}

TEST_CASE("md says in one line what is wrong", "[apps][md][errors]") {
  const TemporaryFolder folder;
  REQUIRE(run(folder.path(), crystal).code == 0);
  write(folder.path() / "ar.xyz", "3\n\nAr 0 0 0\nAr 1.12 0 0\nAr 0 1.12 0\n");
  REQUIRE(run(folder.path(), "md cu.xyz -p emt --steps 3 -o done.xyz --quiet").code == 0);
  struct Refusal {
    const char* arguments;
    int code;
    const char* message;
  };
  const Refusal refusals[] = {
      {"md cu.xyz -p emt --steps 10", 2, "--output is required"},
      {"md cu.xyz -p emt -o x.xyz --time-step 0", 2, "--time-step: expected a number above 0, found '0'"},
      {"md cu.xyz -p emt -o x.xyz --time-step 1000", 2, "the time step must be at most 100 fs"},
      {"md cu.xyz -p emt -o x.xyz --temperature -1", 2, "--temperature"},
      {"md cu.xyz -p emt -o x.xyz --thermostat nose", 2, "--thermostat"},
      {"md cu.xyz -p emt -o cu.xyz", 2, "is also an input"},
      {"md cu.xyz -p emt -o x.xyz --log missing/l", 2, "there is no folder 'missing'"},
      {"md cu.xyz -p emt -o x.xyz --resume", 2, "--resume: there is no checkpoint 'x.xyz.checkpoint'"},
      {"md cu.xyz -p emt -o /dev/null --resume", 2, "--resume needs the --checkpoint to go on from"},
      {"md ar.xyz -p lj -o done.xyz --resume", 2, "has Cu32, 'ar.xyz' has Ar3"},
      {"md cu.xyz -p emt -o done.xyz --resume --steps 2", 2, "is at step 3 already"},
      {"md cu.xyz -p lj -o done.xyz --resume", 2, "was made with --potential emt, not with --potential lj --epsilon"},
      {"md cu.xyz -p emt -o done.xyz --resume --time-step 2", 2, "was made with --time-step 1, this run asks for 2"},
      {"md cu.xyz -p lj -o x.xyz", 2, "needs a cutoff"},
      {"md ar.xyz -p lj -o x.xyz --time-step 9 --temperature 20000", 1, "reduce the time step"},
      {"vibrations missing.xyz -p lj", 2, "cannot open 'missing.xyz'"},
      {"vibrations ar.xyz -p lj --hessian guess", 2, "--hessian"},
      {"vibrations ar.xyz -p lj --modes ar.xyz", 2, "is also an input"},
  };
  for (const Refusal& refusal : refusals) {
    CAPTURE(refusal.arguments);
    const Outcome outcome = run(folder.path(), std::string(refusal.arguments) + " --quiet");
    CHECK(outcome.code == refusal.code);
    CHECK_THAT(outcome.errors, ContainsSubstring(refusal.message));
    CHECK(!std::filesystem::exists(folder.path() / "x.xyz"));
  }
  if (std::filesystem::exists("/dev/full")) {
    const Outcome full = run(folder.path(), "md cu.xyz -p emt --steps 3 --log /dev/full -o y.xyz --quiet");
    CHECK(full.code == 1);
    CHECK_THAT(full.errors, ContainsSubstring("cannot write '/dev/full'"));
  }
}

TEST_CASE("vibrations tells the wavenumbers of CO and films its modes", "[apps][vibrations]") {
  const TemporaryFolder folder;
  write(folder.path() / "co.xyz", "2\n\nC 0 0 0\nO 0 0 1.1\n");
  REQUIRE(run(folder.path(), "relax co.xyz -p emt --fmax 1e-8 -o relaxed.xyz --quiet").code == 0);
  for (const std::string method : {"autodiff", "differences"}) {
    const Outcome outcome =
        run(folder.path(), "vibrations relaxed.xyz -p emt --modes m.xyz -o w.txt --hessian " + method);
    CHECK(outcome.code == 0);
    CHECK(outcome.errors.empty());
    CHECK_THAT(outcome.output, ContainsSubstring("1081.2"));  // tests/data/simulation.json
    CHECK_THAT(outcome.output, ContainsSubstring("1 vibration above 1 1/cm"));
    CHECK_THAT(outcome.output, ContainsSubstring("Zero-point energy 0.06703 eV"));
    CHECK(adatom::read_extxyz(folder.path() / "m.xyz").size() == 6 * 24);
    CHECK(numbers_of(folder.path() / "w.txt").size() == 6);
  }
  const Outcome strained = run(folder.path(), "vibrations co.xyz -p emt");
  CHECK(strained.code == 0);
  CHECK_THAT(strained.errors, ContainsSubstring("warning: fmax is "));
  // Held atoms do not count.
  write(folder.path() / "held.xyz",
        "2\nProperties=species:S:1:pos:R:3:move_mask:L:1 pbc=\"F F F\"\nC 0 0 0 F\nO 0 0 1.1 T\n");
  CHECK_THAT(run(folder.path(), "vibrations held.xyz -p emt").errors, ContainsSubstring("1 atom fixed by move_mask"));
}
