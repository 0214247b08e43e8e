// Models whose checksum is right and whose content is not: each is refused, by file and reason.
#include <limits>

#include "core/error.hpp"
#include "core/random.hpp"
#include "nn/archive.hpp"
#include "potentials/local_ansatz.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;

namespace {

/// Carbon with two radial functions.
LocalAnsatz small_model() {
  const SymmetryFunction radial{
      .kind = SymmetryFunctionKind::radial, .center = 6, .neighbor1 = 6, .eta = 0.5, .shift = 1.0, .cutoff = 4.0};
  SymmetryFunction second = radial;
  second.shift = 2.0;
  Random random(1);
  const ElementNetwork carbon{.element = 6,
                              .reference_energy = -56.0,
                              .mean = {0.5, 0.2},
                              .scale = {1.0, 2.0},
                              .minimum = {0.0, 0.1},
                              .maximum = {2.0, 1.5},
                              .network = Mlp({2, 3, 1}, Activation::tanh, random)};
  return {SymmetryFunctions({radial, second}, {}), {carbon}, 0.7};
}

struct WrongModel {
  std::string what;
  void (*spoil)(Archive&);
  std::string reason;
};

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

const std::vector<WrongModel> wrong_models{
    {"another ansatz", [](Archive& a) { a.set("ansatz", "global"); }, "holds a 'global' ansatz, expected 'local'"},
    {"other units", [](Archive& a) { a.set("units", "Bohr, Ha"); },
     "its units are 'Bohr, Ha', expected 'Angstrom, eV'"},
    {"energy scale not a number", [](Archive& a) { a.set("energy_scale", not_a_number); }, "energy scale"},
    {"energy scale 0", [](Archive& a) { a.set("energy_scale", 0.0); }, "energy scale"},
    {"energy scale infinite", [](Archive& a) { a.set("energy_scale", infinite); }, "energy scale"},
    {"reference energy infinite", [](Archive& a) { a.set("C.reference_energy", -infinite); },
     "reference energy of 'C'"},
    {"reference energy not a number", [](Archive& a) { a.set("C.reference_energy", not_a_number); },
     "reference energy of 'C'"},
    {"range upside down",
     [](Archive& a) {
       a.set("C.minimum", {2}, std::vector{0.0, 9.0});
     },
     "range of a symmetry function of 'C' goes from 9 down to 1.5"},
    {"scale 0",
     [](Archive& a) {
       a.set("C.scale", {2}, std::vector{1.0, 0.0});
     },
     "scale 0"},
    {"a weight not a number", [](Archive& a) { a.set("C.layer2.bias", {1}, std::vector{not_a_number}); },
     "C.layer2.bias"},
    {"a mean too few", [](Archive& a) { a.set("C.mean", {1}, std::vector{1.0}); }, "one number per symmetry function"},
    {"layers of another width",
     [](Archive& a) {
       a.set("C.layers", {3}, std::vector{3.0, 3.0, 1.0});
     },
     "C.layer1.weight"},
    {"more functions than inputs",
     [](Archive& a) {
       const Archive::Array table = a.array("symmetry_functions");
       std::vector<double> rows = table.values;
       rows.insert(rows.end(), rows.begin(), rows.begin() + 9);
       rows[9 * 2 + 5] = 3.0;  // its shift
       a.set("symmetry_functions", {3, 9}, rows);
     },
     "the network of 'C' has 2 inputs"},
    {"an unknown element", [](Archive& a) { a.set("elements", std::vector<std::string>{"Xx"}); }, "Xx"},
    {"an element without a network",
     [](Archive& a) {
       a.set("elements", std::vector<std::string>{"C", "H"});
     },
     "H.reference_energy"},
    {"no element", [](Archive& a) { a.set("elements", std::vector<std::string>{}); }, "0 networks"},
    {"an unknown activation", [](Archive& a) { a.set("C.activation", "foo"); }, "foo"},
    {"an unknown cutoff function", [](Archive& a) { a.set("cutoff_function", "step"); }, "step"},
    {"a cutoff of 0",
     [](Archive& a) {
       std::vector<double> rows = a.array("symmetry_functions").values;
       rows[8] = 0.0;
       a.set("symmetry_functions", {2, 9}, rows);
     },
     "cutoff"},
};

}  // namespace

TEST_CASE("a model that makes no sense is refused by file and reason", "[potentials][local_ansatz][files][errors]") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "spoiled.adatom";
  save_model(path, small_model());
  REQUIRE_NOTHROW(load_model(path));
  const Archive good = Archive::load(path, "model", 1);
  for (const WrongModel& wrong : wrong_models) {
    Archive spoiled = good;
    wrong.spoil(spoiled);
    spoiled.save(path);
    std::string message = "(none)";
    try {
      load_model(path);
    } catch (const InputError& error) {
      message = error.what();
    }
    INFO(wrong.what << ": " << message);
    CHECK(message.find(path.string() + ": ") == 0);
    CHECK(message.find(wrong.reason) != std::string::npos);
    CHECK(message.find(path.string(), 1) == std::string::npos);  // named once
  }
}
