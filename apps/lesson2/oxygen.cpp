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

/// The slab and what the energies are counted from.
struct Experiment {
  const Potential& potential;
  Slab slab;
  double reference = 0.0;  // clean slab and free oxygen atom, eV
  double energy(const Atoms& atoms) const { return potential.compute(atoms).energy - reference; }
};

Experiment prepared(const Potential& potential, bool quick) {
  const Slab slab = clean(quick);
  const double atom = potential.compute(Atoms{.numbers = {8}, .positions = {{0, 0, 0}}}).energy;
  return {potential, slab, potential.compute(slab.atoms).energy + atom};
}

/// The oxygen's best place over a site.
struct Adsorbed {
  std::string site;
  Atoms atoms;
  double energy = 0.0, height = 0.0, nearest = 0.0;  // eV, Å, Å
  std::size_t neighbours = 0, force_calls = 0;       // neighbours: silver atoms at the nearest distance
};

Adsorbed adsorbed(const Experiment& e, const char* site) {
  const RelaxResult relaxed = relaxed_on(e.slab, site, e.potential);
  const std::size_t oxygen = relaxed.atoms.size() - 1;
  std::vector<double> distances;
  for (std::size_t i = 0; i < oxygen; ++i) distances.push_back(distance(relaxed.atoms, i, oxygen));
  const double nearest = *std::min_element(distances.begin(), distances.end());
  return {.site = site,
          .atoms = relaxed.atoms,
          .energy = relaxed.energy - e.reference,
          .height = relaxed.atoms.positions[oxygen][2] - site_position(e.slab, "ontop", 0.0)[2],
          .nearest = nearest,
          .neighbours = static_cast<std::size_t>(
              std::count_if(distances.begin(), distances.end(), [nearest](double d) { return d < nearest + 0.05; })),
          .force_calls = relaxed.force_calls};
}

/// Energy against height over a site, as far as it is below 6 eV.
Curve height_curve(const Experiment& e, const char* site, double step) {
  Curve curve{.title = site, .x = {}, .y = {}};
  for (double h = 0.2; h < 5.0; h += step) {
    const double energy = e.energy(with_oxygen(e.slab, site, h));
    if (energy < 6.0) curve.x.push_back(h), curve.y.push_back(energy);
  }
  return curve;
}

}  // namespace

void oxygen(Section& section) {
  const Emt emt;
  const Experiment experiment = prepared(emt, section.quick);
  section.say(
      "Oxygen above a silver surface, over an atom (ontop), between two (bridge) or four (hollow) of them. The energy "
      "is that of the whole, less slab and free oxygen atom: negative where the atom sticks. The slab is held as the "
      "crystal has it; the oxygen is let go and moves up or down.");
  Table table(
      {"site", "best height\nÅ", "O–Ag distance\nÅ", "neighbours\nat that distance", "energy\neV", "force calls"}, {0});
  Panel panel{.title = "O on Ag(100), EMT",
              .x_label = "height above the uppermost layer (Å)",
              .y_label = "energy (eV)",
              .curves = {},
              .settings = "set yrange [-6:6]"};
  std::vector<Portrait> portraits;
  std::vector<Adsorbed> all;
  for (const char* const site : sites) {
    all.push_back(adsorbed(experiment, site));
    const Adsorbed& a = all.back();
    table.add({a.site, fixed(a.height, 3), fixed(a.nearest, 3), std::to_string(a.neighbours), fixed(a.energy, 3),
               std::to_string(a.force_calls)});
    panel.curves.push_back(height_curve(experiment, site, section.quick ? 0.1 : 0.02));
    portraits.push_back(
        {a.site + ", " + fixed(a.energy, 2) + " eV", a.atoms, {.from = Vector3{1.3, -3.0, 1.9}, .cell = false}});
  }
  section.show(table);
  const Adsorbed& best = *std::min_element(all.begin(), all.end(),
                                           [](const Adsorbed& a, const Adsorbed& b) { return a.energy < b.energy; });
  section.plot("oxygen", {panel},
               "Far away the energy goes to zero. Over an atom it rises steeply at short distance; into a hollow the "
               "oxygen sinks deeper, and there its minimum is deepest.",
               {.width = 900, .height = 620});
  draw_structures(section.folder, "oxygen_sites", portraits, 3);
  section.point_to("oxygen_sites.png", "The oxygen (red) at its best height over each site.");
  // M. Rocca et al., Phys. Rev. B 61, 213 (2000).
  section.conclude("Lowest: " + best.site + ", " + fixed(best.height, 2) +
                   " Å above the silver. Photoelectron diffraction too finds oxygen in the hollows of Ag(100), but 0.6 "
                   "Å above the silver (Rocca and others, 2000, above 350 K): believe the shape of this curve, not the "
                   "numbers. The parameters of oxygen in this EMT are a placeholder that nobody fitted to anything, "
                   "good for learning and for testing programs.");
}

}  // namespace adatom::apps::lesson2
