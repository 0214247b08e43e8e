// Training from the command line: interrupted and resumed, saved and read back.
#include <nlohmann/json.hpp>

#include "potentials/local_ansatz.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::ContainsSubstring;

namespace {

/// Of a model file everything but the command that made it and the checksum over all.
std::string model_without_command(const std::filesystem::path& path) {
  std::istringstream file(content(path));
  std::string kept;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("note.command") && !line.starts_with("checksum")) kept += line + "\n";
  }
  return kept;
}

const std::string options = "data.xyz --batch-size 4 --hidden 6 --radial 4 --angular 2 --seed 3 ";

}  // namespace

TEST_CASE("Ctrl-C leaves a valid checkpoint, from which training goes on bit for bit", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(60));
  for (const std::string signal : {"INT", "TERM"}) {
    CAPTURE(signal);
    const std::string arguments = options + "--epochs 600 ";
    const Outcome whole = run(folder.path(), "train " + arguments + "--force --output whole.adatom");
    INFO(whole.errors);
    REQUIRE(whole.code == 0);
    // Stops it as soon as the first epoch is on the screen; set -m because shells start background jobs deaf to Ctrl-C.
    const Outcome stopped = shell(folder.path(), "set -m; \"$adatom\" train " + arguments + "--output part.adatom > log & pid=$!; "
                                                 "until grep -q best log 2>/dev/null; do sleep 0.01; done; kill -" + signal + " $pid; wait $pid");
    CHECK(stopped.code == 130);
    CHECK_THAT(stopped.errors, ContainsSubstring("repeat the command with --resume"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "part.adatom"));
    const Outcome info = run(folder.path(), "info part.adatom.checkpoint");
    CHECK(info.code == 0);
    CHECK_THAT(info.output, ContainsSubstring("epochs completed"));

    const Outcome resumed = run(folder.path(), "train " + arguments + "--output part.adatom --resume --threads 2");
    INFO(resumed.errors);
    REQUIRE(resumed.code == 0);
    CHECK(model_without_command(folder.path() / "part.adatom") == model_without_command(folder.path() / "whole.adatom"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "part.adatom.checkpoint"));
    std::filesystem::remove(folder.path() / "part.adatom");
  }
}

TEST_CASE("a checkpoint of another network is refused", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  REQUIRE(run(folder.path(), "train " + options + "--epochs 2 --output a --checkpoint c").code == 0);
  const Outcome outcome = run(folder.path(), "train " + options + "--hidden 7 --epochs 2 --output b --checkpoint c --resume");
  CHECK(outcome.code == 2);  // --hidden twice
  const Outcome other = run(folder.path(), "train data.xyz --batch-size 4 --hidden 7 --radial 4 --angular 2 --epochs 2 --output b --checkpoint c --resume");
  CHECK(other.code == 2);
  CHECK_THAT(other.errors, ContainsSubstring("layers"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "b"));
}

TEST_CASE("training reports what it found, and its errors are those of the saved file", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(60));
  const Outcome trained = run(folder.path(), "train " + options + "--epochs 5 --output m.adatom --metrics m.json --figures figures");
  INFO(trained.errors);
  REQUIRE(trained.code == 0);
  CHECK_THAT(trained.output, ContainsSubstring("Reference energies by least squares: C"));
  for (const std::string file : {"learning_curve.dat", "learning_curve.gp", "parity_energy.dat", "parity_forces.gp"}) {
    CHECK(std::filesystem::exists(folder.path() / "figures" / file));
  }
  const auto metrics = nlohmann::json::parse(content(folder.path() / "m.json"));
  CHECK(metrics.at("history").size() == 5);
  const Outcome evaluated = run(folder.path(), "evaluate m.adatom data.xyz --split test --metrics e.json");
  REQUIRE(evaluated.code == 0);
  const auto again = nlohmann::json::parse(content(folder.path() / "e.json"));
  CHECK(metrics.at("errors") == again.at("errors"));
  CHECK(metrics.at("structures").at("test") == again.at("errors").at("all").at("structures"));

  write(folder.path() / "n.xyz", "1\nenergy=1\nN 0 0 0\n");
  CHECK_THAT(run(folder.path(), "evaluate m.adatom n.xyz").errors, ContainsSubstring("element 'N' (frame 1 of n.xyz) is not in the model (C)"));
}

TEST_CASE("a learning rate that is too high ends with code 1 and no model", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(30));
  const Outcome outcome = run(folder.path(), "train " + options + "--epochs 50 --learning-rate 1e300 --warm-up 0 --output m");
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.errors, ContainsSubstring("lower the learning rate"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "m"));
}
