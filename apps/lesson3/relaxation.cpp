// Relaxation: five ways downhill, on three systems and on a surface that can be seen.
#include "optim/relax.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/lesson3/sections.hpp"
#include "apps/lesson3/third_atom.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/surface.hpp"
#include "atoms/elements.hpp"
#include "atoms/random_cluster.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"

namespace adatom::apps::lesson3 {
namespace {

struct Method {
  RelaxMethod method;
  std::string title;
};

const std::array<Method, 5> methods{{{RelaxMethod::gradient_descent, "gradient descent"},
                                     {RelaxMethod::conjugate_gradients, "conjugate gradients"},
                                     {RelaxMethod::fire, "FIRE"},
                                     {RelaxMethod::bfgs, "BFGS"},
                                     {RelaxMethod::lbfgs, "L-BFGS"}}};

struct System {
  std::string name;
  Atoms atoms;
  const Potential& potential;
  std::vector<std::size_t> fixed{};
};

Atoms dimer() { return {.numbers = {18, 18}, .positions = {{0, 0, 0}, {1.6, 0, 0}}}; }

/// Twelve atoms in a plane, at random, at distances that suit σ = 1 Å.
Atoms planar_cluster(Random& random) {
  Atoms atoms =
      random_cluster(std::vector<int>(12, 18), random, {.shape = ClusterShape::planar, .smallest_distance = 0.9});
  const double scale = pair_minimum / (2.0 * element(18).covalent_radius);
  for (Vector3& x : atoms.positions) x = scale * x;
  return atoms;
}

/// Cu(100), all but the lowest layers shaken.
System slab(const Potential& potential, bool quick, Random& random) {
  const Slab built = fcc100("Cu", {.size = {quick ? 2 : 4, quick ? 2 : 4, 4}, .vacuum = 6.0, .a = 3.61});
  System system{"Cu(100) slab", built.atoms, potential, lowest_layers(built, 1)};
  for (std::size_t i = system.fixed.size(); i < system.atoms.size(); ++i) {
    for (double& x : system.atoms.positions[i]) x += 0.15 * random.normal();
  }
  return system;
}

struct Way {
  RelaxResult result;
  std::vector<double> energies;
  std::vector<Vector3> third;  // positions of atom 2, if there is one
};

Way downhill(const System& system, RelaxMethod method, double fmax) {
  Way way;
  way.result = relax(system.atoms, system.potential,
                     {.method = method,
                      .fmax = fmax,
                      .max_steps = 20000,
                      .fixed = system.fixed,
                      .progress = [&way](std::size_t, double energy, double, const Atoms& atoms) {
                        way.energies.push_back(energy);
                        if (atoms.size() > 2) way.third.push_back(atoms.positions[2]);
                      }});
  return way;
}

/// How far above the lowest energy each step was.
Panel convergence(const System& system, const std::vector<Way>& ways) {
  Panel panel{.title = system.name + ", " + std::to_string(system.atoms.size()) + " atoms",
              .x_label = "step",
              .y_label = "energy above the minimum (eV)",
              .log_y = true,
              .settings = "set yrange [1e-7:1e2]"};
  double lowest = ways[0].result.energy;
  for (const Way& way : ways) lowest = std::min(lowest, way.result.energy);
  for (std::size_t m = 0; m < ways.size(); ++m) {
    Curve curve{methods[m].title, {}, {}};
    for (std::size_t k = 0; k < ways[m].energies.size(); ++k) {
      const double above = ways[m].energies[k] - lowest;
      if (above > 1e-9) curve.x.push_back(static_cast<double>(k)), curve.y.push_back(above);
    }
    panel.curves.push_back(curve);
  }
  return panel;
}

/// Every method on one system.
struct Comparison {
  System system;
  std::vector<Way> ways;
  /// Force calls of the quickest and of the slowest method.
  std::pair<std::size_t, std::size_t> calls() const {
    const auto [least, most] = std::minmax_element(ways.begin(), ways.end(), [](const Way& a, const Way& b) {
      return a.result.force_calls < b.result.force_calls;
    });
    return {least->result.force_calls, most->result.force_calls};
  }
  /// The largest difference of the energies in which they ended, eV.
  double disagreement() const {
    const auto [least, most] = std::minmax_element(
        ways.begin(), ways.end(), [](const Way& a, const Way& b) { return a.result.energy < b.result.energy; });
    return most->result.energy - least->result.energy;
  }
};

std::vector<Comparison> compare(const Section& section, const std::vector<System>& systems, double fmax) {
  Table table({"system", "method", "steps", "force calls", "energy\neV", ""}, {0, 1, 5});
  std::vector<Comparison> all;
  for (const System& system : systems) {
    Comparison c{.system = system, .ways = {}};
    if (!all.empty()) table.rule();
    for (const Method& m : methods) {
      c.ways.push_back(downhill(system, m.method, fmax));
      const RelaxResult& r = c.ways.back().result;
      table.add({c.ways.size() == 1 ? system.name : "", m.title, std::to_string(r.steps), std::to_string(r.force_calls),
                 fixed(r.energy, 6), r.converged ? "" : "not converged"});
    }
    all.push_back(c);
  }
  section.show(table);
  return all;
}

/// The planar minimum pushed a little out of its plane and relaxed once more.
RelaxResult pushed_out(const Comparison& planar, double fmax, Random& random) {
  Atoms atoms = planar.ways.back().result.atoms;
  for (Vector3& x : atoms.positions) x[2] += 0.02 * random.normal();
  return relax(atoms, planar.system.potential, {.method = RelaxMethod::lbfgs, .fmax = fmax, .max_steps = 20000});
}

double largest_height(const Atoms& atoms) {
  double highest = 0.0;
  for (const Vector3& x : atoms.positions) highest = std::max(highest, std::abs(x[2]));
  return highest;
}

void say_about_planes(Section& section, const Comparison& planar, double fmax) {
  double highest = 0.0;
  for (const Way& way : planar.ways) highest = std::max(highest, largest_height(way.result.atoms));
  const RelaxResult free = pushed_out(planar, fmax, section.random);
  section.say("The planar cluster stays planar: no atom is further than " + general(highest, 1) +
              " Å from its plane, since no force points out of it. Symmetric starts are traps. Pushed out of the plane "
              "by some 0.02 Å at random and relaxed once more it arrives at " +
              fixed(free.energy, 3) + " eV instead of " + fixed(planar.ways.back().result.energy, 3) +
              " eV. And a minimum is not the minimum: " +
              (planar.disagreement() > 1e-3
                   ? "from the same start the methods ended in different valleys, up to " +
                         fixed(planar.disagreement(), 2) + " eV apart."
                   : std::string("here all methods ended in the same valley, but nothing makes them.")));
}

/// The path of each method over the map of section "surface", one panel each.
void draw_paths(Section& section, const Potential& potential, double fmax) {
  const System start{"third atom", with_third_atom(1.9, 0.55), potential, {0, 1}};
  const std::size_t grid = section.quick ? 41 : 121;
  write_map(section, "paths_map", third_atom_map(potential, linspace(-0.5, 2.3, grid), linspace(-0.1, 1.9, grid), 1.0));
  std::string script = figure_header("paths", 1500, 900) + map_palette() +
                       "set multiplot layout 2,3\n"
                       "set xlabel 'x (Å)'\n"
                       "set ylabel 'y (Å)'\n"
                       "set size ratio -1\n"
                       "set xrange [-0.5:2.3]\n"
                       "set yrange [-0.1:1.9]\n"
                       "set cbrange [-3:1]\n"
                       "unset colorbox\n"
                       "unset key\n" +
                       contour_script("paths_map", "incremental -2.95,0.15,0.5");
  Table table({"method", "steps", "force calls", "x\nÅ", "y\nÅ", "energy\neV"}, {0});
  for (std::size_t m = 0; m < methods.size(); ++m) {
    const Way way = downhill(start, methods[m].method, fmax);
    std::vector<double> x, y;
    for (const Vector3& place : way.third) x.push_back(place[0]), y.push_back(place[1]);
    const std::string name = "path_" + std::string(adatom::name(methods[m].method));
    section.write_data(name, {"x", "y", "energy"}, {x, y, way.energies});
    script += "set title '" + methods[m].title + ": " + plural(way.result.steps, "step") + ", " +
              plural(way.result.force_calls, "force call") + "'\nplot " + contour_elements("paths_map") + ", '" + name +
              ".dat' using 1:2 with linespoints pointtype 7 pointsize 0.7 linewidth 1.6 linecolor rgb '#d62728', '" +
              name +
              ".dat' using 1:2 every ::0::0 with points pointtype 6 pointsize 2 linewidth 2 linecolor rgb 'black'\n";
    table.add({methods[m].title, std::to_string(way.result.steps), std::to_string(way.result.force_calls),
               fixed(x.back(), 4), fixed(y.back(), 4), fixed(way.result.energy, 6)});
  }
  section.show(table);
  script +=
      "set title 'all five'\n"
      "set xlabel 'step'\n"
      "set ylabel 'energy above the minimum (eV)'\n"
      "set size noratio\n"
      "set xrange [0.5:500]\n"
      "set logscale x\n"
      "set yrange [1e-8:1e1]\n"
      "set logscale y\n"
      "set format y '10^{%T}'\n"
      "set key bottom left Left reverse samplen 2 font ',11'\n"
      "plot";
  const auto key = [](const auto& method) {  // so that the key ends before the curves come down
    return method.method == RelaxMethod::conjugate_gradients ? "conj. gradients" : method.title;
  };
  for (std::size_t m = 0; m < methods.size(); ++m)
    script += std::string(m == 0 ? " " : ", ") + "'path_" + std::string(adatom::name(methods[m].method)) +
              ".dat' using ($0+1):($3 + 3) with lines linewidth 1.8 dashtype " + dashes(m) + " linecolor rgb '" +
              colour(m) + "' title '" + key(methods[m]) + "'";
  section.draw(
      "paths", script + "\nunset multiplot\n",
      "From the ring, a dot for every step. Gradient descent goes straight down into the valley and then creeps along "
      "its floor; FIRE has to gather speed there; conjugate gradients and both BFGS learn the curvature from the "
      "forces they have seen and take long steps along the floor. The dark hollow at the top left is the minimum.");
}

}  // namespace

void relaxation(Section& section) {
  const LennardJones lennard_jones;
  const Emt emt;
  constexpr double fmax = 1e-3;
  section.say(
      "Relaxing means to go downhill until no force is left (here: none above 0.001 eV/Å). Methods differ in what they "
      "remember. Gradient descent: nothing. Conjugate gradients: the last direction. FIRE: a velocity, as a ball that "
      "is stopped whenever it rolls uphill. BFGS: all second derivatives, estimated from the forces along the way; "
      "L-BFGS: the last few steps, enough for thousands of atoms. What counts is the number of force calls: with a "
      "real electronic structure method each may take minutes.");
  const std::vector<System> systems{{"Lennard-Jones dimer", dimer(), lennard_jones},
                                    {"planar cluster", planar_cluster(section.random), lennard_jones},
                                    slab(emt, section.quick, section.random)};
  const std::vector<Comparison> all = compare(section, systems, fmax);
  say_about_planes(section, all[1], fmax);
  std::vector<Panel> panels;
  for (const Comparison& c : all) panels.push_back(convergence(c.system, c.ways));
  section.plot("relaxation", panels,
               "Energy above the lowest found, on a logarithmic scale: a straight line gains a digit every so many "
               "steps, one that bends down gains them ever faster.",
               {.columns = 3, .width = 600, .height = 520});
  section.say("The same five on the surface of the last section, the third atom starting beside the pair:");
  draw_paths(section, lennard_jones, fmax);
  const auto [least, most] = all[1].calls();
  section.conclude("By remembering: the cluster took " + std::to_string(least) +
                   " force calls with the best method and " + std::to_string(most) +
                   " with the worst, and the slab between " + std::to_string(all[2].calls().first) + " and " +
                   std::to_string(all[2].calls().second) +
                   ". Those that learn the curvature need fewest; gradient descent creeps along narrow valleys.");
}

}  // namespace adatom::apps::lesson3
