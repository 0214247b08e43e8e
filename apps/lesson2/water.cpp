// Water built by hand from its measured geometry, beside the built-in one; then two waters and their hydrogen bond.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "apps/lesson2/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/molecules.hpp"
#include "atoms/editing.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/geometry.hpp"
#include "potentials/coulomb.hpp"

namespace adatom::apps::lesson2 {
namespace {

constexpr double radian = std::numbers::pi / 180.0;

/// O at the origin, the hydrogens in the plane y = 0, the molecule's axis (from O to between the hydrogens) along +x.
/// Measured equilibrium geometry: A. R. Hoy and P. R. Bunker, J. Mol. Spectrosc. 74, 1 (1979).
Atoms water_by_hand() {
  constexpr double bond = 0.9578, bond_angle = 104.48;
  const double half = 0.5 * bond_angle * radian;
  return {.numbers = {8, 1, 1},
          .positions = {{0, 0, 0},
                        {bond * std::cos(half), 0, bond * std::sin(half)},
                        {bond * std::cos(half), 0, -bond * std::sin(half)}}};
}

constexpr double measured_distance = 2.976, measured_tilt = 57.0;  // Å, degrees

/// Two waters as in the gas: the donor at the origin, in the plane y = 0, one of its OH bonds pointing along +x but for
/// `donor_turn` degrees in that plane; the acceptor's oxygen at x = `distance`, its axis tilted `tilt` degrees from x,
/// away from the donor's free hydrogen, its own hydrogens to both sides of the plane. Measured: O–O 2.976 Å, tilt 57° ±
/// 10°, and a straight bond within its error (J. A. Odutola and T. R. Dyke, J. Chem. Phys. 72, 5062 (1980)).
Atoms dimer(double distance = measured_distance, double tilt = measured_tilt, double donor_turn = 0.0) {
  const Atoms one = water_by_hand();
  const double to_bond = angle(one, 1, 0, 2) / 2.0;
  const Atoms donor = rotated(one, {0, 1, 0}, to_bond + donor_turn);
  const Atoms acceptor = rotated(rotated(one, {1, 0, 0}, 90.0), {0, 1, 0}, -tilt);
  return joined(donor, translated(acceptor, {distance, 0, 0}));
}

/// Energy between the molecules in the TIP3P model: point charges on all atoms, Lennard-Jones between the oxygens
/// (W. L. Jorgensen et al., J. Chem. Phys. 79, 926 (1983)).
double tip3p(const Atoms& two) {
  const std::vector<double> charges{-0.834, 0.417, 0.417};
  constexpr double epsilon = 0.1521 * 0.0433641, sigma = 3.15061;  // eV (from kcal/mol), Å
  double energy = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 3; j < 6; ++j) energy += coulomb_constant * charges[i] * charges[j - 3] / distance(two, i, j);
  }
  const double s6 = std::pow(sigma / distance(two, 0, 3), 6);
  return energy + 4.0 * epsilon * (s6 * s6 - s6);
}

void compare_molecules(Section& section) {
  const Atoms ours = water_by_hand(), built = molecule("H2O");
  Table table({"", "by hand\n(measured)", "molecule(\"H2O\")\n(MP2/6-31G*)"}, {0});
  table.add({"O–H (Å)", fixed(distance(ours, 0, 1), 4), fixed(distance(built, 0, 1), 4)});
  table.add({"H–H (Å)", fixed(distance(ours, 1, 2), 4), fixed(distance(built, 1, 2), 4)});
  table.add({"H–O–H (degrees)", fixed(angle(ours, 1, 0, 2), 2), fixed(angle(built, 1, 0, 2), 2)});
  section.say(
      "A structure is atomic numbers and positions. Water from its measured bond (0.9578 Å) and angle (104.48°), and "
      "the built-in one, whose geometry was computed: they differ in the second decimal.");
  section.show(table);
}

void describe_dimer(Section& section, const Atoms& two) {
  section.say(
      "Two waters: one gives a hydrogen (the donor, left), the other's oxygen takes it. Measured in a cold molecular "
      "beam: O–O 2.976 Å, nearly straight, the acceptor tilted by 57°. The rest follows:");
  Table table({"", "value", "which says"}, {0, 2});
  table.add({"O···O", fixed(distance(two, 0, 3), 3) + " Å", ""});
  table.add(
      {"H···O", fixed(distance(two, 1, 3), 3) + " Å", "van der Waals radii add up to 2.72 Å: something attracts"});
  table.add({"O–H···O", fixed(angle(two, 0, 1, 3), 1) + "°", "straight"});
  table.add({"H···O–H", fixed(angle(two, 1, 3, 4), 1) + "°", "near the tetrahedron's 109.5°: H points at a lone pair"});
  section.show(table);
}

struct Lowest {
  double x = 0.0, energy = 0.0;
};

Lowest lowest_of(const Curve& c) {
  const auto place = static_cast<std::size_t>(std::min_element(c.y.begin(), c.y.end()) - c.y.begin());
  return {c.x[place], c.y[place]};
}

/// What the model says of two waters.
struct Binding {
  Lowest distance, turn;  // x in Å, in degrees
};

/// The accurate energy in the text: W. Klopper, J. G. C. M. van Duijneveldt-van de Rijdt and F. B. van Duijneveldt,
/// Phys. Chem. Chem. Phys. 2, 2227 (2000).
Binding energies(const Section& section) {
  Curve apart{.title = "bond kept straight", .x = {}, .y = {}}, turned{.title = "", .x = {}, .y = {}};
  for (double r = 2.4; r < 6.0; r += 0.01) apart.x.push_back(r), apart.y.push_back(tip3p(dimer(r)));
  for (double turn = -180.0; turn <= 180.0; turn += 1.0)
    turned.x.push_back(turn), turned.y.push_back(tip3p(dimer(measured_distance, measured_tilt, turn)));
  const Binding best{lowest_of(apart), lowest_of(turned)};
  const Curve measured{.title = "measured O–O distance",
                       .x = {measured_distance, measured_distance},
                       .y = {-0.35, 0.3},
                       .style = Style::dashes};
  section.say(
      "Why just so? In the TIP3P model a water is three point charges (−0.834 e on O, 0.417 e on each H) and a "
      "Lennard-Jones ball. Along the distance the lowest energy is " +
      fixed(best.distance.energy, 3) + " eV at " + fixed(best.distance.x, 2) +
      " Å. The model was made for liquid water and binds pairs closer and more strongly than nature does: measured "
      "2.976 Å; accurate calculations give −0.218 eV (5.02 kcal/mol). Turning the donor at the measured distance, the "
      "lowest is at " +
      fixed(best.turn.x, 0) + "°: an OH bond that points at the other oxygen.");
  section.plot("water_energies",
               {{.title = "Two waters: energy against distance",
                 .x_label = "O–O distance (Å)",
                 .y_label = "energy (eV)",
                 .curves = {apart, measured},
                 .settings = "set yrange [-0.3:0.05]"},
                {.title = "Donor turned in its plane",
                 .x_label = "turn (degrees)",
                 .y_label = "energy (eV)",
                 .curves = {turned},
                 .settings = "set xtics -180,60,180"}},
               "Left: attraction of charges, repulsion of the oxygens at short distance. Right: two minima, one for "
               "each of the donor's hydrogens (104.5° apart).");
  return best;
}

}  // namespace

void water(Section& section) {
  compare_molecules(section);
  const Atoms two = dimer();
  describe_dimer(section, two);
  draw_structures(section.folder, "water",
                  {{"Water", water_by_hand(), {}}, {"Two waters", two, {.from = Vector3{-0.5, -1.0, 0.1}}}}, 2);
  section.point_to("water.png", "O red, H white. The donor's OH bond (left molecule) points at the acceptor's oxygen.");
  write_extxyz(section.folder / "water.extxyz",
               std::vector<Frame>{{.atoms = water_by_hand(), .info = {}, .columns = {}},
                                  {.atoms = two, .info = {}, .columns = {}}});
  section.point_to("water.extxyz", "Both structures as a file.");
  const Binding best = energies(section);
  section.conclude(
      "A molecule is atomic numbers and positions; distances and angles follow. Two waters are held by a hydrogen that "
      "points at the other's oxygen: turned by 180° the model's energy is " +
      fixed(tip3p(dimer(measured_distance, measured_tilt, 180.0)), 2) + " eV instead of " + fixed(best.turn.energy, 2) +
      " eV.");
}

}  // namespace adatom::apps::lesson2
