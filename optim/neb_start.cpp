// The bands that nudged_elastic_band starts from: straight lines, and the image-dependent pair potential.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "optim/band.hpp"
#include "optim/lbfgs.hpp"
#include "optim/neb.hpp"
#include "optim/neb_start.hpp"
#include "optim/pair_distances.hpp"

namespace adatom {
namespace {

/// Ends closer than this (Å), atom by atom, are the same.
constexpr double same = 1e-3;
/// More structures than this between two minima are a slip of the pen.
constexpr std::size_t most_images = 10000;

struct Named {
  NebStart start;
  std::string_view name;
};
constexpr Named starts[] = {{NebStart::linear, "linear"}, {NebStart::idpp, "idpp"}};

/// `name` is what b is called: "the last structure".
void require_same_kind(const Atoms& a, const Atoms& b, const std::string& name) {
  if (a.size() != b.size()) {
    throw InputError("different numbers of atoms, " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                     ", in the first and " + name);
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a.numbers[i] != b.numbers[i]) {
      throw InputError("atom " + std::to_string(i) + " (counted from 0) is " +
                       chemical_formula(std::span(&a.numbers[i], 1)) + " in the first and " +
                       chemical_formula(std::span(&b.numbers[i], 1)) + " in " + name +
                       "; a band needs the same atoms in the same order");
    }
  }
  for (std::size_t k = 0; k < 3; ++k) {
    if (a.pbc[k] != b.pbc[k]) throw InputError("the first and " + name + " are not periodic along the same directions");
    if (norm(a.cell[k] - b.cell[k]) > 1e-8 * (1.0 + norm(a.cell[k]))) {
      throw InputError("the first and " + name + " have different cells: lattice vector " + "abc"[k] + " differs by " +
                       short_number_text(norm(a.cell[k] - b.cell[k])) + " Å; the cell stays as it is on the way");
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

std::vector<Atoms> spread_by_pair_distances(std::vector<Atoms> path, const FreeDirections& free) {
  const PairDistances distances(path);
  if (distances.useless()) return path;
  const double steps = static_cast<double>(path.size() - 1);
  Band band(std::move(path), 0.0, 0.0, free, 1.0, [&](std::size_t m, const Atoms& atoms, std::vector<Vector3>& forces) {
    return distances.energy(static_cast<double>(m) / steps, atoms, forces);
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

/// What constraints leave of the ways to `where`. What is more than rounding is refused.
void obey(const Constraints& constraints, const FreeDirections& free, const std::string& where,
          std::vector<Vector3>& ways) {
  for (const std::size_t i : constraints.fixed) {
    if (norm(ways[i]) > same) {
      throw InputError("fixed atom " + std::to_string(i) + " moves by " + short_number_text(norm(ways[i])) +
                       " Å between the first structure and " + where);
    }
    ways[i] = {};
  }
  std::vector<double> triples;
  for (const std::size_t i : free.indices()) triples.insert(triples.end(), ways[i].begin(), ways[i].end());
  free.project(triples);
  for (std::size_t n = 0; n < free.indices().size(); ++n) {
    const std::size_t i = free.indices()[n];
    const Vector3 allowed{triples[3 * n], triples[3 * n + 1], triples[3 * n + 2]};
    const double off = norm(ways[i] - allowed);
    if (off > same) {
      const bool line = std::ranges::count(constraints.lines, i, &LineConstraint::atom) > 0;
      throw InputError("atom " + std::to_string(i) + " is off its " + (line ? "line" : "plane") + " by " +
                       short_number_text(off) + " Å in " + where);
    }
    ways[i] = allowed;
  }
}

void require_way(const std::vector<Vector3>& ways) {
  double longest = 0.0;
  for (const Vector3& way : ways) longest = std::max(longest, norm(way));
  if (longest < same) {
    throw InputError("both ends are the same structure: no free atom moves by more than " + short_number_text(longest) +
                     " Å");
  }
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
                                const Constraints& constraints) {
  if (images == 0 || images > most_images) {
    throw InputError("nudged elastic band: images must be at least 1 and at most " + std::to_string(most_images) +
                     ", found " + std::to_string(images));
  }
  require_same_kind(initial, final, "the last structure");
  const FreeDirections free(initial, constraints);
  validate(final);
  std::vector<Vector3> ways = shortest_ways(initial, final);
  obey(constraints, free, "the last structure", ways);
  require_way(ways);
  std::vector<Atoms> path;
  for (std::size_t m = 0; m < images + 2; ++m) {
    path.push_back(moved(initial, ways, static_cast<double>(m) / static_cast<double>(images + 1)));
  }
  return start == NebStart::idpp ? spread_by_pair_distances(std::move(path), free) : path;
}

std::vector<Atoms> connected(std::vector<Atoms> path, const Constraints& constraints) {
  if (path.size() < 3) {
    throw InputError("a path needs at least 3 structures, its ends and one between them; found " +
                     std::to_string(path.size()));
  }
  const FreeDirections free(path.front(), constraints);
  std::vector<Vector3> ways(path.front().size());
  for (std::size_t m = 1; m < path.size(); ++m) {
    const std::string name = "structure " + std::to_string(m);
    require_same_kind(path.front(), path[m], name);
    validate(path[m]);
    const std::vector<Vector3> step = shortest_ways(path[m - 1], path[m]);
    for (std::size_t i = 0; i < ways.size(); ++i) ways[i] += step[i];
    std::vector<Vector3> allowed = ways;
    obey(constraints, free, name, allowed);
    path[m] = moved(path.front(), allowed, 1.0);
  }
  require_way(ways);
  return path;
}

}  // namespace adatom
