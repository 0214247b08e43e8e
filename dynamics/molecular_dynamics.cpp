#include "dynamics/molecular_dynamics.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/parallel.hpp"
#include "dynamics/thermostats.hpp"
#include "dynamics/velocities.hpp"

namespace adatom {
namespace {

/// Atoms handled as one task; sums of tasks are added in order, so that results do not depend on threads.
constexpr std::size_t task_size = 4096;

/// Calls work(first, last) for pieces of 0 … n−1, over the threads.
template <class Work>
void for_pieces(std::size_t n, const Work& work) {
  parallel_for((n + task_size - 1) / task_size,
               [&](std::size_t task) { work(task * task_size, std::min(n, (task + 1) * task_size)); });
}

void require(bool right, const std::string& what, double found, const char* unit) {
  if (!right) throw InputError(what + ", found " + number_text(found) + unit);
}

void check(const DynamicsOptions& o) {
  require(o.time_step > 0.0 && std::isfinite(o.time_step), "the time step must be positive", o.time_step, " fs");
  require(o.time_step <= 100.0, "the time step must be at most 100 fs (1 to 5 fs are usual)", o.time_step, " fs");
  if (o.thermostat == Thermostat::none) return;
  require(o.temperature >= 0.0 && std::isfinite(o.temperature), "the temperature must not be negative", o.temperature,
          " K");
  if (o.thermostat == Thermostat::langevin) {
    require(o.friction >= 0.0 && std::isfinite(o.friction), "the friction must not be negative", o.friction, " 1/fs");
  } else {
    require(o.relaxation_time > 0.0 && std::isfinite(o.relaxation_time), "the relaxation time must be positive",
            o.relaxation_time, " fs");
  }
}

void check(const DynamicsState& state) {
  validate(state.atoms);
  require_masses(state.atoms, state.masses);
  if (state.velocities.size() != state.atoms.size()) {
    throw InputError(std::to_string(state.velocities.size()) + " velocities for " + std::to_string(state.atoms.size()) +
                     " atoms");
  }
  for (std::size_t i = 0; i < state.velocities.size(); ++i) {
    if (!std::isfinite(dot(state.velocities[i], state.velocities[i]))) {
      throw InputError("the velocity of atom " + std::to_string(i) + " is not finite");
    }
  }
}

}  // namespace

std::string_view name(Thermostat thermostat) {
  switch (thermostat) {
    case Thermostat::langevin:
      return "langevin";
    case Thermostat::velocity_rescaling:
      return "rescaling";
    case Thermostat::none:
      break;
  }
  return "none";
}

Thermostat thermostat(std::string_view name) {
  for (const Thermostat one : {Thermostat::none, Thermostat::langevin, Thermostat::velocity_rescaling}) {
    if (adatom::name(one) == name) return one;
  }
  throw InputError("unknown thermostat '" + std::string(name) + "'; there are none, langevin and rescaling");
}

DynamicsState initial_state(const Atoms& atoms, double temperature, const Random& random,
                            const std::vector<std::size_t>& fixed) {
  DynamicsState state{.atoms = atoms, .masses = masses(atoms), .velocities = {}, .random = random};
  MaxwellBoltzmannOptions options;
  options.fixed = fixed;
  state.velocities = maxwell_boltzmann(atoms, state.masses, temperature, state.random, options);
  return state;
}

MolecularDynamics::MolecularDynamics(DynamicsState start, const Potential& potential, const DynamicsOptions& options)
    : state_(std::move(start)), options_(options), evaluator_(potential.evaluator(options.reuse)) {
  check(options_);
  check(state_);
  const double regular = static_cast<double>(state_.step) * options_.time_step;
  earlier_ = state_.time == regular ? 0.0 : state_.time - regular;  // exactly 0 where a run is resumed
  const std::size_t n = state_.atoms.size();
  const std::vector<bool> stays = fixed_flags(n, options_.fixed);
  half_kick_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    half_kick_[i] = stays[i] ? 0.0 : 0.5 * options_.time_step * units::acceleration / state_.masses[i];
    if (stays[i]) state_.velocities[i] = {};
  }
  if (state_.degrees_of_freedom == 0.0) {
    // Random kicks set every free atom in motion, and the whole as well.
    state_.degrees_of_freedom =
        options_.thermostat == Thermostat::langevin
            ? 3.0 * static_cast<double>(n - options_.fixed.size())
            : degrees_of_freedom(state_.atoms, state_.masses, state_.velocities, options_.fixed);
  }
  kinetic_ = kinetic_energy(state_.masses, state_.velocities);
  if (options_.thermostat == Thermostat::velocity_rescaling && kinetic_ == 0.0 && n > 0) {
    throw InputError("velocity rescaling cannot set atoms in motion that are at rest: give them velocities");
  }
  evaluator_->restore(state_.atoms, state_.memory);
  compute();
  start_energy_ = thermodynamics().conserved;
  largest_rise_ = 10.0 * static_cast<double>(n) + kinetic_;
}

void MolecularDynamics::compute() { evaluator_->compute(state_.atoms, {.forces = true}, prediction_); }

void MolecularDynamics::run(std::size_t steps) {
  const double step = options_.time_step;
  for (std::size_t s = 0; s < steps; ++s) {
    ++state_.step;
    state_.time = earlier_ + static_cast<double>(state_.step) * step;
    if (options_.thermostat == Thermostat::langevin) {  // B A O A B
      kick_and_drift(0.5 * step);
      exchange_heat_langevin();
      drift(0.5 * step);
    } else {
      kick_and_drift(step);
    }
    try {
      compute();
    } catch (const ShapeError&) {  // a mistake in the potential
      throw;
    } catch (const Error& error) {  // atoms on top of each other or far outside, an energy that is not finite
      throw NumericalError(std::string(error.what()) + " at step " + std::to_string(state_.step) +
                           ": reduce the time step");
    }
    kinetic_ = kick();
    if (options_.thermostat == Thermostat::velocity_rescaling) rescale();
    check_energy();
  }
}

void MolecularDynamics::kick_and_drift(double duration) {
  for_pieces(state_.atoms.size(), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      for (std::size_t k = 0; k < 3; ++k) {
        const double v = state_.velocities[i][k] + half_kick_[i] * prediction_.forces[i][k];
        state_.velocities[i][k] = v;
        state_.atoms.positions[i][k] += duration * v;
      }
    }
  });
}

void MolecularDynamics::drift(double duration) {
  for_pieces(state_.atoms.size(), [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      for (std::size_t k = 0; k < 3; ++k) state_.atoms.positions[i][k] += duration * state_.velocities[i][k];
    }
  });
}

double MolecularDynamics::kick() {
  const std::size_t n = state_.atoms.size();
  std::vector<double> parts((n + task_size - 1) / task_size);
  for_pieces(n, [&](std::size_t first, std::size_t last) {
    double sum = 0.0;
    for (std::size_t i = first; i < last; ++i) {
      Vector3& v = state_.velocities[i];
      for (std::size_t k = 0; k < 3; ++k) v[k] += half_kick_[i] * prediction_.forces[i][k];
      sum += state_.masses[i] * dot(v, v);
    }
    parts[first / task_size] = sum;
  });
  double sum = 0.0;
  for (const double part : parts) sum += part;
  return 0.5 * sum / units::acceleration;
}

/// v ← e^(−γΔt) v + √((1 − e^(−2γΔt)) k_B T/m) ξ: the exact solution of friction and noise alone.
void MolecularDynamics::exchange_heat_langevin() {
  const double before = kinetic_energy(state_.masses, state_.velocities);
  const double keep = std::exp(-options_.friction * options_.time_step);
  const double noise = (1.0 - keep * keep) * units::boltzmann * options_.temperature * units::acceleration;
  for (std::size_t i = 0; i < state_.atoms.size(); ++i) {
    if (half_kick_[i] == 0.0) continue;
    const double width = std::sqrt(noise / state_.masses[i]);
    for (double& v : state_.velocities[i]) v = keep * v + width * state_.random.normal();
  }
  state_.heat += kinetic_energy(state_.masses, state_.velocities) - before;
}

void MolecularDynamics::rescale() {
  if (!(kinetic_ > 0.0) || !(state_.degrees_of_freedom > 0.0)) return;
  const double target = 0.5 * state_.degrees_of_freedom * units::boltzmann * options_.temperature;
  const double factor = rescaling_factor(kinetic_, target, state_.degrees_of_freedom,
                                         std::exp(-options_.time_step / options_.relaxation_time), state_.random);
  for (Vector3& v : state_.velocities) v = factor * v;
  state_.heat += (factor * factor - 1.0) * kinetic_;
  kinetic_ *= factor * factor;
}

void MolecularDynamics::check_energy() const {
  const double rise = prediction_.energy + kinetic_ - state_.heat - start_energy_;
  if (rise <= largest_rise_) return;
  const std::string how_much = std::isfinite(rise) ? "by " + short_number_text(rise) + " eV" : "beyond all bounds";
  throw NumericalError("energy rose " + how_much + " at step " + std::to_string(state_.step) +
                       ": reduce the time step");
}

Thermodynamics MolecularDynamics::thermodynamics() const {
  Thermodynamics t;
  t.step = state_.step;
  t.time = state_.time;
  t.potential = prediction_.energy;
  t.kinetic = kinetic_;
  t.total = t.potential + t.kinetic;
  t.temperature = temperature_of(t.kinetic, state_.degrees_of_freedom);
  t.conserved = t.total - state_.heat;
  return t;
}

DynamicsState MolecularDynamics::state() const {
  DynamicsState copy = state_;
  copy.memory = evaluator_->memory();
  return copy;
}

double pressure(const Atoms& atoms, const Potential& potential, double kinetic_energy) {
  const Prediction p = potential.compute(atoms, {.forces = true, .stress = true});
  const std::array<double, 6>& s = p.stress.value();
  return -(s[0] + s[1] + s[2]) / 3.0 + 2.0 * kinetic_energy / (3.0 * volume(atoms.cell));
}

}  // namespace adatom
