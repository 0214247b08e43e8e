#include "nn/mlp_archive.hpp"

#include <string>
#include <vector>

#include "core/error.hpp"
#include "nn/checkpoint.hpp"

namespace adatom {
namespace {

std::vector<std::size_t> widths(const Archive& archive, const std::string& entry) {
  const Archive::Array& array = archive.finite_array(entry);
  std::vector<std::size_t> result;
  for (const double width : array.values) {
    if (!(width >= 1.0 && width <= 1e6) || width != static_cast<double>(static_cast<std::size_t>(width))) {
      throw InputError(archive.file() + ": '" + entry + "' must list integers from 1 to 1000000");
    }
    result.push_back(static_cast<std::size_t>(width));
  }
  if (result.size() < 2) throw InputError(archive.file() + ": '" + entry + "' must list at least two widths");
  return result;
}

/// Refuses wrong shapes before a network of the claimed size is made.
void check_layer(const Archive& archive, const std::string& entry, const Shape& shape) {
  if (archive.array(entry).shape == shape) return;
  throw InputError(archive.file() + ": '" + entry + "' has shape " + to_string(archive.array(entry).shape) +
                   ", the layers ask for " + to_string(shape));
}

}  // namespace

void store(Archive& archive, std::string_view prefix, const Mlp& network) {
  const std::string start(prefix);
  const std::vector<std::size_t> sizes = network.sizes();
  archive.set(start + "layers", {sizes.size()}, std::vector<double>(sizes.begin(), sizes.end()));
  archive.set(start + "activation", name(network.activation));
  archive.set(start + "output_activation", name(network.output_activation));
  store(archive, prefix, network.parameters());
}

Mlp load_mlp(const Archive& archive, std::string_view prefix) {
  const std::string start(prefix);
  const std::vector<std::size_t> sizes = widths(archive, start + "layers");
  Mlp network;
  network.activation = activation_named(archive.string(start + "activation"));
  network.output_activation = activation_named(archive.string(start + "output_activation"));
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    const std::string layer = start + "layer" + std::to_string(i + 1);
    check_layer(archive, layer + ".weight", {sizes[i], sizes[i + 1]});
    check_layer(archive, layer + ".bias", {sizes[i + 1]});
    network.layers.emplace_back(
        Tensor::variable({sizes[i], sizes[i + 1]}, archive.finite_array(layer + ".weight").values),
        Tensor::variable({sizes[i + 1]}, archive.finite_array(layer + ".bias").values));
  }
  return network;
}

}  // namespace adatom
