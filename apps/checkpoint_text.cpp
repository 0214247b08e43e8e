#include "apps/checkpoint_text.hpp"

#include <cmath>
#include <fstream>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/relaxation_checkpoint.hpp"
#include "apps/resuming.hpp"
#include "apps/table.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "core/error.hpp"
#include "dynamics/checkpoint.hpp"
#include "dynamics/velocities.hpp"
#include "nn/archive.hpp"
#include "optim/walkers.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

std::string title(const fs::path& path, std::string_view what, std::string_view command) {
  return path.string() + ": " + std::string(what) + ", from which 'adatom " + std::string(command) +
         " --resume' goes on\n\n";
}

std::string line(std::string label, const std::string& text) {
  label.resize(20, ' ');
  return "  " + label + "  " + text + "\n";
}

std::string energy_text(double energy) { return std::isfinite(energy) ? fixed(energy, 6) : "-"; }

/// The text under a key of a frame's comment line; nullptr when there is none.
const std::string* text_of(const Frame& frame, std::string_view key) {
  const InfoValue* const value = find_info(frame, key);
  return value == nullptr ? nullptr : std::get_if<std::string>(value);
}

/// The options that decide what is computed, of a state whose first frame has them.
std::string settings_line(const Frame& first) {
  const std::string* const settings = text_of(first, settings_key);
  return settings == nullptr ? "" : line("options", *settings);
}

std::string describe_search(const fs::path& path) {
  const Walkers walkers = read_walkers(path);
  const BasinHoppingResult& best = walkers.best();
  std::string text = title(path, "a search", "search") + line("structure", chemical_formula(best.current)) +
                     line("lowest energy", energy_text(best.best_energy) + " eV") +
                     line("distinct minima", count_text(walkers.minima().minima().size())) + "\n";
  Table table({"seed", "hops", "accepted\n%", "failed", "lowest\neV", "at hop", "present\neV", "step\nÅ", "kT\neV"});
  for (const Walker& walker : walkers.walkers) {
    const BasinHoppingResult& r = walker.search;
    table.add({std::to_string(walker.seed), std::to_string(r.hops), fixed(100.0 * r.acceptance(), 0),
               std::to_string(r.failed), energy_text(r.best_energy), std::to_string(r.best_hop),
               energy_text(r.current_energy), fixed(r.step, 3), fixed(r.temperature, 3)});
  }
  return text + table.text();
}

std::string describe_relaxations(const fs::path& path, const std::vector<Frame>& frames) {
  std::string text = title(path, "relaxations", "relax") + settings_line(frames.front()) +
                     line("structures", count_text(frames.size()));
  for (const auto each : {Relaxation::State::finished, Relaxation::State::underway, Relaxation::State::waiting}) {
    const char* const state = name(each);
    std::size_t count = 0;
    for (const Frame& frame : frames) {
      const std::string* const found = text_of(frame, relaxation_key);
      count += found != nullptr && *found == state ? 1 : 0;
    }
    text += line(std::string("  ") + state, count_text(count));
  }
  return text;
}

std::string describe_path(const fs::path& path, const std::vector<Frame>& frames) {
  const Frame& first = frames.front();
  std::string text = title(path, "a path (nudged elastic band)", "neb") + settings_line(first) +
                     line("structure", chemical_formula(first.atoms)) +
                     line("images", count_text(frames.size()) + ", both ends included");
  if (const InfoValue* const steps = find_info(first, "steps")) {
    if (const auto* const made = std::get_if<std::int64_t>(steps)) text += line("steps made", std::to_string(*made));
  }
  return text;
}

bool begins_with_count(const fs::path& path) {
  std::ifstream file(path);
  std::string first;
  std::getline(file, first);
  return !first.empty() && first.find_first_not_of("0123456789 \r") == std::string::npos;
}

}  // namespace

std::string describe_training(const fs::path& path) {
  const Archive archive = Archive::load(path, "checkpoint", 1);
  std::string text = title(path, "a checkpoint", "train");
  if (archive.contains("layers")) text += line("layers", archive.string("layers"));
  if (archive.contains("optimizer"))
    text += line("optimiser", archive.string("optimizer") + ", " + plural(archive.size("optimizer.steps"), "step"));
  if (archive.contains("batches.epoch")) {
    text += line("epochs completed", std::to_string(archive.size("batches.epoch"))) +
            line("batch size", std::to_string(archive.size("batches.batch_size"))) +
            line("training structures", count_text(archive.array("batches.order").values.size()));
  }
  if (archive.contains("early_stopping.best")) {
    text += line("best validation", general(archive.number("early_stopping.best"), 6) + " (weighted squared error)");
  }
  return text;
}

std::string describe_dynamics(const fs::path& path) {
  const Archive archive = load_dynamics_archive(path);
  const DynamicsState state = to_dynamics_state(archive);
  std::string text =
      title(path, "a simulation", "md") + line("structure", chemical_formula(state.atoms)) +
      line("steps made", count_text(state.step)) + line("time", general(state.time, 8) + " fs") +
      line("temperature",
           fixed(temperature_of(kinetic_energy(state.masses, state.velocities), state.degrees_of_freedom), 1) + " K") +
      line("heat given", general(state.heat, 6) + " eV, by the thermostat");
  if (archive.contains("user.time_step_fs"))
    text += line("time step", general(archive.number("user.time_step_fs")) + " fs");
  if (archive.contains("user.potential")) text += line("potential", archive.string("user.potential"));
  if (archive.contains("user.command")) text += line("command", archive.string("user.command"));
  return text;
}

std::optional<std::string> describe_structures(const fs::path& path) {
  std::optional<Frame> first;
  try {
    first = ExtxyzReader(path).next();
  } catch (const InputError&) {
    if (begins_with_count(path)) throw;  // what is wrong with the structures, not that this is no model
  }
  if (!first) return std::nullopt;
  if (find_info(*first, "basin_hopping") != nullptr) return describe_search(path);
  if (find_info(*first, relaxation_key) != nullptr) return describe_relaxations(path, read_extxyz(path));
  if (find_info(*first, "image") != nullptr && find_info(*first, "given") != nullptr)
    return describe_path(path, read_extxyz(path));
  throw InputError("'" + path.string() + "' holds structures, neither a model nor the state of a run; 'adatom check' " +
                   "tells of them");
}

}  // namespace adatom::apps
