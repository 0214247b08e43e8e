// What this file is: what training needs of each structure, computed once: the scaled symmetry functions and their
// derivatives depend on positions alone, not on the weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "potentials/dataset.hpp"
#include "potentials/descriptor_forces.hpp"
#include "potentials/local_ansatz.hpp"

namespace adatom {

/// One structure's atoms of one element. Rows are in the order of the atoms.
struct ElementFeatures {
  std::vector<double> values;         ///< rows × K, (G − mean) / scale
  DescriptorDerivatives derivatives;  ///< of those, in the order of the rows
};

struct StructureFeatures {
  std::size_t atoms = 0;
  double energy = 0.0;                    ///< label minus reference energies, eV
  std::vector<Vector3> forces;            ///< labels, eV/Å
  std::vector<ElementFeatures> elements;  ///< in the order of LocalAnsatz::networks()
};

/// Features of every structure for the scaling and reference energies of `model`, spread over threads. Memory: for each
/// atom and neighbour about 4 bytes per radial function (8 between different elements) and 24 per angular one.
/// Throws InputError naming the structure (from 0) for elements not in the model, atoms too close, and forces that are
/// neither one per atom nor none; without forces there are no derivatives.
std::vector<StructureFeatures> compute_features(const LocalAnsatz& model, std::span<const LabelledStructure> data);

/// Several structures stacked for one pass through the networks.
struct FeatureBatch {
  struct Element {
    Tensor inputs;                         ///< (rows, K), a variable, so that slopes can be taken
    std::vector<std::uint32_t> structure;  ///< of each row
    std::shared_ptr<const ForceMap> map;
  };
  std::vector<Element> elements;
  std::size_t structures = 0, atoms = 0;
  Tensor inverse_sizes;  ///< 1 / number of atoms, (structures)
  Tensor energies;       ///< labels, (structures), eV
  Tensor forces;         ///< labels, (atoms, 3), eV/Å
};

/// The features with these numbers, which must exist, all of one model; those without forces have labels 0. They must
/// outlive the batch and all that is computed from it.
FeatureBatch stack_features(std::span<const StructureFeatures> features, std::span<const std::uint32_t> chosen);

/// Energies (structures) in eV, above the reference energies, and forces (atoms, 3) in eV/Å of a batch, differentiable
/// with respect to the weights.
struct BatchPrediction {
  Tensor energies, forces;
};
BatchPrediction predict(const LocalAnsatz& model, const FeatureBatch& batch);

}  // namespace adatom
