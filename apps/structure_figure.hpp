// What this file is: structures drawn as shaded balls, bonds as sticks, the cell as its twelve edges. What is nearer
// hides what is farther, is larger (a mild perspective) and clearer; what is far away fades into the paper. Colours are
// those of the elements.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom::apps {

enum class Look {
  automatic,        ///< balls for dense structures (more than 4.5 bonds an atom on average), else balls and sticks
  balls,            ///< as large as the covalent radii: neighbours touch
  balls_and_sticks  ///< small balls; sticks where two are within 1.2 times the sum of their covalent radii
};

/// How a structure is looked at.
struct View {
  /// From the structure towards the eye, any length. Default: for a free structure from where it is broadest, for one
  /// with a cell obliquely from above its front, (1.3, -3, 1.1).
  std::optional<Vector3> from{};
  Vector3 up{0.0, 0.0, 1.0};  ///< what points upwards in the picture; if `from` is along it, y does
  Look look = Look::automatic;
  bool cell = true;  ///< draw its edges, where there are three cell vectors
  bool whole_faces =
      false;  ///< repeat atoms on the faces, edges and corners of the cell on the opposite ones, as textbooks do
};

struct Portrait {
  std::string title;
  Atoms atoms;
  View view{};
};

enum class Scale {
  common,  ///< all portraits alike, so that sizes can be compared
  own      ///< each fills its place and has its scale bar
};

/// NAME.{dat,gp,png} with the portraits side by side, `columns` in a row.
void draw_structures(const std::filesystem::path& folder, const std::string& name,
                     const std::vector<Portrait>& portraits, std::size_t columns, Scale scale = Scale::common);

/// One circle of a picture: x and y in the plane of the picture and the radius, Angstrom, and the colour 0xRRGGBB.
struct Disc {
  double x = 0.0, y = 0.0, radius = 0.0;
  std::uint32_t colour = 0;
};

/// The picture of a structure as circles, to be painted in this order: each hides those before it. The middle of the
/// structure is at the origin, where the scale is exact.
std::vector<Disc> paint(const Atoms& atoms, const View& view = {});

}  // namespace adatom::apps
