#include "dynamics/velocities.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/symmetric_eigen.hpp"

namespace adatom {
namespace {

Vector3 center_of(std::span<const Vector3> positions, std::span<const double> masses) {
  Vector3 sum{};
  double mass = 0.0;
  for (std::size_t i = 0; i < positions.size(); ++i) sum += masses[i] * positions[i], mass += masses[i];
  return positions.empty() ? sum : (1.0 / mass) * sum;
}

/// Principal moments of inertia about the centre of mass, amu Å², and their axes.
SymmetricEigen principal_axes(std::span<const Vector3> positions, std::span<const double> masses) {
  const Vector3 center = center_of(positions, masses);
  std::vector<double> inertia(9, 0.0);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const Vector3 r = positions[i] - center;
    for (std::size_t a = 0; a < 3; ++a) {
      for (std::size_t b = 0; b < 3; ++b) inertia[3 * a + b] += masses[i] * ((a == b ? dot(r, r) : 0.0) - r[a] * r[b]);
    }
  }
  return symmetric_eigen(3, inertia);
}

/// Turning about an axis with (next to) no moment of inertia moves nothing.
bool turns(const SymmetricEigen& axes, std::size_t k) { return axes.values[k] > 1e-8 * axes.values[2]; }

}  // namespace

double kinetic_energy(std::span<const double> masses, std::span<const Vector3> velocities) {
  double sum = 0.0;
  for (std::size_t i = 0; i < velocities.size(); ++i) sum += masses[i] * dot(velocities[i], velocities[i]);
  return 0.5 * sum / units::acceleration;
}

double temperature_of(double kinetic_energy, double degrees_of_freedom) {
  return degrees_of_freedom > 0.0 ? 2.0 * kinetic_energy / (degrees_of_freedom * units::boltzmann) : 0.0;
}

Vector3 total_momentum(std::span<const double> masses, std::span<const Vector3> velocities) {
  Vector3 sum{};
  for (std::size_t i = 0; i < velocities.size(); ++i) sum += masses[i] * velocities[i];
  return sum;
}

Vector3 angular_momentum(std::span<const Vector3> positions, std::span<const double> masses,
                         std::span<const Vector3> velocities) {
  const Vector3 center = center_of(positions, masses);
  Vector3 sum{};
  for (std::size_t i = 0; i < positions.size(); ++i) sum += masses[i] * cross(positions[i] - center, velocities[i]);
  return sum;
}

void remove_momentum(std::span<const double> masses, std::span<Vector3> velocities) {
  double mass = 0.0;
  for (const double m : masses) mass += m;
  if (!(mass > 0.0)) return;
  // Twice: the first pass leaves rounding errors of the size of what it took away.
  for (int pass = 0; pass < 2; ++pass) {
    const Vector3 drift = (1.0 / mass) * total_momentum(masses, velocities);
    for (Vector3& v : velocities) v -= drift;
  }
}

void remove_rotation(std::span<const Vector3> positions, std::span<const double> masses,
                     std::span<Vector3> velocities) {
  if (positions.size() < 2) return;
  const SymmetricEigen axes = principal_axes(positions, masses);
  const Vector3 center = center_of(positions, masses);
  for (int pass = 0; pass < 2; ++pass) {
    const Vector3 l = angular_momentum(positions, masses, velocities);
    Vector3 omega{};
    for (std::size_t k = 0; k < 3; ++k) {
      if (!turns(axes, k)) continue;
      const Vector3 axis{axes.vector(k)[0], axes.vector(k)[1], axes.vector(k)[2]};
      omega += (dot(l, axis) / axes.values[k]) * axis;
    }
    for (std::size_t i = 0; i < positions.size(); ++i) velocities[i] -= cross(omega, positions[i] - center);
  }
}

double degrees_of_freedom(const Atoms& atoms, std::span<const double> masses, std::span<const Vector3> velocities,
                          std::span<const std::size_t> fixed) {
  const double all = 3.0 * static_cast<double>(atoms.size() - fixed.size());
  if (!fixed.empty() || atoms.size() == 0) return all;
  // What is zero but for rounding errors, beside the sums of magnitudes.
  double momenta = 0.0, turning = 0.0;
  const Vector3 center = center_of(atoms.positions, masses);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    momenta += masses[i] * norm(velocities[i]);
    turning += masses[i] * norm(velocities[i]) * norm(atoms.positions[i] - center);
  }
  if (norm(total_momentum(masses, velocities)) > 1e-9 * momenta) return all;
  double count = all - 3.0;
  const bool free = !atoms.pbc[0] && !atoms.pbc[1] && !atoms.pbc[2];
  if (free && atoms.size() > 1 && norm(angular_momentum(atoms.positions, masses, velocities)) <= 1e-9 * turning) {
    const SymmetricEigen axes = principal_axes(atoms.positions, masses);
    for (std::size_t k = 0; k < 3; ++k) count -= turns(axes, k) ? 1.0 : 0.0;
  }
  return count;
}

std::vector<Vector3> maxwell_boltzmann(const Atoms& atoms, std::span<const double> masses, double temperature,
                                       Random& random, const MaxwellBoltzmannOptions& options) {
  if (!(temperature >= 0.0) || !std::isfinite(temperature)) {
    throw InputError("the temperature must not be negative, found " + number_text(temperature) + " K");
  }
  require_masses(atoms, masses);
  const std::vector<bool> stays = fixed_flags(atoms.size(), options.fixed);
  std::vector<Vector3> v(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const double width = std::sqrt(units::boltzmann * temperature / masses[i] * units::acceleration);
    for (double& component : v[i]) component = width * random.normal();
    if (stays[i]) v[i] = {};
  }
  const bool free = !atoms.pbc[0] && !atoms.pbc[1] && !atoms.pbc[2];
  if (options.fixed.empty()) {
    if (options.remove_momentum) remove_momentum(masses, v);
    if (options.remove_rotation && options.remove_momentum && free) remove_rotation(atoms.positions, masses, v);
  }
  if (options.exact) {
    const double found = temperature_of(kinetic_energy(masses, v), degrees_of_freedom(atoms, masses, v, options.fixed));
    if (found > 0.0) {
      for (Vector3& one : v) one = std::sqrt(temperature / found) * one;
    }
  }
  return v;
}

void require_masses(const Atoms& atoms, std::span<const double> masses) {
  if (masses.size() != atoms.size()) {
    throw InputError(std::to_string(masses.size()) + " masses for " + std::to_string(atoms.size()) + " atoms");
  }
  for (std::size_t i = 0; i < masses.size(); ++i) {
    if (masses[i] > 0.0 && std::isfinite(masses[i])) continue;
    throw InputError("atom " + std::to_string(i) + " has mass " + number_text(masses[i]) +
                     " amu; masses must be positive");
  }
}

std::vector<bool> fixed_flags(std::size_t atoms, std::span<const std::size_t> fixed) {
  std::vector<bool> flags(atoms, false);
  for (const std::size_t i : fixed) {
    if (i >= atoms) {
      throw InputError("fixed atom " + std::to_string(i) + " does not exist: there are " + std::to_string(atoms) +
                       " atoms, counted from 0");
    }
    if (flags[i]) throw InputError("fixed atom " + std::to_string(i) + " is named twice");
    flags[i] = true;
  }
  return flags;
}

}  // namespace adatom
