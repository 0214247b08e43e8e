#include "atoms/radial_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include "atoms/elements.hpp"
#include "atoms/neighbors.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

bool fully_periodic(const Atoms& atoms) { return atoms.pbc[0] && atoms.pbc[1] && atoms.pbc[2]; }

double ball(double r) { return 4.0 / 3.0 * std::numbers::pi * r * r * r; }

/// The largest distance of two atoms, periodicity ignored.
double largest_distance(const Atoms& atoms) {
  double largest = 0.0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Vector3 d = atoms.positions[j] - atoms.positions[i];
      largest = std::max(largest, dot(d, d));
    }
  }
  return std::sqrt(largest);
}

double chosen_rmax(std::span<const Atoms> frames, double wanted) {
  if (wanted != 0.0) {
    if (!(wanted > 0.0 && wanted <= largest_coordinate)) {
      throw InputError("radial distribution: rmax must be positive and finite, or 0, found " + number_text(wanted));
    }
    return wanted;
  }
  if (fully_periodic(frames[0])) {
    const Vector3 h = heights(frames[0].cell);
    return 0.5 * std::min({h[0], h[1], h[2]});
  }
  double largest = 0.0;
  for (const Atoms& atoms : frames) largest = std::max(largest, largest_distance(atoms));
  if (largest == 0.0) throw InputError("radial distribution: a single atom has no distances; give rmax");
  return largest * (1.0 + 1e-9);  // the farthest pair belongs to the last bin
}

void check(std::span<const Atoms> frames, const RadialDistributionOptions& options) {
  if (frames.empty() || frames[0].size() == 0) throw InputError("radial distribution: there are no atoms");
  if (options.bins < 1 || options.bins > 10000000) {
    throw InputError("radial distribution: bins must be between 1 and 10 million, found " +
                     std::to_string(options.bins));
  }
  if (!(options.volume >= 0.0 && std::isfinite(options.volume))) {
    throw InputError("radial distribution: volume must be positive, or 0 for the cell's, found " +
                     number_text(options.volume));
  }
  for (std::size_t f = 0; f < frames.size(); ++f) {
    validate(frames[f]);
    if (frames[f].numbers != frames[0].numbers || frames[f].pbc != frames[0].pbc) {
      throw InputError("radial distribution: frame " + std::to_string(f) +
                       " has other atoms or periodic directions than frame 0");
    }
  }
}

/// Histograms of one kind of pair each: kind = first·species + second.
struct Histograms {
  std::vector<std::size_t> species_of;  ///< N
  std::size_t species = 0, bins = 0;
  double per_width = 0.0;
  std::vector<std::uint64_t> counts;  ///< species² × bins

  void add(std::size_t i, std::size_t j, double squared) {
    const auto bin = static_cast<std::size_t>(std::sqrt(squared) * per_width);
    if (bin < bins) ++counts[(species_of[i] * species + species_of[j]) * bins + bin];
  }
};

void count_pairs(const Atoms& atoms, double rmax, Histograms& histograms) {
  if (!(atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2])) {
    // Most pairs of a cluster are wanted: a list of them would only cost memory.
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      for (std::size_t j = 0; j < atoms.size(); ++j) {
        if (i == j) continue;
        const Vector3 d = atoms.positions[j] - atoms.positions[i];
        const double squared = dot(d, d);
        if (squared < rmax * rmax) histograms.add(i, j, squared);
      }
    }
    return;
  }
  const double expected =
      double(atoms.size()) * double(atoms.size()) * ball(rmax) / volume(completed(atoms.cell, atoms.pbc));
  if (fully_periodic(atoms) && expected > 1e9) {
    throw InputError("radial distribution: about " + short_number_text(expected) +
                     " pairs are closer than rmax = " + number_text(rmax) + " Å, at most 1e9; lower rmax");
  }
  const NeighborList list = neighbor_list(atoms, rmax);
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      histograms.add(i, list.index[n], dot(list.displacement[n], list.displacement[n]));
    }
  }
}

/// One g(r) from its histogram, summed over frames.
PartialDistribution normalised(const std::vector<double>& counts, double n_first, double n_second, double frames,
                               double volume, double width) {
  PartialDistribution result;
  double sum = 0.0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    const double inner = static_cast<double>(b) * width, outer = static_cast<double>(b + 1) * width;
    const double around_one = counts[b] / (frames * n_first);
    sum += around_one;
    result.g.push_back(around_one * volume / (n_second * (ball(outer) - ball(inner))));
    result.coordination.push_back(sum);
  }
  return result;
}

}  // namespace

const PartialDistribution& RadialDistribution::partial(int first, int second) const {
  for (const PartialDistribution& one : partials) {
    if (one.first == first && one.second == second) return one;
  }
  throw InputError("radial distribution: no pair of atomic numbers " + std::to_string(first) + " and " +
                   std::to_string(second) + " in the structure");
}

RadialDistribution radial_distribution(std::span<const Atoms> frames, const RadialDistributionOptions& options) {
  check(frames, options);
  const std::vector<int> elements = elements_of(frames[0].numbers);
  const double rmax = chosen_rmax(frames, options.rmax);

  // Count the pairs of all frames.
  Histograms histograms;
  histograms.species = elements.size();
  histograms.bins = options.bins;
  histograms.per_width = static_cast<double>(options.bins) / rmax;
  histograms.counts.resize(elements.size() * elements.size() * options.bins);
  std::vector<double> population(elements.size(), 0.0);
  for (const int number : frames[0].numbers) {
    const auto s = static_cast<std::size_t>(std::ranges::lower_bound(elements, number) - elements.begin());
    histograms.species_of.push_back(s);
    population[s] += 1.0;
  }
  double mean_volume = 0.0;
  for (const Atoms& atoms : frames) {
    count_pairs(atoms, rmax, histograms);
    mean_volume += (fully_periodic(atoms) ? volume(atoms.cell) : ball(rmax)) / static_cast<double>(frames.size());
  }
  if (options.volume > 0.0) mean_volume = options.volume;

  // Divide by what a gas of the same density would have.
  RadialDistribution result;
  result.width = rmax / static_cast<double>(options.bins);
  for (std::size_t b = 0; b < options.bins; ++b) result.r.push_back((static_cast<double>(b) + 0.5) * result.width);
  std::vector<double> all(options.bins, 0.0);
  const double n_frames = static_cast<double>(frames.size()), n_atoms = static_cast<double>(frames[0].size());
  for (std::size_t a = 0; a < elements.size(); ++a) {
    for (std::size_t b = 0; b < elements.size(); ++b) {
      const auto start =
          histograms.counts.begin() + static_cast<std::ptrdiff_t>((a * elements.size() + b) * options.bins);
      const std::vector<double> counts(start, start + static_cast<std::ptrdiff_t>(options.bins));
      for (std::size_t k = 0; k < options.bins; ++k) all[k] += counts[k];
      result.partials.push_back(normalised(counts, population[a], population[b], n_frames, mean_volume, result.width));
      result.partials.back().first = elements[a];
      result.partials.back().second = elements[b];
    }
  }
  result.total = normalised(all, n_atoms, n_atoms, n_frames, mean_volume, result.width);
  return result;
}

RadialDistribution radial_distribution(const Atoms& atoms, const RadialDistributionOptions& options) {
  return radial_distribution(std::span(&atoms, 1), options);
}

}  // namespace adatom
