// The lattice constant and bulk modulus of silver from energies at different volumes, with effective-medium theory.
#include <algorithm>
#include <cmath>

#include "apps/lesson2/sections.hpp"
#include "atoms/builders/bulk.hpp"
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

}  // namespace

void lattice_constant(Section& section) {
  const Emt emt;
  section.say(
      "Which lattice constant has the lowest energy? The primitive cell of fcc silver is computed with EMT "
      "(effective-medium theory) at different volumes; "
      "Birch–Murnaghan's equation of state through the points gives volume, energy and bulk modulus B = V d²E/dV², the "
      "derivatives by autodiff. The fit stands in this file, fifteen lines of linear least squares; the library's own "
      "is beside it.");
  std::vector<double> lengths, volumes, energies;
  const int points = section.quick ? 9 : 25;
  for (int i = 0; i < points; ++i) {
    lengths.push_back(4.06 * (0.97 + 0.06 * i / (points - 1)));
    const Atoms crystal = bulk("Ag", {.crystal = Crystal::fcc, .a = lengths.back()});
    volumes.push_back(volume(crystal.cell));
    energies.push_back(emt.compute(crystal).energy);
  }
  const BirchMurnaghan eos = fitted(volumes, energies);
  const Equilibrium best = equilibrium(eos);
  const double a = std::cbrt(4.0 * best.volume);
  const Prediction check =
      emt.compute(bulk("Ag", {.crystal = Crystal::fcc, .a = a}), {.forces = false, .stress = true});
  const EquationOfStateFit fit = fit_equation_of_state(volumes, energies);
  const double a_library = std::cbrt(4.0 * fit.volume);
  Table table({"", "EMT", "by the library's\nequation_of_state", "measured", "difference"}, {0});
  table.add(
      {"lattice constant (Å)", fixed(a, 4), fixed(a_library, 4), "4.086", fixed(100.0 * (a / 4.086 - 1.0), 2) + " %"});
  table.add({"nearest neighbours (Å)", fixed(a / std::sqrt(2.0), 4), fixed(a_library / std::sqrt(2.0), 4), "2.889",
             fixed(100.0 * (a / std::sqrt(2.0) / 2.889 - 1.0), 2) + " %"});
  table.add({"bulk modulus (GPa)", fixed(in_gigapascal(best.bulk_modulus), 1),
             fixed(in_gigapascal(fit.bulk_modulus), 1), "100.7",
             fixed(100.0 * (in_gigapascal(best.bulk_modulus) / 100.7 - 1.0), 1) + " %"});
  section.show(table);
  section.say(
      "Measured: at room temperature (C. Kittel, Introduction to Solid State Physics, chapters 1 and 3). EMT knows no "
      "temperature: cooled to 0 K silver is 0.4 % shorter, "
      "4.07 Å, so that most of the difference is not EMT's fault. A check that needs no fit: at this lattice constant "
      "the stress, computed directly, is " +
      general(in_gigapascal(check.stress->front()), 2) + " GPa, close to zero.");
  Panel panel{.title = "Silver: energy against volume",
              .x_label = "volume per atom (Å³)",
              .y_label = "energy per atom (meV)",
              .curves = {},
              .settings = "set yrange [-5:75]\nset key top center"};
  Curve smooth{.title = "Birch–Murnaghan", .x = {}, .y = {}};
  std::vector<double> millivolts;
  for (const double e : energies) millivolts.push_back(1e3 * e);
  for (int i = 0; i <= 200; ++i) {
    smooth.x.push_back(volumes.front() + (volumes.back() - volumes.front()) * i / 200.0);
    smooth.y.push_back(1e3 * eos.energy(smooth.x.back()).item());
  }
  panel.curves = {smooth,
                  {.title = "EMT", .x = volumes, .y = millivolts, .style = Style::points},
                  {.title = "lowest, a = " + fixed(a, 3) + " Å",
                   .x = {best.volume, best.volume},
                   .y = {millivolts.front(), 1e3 * best.energy},
                   .style = Style::dashes},
                  {.title = "measured at room temperature, a = 4.086 Å",
                   .x = {std::pow(4.086, 3) / 4.0, std::pow(4.086, 3) / 4.0},
                   .y = {millivolts.front(), 1e3 * best.energy},
                   .style = Style::dashes}};
  section.plot("lattice_constant", {panel},
               "Compressing costs more than stretching: the curve is no parabola. Zero is EMT's energy of an atom in "
               "its perfect crystal.",
               {.width = 900, .height = 620});
}

}  // namespace adatom::apps::lesson2
