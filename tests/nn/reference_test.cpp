// Twenty steps of training against PyTorch 1.13 in double precision (tests/data/mlp_training.json, which names versions
// and formulas): losses to 1e-12, weights to 1e-10.
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "autodiff/gradient.hpp"
#include "nn/batches.hpp"
#include "nn/losses.hpp"
#include "nn/mlp.hpp"
#include "nn/optimizers.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using nlohmann::json;

namespace {

Tensor tensor(const json& j, bool variable = false) {
  const auto lengths = j.at("shape").get<std::vector<std::size_t>>();
  const auto values = j.at("data").get<std::vector<double>>();
  const Shape shape{std::span(lengths)};
  return variable ? Tensor::variable(shape, values) : Tensor::constant(shape, values);
}

double largest_difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a.values()[i] - b.values()[i]));
  return largest;
}

Mlp network_of(const json& c) {
  Mlp network;
  network.activation = activation_named(c.at("activation").get<std::string>());
  REQUIRE(c.at("output_activation") == "none");
  for (const json& layer : c.at("initial")) {
    network.layers.emplace_back(tensor(layer.at("W"), true), tensor(layer.at("b"), true));
  }
  return network;
}

std::unique_ptr<Optimizer> optimizer_of(const json& c, const Parameters& parameters) {
  const json& options = c.at("optimizer_params");
  const double rate = options.at("lr");
  if (c.at("optimizer") == "adam") return std::make_unique<Adam>(parameters, AdamOptions{.learning_rate = rate});
  REQUIRE(c.at("optimizer") == "sgd");
  return std::make_unique<Sgd>(parameters, SgdOptions{.learning_rate = rate, .momentum = options.at("momentum")});
}

/// The loss on the named rows, or on all.
Tensor loss_of(const json& c, const Mlp& network, const std::vector<std::uint32_t>* rows) {
  const Tensor x = tensor(c.at("X"));
  const Tensor output = network(rows == nullptr ? x : take_rows(x, *rows));
  if (c.at("loss") == "cross_entropy") {
    REQUIRE(rows == nullptr);
    return cross_entropy(output, c.at("labels").at("data").get<std::vector<std::uint32_t>>());
  }
  REQUIRE(c.at("loss") == "mse");
  const Tensor y = tensor(c.at("Y"));
  return mse(output, rows == nullptr ? y : take_rows(y, *rows));
}

}  // namespace

TEST_CASE("training follows PyTorch", "[nn][reference]") {
  const json file = json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/mlp_training.json"));
  REQUIRE(file.at("cases").size() == 4);
  for (const json& c : file.at("cases")) {
    INFO(c.at("name").get<std::string>());
    const Mlp network = network_of(c);
    CHECK(largest_difference(network(tensor(c.at("X"))), tensor(c.at("initial_output"))) < 1e-13);
    const std::unique_ptr<Optimizer> optimizer = optimizer_of(c, network.parameters());
    const std::size_t steps = c.at("steps");
    for (std::size_t t = 0; t < steps; ++t) {
      INFO("step " << t);
      std::vector<std::uint32_t> rows;
      if (c.contains("batches")) rows = c.at("batches").at(t).get<std::vector<std::uint32_t>>();
      const Tensor loss = loss_of(c, network, rows.empty() ? nullptr : &rows);
      if (t == 0) {
        const Tensors gradients = optimizer->gradients(loss);
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
          const json& expected = c.at("initial_gradients").at(i);
          CHECK(largest_difference(gradients[2 * i], tensor(expected.at("W"))) < 1e-13);
          CHECK(largest_difference(gradients[2 * i + 1], tensor(expected.at("b"))) < 1e-13);
        }
      }
      CHECK(std::abs(optimizer->step(loss) - c.at("losses").at(t).get<double>()) < 1e-12);
    }
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      CHECK(largest_difference(network.layers[i].weight, tensor(c.at("final").at(i).at("W"))) < 1e-10);
      CHECK(largest_difference(network.layers[i].bias, tensor(c.at("final").at(i).at("b"))) < 1e-10);
    }
    CHECK(std::abs(loss_of(c, network, nullptr).item() - c.at("final_full_loss").get<double>()) < 1e-12);
  }
}
