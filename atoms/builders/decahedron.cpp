#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "atoms/builders/crystal.hpp"
#include "atoms/builders/limits.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

void require_range(const char* argument, int value, int least) {
  constexpr int most = 10000;
  if (value >= least && value <= most) return;
  throw InputError(std::string("decahedron: ") + argument + " must be between " + std::to_string(least) + " and " +
                   std::to_string(most) + ", found " + std::to_string(value));
}

/// All atoms are in columns parallel to the axis. A column's place in one of the five sectors is (i, j): i steps along
/// one twin plane, j along the next. The column on the axis is the longest; every step outward makes it one atom
/// shorter.
struct Columns {
  int axis = 0;   ///< atoms in the column on the axis
  int steps = 0;  ///< i + j is less than this
  int along = 0;  ///< i and j are less than this: the notch begins here

  Columns(int p, int q, int r) : axis(p + q + 2 * r - 1), steps(p + 2 * r), along(p + r) {}

  /// Columns of one sector with i + j = n, without those on its second twin plane (i = 0), which the next sector has.
  int first(int n) const { return std::max(1, n - along + 1); }
  int last(int n) const { return std::min(n, along - 1); }

  double atoms() const {
    double total = axis;
    for (int n = 1; n < steps; ++n) total += 5.0 * std::max(0, last(n) - first(n) + 1) * (axis - n);
    return total;
  }
};

}  // namespace

Atoms decahedron(std::string_view element, int p, int q, int r, const ParticleOptions& options) {
  require_range("p", p, 1);
  require_range("q", q, 1);
  require_range("r", r, 0);
  const Columns columns(p, q, r);
  if (columns.atoms() > builders::most_atoms) {
    throw InputError("decahedron: p, q, r = " + std::to_string(p) + ", " + std::to_string(q) + ", " +
                     std::to_string(r) + " would make " + short_number_text(columns.atoms()) +
                     " atoms; at most 100 million are built");
  }
  const int number = atomic_number(element);
  const double a = lattice_constants("decahedron", element, Crystal::fcc, options.a, std::nullopt).a;
  const double bond = a / std::numbers::sqrt2;
  // Steps in the twin planes: close-packed rows of the (111) planes are bond·√3/2 apart, the five planes 72 degrees.
  std::array<Vector3, 5> step{};
  for (std::size_t m = 0; m < 5; ++m) {
    const double direction = 2.0 * std::numbers::pi * (0.25 + 0.2 * double(m));
    const double length = bond * std::numbers::sqrt3 / 2.0;
    step[m] = {length * std::cos(direction), length * std::sin(direction), 0.0};
  }

  Atoms atoms;
  const auto add_column = [&](const Vector3& foot, int length) {
    for (int k = 0; k < length; ++k) {
      atoms.positions.push_back(foot + Vector3{0.0, 0.0, bond * (k - 0.5 * (length - 1))});
    }
  };
  add_column({}, columns.axis);
  for (int n = 1; n < columns.steps; ++n) {
    for (std::size_t m = 0; m < 5; ++m) {
      for (int i = columns.first(n); i <= columns.last(n); ++i) {
        add_column(double(i) * step[m] + double(n - i) * step[(m + 1) % 5], columns.axis - n);
      }
    }
  }
  atoms.numbers.assign(atoms.positions.size(), number);
  return atoms;
}

}  // namespace adatom
