// What this file is: the local neural-network ansatz, E = Σ_i [e_z + s · NN_z(G_i)]: a sum over atoms i of a network of
// the atom's element z that sees the symmetry functions G_i of its surroundings. energies() is composed from tensor
// operations, compute() is its fast twin (local_ansatz_fused.cpp); a test holds them equal.
//
// J. Behler and M. Parrinello, Phys. Rev. Lett. 98, 146401 (2007), equations 1 and 2.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "atoms/symmetry_functions.hpp"
#include "nn/archive.hpp"
#include "nn/mlp.hpp"
#include "potentials/descriptor_pulls.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// What the ansatz holds for one element. The network's input is (G − mean) / scale, its only output in units of the
/// ansatz's energy scale.
struct ElementNetwork {
  int element = 0;
  double reference_energy = 0.0;             ///< e_z, eV
  std::vector<double> mean{}, scale{};       ///< of every symmetry function over the training data
  std::vector<double> minimum{}, maximum{};  ///< of every symmetry function over the training data
  Mlp network{};
};

/// A symmetry function outside the range it had in the training data: there the network guesses.
struct Extrapolation {
  std::size_t atom = 0;
  int element = 0;
  std::size_t function = 0;  ///< place in functions().of(element)
  double value = 0.0, minimum = 0.0, maximum = 0.0;

  /// How far outside, in widths of the range; a range narrower than 1e-6 counts as that wide.
  double excess() const;
};

/// energies() and compute() throw InputError for elements that are not in the model ("element 'N' is not in the model
/// (H, C)") and for atoms closer than 1e-8 Å; compute() throws NumericalError where the energy is not finite.
class LocalAnsatz final : public Potential {
 public:
  /// Throws InputError unless there is one network for each centre element, of fitting width, scales are positive,
  /// ranges ascend, and energies are finite.
  LocalAnsatz(SymmetryFunctions functions, std::vector<ElementNetwork> networks, double energy_scale);

  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override;
  void compute(const Atoms& atoms, Want want, Prediction& result) const override;
  using Potential::compute;
  /// Keeps a Verlet list. Both see potentials/local_ansatz_fused.cpp.
  std::unique_ptr<Evaluator> evaluator(const Reuse& reuse = {}) const override;

  /// Every function of every atom that left its training range by more than `tolerance` of the range's width and a
  /// rounding error (1e-9), worst first in units of that width (of 1e-6 where it is less).
  std::vector<Extrapolation> extrapolations(const Atoms& atoms, double tolerance = 0.0) const;

  const SymmetryFunctions& functions() const { return functions_; }
  const DescriptorPulls& pulls() const { return pulls_; }  ///< of the same functions
  std::span<const ElementNetwork> networks() const { return networks_; }
  /// Throws InputError for an element that is not in the model.
  const ElementNetwork& network_of(int element) const;
  void require_known(std::span<const int> numbers) const;  ///< throws it for the first of them
  double energy_scale() const { return energy_scale_; }    ///< s, eV
  double cutoff() const { return functions_.cutoff(); }    ///< Å
  /// "C.layer1.weight", … of all networks.
  Parameters parameters() const;

 private:
  SymmetryFunctions functions_;
  DescriptorPulls pulls_;
  std::vector<ElementNetwork> networks_;  // ascending elements
  double energy_scale_;
};

/// A copy whose weights are its own: training the one leaves the other alone.
LocalAnsatz clone(const LocalAnsatz& model);

/// The mean of several models that share symmetry functions, scaling and layers, such as trainings from different
/// random weights: their errors partly cancel. It is a local ansatz again: hidden layers side by side, without links
/// between them (L. K. Hansen and P. Salamon, IEEE Trans. Pattern Anal. Mach. Intell. 12, 993 (1990), on why it helps).
/// Throws InputError for no models, or naming what differs.
LocalAnsatz mean_of(std::span<const LocalAnsatz> models);

/// "atom 3 (C): radial(C, eta 0.5, shift 1.2) = 4.1 is outside its training range 0.0 … 2.9".
std::string describe(const Extrapolation& extrapolation, const SymmetryFunctions& functions);

/// The ansatz as one self-describing file: units, functions, scaling, ranges, weights, and `notes` (name, text) such as
/// where it was trained. Throws Error when it cannot be written.
void save_model(const std::filesystem::path& path, const LocalAnsatz& model,
                std::span<const std::pair<std::string, std::string>> notes = {});
/// Throws InputError naming the file and what is wrong with it: damaged, newer format, not finite, not a local ansatz.
LocalAnsatz load_model(const std::filesystem::path& path);

/// The same as entries of an archive, for files that hold more than the model.
void store(Archive& archive, const LocalAnsatz& model);
LocalAnsatz load_local_ansatz(const Archive& archive);

}  // namespace adatom
