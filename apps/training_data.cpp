#include "apps/training_data.hpp"

#include <span>
#include <string>

#include "apps/console.hpp"
#include "apps/table.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

/// A residual like this means energies of different origin in one data set, or a wrong unit.
constexpr double suspicious_residual = 5.0;  // eV/atom
/// Below this energies do not vary at all: texts of them have seldom more digits.
constexpr double negligible_residual = 1e-6;  // eV/atom

TrainingParts split(const TrainingDataOptions& o, const LabelledData& data, const LabelledData& validation,
                    std::uint64_t seed) {
  const Split indices =
      split_by_run(data.structures, o.validation.empty() ? o.validation_fraction : 0.0, o.test_fraction, seed);
  TrainingParts parts{choose(data, indices.train, o.largest_force), choose(data, indices.validation, o.largest_force),
                      choose(data, indices.test, o.largest_force)};
  for (const LabelledStructure& one : validation.structures) {
    if (o.largest_force <= 0.0 || largest_force_component(one) <= o.largest_force) parts.validation.push_back(one);
  }
  if (parts.train.empty()) {
    throw InputError(
        "no structure is left to train on: of " + plural(data.structures.size(), "structure") + " in " +
        plural(runs_of(data.structures).size(), "run") +
        " (a split keeps a run together); check --largest-force, --run-key, --validation-fraction and --test-fraction");
  }
  parts.reference = fit_reference_energies(parts.train);
  return parts;
}

/// Structures on both sides make errors look better than they are.
void warn_of_overlap(const TrainingParts& parts) {
  const auto look = [](std::span<const LabelledStructure> some, std::span<const LabelledStructure> others,
                       const std::string& where, const std::string& also) {
    const std::size_t shared = count_shared(some, others);
    if (shared > 0)
      warn(plural(shared, "structure") + " of the " + where + " data " + (shared == 1 ? "is" : "are") + " in the " +
           also + " data too: its errors will look too small");
  };
  look(parts.validation, parts.train, "validation", "training");
  look(parts.test, parts.train, "test", "training");
  look(parts.test, parts.validation, "test", "validation");
}

/// What a user might not expect of the data.
void remark_on(const TrainingDataOptions& o, const LabelledData& data, const TrainingParts& parts, bool need_forces) {
  std::size_t with_run = 0;
  for (const FileAccount& file : data.files) with_run += file.with_run;
  if (with_run < data.structures.size()) {
    note(plural(data.structures.size() - with_run, "frame") + " without '" + o.run_key +
         "': each counts as a run of its own");
  }
  if (parts.validation.empty() && o.validation_fraction > 0.0) {
    note("too few runs for a validation part: the weights of the last epoch are kept, not those of the best");
  }
  warn_of_overlap(parts);
  if (parts.reference.rmse > suspicious_residual)
    warn("reference energies fit badly: are all energies of one origin, in eV?");
  if (parts.reference.rmse < negligible_residual) {
    note(std::string("the composition alone gives every energy: there is nothing to learn from them") +
         (need_forces ? ", only from the forces" : ""));
  }
}

std::string describe(const TrainingParts& parts, const LabelledData& data, const TrainingDataOptions& o,
                     std::uint64_t seed) {
  Table table({"part", "structures", "runs"}, {0});
  table.add({"training", count_text(parts.train.size()), count_text(runs_of(parts.train).size())});
  table.add({"validation", count_text(parts.validation.size()), count_text(runs_of(parts.validation).size())});
  table.add({"test", count_text(parts.test.size()), count_text(runs_of(parts.test).size())});
  std::string text = "\nSplit by '" + o.run_key + "', seed " + std::to_string(seed);
  if (o.largest_force > 0.0) {
    std::size_t left_out = 0;
    for (const LabelledStructure& one : data.structures)
      left_out += largest_force_component(one) > o.largest_force ? 1 : 0;
    text += "; " + plural(left_out, "structure") + " with forces beyond " + general(o.largest_force) + " eV/Å left out";
  }
  return text + "\n" + table.text();
}

std::string describe(const ReferenceEnergies& reference) {
  std::string text = "\nReference energies by least squares:";
  for (std::size_t i = 0; i < reference.elements.size(); ++i) {
    text += (i > 0 ? ", " : " ") + std::string(element(reference.elements[i]).symbol) + " " +
            fixed(reference.energies[i], 4) + " eV";
  }
  return text + ". They alone leave " + fixed(1e3 * reference.rmse, 1) + " meV/atom (RMS).\n";
}

}  // namespace

void add_training_data_options(CLI::App& app, TrainingDataOptions& o) {
  add_files(app, "data", o.files, "extended XYZ files with energies (eV) and forces (eV/Å)").required();
  add_data_options(app, o, true);
  const Option own =
      add_files(app, "--validation", o.validation, "separate files to choose the best epoch by").group("Data");
  add_value(app, "--validation-fraction", o.validation_fraction,
            "share of the data, in whole runs, to choose the best epoch by", Range::fraction)
      .group("Data")
      .excludes(own);
  add_value(app, "--test-fraction", o.test_fraction, "share of the data, in whole runs, that training never sees",
            Range::fraction)
      .group("Data");
}

TrainingParts read_training_data(const TrainingDataOptions& o, bool need_forces, std::uint64_t seed) {
  const LabelledData data = read_labelled(o.files, o, need_forces, "training");
  const LabelledData validation =
      o.validation.empty() ? LabelledData{} : read_labelled(o.validation, o, need_forces, "validation");
  say("Data\n" + describe(data, o));
  if (!validation.files.empty()) say("Validation data\n" + describe(validation, o));
  TrainingParts parts = split(o, data, validation, seed);
  say(describe(parts, data, o, seed) + describe(parts.reference));
  remark_on(o, data, parts, need_forces);
  return parts;
}

}  // namespace adatom::apps
