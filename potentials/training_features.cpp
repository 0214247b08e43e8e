#include "potentials/training_features.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "atoms/elements.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom {
namespace {

/// Appends `values` times `factors` element by element.
void append_scaled(std::span<const double> values, std::span<const double> factors, std::vector<double>& to) {
  const std::size_t size = to.size();
  to.resize(size + values.size());
  std::transform(values.begin(), values.end(), factors.begin(), to.begin() + static_cast<std::ptrdiff_t>(size),
                 std::multiplies<>());
}

/// Appends atom i's row; `descriptors` holds that atom alone. `row` gives the row of each atom and `factors` one over
/// the scale of each value. The atom's own images pull it equally both ways: left out.
void append_row(std::span<const double> factors, const NeighborList& list, std::span<const std::uint32_t> row,
                std::uint32_t i, const Descriptors& descriptors, DescriptorDerivatives& result) {
  const std::size_t angular = result.columns - result.radial;
  for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
    const std::uint32_t j = list.index[n];
    if (j == i) continue;
    const std::size_t entry = n - list.offsets[i];
    const bool both = row[j] != DescriptorDerivatives::no_row;  // a pair of one element stands for both its atoms
    if (result.radial > 0 && !(both && j < i)) {
      const Vector3& displacement = list.displacement[n];
      result.pairs.push_back({row[i], row[j], i, j, (1.0 / norm(displacement)) * displacement});
      append_scaled(descriptors.slopes(0, entry), factors.first(result.radial), result.slope);
    }
    if (angular == 0) continue;
    result.neighbor.push_back(j);
    for (std::size_t c = 0; c < 3; ++c) {
      append_scaled(descriptors.derivatives(0, entry).subspan(c * angular, angular), factors.last(angular),
                    result.derivative);
    }
  }
  result.entries.push_back(result.neighbor.size());
}

/// The row of each atom of one element, in the order of the atoms; no_row for the others.
std::vector<std::uint32_t> rows_of(int element, std::span<const int> numbers) {
  std::vector<std::uint32_t> row(numbers.size(), DescriptorDerivatives::no_row);
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == element) row[i] = next++;
  }
  return row;
}

/// Room for all that append_row is going to append: growing would copy megabytes.
void reserve(const NeighborList& list, std::span<const std::uint32_t> row, DescriptorDerivatives& result) {
  std::size_t pairs = 0, entries = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == DescriptorDerivatives::no_row) continue;
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      const std::size_t j = list.index[n];
      entries += j != i;
      pairs += j > i || (j < i && row[j] == DescriptorDerivatives::no_row);
    }
  }
  if (result.radial > 0) {
    result.pairs.reserve(pairs);
    result.slope.reserve(pairs * result.radial);
  }
  if (result.radial < result.columns) {
    result.neighbor.reserve(entries);
    result.derivative.reserve(entries * 3 * (result.columns - result.radial));
  }
}

StructureFeatures features_of(const LocalAnsatz& model, const LabelledStructure& structure) {
  const std::vector<int>& numbers = structure.atoms.numbers;
  thread_local NeighborList list;
  thread_local Descriptors descriptors;
  neighbor_list(structure.atoms, model.cutoff(), list);
  const bool with_forces = !structure.forces.empty();

  StructureFeatures features;
  features.atoms = numbers.size();
  features.energy = structure.energy;
  features.forces = structure.forces;
  for (const int number : numbers) features.energy -= model.network_of(number).reference_energy;
  for (const ElementNetwork& own : model.networks()) {
    ElementFeatures& part = features.elements.emplace_back();
    DescriptorDerivatives& derivatives = part.derivatives;
    derivatives.columns = own.mean.size();
    derivatives.radial = model.functions().radial_count(own.element);
    derivatives.entries = {0};
    const std::vector<std::uint32_t> row = rows_of(own.element, numbers);
    if (with_forces) reserve(list, row, derivatives);
    std::vector<double> factors(own.scale.size());
    std::transform(own.scale.begin(), own.scale.end(), factors.begin(), [](double scale) { return 1.0 / scale; });
    for (std::uint32_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] != own.element) continue;
      // One atom at a time: its derivatives stay in the fastest cache until they are stored.
      compute_descriptors(model.functions(), numbers, list, i, i + 1, with_forces, descriptors);
      const std::span<const double> g = descriptors.values(0);
      for (std::size_t k = 0; k < g.size(); ++k) part.values.push_back((g[k] - own.mean[k]) / own.scale[k]);
      if (!with_forces) continue;
      derivatives.center.push_back(i);
      append_row(factors, list, row, i, descriptors, derivatives);
    }
  }
  return features;
}

}  // namespace

std::vector<StructureFeatures> compute_features(const LocalAnsatz& model, std::span<const LabelledStructure> data) {
  for (std::size_t s = 0; s < data.size(); ++s) require_forces_fit(data[s], "structure " + std::to_string(s));
  std::vector<StructureFeatures> features(data.size());
  parallel_for(data.size(), [&](std::size_t s) {
    try {
      features[s] = features_of(model, data[s]);
    } catch (const InputError& error) {
      throw InputError("structure " + std::to_string(s) + ": " + error.what());
    }
  });
  return features;
}

FeatureBatch stack_features(std::span<const StructureFeatures> features, std::span<const std::uint32_t> chosen) {
  FeatureBatch batch;
  batch.structures = chosen.size();
  for (const std::uint32_t s : chosen) batch.atoms += features[s].atoms;
  Buffer sizes(chosen.size()), energies(chosen.size()), forces(3 * batch.atoms, 0.0);
  std::size_t atom = 0;
  for (std::size_t s = 0; s < chosen.size(); ++s) {
    const StructureFeatures& one = features[chosen[s]];
    sizes[s] = 1.0 / static_cast<double>(one.atoms);
    energies[s] = one.energy;
    for (std::size_t i = 0; i < one.forces.size(); ++i)
      std::copy_n(one.forces[i].data(), 3, forces.data() + 3 * (atom + i));
    atom += one.atoms;
  }
  batch.inverse_sizes = Tensor::constant({chosen.size()}, sizes);
  batch.energies = Tensor::constant({chosen.size()}, energies);
  batch.forces = Tensor::constant({batch.atoms, 3}, forces);

  const std::size_t parts = chosen.empty() ? 0 : features[chosen[0]].elements.size();
  for (std::size_t e = 0; e < parts; ++e) {
    FeatureBatch::Element& part = batch.elements.emplace_back();
    const auto map = std::make_shared<ForceMap>();
    map->columns = features[chosen[0]].elements[e].derivatives.columns;
    map->atoms = batch.atoms;
    for (std::size_t s = 0, first_atom = 0; s < chosen.size(); ++s) {
      const StructureFeatures& one = features[chosen[s]];
      map->parts.push_back({&one.elements[e].derivatives, map->rows, first_atom});
      const std::size_t rows = one.elements[e].values.size() / map->columns;
      part.structure.insert(part.structure.end(), rows, static_cast<std::uint32_t>(s));
      map->rows += rows;
      first_atom += one.atoms;
    }
    Buffer inputs(map->rows * map->columns);
    double* to = inputs.data();
    for (const std::uint32_t s : chosen)
      to = std::copy(features[s].elements[e].values.begin(), features[s].elements[e].values.end(), to);
    part.inputs = Tensor::variable({map->rows, map->columns}, inputs.span());
    part.map = map;
  }
  return batch;
}

BatchPrediction predict(const LocalAnsatz& model, const FeatureBatch& batch) {
  const WithGrad record_energies;  // forces are a derivative, also where the caller wants numbers only
  Tensor energies = Tensor::zeros({batch.structures});
  Tensor total;
  Tensors inputs;
  for (std::size_t e = 0; e < batch.elements.size(); ++e) {
    const FeatureBatch::Element& part = batch.elements[e];
    if (part.structure.empty()) continue;
    const Tensor outputs = model.energy_scale() * model.networks()[e].network(part.inputs);
    energies = energies +
               segment_sum(reshape(outputs, Shape{part.structure.size()}), Indices(part.structure), batch.structures);
    inputs.push_back(part.inputs);
  }
  // The slopes dE/dG stay in the graph: the forces they make are differentiated again when the weights are trained.
  Tensor forces = Tensor::zeros({batch.atoms, 3});
  if (!inputs.empty()) {
    const Tensors slopes = grad(sum(energies), inputs);
    for (std::size_t e = 0, used = 0; e < batch.elements.size(); ++e) {
      if (batch.elements[e].structure.empty()) continue;
      forces = forces + descriptor_forces(slopes[used++], batch.elements[e].map);
    }
  }
  return {energies, forces};
}

}  // namespace adatom
