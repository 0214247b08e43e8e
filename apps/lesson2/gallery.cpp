// Pictures: what can be built, drawn so that one sees depth, elements and the cell.
#include <cmath>

#include "apps/lesson2/sections.hpp"
#include "apps/structure_figure.hpp"
#include "atoms/builders/adsorbate.hpp"
#include "atoms/builders/bulk.hpp"
#include "atoms/builders/molecules.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/builders/nanotube.hpp"
#include "atoms/builders/surface.hpp"
#include "atoms/editing.hpp"

namespace adatom::apps::lesson2 {
namespace {

Atoms co_on_copper() {
  Slab slab = fcc111("Cu", {.size = {3, 3, 3}, .vacuum = 4.0});
  add_adsorbate(slab, molecule("CO"), 1.8, "ontop", {.offset = {1, 1}, .atom = 1});
  return slab.atoms;
}

}  // namespace

void gallery(Section& section) {
  section.say(
      "A structure is easier to check with the eye than as a list of numbers. The pictures of this lesson are circles, "
      "painted from back to front: nearer balls hide farther ones, are larger and clearer; colours are those of the "
      "elements; the cell is drawn as its edges.");
  section.quote(
      "draw_structures(folder, \"gallery\", {{\"C_{60}\", molecule(\"C60\")}, {\"NaCl\", bulk(\"NaCl\", …), "
      "{.whole_faces = true}}, …}, 3);");
  const BulkOptions cube{.setting = Setting::conventional};
  draw_structures(section.folder, "gallery",
                  {{"Ethanol", molecule("CH3CH2OH"), {}},
                   {"Buckminsterfullerene C_{60}", molecule("C60"), {}},
                   {"Nanotube (6, 3)", nanotube(6, 3, {.vacuum = 2.0}), {}},
                   {"Rock salt", bulk("NaCl", cube), {.look = Look::balls_and_sticks, .whole_faces = true}},
                   {"Diamond", bulk("C", cube), {.whole_faces = true}},
                   {"Zinc blende", bulk("GaAs", cube), {.whole_faces = true}},
                   {"CO on Cu(111)", co_on_copper(), {}},
                   {"Gold, Marks' decahedron", decahedron("Au", 3, 3, 1), {.from = Vector3{0.5, -1.0, 0.8}}},
                   {"Copper, icosahedron", icosahedron("Cu", 4), {}}},
                  3, Scale::own);
  section.point_to("gallery.png",
                   "Balls touch in dense structures; elsewhere bonds are drawn. Each picture has its own scale bar.");
  section.conclude(
      "The eye sees at once what a table of numbers hides: the five faces around a decahedron's axis, the rings of the "
      "nanotube, the carbon end of CO on the metal. Look at every structure before computing with it.");
}

}  // namespace adatom::apps::lesson2
