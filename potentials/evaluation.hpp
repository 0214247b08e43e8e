// What this file is: how far a potential's energies and forces are from the labels, in the figures that papers quote.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "potentials/dataset.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// Errors of one kind of number (prediction − label), in that number's unit.
struct ErrorSummary {
  std::size_t count = 0;
  double rmse = 0.0;     ///< root of the mean square
  double mae = 0.0;      ///< mean absolute
  double largest = 0.0;  ///< largest absolute
  double r2 = 0.0;       ///< 1 − Σ error² / Σ (label − mean label)²; 0 where the labels do not vary
};

/// Collects pairs of label and prediction.
class ErrorStatistics {
 public:
  void add(double label, double prediction);
  ErrorSummary summary() const;

 private:
  std::size_t count_ = 0;
  double squares_ = 0.0, absolutes_ = 0.0, largest_ = 0.0;
  double mean_ = 0.0, deviations_ = 0.0;  // of the labels, by Welford's updates
};

/// Errors over all structures of one size, or over all sizes (size 0).
struct Evaluation {
  std::size_t size = 0;  ///< atoms per structure; 0: all of them together
  std::size_t structures = 0;
  ErrorSummary energy{};           ///< of the energy per atom, eV
  ErrorSummary forces{};           ///< of the force components, eV/Å
  ErrorSummary energy_baseline{};  ///< of a constant per element, fitted to the training data
  ErrorSummary forces_baseline{};  ///< of forces that are always zero
};

struct EvaluationOptions {
  /// Structures with a force component beyond this (eV/Å) are left out of all figures; 0: none.
  double largest_force = 0.0;
};

struct EvaluationResult {
  std::vector<Evaluation> sizes;  ///< ascending
  Evaluation all;
  std::vector<Prediction> predictions;  ///< of every structure, also those left out
  std::vector<bool> used;               ///< which structures count
};

/// Computes every structure (spread over threads) and compares. `baseline` is the trivial model to stand beside.
/// Structures without forces count for the energy alone. Throws InputError for forces that are not one per atom, for
/// elements the baseline does not know, and for what the potential cannot compute.
EvaluationResult evaluate(const Potential& potential, std::span<const LabelledStructure> data,
                          const ReferenceEnergies& baseline, const EvaluationOptions& options = {});

}  // namespace adatom
