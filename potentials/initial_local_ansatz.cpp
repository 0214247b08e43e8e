// The local ansatz before training: reference energies, the scaling of inputs and output, random weights.
#include <algorithm>
#include <string>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/random.hpp"
#include "nn/standardization.hpp"
#include "potentials/training.hpp"

namespace adatom {

LocalAnsatz initial_local_ansatz(std::span<const LabelledStructure> train, const LocalAnsatzOptions& options) {
  if (train.empty()) throw InputError("there are no structures to train on");
  const ReferenceEnergies reference = fit_reference_energies(train);
  const std::vector<SymmetryFunction> chosen =
      options.symmetry_functions.empty()
          ? default_symmetry_functions(reference.elements, options.cutoff, options.functions)
          : options.symmetry_functions;
  const SymmetryFunctions functions(chosen, options.cutoff_function);

  for (const int number : reference.elements) {
    if (functions.count(number) > 0) continue;
    throw InputError("the data has the element '" + std::string(element(number).symbol) +
                     "', for which there are no symmetry functions");
  }

  // All environments of each element, for the scaling of inputs.
  std::vector<std::vector<double>> rows(reference.elements.size());
  NeighborList list;
  Descriptors descriptors;
  std::size_t pairs = 0;
  for (std::size_t s = 0; s < train.size(); ++s) {
    const std::vector<int>& numbers = train[s].atoms.numbers;
    neighbor_list(train[s].atoms, functions.cutoff(), list);
    pairs += list.size();
    compute_descriptors(functions, numbers, list, false, descriptors);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto e = std::lower_bound(reference.elements.begin(), reference.elements.end(), numbers[i]) -
                     reference.elements.begin();
      const std::span<const double> g = descriptors.values(i);
      rows[static_cast<std::size_t>(e)].insert(rows[static_cast<std::size_t>(e)].end(), g.begin(), g.end());
    }
  }
  if (pairs == 0) {
    throw InputError("no atom has a neighbour within the cutoff of " + number_text(functions.cutoff()) +
                     " A: are the positions in Angstrom, and is the cutoff large enough?");
  }

  Random random(options.seed);
  std::vector<ElementNetwork> networks;
  for (std::size_t e = 0; e < reference.elements.size(); ++e) {
    ElementNetwork own;
    own.element = reference.elements[e];
    own.reference_energy = reference.energies[e];
    const std::size_t width = functions.count(own.element), count = rows[e].size() / width;
    const Standardization scaling = fit_standardization(Tensor::constant({count, width}, rows[e]));
    own.mean = scaling.mean;
    own.scale = scaling.deviation;
    own.minimum.assign(rows[e].begin(), rows[e].begin() + static_cast<std::ptrdiff_t>(width));
    own.maximum = own.minimum;
    for (std::size_t i = 0; i < rows[e].size(); ++i) {
      own.minimum[i % width] = std::min(own.minimum[i % width], rows[e][i]);
      own.maximum[i % width] = std::max(own.maximum[i % width], rows[e][i]);
    }
    std::vector<std::size_t> sizes{width};
    sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
    sizes.push_back(1);
    own.network = Mlp(sizes, options.activation, random);
    networks.push_back(std::move(own));
  }
  return {functions, std::move(networks), reference.rmse > 0.0 ? reference.rmse : 1.0};
}

}  // namespace adatom
