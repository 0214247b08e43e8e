// An oxygen atom on Ag(100): the energy against the height over three sites.
#include <algorithm>
#include <array>
#include <numeric>

#include "apps/lesson2/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/adsorbate.hpp"
#include "atoms/builders/surface.hpp"
#include "atoms/geometry.hpp"
#include "optim/relax.hpp"
#include "potentials/emt.hpp"

namespace adatom::apps::lesson2 {
namespace {

constexpr std::array sites{"ontop", "bridge", "hollow"};
constexpr double lattice_constant_emt = 4.0637;  // Å, so that the slab is free of stress (section "lattice")

Slab clean(bool quick) {
  const int side = quick ? 2 : 3;
  return fcc100("Ag", {.size = {side, side, quick ? 3 : 4}, .vacuum = 6.0, .a = lattice_constant_emt});
}

Atoms with_oxygen(Slab slab, const char* site, double height) {
  add_adsorbate(slab, "O", height, site,
                {.offset = {slab.cells[0] / 2, slab.cells[1] / 2}});  // not at the edge, for the picture
  return slab.atoms;
}

/// The oxygen let go from 1.5 Å straight up and down over its site, the slab held.
RelaxResult relaxed_on(const Slab& slab, const char* site, const Potential& potential) {
  const Atoms start = with_oxygen(slab, site, 1.5);
  std::vector<std::size_t> metal(slab.atoms.size());
  std::iota(metal.begin(), metal.end(), std::size_t{0});
  return relax(
      start, potential,
      {.fmax = 0.001, .max_steps = 300, .fixed = metal, .lines = {{.atom = metal.size(), .direction = {0, 0, 1}}}});
}

}  // namespace

void oxygen(Section& section) {
  const Emt emt;
  const Slab slab = clean(section.quick);
  const double slab_energy = emt.compute(slab.atoms).energy;
  const double atom_energy = emt.compute(Atoms{.numbers = {8}, .positions = {{0, 0, 0}}}).energy;
  const double surface_height = site_position(slab, "ontop", 0.0)[2];
  section.say(
      "Oxygen above a silver surface, over an atom (ontop), between two (bridge) or four (hollow) of them. The energy "
      "is that of the whole, less slab and free "
      "oxygen atom: negative where the atom sticks. The slab is held as the crystal has it.");
  Table table(
      {"site", "best height\nÅ", "O–Ag distance\nÅ", "neighbours\nat that distance", "energy\neV", "force calls"}, {0});
  Panel panel{.title = "O on Ag(100), EMT",
              .x_label = "height above the uppermost layer (Å)",
              .y_label = "energy (eV)",
              .curves = {},
              .settings = "set yrange [-6:6]\nset key top right"};
  std::vector<Portrait> portraits;
  double lowest = 0.0;
  std::string best_site;
  for (const char* const site : sites) {
    Curve curve{.title = site, .x = {}, .y = {}};
    for (double h = 0.2; h < 5.0; h += section.quick ? 0.1 : 0.02) {
      const double energy = emt.compute(with_oxygen(slab, site, h)).energy - slab_energy - atom_energy;
      if (energy < 6.0) curve.x.push_back(h), curve.y.push_back(energy);
    }
    panel.curves.push_back(curve);
    const RelaxResult relaxed = relaxed_on(slab, site, emt);
    const double energy = relaxed.energy - slab_energy - atom_energy;
    double nearest = 1e9;
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < relaxed.atoms.size(); ++i)
      nearest = std::min(nearest, distance(relaxed.atoms, i, relaxed.atoms.size() - 1));
    for (std::size_t i = 0; i + 1 < relaxed.atoms.size(); ++i)
      count += distance(relaxed.atoms, i, relaxed.atoms.size() - 1) < nearest + 0.05 ? 1 : 0;
    table.add({site, fixed(relaxed.atoms.positions.back()[2] - surface_height, 3), fixed(nearest, 3),
               std::to_string(count), fixed(energy, 3), std::to_string(relaxed.force_calls)});
    if (energy < lowest) lowest = energy, best_site = site;
    portraits.push_back({std::string(site) + ", " + fixed(energy, 2) + " eV", relaxed.atoms, {.cell = false}});
  }
  section.show(table);
  section.say("Lowest: " + best_site +
              ". Believe the shape, not the numbers: the parameters of oxygen in this EMT are a placeholder that "
              "nobody fitted to anything, good "
              "for learning and for testing programs. What is real: on Ag(100) oxygen atoms sit in the hollow (with "
              "density functional theory and in experiment), bound by "
              "some 4 eV against the free atom.");
  section.plot("oxygen", {panel},
               "Far away the energy goes to zero. Over an atom it rises steeply at short distance; into a hollow the "
               "oxygen sinks deeper, and there its minimum is deepest.",
               {.width = 900, .height = 620});
  draw_structures(section.folder, "oxygen_sites", portraits, 3);
  section.point_to("oxygen_sites.png", "The oxygen (red) at its best height over each site.");
}

}  // namespace adatom::apps::lesson2
