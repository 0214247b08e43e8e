#include "potentials/local_ansatz.hpp"

#include <algorithm>
#include <cmath>

#include "atoms/elements.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/kernels/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
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

void check_elements(const LocalAnsatz& model, std::span<const int> numbers) {
  for (const int number : numbers) model.network_of(number);
}

}  // namespace

LocalAnsatz::LocalAnsatz(SymmetryFunctions functions, std::vector<ElementNetwork> networks, double energy_scale)
    : functions_(std::move(functions)), networks_(std::move(networks)), energy_scale_(energy_scale) {
  std::sort(networks_.begin(), networks_.end(), [](const auto& a, const auto& b) { return a.element < b.element; });
  const std::span<const int> elements = functions_.elements();
  if (elements.size() != networks_.size()) {
    throw InputError("local ansatz: " + std::to_string(networks_.size()) + " networks for symmetry functions of " +
                     std::to_string(elements.size()) + " elements");
  }
  for (const ElementNetwork& network : networks_) {
    const std::string symbol(element(network.element).symbol);
    const std::size_t width = functions_.count(network.element);
    if (width == 0) throw InputError("local ansatz: no symmetry functions for element '" + symbol + "'");
    const std::vector<std::size_t> sizes = network.network.sizes();
    if (sizes.front() != width || sizes.back() != 1) {
      throw InputError("local ansatz: the network of '" + symbol + "' has " + std::to_string(sizes.front()) + " inputs and " +
                       std::to_string(sizes.back()) + " outputs, its " + std::to_string(width) +
                       " symmetry functions need as many inputs and 1 output");
    }
    for (const std::vector<double>* row : {&network.mean, &network.scale, &network.minimum, &network.maximum}) {
      if (row->size() != width) throw InputError("local ansatz: the scaling of '" + symbol + "' does not have one number per symmetry function");
    }
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

Parameters LocalAnsatz::parameters() const {
  Parameters all;
  for (const ElementNetwork& network : networks_) {
    append(all, network.network.parameters(std::string(element(network.element).symbol) + "."));
  }
  return all;
}

Tensor LocalAnsatz::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  check_elements(*this, atoms.numbers);
  const NeighborList list = neighbor_list(atoms, cutoff());
  const Tensor displacements = neighbor_displacements(list, positions, cell);
  Tensor total = Tensor::zeros({atoms.size()});
  for (const ElementNetwork& own : networks_) {
    const std::vector<std::uint32_t> members = atoms_of(own.element, atoms.numbers);
    if (members.empty()) continue;
    const Tensor g = composed_descriptors(functions_, own.element, atoms.numbers, list, displacements);
    const Tensor inputs = (g - Tensor::constant({own.mean.size()}, own.mean)) / Tensor::constant({own.scale.size()}, own.scale);
    const Tensor outputs = reshape(own.network(inputs), Shape{members.size()});
    total = total + scatter_add(own.reference_energy + energy_scale_ * outputs, Indices(members), atoms.size());
  }
  return total;
}

namespace {

/// Network inputs of one element's atoms among first … last − 1, and what the network makes of them.
struct Batch {
  std::vector<std::size_t> members;  // within the chunk
  Tensor outputs, slopes;            // (n, 1), and d outputs / d inputs (n, K)
};

Batch run_network(const ElementNetwork& own, std::span<const int> numbers, const Descriptors& descriptors, bool slopes) {
  Batch batch;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == own.element) batch.members.push_back(i);
  }
  if (batch.members.empty()) return batch;
  const std::size_t width = own.mean.size();
  Buffer rows(batch.members.size() * width);
  for (std::size_t r = 0; r < batch.members.size(); ++r) {
    const std::span<const double> g = descriptors.values(batch.members[r]);
    for (std::size_t k = 0; k < width; ++k) rows[r * width + k] = (g[k] - own.mean[k]) / own.scale[k];
  }
  const Shape shape{batch.members.size(), width};
  if (!slopes) {
    const NoGrad numbers_only;
    batch.outputs = own.network(Tensor::constant(shape, rows));
    return batch;
  }
  const WithGrad record_outputs;  // slopes are a derivative, also where the caller wants numbers only
  const Tensor inputs = Tensor::variable(shape, rows.span());
  batch.outputs = own.network(inputs);
  const NoGrad numbers_only;
  batch.slopes = vjp(batch.outputs, {inputs}, Tensor::ones(batch.outputs.shape()))[0];
  return batch;
}

/// dE/d(displacement) of every neighbour-list entry of atom n of the chunk, from the slope of its energy by its inputs.
void pull_entries(const ElementNetwork& own, const double* slope, double energy_scale, const Descriptors& descriptors,
                  std::size_t n, std::span<const Vector3> displacements, Vector3* pulls) {
  thread_local std::vector<double> g, along;
  const std::size_t width = own.mean.size(), entries = displacements.size();
  const std::size_t radial = descriptors.radial[n], angular = width - radial;
  g.resize(width);
  for (std::size_t k = 0; k < width; ++k) g[k] = energy_scale * slope[k] / own.scale[k];
  const auto times = [&](std::size_t rows, std::size_t columns, const double* matrix, const double* vector, double* out) {
    kernels::matmul(kernels::Transpose::no, kernels::Transpose::no, rows, 1, columns, matrix, vector, out);
  };
  times(3 * entries, angular, descriptors.derivative.data() + descriptors.derivative_block[n], g.data() + radial, pulls->data());
  along.resize(entries);
  times(entries, radial, descriptors.slope.data() + descriptors.slope_block[n], g.data(), along.data());
  for (std::size_t e = 0; e < entries; ++e) pulls[e] += (along[e] / norm(displacements[e])) * displacements[e];
}

/// What one thread keeps from call to call.
struct Scratch {
  NeighborList list;
  std::vector<double> energies;
  std::vector<Vector3> pulls;
};

}  // namespace

void LocalAnsatz::compute(const Atoms& atoms, Want want, Prediction& result) const {
  check_elements(*this, atoms.numbers);
  thread_local Scratch scratch;
  // Tasks may run on other threads, whose scratch is another: take this one's by reference now.
  NeighborList& list = scratch.list;
  std::vector<double>& energies_of_atoms = scratch.energies;
  std::vector<Vector3>& pulls = scratch.pulls;
  neighbor_list(atoms, cutoff(), list);
  const bool derivatives = want.forces || want.stress;
  energies_of_atoms.resize(atoms.size());
  pulls.resize(derivatives ? list.size() : 0);

  // Descriptors and networks, a chunk of atoms at a time so that derivatives stay in the cache.
  constexpr std::size_t chunk = 64;
  parallel_for((atoms.size() + chunk - 1) / chunk, [&](std::size_t task) {
    thread_local Descriptors descriptors;
    const std::size_t first = task * chunk, last = std::min(first + chunk, atoms.size());
    compute_descriptors(functions_, atoms.numbers, list, first, last, derivatives, descriptors);
    const std::span<const int> numbers(atoms.numbers.data() + first, last - first);
    for (const ElementNetwork& own : networks_) {
      const Batch batch = run_network(own, numbers, descriptors, derivatives);
      for (std::size_t r = 0; r < batch.members.size(); ++r) {
        const std::size_t local = batch.members[r], i = first + local;
        energies_of_atoms[i] = own.reference_energy + energy_scale_ * batch.outputs.values()[r];
        const std::size_t entries = list.offsets[i + 1] - list.offsets[i];
        if (!derivatives || entries == 0) continue;
        pull_entries(own, batch.slopes.data() + r * own.mean.size(), energy_scale_, descriptors, local,
                     {list.displacement.data() + list.offsets[i], entries}, pulls.data() + list.offsets[i]);
      }
    }
  });

  // Sums over atoms and entries in their order: the same bits for any number of threads.
  result.energy = 0.0;
  for (const double energy : energies_of_atoms) result.energy += energy;
  if (!std::isfinite(result.energy)) throw NumericalError("the energy is not finite: the model or the structure is out of bounds");
  result.energies.clear();
  if (want.energies) result.energies = energies_of_atoms;
  result.forces.clear();
  if (want.forces) {
    result.forces.assign(atoms.size(), Vector3{});
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
        result.forces[list.index[n]] -= pulls[n];
        result.forces[i] += pulls[n];
      }
    }
  }
  result.stress.reset();
  if (want.stress) result.stress = stress_of_pulls(list, pulls, volume_for_stress(atoms));
}

std::vector<Extrapolation> LocalAnsatz::extrapolations(const Atoms& atoms, double tolerance) const {
  check_elements(*this, atoms.numbers);
  const NeighborList list = neighbor_list(atoms, cutoff());
  Descriptors descriptors;
  compute_descriptors(functions_, atoms.numbers, list, false, descriptors);
  std::vector<Extrapolation> found;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const ElementNetwork& own = network_of(atoms.numbers[i]);
    const std::span<const double> g = descriptors.values(i);
    for (std::size_t k = 0; k < g.size(); ++k) {
      const double margin = tolerance * (own.maximum[k] - own.minimum[k]);
      if (g[k] < own.minimum[k] - margin || g[k] > own.maximum[k] + margin) {
        found.push_back({i, own.element, k, g[k], own.minimum[k], own.maximum[k]});
      }
    }
  }
  const auto distance = [](const Extrapolation& e) {
    const double width = std::max(e.maximum - e.minimum, 1e-12);
    return std::max(e.minimum - e.value, e.value - e.maximum) / width;
  };
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) { return distance(a) > distance(b); });
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
