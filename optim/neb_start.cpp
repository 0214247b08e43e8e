// The bands that nudged_elastic_band starts from: straight lines, and the image-dependent pair potential.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/error.hpp"
#include "optim/band.hpp"
#include "optim/lbfgs.hpp"
#include "optim/neb.hpp"

namespace adatom {
namespace {

/// Ends closer than this (Å), atom by atom, are the same.
constexpr double same = 1e-3;

struct Named {
  NebStart start;
  std::string_view name;
};
constexpr Named starts[] = {{NebStart::linear, "linear"}, {NebStart::idpp, "idpp"}};

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

void require_same_kind(const Atoms& a, const Atoms& b) {
  if (a.size() != b.size()) {
    throw InputError("neb: the ends have different numbers of atoms, " + std::to_string(a.size()) + " and " +
                     std::to_string(b.size()));
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a.numbers[i] != b.numbers[i]) {
      throw InputError("neb: atom " + std::to_string(i) + " (counted from 0) is " +
                       chemical_formula(std::span(&a.numbers[i], 1)) + " in the first and " +
                       chemical_formula(std::span(&b.numbers[i], 1)) +
                       " in the last structure; both ends need the same atoms in the same order");
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    if (a.pbc[k] != b.pbc[k]) throw InputError("neb: the ends are not periodic along the same directions");
    if (norm(a.cell[k] - b.cell[k]) > 1e-8 * (1.0 + norm(a.cell[k]))) {
      throw InputError(std::string("neb: the ends have different cells: lattice vector ") + "abc"[k] + " differs by " +
                       number_text(norm(a.cell[k] - b.cell[k])) + " A");
    }
  }
}

/// The way of each atom, through periodic boundaries where that is shorter.
std::vector<Vector3> shortest_ways(const Atoms& from, const Atoms& to) {
  const bool periodic = from.pbc[0] || from.pbc[1] || from.pbc[2];
  const Cell cell = periodic ? completed(from.cell, from.pbc) : Cell{};
  std::vector<Vector3> ways(from.size());
  for (std::size_t i = 0; i < ways.size(); ++i) {
    ways[i] = to.positions[i] - from.positions[i];
    if (!periodic) continue;
    const Vector3 s = fractional(cell, ways[i]);
    Vector3 best = ways[i], rounded = ways[i];
    for (std::size_t k = 0; k < 3; ++k) {
      // A way of half a cell is taken as given.
      if (from.pbc[k] && std::abs(s[k]) > 0.5 + 1e-6) rounded -= std::round(s[k]) * cell[k];
    }
    // In a skewed cell a neighbour of the rounded one may be nearer still.
    best = rounded;
    for (int n = 0; n < 27; ++n) {
      Vector3 other = rounded;
      bool allowed = true;
      for (std::size_t k = 0, rest = static_cast<std::size_t>(n); k < 3; ++k, rest /= 3) {
        const int shift = static_cast<int>(rest % 3) - 1;
        allowed = allowed && (shift == 0 || from.pbc[k]);
        other += shift * cell[k];
      }
      if (allowed && norm(other) < norm(best) - 1e-6) best = other;
    }
    ways[i] = best;
  }
  return ways;
}

Atoms moved(Atoms atoms, const std::vector<Vector3>& ways, double share) {
  for (std::size_t i = 0; i < ways.size(); ++i) atoms.positions[i] += share * ways[i];
  return atoms;
}

/// Two atoms, the second one shifted by a lattice vector, and their distances at the ends.
struct Pair {
  std::size_t i, j;
  Vector3 shift;
  double first, last;
};

/// Pairs that come closer than `reach` anywhere on the straight path; the shift that is shortest over both ends.
std::vector<Pair> close_pairs(const std::vector<Atoms>& path, double reach) {
  const Atoms &a = path.front(), &b = path.back();
  std::vector<Vector3> shifts;
  int range[3];
  for (std::size_t k = 0; k < 3; ++k) range[k] = a.pbc[k] ? 1 : 0;
  for (int x = -range[0]; x <= range[0]; ++x) {
    for (int y = -range[1]; y <= range[1]; ++y) {
      for (int z = -range[2]; z <= range[2]; ++z) shifts.push_back(x * a.cell[0] + y * a.cell[1] + z * a.cell[2]);
    }
  }
  // Atoms outside the cell are first brought near: the shift counts from their wrapped places.
  const Atoms inside = wrapped(a);
  std::vector<Pair> pairs;
  for (std::size_t j = 1; j < a.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const Vector3 home = (inside.positions[j] - a.positions[j]) - (inside.positions[i] - a.positions[i]);
      const Vector3 first = a.positions[j] - a.positions[i] + home, last = b.positions[j] - b.positions[i] + home;
      Pair best{i, j, {}, 0.0, 0.0};
      double shortest = std::numeric_limits<double>::infinity();
      for (const Vector3& shift : shifts) {
        const double both = norm(first + shift) + norm(last + shift);
        if (both < shortest) {
          shortest = both;
          best = {i, j, home + shift, norm(first + shift), norm(last + shift)};
        }
      }
      const bool close = std::any_of(path.begin(), path.end(), [&](const Atoms& at) {
        return norm(at.positions[j] - at.positions[i] + best.shift) < reach;
      });
      if (close) pairs.push_back(best);
    }
  }
  return pairs;
}

/// Σ (t/d)⁴ (d − target)² over the pairs, eV if lengths are in Å and a factor of `stiffness` eV/Å² comes with it; t,
/// the shortest distance, only sets the scale.
double pair_energy(const std::vector<Pair>& pairs, double share, double shortest, const Atoms& atoms,
                   std::vector<Vector3>& forces) {
  constexpr double stiffness = 10.0;
  const double scale = stiffness * std::pow(shortest, 4);
  double energy = 0.0;
  std::fill(forces.begin(), forces.end(), Vector3{});
  for (const Pair& p : pairs) {
    const Vector3 along = atoms.positions[p.j] - atoms.positions[p.i] + p.shift;
    const double d = std::max(norm(along), 1e-3), off = d - ((1.0 - share) * p.first + share * p.last);
    const double w = scale / (d * d * d * d);
    energy += w * off * off;
    const double slope = 2.0 * w * off * (1.0 - 2.0 * off / d);
    forces[p.i] += (slope / d) * along;
    forces[p.j] -= (slope / d) * along;
  }
  return energy;
}

std::vector<Atoms> spread_by_pair_distances(std::vector<Atoms> path, std::span<const std::size_t> fixed) {
  const std::vector<Pair> pairs = close_pairs(path, 8.0);
  double shortest = std::numeric_limits<double>::infinity();
  for (const Pair& p : pairs) shortest = std::min({shortest, p.first, p.last});
  if (pairs.empty() || !(shortest > 0.0)) return path;
  const FreeDirections free(path.front(), {.fixed = {fixed.begin(), fixed.end()}});
  const double steps = static_cast<double>(path.size() - 1);
  Band band(path, 0.0, 0.0, free, 1.0, [&](std::size_t m, const Atoms& atoms, std::vector<Vector3>& forces) {
    return pair_energy(pairs, static_cast<double>(m) / steps, shortest, atoms, forces);
  });
  std::vector<double> x = band.coordinates(), gradient(x.size());
  LbfgsMemory memory;
  const Objective objective = [&](std::span<const double> at, std::span<double> slope) {
    return band.evaluate(at, slope);
  };
  // Only a start: good enough is enough.
  minimize_lbfgs(objective, x, {.fmax = 0.05, .max_steps = 200, .max_step = 0.1}, {}, memory);
  objective(x, gradient);
  return band.images();
}

}  // namespace

std::string_view name(NebStart start) {
  return std::find_if(std::begin(starts), std::end(starts), [=](const Named& s) { return s.start == start; })->name;
}

NebStart neb_start(std::string_view name) {
  for (const Named& s : starts) {
    if (s.name == name) return s.start;
  }
  throw InputError("unknown start of a band '" + std::string(name) + "'; there are linear, idpp");
}

std::vector<Atoms> interpolated(const Atoms& initial, const Atoms& final, std::size_t images, NebStart start,
                                std::span<const std::size_t> fixed) {
  if (images == 0) throw InputError("neb: images must be at least 1, found 0");
  require_same_kind(initial, final);
  const FreeDirections free(initial, {.fixed = {fixed.begin(), fixed.end()}});
  validate(final);
  std::vector<Vector3> ways = shortest_ways(initial, final);
  for (const std::size_t i : fixed) {
    if (norm(ways[i]) > same) {
      throw InputError("neb: fixed atom " + std::to_string(i) + " moves by " + number_text(norm(ways[i])) +
                       " A between the ends");
    }
    ways[i] = {};
  }
  double longest = 0.0;
  for (const Vector3& way : ways) longest = std::max(longest, norm(way));
  if (longest < same) {
    throw InputError("neb: both ends are the same structure: no free atom moves by more than " + number_text(longest) +
                     " A");
  }
  std::vector<Atoms> path;
  for (std::size_t m = 0; m < images + 2; ++m) {
    path.push_back(moved(initial, ways, static_cast<double>(m) / static_cast<double>(images + 1)));
  }
  return start == NebStart::idpp ? spread_by_pair_distances(std::move(path), fixed) : path;
}

}  // namespace adatom
