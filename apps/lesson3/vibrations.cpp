// Vibrations: two dimers beside the formula, and the modes of an icosahedron of argon.
#include "dynamics/vibrations.hpp"

#include <cmath>

#include "apps/lesson3/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "dynamics/units.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/morse.hpp"

namespace adatom::apps::lesson3 {
namespace {

constexpr double epsilon = 0.01032, sigma = 3.405;  // argon: eV, Å
// Nitrogen: depth, steepness and minimum of Morse's curve from D_e, ω_e and r_e of K. P. Huber and G. Herzberg,
// Constants of Diatomic Molecules (1979).
constexpr double depth = 9.905, steepness = 2.690, bond = 1.0977;  // eV, 1/Å, Å

/// √(k/μ) in 1/cm, for k in eV/Å² and two equal masses in amu.
double dimer_wavenumber(double k, double mass) { return units::wavenumber * std::sqrt(k / (0.5 * mass)); }

void dimers(Section& section) {
  const LennardJones argon({.epsilon = epsilon, .sigma = sigma});
  const Morse nitrogen({.epsilon = depth, .rho0 = steepness * bond, .r0 = bond});
  struct Dimer {
    std::string name;
    Atoms atoms;
    const Potential& potential;
    double force_constant;  // by pencil and paper, eV/Å²
  };
  const double r0 = std::pow(2.0, 1.0 / 6.0) * sigma;
  const std::vector<Dimer> all{{"Ar₂, Lennard-Jones",
                                {.numbers = {18, 18}, .positions = {{0, 0, 0}, {0, 0, r0}}},
                                argon,
                                72.0 * epsilon / (r0 * r0)},
                               {"N₂, Morse",
                                {.numbers = {7, 7}, .positions = {{0, 0, 0}, {0, 0, bond}}},
                                nitrogen,
                                2.0 * depth * steepness * steepness}};
  Table table({"", "u″(r₀)\neV/Å²", "√(u″/μ)\n1/cm", "autodiff\n1/cm", "differences\n1/cm",
               "largest of the\nother five, 1/cm", "zero-point energy\nmeV"},
              {0});
  for (const Dimer& d : all) {
    const Vibrations exact = vibrations(d.atoms, d.potential);
    const Vibrations numeric = vibrations(d.atoms, d.potential, {.hessian = HessianMethod::differences});
    double rest = 0.0;
    for (std::size_t k = 0; k + 1 < exact.wavenumbers.size(); ++k)
      rest = std::max(rest, std::abs(exact.wavenumbers[k]));
    table.add({d.name, fixed(d.force_constant, 5), fixed(dimer_wavenumber(d.force_constant, masses(d.atoms)[0]), 5),
               fixed(exact.wavenumbers.back(), 5), fixed(numeric.wavenumbers.back(), 5), general(rest, 1),
               fixed(1e3 * zero_point_energy(exact), 3)});
  }
  section.show(table);
  section.say(
      "Of six modes, three are translations and two rotations: they cost nothing, so their wavenumbers vanish to "
      "rounding. Measured for N₂: 2358.6 1/cm (Morse's parameters were chosen so); for the weak bond of Ar₂ 30.9, of "
      "which 25.7 are left for the first quantum, so anharmonic is it: the harmonic answer is a beginning.");
}

/// Equal wavenumbers, counted: "62.03 ×3".
std::vector<std::pair<double, std::size_t>> levels(const Vibrations& v) {
  std::vector<std::pair<double, std::size_t>> result;
  for (const double w : v.wavenumbers) {
    if (w < least_wavenumber) continue;
    if (!result.empty() && std::abs(w - result.back().first) < 1e-3)
      ++result.back().second;
    else
      result.emplace_back(w, 1);
  }
  return result;
}

/// Part of a mode that is breathing: all atoms in or out at once.
double breathing(const Atoms& atoms, const Vibrations& v, std::size_t mode) {
  const std::vector<double> m = masses(atoms);
  const Vector3 centre = center_of_mass(atoms);
  double overlap = 0.0, norm2 = 0.0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const Vector3 r = atoms.positions[i] - centre;
    overlap += m[i] * dot(v.modes[mode][i], r);
    norm2 += m[i] * dot(r, r);
  }
  return std::abs(overlap) / std::sqrt(norm2);
}

void cluster(Section& section) {
  const LennardJones argon({.epsilon = epsilon, .sigma = sigma});
  const RelaxResult relaxed = relax(icosahedron("Ar", 2, {.a = 5.4}), argon, {.fmax = 1e-9});
  const Vibrations v = vibrations(relaxed.atoms, argon);
  const Vibrations numeric = vibrations(relaxed.atoms, argon, {.hessian = HessianMethod::differences});
  double worst = 0.0;
  for (std::size_t k = 6; k < v.wavenumbers.size(); ++k)
    worst = std::max(worst, std::abs(v.wavenumbers[k] - numeric.wavenumbers[k]));
  std::size_t breath = 6;
  for (std::size_t k = 6; k < v.wavenumbers.size(); ++k) {
    if (breathing(relaxed.atoms, v, k) > breathing(relaxed.atoms, v, breath)) breath = k;
  }
  Table table({"wavenumber\n1/cm", "modes", "quantum\nmeV"});
  for (const auto& [w, count] : levels(v))
    table.add({fixed(w, 3), std::to_string(count), fixed(1e3 * units::quantum * w, 3)});
  section.say(
      "The icosahedron Ar₁₃ has 39 modes, 33 of them vibrations. Its symmetry makes many equal: of the icosahedral "
      "group, sets of 1, 3, 4 and 5 are possible.");
  section.show(table);
  section.say("Autodiff and differences of forces differ by at most " + general(worst, 1) +
              " 1/cm. Breathing, all atoms in and "
              "out at once, is the mode at " +
              fixed(v.wavenumbers[breath], 2) + " 1/cm. The zero-point energy is " +
              fixed(1e3 * zero_point_energy(v), 2) + " meV beside a binding energy of " +
              fixed(-1e3 * relaxed.energy, 2) +
              " meV: atoms never rest, light ones least. At 30 K the vibrations' free energy is " +
              fixed(1e3 * harmonic_free_energy(v, 30.0), 2) + " meV.");
  write_extxyz(section.folder / "breathing.extxyz", animation(relaxed.atoms, v, breath));
  write_extxyz(section.folder / "softest.extxyz", animation(relaxed.atoms, v, 6));
  section.point_to("breathing.extxyz",
                   "One period of the breathing mode as frames; softest.extxyz is the lowest mode. Watch them in a "
                   "viewer of structures.");

  Curve exact{"autodiff", {}, {}, Style::points}, differences{"differences of forces", {}, {}, Style::lines};
  for (std::size_t k = 0; k < v.wavenumbers.size(); ++k) {
    exact.x.push_back(static_cast<double>(k + 1)), exact.y.push_back(v.wavenumbers[k]);
    differences.x.push_back(static_cast<double>(k + 1)), differences.y.push_back(numeric.wavenumbers[k]);
  }
  Curve u{"Lennard-Jones", linspace(3.4, 5.6, 200), {}},
      parabola{"harmonic: ½u″(r − r₀)²", linspace(3.4, 4.3, 100), {}, Style::dashes};
  const double r0 = std::pow(2.0, 1.0 / 6.0) * sigma;
  u.y = tabulate(u.x, [](double r) {
    const double s6 = std::pow(sigma / r, 6.0);
    return 4e3 * epsilon * (s6 * s6 - s6);
  });
  parabola.y =
      tabulate(parabola.x, [r0](double r) { return 1e3 * epsilon * (36.0 * (r - r0) * (r - r0) / (r0 * r0) - 1.0); });
  const double level = 1e3 * (0.5 * units::quantum * dimer_wavenumber(72.0 * epsilon / (r0 * r0), 39.95) - epsilon);
  const Panel left{.title = "Ar_2: the curve and its parabola",
                   .x_label = "distance (Å)",
                   .y_label = "energy (meV)",
                   .curves = {u, parabola, {"zero-point level", {3.4, 4.3}, {level, level}, Style::dashes}},
                   .settings = "set yrange [-11:5]\nset key top right"};
  const Panel right{.title = "Modes of Ar_{13}",
                    .x_label = "mode",
                    .y_label = "wavenumber (1/cm)",
                    .curves = {exact, differences},
                    .settings = "set key top left\nset xrange [0:40]\nset yrange [-2:70]"};
  section.plot("vibrations", {left, right},
               "Left: the harmonic picture holds near the bottom; the true well is softer outside. Right: six modes at "
               "zero, then "
               "steps of equal wavenumbers.");
}

}  // namespace

void vibration(Section& section) {
  section.say(
      "Near a minimum every landscape is a bowl, and atoms swing in it: the eigenvalues ω² of the mass-weighted matrix "
      "of "
      "second derivatives are the squares of the frequencies. For a dimer pencil and paper give ω = √(u″(r₀)/μ) with "
      "the "
      "reduced mass μ = m/2; u″(r₀) is 72ε/r₀² for Lennard-Jones and 2Da² for Morse's D[(1 − e^(−a(r−r₀)))² − 1].");
  dimers(section);
  cluster(section);
}

}  // namespace adatom::apps::lesson3
