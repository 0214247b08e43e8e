#include "potentials/training_record.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "nn/archive.hpp"

namespace adatom {

std::vector<double> history_table(std::span<const EpochReport> history) {
  std::vector<double> table;
  for (const EpochReport& r : history) {
    table.insert(table.end(), {static_cast<double>(r.epoch), r.learning_rate, r.train_energy, r.train_forces,
                               r.validated ? 1.0 : 0.0, r.validation_energy, r.validation_forces, r.best ? 1.0 : 0.0});
  }
  return table;
}

std::vector<EpochReport> history_from(std::span<const double> table) {
  std::vector<EpochReport> history;
  for (std::size_t i = 0; i + history_columns <= table.size(); i += history_columns) {
    const double* const r = table.data() + i;
    history.push_back({static_cast<std::size_t>(r[0]), r[1], r[2], r[3], r[4] != 0.0, r[5], r[6], r[7] != 0.0});
  }
  return history;
}

std::vector<std::pair<std::string, double>> settings(const TrainingOptions& o) {
  return {{"learning rate", o.learning_rate},
          {"final learning rate", o.final_learning_rate},
          {"warm-up steps", static_cast<double>(o.warm_up_steps)},
          {"energy weight", o.energy_weight},
          {"final energy weight", o.final_energy_weight},
          {"force weight", o.force_weight},
          {"gradient norm", o.gradient_norm},
          {"average decay", o.average_decay}};
}

std::string fingerprint(std::span<const LabelledStructure> data) {
  std::uint64_t sum = 0;
  const auto add = [&sum](const auto& numbers) {
    const auto* const bytes = reinterpret_cast<const char*>(numbers.data());
    sum = 31 * sum + checksum({bytes, numbers.size() * sizeof(numbers[0])});
  };
  for (const LabelledStructure& one : data) {
    add(one.atoms.numbers);
    add(one.atoms.positions);
    add(one.atoms.cell.vectors);
    add(one.atoms.pbc);
    add(std::array{one.energy});
    add(one.forces);
  }
  return std::to_string(sum);
}

std::string fingerprint(const LocalAnsatz& model) {
  Archive description("model", 1);
  store(description, model);
  for (const Parameter& weights : model.parameters()) description.set(weights.name, "left out");
  return std::to_string(checksum(description.text()));
}

std::string entry_name(std::string setting) {
  std::replace_if(
      setting.begin(), setting.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return "setting." + setting;
}

}  // namespace adatom
