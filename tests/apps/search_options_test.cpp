// adatom search: every option of the walk reaches what it is named after; the library, told the same, walks the same.
#include <cmath>
#include <nlohmann/json.hpp>

#include "atoms/elements.hpp"
#include "optim/basin_hopping.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

/// What a walk leaves behind in the metrics.
struct Trace {
  double lowest = 0.0;
  std::size_t accepted = 0, force_calls = 0, revisits = 0;

  bool operator==(const Trace&) const = default;
};

const std::size_t hops = 30;
const double minimum = std::pow(2.0, 1.0 / 6.0);  // of Lennard-Jones

Trace of_the_command(const std::filesystem::path& folder, const std::string& arguments) {
  const Outcome outcome = run(folder, "search -p lj --formula Ar9 --hops " + std::to_string(hops) +
                                          " --seed 4 --metrics m.json --quiet " + arguments);
  INFO(outcome.errors);
  REQUIRE(outcome.code == 0);
  const nlohmann::json walk = nlohmann::json::parse(content(folder / "m.json")).at("walks").at(0);
  return {walk.at("lowest_eV"), walk.at("accepted"), walk.at("force_calls"), walk.at("revisits")};
}

Trace of_the_library(BasinHoppingOptions options) {
  Atoms row;
  row.numbers = parse_formula("Ar9", 9);
  for (std::size_t i = 0; i < row.size(); ++i) row.positions.push_back({1.5 * double(i), 0.1 * double(i % 2), 0.0});
  options.seed = 4;
  options.hops = hops;
  options.random_start = true;
  if (options.bond_length == 0.0) options.bond_length = minimum;
  const BasinHoppingResult r = basin_hopping(row, LennardJones(), options);
  return {r.best_energy, r.accepted, r.force_calls, r.revisits};
}

}  // namespace

TEST_CASE("search walks as its options say", "[apps][search]") {
  const TemporaryFolder folder;
  struct Case {
    const char* arguments;
    BasinHoppingOptions options;
  };
  const Case cases[] = {
      {"", {}},
      {"--temperature 0.1", {.temperature = 0.1}},
      {"--step 0.6", {.step = 0.6}},
      {"--moves angular:2,twist", {.moves = parse_moves("angular:2,twist")}},
      {"--adapt 4", {.adapt_every = 4}},
      {"--adapt 4 --adapt-temperature", {.adapt_every = 4, .adapt_temperature = true}},
      {"--taboo 5", {.taboo = 5}},
      {"--reseed-after 5", {.reseed_after = 5}},
      {"--bond-length 1.6", {.bond_length = 1.6}},
      {"--fmax 0.2", {.fmax = 0.2}},
  };
  std::vector<Trace> traces;
  for (const auto& [arguments, options] : cases) {
    CAPTURE(arguments);
    traces.push_back(of_the_command(folder.path(), arguments));
    CHECK(traces.back() == of_the_library(options));
    for (std::size_t i = 0; i + 1 < traces.size(); ++i) CHECK_FALSE(traces[i] == traces.back());
  }
}
