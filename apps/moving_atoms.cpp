#include "apps/moving_atoms.hpp"

#include <string>

#include "atoms/units.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

const std::vector<double>* numbers(const Frame& frame, const char* name, std::size_t count) {
  const Column* const column = find_column(frame, name);
  if (column == nullptr) return nullptr;
  const auto* const values = std::get_if<std::vector<double>>(&column->values);
  if (values == nullptr || column->count != count) {
    throw InputError("the column " + std::string(name) + " must be R:" + std::to_string(count) + ", found " +
                     column->type() + ":" + std::to_string(column->count));
  }
  return values;
}

}  // namespace

std::vector<double> masses_of(const Frame& frame) {
  const std::vector<double>* const column = numbers(frame, "masses", 1);
  return column != nullptr ? *column : masses(frame.atoms);
}

std::optional<std::vector<Vector3>> velocities_of(const Frame& frame) {
  const std::size_t n = frame.atoms.size();
  std::vector<Vector3> v(n);
  if (const std::vector<double>* const velocities = numbers(frame, "velo", 3)) {
    for (std::size_t k = 0; k < 3 * n; ++k) v[k / 3][k % 3] = (*velocities)[k];
    return v;
  }
  if (const std::vector<double>* const momenta = numbers(frame, "momenta", 3)) {
    const std::vector<double> m = masses_of(frame);
    for (std::size_t k = 0; k < 3 * n; ++k) v[k / 3][k % 3] = (*momenta)[k] / m[k / 3] * units::femtosecond;
    return v;
  }
  return std::nullopt;
}

void set_velocities(Frame& frame, const std::vector<double>& masses, const std::vector<Vector3>& velocities) {
  std::vector<double> velo, momenta;
  for (std::size_t i = 0; i < velocities.size(); ++i) {
    for (const double v : velocities[i]) {
      velo.push_back(v);
      momenta.push_back(masses[i] * v / units::femtosecond);
    }
  }
  set_column(frame, {.name = "velo", .count = 3, .values = std::move(velo)});
  set_column(frame, {.name = "momenta", .count = 3, .values = std::move(momenta)});
}

std::vector<std::size_t> fixed_atoms(const Frame& frame) {
  std::vector<std::size_t> fixed;
  const Column* const column = find_column(frame, "move_mask");
  if (column == nullptr) return fixed;
  const auto* const mobile = std::get_if<std::vector<bool>>(&column->values);
  if (mobile == nullptr || (column->count != 1 && column->count != 3)) {
    throw InputError(std::string("the column move_mask must be L:1, found ") + column->type() + ":" +
                     std::to_string(column->count));
  }
  for (std::size_t i = 0; i < frame.atoms.size(); ++i) {
    for (std::size_t k = 1; k < column->count; ++k) {
      if ((*mobile)[column->count * i + k] != (*mobile)[column->count * i]) {
        throw InputError("move_mask of atom " + std::to_string(i) +
                         " lets it move along some directions only; here an atom is fixed or free");
      }
    }
    if (!(*mobile)[column->count * i]) fixed.push_back(i);
  }
  return fixed;
}

}  // namespace adatom::apps
