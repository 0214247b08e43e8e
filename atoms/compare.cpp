#include "atoms/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace adatom {

DistanceFingerprint distance_fingerprint(const Atoms& atoms) {
  validate(atoms);
  std::map<std::pair<int, int>, std::vector<double>> distances;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = i + 1; j < atoms.size(); ++j) {
      const std::pair<int, int> elements = std::minmax({atoms.numbers[i], atoms.numbers[j]});
      distances[elements].push_back(norm(atoms.positions[j] - atoms.positions[i]));
    }
  }
  DistanceFingerprint result{.numbers = atoms.numbers, .distances = {}};
  std::ranges::sort(result.numbers);
  for (auto& [elements, values] : distances) {
    std::ranges::sort(values);
    result.distances.emplace_back(elements, std::move(values));
  }
  return result;
}

double rms_difference(const DistanceFingerprint& a, const DistanceFingerprint& b) {
  if (a.numbers != b.numbers) return std::numeric_limits<double>::infinity();
  // The same elements give the same pairs in the same order.
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t pair = 0; pair < a.distances.size(); ++pair) {
    const std::vector<double>& x = a.distances[pair].second;
    const std::vector<double>& y = b.distances[pair].second;
    for (std::size_t n = 0; n < x.size(); ++n) sum += (x[n] - y[n]) * (x[n] - y[n]);
    count += x.size();
  }
  return count == 0 ? 0.0 : std::sqrt(sum / static_cast<double>(count));
}

double rms_difference(const Atoms& a, const Atoms& b) {
  return rms_difference(distance_fingerprint(a), distance_fingerprint(b));
}

}  // namespace adatom
