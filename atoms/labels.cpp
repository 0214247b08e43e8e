#include "atoms/labels.hpp"

#include <algorithm>
#include <cmath>

#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

/// The value as numbers; nothing when it is something else. Text may hold a number with a D exponent.
std::optional<std::vector<double>> as_numbers(const InfoValue& value) {
  if (const auto* x = std::get_if<double>(&value)) return std::vector<double>{*x};
  if (const auto* x = std::get_if<std::int64_t>(&value)) return std::vector<double>{static_cast<double>(*x)};
  if (const auto* x = std::get_if<std::vector<double>>(&value)) return *x;
  if (const auto* x = std::get_if<std::vector<std::int64_t>>(&value)) return std::vector<double>(x->begin(), x->end());
  double number = 0.0;
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && parse_real(*text, number)) return std::vector<double>{number};
  return std::nullopt;
}

bool all_finite(const std::vector<double>& numbers) {
  return std::ranges::all_of(numbers, [](double x) { return std::isfinite(x); });
}

/// Six numbers are in Voigt's order already; of nine, opposite off-diagonal ones are averaged.
std::optional<std::array<double, 6>> as_voigt(const std::vector<double>& t) {
  if (t.size() == 6) return std::array<double, 6>{t[0], t[1], t[2], t[3], t[4], t[5]};
  if (t.size() != 9) return std::nullopt;
  return std::array<double, 6>{t[0], t[4], t[8], 0.5 * (t[5] + t[7]), 0.5 * (t[2] + t[6]), 0.5 * (t[1] + t[3])};
}

std::optional<std::array<double, 6>> tensor(const Frame& frame, const std::string& key) {
  const InfoValue* value = key.empty() ? nullptr : find_info(frame, key);
  if (value == nullptr) return std::nullopt;
  const std::optional<std::vector<double>> numbers = as_numbers(*value);
  const std::optional<std::array<double, 6>> voigt = numbers ? as_voigt(*numbers) : std::nullopt;
  if (!voigt || !all_finite(*numbers)) {
    throw InputError(in_quotes(key) + " must be 9 finite numbers (or the 6 of Voigt's order)");
  }
  return voigt;
}

bool contains(const std::string& name, std::string_view part) {
  const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  return std::search(name.begin(), name.end(), part.begin(), part.end(), same) != name.end();
}

}  // namespace

Labels labels(const Frame& frame, const LabelKeys& keys) {
  Labels result;
  const InfoValue* energy = keys.energy.empty() ? nullptr : find_info(frame, keys.energy);
  if (energy != nullptr) {
    const std::optional<std::vector<double>> numbers = as_numbers(*energy);
    if (!numbers || numbers->size() != 1 || !all_finite(*numbers)) {
      throw InputError(in_quotes(keys.energy) + " must be one finite number");
    }
    result.energy = numbers->front();
  }
  const Column* forces = keys.forces.empty() ? nullptr : find_column(frame, keys.forces);
  if (forces != nullptr) {
    const auto* values = std::get_if<std::vector<double>>(&forces->values);
    if (values == nullptr || forces->count != 3 || values->size() != 3 * frame.atoms.size()) {
      throw InputError("column " + in_quotes(keys.forces) + " must be R:3, found " + forces->type() + ":" +
                       std::to_string(forces->count));
    }
    result.forces.emplace(frame.atoms.size());
    for (std::size_t n = 0; n < values->size(); ++n) (*result.forces)[n / 3][n % 3] = (*values)[n];
  }
  result.stress = tensor(frame, keys.stress);
  if (result.stress) return result;
  std::optional<std::array<double, 6>> virial = tensor(frame, keys.virial);
  if (virial) {
    const double cell_volume = volume(frame.atoms.cell);
    if (cell_volume == 0.0) throw InputError(in_quotes(keys.virial) + " needs a cell with volume to become a stress");
    for (double& x : *virial) x /= -cell_volume;
    result.stress = virial;
  }
  return result;
}

void set_labels(Frame& frame, const Labels& labels, const LabelKeys& keys) {
  if (labels.energy) set_info(frame, keys.energy, *labels.energy);
  if (labels.forces) {
    if (labels.forces->size() != frame.atoms.size()) {
      throw InputError("found " + std::to_string(labels.forces->size()) + " forces for " +
                       std::to_string(frame.atoms.size()) + " atoms");
    }
    std::vector<double> values;
    values.reserve(3 * labels.forces->size());
    for (const Vector3& force : *labels.forces) values.insert(values.end(), force.begin(), force.end());
    set_column(frame, {.name = keys.forces, .count = 3, .values = std::move(values)});
  }
  if (labels.stress) {
    const auto& [xx, yy, zz, yz, xz, xy] = *labels.stress;
    set_info(frame, keys.stress, std::vector<double>{xx, xy, xz, xy, yy, yz, xz, yz, zz});
  }
}

void count_labels(const Frame& frame, LabelCounts& counts) {
  ++counts.frames;
  counts.atoms += frame.atoms.size();
  for (const auto& [key, value] : frame.info) {
    const std::optional<std::vector<double>> numbers = as_numbers(value);
    if (!numbers) continue;
    if (numbers->size() == 1 && contains(key, "energy")) ++counts.energies[key];
    const bool tensor = numbers->size() == 9 || numbers->size() == 6;
    if (tensor && (contains(key, "stress") || contains(key, "virial"))) ++counts.stresses[key];
  }
  for (const Column& column : frame.columns) {
    if (column.type() == 'R' && column.count == 3 && contains(column.name, "force")) ++counts.forces[column.name];
  }
}

LabelCounts count_labels(std::span<const Frame> frames) {
  LabelCounts counts;
  for (const Frame& frame : frames) count_labels(frame, counts);
  return counts;
}

std::string describe(const std::map<std::string, std::size_t>& names) {
  std::string text;
  for (const auto& [name, count] : names) {
    text += (text.empty() ? "" : ", ") + printable(name) + " (" + std::to_string(count) + ")";
  }
  return text.empty() ? "none" : text;
}

}  // namespace adatom
