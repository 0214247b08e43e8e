// adatom train: every option reaches what it is named after.
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "nn/archive.hpp"
#include "potentials/local_ansatz.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

const std::string small_network = "train data.xyz --hidden 4 --radial 3 --force --quiet -o m ";

nlohmann::json history(const std::filesystem::path& folder, const std::string& options) {
  REQUIRE(run(folder, small_network + "--angular 0 --metrics m.json " + options).code == 0);
  return nlohmann::json::parse(content(folder / "m.json")).at("history");
}

}  // namespace

TEST_CASE("train trains with the rates and weights that it is told", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  // No two alike, none a default; the checkpoint tells what the training was made with.
  const std::pair<const char*, double> settings[] = {
      {"learning-rate", 0.004},     {"final-learning-rate", 0.0005}, {"warm-up", 7},       {"energy-weight", 3},
      {"final-energy-weight", 0.6}, {"force-weight", 0.25},          {"gradient-norm", 4}, {"average-decay", 0.9}};
  std::string options = small_network + "--angular 0 --epochs 1 --checkpoint c";
  for (const auto& [option, value] : settings) options += " --" + std::string(option) + " " + std::to_string(value);
  options.replace(options.find("7.000000"), 8, "7");  // a whole number
  const Outcome outcome = run(folder.path(), options);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  const auto setting = [&folder](std::string name) {
    for (char& c : name) c = c == '-' ? '_' : c;
    if (name == "warm_up") name = "warm_up_steps";
    return Archive::load(folder.path() / "c", "checkpoint", 1).number("user.setting." + name);
  };
  for (const auto& [option, value] : settings) {
    CAPTURE(option);
    CHECK(setting(option) == value);
  }
  // The rate falls to its final value, which never lies above.
  REQUIRE(run(folder.path(), small_network + "--angular 0 --epochs 1 --checkpoint c --learning-rate 1e-6").code == 0);
  CHECK(setting("final-learning-rate") == 1e-6);
}

TEST_CASE("train validates every so many epochs, and stops where patience ends", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  const auto validated = [](const nlohmann::json& epochs) {
    std::vector<int> found;
    for (const auto& epoch : epochs) {
      if (epoch.contains("validation_energy")) found.push_back(epoch.at("epoch"));
    }
    return found;
  };
  const nlohmann::json every_third = history(folder.path(), "--epochs 8 --validate-every 3");
  CHECK(every_third.size() == 8);
  CHECK(validated(every_third) == std::vector{3, 6, 8});  // and after the last
  CHECK(validated(history(folder.path(), "--epochs 3")) == std::vector{1, 2, 3});

  // Weights that stay where they are do not improve: the first validation is the best one.
  const std::string standstill = "--epochs 9 --learning-rate 1e-200 --average-decay 0 ";
  CHECK(history(folder.path(), standstill + "--patience 3").size() == 4);
  CHECK(history(folder.path(), standstill + "--patience 2 --validate-every 2").size() == 6);
  CHECK(history(folder.path(), standstill).size() == 9);
}

TEST_CASE("train makes the symmetry functions that it is told", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  REQUIRE(run(folder.path(), small_network + "--epochs 1 --cutoff 4.5 --angular 2 --angular-cutoff 3.25 --zetas 1,3,5")
              .code == 0);
  const LocalAnsatz model = load_model(folder.path() / "m");
  std::size_t radial = 0, angular = 0;
  std::multiset<double> zetas;
  for (const SymmetryFunction& function : model.functions().of(6)) {
    const bool is_radial = function.kind == SymmetryFunctionKind::radial;
    CHECK(function.cutoff == (is_radial ? 4.5 : 3.25));
    ++(is_radial ? radial : angular);
    if (!is_radial) zetas.insert(function.zeta);
  }
  CHECK(radial == 3);
  CHECK(angular == 2 * 3 * 2);  // radial parts, zetas, two signs
  for (const double zeta : {1.0, 3.0, 5.0}) CHECK(zetas.count(zeta) == 4);

  REQUIRE(run(folder.path(), small_network + "--epochs 1 --cutoff 4.5 --angular 1").code == 0);
  const LocalAnsatz ordinary = load_model(folder.path() / "m");
  for (const SymmetryFunction& function : ordinary.functions().of(6)) CHECK(function.cutoff == 4.5);
}

TEST_CASE("train draws the learning curve that its metrics tell", "[apps][train]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", small_data(12));
  const nlohmann::json epochs = history(folder.path(), "--epochs 4 --validate-every 2 --figures out");
  std::istringstream lines(content(folder.path() / "out/learning_curve.dat"));
  std::string line;
  std::getline(lines, line);  // what the columns are
  for (const nlohmann::json& epoch : epochs) {
    REQUIRE(std::getline(lines, line));
    CAPTURE(line);
    std::istringstream row(line);
    for (const char* key : {"epoch", "learning_rate", "train_energy", "train_forces"}) {
      double value = 0.0;
      row >> value;
      CHECK(value == Approx(epoch.at(key).get<double>()).epsilon(1e-5));  // six digits
    }
    for (const char* key : {"validation_energy", "validation_forces"}) {
      std::string value;
      row >> value;
      if (epoch.contains(key)) {
        CHECK(std::stod(value) == Approx(epoch.at(key).get<double>()).epsilon(1e-5));
      } else {
        CHECK(value == "NaN");
      }
    }
  }
  CHECK_FALSE(std::getline(lines, line));
}

TEST_CASE("train tells what the composition alone leaves, of the structures within --largest-force", "[apps][train]") {
  const TemporaryFolder folder;
  const auto pair = [](const char* energy, const char* force, const char* distance) {
    return std::string("2\nProperties=species:S:1:pos:R:3:forces:R:3 energy=") + energy + "\nC 0 0 0 0 " + force +
           " 0\nC 0 0 " + distance + " 0 0 0\n";
  };
  // Per atom -1, -2 and -4.5 eV: their mean is -2.5 eV, the root of the mean square from it 1.4720 eV.
  write(folder.path() / "data.xyz",
        pair("-2", "1", "1.3") + pair("-4", "-2", "1.4") + pair("-9", "3", "1.5") + pair("-50", "-4.01", "1.6"));
  const Outcome outcome = run(folder.path(),
                              "train data.xyz --hidden 4 --radial 3 --angular 0 --epochs 1 --largest-force 4 "
                              "--validation-fraction 0 --test-fraction 0 -o m");
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.output, Catch::Matchers::ContainsSubstring("1 structure with forces beyond 4 eV/Å left out"));
  CHECK_THAT(outcome.output, Catch::Matchers::ContainsSubstring("squares: C -2.5000 eV. They alone leave 1472.0 "
                                                                "meV/atom (RMS)."));
}
