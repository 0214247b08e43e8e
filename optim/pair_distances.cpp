#include "optim/pair_distances.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace adatom {
namespace {

/// The lattice vectors of the cells around, (0,0,0) among them, along periodic directions.
std::vector<Vector3> shifts_around(const Atoms& atoms) {
  std::vector<Vector3> shifts;
  int range[3];
  for (std::size_t k = 0; k < 3; ++k) range[k] = atoms.pbc[k] ? 1 : 0;
  const Cell& cell = atoms.cell;
  for (int x = -range[0]; x <= range[0]; ++x) {
    for (int y = -range[1]; y <= range[1]; ++y) {
      for (int z = -range[2]; z <= range[2]; ++z) shifts.push_back(x * cell[0] + y * cell[1] + z * cell[2]);
    }
  }
  return shifts;
}

}  // namespace

PairDistances::PairDistances(std::span<const Atoms> path, double reach)
    : shortest_(std::numeric_limits<double>::infinity()) {
  const Atoms &a = path.front(), &b = path.back();
  const std::vector<Vector3> shifts = shifts_around(a);
  // Atoms outside the cell are first brought near: the shift counts from their wrapped places.
  const Atoms inside = wrapped(a);
  for (std::size_t j = 1; j < a.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const Vector3 home = (inside.positions[j] - a.positions[j]) - (inside.positions[i] - a.positions[i]);
      const Vector3 first = a.positions[j] - a.positions[i] + home, last = b.positions[j] - b.positions[i] + home;
      Pair best{i, j, {}, 0.0, 0.0};
      double least = std::numeric_limits<double>::infinity();
      for (const Vector3& shift : shifts) {
        const double both = norm(first + shift) + norm(last + shift);
        if (both < least) {
          least = both;
          best = {i, j, home + shift, norm(first + shift), norm(last + shift)};
        }
      }
      const bool close = std::any_of(path.begin(), path.end(), [&](const Atoms& at) {
        return norm(at.positions[j] - at.positions[i] + best.shift) < reach;
      });
      if (!close) continue;
      pairs_.push_back(best);
      shortest_ = std::min({shortest_, best.first, best.last});
    }
  }
}

double PairDistances::energy(double share, const Atoms& atoms, std::vector<Vector3>& forces) const {
  constexpr double stiffness = 10.0, least_distance = 1e-3;
  const double scale = stiffness * std::pow(shortest_, 4);
  double energy = 0.0;
  forces.assign(atoms.size(), Vector3{});
  for (const Pair& p : pairs_) {
    const Vector3 along = atoms.positions[p.j] - atoms.positions[p.i] + p.shift;
    const double d = std::max(norm(along), least_distance), off = d - ((1.0 - share) * p.first + share * p.last);
    const double weight = scale / (d * d * d * d);
    energy += weight * off * off;
    const double slope = 2.0 * weight * off * (1.0 - 2.0 * off / d);  // dE/dd
    forces[p.i] += (slope / d) * along;
    forces[p.j] -= (slope / d) * along;
  }
  return energy;
}

}  // namespace adatom
