#include "dynamics/vibrations.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/symmetric_eigen.hpp"
#include "dynamics/velocities.hpp"

namespace adatom {
namespace {

std::vector<std::size_t> moving_atoms(std::size_t n, const std::vector<std::size_t>& fixed) {
  const std::vector<bool> stays = fixed_flags(n, fixed);
  std::vector<std::size_t> moved;
  for (std::size_t i = 0; i < n; ++i) {
    if (!stays[i]) moved.push_back(i);
  }
  if (moved.empty()) {
    throw InputError(n == 0 ? "no atoms, no vibrations"
                            : "nothing vibrates: all " + std::to_string(n) + " atoms are fixed");
  }
  return moved;
}

/// Orthonormal directions, √m-weighted, in which the structure moves as a whole.
std::vector<std::vector<double>> rigid_motions(const Atoms& atoms, const std::vector<double>& masses) {
  const bool free = !atoms.pbc[0] && !atoms.pbc[1] && !atoms.pbc[2];
  Vector3 center{};
  double mass = 0.0;
  for (std::size_t i = 0; i < atoms.size(); ++i) center += masses[i] * atoms.positions[i], mass += masses[i];
  center = (1.0 / mass) * center;
  std::vector<std::vector<double>> found;
  for (std::size_t motion = 0; motion < (free ? 6u : 3u); ++motion) {
    Vector3 axis{};
    axis[motion % 3] = 1.0;
    std::vector<double> d(3 * atoms.size());
    double size = 0.0, left = 0.0;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      const Vector3 u = motion < 3 ? axis : cross(axis, atoms.positions[i] - center);
      for (std::size_t k = 0; k < 3; ++k)
        d[3 * i + k] = std::sqrt(masses[i]) * u[k], size += d[3 * i + k] * d[3 * i + k];
    }
    for (int pass = 0; pass < 2; ++pass) {
      for (const std::vector<double>& other : found) {
        double overlap = 0.0;
        for (std::size_t a = 0; a < d.size(); ++a) overlap += d[a] * other[a];
        for (std::size_t a = 0; a < d.size(); ++a) d[a] -= overlap * other[a];
      }
    }
    for (const double a : d) left += a * a;
    if (!(left > 1e-8 * size)) continue;  // the axis of a linear molecule
    for (double& a : d) a /= std::sqrt(left);
    found.push_back(std::move(d));
  }
  return found;
}

/// (1 − D Dᵀ) H (1 − D Dᵀ)
void project_out(const std::vector<std::vector<double>>& directions, std::vector<double>& h) {
  for (const std::vector<double>& d : directions) {
    const std::size_t n = d.size();
    std::vector<double> hd(n, 0.0);
    double dhd = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) hd[i] += h[i * n + j] * d[j];
      dhd += d[i] * hd[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) h[i * n + j] += dhd * d[i] * d[j] - d[i] * hd[j] - hd[i] * d[j];
    }
  }
}

bool counts(double wavenumber, double least) { return wavenumber > least; }

}  // namespace

Vibrations vibrations(const Atoms& atoms, const Potential& potential, const VibrationOptions& options) {
  validate(atoms);
  const std::vector<double> mass = options.masses.empty() ? masses(atoms) : options.masses;
  require_masses(atoms, mass);
  Vibrations result;
  result.moved = moving_atoms(atoms.size(), options.fixed);
  const std::vector<Vector3> forces = potential.compute(atoms).forces;
  for (const std::size_t i : result.moved) result.fmax = std::max(result.fmax, norm(forces[i]));
  if (result.fmax > 0.01) {
    result.warning = "fmax is " + short_number_text(result.fmax) +
                     " eV/Å: this is no minimum; relax it first, or take the wavenumbers with care";
  }

  std::vector<double> h = hessian(atoms, potential, result.moved, options.hessian, options.displacement);
  const std::size_t n = 3 * result.moved.size();
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b)
      h[a * n + b] /= std::sqrt(mass[result.moved[a / 3]] * mass[result.moved[b / 3]]);
  }
  if (options.project && options.fixed.empty()) project_out(rigid_motions(atoms, mass), h);

  SymmetricEigen eigen = symmetric_eigen(n, h);
  result.omega2 = std::move(eigen.values);
  for (std::size_t k = 0; k < n; ++k) {
    const double w2 = result.omega2[k];
    result.wavenumbers.push_back(std::copysign(units::wavenumber * std::sqrt(std::abs(w2)), w2));
    std::vector<Vector3> mode(atoms.size());
    for (std::size_t a = 0; a < n; ++a) {
      const std::size_t i = result.moved[a / 3];
      mode[i][a % 3] = eigen.vectors[k * n + a] / std::sqrt(mass[i]);
    }
    result.modes.push_back(std::move(mode));
  }
  return result;
}

std::string wavenumber_text(double wavenumber) {
  char text[400];
  const auto end = std::to_chars(text, text + sizeof text, std::abs(wavenumber), std::chars_format::fixed, 1).ptr;
  return std::string(text, end) + (wavenumber < -0.05 ? "i" : "");
}

double zero_point_energy(const Vibrations& vibrations, double least) {
  double sum = 0.0;
  for (const double w : vibrations.wavenumbers) sum += counts(w, least) ? 0.5 * units::quantum * w : 0.0;
  return sum;
}

double harmonic_free_energy(const Vibrations& vibrations, double temperature, double least) {
  if (!(temperature >= 0.0) || !std::isfinite(temperature)) {
    throw InputError("the temperature must not be negative, found " + number_text(temperature) + " K");
  }
  double sum = zero_point_energy(vibrations, least);
  const double kt = units::boltzmann * temperature;
  if (kt == 0.0) return sum;
  for (const double w : vibrations.wavenumbers) {
    if (counts(w, least)) sum += kt * std::log(-std::expm1(-units::quantum * w / kt));
  }
  return sum;
}

std::vector<Frame> animation(const Atoms& atoms, const Vibrations& vibrations, std::size_t mode, std::size_t frames,
                             double amplitude) {
  if (mode >= vibrations.modes.size()) {
    throw InputError("mode " + std::to_string(mode) + " does not exist: there are " +
                     std::to_string(vibrations.modes.size()) + ", counted from 0");
  }
  const std::vector<Vector3>& u = vibrations.modes[mode];
  double longest = 0.0;
  for (const Vector3& one : u) longest = std::max(longest, norm(one));
  std::vector<Frame> result;
  for (std::size_t f = 0; f < frames; ++f) {
    const double phase = 2.0 * std::numbers::pi * static_cast<double>(f) / static_cast<double>(frames);
    Frame frame{.atoms = atoms, .info = {}, .columns = {}};
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      frame.atoms.positions[i] += (amplitude / longest * std::sin(phase)) * u[i];
    }
    set_info(frame, "mode", static_cast<std::int64_t>(mode));
    set_info(frame, "wavenumber_per_cm", vibrations.wavenumbers[mode]);
    result.push_back(std::move(frame));
  }
  return result;
}

}  // namespace adatom
