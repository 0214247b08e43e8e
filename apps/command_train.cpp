// adatom train: a local neural-network potential from energies and forces.
#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/error_tables.hpp"
#include "apps/figures.hpp"
#include "apps/metrics.hpp"
#include "apps/model_file.hpp"
#include "apps/output_files.hpp"
#include "apps/resuming.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "apps/training_data.hpp"
#include "apps/training_run.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct TrainOptions {
  CommonOptions common;
  TrainingDataOptions data;
  LocalAnsatzOptions ansatz;
  std::size_t members = 1;
  std::string activation;
  TrainingOptions training;
  fs::path output, checkpoint, metrics, figures;
  bool resume = false, force = false;
};

void add_network_options(CLI::App& app, TrainOptions& o) {
  const std::string group = "Network";
  add_value(app, "--cutoff", o.ansatz.cutoff, "how far an atom sees, Å", Range::positive).group(group);
  add_value(app, "--hidden", o.ansatz.hidden, "widths of the hidden layers").group(group);
  o.activation = name(o.ansatz.activation);
  add_choice(app, "--activation", o.activation, {"tanh", "silu", "gelu", "softplus", "sigmoid", "relu"},
             "nonlinearity of the hidden layers")
      .group(group);
  add_value(
      app, "--members", o.members,
      "networks trained side by side from different random weights; the model is their mean, whose errors are smaller",
      Range::positive)
      .group(group);
  add_value(app, "--radial", o.ansatz.functions.radial, "radial symmetry functions per neighbour element").group(group);
  add_value(app, "--angular", o.ansatz.functions.angular_radial,
            "radial parts of the angular functions, per pair of elements; 0: no angular functions")
      .group(group);
  add_value(app, "--zetas", o.ansatz.functions.zetas,
            "angular resolutions ζ; each gives two functions, for λ = +1 and −1")
      .group(group);
  add_value(app, "--angular-cutoff", o.ansatz.functions.angular_cutoff,
            "cutoff of the angular functions, Å; 0: as --cutoff", Range::not_negative)
      .group(group);
}

void add_training_options(CLI::App& app, TrainOptions& o) {
  const std::string group = "Training";
  TrainingOptions& t = o.training;
  add_value(app, "--epochs", t.epochs, "passes over the training data", Range::positive).group(group);
  add_value(app, "--batch-size", t.batch_size, "structures per step", Range::positive).group(group);
  add_value(app, "--learning-rate", t.learning_rate, "of the Adam optimiser, at its highest", Range::positive)
      .group(group);
  add_value(app, "--final-learning-rate", t.final_learning_rate,
            "reached at the end along half a cosine; at most --learning-rate", Range::not_negative)
      .group(group);
  add_value(app, "--warm-up", t.warm_up_steps, "steps during which the rate rises from 0").group(group);
  add_value(app, "--energy-weight", t.energy_weight, "of the mean square error of the energy per atom, (eV)²",
            Range::not_negative)
      .group(group);
  add_value(app, "--final-energy-weight", t.final_energy_weight,
            "reached geometrically in the last epoch; 0: the same throughout", Range::not_negative)
      .group(group);
  add_value(app, "--force-weight", t.force_weight,
            "of the mean square error of the force components, (eV/Å)²; 0: forces are not used", Range::not_negative)
      .group(group);
  add_value(app, "--gradient-norm", t.gradient_norm, "longer gradients are shortened to this; 0: never",
            Range::not_negative)
      .group(group);
  add_value(app, "--average-decay", t.average_decay,
            "of the running average of the weights, which is what is validated and saved", Range::fraction)
      .group(group);
  add_value(app, "--validate-every", t.validate_every, "epochs", Range::positive).group(group);
  add_value(app, "--patience", t.patience, "stop after so many validations without improvement; 0: never").group(group);
}

void add_options(CLI::App& app, TrainOptions& o) {
  add_common(app, o.common, true);
  add_training_data_options(app, o.data);
  add_network_options(app, o);
  add_training_options(app, o);
  const std::string group = "Output";
  add_value(app, "-o,--output", o.output, "the model, one self-describing text file").required().group(group);
  add_flag(
      app, "--force", o.force,
      "replace an existing model, or the state of an interrupted training; without it, or --resume, neither is ever "
      "overwritten")
      .group(group);
  add_value(app, "--checkpoint", o.checkpoint,
            "state of the training, saved every 10 s and at Ctrl-C [OUTPUT.checkpoint, removed at the end]")
      .group(group);
  add_flag(app, "--resume", o.resume,
           "go on from the checkpoint, bit for bit as if never interrupted; give the same options and data again")
      .group(group);
  add_value(app, "--metrics", o.metrics, "all figures as JSON").group(group);
  add_value(app, "--figures", o.figures, "folder for the learning curve and parity plots (gnuplot)", "DIR")
      .group(group);
  set_footer(app,
             "\nThe data is split by runs (--run-key): frames of one relaxation resemble each other and must not stand "
             "on both sides. A frame without that key counts as a run of its own. The last table is computed from the "
             "saved file.\n\n"
             "Example:\n"
             "  adatom train data/carbon/C[4-8].extxyz --largest-force 40 --epochs 300 --output carbon.adatom "
             "--figures figures");
}

/// Without --force or --resume nothing that is there may be lost.
void require_nothing_overwritten(const TrainOptions& o) {
  if (o.force || o.resume) return;
  if (fs::exists(o.output)) {
    throw InputError("--output '" + o.output.string() +
                     "' exists; --force replaces it, --resume goes on with an interrupted training");
  }
  if (fs::exists(o.checkpoint)) {
    throw InputError("'" + o.checkpoint.string() +
                     "' is the state of a training; --resume goes on with it, --force begins anew");
  }
}

void check_files(TrainOptions& o) {
  std::vector<fs::path> inputs = o.data.files;
  inputs.insert(inputs.end(), o.data.validation.begin(), o.data.validation.end());
  if (o.checkpoint.empty()) o.checkpoint = o.output.string() + ".checkpoint";
  require_writable({{"--output", o.output}, {"--checkpoint", o.checkpoint}, {"--metrics", o.metrics}}, inputs);
  if (fs::exists(o.output) && !fs::is_regular_file(o.output)) {
    throw InputError("--output '" + o.output.string() +
                     "' must be an ordinary file: the last table is computed from it");
  }
  require_nothing_overwritten(o);
  if (o.resume) require_checkpoint(o.checkpoint);
  if (!o.figures.empty()) make_folder(o.figures);
}

/// What is larger than this would only fill the memory, or never end.
void require_at_most(const char* option, std::size_t value, std::size_t most) {
  if (value > most)
    throw InputError(std::string(option) + ": at most " + std::to_string(most) + ", found " + std::to_string(value));
}

void check_sizes(const TrainOptions& o) {
  require_at_most("--members", o.members, 100);
  require_at_most("--radial", o.ansatz.functions.radial, 1000);
  require_at_most("--angular", o.ansatz.functions.angular_radial, 1000);
  for (const std::size_t width : o.ansatz.hidden) require_at_most("--hidden", width, 10000);
  require_at_most("--warm-up", o.training.warm_up_steps, 1000000000000);
}

Notes notes(const TrainOptions& o, const TrainingParts& parts) {
  std::string files;
  for (const fs::path& file : o.data.files) files += (files.empty() ? "" : " ") + file.string();
  return {{"created_by", "adatom " ADATOM_VERSION},
          {"command", command_text()},
          {"data", files},
          {"sizes", to_text(o.data.sizes)},
          {"seed", std::to_string(o.common.seed)},
          {"largest_force", general(o.data.largest_force)},
          {"training_structures", std::to_string(parts.train.size())},
          {"validation_runs", to_text(runs_of(parts.validation))},
          {"test_runs", to_text(runs_of(parts.test))}};
}

nlohmann::json history_json(std::span<const EpochReport> history) {
  nlohmann::json rows = nlohmann::json::array();
  for (const EpochReport& r : history) {
    nlohmann::json row{{"epoch", r.epoch},
                       {"learning_rate", r.learning_rate},
                       {"train_energy", 1e3 * r.train_energy},
                       {"train_forces", 1e3 * r.train_forces}};
    if (r.validated)
      row["validation_energy"] = 1e3 * r.validation_energy, row["validation_forces"] = 1e3 * r.validation_forces;
    rows.push_back(row);
  }
  return rows;
}

/// The part of the data that training has seen least of.
struct LeastSeen {
  const std::vector<LabelledStructure>& data;
  const char *name, *description;
};

LeastSeen least_seen(const TrainingParts& parts) {
  if (!parts.test.empty()) return {parts.test, "test", "test runs, which training never saw"};
  if (!parts.validation.empty())
    return {parts.validation, "validation", "validation data, by which the epoch was chosen (no test data)"};
  return {parts.train, "training", "training data (there is no other)"};
}

/// Errors of the saved file on the data that training has seen least of.
void report_final(const TrainOptions& o, const TrainingParts& parts, const LocalAnsatzTraining& training,
                  double seconds) {
  const LocalAnsatz saved = load_model(o.output);
  const LeastSeen judge = least_seen(parts);
  const EvaluationResult result = evaluate(saved, judge.data, reference_energies(saved));
  say("\nErrors of '" + o.output.string() + "', read back, on the " + judge.description + ":\n\n" + describe(result));
  if (!o.figures.empty()) {
    draw_learning_curve(o.figures, training.history());
    draw_parity(o.figures, judge.data, result);
  }
  write_metrics(
      o.metrics,
      {{"program", "adatom " ADATOM_VERSION},
       {"command", command_text()},
       {"seed", o.common.seed},
       {"seconds", seconds},
       {"structures",
        {{"training", parts.train.size()}, {"validation", parts.validation.size()}, {"test", parts.test.size()}}},
       {"evaluated_on", judge.name},
       {"errors", to_json(result)},
       {"units", {{"energy", "meV/atom"}, {"forces", "meV/A"}}},
       {"history", history_json(training.history())}});
}

/// The networks before training, each with random weights of its own.
std::vector<LocalAnsatz> initial_members(const TrainOptions& o, std::span<const LabelledStructure> train) {
  std::vector<LocalAnsatz> members;
  LocalAnsatzOptions ansatz = o.ansatz;
  for (std::size_t m = 0; m < o.members; ++m, ++ansatz.seed) members.push_back(initial_local_ansatz(train, ansatz));
  return members;
}

/// Trains; if that diverges, saves the best model until then, where it is worth something.
void train(const TrainOptions& o, const TrainingParts& parts, LocalAnsatzTraining& training) {
  try {
    run_training(
        training,
        {.epochs = o.training.epochs, .checkpoint = o.checkpoint, .resume_hint = "repeat the command with --resume"});
  } catch (const NumericalError& error) {
    const auto history = training.history();
    const auto last_best =
        std::find_if(history.rbegin(), history.rend(), [](const EpochReport& report) { return report.best; });
    if (last_best == history.rend() || last_best->validation_energy > parts.reference.rmse) throw;
    save_model(o.output, training.best_model(), notes(o, parts));
    throw NumericalError(std::string(error.what()) + "; '" + o.output.string() +
                         "' is the best model until then, of epoch " + std::to_string(last_best->epoch));
  }
}

/// Networks, features and, to go on, the checkpoint: nothing of it is worth keeping when the user stops it.
LocalAnsatzTraining prepare_training(const TrainOptions& o, const TrainingParts& parts) {
  const StopAtOnce nothing_to_keep;
  const std::vector<LocalAnsatz> members = initial_members(o, parts.train);
  say("\n" + (o.members > 1 ? plural(o.members, "network") : "Network") + ", cutoff " + general(members[0].cutoff()) +
      " Å\n" + describe_networks(members[0]));
  LocalAnsatzTraining training(members, parts.train, parts.validation, o.training);
  if (o.resume) {
    training.load_checkpoint(o.checkpoint);
    say("\nResumed from '" + o.checkpoint.string() + "' after " + plural(training.epoch(), "epoch") + ".\n");
  }
  return training;
}

int run(TrainOptions& o) {
  apply(o.common);
  const bool keep_checkpoint = !o.checkpoint.empty();
  check_files(o);
  check_sizes(o);
  o.training.final_learning_rate = std::min(o.training.final_learning_rate, o.training.learning_rate);
  o.ansatz.activation = activation_named(o.activation);
  o.ansatz.seed = o.training.seed = o.common.seed;

  const TrainingParts parts = read_training_data(o.data, o.training.force_weight > 0.0, o.common.seed);
  const auto begin = std::chrono::steady_clock::now();
  LocalAnsatzTraining training = prepare_training(o, parts);
  const OutputLock alone(o.output);
  require_nothing_overwritten(o);  // another run may have come to its end while this one read its data
  train(o, parts, training);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();

  save_model(o.output, training.best_model(), notes(o, parts));
  if (keep_checkpoint) {
    training.save_checkpoint(o.checkpoint);
  } else {
    fs::remove(o.checkpoint);
  }
  say("\nTrained in " + duration_text(seconds) + "; the model is '" + o.output.string() + "'.\n");
  report_final(o, parts, training, seconds);
  return 0;
}

}  // namespace

std::function<int()> train_command(CLI::App& app) {
  const auto options = std::make_shared<TrainOptions>();
  add_options(add_subcommand(app, "train", "fit a neural-network potential to energies and forces"), *options);
  return [options] { return run(*options); };
}

}  // namespace adatom::apps
