// --run-key and --split: the runs that a model's training kept are those of that name, in train, check and evaluate.
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <tuple>

#include "nn/archive.hpp"
#include "tests/apps/run.hpp"
#include "tests/apps/table_words.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// small_data, in which three frames share a run=…, and six a group=… from 100 on.
std::string grouped_data(int frames) {
  std::istringstream lines(small_data(frames));
  std::string text;
  int frame = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("energy=") != std::string::npos) line += " group=" + std::to_string(100 + frame++ / 6);
    text += line + "\n";
  }
  return text;
}

/// The runs that a model notes as kept for this part.
std::set<int> kept(const std::filesystem::path& model, const std::string& part) {
  std::istringstream list(Archive::load(model, "model", 1).string("note." + part + "_runs"));
  std::set<int> runs;
  for (int run = 0; list >> run;) {
    runs.insert(run);
    list.ignore(1, ',');
  }
  return runs;
}

}  // namespace

TEST_CASE("check counts the runs of --run-key", "[apps][check]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", grouped_data(30));
  for (const auto& [arguments, runs, heading] :
       {std::tuple{"", 10, " run\n"}, {" --run-key group", 5, " group\n"}, {" --run-key none", 30, " none\n"}}) {
    CAPTURE(arguments);
    const Outcome outcome = run(folder.path(), std::string("check data.xyz --metrics c.json") + arguments);
    REQUIRE(outcome.code == 0);
    CHECK_THAT(outcome.output, ContainsSubstring("\nRuns: " + std::to_string(runs)) && ContainsSubstring(heading));
    CHECK(nlohmann::json::parse(content(folder.path() / "c.json")).at("runs") == runs);
  }
}

TEST_CASE("train splits by --run-key, and evaluate finds the same runs again", "[apps][train][evaluate]") {
  const TemporaryFolder folder;
  write(folder.path() / "data.xyz", grouped_data(60));  // ten groups
  const Outcome trained =
      run(folder.path(),
          "train data.xyz --run-key group --validation-fraction 0.1 --test-fraction 0.3 --epochs 1 --hidden 4 --radial "
          "4 --angular 0 -o m --metrics m.json");
  INFO(trained.errors);
  REQUIRE(trained.code == 0);
  const std::string heading = "Split by 'group'";
  CHECK(row_of(trained.output, heading, "training", 3) == std::vector<std::string>{"training", "36", "6"});
  CHECK(row_of(trained.output, heading, "validation", 3) == std::vector<std::string>{"validation", "6", "1"});
  CHECK(row_of(trained.output, heading, "test", 3) == std::vector<std::string>{"test", "18", "3"});
  const auto structures = nlohmann::json::parse(content(folder.path() / "m.json")).at("structures");
  CHECK(structures == nlohmann::json{{"training", 36}, {"validation", 6}, {"test", 18}});
  const std::set<int> test = kept(folder.path() / "m", "test"), validation = kept(folder.path() / "m", "validation");
  CHECK(test.size() == 3);
  CHECK(validation.size() == 1);
  for (const std::set<int>& runs : {test, validation}) {
    CHECK(*runs.begin() >= 100);
    CHECK(*runs.rbegin() < 110);
  }

  for (const auto& [split, frames] : {std::pair{"test", 18}, {"validation", 6}, {"all", 60}}) {
    CAPTURE(split);
    const Outcome outcome =
        run(folder.path(), std::string("evaluate m data.xyz --run-key group --metrics e.json --split ") + split);
    REQUIRE(outcome.code == 0);
    const auto json = nlohmann::json::parse(content(folder.path() / "e.json"));
    CHECK(json.at("split") == split);
    CHECK(json.at("errors").at("all").at("structures") == frames);
  }
  // run=0 … 19 are other runs.
  const Outcome other = run(folder.path(), "evaluate m data.xyz --split test");
  CHECK(other.code == 2);
  CHECK_THAT(other.errors, ContainsSubstring("no structure of these files belongs to the model's test runs"));
}
