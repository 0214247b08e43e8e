#include "apps/structure_figure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "apps/plot.hpp"
#include "apps/table.hpp"
#include "atoms/editing.hpp"
#include "atoms/elements.hpp"
#include "atoms/geometry.hpp"
#include "core/file.hpp"
#include "core/symmetric_eigen.hpp"

namespace adatom::apps {
namespace {

using Colour = std::array<double, 3>;  // red, green, blue, 0 … 1

constexpr double bond_factor = 1.2;  // of the sum of covalent radii, as coordination_numbers has it
constexpr Colour paper{1.0, 1.0, 1.0}, edge_colour{0.25, 0.25, 0.3}, stick_colour{0.55, 0.55, 0.55};

/// Part of a scene: a ball in the coordinates of the picture. `flat` ones are not shaded.
struct Ball {
  Vector3 position{};
  double radius = 0.0;
  Colour colour{};
  bool flat = false;
};

bool has_cell(const Atoms& atoms) { return volume(atoms.cell) > 0.0; }

Colour mixed(const Colour& a, const Colour& b, double part_of_b) {
  Colour c;
  for (std::size_t k = 0; k < 3; ++k) c[k] = (1.0 - part_of_b) * a[k] + part_of_b * b[k];
  return c;
}

std::uint32_t packed(const Colour& c) {
  std::uint32_t text = 0;
  for (const double x : c) text = 256 * text + static_cast<std::uint32_t>(std::lround(255.0 * std::clamp(x, 0.0, 1.0)));
  return text;
}

Colour colour_of(int number) {
  const auto& rgb = element(number).colour;
  return {rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0};
}

Vector3 unit(const Vector3& v) { return (1.0 / norm(v)) * v; }

// ── Where the eye is ──

/// Rows: the picture's x and y, and the direction towards the eye.
Matrix3 camera(const Vector3& from, const Vector3& up) {
  const Vector3 eye = unit(from);
  Vector3 across = cross(up, eye);
  if (norm(across) < 1e-6 * norm(up)) across = cross({0.0, 1.0, 0.0}, eye);
  if (norm(across) < 1e-6) across = {1.0, 0.0, 0.0};
  across = unit(across);
  return {across, cross(eye, across), eye};
}

/// The principal axes of the positions, broadest first.
Matrix3 principal_axes(const Atoms& atoms) {
  const Vector3 center = center_of_mass(atoms);
  std::vector<double> spread(9, 0.0);
  for (const Vector3& position : atoms.positions) {
    const Vector3 r = position - center;
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) spread[3 * i + j] += r[i] * r[j];
    }
  }
  const SymmetricEigen eigen = symmetric_eigen(3, spread);
  const auto axis = [&eigen](std::size_t k) {
    return Vector3{eigen.vector(k)[0], eigen.vector(k)[1], eigen.vector(k)[2]};
  };
  return {axis(2), axis(1), cross(axis(2), axis(1))};
}

Matrix3 axes_of_view(const Atoms& atoms, const View& view) {
  if (view.from) return camera(*view.from, view.up);
  if (has_cell(atoms)) return camera({1.3, -3.0, 1.1}, view.up);
  return principal_axes(atoms);
}

/// The structure in the coordinates of the picture: x to the right, y upwards, z towards the eye.
Atoms turned(Atoms atoms, const Matrix3& axes) {
  for (Vector3& r : atoms.positions) r = product(axes, r);
  for (Vector3& v : atoms.cell.vectors) v = product(axes, v);
  return atoms;
}

// ── What is there to see ──

/// Atoms on the faces of the cell also on the opposite faces, atoms outside moved into it, along the periodic
/// directions.
Atoms with_whole_faces(const Atoms& atoms) {
  constexpr double near = 1e-6;
  Atoms result = wrapped(atoms);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (!atoms.pbc[axis]) continue;
    const std::size_t count = result.size();
    for (std::size_t i = 0; i < count; ++i) {
      const double s = fractional(result.cell, result.positions[i])[axis];
      if (s > near && s < 1.0 - near) continue;
      result.numbers.push_back(result.numbers[i]);
      result.positions.push_back(result.positions[i] + (s < 0.5 ? 1.0 : -1.0) * result.cell[axis]);
    }
  }
  return result;
}

bool drawn_as_balls(const Atoms& atoms, Look look) {
  if (look != Look::automatic) return look == Look::balls;
  double bonds = 0.0;
  for (const std::size_t n : coordination_numbers(atoms)) bonds += static_cast<double>(n);
  return bonds > 4.5 * static_cast<double>(atoms.size());
}

/// A line as a row of small balls, so close that one does not see it.
void add_rod(std::vector<Ball>& balls, const Vector3& a, const Vector3& b, double radius, double spacing,
             const Colour& colour_a, const Colour& colour_b, bool flat) {
  const auto steps = static_cast<std::size_t>(std::ceil(norm(b - a) / spacing)) + 1;
  for (std::size_t k = 0; k <= steps; ++k) {
    const double t = static_cast<double>(k) / static_cast<double>(steps);
    balls.push_back({a + t * (b - a), radius, t < 0.5 ? colour_a : colour_b, flat});
  }
}

void add_cell(std::vector<Ball>& balls, const Cell& cell) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (const double s : {0.0, 1.0}) {
      for (const double t : {0.0, 1.0}) {
        const Vector3 start = s * cell[(axis + 1) % 3] + t * cell[(axis + 2) % 3];
        add_rod(balls, start, start + cell[axis], 0.035, 0.03, edge_colour, edge_colour, true);
      }
    }
  }
}

/// Radius of an atom drawn with sticks, Angstrom.
double small_ball(int number) { return 0.12 + 0.36 * element(number).covalent_radius; }

/// Each stick is three rods: a dark one behind, its body, a light streak before it towards the light.
void add_sticks(std::vector<Ball>& balls, const Atoms& atoms) {
  constexpr Colour black{0.0, 0.0, 0.0}, white{1.0, 1.0, 1.0};
  const auto radius = [&atoms](std::size_t i) { return element(atoms.numbers[i]).covalent_radius; };
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = i + 1; j < atoms.size(); ++j) {
      const Vector3 bond = atoms.positions[j] - atoms.positions[i];
      if (norm(bond) > bond_factor * (radius(i) + radius(j)) || norm(bond) < 0.5) continue;
      // From ball to ball, not from centre to centre.
      const Vector3 a = atoms.positions[i] + 0.9 * small_ball(atoms.numbers[i]) * unit(bond),
                    b = atoms.positions[j] - 0.9 * small_ball(atoms.numbers[j]) * unit(bond);
      const Colour first = mixed(colour_of(atoms.numbers[i]), stick_colour, 0.5),
                   second = mixed(colour_of(atoms.numbers[j]), stick_colour, 0.5);
      const auto add = [&](const Vector3& shift, double thickness, const Colour& tint, double part) {
        add_rod(balls, a + shift, b + shift, thickness, 0.03, mixed(first, tint, part), mixed(second, tint, part),
                true);
      };
      add({0.0, 0.0, -0.12}, 0.10, black, 0.6);
      add({0.0, 0.0, 0.0}, 0.085, black, 0.1);
      add({-0.025, 0.025, 0.06}, 0.03, white, 0.45);
    }
  }
}

std::vector<Ball> scene(const Atoms& atoms, const View& view) {
  const bool big = drawn_as_balls(atoms, view.look);
  const Atoms shown = view.whole_faces && has_cell(atoms) ? with_whole_faces(atoms) : atoms;
  std::vector<Ball> balls;
  if (!big) add_sticks(balls, shown);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    balls.push_back({shown.positions[i],
                     big ? 0.97 * element(shown.numbers[i]).covalent_radius : small_ball(shown.numbers[i]),
                     colour_of(shown.numbers[i])});
  }
  if (view.cell && has_cell(atoms)) {
    const std::vector<Ball> solid = balls;
    std::vector<Ball> edges;
    add_cell(edges, atoms.cell);
    const auto buried = [&solid](const Ball& dot) {
      return std::any_of(solid.begin(), solid.end(),
                         [&dot](const Ball& ball) { return norm(ball.position - dot.position) < ball.radius; });
    };
    std::copy_if(edges.begin(), edges.end(), std::back_inserter(balls),
                 [&buried](const Ball& dot) { return !buried(dot); });
  }
  return balls;
}

// ── Looking at it ──

/// A shaded ball: a dark rim, then ever smaller and lighter circles that move towards the light, upper left.
void add_shaded(std::vector<Disc>& discs, const Disc& whole, const Colour& colour) {
  constexpr int rings = 9;
  const double r = whole.radius;
  discs.push_back({whole.x, whole.y, r, packed(mixed(colour, {0.0, 0.0, 0.0}, 0.62))});
  for (int k = 0; k < rings; ++k) {
    const double t = static_cast<double>(k) / (rings - 1);  // 0 at the rim, 1 in the highlight
    const double size = (0.94 - 0.80 * t) * r, shift = 0.30 * t * r;
    const Colour shade = t < 0.5 ? mixed(colour, {0.0, 0.0, 0.0}, 0.34 * (1.0 - 2.0 * t))
                                 : mixed(colour, {1.0, 1.0, 1.0}, 0.65 * std::pow(2.0 * t - 1.0, 2));
    discs.push_back({whole.x - shift, whole.y + shift, size, packed(shade)});
  }
}

}  // namespace

std::vector<Disc> paint(const Atoms& atoms, const View& view) {
  const Matrix3 axes = axes_of_view(atoms, view);
  std::vector<Ball> balls = scene(turned(atoms, axes), view);
  if (balls.empty()) return {};
  Vector3 low, high;
  low.fill(std::numeric_limits<double>::infinity()), high.fill(-std::numeric_limits<double>::infinity());
  for (const Ball& ball : balls) {
    for (std::size_t k = 0; k < 3; ++k)
      low[k] = std::min(low[k], ball.position[k]), high[k] = std::max(high[k], ball.position[k]);
  }
  const Vector3 middle = 0.5 * (low + high);
  const double depth = high[2] - low[2], distance = 4.0 * (norm(high - low) + 1.0);
  std::stable_sort(balls.begin(), balls.end(),
                   [](const Ball& a, const Ball& b) { return a.position[2] < b.position[2]; });

  std::vector<Disc> discs;
  for (const Ball& ball : balls) {
    const Vector3 r = ball.position - middle;
    const double scale = distance / (distance - r[2]);
    // What lies 6 Å or more behind the front has faded by half.
    const double fade = 0.5 * std::min(1.0, (high[2] - ball.position[2]) / std::max(6.0, depth));
    const Colour colour = mixed(ball.colour, paper, fade);
    const Disc disc{scale * r[0], scale * r[1], scale * ball.radius, packed(colour)};
    if (ball.flat)
      discs.push_back(disc);
    else
      add_shaded(discs, disc, colour);
  }
  return discs;
}

namespace {

/// Half the width and height of what is seen, Angstrom.
struct Extent {
  double across = 0.5, upwards = 0.5;
};

Extent extent_of(const std::vector<Disc>& discs) {
  Extent e;
  for (const Disc& disc : discs) {
    e.across = std::max(e.across, 1.06 * (std::abs(disc.x) + disc.radius));
    e.upwards = std::max(e.upwards, 1.06 * (std::abs(disc.y) + disc.radius));
  }
  e.upwards += 0.08 * e.across;  // for the scale bar
  return e;
}

Extent larger(const Extent& a, const Extent& b) {
  return {std::max(a.across, b.across), std::max(a.upwards, b.upwards)};
}

/// As high as broad, so that pictures of their own scales fill their panels alike and their titles stand in one line.
Extent squared(const Extent& e) {
  const double reach = std::max(e.across, e.upwards);
  return {reach, reach};
}

std::string ranges(const Extent& e) {
  const auto range = [](double reach) { return "range [" + fixed(-reach, 3) + ":" + fixed(reach, 3) + "]\n"; };
  return "set x" + range(e.across) + "set y" + range(e.upwards);
}

/// How long an Angstrom is, or five, or ten.
std::string scale_bar(const Extent& e) {
  const double length = e.across > 12.0  ? 10.0
                        : e.across > 5.0 ? 5.0
                                         : 1.0,
               x = -0.98 * e.across, y = -0.98 * e.upwards;
  return "set arrow 1 from " + fixed(x, 3) + "," + fixed(y, 3) + " to " + fixed(x + length, 3) + "," + fixed(y, 3) +
         " nohead linewidth 3 front\nset label 1 '" + general(length) + " Å' at " + fixed(x, 3) + "," +
         fixed(y + 0.07 * e.across, 3) + " front\n";
}

}  // namespace

void draw_structures(const std::filesystem::path& folder, const std::string& name,
                     const std::vector<Portrait>& portraits, std::size_t columns, Scale scale) {
  std::string data =
      "# One block for each structure: x y radius (A) colour (0xRRGGBB as a number), in the order of painting\n";
  std::vector<Extent> extents;
  Extent largest;
  for (const Portrait& portrait : portraits) {
    const std::vector<Disc> discs = paint(portrait.atoms, portrait.view);
    for (const Disc& disc : discs)
      data += fixed(disc.x, 3) + " " + fixed(disc.y, 3) + " " + fixed(disc.radius, 3) + " " +
              std::to_string(disc.colour) + "\n";
    data += discs.empty() ? "NaN NaN NaN 0\n\n\n" : "\n\n";
    extents.push_back(scale == Scale::own ? squared(extent_of(discs)) : extent_of(discs));
    largest = larger(largest, extents.back());
  }
  write_file(folder / (name + ".dat"), data);
  const double shape = scale == Scale::own ? 1.0 : std::clamp(largest.upwards / largest.across, 0.5, 1.6);
  const auto width = static_cast<std::size_t>(440.0 / std::sqrt(shape)),
             height = static_cast<std::size_t>(440.0 * std::sqrt(shape)) + 50;
  const std::size_t rows = (portraits.size() + columns - 1) / columns;
  std::string script = "# Redraw with: gnuplot " + name + ".gp\nset terminal pngcairo size " +
                       std::to_string(width * columns) + "," + std::to_string(height * rows) +
                       " enhanced font 'DejaVu Sans,13'\nset output '" + name +
                       ".png'\n"
                       "set encoding utf8\n"
                       "unset border\n"
                       "unset tics\n"
                       "unset key\n"
                       "set size ratio -1\n"
                       "set lmargin 0\n"
                       "set rmargin 0\n"
                       "set bmargin 0.5\n"
                       "set tmargin 3\n"
                       "set style fill solid 1.0 noborder\n"
                       "set multiplot layout " +
                       std::to_string(rows) + "," + std::to_string(columns) + "\n";
  for (std::size_t k = 0; k < portraits.size(); ++k) {
    const Extent& seen = scale == Scale::own ? extents[k] : largest;
    script += "set title \"" + portraits[k].title + "\"\n" + ranges(seen) +
              (k == 0 || scale == Scale::own ? scale_bar(seen) : "unset arrow 1\nunset label 1\n");
    script +=
        "plot '" + name + ".dat' index " + std::to_string(k) + " using 1:2:3:4 with circles linecolor rgb variable\n";
  }
  draw(folder, name, script + "unset multiplot\n");
}

}  // namespace adatom::apps
