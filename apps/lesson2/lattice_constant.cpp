// The lattice constant and bulk modulus of silver from energies at different volumes, with effective-medium theory.
#include <algorithm>
#include <cmath>

#include "apps/lesson2/sections.hpp"
#include "atoms/builders/bulk.hpp"
#include "atoms/units.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/decompositions.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "optim/equation_of_state.hpp"
#include "potentials/emt.hpp"

namespace adatom::apps::lesson2 {
namespace {

/// Birch–Murnaghan's equation of state of third order is a cubic polynomial of V^(−2/3); in u = (V/V_ref)^(−2/3) its
/// four coefficients are found by linear least squares. F. Birch, Phys. Rev. 71, 809 (1947).
struct BirchMurnaghan {
  double reference = 0.0;  // V_ref, Å³
  std::vector<double> coefficients{};

  Tensor energy(const Tensor& v) const {
    const Tensor u = pow(v / reference, -2.0 / 3.0);
    return coefficients[0] + u * (coefficients[1] + u * (coefficients[2] + u * coefficients[3]));
  }
};

BirchMurnaghan fitted(const std::vector<double>& volumes, const std::vector<double>& energies) {
  const double reference = volumes[volumes.size() / 2];
  std::vector<double> rows;
  for (const double v : volumes) {
    const double w = std::pow(v / reference, -2.0 / 3.0) - 1.0;  // small, so that the powers stay well apart
    rows.insert(rows.end(), {1.0, w, w * w, w * w * w});
  }
  const Tensor a = Tensor::constant({volumes.size(), 4}, rows), b = Tensor::constant({volumes.size(), 1}, energies);
  const Tensor l = cholesky(matmul(transpose(a), a));
  const Tensor x = triangular_solve(l, triangular_solve(l, matmul(transpose(a), b)), true);
  const auto c = x.values();  // of powers of u − 1; expanded:
  return {reference, {c[0] - c[1] + c[2] - c[3], c[1] - 2.0 * c[2] + 3.0 * c[3], c[2] - 3.0 * c[3], c[3]}};
}

struct Equilibrium {
  double volume, energy, bulk_modulus;  // of the fitted curve: Å³, eV, eV/Å³
};

/// Where dE/dV = 0, by Newton with derivatives from autodiff; B = V d²E/dV².
Equilibrium equilibrium(const BirchMurnaghan& eos) {
  double v = eos.reference;
  for (int step = 0; step < 50; ++step) {
    const Tensor at = Tensor::variable({}, {v});
    const Tensor e = eos.energy(at), slope = grad(e, {at})[0];
    const double curvature = grad(slope, {at})[0].item(), change = -slope.item() / curvature;
    v += change;
    if (std::abs(change) < 1e-12 * v) return {v, e.item(), v * curvature};
  }
  return {v, eos.energy(v).item(), 0.0};
}

// Measured at room temperature: C. Kittel, Introduction to Solid State Physics, chapters 1 and 3.
constexpr double measured_length = 4.086, measured_modulus = 100.7;  // Å, GPa

/// The cube's edge, Å, of fcc with this volume per atom, Å³.
double cube_edge(double volume) { return std::cbrt(4.0 * volume); }

/// Energies (eV) of the primitive cell at different volumes (Å³).
struct Samples {
  std::vector<double> volumes, energies;
};

Samples sample(const Potential& potential, int points) {
  Samples s;
  for (const double a : linspace(3.94, 4.18, static_cast<std::size_t>(points))) {
    const Atoms crystal = bulk("Ag", {.crystal = Crystal::fcc, .a = a});
    s.volumes.push_back(volume(crystal.cell));
    s.energies.push_back(potential.compute(crystal).energy);
  }
  return s;
}

/// Ours, the library's and what is measured.
Table comparison(const Equilibrium& ours, const EquationOfStateFit& library) {
  Table table({"", "EMT", "by the library's\nequation_of_state", "measured", "difference"}, {0});
  const auto add = [&table](const std::string& name, double our, double theirs, double measured, int digits) {
    table.add({name, fixed(our, digits), fixed(theirs, digits), fixed(measured, std::min(digits, 3)),
               fixed(100.0 * (our / measured - 1.0), 2) + " %"});
  };
  const double a = cube_edge(ours.volume), a_library = cube_edge(library.volume);
  add("lattice constant (Å)", a, a_library, measured_length, 4);
  add("nearest neighbours (Å)", a / std::sqrt(2.0), a_library / std::sqrt(2.0), measured_length / std::sqrt(2.0), 4);
  add("bulk modulus (GPa)", units::in_gigapascal(ours.bulk_modulus), units::in_gigapascal(library.bulk_modulus),
      measured_modulus, 1);
  return table;
}

Panel curve_panel(const Samples& s, const BirchMurnaghan& eos, const Equilibrium& best) {
  const auto millielectronvolts = [](double e) { return 1e3 * e; };
  const std::vector<double> energies = tabulate(s.energies, millielectronvolts),
                            volumes = linspace(s.volumes.front(), s.volumes.back(), 200),
                            upright{energies.front(), 1e3 * best.energy};
  const double measured = std::pow(measured_length, 3) / 4.0;
  return {.title = "Silver: energy against volume",
          .x_label = "volume per atom (Å³)",
          .y_label = "energy per atom (meV)",
          .curves = {{"Birch–Murnaghan", volumes,
                      tabulate(volumes, [&eos](double v) { return 1e3 * eos.energy(v).item(); })},
                     {"EMT", s.volumes, energies, Style::points},
                     {"lowest, a = " + fixed(cube_edge(best.volume), 3) + " Å",
                      {best.volume, best.volume},
                      upright,
                      Style::dashes},
                     {"measured at room temperature, a = " + fixed(measured_length, 3) + " Å",
                      {measured, measured},
                      upright,
                      Style::dashes}},
          .settings = "set yrange [-5:55]"};
}

}  // namespace

void lattice_constant(Section& section) {
  const Emt emt;
  section.say(
      "The primitive cell of fcc silver is computed with EMT (effective-medium theory: a potential for metals in which "
      "each atom feels the electrons of its neighbours) at different volumes. Where is the energy lowest? "
      "Birch–Murnaghan's equation of state, a smooth curve with four constants, is laid through the points; it gives "
      "volume, energy and bulk modulus B = V d²E/dV², the derivatives by autodiff. The fit stands in this file, "
      "fifteen lines of linear least squares; the library's own is beside it.");
  const Samples samples = sample(emt, section.quick ? 9 : 25);
  const BirchMurnaghan eos = fitted(samples.volumes, samples.energies);
  const Equilibrium best = equilibrium(eos);
  section.show(comparison(best, fit_equation_of_state(samples.volumes, samples.energies)));
  const double a = cube_edge(best.volume);
  const Prediction check =
      emt.compute(bulk("Ag", {.crystal = Crystal::fcc, .a = a}), {.forces = false, .stress = true});
  section.say("EMT knows no temperature: cooled from room temperature to 0 K silver shrinks by 0.4 %, to " +
              fixed(measured_length * (1.0 - 0.0041), 2) +
              " Å, so that most of the difference is not EMT's fault. A check that needs no fit: at this lattice "
              "constant the stress, computed directly, is " +
              general(units::in_gigapascal(check.stress->front()), 2) + " GPa, close to zero.");
  section.plot("lattice_constant", {curve_panel(samples, eos, best)},
               "Compressing costs more than stretching: the curve is no parabola. Zero is EMT's energy of an atom in "
               "its perfect crystal.",
               {.width = 900, .height = 620});
  section.conclude("In EMT the cube's edge is " + fixed(a, 3) + " Å, " + fixed(100.0 * (a / measured_length - 1.0), 1) +
                   " % from what is measured, and the bulk modulus " +
                   fixed(units::in_gigapascal(best.bulk_modulus), 0) + " GPa (measured: " + fixed(measured_modulus, 0) +
                   "): 1 GPa, ten thousand atmospheres, changes the volume by " +
                   fixed(100.0 / units::in_gigapascal(best.bulk_modulus), 1) + " %.");
}

}  // namespace adatom::apps::lesson2
