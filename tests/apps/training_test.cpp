// Training from the command line: interrupted and resumed, saved and read back.
#include <cmath>
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
    const Outcome stopped = shell(folder.path(), "rm -f log; set -m; \"$adatom\" train " + arguments +
                                                     "--output part.adatom > log & pid=$!; "
                                                     "until grep -q best log 2>/dev/null; do sleep 0.01; done; kill -" +
                                                     signal + " $pid; wait $pid");
    CHECK(stopped.code == 130);
    CHECK_THAT(stopped.errors, ContainsSubstring("repeat the command with --resume"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "part.adatom"));
    const Outcome info = run(folder.path(), "info part.adatom.checkpoint");
    CHECK(info.code == 0);
    CHECK_THAT(info.output, ContainsSubstring("epochs completed"));

    // Begun again by mistake, nothing is lost.
    const Outcome again = run(folder.path(), "train " + arguments + "--output part.adatom");
    CHECK(again.code == 2);
    CHECK_THAT(again.errors,
               ContainsSubstring("'part.adatom.checkpoint' is the state of a training; --resume goes on"));

    const Outcome resumed = run(folder.path(), "train " + arguments + "--output part.adatom --resume --threads 2");
    INFO(resumed.errors);
    REQUIRE(resumed.code == 0);
    CHECK(model_without_command(folder.path() / "part.adatom") ==
          model_without_command(folder.path() / "whole.adatom"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "part.adatom.checkpoint"));
    std::filesystem::remove(folder.path() / "part.adatom");
  }
}

TEST_CASE("train replaces no model that another run has made meanwhile", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "small.xyz", small_data(12));
  // The first run waits for its data while the second trains and ends.
  const Outcome outcome = shell(folder.path(), "mkfifo data.xyz\n\"$adatom\" train " + options +
                                                   "--epochs 2 --output m & pid=$!\n"
                                                   "exec 3>data.xyz\n"  // returns when the first run has opened it
                                                   "echo made by another >m; cat small.xyz >&3; exec 3>&-; wait $pid");
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.errors, ContainsSubstring("--output 'm' exists"));
  CHECK(content(folder.path() / "m") == "made by another\n");
}

TEST_CASE("a checkpoint of another network is refused", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  REQUIRE(run(folder.path(), "train " + options + "--epochs 2 --output a --checkpoint c").code == 0);
  const Outcome outcome =
      run(folder.path(), "train " + options + "--hidden 7 --epochs 2 --output b --checkpoint c --resume");
  CHECK(outcome.code == 2);  // --hidden twice
  const Outcome other = run(
      folder.path(),
      "train data.xyz --batch-size 4 --hidden 7 --radial 4 --angular 2 --epochs 2 --output b --checkpoint c --resume");
  CHECK(other.code == 2);
  CHECK_THAT(other.errors, ContainsSubstring("layers"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "b"));
}

TEST_CASE("a checkpoint of other functions or another activation is refused", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  REQUIRE(run(folder.path(), "train " + options + "--epochs 2 --output a --checkpoint c").code == 0);
  for (const std::string change : {"--cutoff 3", "--activation tanh", "--zetas 1,2,4,8", "--angular-cutoff 3"}) {
    CAPTURE(change);
    const Outcome other =
        run(folder.path(), "train " + options + "--epochs 2 --output b --checkpoint c --resume " + change);
    CHECK(other.code == 2);
    CHECK_THAT(other.errors, ContainsSubstring("checkpoint ") && ContainsSubstring("c: "));
  }
}

TEST_CASE("training reports what it found, and its errors are those of the saved file", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(60));
  const Outcome trained =
      run(folder.path(), "train " + options + "--epochs 5 --output m.adatom --metrics m.json --figures figures");
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
  CHECK_THAT(run(folder.path(), "evaluate m.adatom n.xyz").errors,
             ContainsSubstring("element 'N' (frame 1 of n.xyz) is not in the model (C)"));
}

TEST_CASE("large forces are left out on request, and errors stand beside those of zero forces", "[apps][train]") {
  const TemporaryFolder folder;
  const std::string strong =
      "2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=-2 run=99\nC 0 0 0 50 0 0\nC 0.8 0 0 -50 0 0\n";
  write(folder.path() / "data.xyz", small_data(30) + strong);
  REQUIRE(run(folder.path(),
              "train " + options +
                  "--epochs 2 --largest-force 10 --validation-fraction 0 --test-fraction 0 --output m --metrics m.json")
              .code == 0);
  CHECK(nlohmann::json::parse(content(folder.path() / "m.json")).at("structures").at("training") == 30);
  const Outcome evaluated = run(folder.path(), "evaluate m data.xyz --largest-force 10 --metrics e.json");
  CHECK_THAT(evaluated.output, ContainsSubstring("1 structure with force components beyond 10 eV/Å left out"));
  const auto all = nlohmann::json::parse(content(folder.path() / "e.json")).at("errors").at("all");
  CHECK(all.at("structures") == 30);
  // Squares of the nine components of each frame: 0.01 twice, 0.04 twice.
  CHECK(all.at("forces").at("baseline_rmse").get<double>() == Approx(1000.0 * std::sqrt(0.1 / 9.0)).epsilon(1e-9));

  // The one left out is the only one outside the range of the training data.
  const Outcome predicted = run(folder.path(), "predict m data.xyz --output p.xyz --save-extrapolating x.xyz");
  CHECK(predicted.code == 0);
  CHECK_THAT(predicted.errors,
             ContainsSubstring("1 structure leaves the range of the training data; worst: frame 31 of data.xyz"));
  CHECK(content(folder.path() / "x.xyz").starts_with("2\n"));
}

TEST_CASE("Ctrl-C before the first step ends at once", "[apps][train]") {
  const TemporaryFolder folder;
  // Each atom has a million neighbours: its symmetry functions take minutes.
  write(folder.path() / "dense.xyz",
        "2\n"
        "Lattice=\"2 0 0 0 2 0 0 0 2\" Properties=species:S:1:pos:R:3:forces:R:3 energy=-1\n"
        "C 0 0 0 0 0 0\n"
        "C 1 1 1 0 0 0\n");
  const Outcome outcome = shell(
      folder.path(),
      "set -m; \"$adatom\" train dense.xyz --cutoff 80 --output m > log & pid=$!; "
      "until grep -q Reference log 2>/dev/null; do sleep 0.01; done; sleep 0.2; kill -INT $pid; "
      "for i in {1..500}; do kill -0 $pid 2>/dev/null || break; sleep 0.01; done; kill -9 $pid 2>/dev/null; wait $pid");
  CHECK(outcome.code == 130);
}

TEST_CASE("when nobody reads the table any more, a checkpoint is left", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(60));
  const Outcome outcome =
      shell(folder.path(), "\"$adatom\" train " + options +
                               "--epochs 5000 --output m | head -n 40 | cat >/dev/null; exit ${PIPESTATUS[0]}");
  CHECK(outcome.code == 141);
  CHECK(outcome.errors.empty());
  CHECK(run(folder.path(), "info m.checkpoint").code == 0);
}

TEST_CASE("a terminal shows a bar that fits into its line, another place none", "[apps][progress]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(60));
  const auto seen = [&folder](const std::string& wrapped) {
    return shell(folder.path(),
                 "command -v script >/dev/null || { echo skipped; exit 0; }\nexport adatom; timeout -s INT 3 " +
                     wrapped + " </dev/null");
  };
  const std::string train = "\\\"\\$adatom\\\" train " + options + "--epochs 1000000 --output m";
  for (const std::size_t columns : {60u, 100u}) {
    const Outcome terminal = seen("script -qec \"stty cols " + std::to_string(columns) + "; " + train +
                                  std::to_string(columns) + " >log\" /dev/null");
    if (terminal.output.find("skipped") != std::string::npos) return;
    CHECK_THAT(terminal.output, ContainsSubstring("\033[K") && ContainsSubstring(" left"));
    CHECK((terminal.output.find("training  [") != std::string::npos) ==
          (columns == 100));  // the bar gives way to numbers
    std::istringstream pieces(terminal.output);
    for (std::string piece; std::getline(pieces, piece, '\r');)
      CHECK(piece.substr(0, piece.find("\033[K")).size() < columns);
  }
  const Outcome file =
      shell(folder.path(), "timeout -s INT 3 \"$adatom\" train " + options + "--epochs 1000000 --output n");
  CHECK(file.errors.find('\r') == std::string::npos);
}

TEST_CASE("two runs do not make the same model", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(60));
  const Outcome outcome = shell(
      folder.path(), "set -m; \"$adatom\" train " + options +
                         "--epochs 100000 --output m > log & pid=$!; "
                         "until grep -q best log 2>/dev/null; do sleep 0.01; done; "
                         "\"$adatom\" train " +
                         options + "--epochs 2 --output m --quiet; code=$?; kill -INT $pid; wait $pid; exit $code");
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.errors, ContainsSubstring("'m' is being made by another run at this moment"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "m.lock"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "m"));
  CHECK(run(folder.path(), "info m.checkpoint").code == 0);
}

TEST_CASE("training remarks on data that is not as it should be", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(30));
  const auto remarks = [&](const std::string& arguments) {
    const Outcome outcome =
        run(folder.path(), "train " + arguments + " --hidden 4 --radial 4 --angular 2 --epochs 2 --force --output m");
    CHECK(outcome.code == 0);
    return outcome.errors;
  };
  CHECK(remarks("data.xyz").empty());
  CHECK_THAT(remarks("data.xyz ./data.xyz"), ContainsSubstring("'./data.xyz' is given more than once"));
  CHECK_THAT(remarks("data.xyz --validation data.xyz"),
             ContainsSubstring("27 structures of the validation data are in the training data too"));
  write(folder.path() / "one.xyz", small_data(1));
  CHECK_THAT(remarks("one.xyz"), ContainsSubstring("too few runs for a validation part") &&
                                     ContainsSubstring("there is nothing to learn from them, only from the forces"));
  CHECK(remarks("data.xyz --learning-rate 1e-6").empty());  // the final rate is then no higher
}

TEST_CASE("training that diverges ends with code 1 and the best model until then", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(60));
  // The rate rises step by step, through where it is good to where weights run away.
  const Outcome outcome =
      run(folder.path(),
          "train " + options +
              "--epochs 10000 --learning-rate 1e7 --warm-up 1000000000 --average-decay 0 --output m --quiet");
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.errors, ContainsSubstring("training diverged: energies are off by") &&
                                 ContainsSubstring("'m' is the best model until then, of epoch"));
  CHECK(run(folder.path(), "evaluate m data.xyz").code == 0);

  const Outcome hopeless = run(folder.path(), "train " + options + "--epochs 50 --learning-rate 1e10 --output n");
  CHECK(hopeless.code == 1);
  CHECK_THAT(hopeless.errors,
             ContainsSubstring("training diverged") && ContainsSubstring("the step before): lower the learning rate"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "n"));
}

TEST_CASE("a learning rate that is too high ends with code 1 and no model", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(30));
  const Outcome outcome =
      run(folder.path(), "train " + options + "--epochs 50 --learning-rate 1e300 --warm-up 0 --output m");
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.errors, ContainsSubstring("lower the learning rate"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "m"));
}

TEST_CASE("train says where the data, or which option, cannot be used", "[apps][train][errors]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  std::string odd = small_data(3);
  odd.replace(odd.rfind("run=0"), 5, "run=T");
  write(folder.path() / "odd.xyz", odd);
  const std::string key = "frame 3 of odd.xyz: 'run', which --run-key names, must be a number or a text\n";
  for (const std::string command : {"train odd.xyz -o m", "check odd.xyz"}) {
    CAPTURE(command);
    const Outcome outcome = run(folder.path(), command + " --quiet");
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.errors, ContainsSubstring(key));
  }
  const Outcome endless = run(folder.path(), "train data.xyz -o m --quiet --warm-up 18446744073709551615");
  CHECK(endless.code == 2);
  CHECK_THAT(endless.errors, ContainsSubstring("--warm-up: at most 1000000000000, found 18446744073709551615"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "m"));
}
