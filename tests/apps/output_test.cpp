// What the commands write: files that others read, closed pipes and full disks.
#include <unistd.h>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "potentials/local_ansatz.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

void train_small_model(const std::filesystem::path& folder) {
  write(folder / "data.xyz", small_data(30));
  REQUIRE(run(folder, "train data.xyz --epochs 2 --hidden 4 --radial 4 --angular 2 --output m.adatom --quiet").code ==
          0);
}

}  // namespace

TEST_CASE("predict writes what the model gives, and ASE reads it", "[apps][predict]") {
  const TemporaryFolder folder;
  train_small_model(folder.path());
  REQUIRE(run(folder.path(), "predict m.adatom data.xyz --output p.xyz --per-atom").code == 0);
  const std::vector<adatom::Frame> frames = adatom::read_extxyz(folder.path() / "p.xyz");
  REQUIRE(frames.size() == 30);
  const adatom::LocalAnsatz model = adatom::load_model(folder.path() / "m.adatom");
  for (const adatom::Frame& frame : frames) {
    const adatom::Prediction expected = model.compute(frame.atoms);
    const adatom::Labels found = adatom::labels(frame);
    CHECK(found.energy == expected.energy);
    CHECK(found.forces == expected.forces);
    CHECK(adatom::find_info(frame, "run") != nullptr);  // what else was there stays
  }
  const Outcome ase = shell(folder.path(),
                            "/usr/bin/python3 -c 'import ase.io' || { echo skipped; exit 0; }\n"
                            "/usr/bin/python3 -c 'import ase.io; a = ase.io.read(\"p.xyz\", \":\"); print(len(a), "
                            "repr(a[0].get_potential_energy()), "
                            "a[0].get_forces().shape)'");
  if (ase.output.find("skipped") != std::string::npos) {
    WARN("ASE is not installed: not checked that it reads our files");
  } else {
    CHECK(ase.code == 0);
    CHECK_THAT(ase.output, ContainsSubstring("30 "));
    CHECK_THAT(ase.output, ContainsSubstring("(3, 3)"));
    CHECK(std::stod(ase.output.substr(3)) == Approx(*adatom::labels(frames[0]).energy).epsilon(1e-12));
  }
}

TEST_CASE("predict names the frame whose energy is out of bounds", "[apps][predict][errors]") {
  const TemporaryFolder folder;
  train_small_model(folder.path());
  const adatom::LocalAnsatz model = adatom::load_model(folder.path() / "m.adatom");
  std::vector<adatom::ElementNetwork> networks(model.networks().begin(), model.networks().end());
  for (adatom::ElementNetwork& network : networks) network.reference_energy = 1e308;  // two such atoms are too much
  adatom::save_model(folder.path() / "m.adatom", adatom::LocalAnsatz(model.functions(), networks, 1.0));
  const std::string line = "\nProperties=species:S:1:pos:R:3\n", atom = "C 0 0 0\n";
  write(folder.path() / "d.xyz", "1" + line + atom + "2" + line + atom + "C 1.4 0 0\n");
  const Outcome outcome = run(folder.path(), "predict m.adatom d.xyz --output p.xyz");
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.errors, ContainsSubstring("frame 2 of d.xyz: the energy is not finite"));
  CHECK(!std::filesystem::exists(folder.path() / "p.xyz"));
}

TEST_CASE("a reader that stops reading ends the command quietly; a full disk does not go unnoticed", "[apps][output]") {
  const TemporaryFolder folder;
  train_small_model(folder.path());
  const Outcome piped =
      shell(folder.path(), "set -o pipefail; \"$adatom\" info m.adatom --functions | head -n 1 | cat");
  CHECK(piped.errors.empty());
  const Outcome closed = shell(folder.path(), "\"$adatom\" check data.xyz | true; exit ${PIPESTATUS[0]}");
  CHECK(closed.errors.empty());
  CHECK((closed.code == 0 || closed.code == 141));

  if (!std::filesystem::exists("/dev/full")) return;
  for (const std::string command : {"--help", "--version", "check data.xyz", "info m.adatom"}) {
    CAPTURE(command);
    const Outcome full = run(folder.path(), command + " >/dev/full");
    CHECK(full.code == 1);
    CHECK_THAT(full.errors, ContainsSubstring("No space left on device"));
  }
  CHECK(run(folder.path(), "predict m.adatom data.xyz --output /dev/full").code == 1);
  CHECK(run(folder.path(), "check data.xyz >&-").code == 1);
}

TEST_CASE("relax reaches the minimum of a Lennard-Jones trimer, and says when it does not", "[apps][relax]") {
  const TemporaryFolder folder;
  write(folder.path() / "start.xyz", "3\n\nAr 0 0 0\nAr 1.3 0 0\nAr 0 1.2 0\n");
  REQUIRE(run(folder.path(), "relax start.xyz -p lj --fmax 1e-6 --output r.xyz --trajectory t.xyz").code == 0);
  const std::vector<adatom::Frame> relaxed = adatom::read_extxyz(folder.path() / "r.xyz");
  CHECK(*adatom::labels(relaxed.front()).energy ==
        Approx(-3.0).margin(1e-10));  // an equilateral triangle: three wells of depth 1
  CHECK(adatom::read_extxyz(folder.path() / "t.xyz").size() > 2);

  const Outcome lost = run(folder.path(), "relax start.xyz -p lj --lj-cutoff 0.5 --output l.xyz");
  CHECK(lost.code == 0);
  CHECK_THAT(lost.errors, ContainsSubstring("warning: frame 1 of start.xyz: no atom feels another"));

  const Outcome unfinished = run(folder.path(), "relax start.xyz -p lj --fmax 1e-6 --steps 1 --output u.xyz");
  CHECK(unfinished.code == 1);
  CHECK_THAT(unfinished.errors, ContainsSubstring("frame 1 of start.xyz"));
}

TEST_CASE("relax knows every built-in potential", "[apps][relax]") {
  const TemporaryFolder folder;
  const auto energy = [&](const std::string& element, const std::string& options) {
    write(folder.path() / "dimer.xyz", "2\n\n" + element + " 0 0 0\n" + element + " 1.3 0 1.9\n");
    REQUIRE(run(folder.path(), "relax dimer.xyz --fmax 1e-6 -o r.xyz -p " + options).code == 0);
    return *adatom::labels(adatom::read_extxyz(folder.path() / "r.xyz").front()).energy;
  };
  // A dimer ends as deep as the well.
  CHECK(energy("Ar", "lj --epsilon 0.3 --sigma 2") == Approx(-0.3).margin(1e-10));
  CHECK(energy("Ar", "morse --epsilon 0.3 --r0 2.2 --rho0 4") == Approx(-0.3).margin(1e-10));
  CHECK(energy("Ar", "morse --epsilon 0.3 --r0 2.2 --rho0 4 --morse-cutoff 0") == Approx(-0.3).margin(1e-10));
  // Below the energy at 2.3 Å in tests/data/potentials.json, emt_Ni2_scan, and near it.
  CHECK(energy("Ni", "emt") < 4.6738596);
  CHECK(energy("Ni", "emt") > 4.3);
}

TEST_CASE("search finds LJ13, the same with any number of threads", "[apps][search]") {
  const TemporaryFolder folder;
  const std::string command = "search -p lj --formula Ar13 --hops 30 --runs 2 --minima 3 --seed 1 ";
  REQUIRE(
      run(folder.path(), command + "--threads 1 --output a.xyz --log a.log --trajectory a.walk.xyz --metrics a.json")
          .code == 0);
  REQUIRE(run(folder.path(), command + "--threads 2 --output b.xyz --log b.log").code == 0);
  CHECK(content(folder.path() / "a.xyz") == content(folder.path() / "b.xyz"));
  CHECK(content(folder.path() / "a.log") == content(folder.path() / "b.log"));
  const std::vector<adatom::Frame> minima = adatom::read_extxyz(folder.path() / "a.xyz");
  // The icosahedron, Cambridge Cluster Database.
  CHECK(*adatom::labels(minima.front()).energy == Approx(-44.326801).margin(1e-5));
  CHECK(adatom::read_extxyz(folder.path() / "a.walk.xyz").size() > 10);
}

TEST_CASE("check counts what is in a file", "[apps][check]") {
  const TemporaryFolder folder;
  write(folder.path() / "d.xyz", small_data(12, "REF_energy") + small_data(1, "REF_energy"));
  const Outcome outcome = run(folder.path(), "check d.xyz");
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.output, ContainsSubstring("REF_energy (13)"));
  CHECK_THAT(outcome.output,
             ContainsSubstring("use --energy-key REF_energy") || ContainsSubstring("--energy-key REF_energy"));
  CHECK_THAT(outcome.output, ContainsSubstring("1 frame nearly the same"));
  CHECK_THAT(outcome.output, ContainsSubstring("frame 13 of d.xyz and frame 1 of d.xyz"));
}

TEST_CASE("check does not call ready what training refuses", "[apps][check]") {
  const TemporaryFolder folder;
  const std::string header = "energy=-1 run=1 Properties=species:S:1:pos:R:3:forces:R:3\n",
                    good = "2\n" + header + "C 0 0 0 0 0 0\nC 0 0 1.3 0 0 0\n";
  const auto verdict = [&](const std::string& text) {
    write(folder.path() / "d.xyz", text);
    const Outcome outcome = run(folder.path(), "check d.xyz");
    CHECK(outcome.code == 0);
    return outcome.output.substr(outcome.output.find("Verdict"));
  };
  CHECK_THAT(verdict(good), ContainsSubstring("Ready for training on energies and forces"));
  for (const std::string second : {"C 0 0 0", "C 0 0 0.0999"}) {
    const std::string coincident = verdict(good + "2\n" + header + "C 0 0 0 0 0 0\n" + second + " 0 0 0\n");
    CHECK_THAT(coincident, ContainsSubstring("1 frame with two atoms closer than 0.1 Å"));
    CHECK_THAT(coincident, !ContainsSubstring("Ready"));
    CHECK_THAT(run(folder.path(), "train d.xyz -o m").errors, ContainsSubstring("frame 2 of d.xyz: atoms 0 and 1 are"));
  }
  const std::string empty = verdict(good + "0\n" + header);
  CHECK_THAT(empty, ContainsSubstring("1 frame without atoms: training refuses"));
  CHECK_THAT(empty, !ContainsSubstring("Ready") && !ContainsSubstring("without energy"));
}
