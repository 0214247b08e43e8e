// adatom evaluate: how far a model is from labelled data.
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/error_tables.hpp"
#include "apps/figures.hpp"
#include "apps/labelled_data.hpp"
#include "apps/metrics.hpp"
#include "apps/model_file.hpp"
#include "apps/output_files.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct EvaluateOptions {
  CommonOptions common;
  fs::path model, metrics, figures;
  DataOptions data;
  std::string split = "all";
};

void add_options(CLI::App& app, EvaluateOptions& o) {
  add_common(app, o.common, false);
  add_value(app, "model", o.model, "a model from adatom train").required();
  add_files(app, "data", o.data.files, "extended XYZ files with energies (eV) and, if any, forces (eV/Å)").required();
  add_data_options(app, o.data, true);
  add_choice(app, "--split", o.split, {"all", "test", "validation"},
             "use only the runs that the model's training kept for test or validation")
      .group("Data");
  add_value(app, "--metrics", o.metrics, "all figures as JSON").group("Output");
  add_value(app, "--figures", o.figures, "folder for parity plots (gnuplot)", "DIR").group("Output");
  set_footer(app,
             "\nThe trivial model beside the errors knows the composition only: the model's reference energies, and "
             "zero forces.\n\n"
             "Examples:\n"
             "  adatom evaluate carbon.adatom data/carbon/C[4-8].extxyz --split test --largest-force 40\n"
             "  adatom evaluate carbon.adatom data/carbon/C9.extxyz --metrics C9.json --figures figures");
}

/// Drops the structures that `wanted` refuses; how many.
template <class Wanted>
std::size_t keep_only(LabelledData& data, const Wanted& wanted) {
  LabelledData kept;
  for (std::size_t i = 0; i < data.structures.size(); ++i) {
    if (!wanted(data.structures[i])) continue;
    kept.structures.push_back(std::move(data.structures[i]));
    kept.places.push_back(std::move(data.places[i]));
  }
  const std::size_t dropped = data.structures.size() - kept.structures.size();
  data.structures = std::move(kept.structures);
  data.places = std::move(kept.places);
  return dropped;
}

void keep_split(LabelledData& data, const ModelFile& file, const EvaluateOptions& o) {
  if (o.split == "all") return;
  const std::set<std::int64_t> runs = runs_note(file, o.split + "_runs", o.model);
  keep_only(data, [&runs](const LabelledStructure& one) { return runs.contains(one.run); });
  if (data.structures.empty())
    throw InputError("no structure of these files belongs to the model's " + o.split + " runs");
  say(count_text(data.structures.size()) + " of them are of the " + std::to_string(runs.size()) + " runs kept for " +
      o.split + ".\n");
}

void drop_large_forces(LabelledData& data, double limit) {
  if (limit <= 0.0) return;
  const std::size_t dropped =
      keep_only(data, [limit](const LabelledStructure& one) { return largest_force_component(one) <= limit; });
  if (data.structures.empty()) throw InputError("every structure has a force component beyond --largest-force");
  say(plural(dropped, "structure") + " with force components beyond " + general(limit) + " eV/Å left out.\n");
}

int run(const EvaluateOptions& o) {
  apply(o.common);
  std::vector<fs::path> inputs = o.data.files;
  inputs.push_back(o.model);
  require_writable(o.metrics, inputs, "--metrics");
  if (!o.figures.empty()) make_folder(o.figures);
  const ModelFile file = load_model_file(o.model);
  LabelledData data = read_labelled(o.data.files, o.data, false, "evaluating");
  say("Data\n" + describe(data, o.data));
  keep_split(data, file, o);
  drop_large_forces(data, o.data.largest_force);

  for (std::size_t i = 0; i < data.structures.size(); ++i)
    require_known(file.model, data.structures[i].atoms, data.places[i]);
  std::vector<Atoms> atoms;
  for (const LabelledStructure& one : data.structures) atoms.push_back(one.atoms);
  const auto [result, extrapolation] = [&] {
    const StopAtOnce nothing_to_keep;
    return std::pair{evaluate(file.model, data.structures, reference_energies(file.model)),
                     summarise_extrapolations(file.model, atoms)};
  }();
  say("\nErrors of '" + o.model.string() + "'\n\n" + describe(result) + "\n" +
      describe(extrapolation, file.model, data.places));

  if (!o.figures.empty()) draw_parity(o.figures, data.structures, result);
  std::vector<std::string> files;
  for (const fs::path& path : o.data.files) files.push_back(path.string());
  write_metrics(o.metrics, {{"program", "adatom " ADATOM_VERSION},
                            {"command", command_text()},
                            {"model", o.model.string()},
                            {"data", files},
                            {"split", o.split},
                            {"errors", to_json(result)},
                            {"extrapolation", to_json(extrapolation)}});
  return 0;
}

}  // namespace

std::function<int()> evaluate_command(CLI::App& app) {
  const auto options = std::make_shared<EvaluateOptions>();
  add_options(add_subcommand(app, "evaluate", "compare a model with labelled data"), *options);
  return [options] { return run(*options); };
}

}  // namespace adatom::apps
