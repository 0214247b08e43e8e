// The neighbour list as its definition says it: all pairs, all images that can be close enough.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "atoms/neighbor_pairs.hpp"
#include "atoms/neighbors.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace neighbor_pairs {
Lattice prepare(const Atoms& atoms, double cutoff) {
  if (!(cutoff > 0.0)) throw InputError("the cutoff must be > 0, found " + number_text(cutoff));
  validate(atoms);
  if (atoms.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw InputError("a neighbour list holds at most 2^32 - 1 atoms, found " + std::to_string(atoms.size()));
  }
  const Cell whole = completed(atoms.cell, atoms.pbc);
  Lattice lattice{.reciprocal = reciprocal(whole), .heights = heights(whole)};

  // The largest number that enters a displacement bounds its rounding error.
  double magnitude = std::isfinite(cutoff) ? cutoff : 0.0;
  for (const Vector3& position : atoms.positions) magnitude = std::max(magnitude, 4.0 * norm(position));
  for (std::size_t k = 0; k < 3; ++k) {
    if (!atoms.pbc[k]) continue;
    double farthest = 0.0;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      const double cells = std::abs(dot(atoms.positions[i], lattice.reciprocal[k]));
      farthest = std::max(farthest, cells);
      if (cells <= 1e8) continue;
      throw InputError("atom " + std::to_string(i) + " lies " + number_text(cells) +
                       " cells away from the origin along " + "abc"[k] + "; move it to within 1e8 cells");
    }
    magnitude += (2.0 * farthest + cutoff / lattice.heights[k] + 2.0) * norm(atoms.cell[k]);
  }
  lattice.reach = cutoff + 64.0 * std::numeric_limits<double>::epsilon() * skewness(whole) * magnitude;

  double images = 1.0;
  for (std::size_t k = 0; k < 3; ++k) {
    if (atoms.pbc[k]) images *= 2.0 * lattice.reach / lattice.heights[k] + 1.0;
  }
  if (!(images <= 1e7)) {
    throw InputError("the cutoff " + number_text(cutoff) + " spans " + number_text(images) +
                     " images of the cell, more than ten million: lower the cutoff or enlarge the cell");
  }
  return lattice;
}

double squared_cutoff(double cutoff) {
  double t = cutoff * cutoff;
  while (t > 0.0 && std::sqrt(std::nextafter(t, 0.0)) >= cutoff) t = std::nextafter(t, 0.0);
  while (std::sqrt(t) < cutoff) t = std::nextafter(t, std::numeric_limits<double>::infinity());
  return t;
}

}  // namespace neighbor_pairs

NeighborList naive_neighbor_list(const Atoms& atoms, double cutoff) {
  using namespace neighbor_pairs;
  const Lattice lattice = prepare(atoms, cutoff);
  const double t = squared_cutoff(cutoff);
  NeighborList list;
  list.offsets.push_back(0);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = 0; j < atoms.size(); ++j) {
      // An image within the cutoff has |s_k + S_k| height_k < cutoff, with s the fractional coordinates of r_j − r_i.
      const Vector3 difference = atoms.positions[j] - atoms.positions[i];
      std::array<int, 3> first{}, last{};
      for (std::size_t k = 0; k < 3; ++k) {
        if (!atoms.pbc[k]) continue;
        const double s = dot(difference, lattice.reciprocal[k]);
        const double reach = lattice.reach / lattice.heights[k];
        first[k] = static_cast<int>(std::ceil(-s - reach));
        last[k] = static_cast<int>(std::floor(-s + reach));
      }
      for (int a = first[0]; a <= last[0]; ++a) {
        for (int b = first[1]; b <= last[1]; ++b) {
          for (int c = first[2]; c <= last[2]; ++c) {
            const std::array<int, 3> shift{a, b, c};
            if (i == j && shift == std::array<int, 3>{}) continue;
            const Vector3 d = displacement(atoms.positions[i], atoms.positions[j], translation(atoms.cell, shift));
            if (!(dot(d, d) < t)) continue;
            list.index.push_back(static_cast<std::uint32_t>(j));
            list.shift.push_back(shift);
            list.displacement.push_back(d);
          }
        }
      }
    }
    list.offsets.push_back(list.size());
  }
  return list;
}

}  // namespace adatom
