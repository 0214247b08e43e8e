// Molecular dynamics: Newton's equations in steps, and what the length of the step does to the energy.
#include <algorithm>
#include <cmath>

#include "apps/lesson3/sections.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/units.hpp"
#include "dynamics/molecular_dynamics.hpp"
#include "dynamics/velocities.hpp"
#include "dynamics/vibrations.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"

namespace adatom::apps::lesson3 {
namespace {

constexpr double epsilon = 0.01032, sigma = 3.405;  // argon: eV, Å

/// Time (ps) and total energy less that of the start (meV).
struct Run {
  std::vector<double> time, drift;
  double momentum = 0.0;  // of the whole at the end, amu Å/fs
};

Run verlet(const DynamicsState& start, const Potential& potential, double time_step, double duration) {
  Run result;
  MolecularDynamics md(start, potential, {.time_step = time_step});
  const double energy = md.thermodynamics().total;
  for (std::size_t k = 0; k <= static_cast<std::size_t>(std::lround(duration / time_step)); ++k) {
    if (k > 0) md.run(1);
    result.time.push_back(1e-3 * md.thermodynamics().time);
    result.drift.push_back(1e3 * (md.thermodynamics().total - energy));
  }
  result.momentum = norm(total_momentum(start.masses, md.velocities()));
  return result;
}

/// The obvious way, and a bad one: positions and velocities both move on with what they were at the start of the step.
Run euler(const DynamicsState& start, const Potential& potential, double time_step, double duration) {
  Run result;
  DynamicsState s = start;
  double energy = 0.0;
  for (std::size_t k = 0; k <= static_cast<std::size_t>(std::lround(duration / time_step)); ++k) {
    const Prediction p = potential.compute(s.atoms);
    const double total = p.energy + kinetic_energy(s.masses, s.velocities);
    if (k == 0) energy = total;
    result.time.push_back(1e-3 * time_step * static_cast<double>(k));
    result.drift.push_back(1e3 * (total - energy));
    for (std::size_t i = 0; i < s.atoms.size(); ++i) {
      s.atoms.positions[i] += time_step * s.velocities[i];
      s.velocities[i] += time_step * units::acceleration / s.masses[i] * p.forces[i];
    }
  }
  return result;
}

double root_mean_square(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// The slope of log y against log x by least squares.
double logarithmic_slope(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = std::log(x[i]), b = std::log(y[i]);
    sx += a, sy += b, sxx += a * a, sxy += a * b;
  }
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

/// One run of velocity Verlet for each time step.
struct Study {
  std::vector<double> steps, errors, largest;  // fs; root mean square and largest |E − E(0)|, meV
  std::vector<Run> runs;
};

Study study(const DynamicsState& start, const Potential& potential, double duration, bool quick) {
  Study s;
  for (const double time_step : {1.0, 2.0, 5.0, 10.0, 20.0, 40.0}) {
    if (quick && time_step < 5.0) continue;
    s.runs.push_back(verlet(start, potential, time_step, duration));
    const auto [least, most] = std::minmax_element(s.runs.back().drift.begin(), s.runs.back().drift.end());
    s.steps.push_back(time_step);
    s.errors.push_back(root_mean_square(s.runs.back().drift));
    s.largest.push_back(std::max(-*least, *most));
  }
  return s;
}

Table table_of(const Study& s) {
  Table table({"time step\nfs", "steps", "root mean square\nof E − E(0), meV", "largest\nmeV",
               "per (time step)²\nmeV/fs²", "momentum at the end\namu Å/fs"});
  for (std::size_t k = 0; k < s.steps.size(); ++k) {
    table.add({fixed(s.steps[k], 0), std::to_string(s.runs[k].time.size() - 1), general(s.errors[k], 3),
               general(s.largest[k], 3), general(s.errors[k] / (s.steps[k] * s.steps[k]), 3),
               general(s.runs[k].momentum, 1)});
  }
  return table;
}

/// The first 8 ps of the runs with long steps, the one that swings most behind the others.
Panel energy_panel(const Study& s, const Run& by_euler, double euler_step) {
  Panel panel{.title = "Ar_{13} at 20 K: the total energy",
              .x_label = "time (ps)",
              .y_label = "E − E(0) (meV)",
              .curves = {},
              .settings = "set yrange [-0.1:1]"};
  for (std::size_t k = s.steps.size(); k-- > s.steps.size() - 3;) {
    Curve shown{"Verlet, " + fixed(s.steps[k], 0) + " fs", {}, {}};
    for (std::size_t i = 0; i < s.runs[k].time.size() && s.runs[k].time[i] <= 8.0; ++i)
      shown.x.push_back(s.runs[k].time[i]), shown.y.push_back(s.runs[k].drift[i]);
    panel.curves.push_back(shown);
  }
  panel.curves.push_back({"Euler, " + fixed(euler_step, 0) + " fs", by_euler.time, by_euler.drift, Style::dashes});
  return panel;
}

Panel order_panel(const Study& s) {
  const std::vector<double> line =
      tabulate(s.steps, [&s](double h) { return s.errors.back() * std::pow(h / s.steps.back(), 2.0); });
  return {.title = "Energy error against time step",
          .x_label = "time step (fs)",
          .y_label = "root mean square of E − E(0) (meV)",
          .curves = {{"velocity Verlet, slope " + fixed(logarithmic_slope(s.steps, s.errors), 2), s.steps, s.errors,
                      Style::points},
                     {"slope 2", s.steps, line, Style::dashes}},
          .log_x = true,
          .log_y = true,
          .settings = "set xrange [0.7:70]"};
}

/// Of the fastest vibration, fs.
double shortest_period(const Atoms& atoms, const Potential& potential) {
  constexpr double femtoseconds = 33356.41;  // the period of 1 1/cm: 1/(100 c)
  return femtoseconds / vibrations(atoms, potential).wavenumbers.back();
}

}  // namespace

void dynamics(Section& section) {
  const LennardJones argon({.epsilon = epsilon, .sigma = sigma});
  const RelaxResult relaxed = relax(icosahedron("Ar", 2, {.a = 5.4}), argon, {.fmax = 1e-6});
  const DynamicsState start = initial_state(relaxed.atoms, 20.0, section.random);
  const double duration = section.quick ? 4000.0 : 40000.0;
  section.say("An icosahedron of 13 argon atoms at rest is given velocities of 20 K and left alone for " +
              fixed(1e-3 * duration, 0) +
              " ps. Newton's equations keep the total energy; the computer makes steps, so it keeps it only nearly. "
              "Velocity Verlet kicks with half the force, moves, and kicks again with half of the new force: of second "
              "order, and the same backwards in time, so that errors do not add up.");
  section.quote("v += (dt/2) F/m;   x += dt v;   F = −grad E(x);   v += (dt/2) F/m;");
  const Study found = study(start, argon, duration, section.quick);
  section.show(table_of(found));
  constexpr double euler_step = 2.0;  // fs
  const Run by_euler = euler(start, argon, euler_step, std::min(duration, 8000.0));
  section.say(
      "A step twice as long makes the error four times as large: the slope in the doubly logarithmic figure is " +
      fixed(logarithmic_slope(found.steps, found.errors), 3) +
      ", order two. The momentum stays zero to rounding whatever the step, since forces come in pairs. Euler's method, "
      "x += dt v and v += dt F/m with the old values, gains " +
      fixed(by_euler.drift.back(), 1) + " meV within " + fixed(by_euler.time.back(), 0) + " ps even with steps of " +
      fixed(euler_step, 0) + " fs: heat from nowhere.");
  section.plot("dynamics", {energy_panel(found, by_euler, euler_step), order_panel(found)},
               "Left: Verlet's energy swings with the vibrations and stays; Euler's runs away. Right: a straight line "
               "of slope 2.");
  const double period = shortest_period(relaxed.atoms, argon);
  const std::size_t last = found.steps.size() - 1;
  section.conclude("The fastest vibration of this cluster takes " + fixed(period, 0) + " fs. With " +
                   fixed(period / found.steps[last - 1], 0) + " steps for it, " + fixed(found.steps[last - 1], 0) +
                   " fs each, the energy errs by " + fixed(found.errors[last - 1], 2) + " meV, with half as many by " +
                   fixed(found.errors[last], 2) + " meV, while the kinetic energy at the start, 20 K, is " +
                   fixed(1e3 * kinetic_energy(start.masses, start.velocities), 0) +
                   " meV. A fifteenth to a thirtieth of the shortest period is a good step.");
}

}  // namespace adatom::apps::lesson3
