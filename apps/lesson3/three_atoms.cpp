// The potential energy surface of three atoms, as a map: two are held, the third moves in their plane.
#include <array>
#include <cmath>
#include <numbers>

#include "apps/lesson3/sections.hpp"
#include "apps/lesson3/third_atom.hpp"
#include "core/symmetric_eigen.hpp"
#include "dynamics/hessian.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"

namespace adatom::apps::lesson3 {
namespace {

/// A place of the third atom where no force is left on it.
struct StationaryPoint {
  std::string name;
  double x = 0.0, y = 0.0, energy = 0.0;
  double lower = 0.0, higher = 0.0;  // curvatures in the plane, eV/Å²
};

StationaryPoint described(const std::string& name, const RelaxResult& relaxed, const Potential& potential) {
  constexpr std::array third{std::size_t{2}};
  const std::vector<double> h = hessian(relaxed.atoms, potential, third);
  const SymmetricEigen eigen = symmetric_eigen(2, std::vector<double>{h[0], h[1], h[3], h[4]});
  const Vector3& at = relaxed.atoms.positions[2];
  return {name, at[0], at[1], relaxed.energy, eigen.values[0], eigen.values[1]};
}

std::vector<StationaryPoint> stationary_points(const Potential& potential) {
  const RelaxResult top = relax(with_third_atom(0.1, 0.9), potential, {.fmax = 1e-8, .fixed = {0, 1}});
  const RelaxResult end = relax(with_third_atom(1.7, 0.0), potential,
                                {.fmax = 1e-8, .fixed = {0, 1}, .lines = {{.atom = 2, .direction = {1, 0, 0}}}});
  return {described("triangle", top, potential), described("line", end, potential)};
}

/// The lowest energy of the third atom at each angle around the middle of the other two: the floor of the valley.
Panel valley(const Potential& potential, int points) {
  Curve floor{"", {}, {}};
  for (int i = 0; i < points; ++i) {
    const double angle = 2.0 * std::numbers::pi * i / (points - 1);
    const Vector3 direction{std::cos(angle), std::sin(angle), 0.0};
    const double start = 1.0 + 0.7 * std::abs(direction[0]);
    const RelaxResult relaxed = relax(with_third_atom(start * direction[0], start * direction[1]), potential,
                                      {.fmax = 1e-6, .fixed = {0, 1}, .lines = {{.atom = 2, .direction = direction}}});
    floor.x.push_back(360.0 * i / (points - 1));
    floor.y.push_back(relaxed.energy);
  }
  return {.title = "Once around",
          .x_label = "angle around the middle of the pair (degrees)",
          .y_label = "lowest energy at that angle (eV)",
          .curves = {floor},
          .settings = "set xrange [0:360]\nset xtics 45\nset yrange [-3.2:-1.8]"};
}

std::string map_script(const std::vector<StationaryPoint>& points) {
  const double half = 0.5 * pair_minimum;
  std::string script = figure_header("three_atoms", 1050, 760) + map_palette() +
                       "set title 'Energy against the place of the third atom'\n"
                       "set xlabel 'x (Å)'\n"
                       "set ylabel 'y (Å)'\n"
                       "set cblabel 'energy (eV)'\n"
                       "set size ratio -1\n"
                       "set xrange [-2.6:2.6]\n"
                       "set yrange [-1.9:1.9]\n"
                       "set cbrange [-3:1]\n"
                       "set key outside bottom center horizontal Left reverse\n" +
                       contour_script("three_atoms_map", "incremental -2.8,0.2,0");
  for (const double sign : {-1.0, 1.0})
    script += "set object circle at " + fixed(sign * half, 4) +
              ",0 size 0.3 front fillcolor rgb '#555555' fillstyle solid border rgb 'black'\n";
  script += "plot " + contour_elements("three_atoms_map");
  const std::array<const char*, 2> marks{"pointtype 7 pointsize 1.8 linecolor rgb '#ffff00'",
                                         "pointtype 2 pointsize 2 linewidth 2.5 linecolor rgb '#d62728'"};
  const std::array<const char*, 2> titles{"minimum (triangle)", "saddle (line)"};
  for (std::size_t k = 0; k < points.size(); ++k)
    script += ", \\\n  'three_atoms_points.dat' using 1:2 every ::" + std::to_string(2 * k) +
              "::" + std::to_string(2 * k + 1) + " with points " + marks[k] + " title '" + titles[k] + "'";
  return script + "\n";
}

}  // namespace

void three_atoms(Section& section) {
  const LennardJones potential;
  section.say(
      "A structure of N atoms has 3N coordinates, and its energy is a landscape over all of them: valleys are stable "
      "structures, passes the ways between them. Three atoms are few enough to see one. Two are held at the best "
      "distance of a pair, 2^(1/6) σ; the third moves in their plane. Lennard-Jones with ε = 1 eV and σ = 1 Å, so that "
      "a bond is worth 1 eV.");
  const std::vector<StationaryPoint> points = stationary_points(potential);
  Table table({"third atom", "x\nÅ", "y\nÅ", "energy\neV", "curvatures\neV/Å²", "", "that is"}, {0, 6});
  std::vector<double> x, y, energy;
  for (const StationaryPoint& p : points) {
    table.add({p.name, fixed(std::abs(p.x), 4), fixed(p.y, 4), fixed(p.energy, 5), fixed(p.lower, 2),
               fixed(p.higher, 2), p.lower > 0.0 ? "a minimum" : "a saddle"});
    for (const double sign : {1.0, -1.0}) {
      x.push_back(p.y == 0.0 ? sign * p.x : p.x);
      y.push_back(sign * p.y);
      energy.push_back(p.energy);
    }
  }
  section.show(table);
  section.say(
      "Where no force is left, the second derivatives tell what it is: both curvatures positive, a minimum; one "
      "negative, a saddle: uphill along the line, downhill to either side. To roll from one triangle into the other, "
      "the third atom has to pass the saddle, " +
      fixed(points[1].energy - points[0].energy, 3) +
      " eV higher: nearly the one bond that is stretched open on the way.");
  const std::size_t grid = section.quick ? 41 : 181;
  write_map(section, "three_atoms_map",
            third_atom_map(potential, linspace(-2.6, 2.6, grid), linspace(-1.9, 1.9, grid), 1.0));
  section.write_data("three_atoms_points", {"x", "y", "energy"}, {x, y, energy});
  section.draw("three_atoms", map_script(points),
               "Contour lines every 0.2 eV; dark is low. The two held atoms are grey, and nobody can come close to "
               "them. A valley runs around the pair; it has two minima and, at both ends, a saddle.");
  section.plot("three_atoms_valley", {valley(potential, section.quick ? 25 : 361)},
               "The floor of the valley: minima at 90 and 270 degrees, saddles at 0 and 180.",
               {.columns = 1, .width = 820});
  section.conclude("A landscape with walls, where atoms would overlap, valleys and passes. Two equal minima of " +
                   fixed(points[0].energy, 3) + " eV are joined by a valley whose highest points, the saddles, lie " +
                   fixed(points[1].energy - points[0].energy, 3) + " eV above them.");
}

}  // namespace adatom::apps::lesson3
