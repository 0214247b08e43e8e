// Silver particles of three shapes, relaxed with EMT: the price of a surface, and who wins.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

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

/// A particle relaxed, and its energy above the crystal, eV, per N^(2/3).
struct Relaxed {
  std::string shape;
  Atoms atoms;
  double energy = 0.0;
  bool converged = false;
  double size() const { return static_cast<double>(atoms.size()); }
  double per_surface() const { return energy / std::pow(size(), 2.0 / 3.0); }
};

std::vector<Relaxed> relaxed_particles(const Potential& potential, bool quick) {
  std::vector<Particle> all = particles(quick);
  std::stable_sort(all.begin(), all.end(),
                   [](const Particle& a, const Particle& b) { return a.atoms.size() < b.atoms.size(); });
  std::vector<Relaxed> results;
  for (const Particle& particle : all) {
    const RelaxResult r = relax(particle.atoms, potential, {.fmax = 0.01, .max_steps = 500});
    results.push_back({particle.shape, r.atoms, r.energy, r.converged});
  }
  return results;
}

Table table_of(const std::vector<Relaxed>& all) {
  Table table({"shape", "atoms", "energy\neV", "energy / N^(2/3)\neV", "neighbours of the relaxed atoms"}, {0, 4});
  for (const Relaxed& r : all) {
    std::string neighbours = coordination_text(r.atoms);
    if (neighbours.size() > 44) neighbours = neighbours.substr(0, neighbours.rfind(',', 42)) + " …";
    table.add({r.shape, std::to_string(r.atoms.size()), fixed(r.energy, 3), fixed(r.per_surface(), 4),
               neighbours + (r.converged ? "" : " (not converged)")});
  }
  return table;
}

/// One of each shape, of about `size` atoms.
std::vector<Portrait> portraits_of(const std::vector<Relaxed>& all, double size) {
  std::map<std::string, const Relaxed*> nearest;
  for (const Relaxed& r : all) {
    const Relaxed*& best = nearest[r.shape];
    if (best == nullptr || std::abs(r.size() - size) < std::abs(best->size() - size)) best = &r;
  }
  std::vector<Portrait> portraits;
  for (const auto& [shape, r] : nearest)
    portraits.push_back({shape + ", " + plural(r->atoms.size(), "atom"), r->atoms, {.from = Vector3{0.45, -1.0, 0.6}}});
  return portraits;
}

std::map<std::string, Curve> curves_of(const std::vector<Relaxed>& all) {
  std::map<std::string, Curve> curves;
  for (const Relaxed& r : all) {
    Curve& curve = curves[r.shape];
    curve.title = r.shape, curve.style = Style::lines_points;
    curve.x.push_back(r.size()), curve.y.push_back(r.per_surface());
  }
  return curves;
}

/// The curve at n by straight lines between its points; beyond its ends none.
std::optional<double> at(const Curve& curve, double n) {
  for (std::size_t k = 0; k + 1 < curve.x.size(); ++k) {
    if (curve.x[k] <= n && n <= curve.x[k + 1])
      return curve.y[k] + (curve.y[k + 1] - curve.y[k]) * (n - curve.x[k]) / (curve.x[k + 1] - curve.x[k]);
  }
  return {};
}

/// The size from which on `other` lies below `curve`; 0 where it never does.
double crossing(const Curve& curve, const Curve& other) {
  for (double n = 1.0; n <= curve.x.back(); n += 1.0) {
    const std::optional<double> a = at(curve, n), b = at(other, n);
    if (a && b && *b < *a) return n;
  }
  return 0.0;
}

}  // namespace

void nanoparticle(Section& section) {
  const Emt emt;
  section.say(
      "Small particles are mostly surface, and surface atoms lack neighbours. Three shapes, each relaxed with EMT "
      "(forces below 0.01 eV/Å). Their energies, counted from the crystal, grow with the surface: E ≈ c N^(2/3). The "
      "quotient shows which shape is best at a size.");
  const std::vector<Relaxed> all = relaxed_particles(emt, section.quick);
  section.show(table_of(all));
  draw_structures(section.folder, "nanoparticles", portraits_of(all, section.quick ? 55.0 : 147.0), 3);
  section.point_to("nanoparticles.png",
                   "The icosahedron has twenty (111) faces and a strained inside; the cuboctahedron is a piece of the "
                   "crystal with (100) faces; the decahedron is in between.");
  std::vector<Frame> frames;
  for (const Relaxed& r : all) frames.push_back({.atoms = r.atoms, .info = {}, .columns = {}});
  write_extxyz(section.folder / "nanoparticles.extxyz", frames);
  section.point_to("nanoparticles.extxyz", "All relaxed particles, in the order of the table.");
  const std::map<std::string, Curve> curves = curves_of(all);
  Panel panel{.title = "Silver particles with EMT",
              .x_label = "number of atoms N",
              .y_label = "energy above the crystal / N^{2/3} (eV)",
              .curves = {},
              .settings = "set yrange [1.17:1.33]"};
  for (const auto& [shape, curve] : curves) panel.curves.push_back(curve);
  section.plot("nanoparticle_energies", {panel},
               "The lowest curve wins. The icosahedron's strain grows with the volume, its advantage with the surface "
               "only: its curve rises, and meets that of the decahedra.",
               {.width = 900, .height = 600});
  const double from = crossing(curves.at("icosahedron"), curves.at("decahedron"));
  section.conclude(
      "Not that of the crystal: at all sizes here the cuboctahedron is highest. The smallest particles are lowest as "
      "icosahedra, " +
      (from > 0.0 ? "and from some " + fixed(10.0 * std::round(0.1 * from), 0) + " atoms on decahedra are lower."
                  : std::string("and at the few sizes of this quick run they stay so.")));
}

}  // namespace adatom::apps::lesson2
