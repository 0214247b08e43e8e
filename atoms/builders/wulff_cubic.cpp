// Wulff's construction of cubic crystals, in integer coordinates and whole layers.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "atoms/builders/wulff_particle.hpp"

namespace adatom::wulff_particle {
namespace {

/// Integer coordinates of the lattice, in units of a/2 (fcc, bcc) or a (sc).
using Point = std::array<int, 3>;

bool on_lattice(Crystal crystal, const Point& x) {
  if (crystal == Crystal::fcc) return (x[0] + x[1] + x[2]) % 2 == 0;
  if (crystal == Crystal::bcc) return (x[0] - x[1]) % 2 == 0 && (x[1] - x[2]) % 2 == 0;
  return true;
}

/// A family of faces. The layer of the point x is h·x / period.
struct Family {
  Point miller{};
  int period = 1;     ///< greatest common divisor of h·x over the lattice
  double rate = 0.0;  ///< layers per size: energy / layer distance
};

Family family_of(const SurfaceEnergy& face, Crystal crystal) {
  Family family{.miller = face.miller};
  const auto [h, k, l] = face.miller;
  // Layers are as far apart as the lattice allows: every second plane h·x = n is empty in the first two cases.
  const bool all_odd = h % 2 != 0 && k % 2 != 0 && l % 2 != 0;
  if (crystal == Crystal::fcc && all_odd) family.period = 2;
  if (crystal == Crystal::bcc && (h + k + l) % 2 == 0) family.period = 2;
  // Distance of the layers in units of the coordinates: period / |hkl|.
  family.rate = face.energy * std::sqrt(double(h * h + k * k + l * l)) / family.period;
  return family;
}

/// How many layers each family has.
using Layers = std::vector<long>;

Layers layers_at(double size, const std::vector<Family>& families) {
  Layers layers;
  for (const Family& family : families) layers.push_back(static_cast<long>(std::floor(size * family.rate + 0.5)));
  return layers;
}

/// The layers after the next change of any family; changes within rounding errors happen together.
Layers next(Layers layers, const std::vector<Family>& families) {
  double size = std::numeric_limits<double>::infinity();
  for (std::size_t f = 0; f < families.size(); ++f) {
    size = std::min(size, (double(layers[f]) + 0.5) / families[f].rate);
  }
  for (std::size_t f = 0; f < families.size(); ++f) {
    if ((double(layers[f]) + 0.5) / families[f].rate <= size * (1.0 + 1e-10)) ++layers[f];
  }
  return layers;
}

/// A family's 48 faces are its indices in any order with any signs. Of these, the one that a point is farthest out
/// along has the point's order and signs: so only |x| ≥ |y| ≥ |z| must be compared with h ≥ k ≥ l.
bool inside(const Point& x, const Layers& layers, const std::vector<Family>& families) {
  for (std::size_t f = 0; f < families.size(); ++f) {
    const Point& m = families[f].miller;
    const long along = long(m[0]) * x[0] + long(m[1]) * x[1] + long(m[2]) * x[2];
    if (along > layers[f] * families[f].period) return false;
  }
  return true;
}

/// Calls `visit` for the lattice points x ≥ y ≥ z ≥ 0 of the particle.
template <class Visit>
void for_each_point(Crystal crystal, const Layers& layers, const std::vector<Family>& families, Visit visit) {
  long most = std::numeric_limits<long>::max();
  for (std::size_t f = 0; f < families.size(); ++f) {
    most = std::min(most, layers[f] * families[f].period / families[f].miller[0]);
  }
  for (int x = 0; x <= most; ++x) {
    for (int y = 0; y <= x && inside({x, y, 0}, layers, families); ++y) {
      for (int z = 0; z <= y && inside({x, y, z}, layers, families); ++z) {
        if (on_lattice(crystal, {x, y, z})) visit(Point{x, y, z});
      }
    }
  }
}

/// The points that x stands for: all orders and signs.
std::vector<Point> orbit(Point x) {
  std::vector<Point> points;
  std::ranges::sort(x);
  do {
    for (int signs = 0; signs < 8; ++signs) {
      Point p = x;
      bool twice = false;
      for (std::size_t k = 0; k < 3; ++k) {
        if ((signs >> k) % 2 == 0) continue;
        twice = twice || p[k] == 0;
        p[k] = -p[k];
      }
      if (!twice) points.push_back(p);
    }
  } while (std::ranges::next_permutation(x).found);
  return points;
}

/// The length of orbit(x): 48, halved for each zero, fewer orders for equal coordinates.
std::size_t multiplicity(const Point& x) {
  const std::size_t orders = x[0] == x[1] && x[1] == x[2] ? 1 : x[0] == x[1] || x[1] == x[2] ? 3 : 6;
  std::size_t signs = 1;
  for (const int coordinate : x) signs *= coordinate == 0 ? 1 : 2;
  return orders * signs;
}

std::size_t count(Crystal crystal, const Layers& layers, const std::vector<Family>& families) {
  std::size_t total = 0;
  for_each_point(crystal, layers, families, [&](const Point& x) { total += multiplicity(x); });
  return total;
}

/// Layers of the particle with `wanted` atoms, or that below or above it.
Layers search(Crystal crystal, const std::vector<Family>& families, std::size_t wanted, Rounding rounding) {
  // 1. A size below (one atom) and one above.
  double low_size = 0.0, high_size = 1.0 / families[0].rate;
  Layers low = layers_at(low_size, families), high = layers_at(high_size, families);
  while (count(crystal, high, families) < wanted) {
    low = high;
    low_size = high_size;
    high_size *= 2.0;
    high = layers_at(high_size, families);
  }
  // 2. Halve the interval until there is nothing between: the numbers grow with the size.
  for (int halvings = 0; halvings < 60; ++halvings) {
    if (low == high || next(low, families) == high) break;
    const double size = 0.5 * (low_size + high_size);
    const Layers middle = layers_at(size, families);
    if (count(crystal, middle, families) < wanted) {
      low = middle;
      low_size = size;
    } else {
      high = middle;
      high_size = size;
    }
  }
  // 3. `high` is the first with at least as many atoms as wanted, `low` the last with fewer.
  const std::size_t above = count(crystal, high, families), below = count(crystal, low, families);
  if (above == wanted || rounding == Rounding::above) return high;
  if (rounding == Rounding::below || below >= wanted) return low;
  return above - wanted < wanted - below ? high : low;
}

}  // namespace

std::vector<Vector3> cubic(Crystal crystal, double a, const Faces& faces, std::size_t wanted, Rounding rounding) {
  std::vector<Family> families;
  for (const SurfaceEnergy& face : faces) families.push_back(family_of(face, crystal));
  const Layers layers = search(crystal, families, wanted, rounding);
  const double unit = crystal == Crystal::sc ? a : 0.5 * a;
  std::vector<Vector3> positions;
  for_each_point(crystal, layers, families, [&](const Point& x) {
    for (const Point& p : orbit(x)) positions.push_back({unit * p[0], unit * p[1], unit * p[2]});
  });
  return positions;
}

}  // namespace adatom::wulff_particle
