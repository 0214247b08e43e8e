#include "atoms/editing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

std::string vector_text(const Vector3& r) {
  return "(" + number_text(r[0]) + ", " + number_text(r[1]) + ", " + number_text(r[2]) + ")";
}

bool is_finite(const Vector3& r) { return std::isfinite(r[0]) && std::isfinite(r[1]) && std::isfinite(r[2]); }

void check_indices(const Atoms& atoms, std::span<const std::size_t> indices) {
  for (const std::size_t i : indices) {
    if (i < atoms.size()) continue;
    throw InputError("atom index " + std::to_string(i) + " is out of range; the structure has " +
                     std::to_string(atoms.size()) + " atoms, counted from 0");
  }
}

/// Cosine and sine of an angle in degrees, exact at multiples of 90.
std::pair<double, double> cosine_and_sine(double degrees) {
  const double turn = std::remainder(degrees, 360.0);
  if (turn == 0.0) return {1.0, 0.0};
  if (turn == 90.0 || turn == -90.0) return {0.0, turn > 0.0 ? 1.0 : -1.0};
  if (std::abs(turn) == 180.0) return {-1.0, 0.0};
  const double radians = turn * std::numbers::pi / 180.0;
  return {std::cos(radians), std::sin(radians)};
}

/// The cell with unit vectors where none are given.
Cell frame_of(const Atoms& atoms, const std::array<bool, 3>& given) try {
  return completed(atoms.cell, given);
} catch (const InputError&) {  // of periodic directions, which it takes the given ones for
  throw InputError("the cell has no volume: its vectors must not be parallel or lie in one plane");
}

/// Lowest and highest projection of the positions on a unit vector.
std::pair<double, double> extent(std::span<const Vector3> positions, const Vector3& normal) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Vector3& r : positions) {
    low = std::min(low, dot(r, normal));
    high = std::max(high, dot(r, normal));
  }
  return {low, high};
}

/// The atoms' extent along the normal of face k is moved to the middle of the cell, along cell vector k: the
/// other two faces are parallel to that vector, so each direction can be treated by itself.
void center_between_faces(Atoms& atoms, const Cell& cell, std::size_t k) {
  if (atoms.size() == 0) return;
  const Vector3 star = reciprocal(cell)[k];
  const double height = 1.0 / norm(star);
  const auto [low, high] = extent(atoms.positions, height * star);
  const double fraction = (0.5 * height - 0.5 * (low + high)) / height;
  for (Vector3& r : atoms.positions) r += fraction * cell[k];
}

}  // namespace

Matrix3 rotation_matrix(const Vector3& axis, double degrees) {
  const double length = norm(axis);
  if (!(length > 0.0) || !std::isfinite(length)) {
    throw InputError("rotation: the axis must be finite and not zero, found " + vector_text(axis));
  }
  if (!std::isfinite(degrees)) throw InputError("rotation: the angle must be finite, found " + number_text(degrees));
  const auto [c, s] = cosine_and_sine(degrees);
  const Vector3 n = (1.0 / length) * axis;
  Matrix3 m;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) m[i][j] = (1.0 - c) * n[i] * n[j] + (i == j ? c : 0.0);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t j = (i + 1) % 3, k = (i + 2) % 3;
    m[k][j] += s * n[i];
    m[j][k] -= s * n[i];
  }
  return m;
}

Atoms translated(Atoms atoms, const Vector3& shift) {
  if (!is_finite(shift)) throw InputError("translation: the shift must be finite, found " + vector_text(shift));
  for (Vector3& r : atoms.positions) r += shift;
  return atoms;
}

Atoms rotated(Atoms atoms, const Vector3& axis, double degrees, const RotationOptions& options) {
  if (!is_finite(options.about)) {
    throw InputError("rotation: the point `about` must be finite, found " + vector_text(options.about));
  }
  const Matrix3 m = rotation_matrix(axis, degrees);
  for (Vector3& r : atoms.positions) r = product(m, r - options.about) + options.about;
  if (options.rotate_cell) {
    for (Vector3& v : atoms.cell.vectors) v = product(m, v);
  }
  return atoms;
}

Atoms centered(Atoms atoms, const std::array<bool, 3>& directions) {
  validate(atoms);
  std::array<bool, 3> given{};
  for (std::size_t k = 0; k < 3; ++k) {
    given[k] = norm(atoms.cell[k]) > 0.0;
    if (directions[k] && !given[k]) {
      throw InputError(std::string("cannot centre along ") + "abc"[k] + ": cell vector " + "abc"[k] +
                       " = (0,0,0); give it a length or use with_vacuum");
    }
  }
  const Cell cell = frame_of(atoms, given);
  for (std::size_t k = 0; k < 3; ++k) {
    if (directions[k]) center_between_faces(atoms, cell, k);
  }
  return atoms;
}

Vector3 center(const Atoms& atoms, Center which) {
  Vector3 result{};
  if (atoms.size() == 0) return result;
  switch (which) {
    case Center::mass:
      return center_of_mass(atoms);
    case Center::geometry:
      for (const Vector3& r : atoms.positions) result += r;
      return (1.0 / static_cast<double>(atoms.size())) * result;
    case Center::extent:
      break;
  }
  for (std::size_t k = 0; k < 3; ++k) {
    Vector3 axis{};
    axis[k] = 1.0;
    const auto [low, high] = extent(atoms.positions, axis);
    result[k] = 0.5 * (low + high);
  }
  return result;
}

Atoms centered_at(Atoms atoms, const Vector3& point, Center which) {
  const Vector3 shift = point - center(atoms, which);
  return translated(std::move(atoms), shift);
}

Atoms with_vacuum(Atoms atoms, double vacuum, const std::optional<std::array<bool, 3>>& directions) {
  if (!(vacuum >= 0.0 && vacuum <= largest_coordinate)) {
    throw InputError("vacuum must be between 0 and 1e15 Å, found " + number_text(vacuum));
  }
  validate(atoms);
  std::array<bool, 3> given{}, chosen{};
  for (std::size_t k = 0; k < 3; ++k) {
    given[k] = norm(atoms.cell[k]) > 0.0;
    chosen[k] = directions ? (*directions)[k] : !atoms.pbc[k];
  }
  const Cell frame = frame_of(atoms, given);
  const Cell star = reciprocal(frame);
  Cell cell = frame;
  for (std::size_t k = 0; k < 3; ++k) {
    if (!chosen[k]) {
      cell[k] = atoms.cell[k];
      continue;
    }
    const double height = 1.0 / norm(star[k]);
    const auto [low, high] = extent(atoms.positions, height * star[k]);
    const double wanted = 2.0 * vacuum + (atoms.size() == 0 ? 0.0 : high - low);
    if (!(wanted > 0.0)) {
      throw InputError(std::string("the cell would have no height along ") + "abc"[k] +
                       ": the atoms lie in one plane, so vacuum must be positive");
    }
    const double fraction = atoms.size() == 0 ? 0.0 : (vacuum - low) / height;
    for (Vector3& r : atoms.positions) r += fraction * frame[k];
    cell[k] = (wanted / height) * frame[k];
  }
  atoms.cell = cell;
  return atoms;
}

Atoms joined(Atoms first, const Atoms& second) {
  first.numbers.insert(first.numbers.end(), second.numbers.begin(), second.numbers.end());
  first.positions.insert(first.positions.end(), second.positions.begin(), second.positions.end());
  return first;
}

Atoms selected(const Atoms& atoms, std::span<const std::size_t> indices) {
  check_indices(atoms, indices);
  Atoms result{.numbers = {}, .positions = {}, .cell = atoms.cell, .pbc = atoms.pbc};
  result.numbers.reserve(indices.size());
  result.positions.reserve(indices.size());
  for (const std::size_t i : indices) {
    result.numbers.push_back(atoms.numbers[i]);
    result.positions.push_back(atoms.positions[i]);
  }
  return result;
}

Atoms without(const Atoms& atoms, std::span<const std::size_t> indices) {
  check_indices(atoms, indices);
  std::vector<bool> gone(atoms.size(), false);
  for (const std::size_t i : indices) gone[i] = true;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (!gone[i]) kept.push_back(i);
  }
  return selected(atoms, kept);
}

Atoms substituted(Atoms atoms, std::span<const std::size_t> indices, int number) {
  element(number);  // refuses what is no element
  check_indices(atoms, indices);
  for (const std::size_t i : indices) atoms.numbers[i] = number;
  return atoms;
}

Atoms sorted(const Atoms& atoms, std::span<const double> keys) {
  if (keys.size() != atoms.size()) {
    throw InputError("sorting " + std::to_string(atoms.size()) + " atoms needs as many keys, found " +
                     std::to_string(keys.size()));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (std::isnan(keys[i])) throw InputError("sorting: the key of atom " + std::to_string(i) + " is not a number");
  }
  std::vector<std::size_t> order(atoms.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return keys[i]; });
  return selected(atoms, order);
}

Atoms sorted_by_element(const Atoms& atoms) {
  const std::vector<double> keys(atoms.numbers.begin(), atoms.numbers.end());
  return sorted(atoms, keys);
}

Atoms sorted_by_coordinate(const Atoms& atoms, std::size_t axis) {
  if (axis > 2) throw InputError("the axis to sort by must be 0, 1 or 2 (x, y, z), found " + std::to_string(axis));
  std::vector<double> keys;
  keys.reserve(atoms.size());
  for (const Vector3& r : atoms.positions) keys.push_back(r[axis]);
  return sorted(atoms, keys);
}

Atoms rattled(Atoms atoms, double standard_deviation, Random& random) {
  if (!(standard_deviation >= 0.0 && standard_deviation <= largest_coordinate)) {
    throw InputError("rattle: the standard deviation must be between 0 and 1e15 Å, found " +
                     number_text(standard_deviation));
  }
  for (Vector3& r : atoms.positions) {
    for (double& x : r) x += standard_deviation * random.normal();
  }
  return atoms;
}

Atoms strained(Atoms atoms, const Matrix3& strain) {
  Matrix3 deformation = strain;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!is_finite(strain[i])) throw InputError("strain must be finite, found the row " + vector_text(strain[i]));
    deformation[i][i] += 1.0;
  }
  const double scale = determinant(deformation);
  if (!(scale > 0.0)) {
    throw InputError("strain: det(1 + strain) must be positive, found " + number_text(scale) +
                     ": the structure would be flattened or turned inside out");
  }
  for (Vector3& r : atoms.positions) r = product(deformation, r);
  for (Vector3& v : atoms.cell.vectors) v = product(deformation, v);
  return atoms;
}

Atoms strained(Atoms atoms, const std::array<double, 6>& voigt) {
  const auto [xx, yy, zz, yz, xz, xy] = voigt;
  return strained(std::move(atoms),
                  Matrix3{{{xx, 0.5 * xy, 0.5 * xz}, {0.5 * xy, yy, 0.5 * yz}, {0.5 * xz, 0.5 * yz, zz}}});
}

}  // namespace adatom
