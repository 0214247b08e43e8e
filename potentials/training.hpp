// What this file is: fitting a local ansatz to energies and forces, epoch by epoch, resumable bit for bit.
//
//   LocalAnsatzTraining training(initial_local_ansatz(train, {.cutoff = 5.0}), train, validation, {.epochs = 200});
//   while (!training.finished()) report(training.run_epoch());
//   save_model("carbon.model", training.best_model());
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "potentials/dataset.hpp"
#include "potentials/local_ansatz.hpp"

namespace adatom {

/// The shape of a new local ansatz.
struct LocalAnsatzOptions {
  double cutoff = 5.0;                         ///< Å
  DefaultSymmetryFunctionOptions functions{};  ///< the generated set; ignored where symmetry_functions is given
  std::vector<SymmetryFunction> symmetry_functions{};
  CutoffFunction cutoff_function{};
  std::vector<std::size_t> hidden = {32, 32};  ///< widths of the hidden layers
  Activation activation = Activation::silu;
  std::uint64_t seed = 1;  ///< of the weights
};

/// A new ansatz for the elements, environments and energies of `train`: reference energies by least squares, inputs
/// standardised (those that hardly vary by no more than a thousandfold), output scaled to the spread of energies per
/// atom (by 1 eV where they do not vary), weights random.
/// Throws InputError for no structures, an element without symmetry functions, naming the structure for energies that
/// are not finite and atoms too close, or if no atom has a neighbour within the cutoff.
LocalAnsatz initial_local_ansatz(std::span<const LabelledStructure> train, const LocalAnsatzOptions& options = {});

struct TrainingOptions {
  std::size_t epochs = 200;
  std::size_t batch_size = 32;        ///< structures per step, at most as many as there are
  double learning_rate = 2e-3;        ///< of Adam, at its highest
  double final_learning_rate = 1e-5;  ///< reached along half a cosine
  std::size_t warm_up_steps = 100;    ///< during which the rate rises in a straight line
  double energy_weight = 1.0;         ///< of the mean square error per atom, eV, in the first epoch
  double final_energy_weight = 0.0;   ///< reached geometrically in the last epoch; 0: energy_weight throughout
  double force_weight = 0.05;         ///< of the mean square error of force components, eV/Å; 0: forces are not used
  double gradient_norm = 10.0;        ///< gradients longer than this are shortened; 0: never
  double average_decay = 0.999;    ///< of the exponential average of the weights, which is what is validated and kept
  std::size_t validate_every = 1;  ///< epochs
  std::size_t patience = 0;        ///< stop after so many validations without improvement; 0: never
  std::uint64_t seed = 1;          ///< of the order of batches
};

/// One line of the learning curve. Errors are root mean squares.
struct EpochReport {
  std::size_t epoch = 0;  ///< completed
  double learning_rate = 0.0;
  double train_energy = 0.0;  ///< eV/atom, of the batches as they were met
  double train_forces = 0.0;  ///< eV/Å
  bool validated = false;
  double validation_energy = 0.0;  ///< eV/atom, of the averaged weights
  double validation_forces = 0.0;  ///< eV/Å
  bool best = false;               ///< the best validation so far
};

class LocalAnsatzTraining {
 public:
  /// Computes all features (spread over threads). Without validation data the averaged weights of the last epoch are
  /// kept. Throws InputError for options out of range, no training data, structures without atoms, labels that are not
  /// finite, and structures without forces while force_weight > 0, naming the structure.
  LocalAnsatzTraining(LocalAnsatz initial, std::span<const LabelledStructure> train,
                      std::span<const LabelledStructure> validation, const TrainingOptions& options = {});
  /// Trains several members side by side, alike but for their random weights (see mean_of); their mean is validated and
  /// kept.
  LocalAnsatzTraining(std::vector<LocalAnsatz> members, std::span<const LabelledStructure> train,
                      std::span<const LabelledStructure> validation, const TrainingOptions& options = {});
  ~LocalAnsatzTraining();
  LocalAnsatzTraining(LocalAnsatzTraining&&) noexcept;
  LocalAnsatzTraining& operator=(LocalAnsatzTraining&&) noexcept;

  /// One pass over the training data. `after_step(steps done, steps in all)` is called after every step and may return
  /// false to stop early (the run is then left in the middle of an epoch, from where a checkpoint resumes; the report
  /// covers the steps made so far, and is no part of the history). Throws NumericalError when the loss stops being
  /// finite, or energies are off by more than 10 000 times their spread.
  EpochReport run_epoch(const std::function<bool(std::size_t, std::size_t)>& after_step = {});

  bool finished() const;
  std::size_t epoch() const;  ///< completed
  std::span<const EpochReport> history() const;
  /// The averaged weights with the best validation error so far; of several members, their mean.
  LocalAnsatz best_model() const;

  /// Everything needed to go on bit for bit, written atomically; and back, into a training made with the same data and
  /// options. Throws InputError naming what differs.
  void save_checkpoint(const std::filesystem::path& path) const;
  void load_checkpoint(const std::filesystem::path& path);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace adatom
