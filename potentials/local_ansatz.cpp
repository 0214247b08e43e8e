#include "potentials/local_ansatz.hpp"

#include <algorithm>
#include <cmath>

#include "atoms/elements.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "potentials/neighbor_tensors.hpp"

namespace adatom {
namespace {

/// The atoms of one element, in their order in the structure.
std::vector<std::uint32_t> atoms_of(int element, std::span<const int> numbers) {
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == element) found.push_back(static_cast<std::uint32_t>(i));
  }
  return found;
}

/// Throws InputError unless the network and its scaling fit `width` symmetry functions.
void check(const ElementNetwork& network, std::size_t width) {
  const std::string symbol(element(network.element).symbol);
  if (width == 0) throw InputError("local ansatz: no symmetry functions for element '" + symbol + "'");
  const std::vector<std::size_t> sizes = network.network.sizes();
  if (sizes.front() != width || sizes.back() != 1) {
    throw InputError("local ansatz: the network of '" + symbol + "' has " + std::to_string(sizes.front()) +
                     " inputs and " + std::to_string(sizes.back()) + " outputs, its " + std::to_string(width) +
                     " symmetry functions need as many inputs and 1 output");
  }
  for (const std::vector<double>* row : {&network.mean, &network.scale, &network.minimum, &network.maximum}) {
    if (row->size() != width)
      throw InputError("local ansatz: the scaling of '" + symbol + "' does not have one number per symmetry function");
  }
  for (std::size_t k = 0; k < width; ++k) {
    if (!(network.scale[k] > 0.0))
      throw InputError("local ansatz: the scale " + number_text(network.scale[k]) + " of a symmetry function of '" +
                       symbol + "' must be positive");
    if (!(network.minimum[k] <= network.maximum[k]))
      throw InputError("local ansatz: the range of a symmetry function of '" + symbol + "' goes from " +
                       number_text(network.minimum[k]) + " down to " + number_text(network.maximum[k]));
  }
  if (!std::isfinite(network.reference_energy))
    throw InputError("local ansatz: the reference energy of '" + symbol + "' is " +
                     number_text(network.reference_energy) + ", not a finite number");
}

}  // namespace

LocalAnsatz::LocalAnsatz(SymmetryFunctions functions, std::vector<ElementNetwork> networks, double energy_scale)
    : functions_(std::move(functions)),
      pulls_(functions_),
      networks_(std::move(networks)),
      energy_scale_(energy_scale) {
  std::sort(networks_.begin(), networks_.end(), [](const auto& a, const auto& b) { return a.element < b.element; });
  const std::span<const int> elements = functions_.elements();
  if (elements.size() != networks_.size()) {
    throw InputError("local ansatz: " + std::to_string(networks_.size()) + " networks for symmetry functions of " +
                     std::to_string(elements.size()) + " elements");
  }
  if (const auto twice = std::ranges::adjacent_find(networks_, {}, &ElementNetwork::element);
      twice != networks_.end()) {
    throw InputError("local ansatz: there are two networks for the element '" +
                     std::string(element(twice->element).symbol) + "'");
  }
  for (const ElementNetwork& network : networks_) check(network, functions_.count(network.element));
  if (!(energy_scale_ > 0.0 && std::isfinite(energy_scale_))) {
    throw InputError("local ansatz: the energy scale must be positive and finite, found " + number_text(energy_scale_) +
                     " eV");
  }
}

const ElementNetwork& LocalAnsatz::network_of(int number) const {
  for (const ElementNetwork& network : networks_) {
    if (network.element == number) return network;
  }
  std::string known;
  for (const ElementNetwork& network : networks_) {
    known += (known.empty() ? "" : ", ") + std::string(element(network.element).symbol);
  }
  throw InputError("element '" + std::string(element(number).symbol) + "' is not in the model (" + known + ")");
}

void LocalAnsatz::require_known(std::span<const int> numbers) const {
  for (const int number : numbers) network_of(number);
}

Parameters LocalAnsatz::parameters() const {
  Parameters all;
  for (const ElementNetwork& network : networks_) {
    append(all, network.network.parameters(std::string(element(network.element).symbol) + "."));
  }
  return all;
}

Tensor LocalAnsatz::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  require_known(atoms.numbers);
  const NeighborList list = neighbor_list(atoms, cutoff());
  const Tensor displacements = neighbor_displacements(list, positions, cell);
  Tensor total = Tensor::zeros({atoms.size()});
  for (const ElementNetwork& own : networks_) {
    const std::vector<std::uint32_t> members = atoms_of(own.element, atoms.numbers);
    if (members.empty()) continue;
    const Tensor g = composed_descriptors(functions_, own.element, atoms.numbers, list, displacements);
    const Tensor inputs =
        (g - Tensor::constant({own.mean.size()}, own.mean)) / Tensor::constant({own.scale.size()}, own.scale);
    const Tensor outputs = reshape(own.network(inputs), Shape{members.size()});
    total = total + scatter_add(own.reference_energy + energy_scale_ * outputs, Indices(members), atoms.size());
  }
  return total;
}

double Extrapolation::excess() const {
  constexpr double least_width = 1e-6;  // or rounding beside a range that is a point would be the worst
  return std::max(minimum - value, value - maximum) / std::max(maximum - minimum, least_width);
}

std::vector<Extrapolation> LocalAnsatz::extrapolations(const Atoms& atoms, double tolerance) const {
  require_known(atoms.numbers);
  const NeighborList list = neighbor_list(atoms, cutoff());
  Descriptors descriptors;
  compute_descriptors(functions_, atoms.numbers, list, false, descriptors);
  // A moved or turned copy of a training structure has the same values only to rounding error.
  constexpr double rounding = 1e-9;
  std::vector<Extrapolation> found;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const ElementNetwork& own = network_of(atoms.numbers[i]);
    const std::span<const double> g = descriptors.values(i);
    for (std::size_t k = 0; k < g.size(); ++k) {
      const double largest = std::max({1.0, std::abs(own.minimum[k]), std::abs(own.maximum[k])});
      const double margin = tolerance * (own.maximum[k] - own.minimum[k]) + rounding * largest;
      if (g[k] < own.minimum[k] - margin || g[k] > own.maximum[k] + margin) {
        found.push_back({i, own.element, k, g[k], own.minimum[k], own.maximum[k]});
      }
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.excess() > b.excess(); });
  return found;
}

LocalAnsatz clone(const LocalAnsatz& model) {
  std::vector<ElementNetwork> networks(model.networks().begin(), model.networks().end());
  for (ElementNetwork& own : networks) {
    for (Linear& layer : own.network.layers) {
      layer.weight = Tensor::variable(layer.weight.shape(), layer.weight.values());
      layer.bias = Tensor::variable(layer.bias.shape(), layer.bias.values());
    }
  }
  return {model.functions(), std::move(networks), model.energy_scale()};
}

}  // namespace adatom
