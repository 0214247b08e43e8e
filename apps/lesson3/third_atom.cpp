#include "apps/lesson3/third_atom.hpp"

#include <algorithm>

namespace adatom::apps::lesson3 {

Atoms with_third_atom(double x, double y) {
  const double half = 0.5 * pair_minimum;
  return {.numbers = {18, 18, 18}, .positions = {{-half, 0.0, 0.0}, {half, 0.0, 0.0}, {x, y, 0.0}}};
}

Map third_atom_map(const Potential& potential, const std::vector<double>& x, const std::vector<double>& y,
                   double highest) {
  Map map{x, y, {}};
  const double half = 0.5 * pair_minimum;
  for (const double xi : x) {
    std::vector<double> column;
    for (const double yj : y) {
      // Very close to an atom the energy is beyond all bounds, and the potential refuses to name it.
      const bool inside = std::hypot(std::abs(xi) - half, yj) < 0.1;
      column.push_back(
          inside ? highest : std::min(highest, potential.compute(with_third_atom(xi, yj), {.forces = false}).energy));
    }
    map.values.push_back(column);
  }
  return map;
}

void write_map(const Section& section, const std::string& name, const Map& map) {
  // The first row holds the number of columns and then x, every other row its y and then the values.
  std::vector<std::string> headings{"y"};
  std::vector<std::vector<double>> columns{{static_cast<double>(map.x.size())}};
  columns[0].insert(columns[0].end(), map.y.begin(), map.y.end());
  for (std::size_t i = 0; i < map.x.size(); ++i) {
    headings.push_back("x" + std::to_string(i));
    columns.push_back({map.x[i]});
    columns.back().insert(columns.back().end(), map.values[i].begin(), map.values[i].end());
  }
  section.write_data(name, headings, columns);
}

std::string contour_script(const std::string& name, const std::string& levels) {
  return "set contour base\nset cntrparam levels " + levels + "\nunset surface\nset table $" + name + "\nsplot '" +
         name + ".dat' nonuniform matrix\nunset table\nunset contour\nset surface\n";
}

std::string contour_elements(const std::string& name) {
  return "'" + name + ".dat' nonuniform matrix with image notitle, $" + name +
         " with lines linecolor rgb '#666666' linewidth 0.6 notitle";
}

std::string map_palette() {
  return "set palette defined (0 '#08306b', 1 '#2171b5', 2 '#6baed6', 3 '#c6dbef', 4 '#f7fbff', 5 '#fee8c8', 6 "
         "'#fdbb84')\n";
}

}  // namespace adatom::apps::lesson3
