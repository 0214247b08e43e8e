#include "atoms/random_cluster.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

#include "atoms/elements.hpp"
#include "atoms/number_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

void check(const RandomClusterOptions& options) {
  // Written so that NaN fails too.
  if (!(options.smallest_distance > 0.0 && options.smallest_distance < 100.0)) {
    throw InputError("random cluster: smallest_distance must be between 0 and 100, found " +
                     number_text(options.smallest_distance));
  }
  if (options.minimum_distance && !(*options.minimum_distance > 0.0 && *options.minimum_distance < 1000.0)) {
    throw InputError("random cluster: minimum_distance must be between 0 and 1000 Å, found " +
                     number_text(*options.minimum_distance));
  }
  if (!(options.spacing > 0.0 && options.spacing < 1000.0)) {
    throw InputError("random cluster: spacing must be between 0 and 1000, found " + number_text(options.spacing));
  }
  if (!(options.connected == 0.0 || options.connected > options.smallest_distance)) {
    throw InputError("random cluster: connected must be 0 or exceed smallest_distance, found " +
                     number_text(options.connected));
  }
  if (options.tries_per_atom == 0 || options.restarts == 0) {
    throw InputError("random cluster: tries_per_atom and restarts must be at least 1");
  }
}

/// Covalent radii, Angstrom; at least those that bring atoms to touch at the minimum distance.
std::vector<double> radii_of(std::span<const int> numbers, const RandomClusterOptions& options) {
  const double smallest = options.minimum_distance.value_or(0.0) / (2.0 * options.smallest_distance);
  std::vector<double> radii;
  for (const int number : numbers) radii.push_back(std::max(smallest, element(number).covalent_radius));
  return radii;
}

/// Radius of the ball or disc, or half the edge of the cube, that holds spheres (discs) of the given radii times
/// `spacing`. The densest random packing fills 64 % of space (84 % of a plane); 50 % leaves room to find a place.
double extent(std::span<const double> radii, const RandomClusterOptions& options) {
  constexpr double filling = 0.5;
  double squares = 0.0, cubes = 0.0;
  for (const double r : radii) {
    squares += r * r;
    cubes += r * r * r;
  }
  switch (options.shape) {
    case ClusterShape::planar:
      return options.spacing * std::sqrt(squares / filling);
    case ClusterShape::box:
      return options.spacing * 0.5 * std::cbrt(4.0 / 3.0 * std::numbers::pi * cubes / filling);
    case ClusterShape::ball:
      break;
  }
  return options.spacing * std::cbrt(cubes / filling);
}

/// Uniform in the shape.
Vector3 random_place(ClusterShape shape, double size, Random& random) {
  for (;;) {
    Vector3 r{};
    r[0] = random.uniform(-size, size);
    r[1] = random.uniform(-size, size);
    if (shape != ClusterShape::planar) r[2] = random.uniform(-size, size);
    if (shape == ClusterShape::box || dot(r, r) <= size * size) return r;
  }
}

/// Is there room for an atom of this radius at r, and a neighbour to hold on to?
bool fits(const Vector3& r, double radius, std::span<const Vector3> placed, std::span<const double> radii,
          const RandomClusterOptions& options) {
  bool held = placed.empty() || options.connected == 0.0;
  for (std::size_t j = 0; j < placed.size(); ++j) {
    const Vector3 d = placed[j] - r;
    const double sum = radius + radii[j], squared = dot(d, d);
    const double least = options.minimum_distance.value_or(options.smallest_distance * sum);
    const double most = options.connected * sum;
    if (squared < least * least) return false;
    held = held || squared <= most * most;
  }
  return held;
}

/// One attempt at the whole cluster.
std::optional<std::vector<Vector3>> place_all(std::span<const double> radii, double size, Random& random,
                                              const RandomClusterOptions& options) {
  std::vector<Vector3> placed;
  for (std::size_t i = 0; i < radii.size(); ++i) {
    bool found = false;
    for (std::size_t attempt = 0; attempt < options.tries_per_atom && !found; ++attempt) {
      const Vector3 r = random_place(options.shape, size, random);
      found = fits(r, radii[i], placed, radii, options);
      if (found) placed.push_back(r);
    }
    if (!found) return std::nullopt;
  }
  return placed;
}

}  // namespace

Atoms random_cluster(std::span<const int> numbers, Random& random, const RandomClusterOptions& options) {
  check(options);
  const std::vector<double> radii = radii_of(numbers, options);
  const double size = extent(radii, options);
  for (std::size_t restart = 0; restart < options.restarts; ++restart) {
    std::optional<std::vector<Vector3>> placed = place_all(radii, size, random, options);
    if (!placed) continue;
    Atoms atoms;
    atoms.numbers.assign(numbers.begin(), numbers.end());
    atoms.positions = std::move(*placed);
    Vector3 center{};
    for (const Vector3& r : atoms.positions) center += (1.0 / static_cast<double>(atoms.size())) * r;
    for (Vector3& r : atoms.positions) r -= center;
    return atoms;
  }
  const std::string distance = options.minimum_distance
                                   ? "minimum_distance (now " + number_text(*options.minimum_distance)
                                   : "smallest_distance (now " + number_text(options.smallest_distance);
  throw NumericalError("random cluster: found no place for " + std::to_string(numbers.size()) + " atoms in " +
                       std::to_string(options.restarts) + " attempts; enlarge spacing (now " +
                       number_text(options.spacing) + ") or lower " + distance + ")");
}

}  // namespace adatom
