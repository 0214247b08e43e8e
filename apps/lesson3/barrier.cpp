// A barrier: a gold atom hops over Al(100), by the nudged elastic band.
#include <array>
#include <cmath>
#include <numeric>

#include "apps/lesson3/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/adsorbate.hpp"
#include "atoms/builders/surface.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/units.hpp"
#include "dynamics/vibrations.hpp"
#include "optim/neb.hpp"
#include "potentials/emt.hpp"

namespace adatom::apps::lesson3 {
namespace {

/// A gold atom in a hollow of a slab of three layers, or in the next hollow.
Slab gold_on_aluminium(int hollow) {
  Slab slab = fcc100("Al", {.size = {2, 2, 3}, .vacuum = 6.0});
  add_adsorbate(slab, "Au", 1.7, "hollow", {.offset = {hollow, 0}});
  return slab;
}

Atoms relaxed(const Slab& slab, const Potential& potential, const std::vector<std::size_t>& fixed) {
  return relax(slab.atoms, potential, {.fmax = 1e-4, .fixed = fixed}).atoms;
}

Curve images_of(const std::string& title, const NebResult& path) {
  Curve curve{title, path.way, {}, Style::points};
  for (const double e : path.energies) curve.y.push_back(e - path.energies.front());
  return curve;
}

Curve smooth_of(const NebResult& path) {
  Curve curve;
  for (const auto& [way, energy] : energy_curve(path)) curve.x.push_back(way), curve.y.push_back(energy);
  return curve;
}

/// What harmonic transition state theory needs: G. H. Vineyard, J. Phys. Chem. Solids 3, 121 (1957).
struct Rate {
  std::size_t imaginary = 0;  // modes of the saddle
  double wavenumber = 0.0;    // of the first, 1/cm
  double prefactor = 0.0;     // product of the minimum's frequencies over that of the saddle's real ones, 1/s
};

Rate rate(const Atoms& minimum, const Atoms& saddle, const Potential& potential,
          const std::vector<std::size_t>& fixed) {
  const Vibrations low = vibrations(minimum, potential, {.fixed = fixed}),
                   high = vibrations(saddle, potential, {.fixed = fixed});
  Rate result{.wavenumber = -high.wavenumbers.front()};
  double logarithm = 0.0;
  for (const double w : low.wavenumbers) logarithm += std::log(w);
  for (const double w : high.wavenumbers) {
    if (w < 0.0)
      ++result.imaginary;
    else
      logarithm -= std::log(w);
  }
  constexpr double light = 2.99792458e10;  // cm/s: wavenumber to frequency
  result.prefactor = light * std::exp(logarithm);
  return result;
}

/// The cell and three of its images around it, these without gold.
Atoms surroundings(const Atoms& cell) {
  const Atoms many = repeated(cell, {2, 2, 1});
  Atoms kept{.numbers = {}, .positions = {}};
  for (std::size_t i = 0; i < many.size(); ++i) {
    if (i >= cell.size() && many.numbers[i] == 79) continue;
    kept.numbers.push_back(many.numbers[i]);
    kept.positions.push_back(many.positions[i]);
  }
  return kept;
}

void draw_hop(Section& section, const NebResult& path) {
  std::vector<Portrait> portraits;
  const std::array<std::pair<const char*, std::size_t>, 3> moments{
      {{"hollow", 0}, {"bridge: the saddle", path.highest}, {"next hollow", path.images.size() - 1}}};
  for (const auto& [title, m] : moments)
    portraits.push_back({title, surroundings(path.images[m]), {.from = Vector3{0.6, -2.0, 1.6}, .look = Look::balls}});
  draw_structures(section.folder, "barrier_hop", portraits, 3);
  section.point_to("barrier_hop.png",
                   "Gold on aluminium in the hollow, on the bridge between two atoms, in the next hollow; four cells, "
                   "three of them drawn without their gold atom.");
  std::vector<Frame> frames;
  for (std::size_t m = 0; m < path.images.size(); ++m) {
    frames.push_back({.atoms = path.images[m], .info = {}, .columns = {}});
    set_info(frames.back(), "energy", path.energies[m]);
  }
  write_extxyz(section.folder / "barrier.extxyz", frames);
  section.point_to("barrier.extxyz", "The path as frames.");
}

struct Choice {
  std::size_t images;
  bool climb;
};

constexpr std::array choices{Choice{4, false}, Choice{4, true}, Choice{7, true}};

/// A band for each choice.
std::vector<NebResult> bands(const Section& section, const Atoms& from, const Atoms& to, const Potential& potential,
                             const std::vector<std::size_t>& held) {
  Table table({"images", "climbing", "barrier\neV", "steps", "structures\ncomputed"}, {1});
  std::vector<NebResult> paths;
  for (const Choice& c : choices) {
    paths.push_back(
        nudged_elastic_band(from, to, potential, {.images = c.images, .climb = c.climb, .fmax = 0.01, .fixed = held}));
    table.add({std::to_string(c.images), c.climb ? "yes" : "no", fixed(paths.back().barrier, 4),
               std::to_string(paths.back().steps), std::to_string(paths.back().force_calls)});
  }
  section.show(table);
  return paths;
}

Panel path_panel(const std::vector<NebResult>& paths) {
  Curve bare = images_of("4 images, none climbing", paths[0]), curve = smooth_of(paths[2]);
  curve.title = "curve through the 7";
  curve.colour = "#999999";
  bare.style = Style::lines_points;
  return {.title = "Au on Al(100), EMT: from hollow to hollow",
          .x_label = "path length (Å)",
          .y_label = "energy above the hollow (eV)",
          .curves = {curve, bare, images_of("4 images, one climbing", paths[1]),
                     images_of("7 images, one climbing", paths[2])},
          .settings = "set xrange [-0.1:3.3]\nset yrange [-0.02:0.42]"};
}

}  // namespace

void barrier(Section& section) {
  const Emt emt;
  const Slab first = gold_on_aluminium(0), next = gold_on_aluminium(1);
  const std::vector<std::size_t> held = lowest_layers(first, 2);
  const Atoms from = relaxed(first, emt, held), to = relaxed(next, emt, held);
  section.say(
      "A gold atom rests in a hollow of Al(100), four neighbours below it (EMT; the two lowest of three layers are "
      "held). To reach the next hollow it must cross a pass. A nudged elastic band finds the lowest: a chain of images "
      "joins both hollows, springs along it keep them apart, the true forces across it pull it into the valley. It "
      "ends as a minimum energy path, whose top is a saddle point.");
  const std::vector<NebResult> paths = bands(section, from, to, emt, held);
  const NebResult& best = paths.back();
  section.say(
      "Four images leave the top between the second and third: too low. The climbing image feels no springs and goes "
      "uphill along the path, and so ends exactly on the saddle: " +
      fixed(best.barrier, 3) + " eV (0.374 eV in the tutorial of ASE, from which the example is taken).");
  const Rate hop = rate(best.images.front(), best.images[best.highest], emt, held);
  const double kt = units::boltzmann * 300.0, frequency = hop.prefactor * std::exp(-best.barrier / kt);
  section.say("Is it a saddle? It has " + plural(hop.imaginary, "imaginary mode") + " (" + fixed(hop.wavenumber, 0) +
              "i 1/cm), the way across; a saddle of first order has just one. How often does the atom hop? Harmonic "
              "transition state theory: ν exp(−E/kT) with ν = " +
              general(hop.prefactor, 2) +
              " 1/s, the product of all frequencies in the hollow over that of all real ones at the saddle (Vineyard "
              "1957). At 300 K that is " +
              general(frequency, 2) + " per second for this hop; with 0.1 eV more it would be " +
              fixed(std::exp(0.1 / kt), 0) + " times rarer.");
  section.plot("barrier", {path_panel(paths)},
               "The highest image without climbing misses the top. The path is " + fixed(best.way.back(), 2) +
                   " Å long, more than the " + fixed(norm(to.positions.back() - from.positions.back()), 2) +
                   " Å from hollow to hollow: gold climbs over the bridge, and the aluminium atoms give way.",
               {.columns = 1, .width = 860, .height = 600});
  draw_hop(section, best);
  section.conclude("The pass is " + fixed(best.barrier, 3) + " eV high. At room temperature the atom crosses it some " +
                   general(frequency, 2) + " times a second, once in " + fixed(1e9 / frequency, 0) +
                   " ns: molecular dynamics of a nanosecond would most likely see nothing, " +
                   std::to_string(best.force_calls) + " energies and forces told it all.");
}

}  // namespace adatom::apps::lesson3
