#include "apps/structure_figure.hpp"

#include <algorithm>
#include <cmath>

#include "apps/figures.hpp"
#include "apps/table.hpp"
#include "atoms/elements.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

using Matrix = std::array<Vector3, 3>;

/// Rows: the principal axes of the positions, broadest first (Jacobi's rotations).
Matrix principal_axes(const std::vector<Vector3>& centred) {
  Matrix a{}, axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (const Vector3& r : centred) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) a[i][j] += r[i] * r[j];
    }
  }
  for (int sweep = 0; sweep < 30; ++sweep) {
    for (std::size_t p = 0; p < 3; ++p) {
      const std::size_t q = (p + 1) % 3;
      if (std::abs(a[p][q]) < 1e-14) continue;
      // The smaller of the two possible angles, or the sweeps may go round in circles.
      const double angle = 0.5 * std::atan(2.0 * a[p][q] / (a[q][q] - a[p][p] + 1e-300)), c = std::cos(angle), s = std::sin(angle);
      for (std::size_t k = 0; k < 3; ++k) {
        const double x = a[k][p], y = a[k][q];
        a[k][p] = c * x - s * y, a[k][q] = s * x + c * y;
      }
      for (std::size_t k = 0; k < 3; ++k) {
        const double x = a[p][k], y = a[q][k];
        a[p][k] = c * x - s * y, a[q][k] = s * x + c * y;
      }
      const Vector3 u = axes[p], v = axes[q];
      axes[p] = c * u - s * v, axes[q] = s * u + c * v;
    }
  }
  std::array<std::size_t, 3> order{0, 1, 2};
  std::sort(order.begin(), order.end(), [&a](std::size_t i, std::size_t j) { return a[i][i] > a[j][j]; });
  return {axes[order[0]], axes[order[1]], axes[order[2]]};
}

/// Positions seen from the front: x and y in the plane of the picture, z towards the eye.
std::vector<Vector3> seen_from_front(const Atoms& atoms) {
  const Vector3 center = center_of_mass(atoms);
  std::vector<Vector3> centred;
  for (const Vector3& r : atoms.positions) centred.push_back(r - center);
  const Matrix axes = principal_axes(centred);
  for (Vector3& r : centred) r = {dot(r, axes[0]), dot(r, axes[1]), dot(r, axes[2])};
  return centred;
}

/// Two blocks for gnuplot: bonds as separate lines, then atoms with radius and depth, the farthest first.
std::string blocks(const Atoms& atoms, const std::vector<Vector3>& seen) {
  constexpr double bond_factor = 1.25;  // of the sum of covalent radii
  const auto radius = [&atoms](std::size_t i) { return element(atoms.numbers[i]).covalent_radius; };
  std::string text = "# bonds: x y (A)\n";
  bool any = false;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = i + 1; j < atoms.size(); ++j) {
      if (norm(seen[i] - seen[j]) > bond_factor * (radius(i) + radius(j))) continue;
      text += general(seen[i][0], 6) + " " + general(seen[i][1], 6) + "\n" + general(seen[j][0], 6) + " " + general(seen[j][1], 6) + "\n\n";
      any = true;
    }
  }
  if (!any) text += "NaN NaN\n\n";
  std::vector<std::size_t> order(atoms.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&seen](std::size_t i, std::size_t j) { return seen[i][2] < seen[j][2]; });
  text += "\n# atoms: x y radius depth (A)\n";
  for (const std::size_t i : order) {
    text += general(seen[i][0], 6) + " " + general(seen[i][1], 6) + " " + general(0.42 * radius(i), 4) + " " + general(seen[i][2], 4) + "\n";
  }
  return text + "\n\n";
}

}  // namespace

void draw_structures(const std::filesystem::path& folder, const std::string& name, const std::vector<Portrait>& portraits, std::size_t columns) {
  std::string data;
  double reach = 1.0;
  for (const Portrait& portrait : portraits) {
    const std::vector<Vector3> seen = seen_from_front(portrait.atoms);
    for (const Vector3& r : seen) reach = std::max({reach, std::abs(r[0]), std::abs(r[1])});
    data += blocks(portrait.atoms, seen);
  }
  write_file(folder / (name + ".dat"), data);
  const std::size_t rows = (portraits.size() + columns - 1) / columns;
  const std::string range = "[" + fixed(-reach - 0.8, 2) + ":" + fixed(reach + 0.8, 2) + "]";
  std::string script = "# Redraw with: gnuplot " + name + ".gp\nset terminal pngcairo size " + std::to_string(440 * columns) + "," + std::to_string(440 * rows) +
                       " enhanced font 'DejaVu Sans,13'\nset output '" + name + ".png'\nset encoding utf8\nunset border\nunset tics\nunset key\nunset colorbox\n"
                       "set size ratio -1\nset cbrange [-1.5:1.5]\nset style fill solid 1.0 border rgb '#222222'\nset palette defined (0 '#30506e', 1 '#9cc3e6')\n"
                       "set xrange " + range + "\nset yrange " + range + "\nset multiplot layout " + std::to_string(rows) + "," + std::to_string(columns) + "\n";
  for (std::size_t k = 0; k < portraits.size(); ++k) {
    script += "set title \"" + portraits[k].title + "\"\n";
    if (k == 0) {
      const std::string x = fixed(-reach - 0.5, 2), end = fixed(-reach + 0.5, 2), y = fixed(-reach - 0.4, 2);
      script += "set arrow 1 from " + x + "," + y + " to " + end + "," + y + " nohead linewidth 3\nset label 1 '1 Å' at " + x + "," + fixed(-reach - 0.1, 2) + "\n";
    }
    script += "plot '" + name + ".dat' index " + std::to_string(2 * k) + " with lines linewidth 6 linecolor rgb '#777777', '' index " + std::to_string(2 * k + 1) +
              " using 1:2:3:4 with circles linecolor palette\n";
    if (k == 0) script += "unset arrow 1\nunset label 1\n";
  }
  draw(folder, name, script + "unset multiplot\n");
}

}  // namespace adatom::apps
