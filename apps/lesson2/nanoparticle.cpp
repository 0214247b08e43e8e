// Silver particles of three shapes, relaxed with EMT: the price of a surface, and who wins.
#include <algorithm>
#include <cmath>
#include <map>

#include "apps/lesson2/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/geometry.hpp"
#include "optim/relax.hpp"
#include "potentials/emt.hpp"

namespace adatom::apps::lesson2 {
namespace {

struct Particle {
  std::string shape;
  Atoms atoms;
};

std::vector<Particle> particles(bool quick) {
  std::vector<Particle> all;
  const int largest = quick ? 3 : 6;
  for (int shells = 2; shells <= largest; ++shells) {
    all.push_back({"icosahedron", icosahedron("Ag", shells)});
    all.push_back({"cuboctahedron", cuboctahedron("Ag", shells)});
  }
  for (const auto& [p, q, r] :
       std::vector<std::array<int, 3>>{{2, 1, 0}, {2, 2, 1}, {2, 3, 1}, {2, 3, 2}, {3, 3, 2}, {3, 4, 2}}) {
    const Atoms decahedral = decahedron("Ag", p, q, r);
    if (!quick || decahedral.size() < 80) all.push_back({"decahedron", decahedral});
  }
  return all;
}

/// "12: 13, 8: 30, …": how many atoms have how many neighbours.
std::string coordination_text(const Atoms& atoms) {
  std::map<std::size_t, std::size_t, std::greater<>> counts;
  for (const std::size_t n : coordination_numbers(atoms)) ++counts[n];
  std::string text;
  for (const auto& [neighbours, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " with " + std::to_string(neighbours);
  return text;
}

}  // namespace

void nanoparticle(Section& section) {
  const Emt emt;
  section.say(
      "Small particles are mostly surface, and surface atoms lack neighbours. Three shapes, each relaxed with EMT "
      "(forces below 0.01 eV/Å). Their energies, counted from the "
      "crystal, grow with the surface: E ≈ c N^(2/3). The quotient shows which shape is best at a size.");
  Table table({"shape", "atoms", "energy\neV", "energy / N^(2/3)\neV", "neighbours of the relaxed atoms"}, {0, 4});
  std::map<std::string, Curve> curves;
  std::vector<Portrait> portraits;
  std::vector<Frame> frames;
  const std::size_t shown = section.quick ? 55 : 147;
  std::vector<Particle> all = particles(section.quick);
  std::stable_sort(all.begin(), all.end(),
                   [](const Particle& a, const Particle& b) { return a.atoms.size() < b.atoms.size(); });
  for (const Particle& particle : all) {
    const RelaxResult relaxed = relax(particle.atoms, emt, {.fmax = 0.01, .max_steps = 500});
    frames.push_back({.atoms = relaxed.atoms, .info = {}, .columns = {}});
    const double n = static_cast<double>(particle.atoms.size()), per_surface = relaxed.energy / std::pow(n, 2.0 / 3.0);
    std::string neighbours = coordination_text(relaxed.atoms);
    if (neighbours.size() > 52) neighbours = neighbours.substr(0, neighbours.rfind(',', 50)) + " …";
    table.add({particle.shape, std::to_string(particle.atoms.size()), fixed(relaxed.energy, 3), fixed(per_surface, 4),
               neighbours + (relaxed.converged ? "" : " (not converged)")});
    Curve& curve = curves[particle.shape];
    curve.title = particle.shape, curve.style = Style::lines_points;
    curve.x.push_back(n), curve.y.push_back(per_surface);
    const bool near = particle.shape == "decahedron"
                          ? particle.atoms.size() > 2 * shown / 3 && particle.atoms.size() < 2 * shown
                          : particle.atoms.size() == shown;
    const bool had = std::any_of(portraits.begin(), portraits.end(),
                                 [&](const Portrait& p) { return p.title.starts_with(particle.shape); });
    if (near && !had)
      portraits.push_back({particle.shape + ", " + std::to_string(particle.atoms.size()) + " atoms",
                           relaxed.atoms,
                           {.from = Vector3{0.45, -1.0, 0.6}}});
  }
  section.show(table);
  draw_structures(section.folder, "nanoparticles", portraits, 3);
  section.point_to("nanoparticles.png",
                   "The icosahedron has twenty (111) faces and a strained inside; the cuboctahedron is a piece of the "
                   "crystal with (100) faces; the decahedron is in between.");
  write_extxyz(section.folder / "nanoparticles.extxyz", frames);
  section.point_to("nanoparticles.extxyz", "All relaxed particles, in the order of the table.");
  Panel panel{.title = "Silver particles with EMT",
              .x_label = "atoms",
              .y_label = "energy above the crystal / N^{2/3} (eV)",
              .curves = {},
              .settings = "set yrange [1.17:1.36]\nset key top right"};
  for (const auto& [shape, curve] : curves) panel.curves.push_back(curve);
  section.plot("nanoparticle_energies", {panel},
               "The lowest curve wins. At small sizes that is the icosahedron; its strain grows with the volume, its "
               "advantage with the surface only, so that from some 400 atoms on decahedra are lower.",
               {.width = 900, .height = 600});
}

}  // namespace adatom::apps::lesson2
