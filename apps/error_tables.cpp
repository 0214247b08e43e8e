#include "apps/error_tables.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/table.hpp"
#include "core/parallel.hpp"

namespace adatom::apps {
namespace {

constexpr double milli = 1000.0;  // eV → meV
constexpr std::size_t worst_shown = 3;
constexpr double far = 0.1;  // widths of the range

std::string title(const Evaluation& group) { return group.size == 0 ? "all" : std::to_string(group.size); }

void add_row(Table& table, const Evaluation& group, const ErrorSummary& errors, const ErrorSummary& baseline) {
  table.add({title(group), count_text(group.structures), fixed(milli * errors.rmse, 1), fixed(milli * errors.mae, 1),
             fixed(milli * errors.largest, 0), errors.count > 1 ? fixed(errors.r2, 4) : "-",
             fixed(milli * baseline.rmse, 1), fixed(milli * baseline.mae, 1)});
}

std::string table_of(const EvaluationResult& result, const std::string& unit, const ErrorSummary Evaluation::*errors,
                     const ErrorSummary Evaluation::*baseline, const std::string& trivial) {
  Table table({"atoms", "structures", "RMSE\n" + unit, "MAE\n" + unit, "largest\n" + unit, "R²", trivial + "\nRMSE",
               trivial + "\nMAE"});
  for (const Evaluation& group : result.sizes) {
    if ((group.*errors).count > 0) add_row(table, group, group.*errors, group.*baseline);
  }
  if (result.sizes.size() != 1) {
    table.rule();
    add_row(table, result.all, result.all.*errors, result.all.*baseline);
  }
  return table.text();
}

nlohmann::json to_json(const ErrorSummary& errors, const ErrorSummary& baseline, const std::string& unit) {
  if (errors.count == 0) return {{"unit", unit}, {"count", 0}};  // no errors are not errors of 0
  return {{"unit", unit},
          {"count", errors.count},
          {"rmse", milli * errors.rmse},
          {"mae", milli * errors.mae},
          {"largest", milli * errors.largest},
          {"r2", errors.r2},
          {"baseline_rmse", milli * baseline.rmse},
          {"baseline_mae", milli * baseline.mae}};
}

nlohmann::json to_json(const Evaluation& group) {
  return {{"atoms", group.size == 0 ? nlohmann::json("all") : nlohmann::json(group.size)},
          {"structures", group.structures},
          {"energy", to_json(group.energy, group.energy_baseline, "meV/atom")},
          {"forces", to_json(group.forces, group.forces_baseline, "meV/A")}};
}

}  // namespace

std::string describe(const EvaluationResult& result) {
  std::string text = "Energy per atom (trivial: a constant per element)\n";
  text += table_of(result, "meV", &Evaluation::energy, &Evaluation::energy_baseline, "trivial");
  if (result.all.forces.count > 0) {
    text += "Force components (trivial: zero)\n";
    text += table_of(result, "meV/Å", &Evaluation::forces, &Evaluation::forces_baseline, "trivial");
  }
  return text;
}

nlohmann::json to_json(const EvaluationResult& result) {
  nlohmann::json sizes = nlohmann::json::array();
  for (const Evaluation& group : result.sizes) sizes.push_back(to_json(group));
  return {{"sizes", sizes}, {"all", to_json(result.all)}};
}

ExtrapolationSummary::Case worst_extrapolation(const LocalAnsatz& model, const Atoms& atoms) {
  const std::vector<Extrapolation> found = model.extrapolations(atoms);
  if (found.empty()) return {};
  return {0, found.front(), found.front().excess()};
}

ExtrapolationSummary summarise_extrapolations(const LocalAnsatz& model, std::span<const Atoms> structures) {
  ExtrapolationSummary summary{
      .structures = structures.size(), .worst = {}, .excess = std::vector<double>(structures.size(), 0.0)};
  std::vector<ExtrapolationSummary::Case> worst(structures.size());
  parallel_for(structures.size(), [&](std::size_t i) { worst[i] = worst_extrapolation(model, structures[i]); });
  for (std::size_t i = 0; i < structures.size(); ++i) {
    worst[i].structure = i;
    summary.excess[i] = worst[i].excess;
    if (worst[i].excess <= 0.0) continue;
    ++summary.outside;
    if (worst[i].excess > far) ++summary.far_outside;
    summary.worst.push_back(worst[i]);
  }
  std::stable_sort(summary.worst.begin(), summary.worst.end(),
                   [](const auto& a, const auto& b) { return a.excess > b.excess; });
  if (summary.worst.size() > worst_shown) summary.worst.resize(worst_shown);
  return summary;
}

std::string describe(const ExtrapolationSummary& summary, const LocalAnsatz& model,
                     std::span<const std::string> places) {
  if (summary.outside == 0)
    return "Extrapolation: none; every atom's surroundings lie within the range of the training data.\n";
  std::string text = "Extrapolation: " + count_text(summary.outside) + " of " +
                     plural(summary.structures, "structure") + " leave the range of the training data, " +
                     count_text(summary.far_outside) + " by more than a tenth of its width.\n";
  for (const auto& one : summary.worst)
    text += "  " + places[one.structure] + ", " + describe(one.worst, model.functions()) + "\n";
  return text;
}

nlohmann::json to_json(const ExtrapolationSummary& summary) {
  return {{"structures", summary.structures},
          {"outside_training_range", summary.outside},
          {"far_outside", summary.far_outside}};
}

}  // namespace adatom::apps
