// What this file is: the errors of a potential as a table and as JSON, each beside the trivial model's.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "apps/labelled_data.hpp"
#include "potentials/evaluation.hpp"
#include "potentials/local_ansatz.hpp"

namespace adatom::apps {

/// Energies per atom in meV, forces in meV/Å, a row for each size that has some and one for all. In JSON there is only
/// a count of 0 for those that have none.
std::string describe(const EvaluationResult& result);
nlohmann::json to_json(const EvaluationResult& result);

/// How many structures leave the range of the training data, how far, and the worst cases by atom, element and
/// function.
struct ExtrapolationSummary {
  struct Case {
    std::size_t structure = 0;
    Extrapolation worst;
    double excess = 0.0;  ///< beyond the range, in widths of the range
  };
  std::size_t structures = 0;   ///< all
  std::size_t outside = 0;      ///< with any function outside its range
  std::size_t far_outside = 0;  ///< by more than a tenth of its width
  std::vector<Case> worst;      ///< a few, one per structure
  std::vector<double> excess;   ///< of each structure
};
/// The function of any atom that is farthest outside its range, in widths of the range; excess 0 where all are inside.
ExtrapolationSummary::Case worst_extrapolation(const LocalAnsatz& model, const Atoms& atoms);
ExtrapolationSummary summarise_extrapolations(const LocalAnsatz& model, std::span<const Atoms> structures);
/// `places[i]` names structure i.
std::string describe(const ExtrapolationSummary& summary, const LocalAnsatz& model,
                     std::span<const std::string> places);
nlohmann::json to_json(const ExtrapolationSummary& summary);

}  // namespace adatom::apps
