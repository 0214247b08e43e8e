// What this file is: fitting a pair model (pair_model.hpp) to energies and forces. The pairs of every structure are
// found once; each step is a gradient through autodiff, and through the forces as well, where those are fitted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "potentials/dataset.hpp"
#include "potentials/pair_model.hpp"

namespace adatom {

struct FitOptions {
  std::size_t epochs = 500;
  std::size_t batch_size = 0;         ///< structures per step; 0: all
  double learning_rate = 1e-2;        ///< of Adam, in the first step
  double final_learning_rate = 1e-5;  ///< at the end of half a cosine, just after the last
  double weight_decay = 0.0;          ///< > 0: AdamW
  double energy_weight = 1.0;         ///< of the mean square error of the energy per atom, eV
  double force_weight = 0.0;          ///< of the mean square error of force components, eV/Å; 0: forces are not used
  /// Gaussian coefficients enter the energy linearly: solve for them after every epoch and let only the other
  /// parameters follow the gradient (variable projection; Golub and Pereyra, SIAM J. Numer. Anal. 10, 413 (1973)).
  /// Without it all follow the gradient, which takes far longer.
  bool solve_coefficients = true;
  std::uint64_t seed = 1;  ///< of the order of batches
};

/// Root mean squares over structures and over force components.
struct PairErrors {
  double energy = 0.0;  ///< eV/atom
  double force = 0.0;   ///< eV/Å; 0 unless every structure has forces
};

/// One line of the learning curve, of the batches as they were met.
struct FitEpoch {
  std::size_t epoch = 0;  ///< completed
  double learning_rate = 0.0;
  double loss = 0.0;
  PairErrors errors;
};

/// Moves the parameters of the model towards the labels. The loss is energy_weight · mean over structures of
/// ((E − E_label)/N)² + force_weight · mean over force components of (F − F_label)². Calls progress after every epoch;
/// what that throws stops the fit. No epochs are needed, and none are made, where all parameters are solved for. The
/// same seed gives the same bits. Throws InputError for options out of range, no data, structures without atoms,
/// without forces where those are wanted, with labels that are not finite, or with atoms closer than 0.001 Å;
/// NumericalError when the loss stops being finite: lower the learning rate then, or start nearer.
std::vector<FitEpoch> fit(PairModel& model, std::span<const LabelledStructure> data, const FitOptions& options = {},
                          const std::function<void(const FitEpoch&)>& progress = {});

/// The coefficients of all Gaussian terms by linear least squares on the same loss, the other parameters held (ridge of
/// 1e-12 of the mean diagonal of the normal equations). Does nothing without Gaussians. Throws InputError as fit does.
void solve_coefficients(PairModel& model, std::span<const LabelledStructure> data, double energy_weight = 1.0,
                        double force_weight = 0.0);

PairErrors errors_of(const PairModel& model, std::span<const LabelledStructure> data);

}  // namespace adatom
