// What this file is: a potential energy surface of two coordinates, to look at: two atoms are held, a third one moves
// in their plane; and maps with contour lines. Shared by the sections "surface" and "relaxation".
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "apps/lesson.hpp"
#include "atoms/atoms.hpp"
#include "potentials/potential.hpp"

namespace adatom::apps::lesson3 {

/// Where the Lennard-Jones pair energy is lowest, 2^(1/6) σ, for σ = 1 Å.
inline const double pair_minimum = std::pow(2.0, 1.0 / 6.0);

/// Two atoms at (∓pair_minimum/2, 0, 0), the third at (x, y, 0), Å.
Atoms with_third_atom(double x, double y);

/// Values on a grid: values[i][j] belongs to x[i], y[j].
struct Map {
  std::vector<double> x, y;
  std::vector<std::vector<double>> values;
};

/// The energy (eV) of the three against the place of the third, cut off above at `highest`.
Map third_atom_map(const Potential& potential, const std::vector<double>& x, const std::vector<double>& y,
                   double highest);

/// Writes NAME.dat for gnuplot's "nonuniform matrix".
void write_map(const Section& section, const std::string& name, const Map& map);

/// Lines of gnuplot that put contour lines of NAME.dat at these heights into a block, and the two plot elements that
/// draw map and lines. The colours and ranges are the caller's.
std::string contour_script(const std::string& name, const std::string& levels);
std::string contour_elements(const std::string& name);

/// The palette of all maps: deep valleys dark.
std::string map_palette();

}  // namespace adatom::apps::lesson3
