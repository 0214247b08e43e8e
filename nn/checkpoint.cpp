#include "nn/checkpoint.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr int format_version = 1;

[[noreturn]] void refuse(const Archive& archive, const std::string& why) {
  throw InputError(archive.file().empty() ? why : archive.file() + ": " + why);
}

/// Throws with the reason unless the archive holds exactly these parameters.
void check_parameters(const Archive& archive, const Parameters& parameters) {
  const std::string& layers = archive.string("layers");
  const std::string wanted = describe_layers(parameters);
  if (layers != wanted) refuse(archive, "checkpoint has layers " + layers + ", the run asks for " + wanted);
  const std::vector<std::string>& names = archive.strings("parameters");
  if (names.size() != parameters.size()) {
    refuse(archive, "checkpoint has " + std::to_string(names.size()) + " parameters, the run asks for " +
                        std::to_string(parameters.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != parameters[i].name) {
      refuse(archive, "checkpoint has parameter '" + names[i] + "', the run asks for '" + parameters[i].name + "'");
    }
  }
}

const Archive::Array& parameter_array(const Archive& archive, const std::string& name, const Shape& shape) {
  const Archive::Array& array = archive.finite_array(name);
  if (!(array.shape == shape)) {
    refuse(archive, "'" + name + "' has shape " + to_string(array.shape) + ", the run asks for " + to_string(shape));
  }
  return array;
}

/// An archive keeps one array of a name: of two, the first would be lost.
void check_names(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  throw InputError("two parameters are called '" + *twice +
                   "', of which a file can keep only one: give each network a prefix, as in parameters(\"first.\")");
}

void check_part(const Archive& archive, bool in_run, std::string_view entry, std::string_view what) {
  if (in_run == archive.contains(entry)) return;
  refuse(archive, std::string(in_run ? "checkpoint has no " : "checkpoint has: ") + std::string(what) +
                      (in_run ? ", the run asks for one" : ", the run has none"));
}

void store(Archive& archive, const OptimizerState& state) {
  archive.set("optimizer", state.optimizer);
  archive.set("optimizer.steps", state.steps);
  std::vector<std::string> names;
  for (const OptimizerState::Array& array : state.arrays) names.push_back(array.name);
  check_names(names);
  archive.set("optimizer.arrays", std::move(names));
  for (const OptimizerState::Array& array : state.arrays) {
    archive.set("optimizer." + array.name, array.shape, array.values);
  }
}

OptimizerState optimizer_state(const Archive& archive) {
  OptimizerState state{archive.string("optimizer"), archive.size("optimizer.steps"), {}};
  for (const std::string& name : archive.strings("optimizer.arrays")) {
    const Archive::Array& array = archive.finite_array("optimizer." + name);
    state.arrays.push_back({name, array.shape, array.values});
  }
  return state;
}

void store(Archive& archive, const BatchesState& state) {
  archive.set("batches.batch_size", state.batch_size);
  archive.set("batches.epoch", state.epoch);
  archive.set("batches.position", state.position);
  archive.set("batches.random", state.random);
  archive.set("batches.order", {state.order.size()}, std::vector<double>(state.order.begin(), state.order.end()));
}

BatchesState batches_state(const Archive& archive) {
  BatchesState state{archive.size("batches.batch_size"),
                     archive.size("batches.epoch"),
                     archive.size("batches.position"),
                     {},
                     archive.string("batches.random")};
  for (const double sample : archive.finite_array("batches.order").values) {
    if (!(sample >= 0.0 && sample < 4294967296.0) ||
        sample != static_cast<double>(static_cast<std::uint32_t>(sample))) {
      refuse(archive, "'batches.order' contains a number that is not a sample");
    }
    state.order.push_back(static_cast<std::uint32_t>(sample));
  }
  return state;
}

void store(Archive& archive, const EarlyStopping& stopping) {
  archive.set("early_stopping.best", stopping.best);
  archive.set("early_stopping.best_update", stopping.best_update);
  archive.set("early_stopping.updates", stopping.updates);
}

/// An average belongs to its decay, by which it is normalised.
void check_decay(const Archive& archive, double wanted) {
  const double decay = archive.number("average.decay");
  if (decay == wanted) return;
  refuse(archive, "checkpoint has a parameter average of decay " + number_text(decay) + ", the run asks for " +
                      number_text(wanted));
}

/// Everything of a checkpoint, read and found to fit the run, before any of it is taken over.
struct Loaded {
  std::vector<const Archive::Array*> parameters;
  OptimizerState optimizer;
  BatchesState batches;
  std::string random;
  std::size_t average_updates = 0;
  const Archive::Array* average = nullptr;
  EarlyStopping early_stopping;
};

Loaded read_and_check(const Archive& archive, const Training& training) {
  Loaded loaded;
  check_parameters(archive, training.parameters);
  for (const Parameter& parameter : training.parameters) {
    loaded.parameters.push_back(&parameter_array(archive, "parameters." + parameter.name, parameter.value.shape()));
  }
  check_part(archive, training.optimizer != nullptr, "optimizer", "optimizer");
  check_part(archive, training.batches != nullptr, "batches.order", "batch order");
  check_part(archive, training.random != nullptr, "random", "random state");
  check_part(archive, training.average != nullptr, "average", "parameter average");
  check_part(archive, training.early_stopping != nullptr, "early_stopping.updates", "early stopping state");
  try {
    if (training.optimizer != nullptr) {
      loaded.optimizer = optimizer_state(archive);
      training.optimizer->check_state(loaded.optimizer);
    }
    if (training.batches != nullptr) {
      loaded.batches = batches_state(archive);
      training.batches->check_state(loaded.batches);
    }
    if (training.random != nullptr) {
      loaded.random = archive.string("random");
      Random(0).set_state(loaded.random);
    }
  } catch (const InputError& error) {
    const std::string why = error.what();
    if (why.starts_with(archive.file() + ": ")) throw;  // it names the file already
    refuse(archive, why);
  }
  if (training.average != nullptr) {
    loaded.average_updates = archive.size("average.updates");
    check_decay(archive, training.average->decay());
    loaded.average = &parameter_array(archive, "average", {training.average->accumulated().size()});
  }
  if (training.early_stopping != nullptr) {
    loaded.early_stopping = *training.early_stopping;
    loaded.early_stopping.best = archive.number("early_stopping.best");
    loaded.early_stopping.best_update = archive.size("early_stopping.best_update");
    loaded.early_stopping.updates = archive.size("early_stopping.updates");
  }
  return loaded;
}

}  // namespace

Archive checkpoint(const Training& training) {
  Archive archive("checkpoint", format_version);
  archive.set("layers", describe_layers(training.parameters));
  std::vector<std::string> names;
  for (const Parameter& parameter : training.parameters) names.push_back(parameter.name);
  archive.set("parameters", std::move(names));
  if (training.optimizer != nullptr) store(archive, training.optimizer->state());
  if (training.batches != nullptr) store(archive, training.batches->state());
  if (training.random != nullptr) archive.set("random", training.random->state());
  if (training.early_stopping != nullptr) store(archive, *training.early_stopping);
  store(archive, "parameters.", training.parameters);
  if (training.average != nullptr) {
    archive.set("average.updates", training.average->updates());
    archive.set("average.decay", training.average->decay());
    const auto values = training.average->accumulated();
    archive.set("average", {values.size()}, values);
  }
  return archive;
}

void require_fitting(const Archive& archive, const Training& training) { read_and_check(archive, training); }

void restore(const Archive& archive, Training& training) {
  const Loaded loaded = read_and_check(archive, training);
  for (std::size_t i = 0; i < loaded.parameters.size(); ++i) {
    training.parameters[i].value.assign(loaded.parameters[i]->values);
  }
  if (training.optimizer != nullptr) training.optimizer->set_state(loaded.optimizer);
  if (training.batches != nullptr) training.batches->set_state(loaded.batches);
  if (training.random != nullptr) training.random->set_state(loaded.random);
  if (training.average != nullptr) training.average->set_state(loaded.average_updates, loaded.average->values);
  if (training.early_stopping != nullptr) *training.early_stopping = loaded.early_stopping;
}

void save_checkpoint(const std::filesystem::path& path, const Training& training, const Archive* extra) {
  Archive archive = checkpoint(training);
  if (extra != nullptr) archive.merge("user.", *extra);
  archive.save(path);
}

Archive read_checkpoint(const std::filesystem::path& path) { return Archive::load(path, "checkpoint", format_version); }

Archive load_checkpoint(const std::filesystem::path& path, Training& training) {
  Archive archive = read_checkpoint(path);
  restore(archive, training);
  return archive;
}

void store(Archive& archive, std::string_view prefix, const Parameters& parameters) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  check_names(std::move(names));
  for (const Parameter& parameter : parameters) {
    archive.set(std::string(prefix) + parameter.name, parameter.value.shape(), parameter.value.values());
  }
}

void restore(const Archive& archive, std::string_view prefix, Parameters& parameters) {
  std::vector<const Archive::Array*> arrays;
  for (const Parameter& parameter : parameters) {
    arrays.push_back(&parameter_array(archive, std::string(prefix) + parameter.name, parameter.value.shape()));
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].value.assign(arrays[i]->values);
}

}  // namespace adatom
