// The local ansatz before training: reference energies, the scaling of inputs and output, random weights.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/random.hpp"
#include "nn/standardization.hpp"
#include "potentials/training.hpp"

namespace adatom {
namespace {

/// The symmetry functions of all atoms of each of these elements (ascending), one atom after another. Throws InputError
/// if no atom has a neighbour.
std::vector<std::vector<double>> environments(std::span<const LabelledStructure> data, const std::vector<int>& elements,
                                              const SymmetryFunctions& functions) {
  std::vector<std::vector<double>> rows(elements.size());
  NeighborList list;
  Descriptors descriptors;
  std::size_t pairs = 0;
  for (std::size_t s = 0; s < data.size(); ++s) {
    const std::vector<int>& numbers = data[s].atoms.numbers;
    try {
      neighbor_list(data[s].atoms, functions.cutoff(), list);
      compute_descriptors(functions, numbers, list, false, descriptors);
    } catch (const InputError& error) {
      throw InputError("structure " + std::to_string(s) + ": " + error.what());
    }
    pairs += list.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto e = std::lower_bound(elements.begin(), elements.end(), numbers[i]) - elements.begin();
      std::vector<double>& own = rows[static_cast<std::size_t>(e)];
      const std::span<const double> g = descriptors.values(i);
      own.insert(own.end(), g.begin(), g.end());
    }
  }
  if (pairs == 0) {
    throw InputError("no atom has a neighbour within the cutoff of " + number_text(functions.cutoff()) +
                     " Å: are the positions in Å, and is the cutoff large enough?");
  }
  return rows;
}

/// A symmetry function that hardly varies among the training data is not blown up to deviation 1: wherever else it is
/// of ordinary size, of order one, such an input would drown all others.
constexpr double least_scale = 1e-3;

/// Energies per atom (eV) that vary by less than this beside the reference energies do not vary: what is left is the
/// rounding of that fit. It is all that is left of one structure, or of as many as there are elements. A network whose
/// output is scaled by it could not learn the forces.
constexpr double least_energy_scale = 1e-6;

/// Scales inputs as `width` symmetry functions vary in these environments, and remembers their range.
void fit_inputs(const std::vector<double>& rows, std::size_t width, ElementNetwork& own) {
  const Standardization scaling = fit_standardization(Tensor::constant({rows.size() / width, width}, rows));
  own.mean = scaling.mean;
  own.scale = scaling.deviation;
  for (double& scale : own.scale) scale = std::max(scale, least_scale);
  own.minimum.assign(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(width));
  own.maximum = own.minimum;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    own.minimum[i % width] = std::min(own.minimum[i % width], rows[i]);
    own.maximum[i % width] = std::max(own.maximum[i % width], rows[i]);
  }
}

}  // namespace

LocalAnsatz initial_local_ansatz(std::span<const LabelledStructure> train, const LocalAnsatzOptions& options) {
  if (train.empty()) throw InputError("there are no structures to train on");
  for (std::size_t s = 0; s < train.size(); ++s) {
    if (std::isfinite(train[s].energy)) continue;
    throw InputError("structure " + std::to_string(s) + " has the energy " + number_text(train[s].energy) +
                     "; labels must be finite");
  }
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

  const std::vector<std::vector<double>> rows = environments(train, reference.elements, functions);
  Random random(options.seed);
  std::vector<ElementNetwork> networks;
  for (std::size_t e = 0; e < reference.elements.size(); ++e) {
    ElementNetwork own{.element = reference.elements[e], .reference_energy = reference.energies[e]};
    const std::size_t width = functions.count(own.element);
    fit_inputs(rows[e], width, own);
    std::vector<std::size_t> sizes{width};
    sizes.insert(sizes.end(), options.hidden.begin(), options.hidden.end());
    sizes.push_back(1);
    own.network = Mlp(sizes, options.activation, random);
    networks.push_back(std::move(own));
  }
  return {functions, std::move(networks), reference.rmse > least_energy_scale ? reference.rmse : 1.0};
}

}  // namespace adatom
