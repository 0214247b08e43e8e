#include "atoms/builders/nanotube.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <string>

#include "atoms/builders/limits.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

using Integer = std::int64_t;

/// The rolled-up sheet's unit cell: lattice points i a1 + j a2 between multiples of the circumference n a1 + m a2 and
/// of the shortest lattice vector across it, t1 a1 + t2 a2.
struct TubeCell {
  Integer n, m, t1, t2;
  Integer points;  ///< lattice points in the cell: the determinant n t2 − m t1
};

TubeCell tube_cell(Integer n, Integer m) {
  const Integer divisor = std::gcd(2 * n + m, 2 * m + n);
  return {n, m, -(2 * m + n) / divisor, (2 * n + m) / divisor, 2 * (n * n + n * m + m * m) / divisor};
}

/// Where (i a1 + j a2)/3 is around the tube and along it, in units of 1/(3 points) of the way: exact integers.
std::array<Integer, 2> place(const TubeCell& cell, Integer i, Integer j) {
  const Integer whole = 3 * cell.points;
  const auto modulo = [whole](Integer x) { return (x % whole + whole) % whole; };
  return {modulo(i * cell.t2 - j * cell.t1), modulo(cell.n * j - cell.m * i)};
}

/// Lattice points (i, j) of which no two differ by a sum of the cell's vectors, as many as the cell has.
std::vector<std::array<Integer, 2>> lattice_points(const TubeCell& cell) {
  // The smallest first component of such a sum is g = gcd(n, t1), the shortest sum along a2 is (0, points / g).
  const Integer g = std::gcd(cell.n, cell.t1), rows = cell.points / g;
  std::vector<std::array<Integer, 2>> result;
  result.reserve(static_cast<std::size_t>(cell.points));
  for (Integer i = 0; i < g; ++i) {
    for (Integer j = 0; j < rows; ++j) result.push_back({i, j});
  }
  return result;
}

}  // namespace

Atoms nanotube(int n, int m, const NanotubeOptions& options) {
  if (n < 0 || m < 0 || (n == 0 && m == 0) || n > 10000 || m > 10000) {
    throw InputError("nanotube: n and m must be between 0 and 10000 and not both 0, found (" + std::to_string(n) +
                     ", " + std::to_string(m) + ")");
  }
  const TubeCell cell = tube_cell(n, m);
  builders::require_counts("nanotube", "length", std::array{options.length}, 2.0 * double(cell.points));
  builders::require_length("nanotube", "bond", options.bond);
  builders::require_not_negative("nanotube", "vacuum", options.vacuum);
  const std::vector<int> pair = parse_formula(options.formula, 1000);
  if (pair.size() != 2) {
    throw InputError("nanotube takes a formula of 2 atoms such as 'C2' or 'BN', found " + in_quotes(options.formula));
  }

  const auto length_of = [&](Integer i, Integer j) {
    return std::numbers::sqrt3 * options.bond * std::sqrt(double(i * i + i * j + j * j));
  };
  const double radius = length_of(cell.n, cell.m) / (2.0 * std::numbers::pi), period = length_of(cell.t1, cell.t2);

  const double part = 1.0 / (3.0 * double(cell.points));
  Atoms tube;
  for (const auto& [i, j] : lattice_points(cell)) {
    for (const Integer s : {0, 1}) {  // the cell's second atom is at (a1 + a2)/3
      const auto [around, along] = place(cell, 3 * i + s, 3 * j + s);
      const double phi = 2.0 * std::numbers::pi * part * double(around);
      tube.numbers.push_back(pair[static_cast<std::size_t>(s)]);
      tube.positions.push_back({radius * std::cos(phi), radius * std::sin(phi), period * part * double(along)});
    }
  }
  double width = 0.0;
  for (const Vector3& r : tube.positions) width = std::max({width, std::abs(r[0]), std::abs(r[1])});
  const double middle = width + options.vacuum;
  for (Vector3& r : tube.positions) r += {middle, middle, 0.0};
  tube.cell = orthorhombic(2.0 * middle, 2.0 * middle, period);
  tube.pbc = {false, false, true};
  return repeated(tube, {1, 1, options.length});
}

}  // namespace adatom
