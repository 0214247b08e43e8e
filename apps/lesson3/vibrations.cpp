// Vibrations: two dimers beside the formula, and the modes of an icosahedron of argon.
#include "dynamics/vibrations.hpp"

#include <cmath>

#include "apps/lesson3/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/units.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/morse.hpp"

namespace adatom::apps::lesson3 {
namespace {

constexpr double epsilon = 0.01032, sigma = 3.405;  // argon: eV, Å
// Nitrogen: depth, steepness and minimum of Morse's curve from D_e, ω_e and r_e of K. P. Huber and G. Herzberg,
// Constants of Diatomic Molecules (1979).
constexpr double depth = 9.905, steepness = 2.690, bond = 1.0977;  // eV, 1/Å, Å

// Measured for Ar₂, in the text: K. P. Huber and G. Herzberg (1979); P. R. Herman, P. E. LaRocque and B. P. Stoicheff,
// J. Chem. Phys. 89, 4535 (1988).

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
  Table table({"", "u″(r₀)\neV/Å²", "√(u″/μ)\n1/cm", "autodiff\n1/cm", "differences\n1/cm", "the other\nfive, 1/cm",
               "zero-point\nenergy, meV"},
              {0});
  for (const Dimer& d : all) {
    const Vibrations exact = vibrations(d.atoms, d.potential);
    const Vibrations numeric = vibrations(d.atoms, d.potential, {.hessian = HessianMethod::differences});
    double rest = 0.0;
    for (std::size_t k = 0; k + 1 < exact.wavenumbers.size(); ++k)
      rest = std::max(rest, std::abs(exact.wavenumbers[k]));
    table.add({d.name, fixed(d.force_constant, 4), fixed(dimer_wavenumber(d.force_constant, masses(d.atoms)[0]), 4),
               fixed(exact.wavenumbers.back(), 4), fixed(numeric.wavenumbers.back(), 4), general(rest, 1),
               fixed(1e3 * zero_point_energy(exact), 3)});
  }
  section.show(table);
  section.say(
      "Of six modes, three are translations and two rotations: they cost nothing, so their wavenumbers vanish to "
      "rounding. Measured for N₂: 2358.6 1/cm (Morse's parameters were chosen so). For the weak bond of Ar₂ the first "
      "quantum is 25.7 1/cm, though the bottom of its true well is steeper than this one's, some 31 1/cm: in so weak a "
      "bond even the first quantum feels that the well is no parabola. The harmonic answer is a beginning.");
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

/// The icosahedron at rest and its vibrations, in two ways.
struct Icosahedron {
  RelaxResult relaxed;
  Vibrations exact, numeric;
  std::size_t breath = 0;     // the breathing mode
  double disagreement = 0.0;  // largest, of wavenumbers, 1/cm
};

Icosahedron icosahedron_of_argon() {
  const LennardJones argon({.epsilon = epsilon, .sigma = sigma});
  Icosahedron c;
  c.relaxed = relax(icosahedron("Ar", 2, {.a = 5.4}), argon, {.fmax = 1e-9});
  c.exact = vibrations(c.relaxed.atoms, argon);
  c.numeric = vibrations(c.relaxed.atoms, argon, {.hessian = HessianMethod::differences});
  for (std::size_t k = 6; k < c.exact.wavenumbers.size(); ++k) {
    c.disagreement = std::max(c.disagreement, std::abs(c.exact.wavenumbers[k] - c.numeric.wavenumbers[k]));
    if (c.breath == 0 || breathing(c.relaxed.atoms, c.exact, k) > breathing(c.relaxed.atoms, c.exact, c.breath))
      c.breath = k;
  }
  return c;
}

void describe(const Section& section, const Icosahedron& c) {
  Table table({"wavenumber\n1/cm", "modes", "quantum\nmeV"});
  for (const auto& [w, count] : levels(c.exact))
    table.add({fixed(w, 3), std::to_string(count), fixed(1e3 * units::quantum * w, 3)});
  section.say(
      "The icosahedron Ar₁₃ has 39 modes, 33 of them vibrations. Its symmetry makes many equal: of the icosahedral "
      "group, sets of 1, 3, 4 and 5 are possible.");
  section.show(table);
  section.say("Autodiff and differences of forces differ by at most " + general(c.disagreement, 1) +
              " 1/cm. Breathing, all atoms in and out at once, is the mode at " +
              fixed(c.exact.wavenumbers[c.breath], 2) + " 1/cm. The zero-point energy is " +
              fixed(1e3 * zero_point_energy(c.exact), 2) + " meV beside a binding energy of " +
              fixed(-1e3 * c.relaxed.energy, 2) +
              " meV: atoms never rest, light ones least. At 30 K the vibrations' free energy is " +
              fixed(1e3 * harmonic_free_energy(c.exact, 30.0), 2) + " meV.");
  write_extxyz(section.folder / "breathing.extxyz", animation(c.relaxed.atoms, c.exact, c.breath));
  write_extxyz(section.folder / "softest.extxyz", animation(c.relaxed.atoms, c.exact, 6));
  section.point_to("breathing.extxyz",
                   "One period of the breathing mode as frames; softest.extxyz is the lowest mode. Watch them with: "
                   "adatom view breathing.extxyz");
}

/// The pair energy of argon, its parabola at the bottom and the level of the zero-point energy.
Panel pair_panel() {
  const double r0 = std::pow(2.0, 1.0 / 6.0) * sigma, curvature = 72.0 * epsilon / (r0 * r0);
  Curve u{"Lennard-Jones", linspace(3.4, 5.6, 200), {}},
      parabola{"−ε + ½u″(r − r_0)²", linspace(3.4, 4.3, 100), {}, Style::dashes};
  u.y = tabulate(u.x, [](double r) {
    const double s6 = std::pow(sigma / r, 6.0);
    return 4e3 * epsilon * (s6 * s6 - s6);
  });
  parabola.y = tabulate(parabola.x, [&](double r) { return 1e3 * (0.5 * curvature * (r - r0) * (r - r0) - epsilon); });
  const double argon_mass = masses({.numbers = {18}, .positions = {{0, 0, 0}}})[0];
  const double level = 1e3 * (0.5 * units::quantum * dimer_wavenumber(curvature, argon_mass) - epsilon);
  return {.title = "Ar_2: the curve and its parabola",
          .x_label = "distance (Å)",
          .y_label = "energy (meV)",
          .curves = {u, parabola, {"zero-point level", {3.4, 4.3}, {level, level}, Style::dashes}},
          .settings = "set yrange [-11:1]"};
}

Panel modes_panel(const Icosahedron& c) {
  const std::vector<double> number =
      linspace(1.0, static_cast<double>(c.exact.wavenumbers.size()), c.exact.wavenumbers.size());
  return {.title = "Modes of Ar_{13}",
          .x_label = "mode",
          .y_label = "wavenumber (1/cm)",
          .curves = {{"autodiff", number, c.exact.wavenumbers, Style::points},
                     {"differences of forces", number, c.numeric.wavenumbers, Style::rings}},
          .settings = "set xrange [0:40]\nset yrange [-2:65]"};
}

}  // namespace

void vibration(Section& section) {
  section.say(
      "Near a minimum every landscape is a bowl, and atoms swing in it: the eigenvalues ω² of the mass-weighted matrix "
      "of second derivatives are the squares of the frequencies. For a dimer pencil and paper give ω = √(u″(r₀)/μ) "
      "with the reduced mass μ = m/2; u″(r₀) is 72ε/r₀² for Lennard-Jones and 2Da² for Morse's D[(1 − e^(−a(r−r₀)))² − "
      "1].");
  dimers(section);
  const Icosahedron argon = icosahedron_of_argon();
  describe(section, argon);
  section.plot("vibrations", {pair_panel(), modes_panel(argon)},
               "Left: the harmonic picture holds near the bottom; the true well is softer outside. Right: six modes at "
               "zero, then steps of equal wavenumbers.");
  constexpr double picoseconds = 33.35641;  // the period of 1 1/cm: 1/(100 c)
  const std::vector<double>& w = argon.exact.wavenumbers;
  section.conclude(
      "The stiffer the bond and the lighter the atoms, the faster. The second derivatives of the energy tell it: in "
      "the cluster of argon from " +
      fixed(w[6], 1) + " to " + fixed(w.back(), 1) + " 1/cm, periods from " + fixed(picoseconds / w.back(), 2) +
      " to " + fixed(picoseconds / w[6], 2) + " ps.");
}

}  // namespace adatom::apps::lesson3
