#include "optim/minima_archive.hpp"

#include <algorithm>
#include <cmath>

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

bool close(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  return std::ranges::equal(a, b, [=](double x, double y) { return std::abs(x - y) <= tolerance; });
}

}  // namespace

bool same_minimum(const Atoms& a, double energy_a, const Atoms& b, double energy_b, const SameMinimum& rule) {
  return std::abs(energy_a - energy_b) <= rule.energy_window && match(a, b, rule.match).has_value();
}

std::size_t MinimaArchive::index_of(const Atoms& atoms, double energy, const std::vector<double>& profile) const {
  auto candidate = std::ranges::lower_bound(minima_, energy - rule_.energy_window, {}, &Minimum::energy);
  for (; candidate != minima_.end() && candidate->energy <= energy + rule_.energy_window; ++candidate) {
    const auto index = static_cast<std::size_t>(candidate - minima_.begin());
    if (close(profiles_[index], profile, rule_.match.tolerance) && match(candidate->atoms, atoms, rule_.match))
      return index;
  }
  return minima_.size();
}

void MinimaArchive::insert(Minimum minimum, std::vector<double> profile) {
  const auto place = std::ranges::upper_bound(minima_, minimum.energy, {}, &Minimum::energy) - minima_.begin();
  minima_.insert(minima_.begin() + place, std::move(minimum));
  profiles_.insert(profiles_.begin() + place, std::move(profile));
}

bool MinimaArchive::add(Minimum minimum) {
  if (!std::isfinite(minimum.energy)) return false;
  std::vector<double> profile = profile_of(minimum.atoms, rule_.match);
  const std::size_t known = index_of(minimum.atoms, minimum.energy, profile);
  if (known < minima_.size()) {
    Minimum& found = minima_[known];
    found.hits += minimum.hits;
    if (minimum.energy < found.energy) {
      Minimum lower = std::move(found);
      minima_.erase(minima_.begin() + static_cast<std::ptrdiff_t>(known));
      profiles_.erase(profiles_.begin() + static_cast<std::ptrdiff_t>(known));
      lower.atoms = std::move(minimum.atoms);
      lower.energy = minimum.energy;
      insert(std::move(lower), std::move(profile));
    }
    return false;
  }
  insert(std::move(minimum), std::move(profile));
  if (minima_.size() / 2 >= most_) {
    minima_.resize(most_);
    profiles_.resize(most_);
  }
  return true;
}

void MinimaArchive::add(const MinimaArchive& other) {
  for (const Minimum& minimum : other.minima_) add(minimum);
}

void MinimaArchive::restore(Minimum minimum) {
  std::vector<double> profile = profile_of(minimum.atoms, rule_.match);
  insert(std::move(minimum), std::move(profile));
}

const Minimum* MinimaArchive::find(const Atoms& atoms, double energy) const {
  const std::size_t known = index_of(atoms, energy, profile_of(atoms, rule_.match));
  return known < minima_.size() ? &minima_[known] : nullptr;
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
