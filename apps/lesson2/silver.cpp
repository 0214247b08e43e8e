// fcc silver, by hand and by the builder; the shells of neighbours that tell fcc from others.
#include <algorithm>
#include <cmath>

#include "apps/lesson2/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/bulk.hpp"
#include "atoms/elements.hpp"
#include "atoms/neighbors.hpp"

namespace adatom::apps::lesson2 {
namespace {

/// Cubic cell of fcc: atoms at a corner and on the centres of three faces.
Atoms fcc_by_hand(const char* symbol, double a) {
  const int z = atomic_number(symbol);
  return {.numbers = {z, z, z, z},
          .positions = {{0, 0, 0}, {0, a / 2, a / 2}, {a / 2, 0, a / 2}, {a / 2, a / 2, 0}},
          .cell = orthorhombic(a, a, a),
          .pbc = {true, true, true}};
}

/// Largest difference of cell vectors and positions, Angstrom, atoms in the same order.
double largest_difference(const Atoms& a, const Atoms& b) {
  double worst = a.numbers == b.numbers && a.pbc == b.pbc ? 0.0 : 1e9;
  for (std::size_t k = 0; k < 3; ++k) worst = std::max(worst, norm(a.cell[k] - b.cell[k]));
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    worst = std::max(worst, norm(a.positions[i] - b.positions[i]));
  return worst;
}

struct Shell {
  double distance = 0.0;
  std::size_t count = 0;
};

/// Distances from the first atom, and how many neighbours there are at each.
std::vector<Shell> shells(const Atoms& crystal, double cutoff) {
  const NeighborList list = neighbor_list(crystal, cutoff);
  std::vector<double> distances;
  for (std::size_t n = list.offsets[0]; n < list.offsets[1]; ++n) distances.push_back(norm(list.displacement[n]));
  std::sort(distances.begin(), distances.end());
  std::vector<Shell> result;
  for (const double r : distances) {
    if (result.empty() || r > result.back().distance + 1e-6) result.push_back({r, 0});
    ++result.back().count;
  }
  return result;
}

}  // namespace

void silver(Section& section) {
  constexpr double a = 4.09;  // Å, at room temperature
  const Atoms by_hand = fcc_by_hand("Ag", a), cube = bulk("Ag", {.a = a, .setting = Setting::conventional}),
              primitive = bulk("Ag", {.a = a});
  section.say(
      "A crystal is a cell that repeats, and the atoms in it. The cube of face-centred cubic silver holds four atoms; "
      "the same crystal has a primitive cell with one. By hand and by the builder:");
  section.quote(
      "by hand:  cell a × a × a, atoms at (0, 0, 0), (0, a/2, a/2), (a/2, 0, a/2), (a/2, a/2, 0)\n"
      "builder:  bulk(\"Ag\", {.a = 4.09, .setting = Setting::conventional})");
  section.say("Largest difference of any coordinate: " + general(largest_difference(by_hand, cube), 2) + " Å.");
  Table cells({"cell", "atoms", "volume\nÅ³", "volume per atom\nÅ³"}, {0});
  for (const auto& [name, atoms] : {std::pair<std::string, Atoms>{"by hand, cube", by_hand},
                                    {"builder, cube", cube},
                                    {"builder, primitive", primitive}}) {
    cells.add({name, std::to_string(atoms.size()), fixed(volume(atoms.cell), 4),
               fixed(volume(atoms.cell) / static_cast<double>(atoms.size()), 4)});
  }
  section.show(cells);

  section.say(
      "Different cells, the same crystal: the neighbours of an atom show it. Their numbers 12, 6, 24, 12 … are fcc's "
      "signature, their distances a√(n/2).");
  const auto cutoff = 1.05 * a * std::sqrt(2.0);
  const std::vector<Shell> from_hand = shells(by_hand, cutoff), from_primitive = shells(primitive, cutoff);
  Table table({"shell", "a√(n/2)\nÅ", "cube by hand\nÅ", "neighbours", "primitive cell\nÅ", "neighbours"});
  for (std::size_t n = 0; n < from_hand.size(); ++n) {
    table.add({std::to_string(n + 1), fixed(a * std::sqrt(0.5 * static_cast<double>(n + 1)), 4),
               fixed(from_hand[n].distance, 4), std::to_string(from_hand[n].count),
               fixed(from_primitive[n].distance, 4), std::to_string(from_primitive[n].count)});
  }
  section.show(table);
  draw_structures(section.folder, "silver",
                  {{"The cube, touching balls", by_hand, {.whole_faces = true}},
                   {"The same, small balls", by_hand, {.look = Look::balls_and_sticks, .whole_faces = true}},
                   {"The primitive cell", primitive, {.look = Look::balls_and_sticks, .whole_faces = true}}},
                  3);
  section.point_to("silver.png",
                   "Atoms on corners and faces are repeated on the opposite ones: 8/8 + 6/2 = 4 in the cube, 8/8 = 1 "
                   "in the primitive cell.");
  section.conclude("As a cell that repeats, and the atoms in it. The choice is free: cubes of " +
                   std::to_string(cube.size()) + " atoms and the primitive cell of " +
                   std::to_string(primitive.size()) + " have the same " + std::to_string(from_primitive.front().count) +
                   " nearest neighbours at " + fixed(from_primitive.front().distance, 3) +
                   " Å, and the same volume per atom.");
}

}  // namespace adatom::apps::lesson2
