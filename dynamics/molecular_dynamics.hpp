// What this file is: molecular dynamics: Newton's equations step by step, alone (velocity Verlet) or with a thermostat.
//
//   Random random(1);
//   MolecularDynamics run(initial_state(atoms, 300.0, random), potential, {.time_step = 2.0});
//   for (int i = 0; i < 100; ++i) {
//     run.run(10);
//     std::cout << run.thermodynamics().time << ' ' << run.thermodynamics().temperature << '\n';
//   }
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"
#include "core/random.hpp"
#include "potentials/potential.hpp"

namespace adatom {

enum class Thermostat {
  none,      ///< constant energy: velocity Verlet. L. Verlet, Phys. Rev. 159, 98 (1967); W. C. Swope et al., J.
             ///< Chem. Phys. 76, 637 (1982)
  langevin,  ///< friction and random kicks on each atom, in the splitting BAOAB. B. Leimkuhler and
             ///< C. Matthews, Appl. Math. Res. Express 2013, 34 (2013)
  velocity_rescaling,  ///< all velocities scaled by one random factor: disturbs the motion least, conserves momentum.
                       ///< G. Bussi, D. Donadio and M. Parrinello, J. Chem. Phys. 126, 014101 (2007)
};

/// "none", "langevin", "rescaling", and back. Throws InputError naming the choices for anything else.
std::string_view name(Thermostat thermostat);
Thermostat thermostat(std::string_view name);

struct DynamicsOptions {
  double time_step = 1.0;  ///< fs; about a fifteenth of the shortest period of vibration
  Thermostat thermostat = Thermostat::none;
  double temperature = 300.0;        ///< of the thermostat, K
  double friction = 0.01;            ///< γ of Langevin's equation, 1/fs
  double relaxation_time = 100.0;    ///< τ of velocity rescaling, fs
  std::vector<std::size_t> fixed{};  ///< atoms that stay where they are
  Reuse reuse{};                     ///< of neighbour lists, where the potential has some
};

/// All that changes in a run. Copied (or saved: dynamics/checkpoint.hpp) and given to another MolecularDynamics of the
/// same options, the run continues bit for bit. With other options it goes on from there; after a change of the
/// thermostat let the degrees of freedom be counted again.
struct DynamicsState {
  Atoms atoms;                      ///< positions are never wrapped: they show how far atoms have come
  std::vector<double> masses;       ///< amu, N
  std::vector<Vector3> velocities;  ///< Å/fs, N
  std::size_t step = 0;
  double time = 0.0;                ///< fs
  double heat = 0.0;                ///< what the thermostat has given so far, eV
  double degrees_of_freedom = 0.0;  ///< 0: counted when the run starts
  Random random{1};                 ///< of the thermostat
  Evaluator::Memory memory{};
};

/// A state at step 0 with standard atomic masses and velocities of the Maxwell–Boltzmann distribution (without
/// momentum, and for free clusters without rotation). `random` gives the velocities and then moves into the state.
DynamicsState initial_state(const Atoms& atoms, double temperature, const Random& random,
                            const std::vector<std::size_t>& fixed = {});

struct Thermodynamics {
  std::size_t step = 0;
  double time = 0.0;         ///< fs
  double potential = 0.0;    ///< eV
  double kinetic = 0.0;      ///< eV
  double total = 0.0;        ///< eV
  double temperature = 0.0;  ///< K, of the degrees of freedom that there are
  double conserved = 0.0;    ///< total − heat of the thermostat, eV: constant but for the error of the time step
};

class MolecularDynamics {
 public:
  /// Takes the state and computes its forces. Throws InputError for a time step that is not positive or above 100 fs, a
  /// negative temperature or friction, a relaxation time that is not positive, masses that are not positive, arrays of
  /// different length, velocities that are not finite, fixed atoms that do not exist, and a structure that the
  /// potential cannot compute. Velocities of fixed atoms become 0. `potential` must outlive the run.
  MolecularDynamics(DynamicsState start, const Potential& potential, const DynamicsOptions& options);
  MolecularDynamics(DynamicsState, const Potential&&, const DynamicsOptions&) = delete;  // it would be gone

  /// So many steps. Throws NumericalError "energy rose by 1e+06 eV at step 12: reduce the time step" when the conserved
  /// energy has risen by more than 10 eV an atom beyond the kinetic energy of the start, two atoms met, or the
  /// potential could not compute the structure for another reason, which is told.
  void run(std::size_t steps);

  const Atoms& atoms() const { return state_.atoms; }
  const std::vector<double>& masses() const { return state_.masses; }  ///< amu
  const std::vector<Vector3>& velocities() const { return state_.velocities; }
  const std::vector<Vector3>& forces() const { return prediction_.forces; }  ///< eV/Å
  Thermodynamics thermodynamics() const;
  /// A copy, from which the run can be continued.
  DynamicsState state() const;

 private:
  void compute();
  void kick_and_drift(double duration);  ///< half a kick, then on for `duration` fs
  double kick();                         ///< half a kick; returns the kinetic energy after it
  void drift(double duration);
  void exchange_heat_langevin();
  void rescale();
  void check_energy() const;

  DynamicsState state_;
  DynamicsOptions options_;
  std::unique_ptr<Evaluator> evaluator_;
  Prediction prediction_;
  std::vector<double> half_kick_;  ///< Δt/2m in (Å/fs) per eV/Å; 0 for fixed atoms
  double earlier_ = 0.0;           ///< fs: what the time is beyond steps · time_step, after steps of another length
  double kinetic_ = 0.0;
  double start_energy_ = 0.0, largest_rise_ = 0.0;  ///< of the conserved energy, eV
};

/// The pressure −tr σ/3 + 2K/3V in eV/Å³ (units::in_gigapascal gives GPa), of the kinetic energy K in eV. Throws
/// InputError for a structure without a volume.
double pressure(const Atoms& atoms, const Potential& potential, double kinetic_energy);

}  // namespace adatom
