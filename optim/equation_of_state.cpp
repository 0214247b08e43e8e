#include "optim/equation_of_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/parallel.hpp"
#include "optim/least_squares.hpp"

namespace adatom {
namespace {

struct Named {
  EquationOfStateKind kind;
  std::string_view name;
};
constexpr Named kinds[] = {{EquationOfStateKind::birch_murnaghan, "birch-murnaghan"},
                           {EquationOfStateKind::vinet, "vinet"}};

/// More points than this are a slip of the pen.
constexpr std::size_t most_points = 10000;

/// The part of the energy (eV) above E0, and the pressure (eV/Å³).
struct State {
  double energy, pressure;
};

State birch_murnaghan(double volume, double v0, double b, double b1) {
  const double x = std::pow(v0 / volume, 2.0 / 3.0), f = x - 1.0;
  const double energy = 9.0 / 16.0 * v0 * b * f * f * (f * b1 + 6.0 - 4.0 * x);
  const double pressure = 1.5 * b * (std::pow(x, 3.5) - std::pow(x, 2.5)) * (1.0 + 0.75 * (b1 - 4.0) * f);
  return {energy, pressure};
}

State vinet(double volume, double v0, double b, double b1) {
  const double x = std::cbrt(volume / v0), eta = 1.5 * (b1 - 1.0), y = eta * (1.0 - x);
  // 9 B V0/η² (1 − (1 − y) e^y), which tends to 9/2 B V0 (1 − x)² for η → 0
  const double shape = std::abs(y) < 1e-4 ? 0.5 + y / 3.0 : (1.0 - (1.0 - y) * std::exp(y)) / (y * y);
  return {9.0 * b * v0 * (1.0 - x) * (1.0 - x) * shape, 3.0 * b * (1.0 - x) / (x * x) * std::exp(y)};
}

State state(const EquationOfStateFit& fit, double volume) {
  const auto f = fit.kind == EquationOfStateKind::vinet ? vinet : birch_murnaghan;
  return f(volume, fit.volume, fit.bulk_modulus, fit.bulk_modulus_derivative);
}

/// The third-order Birch–Murnaghan energy is a cubic in u = V^(−2/3), so its least squares are linear.
EquationOfStateFit fit_cubic(std::span<const double> volumes, std::span<const double> energies) {
  // u is counted from its mean in units of its range, which keeps the equations well conditioned.
  const std::size_t n = volumes.size();
  std::vector<double> u(n), matrix(4 * n);
  for (std::size_t i = 0; i < n; ++i) u[i] = std::pow(volumes[i], -2.0 / 3.0);
  const auto [low, high] = std::minmax_element(u.begin(), u.end());
  const double middle = 0.5 * (*low + *high), half = 0.5 * (*high - *low);
  for (std::size_t i = 0; i < n; ++i) {
    const double t = (u[i] - middle) / half;
    for (std::size_t k = 0; k < 4; ++k) matrix[4 * i + k] = std::pow(t, static_cast<int>(k));
  }
  const std::vector<double> c = least_squares(matrix, energies, 4);

  // The minimum: E' = c1 + 2 c2 t + 3 c3 t² = 0 with E'' > 0.
  const double root = c[2] * c[2] - 3.0 * c[1] * c[3];
  if (!(root > 0.0)) {
    throw NumericalError("equation of state: the energies have no minimum; sample other volumes or check the energies");
  }
  const double t = c[1] / -(c[2] + std::sqrt(root)), v = std::pow(middle + half * t, -1.5);
  if (!(v > 0.0)) throw NumericalError("equation of state: the minimum lies at no finite volume; sample other volumes");
  const double second = (2.0 * c[2] + 6.0 * c[3] * t) / (half * half), third = 6.0 * c[3] / (half * half * half);
  // du/dV = −2/3 V^(−5/3). At E' = 0: B = V E_uu u'², and B' follows from the third derivative.
  const double slope = -2.0 / 3.0 * std::pow(v, -5.0 / 3.0), bend = 10.0 / 9.0 * std::pow(v, -8.0 / 3.0);
  const double e2 = second * slope * slope, e3 = third * slope * slope * slope + 3.0 * second * slope * bend;
  EquationOfStateFit fit;
  fit.volume = v;
  fit.energy = c[0] + t * (c[1] + t * (c[2] + t * c[3]));
  fit.bulk_modulus = v * e2;
  fit.bulk_modulus_derivative = -1.0 - v * e3 / e2;
  return fit;
}

/// Gauss and Newton's iteration with Marquardt's damping from the Birch–Murnaghan fit, in units of its parameters.
EquationOfStateFit refine_vinet(EquationOfStateFit fit, std::span<const double> volumes,
                                std::span<const double> energies) {
  fit.kind = EquationOfStateKind::vinet;
  const double scale = 1e-2 * fit.bulk_modulus * fit.volume;
  const std::array<double, 4> unit{fit.volume, scale, fit.bulk_modulus, std::abs(fit.bulk_modulus_derivative) + 1.0};
  std::vector<double> parameters{fit.volume / unit[0], fit.energy / unit[1], 1.0,
                                 fit.bulk_modulus_derivative / unit[3]};
  const auto unpack = [&](std::span<const double> p) {
    EquationOfStateFit at = fit;
    at.volume = p[0] * unit[0];
    at.energy = p[1] * unit[1];
    at.bulk_modulus = p[2] * unit[2];
    at.bulk_modulus_derivative = p[3] * unit[3];
    return at;
  };
  minimize_squares(
      [&](std::span<const double> p, std::span<double> residuals) {
        const EquationOfStateFit at = unpack(p);
        for (std::size_t i = 0; i < volumes.size(); ++i)
          residuals[i] = (at.energy_at(volumes[i]) - energies[i]) / scale;
      },
      volumes.size(), parameters);
  return unpack(parameters);
}

void check(std::span<const double> volumes, std::span<const double> energies) {
  if (volumes.size() != energies.size()) {
    throw InputError("equation of state: " + std::to_string(volumes.size()) + " volumes but " +
                     std::to_string(energies.size()) + " energies");
  }
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    if (!std::isfinite(volumes[i]) || !(volumes[i] > 0.0) || !std::isfinite(energies[i])) {
      throw InputError("equation of state: point " + std::to_string(i) +
                       " is not a positive volume and a finite energy");
    }
  }
  const std::size_t different = std::set<double>(volumes.begin(), volumes.end()).size();
  if (different < 4) {
    throw InputError("equation of state: four parameters need at least 4 different volumes, found " +
                     std::to_string(different));
  }
}

}  // namespace

std::string_view name(EquationOfStateKind kind) {
  return std::find_if(std::begin(kinds), std::end(kinds), [=](const Named& k) { return k.kind == kind; })->name;
}

EquationOfStateKind equation_of_state_kind(std::string_view name) {
  for (const Named& k : kinds) {
    if (k.name == name) return k.kind;
  }
  throw InputError("unknown equation of state '" + std::string(name) + "'; there are birch-murnaghan, vinet");
}

double EquationOfStateFit::energy_at(double at_volume) const { return energy + state(*this, at_volume).energy; }
double EquationOfStateFit::pressure_at(double at_volume) const { return state(*this, at_volume).pressure; }

EquationOfStateFit fit_equation_of_state(std::span<const double> volumes, std::span<const double> energies,
                                         EquationOfStateKind kind) {
  check(volumes, energies);
  EquationOfStateFit fit = fit_cubic(volumes, energies);
  if (kind == EquationOfStateKind::vinet) fit = refine_vinet(fit, volumes, energies);
  double squares = 0.0;
  for (std::size_t i = 0; i < volumes.size(); ++i) squares += std::pow(fit.energy_at(volumes[i]) - energies[i], 2);
  fit.residual = std::sqrt(squares / static_cast<double>(volumes.size()));
  const auto [low, high] = std::minmax_element(volumes.begin(), volumes.end());
  if (fit.volume < *low || fit.volume > *high) {
    fit.warning = "the minimum lies outside the sampled volumes (at " + std::to_string(fit.volume) + " Å³, sampled " +
                  std::to_string(*low) + " to " + std::to_string(*high) + "): sample around it";
  }
  return fit;
}

Atoms scaled(Atoms atoms, double factor) {
  for (Vector3& a : atoms.cell.vectors) a = factor * a;
  for (Vector3& p : atoms.positions) p = factor * p;
  return atoms;
}

EquationOfState equation_of_state(const Atoms& atoms, const Potential& potential,
                                  const EquationOfStateOptions& options) {
  validate(atoms);
  if (!(atoms.pbc[0] && atoms.pbc[1] && atoms.pbc[2])) {
    throw InputError("an equation of state needs a crystal, periodic along all three directions");
  }
  if (options.points < 4 || options.points > most_points) {
    throw InputError("equation of state: at least 4 points are needed, and at most " + std::to_string(most_points) +
                     " allowed, found " + std::to_string(options.points));
  }
  if (!(options.strain > 0.0 && options.strain <= 0.5))
    throw InputError("equation of state: strain must be above 0 and at most 0.5, found " + number_text(options.strain));

  EquationOfState result;
  for (std::size_t i = 0; i < options.points; ++i) {
    const double place = 2.0 * static_cast<double>(i) / static_cast<double>(options.points - 1) - 1.0;
    result.factors.push_back(1.0 + options.strain * place);
    result.structures.push_back(scaled(atoms, result.factors.back()));
    result.volumes.push_back(volume(result.structures.back().cell));
  }
  result.energies.resize(options.points);
  RelaxOptions inside = options.relax;
  inside.cell = {};
  parallel_for(options.points, [&](std::size_t i) {
    if (!options.relax_atoms) {
      result.energies[i] = potential.compute(result.structures[i], {.forces = false}).energy;
      return;
    }
    const RelaxResult relaxed = relax(result.structures[i], potential, inside);
    if (!relaxed.converged) {
      throw NumericalError("equation of state: at " + std::to_string(result.volumes[i]) + " Å³ " + relaxed.reason);
    }
    result.structures[i] = relaxed.atoms;
    result.energies[i] = relaxed.energy;
  });
  result.fit = fit_equation_of_state(result.volumes, result.energies, options.kind);
  return result;
}

}  // namespace adatom
