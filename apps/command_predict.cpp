// adatom predict: energies and forces for structures.
#include <memory>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/error_tables.hpp"
#include "apps/model_file.hpp"
#include "apps/old_labels.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/labels.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct PredictOptions {
  CommonOptions common;
  fs::path model, input, output, extrapolating;
  bool stress = false, per_atom = false;
};

/// So many frames are in memory at a time.
constexpr std::size_t frames_at_once = 512;

void store(const Prediction& prediction, bool per_atom, Frame& frame) {
  drop_old_labels(frame);
  set_labels(frame, {.energy = prediction.energy, .forces = prediction.forces, .stress = prediction.stress});
  if (per_atom) set_column(frame, {.name = "energies", .count = 1, .values = prediction.energies});
}

/// What the run met, for the words at the end.
struct Totals {
  std::size_t frames = 0, outside = 0, without_stress = 0;
  ExtrapolationSummary::Case worst;
  std::string worst_place;
};

void predict_some(const PredictOptions& o, const LocalAnsatz& model, std::vector<Frame>& frames, Totals& totals,
                  ExtxyzWriter& writer, ExtxyzWriter* extrapolating) {
  std::vector<Prediction> predictions(frames.size());
  std::vector<ExtrapolationSummary::Case> outside(frames.size());
  const auto place = [&](std::size_t i) {
    return "frame " + std::to_string(totals.frames + i + 1) + " of " + o.input.string();
  };
  for (std::size_t i = 0; i < frames.size(); ++i) require_known(model, frames[i].atoms, place(i));
  parallel_for(frames.size(), [&](std::size_t i) {
    if (interrupted()) throw Interrupted();
    try {
      const bool stress = o.stress && volume(frames[i].atoms.cell) > 0.0;
      model.compute(frames[i].atoms, {.stress = stress, .energies = o.per_atom}, predictions[i]);
    } catch (const InputError& error) {
      throw InputError(place(i) + ": " + error.what());
    } catch (const NumericalError& error) {
      throw NumericalError(place(i) + ": " + error.what());
    }
    outside[i] = worst_extrapolation(model, frames[i].atoms);
  });
  for (std::size_t i = 0; i < frames.size(); ++i) {
    totals.without_stress += o.stress && !predictions[i].stress ? 1 : 0;
    store(predictions[i], o.per_atom, frames[i]);
    writer.write(frames[i]);
    if (outside[i].excess <= 0.0) continue;
    ++totals.outside;
    if (extrapolating != nullptr) extrapolating->write(frames[i]);
    if (outside[i].excess > totals.worst.excess) {
      totals.worst = outside[i];
      totals.worst_place = place(i);
    }
  }
  totals.frames += frames.size();
  frames.clear();
}

int run(const PredictOptions& o) {
  apply(o.common);
  require_writable({{"--output", o.output}, {"--save-extrapolating", o.extrapolating}}, std::vector{o.model, o.input});
  const LocalAnsatz model = load_model(o.model);
  ExtxyzReader reader(o.input);
  ExtxyzWriter writer(o.output);
  std::optional<ExtxyzWriter> extrapolating;
  if (!o.extrapolating.empty()) extrapolating.emplace(o.extrapolating);

  Totals totals;
  std::vector<Frame> frames;
  while (std::optional<Frame> frame = reader.next()) {
    if (interrupted()) throw Interrupted();
    frames.push_back(std::move(*frame));
    if (frames.size() == frames_at_once)
      predict_some(o, model, frames, totals, writer, extrapolating ? &*extrapolating : nullptr);
  }
  predict_some(o, model, frames, totals, writer, extrapolating ? &*extrapolating : nullptr);
  if (totals.frames == 0) throw InputError("'" + o.input.string() + "' holds no structure");
  writer.commit();
  if (extrapolating) extrapolating->commit();
  say(plural(totals.frames, "structure") + " with energy (eV)" + (o.per_atom ? ", energies (eV, per atom)" : "") +
      ", forces (eV/Å)" + (o.stress ? ", stress (eV/Å³)" : "") + " written to '" + o.output.string() + "'.\n");
  if (totals.without_stress > 0)
    note(plural(totals.without_stress, "structure") + " without stress: there is no cell with a volume");
  if (totals.outside > 0) {
    warn(plural(totals.outside, "structure") + (totals.outside == 1 ? " leaves" : " leave") +
         " the range of the training data; worst: " + totals.worst_place + ", " +
         describe(totals.worst.worst, model.functions()));
  }
  return 0;
}

}  // namespace

std::function<int()> predict_command(CLI::App& app) {
  const auto o = std::make_shared<PredictOptions>();
  CLI::App& sub = add_subcommand(app, "predict", "write energies and forces of structures");
  add_common(sub, o->common, false);
  add_value(sub, "model", o->model, "a model from adatom train").required();
  add_value(sub, "structures", o->input, "an extended XYZ file; labels in it are replaced").required();
  add_value(sub, "-o,--output", o->output, "extended XYZ with energy (eV) and forces (eV/Å), as ASE reads it")
      .required()
      .group("Output");
  add_flag(sub, "--stress", o->stress, "also the stress, eV/Å³, of structures whose cell has a volume").group("Output");
  add_flag(sub, "--per-atom", o->per_atom, "also the share of each atom in the energy, eV").group("Output");
  add_value(sub, "--save-extrapolating", o->extrapolating,
            "structures outside the range of the training data: those worth labelling next")
      .group("Output");
  set_footer(sub, "\nExample:\n  adatom predict carbon.adatom data/carbon/C11.extxyz --output C11.predicted.extxyz");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
