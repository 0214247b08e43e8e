#include "potentials/training.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "atoms/elements.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/parallel.hpp"
#include "nn/checkpoint.hpp"
#include "nn/clipping.hpp"
#include "nn/schedules.hpp"
#include "potentials/training_features.hpp"
#include "potentials/training_record.hpp"

namespace adatom {
namespace {

/// A batch is cut into pieces of so many structures, whose gradients are computed side by side and added in order: the
/// same bits for any number of threads.
constexpr std::size_t structures_per_piece = 8;

void require(bool fine, const std::string& message) {
  if (!fine) throw InputError(message);
}

void check(const TrainingOptions& o) {
  require(o.epochs >= 1, "epochs must be at least 1, got 0");
  require(o.batch_size >= 1, "batch size must be at least 1 structure, got 0");
  require(o.learning_rate > 0.0 && std::isfinite(o.learning_rate),
          "learning rate must be above 0, got " + number_text(o.learning_rate));
  require(o.final_learning_rate >= 0.0 && o.final_learning_rate <= o.learning_rate,
          "final learning rate must lie between 0 and the learning rate, got " + number_text(o.final_learning_rate));
  require(o.energy_weight >= 0.0 && o.force_weight >= 0.0 && o.energy_weight + o.force_weight > 0.0 &&
              std::isfinite(o.energy_weight + o.force_weight),
          "energy and force weights must not be negative, and one of them above 0; got " +
              number_text(o.energy_weight) + " and " + number_text(o.force_weight));
  require(o.final_energy_weight >= 0.0 && std::isfinite(o.final_energy_weight),
          "the final energy weight must not be negative, got " + number_text(o.final_energy_weight));
  require(o.energy_weight > 0.0 || o.final_energy_weight == 0.0, "the energy weight cannot grow from 0 to " +
                                                                     number_text(o.final_energy_weight) +
                                                                     "; both must be above 0, or the final one 0");
  require(o.gradient_norm >= 0.0, "gradient norm must not be negative, got " + number_text(o.gradient_norm));
  require(o.average_decay >= 0.0 && o.average_decay < 1.0,
          "average decay must lie in [0, 1), got " + number_text(o.average_decay));
  require(o.validate_every >= 1, "validate every must be at least 1 epoch, got 0");
}

void check(std::span<const LabelledStructure> data, const TrainingOptions& options, const std::string& part) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    const LabelledStructure& one = data[i];
    const std::string place = "structure " + std::to_string(i) + " of the " + part + " data", where = place + " ";
    require(one.atoms.size() > 0, where + "has no atoms");
    require(options.force_weight == 0.0 || !one.forces.empty(),
            where + "has no forces; training on forces needs them (or set the force weight to 0)");
    require_forces_fit(one, place);
    require(std::isfinite(one.energy), where + "has the energy " + number_text(one.energy) + "; labels must be finite");
    for (const Vector3& force : one.forces) {
      for (const double component : force) {
        require(std::isfinite(component),
                where + "has a force component " + number_text(component) + "; labels must be finite");
      }
    }
  }
}

/// A batch's energies are this far off, in units of their spread and of 1 eV/atom, only when training has diverged:
/// weights may run away without ever becoming infinite.
constexpr double diverged = 1e4;

/// Sums of squared errors over some structures, before they are weighted.
struct SquaredErrors {
  double energy = 0.0, forces = 0.0;  // of energies per atom, eV²; of force components, (eV/Å)²
};

double root_mean(double squares, std::size_t count) {
  return count > 0 ? std::sqrt(squares / static_cast<double>(count)) : 0.0;
}

struct Errors {
  Tensor energy, forces;
};

/// Squared errors of a prediction as tensors: what the loss is made of.
Errors squared_errors(const BatchPrediction& prediction, const FeatureBatch& batch) {
  return {sum(square((prediction.energies - batch.energies) * batch.inverse_sizes)),
          sum(square(prediction.forces - batch.forces))};
}

/// The mean of what the members predict.
BatchPrediction predict_mean(std::span<const LocalAnsatz> members, const FeatureBatch& batch) {
  BatchPrediction mean = predict(members[0], batch);
  for (const LocalAnsatz& member : members.subspan(1)) {
    const BatchPrediction other = predict(member, batch);
    mean = {mean.energies + other.energies, mean.forces + other.forces};
  }
  const double share = 1.0 / static_cast<double>(members.size());
  return members.size() == 1 ? mean : BatchPrediction{share * mean.energies, share * mean.forces};
}

/// The weights of all members; of several, each with its number before the names.
Parameters parameters_of(std::span<const LocalAnsatz> members) {
  if (members.size() == 1) return members[0].parameters();
  Parameters all;
  for (std::size_t m = 0; m < members.size(); ++m) {
    append(all, prefixed("member" + std::to_string(m + 1) + ".", members[m].parameters()));
  }
  return all;
}

}  // namespace

struct LocalAnsatzTraining::State {
  TrainingOptions options;
  std::vector<LocalAnsatz> members;
  Parameters parameters;
  std::vector<StructureFeatures> train, validation;
  std::string data_fingerprint;
  Adam optimizer;
  Batches batches;
  ParameterAverage average;
  EarlyStopping stopping;
  Schedule rate;
  std::vector<double> best;  // weights
  std::vector<EpochReport> history;
  SquaredErrors met;  // so far in this epoch
  std::size_t met_structures = 0, met_components = 0;
  double last_error = 0.0;  // of the step before, for messages: eV/atom; 0: none yet

  State(std::vector<LocalAnsatz> initial, std::span<const LabelledStructure> train_data,
        std::span<const LabelledStructure> validation_data, const TrainingOptions& o)
      : options(o),
        members(std::move(initial)),
        parameters(parameters_of(members)),
        train(compute_features(members[0], train_data)),
        validation(compute_features(members[0], validation_data)),
        data_fingerprint(fingerprint(train_data) + " " + fingerprint(validation_data)),
        optimizer(parameters, {.learning_rate = o.learning_rate}),
        batches(train.size(), std::min(o.batch_size, train.size()), Random(o.seed)),
        average(parameters, o.average_decay),
        rate(warm_up(cosine_rate(o.learning_rate, o.epochs * batches.batches_per_epoch(), o.final_learning_rate),
                     o.warm_up_steps)),
        best(flatten(parameters)) {
    stopping.patience = o.patience;
  }

  Training view() { return {parameters, &optimizer, &batches, nullptr, &average, &stopping}; }

  double energy_weight() const;
  EpochReport report() const;
  Tensors gradients(std::span<const std::uint32_t> chosen);
  void step();
  SquaredErrors validate();
  EpochReport close_epoch();
};

/// Forces, which are many, shape the surface first; a weight that grows then sets the energies right.
double LocalAnsatzTraining::State::energy_weight() const {
  if (options.final_energy_weight == 0.0 || options.energy_weight == 0.0) return options.energy_weight;
  const auto steps = static_cast<double>(options.epochs * batches.batches_per_epoch());
  const double progress = static_cast<double>(optimizer.steps()) / steps;
  return options.energy_weight * std::pow(options.final_energy_weight / options.energy_weight, progress);
}

/// Gradient of the loss over one batch, and the batch's errors added to those met in this epoch.
Tensors LocalAnsatzTraining::State::gradients(std::span<const std::uint32_t> chosen) {
  std::size_t components = 0;
  for (const std::uint32_t s : chosen) components += 3 * train[s].forces.size();
  const double energy_factor = energy_weight() / static_cast<double>(chosen.size());
  const double force_factor = components > 0 ? options.force_weight / static_cast<double>(components) : 0.0;

  const std::size_t pieces = (chosen.size() + structures_per_piece - 1) / structures_per_piece;
  std::vector<std::vector<double>> piece_gradients(pieces);
  std::vector<SquaredErrors> piece_errors(pieces);
  parallel_for(pieces, [&](std::size_t p) {
    const std::size_t begin = p * structures_per_piece;
    const FeatureBatch batch =
        stack_features(train, chosen.subspan(begin, std::min(structures_per_piece, chosen.size() - begin)));
    Tensor loss = 0.0;
    for (const LocalAnsatz& member : members) {
      const Errors errors = squared_errors(predict(member, batch), batch);
      piece_errors[p].energy += errors.energy.item() / static_cast<double>(members.size());
      piece_errors[p].forces += errors.forces.item() / static_cast<double>(members.size());
      loss = loss + energy_factor * errors.energy;
      if (force_factor > 0.0) loss = loss + force_factor * errors.forces;  // or the sweep through them is for nothing
    }
    const NoGrad numbers_only;
    Tensors variables;
    for (const Parameter& parameter : parameters) variables.push_back(parameter.value);
    for (const Tensor& gradient : grad(loss, variables)) {
      piece_gradients[p].insert(piece_gradients[p].end(), gradient.values().begin(), gradient.values().end());
    }
  });

  for (std::size_t p = 1; p < pieces; ++p) {
    for (std::size_t i = 0; i < piece_gradients[0].size(); ++i) piece_gradients[0][i] += piece_gradients[p][i];
  }
  for (const SquaredErrors& errors : piece_errors) {
    met.energy += errors.energy;
    met.forces += errors.forces;
  }
  met_structures += chosen.size();
  met_components += components;

  Tensors gradients;
  const double* from = piece_gradients[0].data();
  for (const Parameter& parameter : parameters) {
    gradients.push_back(Tensor::constant(parameter.value.shape(), std::span(from, parameter.value.size())));
    from += parameter.value.size();
  }
  return gradients;
}

void LocalAnsatzTraining::State::step() {
  const double squares_before = met.energy;
  const std::span<const std::uint32_t> chosen = batches.next();
  Tensors slope = gradients(chosen);
  const double error = std::sqrt((met.energy - squares_before) / static_cast<double>(chosen.size()));
  const bool finite = std::isfinite(met.energy) && std::isfinite(met.forces);
  if (!finite || error > diverged * std::max(1.0, members[0].energy_scale())) {
    const std::string what = finite ? "training diverged: energies are off by " + short_number_text(error) + " eV/atom"
                                    : "the loss became non-finite";
    const std::string before =
        last_error > 0.0 ? " (energies off by " + short_number_text(last_error) + " eV/atom the step before)" : "";
    throw NumericalError(what + " at step " + std::to_string(optimizer.steps() + 1) + before +
                         ": lower the learning rate, or look for bad labels in the data");
  }
  last_error = error;
  if (options.gradient_norm > 0.0) clip_by_global_norm(slope, options.gradient_norm);
  optimizer.set_learning_rate(rate(optimizer.steps()));
  optimizer.step(slope);
  average.update();
}

/// Squared errors of the averaged weights over the validation data.
SquaredErrors LocalAnsatzTraining::State::validate() {
  const std::vector<double> own = average.apply();
  const std::size_t pieces = (validation.size() + structures_per_piece - 1) / structures_per_piece;
  std::vector<SquaredErrors> errors(pieces);
  parallel_for(pieces, [&](std::size_t p) {
    std::vector<std::uint32_t> chosen;
    for (std::size_t s = p * structures_per_piece; s < std::min((p + 1) * structures_per_piece, validation.size());
         ++s) {
      chosen.push_back(static_cast<std::uint32_t>(s));
    }
    const FeatureBatch batch = stack_features(validation, chosen);
    const Errors piece = squared_errors(predict_mean(members, batch), batch);
    errors[p] = {piece.energy.item(), piece.forces.item()};
  });
  average.restore(own);
  SquaredErrors all;
  for (const SquaredErrors& one : errors) {
    all.energy += one.energy;
    all.forces += one.forces;
  }
  return all;
}

/// Root mean square errors over what has been met of the epoch.
EpochReport LocalAnsatzTraining::State::report() const {
  return {.epoch = batches.epoch(),
          .learning_rate = optimizer.learning_rate(),
          .train_energy = root_mean(met.energy, met_structures),
          .train_forces = root_mean(met.forces, met_components)};
}

/// The report of the whole epoch, validation where it is due, and the best weights kept.
EpochReport LocalAnsatzTraining::State::close_epoch() {
  EpochReport report = this->report();
  met = {};
  met_structures = met_components = 0;
  const bool last = report.epoch >= options.epochs;
  if (validation.empty()) {
    best = average.average();
  } else if (last || report.epoch % options.validate_every == 0) {
    std::size_t components = 0;
    for (const StructureFeatures& one : validation) components += 3 * one.forces.size();
    const SquaredErrors errors = validate();
    report.validated = true;
    report.validation_energy = root_mean(errors.energy, validation.size());
    report.validation_forces = root_mean(errors.forces, components);
    // The same yardstick in every epoch, or the growing weight would make later ones look worse.
    const double weight = options.final_energy_weight > 0.0 ? options.final_energy_weight : options.energy_weight;
    const double loss = weight * report.validation_energy * report.validation_energy +
                        options.force_weight * report.validation_forces * report.validation_forces;
    report.best = stopping.update(loss);
    if (report.best) best = average.average();
  }
  history.push_back(report);
  return report;
}

LocalAnsatzTraining::LocalAnsatzTraining(LocalAnsatz initial, std::span<const LabelledStructure> train,
                                         std::span<const LabelledStructure> validation, const TrainingOptions& options)
    : LocalAnsatzTraining(std::vector<LocalAnsatz>{std::move(initial)}, train, validation, options) {}

LocalAnsatzTraining::LocalAnsatzTraining(std::vector<LocalAnsatz> members, std::span<const LabelledStructure> train,
                                         std::span<const LabelledStructure> validation,
                                         const TrainingOptions& options) {
  check(options);
  mean_of(members);  // throws unless they have a mean
  require(!train.empty(), "there are no structures to train on");
  check(train, options, "training");
  check(validation, options, "validation");
  state_ = std::make_unique<State>(std::move(members), train, validation, options);
}

LocalAnsatzTraining::~LocalAnsatzTraining() = default;
LocalAnsatzTraining::LocalAnsatzTraining(LocalAnsatzTraining&&) noexcept = default;
LocalAnsatzTraining& LocalAnsatzTraining::operator=(LocalAnsatzTraining&&) noexcept = default;

EpochReport LocalAnsatzTraining::run_epoch(const std::function<bool(std::size_t, std::size_t)>& after_step) {
  State& s = *state_;
  const std::size_t per_epoch = s.batches.batches_per_epoch();
  do {
    s.step();
    if (after_step && !after_step(s.optimizer.steps(), s.options.epochs * per_epoch) && !s.batches.epoch_completed()) {
      return s.report();
    }
  } while (!s.batches.epoch_completed());
  return s.close_epoch();
}

bool LocalAnsatzTraining::finished() const {
  return epoch() >= state_->options.epochs || (state_->options.patience > 0 && state_->stopping.should_stop());
}

std::size_t LocalAnsatzTraining::epoch() const { return state_->batches.epoch(); }
std::span<const EpochReport> LocalAnsatzTraining::history() const { return state_->history; }

LocalAnsatz LocalAnsatzTraining::best_model() const {
  std::vector<LocalAnsatz> members;
  for (const LocalAnsatz& member : state_->members) members.push_back(clone(member));
  Parameters parameters = parameters_of(members);
  assign(parameters, state_->best);
  return members.size() == 1 ? members[0] : mean_of(members);
}

void LocalAnsatzTraining::save_checkpoint(const std::filesystem::path& path) const {
  const State& s = *state_;
  Archive extra("checkpoint", 1);
  extra.set("best", Shape{s.best.size()}, s.best);
  const std::vector<double> table = history_table(s.history);
  extra.set("history", Shape{s.history.size(), history_columns}, table);
  extra.set("met", Shape{4},
            std::vector<double>{s.met.energy, s.met.forces, static_cast<double>(s.met_structures),
                                static_cast<double>(s.met_components)});
  extra.set("data", s.data_fingerprint);
  extra.set("model", fingerprint(s.members[0]));
  for (const auto& [name, value] : settings(s.options)) extra.set(entry_name(name), value);
  adatom::save_checkpoint(path, state_->view(), &extra);
}

void LocalAnsatzTraining::load_checkpoint(const std::filesystem::path& path) {
  State& s = *state_;
  Training training = s.view();
  const Archive archive = read_checkpoint(path);
  require_fitting(archive, training);
  const Archive extra = archive.part("user.");
  const auto refuse = [&path](const std::string& what) {
    throw InputError(path.string() + ": the checkpoint " + what);
  };
  if (extra.string("model") != fingerprint(s.members[0]))
    refuse("is of a run with another model (cutoff, symmetry functions, activation or scaling differ)");
  if (extra.string("data") != s.data_fingerprint)
    refuse("is of a run with other data (structures, cells or labels differ)");
  for (const auto& [name, value] : settings(s.options)) {
    if (const double saved = extra.number(entry_name(name)); saved != value)
      refuse("has " + name + " " + number_text(saved) + ", the run asks for " + number_text(value));
  }
  const std::vector<double>& best = extra.finite_array("best").values;
  const std::vector<double>& met = extra.array("met").values;
  if (best.size() != s.best.size() || met.size() != 4) refuse("lacks entries");
  restore(archive, training);
  s.best = best;
  s.history = history_from(extra.array("history").values);
  s.met = {met[0], met[1]};
  s.met_structures = static_cast<std::size_t>(met[2]);
  s.met_components = static_cast<std::size_t>(met[3]);
}

}  // namespace adatom
