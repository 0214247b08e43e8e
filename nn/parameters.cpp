#include "nn/parameters.hpp"

#include <algorithm>
#include <iterator>

#include "core/error.hpp"

namespace adatom {

std::size_t count(const Parameters& parameters) {
  std::size_t total = 0;
  for (const Parameter& parameter : parameters) total += parameter.value.size();
  return total;
}

std::vector<double> flatten(const Parameters& parameters) {
  std::vector<double> all;
  all.reserve(count(parameters));
  for (const Parameter& parameter : parameters) {
    const auto values = parameter.value.values();
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

void assign(Parameters& parameters, std::span<const double> values) {
  if (values.size() != count(parameters)) {
    throw ShapeError("assign: " + std::to_string(values.size()) + " values for parameters of " +
                     std::to_string(count(parameters)) + " numbers");
  }
  for (Parameter& parameter : parameters) {
    parameter.value.assign(values.first(parameter.value.size()));
    values = values.subspan(parameter.value.size());
  }
}

Parameters prefixed(std::string_view prefix, Parameters parameters) {
  for (Parameter& parameter : parameters) parameter.name.insert(0, prefix);
  return parameters;
}

void append(Parameters& all, Parameters more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

namespace {

/// Chains of weights (6, 8), (8, 1) under one prefix, in the order of the list.
struct Network {
  std::string prefix;
  std::string widths;
  std::size_t last = 0;
};

/// "C.layer1.weight" → "C."; false for what is not a dense layer's weight.
bool network_prefix(const Parameter& parameter, std::string& prefix) {
  const std::string_view name = parameter.name;
  if (!name.ends_with("weight") || parameter.value.rank() != 2) return false;
  const std::size_t layer = name.rfind("layer");
  prefix = name.substr(0, layer == std::string_view::npos ? name.size() - std::string_view("weight").size() : layer);
  return true;
}

}  // namespace

std::string describe_layers(const Parameters& parameters) {
  std::vector<Network> networks;
  std::string prefix;
  for (const Parameter& parameter : parameters) {
    if (!network_prefix(parameter, prefix)) continue;
    const Shape& shape = parameter.value.shape();
    if (networks.empty() || networks.back().prefix != prefix || networks.back().last != shape[0]) {
      networks.push_back({prefix, std::to_string(shape[0]), shape[0]});
    }
    networks.back().widths += "-" + std::to_string(shape[1]);
    networks.back().last = shape[1];
  }
  std::string text;
  for (const Network& network : networks) {
    if (!text.empty()) text += ", ";
    const std::string_view named =
        std::string_view(network.prefix).substr(0, network.prefix.find_last_not_of(".:/") + 1);
    if (networks.size() > 1 && !named.empty()) text.append(named).append(": ");
    text += network.widths;
  }
  return text;
}

}  // namespace adatom
