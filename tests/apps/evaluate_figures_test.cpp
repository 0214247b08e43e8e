// adatom evaluate: the figures it prints, writes as JSON and draws, against sums over the frames made here.
#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>
#include <tuple>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "potentials/local_ansatz.hpp"
#include "tests/apps/run.hpp"
#include "tests/apps/table_words.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What errors are computed of: label, prediction and what the trivial model says, number by number.
struct Series {
  std::vector<double> label, predicted, trivial;
};

struct Figures {
  double rmse = 0.0, mae = 0.0, largest = 0.0, r2 = 0.0;
};

/// As in every textbook: of the errors e root mean square, mean and largest magnitude, and 1 − Σ e²/Σ (label − mean)².
Figures figures(const std::vector<double>& label, const std::vector<double>& predicted) {
  const double n = double(label.size());
  if (label.empty()) return {};
  double squares = 0.0, magnitudes = 0.0, largest = 0.0, deviations = 0.0;
  const double mean = std::accumulate(label.begin(), label.end(), 0.0) / n;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const double error = predicted[i] - label[i];
    squares += error * error;
    magnitudes += std::abs(error);
    largest = std::max(largest, std::abs(error));
    deviations += (label[i] - mean) * (label[i] - mean);
  }
  return {std::sqrt(squares / n), magnitudes / n, largest, deviations > 0.0 ? 1.0 - squares / deviations : 0.0};
}

/// Five frames of two, three and four atoms, whose labels are far from what the model says; the last has no forces.
std::string labelled_frames() {
  const std::string with_forces = "\nProperties=species:S:1:pos:R:3:forces:R:3 energy=";
  return "2" + with_forces + "-1.7\nC 0 0 0 0.31 -0.2 0\nC 1.3 0 0 -0.4 0.1 0\n" +  //
         "2" + with_forces + "-2.2\nC 0 0 0 1.3 0 0.7\nC 1.2 0.2 0 -1.1 0 -0.2\n" + "3" + with_forces +
         "-2.65\nC 0 0 0 0.5 0 0\nC 1.3 0 0 -0.1 0.25 0\nC 0 1.2 0.3 0 -0.15 0\n" + "3" + with_forces +
         "-3.2\nC 0 0 0 0.1 0 0\nC 1.5 0 0 -0.9 0.25 0.6\nC 0 1.2 0.3 0 -0.15 0.05\n" +
         "4\nProperties=species:S:1:pos:R:3 energy=-3.9\nC 0 0 0\nC 1.4 0 0\nC 0 1.2 0.3\nC 1.4 1.3 0.2\n";
}

/// Energies per atom and force components of the frames of so many atoms (0: of all).
std::array<Series, 2> collect(const std::vector<Frame>& frames, const LocalAnsatz& model, std::size_t size) {
  std::array<Series, 2> found;
  auto& [energy, forces] = found;
  for (const Frame& frame : frames) {
    const double n = double(frame.atoms.size());
    if (size > 0 && frame.atoms.size() != size) continue;
    const Labels label = labels(frame);
    const Prediction predicted = model.compute(frame.atoms);
    energy.label.push_back(*label.energy / n);
    energy.predicted.push_back(predicted.energy / n);
    energy.trivial.push_back(model.networks()[0].reference_energy);  // all atoms are carbon
    if (!label.forces) continue;
    for (std::size_t k = 0; k < 3 * frame.atoms.size(); ++k) {
      forces.label.push_back((*label.forces)[k / 3][k % 3]);
      forces.predicted.push_back(predicted.forces[k / 3][k % 3]);
      forces.trivial.push_back(0.0);
    }
  }
  return found;
}

struct Evaluated {
  std::vector<Frame> frames;
  LocalAnsatz model;
  Outcome outcome;
  nlohmann::json errors;
};

Evaluated evaluate_five_frames(const std::filesystem::path& folder) {
  write(folder / "train.xyz", small_data(30));
  write(folder / "data.xyz", labelled_frames());
  REQUIRE(run(folder, "train train.xyz --epochs 2 --hidden 4 --radial 4 --angular 2 -o m --quiet").code == 0);
  // The network shall say something, so that its energies are not those of the trivial model.
  LocalAnsatz trained = load_model(folder / "m");
  save_model(folder / "m", LocalAnsatz(trained.functions(), {trained.networks().begin(), trained.networks().end()},
                                       100.0 * trained.energy_scale()));
  Outcome outcome = run(folder, "evaluate m data.xyz --metrics e.json --figures out");
  REQUIRE(outcome.code == 0);
  return {read_extxyz(folder / "data.xyz"), load_model(folder / "m"), std::move(outcome),
          nlohmann::json::parse(content(folder / "e.json")).at("errors")};
}

}  // namespace

TEST_CASE("evaluate prints the errors that the frames have", "[apps][evaluate]") {
  const TemporaryFolder folder;
  const Evaluated run = evaluate_five_frames(folder.path());
  const std::array<std::string, 2> headings{"Energy per atom (trivial", "Force components (trivial"},
      keys{"energy", "forces"}, units{"meV/atom", "meV/A"};
  REQUIRE(run.errors.at("sizes").size() == 3);
  for (const std::size_t size : {std::size_t{0}, std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
    const std::array<Series, 2> data = collect(run.frames, run.model, size);
    const std::string title = size == 0 ? "all" : std::to_string(size);
    const nlohmann::json& group = size == 0 ? run.errors.at("all") : run.errors.at("sizes").at(size - 2);
    CHECK(group.at("atoms") == (size == 0 ? nlohmann::json("all") : nlohmann::json(size)));
    CHECK(group.at("structures") == data[0].label.size());
    for (std::size_t k = 0; k < 2; ++k) {
      CAPTURE(title, keys[k]);
      const Series& column = data[k];
      const Figures model = figures(column.label, column.predicted), trivial = figures(column.label, column.trivial);
      const nlohmann::json& json = group.at(keys[k]);
      CHECK(json.at("unit") == units[k]);
      CHECK(json.at("count") == column.label.size());
      if (column.label.empty()) {  // no forces have no errors, which is not to say errors of 0
        CHECK(json.size() == 2);
        const std::size_t table = run.outcome.output.find(headings[k]);
        CHECK(run.outcome.output.find("\n" + std::string(7 - title.size(), ' ') + title + " ", table) ==
              std::string::npos);
        continue;
      }
      // Sums in another order: the last few digits.
      const auto agrees = [&json](const char* key, double value) {
        CAPTURE(key);
        CHECK(json.at(key).get<double>() == Approx(value).epsilon(1e-10));
      };
      agrees("rmse", 1000.0 * model.rmse);
      agrees("mae", 1000.0 * model.mae);
      agrees("largest", 1000.0 * model.largest);
      agrees("r2", model.r2);
      agrees("baseline_rmse", 1000.0 * trivial.rmse);
      agrees("baseline_mae", 1000.0 * trivial.mae);

      const std::vector<std::string> expected{title,
                                              std::to_string(data[0].label.size()),
                                              rounded(1000.0 * model.rmse, 1),
                                              rounded(1000.0 * model.mae, 1),
                                              rounded(1000.0 * model.largest, 0),
                                              column.label.size() > 1 ? rounded(model.r2, 4) : "-",
                                              rounded(1000.0 * trivial.rmse, 1),
                                              rounded(1000.0 * trivial.mae, 1)};
      CHECK(row_of(run.outcome.output, headings[k], title, 8) == expected);
      // A figure in another's place would not be seen if they were alike.
      if (column.label.size() < 2) continue;
      for (std::size_t a = 2; a < expected.size(); ++a) {
        for (std::size_t b = a + 1; b < expected.size(); ++b) CHECK(expected[a] != expected[b]);
      }
    }
  }
}

TEST_CASE("evaluate draws labels against predictions", "[apps][evaluate]") {
  const TemporaryFolder folder;
  const Evaluated run = evaluate_five_frames(folder.path());
  const std::array<Series, 2> data = collect(run.frames, run.model, 0);
  for (const auto& [file, column, digits] :
       {std::tuple{"out/parity_energy.dat", data[0], 1e-9}, {"out/parity_forces.dat", data[1], 1e-5}}) {
    CAPTURE(file);
    std::istringstream lines(content(folder.path() / file));
    std::string line;
    std::getline(lines, line);
    CHECK_THAT(line, ContainsSubstring("# atoms  reference  predicted"));
    std::size_t i = 0;
    for (double atoms = 0.0, label = 0.0, predicted = 0.0; lines >> atoms >> label >> predicted; ++i) {
      REQUIRE(i < column.label.size());
      CHECK(label == Approx(column.label[i]).epsilon(digits));
      CHECK(predicted == Approx(column.predicted[i]).epsilon(digits));
    }
    CHECK(i == column.label.size());
  }
}

TEST_CASE("evaluate counts what leaves the range of the training data", "[apps][evaluate]") {
  const TemporaryFolder folder;
  const Evaluated run = evaluate_five_frames(folder.path());
  std::size_t outside = 0, far_outside = 0;
  for (const Frame& frame : run.frames) {
    outside += run.model.extrapolations(frame.atoms).empty() ? 0 : 1;
    far_outside += run.model.extrapolations(frame.atoms, 0.1).empty() ? 0 : 1;  // of the width of the range
  }
  CHECK(far_outside > 0);
  const auto json = nlohmann::json::parse(content(folder.path() / "e.json")).at("extrapolation");
  CHECK(json == nlohmann::json{{"structures", 5}, {"outside_training_range", outside}, {"far_outside", far_outside}});
  CHECK_THAT(run.outcome.output,
             ContainsSubstring("Extrapolation: " + std::to_string(outside) +
                               " of 5 structures leave the range of the "
                               "training data, " +
                               std::to_string(far_outside) + " by more than a tenth of its width."));
}
