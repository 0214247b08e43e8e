#include "optim/minima_archive.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/random.hpp"
#include "optim/relax.hpp"

namespace adatom {
namespace {

/// Profiles depend on no rotation, but on which image of an atom is given, and tell nothing of atoms in fixed places.
bool has_profile(const Atoms& atoms, const MatchOptions& options) {
  return options.movable && !atoms.pbc[0] && !atoms.pbc[1] && !atoms.pbc[2];
}

std::vector<double> profile_of(const Atoms& atoms, const MatchOptions& options) {
  return has_profile(atoms, options) ? radial_profile(atoms) : std::vector<double>{};
}

/// What match() is sure to find deviates by a quarter of its tolerance at most, and profiles twice as much.
bool close(const std::vector<double>& a, const std::vector<double>& b, const MatchOptions& options) {
  const double tolerance = 0.5 * options.tolerance;
  return std::ranges::equal(a, b, [=](double x, double y) { return std::abs(x - y) <= tolerance; });
}

}  // namespace

bool same_minimum(const Atoms& a, double energy_a, const Atoms& b, double energy_b, const SameMinimum& rule) {
  return std::abs(energy_a - energy_b) <= rule.energy_window && match(a, b, rule.match).has_value();
}

MinimaArchive::ByEnergy::const_iterator MinimaArchive::locate(const Atoms& atoms, double energy,
                                                              const std::vector<double>& profile) const {
  const auto end = known_.upper_bound(energy + rule_.energy_window);
  for (auto one = known_.lower_bound(energy - rule_.energy_window); one != end; ++one) {
    const Known& known = one->second;
    if (close(known.profile, profile, rule_.match) && match(known.minimum.atoms, atoms, rule_.match)) return one;
  }
  return known_.end();
}

bool MinimaArchive::add(Minimum minimum) {
  if (!std::isfinite(minimum.energy)) return false;
  std::vector<double> profile = profile_of(minimum.atoms, rule_.match);
  const auto place = locate(minimum.atoms, minimum.energy, profile);
  if (place == known_.end()) {
    const double energy = minimum.energy;
    known_.emplace(energy, Known{std::move(minimum), std::move(profile)});
    if (known_.size() / 2 >= most_) {
      known_.erase(std::next(known_.begin(), static_cast<std::ptrdiff_t>(most_)), known_.end());
    }
    return true;
  }
  ByEnergy::node_type node = known_.extract(place);
  Known& known = node.mapped();
  known.minimum.hits += minimum.hits;
  if (std::pair(minimum.hop, minimum.walker) < std::pair(known.minimum.hop, known.minimum.walker)) {
    known.minimum.hop = minimum.hop;
    known.minimum.walker = minimum.walker;
  }
  if (minimum.energy < known.minimum.energy) {
    node.key() = known.minimum.energy = minimum.energy;
    known.minimum.atoms = std::move(minimum.atoms);
    known.profile = std::move(profile);
  }
  known_.insert(std::move(node));
  return false;
}

void MinimaArchive::add(const MinimaArchive& other) {
  for (const auto& [energy, known] : other.known_) add(known.minimum);
}

void MinimaArchive::restore(Minimum minimum) {
  std::vector<double> profile = profile_of(minimum.atoms, rule_.match);
  const double energy = minimum.energy;
  known_.emplace(energy, Known{std::move(minimum), std::move(profile)});
}

std::vector<Minimum> MinimaArchive::minima() const {
  std::vector<Minimum> all;
  all.reserve(size());
  for (const auto& [energy, known] : known_) all.push_back(known.minimum);
  return all;
}

const Minimum* MinimaArchive::find(const Atoms& atoms, double energy) const {
  const auto place = locate(atoms, energy, profile_of(atoms, rule_.match));
  return place != known_.end() ? &place->second.minimum : nullptr;
}

MinimaArchive settled(const MinimaArchive& archive, const Potential& potential, double fmax,
                      const std::vector<std::size_t>& fixed, std::uint64_t seed) {
  constexpr double nudge = 0.02;
  MinimaArchive result(archive.rule(), archive.most());
  Random random(seed);
  for (const Minimum& known : archive.minima()) {
    Minimum minimum = known;
    for (std::size_t i = 0; i < minimum.atoms.size(); ++i) {
      const Vector3 step = nudge * random.direction();
      if (!std::ranges::count(fixed, i)) minimum.atoms.positions[i] += step;
    }
    RelaxResult relaxed = relax(minimum.atoms, potential, {.fmax = fmax, .max_steps = 5000, .fixed = fixed});
    if (!relaxed.converged) continue;
    minimum.atoms = std::move(relaxed.atoms);
    minimum.energy = relaxed.energy;
    result.add(std::move(minimum));
  }
  return result;
}

}  // namespace adatom
