// The local ansatz against reference energies, forces, stress, Hessian and loss gradients
// (tests/data/force_matching.json: PyTorch double precision).
#include <fstream>
#include <nlohmann/json.hpp>

#include "atoms/elements.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "potentials/local_ansatz.hpp"
#include "potentials/training_features.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::properties;
using Json = nlohmann::json;

namespace {

Tensor variable(const Json& array) {
  Shape shape;
  for (const std::size_t length : array["shape"]) shape.push_back(length);
  return Tensor::variable(shape, array["data"].get<std::vector<double>>());
}

SymmetryFunction function_from(const Json& f) {
  SymmetryFunction result{.center = atomic_number(f["center"].get<std::string>())};
  const std::string type = f["type"];
  result.kind = type == "G4"   ? SymmetryFunctionKind::angular_narrow
                : type == "G5" ? SymmetryFunctionKind::angular_wide
                               : SymmetryFunctionKind::radial;
  if (result.kind == SymmetryFunctionKind::radial) {
    result.neighbor1 = atomic_number(f["neighbor"].get<std::string>());
    result.shift = f.value("rs", 0.0);
  } else {
    result.neighbor1 = atomic_number(f["neighbors"][0].get<std::string>());
    result.neighbor2 = atomic_number(f["neighbors"][1].get<std::string>());
    result.lambda = f["lambda"];
    result.zeta = f["zeta"];
  }
  result.eta = f.value("eta", 0.0);
  result.cutoff = f["rc"];
  return result;
}

/// The reference's model; its descriptors are not scaled.
LocalAnsatz model_from(const Json& c) {
  std::vector<SymmetryFunction> functions;
  for (const Json& f : c["model"]["functions"]) functions.push_back(function_from(f));
  const CutoffKind kind = c["model"]["cutoff_function"] == "cos" ? CutoffKind::cosine : CutoffKind::polynomial2;
  const SymmetryFunctions set(functions, {kind});
  std::vector<ElementNetwork> networks;
  for (const auto& [symbol, layers] : c["weights"].items()) {
    ElementNetwork own{.element = atomic_number(symbol)};
    const std::size_t width = set.count(own.element);
    own.mean.assign(width, 0.0);
    own.scale.assign(width, 1.0);
    own.minimum.assign(width, -1e300);
    own.maximum.assign(width, 1e300);
    own.network.activation = activation_named(c["model"]["activation"].get<std::string>());
    for (const Json& layer : layers) own.network.layers.emplace_back(variable(layer["W"]), variable(layer["b"]));
    networks.push_back(std::move(own));
  }
  return {set, networks, 1.0};
}

Atoms atoms_from(const Json& s) {
  Atoms atoms;
  for (const std::string symbol : s["symbols"]) atoms.numbers.push_back(atomic_number(symbol));
  atoms.positions = s["positions"].get<std::vector<Vector3>>();
  if (!s["cell"].is_null()) atoms.cell.vectors = s["cell"].get<std::array<Vector3, 3>>();
  for (std::size_t k = 0; k < 3; ++k) atoms.pbc[k] = s["pbc"][k];
  return atoms;
}

std::vector<Json> local_cases() {
  std::ifstream file(std::string(ADATOM_TEST_DATA) + "/force_matching.json");
  const Json data = Json::parse(file);
  std::vector<Json> cases;
  for (const Json& c : data["cases"]) {
    if (c["model"]["ansatz"] == "local") cases.push_back(c);
  }
  REQUIRE_FALSE(cases.empty());  // a loop over none would pass
  return cases;
}

}  // namespace

TEST_CASE("the local ansatz gives the reference's energies forces and stress", "[potentials][local_ansatz]") {
  for (const Json& c : local_cases()) {
    INFO(c["name"]);
    const LocalAnsatz model = model_from(c);
    for (const Json& s : c["structures"]) {
      const Atoms atoms = atoms_from(s);
      const bool stress = s.contains("stress_voigt");
      const Prediction result = model.compute(atoms, {.forces = true, .stress = stress, .energies = true});
      CHECK(result.energy == Approx(s["energy"].get<double>()).epsilon(1e-10).margin(1e-10));
      CHECK(largest_difference(result.forces, s["forces"].get<std::vector<Vector3>>()) < 1e-10);
      for (std::size_t i = 0; i < atoms.size(); ++i) {
        CHECK(result.energies[i] == Approx(s["atomic_energies"][i].get<double>()).epsilon(1e-10).margin(1e-10));
      }
      for (std::size_t k = 0; stress && k < 6; ++k) {
        CHECK((*result.stress)[k] == Approx(s["stress_voigt"][k].get<double>()).epsilon(1e-10).margin(1e-10));
      }
    }
  }
}

TEST_CASE("the local ansatz gives the reference's Hessian", "[potentials][local_ansatz]") {
  for (const Json& c : local_cases()) {
    const LocalAnsatz model = model_from(c);
    for (const Json& s : c["structures"]) {
      if (!s.contains("hessian")) continue;
      const Atoms atoms = atoms_from(s);
      const Tensor h = hessian([&](const Tensor& x) { return sum(model.energies(atoms, x, cell_tensor(atoms))); },
                               positions_tensor(atoms));
      std::vector<double> expected;
      for (const Json& row : s["hessian"]) {
        for (const Json& value : row) expected.push_back(value.get<double>());
      }
      REQUIRE(h.size() == expected.size());
      for (std::size_t k = 0; k < expected.size(); ++k)
        CHECK(h.values()[k] == Approx(expected[k]).epsilon(1e-9).margin(1e-9));
    }
  }
}

TEST_CASE("the gradient of a loss on energies and forces is the reference's", "[potentials][local_ansatz][training]") {
  for (const Json& c : local_cases()) {
    INFO(c["name"]);
    const LocalAnsatz model = model_from(c);
    std::vector<LabelledStructure> data;
    for (std::size_t s = 0; s < c["structures"].size(); ++s) {
      data.push_back({atoms_from(c["structures"][s]), c["reference"][s]["energy"],
                      c["reference"][s]["forces"].get<std::vector<Vector3>>()});
    }
    const std::vector<StructureFeatures> features = compute_features(model, data);
    std::vector<std::uint32_t> all;
    for (std::uint32_t s = 0; s < data.size(); ++s) all.push_back(s);
    const FeatureBatch batch = stack_features(features, all);
    const BatchPrediction prediction = predict(model, batch);
    const Tensor loss = c["loss_weights"]["energy"].get<double>() *
                            mean(square((prediction.energies - batch.energies) * batch.inverse_sizes)) +
                        c["loss_weights"]["forces"].get<double>() * mean(square(prediction.forces - batch.forces));
    CHECK(loss.item() == Approx(c["loss"].get<double>()).epsilon(1e-11));
    for (const ElementNetwork& own : model.networks()) {
      const Json& expected = c["loss_gradient"][std::string(element(own.element).symbol)];
      for (std::size_t l = 0; l < own.network.layers.size(); ++l) {
        const Tensors gradients = grad(loss, {own.network.layers[l].weight, own.network.layers[l].bias});
        const std::vector<double> w = expected[l]["W"]["data"], b = expected[l]["b"]["data"];
        for (std::size_t k = 0; k < w.size(); ++k)
          CHECK(gradients[0].values()[k] == Approx(w[k]).epsilon(1e-10).margin(1e-10));
        for (std::size_t k = 0; k < b.size(); ++k)
          CHECK(gradients[1].values()[k] == Approx(b[k]).epsilon(1e-10).margin(1e-10));
      }
    }
  }
}
