// Molecular dynamics: Newton's equations in steps, and what the length of the step does to the energy.
#include <algorithm>
#include <cmath>

#include "apps/lesson3/sections.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "dynamics/molecular_dynamics.hpp"
#include "dynamics/units.hpp"
#include "dynamics/velocities.hpp"
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

}  // namespace

void dynamics(Section& section) {
  const LennardJones argon({.epsilon = epsilon, .sigma = sigma});
  const RelaxResult relaxed = relax(icosahedron("Ar", 2, {.a = 5.4}), argon, {.fmax = 1e-6});
  const DynamicsState start = initial_state(relaxed.atoms, 20.0, section.random);
  const double duration = section.quick ? 4000.0 : 40000.0;
  section.say(
      "An icosahedron of 13 argon atoms at rest is given velocities of 20 K and left alone for " +
      fixed(1e-3 * duration, 0) +
      " ps. Newton's equations keep the total energy; the computer makes steps, so it keeps it only nearly. Velocity "
      "Verlet kicks with half the force, moves, and kicks again with half of the new force: of second order, and the "
      "same backwards in time, so that errors do not add up.");
  section.quote("v += (dt/2) F/m;   x += dt v;   F = −grad E(x);   v += (dt/2) F/m;");

  Table table({"time step\nfs", "steps", "root mean square\nof E − E(0), meV", "largest\nmeV",
               "per (time step)²\nmeV/fs²", "momentum at the end\namu Å/fs"});
  std::vector<double> steps, errors;
  std::vector<Curve> curves;
  for (const double time_step : {1.0, 2.0, 5.0, 10.0, 20.0, 40.0}) {
    if (section.quick && time_step < 5.0) continue;
    const Run run = verlet(start, argon, time_step, duration);
    const double error = root_mean_square(run.drift);
    const auto [least, most] = std::minmax_element(run.drift.begin(), run.drift.end());
    steps.push_back(time_step), errors.push_back(error);
    table.add({fixed(time_step, 0), std::to_string(run.time.size() - 1), general(error, 3),
               general(std::max(-*least, *most), 3), general(error / (time_step * time_step), 3),
               general(run.momentum, 1)});
    if (time_step == 40.0 || time_step == 10.0 || time_step == 20.0) {
      Curve shown{"Verlet, " + fixed(time_step, 0) + " fs", {}, {}};
      for (std::size_t k = 0; k < run.time.size() && run.time[k] <= 8.0; ++k)
        shown.x.push_back(run.time[k]), shown.y.push_back(run.drift[k]);
      curves.push_back(shown);
    }
  }
  section.show(table);
  const double slope = logarithmic_slope(steps, errors);
  const Run by_euler = euler(start, argon, 2.0, std::min(duration, 8000.0));
  section.say(
      "A step twice as long makes the error four times as large: the slope in the doubly logarithmic figure is " +
      fixed(slope, 3) +
      ", order two. The momentum stays zero to rounding whatever the step, since forces come in pairs. Euler's "
      "method, x += dt v and v += dt F/m with the old values, gains " +
      fixed(by_euler.drift.back(), 1) + " meV within " + fixed(by_euler.time.back(), 0) +
      " ps even with steps of 2 fs: heat from nowhere.");
  const auto longest = std::max_element(curves.begin(), curves.end(), [](const Curve& a, const Curve& b) {
    return root_mean_square(a.y) < root_mean_square(b.y);
  });
  std::iter_swap(curves.begin(), longest);  // the one that swings most goes behind
  curves.push_back({"Euler, 2 fs", by_euler.time, by_euler.drift, Style::dashes});
  std::vector<double> line;
  for (const double h : steps) line.push_back(errors.back() * std::pow(h / steps.back(), 2.0));
  section.plot("dynamics",
               {{.title = "Ar_{13} at 20 K: the total energy",
                 .x_label = "time (ps)",
                 .y_label = "E − E(0) (meV)",
                 .curves = curves,
                 .settings = "set yrange [-0.1:1]\nset key top right"},
                {.title = "Energy error against time step",
                 .x_label = "time step (fs)",
                 .y_label = "root mean square of E − E(0) (meV)",
                 .curves = {{"velocity Verlet, slope " + fixed(slope, 2), steps, errors, Style::points},
                            {"slope 2", steps, line, Style::dashes}},
                 .log_x = true,
                 .log_y = true,
                 .settings = "set key top left"}},
               "Left: Verlet's energy swings with the vibrations and stays; Euler's runs away. Right: a straight line "
               "of slope 2. A good "
               "step is a fifteenth to a thirtieth of the shortest period, here about 0.7 ps.");
}

}  // namespace adatom::apps::lesson3
