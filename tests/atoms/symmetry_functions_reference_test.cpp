// Symmetry functions against n2p2 and against values from torch, at every instruction set this processor has.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/atoms/n2p2_descriptors.hpp"
#include "tests/atoms/symmetry_functions_support.hpp"

using namespace adatom;
using namespace adatom::symmetry_functions_support;
using Kind = SymmetryFunctionKind;

namespace {

const std::filesystem::path data_folder = ADATOM_TEST_DATA;

/// n2p2's values for the structure of `symfunc.txt`: largest relative error.
void check_against_n2p2(const std::filesystem::path& folder) {
  INFO(folder.string());
  const n2p2::Descriptors expected = n2p2::read(folder);
  REQUIRE(!expected.values.empty());
  std::vector<SymmetryFunction> all;
  for (const n2p2::Column& column : expected.columns) {
    for (const auto& [f, weight] : column.terms) {
      if (std::ranges::find(all, f) == all.end()) all.push_back(f);
    }
  }
  const SymmetryFunctions functions(all, expected.cutoff_function);
  REQUIRE(expected.values.size() == expected.atoms.size());
  at_every_level([&] {
    for (const bool derivatives : {false, true}) {
      const Descriptors found = describe(functions, expected.atoms, derivatives);
      double largest_error = 0.0;
      for (std::size_t i = 0; i < expected.atoms.size(); ++i) {
        const auto own = functions.of(expected.atoms.numbers[i]);
        std::size_t k = 0;
        for (const n2p2::Column& column : expected.columns) {
          if (column.center != expected.atoms.numbers[i]) continue;
          double value = 0.0;
          for (const auto& [f, weight] : column.terms) {
            value += weight * found.values(i)[static_cast<std::size_t>(std::ranges::find(own, f) - own.begin())];
          }
          REQUIRE(k < expected.values[i].size());
          const double reference = expected.values[i][k++];
          largest_error = std::max(largest_error, std::abs(value - reference) / std::max(std::abs(reference), 1e-12));
        }
        REQUIRE(k == expected.values[i].size());
      }
      CHECK(largest_error < 1e-10);
    }
  });
}

}  // namespace

TEST_CASE("symmetry functions equal n2p2's", "[atoms][symmetry_functions]") {
  for (const char* pack : {"two_elements", "cut1_scalecenter_tanh", "cut1a_scale_softplus", "cut2_sigma_gauss_cos",
                           "cut3_center_revlog_exp", "cut4_none_harm_relu", "cut5_scalecenter_norm_ae",
                           "cut6_normnodes_3hidden", "cut7_sigma_minmax", "cut8_scale_tanh_out"}) {
    check_against_n2p2(data_folder / "n2p2" / pack);
  }
}

TEST_CASE("symmetry functions equal n2p2's for published potentials", "[atoms][symmetry_functions]") {
  const char* const reference = std::getenv("ADATOM_REFERENCE");
  if (reference == nullptr) {
    std::cout << "skipped: ADATOM_REFERENCE is not set (n2p2's published potentials)\n";
    return;
  }
  const std::filesystem::path folder = std::filesystem::path(reference) / "n2p2";
  check_against_n2p2(folder / "LJ");
  check_against_n2p2(folder / "H2O_RPBE-D3");
}

TEST_CASE("symmetry functions equal values computed with torch", "[atoms][symmetry_functions]") {
  std::ifstream file(data_folder / "force_matching.json");
  const nlohmann::json reference = nlohmann::json::parse(file);
  std::size_t compared = 0;
  for (const nlohmann::json& test : reference.at("cases")) {
    const nlohmann::json& model = test.at("model");
    if (model.at("ansatz") != "local") continue;
    INFO(test.at("name").get<std::string>());
    std::vector<SymmetryFunction> all;
    for (const nlohmann::json& f : model.at("functions")) {
      const std::string type = f.at("type");
      const bool angular = type == "G4" || type == "G5";
      SymmetryFunction function;
      if (type == "G4") function.kind = Kind::angular_narrow;
      if (type == "G5") function.kind = Kind::angular_wide;
      function.center = atomic_number(f.at("center").get<std::string>());
      function.neighbor1 = atomic_number((angular ? f.at("neighbors")[0] : f.at("neighbor")).get<std::string>());
      if (angular) function.neighbor2 = atomic_number(f.at("neighbors")[1].get<std::string>());
      function.eta = f.value("eta", 0.0);
      function.shift = f.value("rs", 0.0);
      function.lambda = f.value("lambda", 1.0);
      function.zeta = f.value("zeta", 1.0);
      function.cutoff = f.at("rc");
      all.push_back(function);
    }
    const bool cosine = model.at("cutoff_function") == "cos";
    const SymmetryFunctions functions(all, {cosine ? CutoffKind::cosine : CutoffKind::polynomial2});
    for (const nlohmann::json& structure : test.at("structures")) {
      Atoms atoms;
      for (const std::string symbol : structure.at("symbols")) atoms.numbers.push_back(atomic_number(symbol));
      atoms.positions = structure.at("positions").get<std::vector<Vector3>>();
      atoms.cell.vectors = structure.at("cell").get<std::array<Vector3, 3>>();
      atoms.pbc = structure.at("pbc").get<std::array<bool, 3>>();
      const auto expected = structure.at("descriptors").get<std::vector<std::vector<double>>>();
      at_every_level([&] {
        const Descriptors found = describe(functions, atoms, true);
        for (std::size_t i = 0; i < atoms.size(); ++i) {
          REQUIRE(found.values(i).size() == expected[i].size());
          for (std::size_t k = 0; k < expected[i].size(); ++k) {
            CHECK(found.values(i)[k] == Approx(expected[i][k]).epsilon(1e-12).margin(1e-14));
            ++compared;
          }
        }
      });
    }
  }
  CHECK(compared >= 58);  // 4·4 + 5·8 + 1·2, at the least
}
