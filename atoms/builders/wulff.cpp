#include "atoms/builders/wulff.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "atoms/elements.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr std::array<std::string_view, 3> rounding_names{"closest", "above", "below"};

/// Integer coordinates of the lattice, in units of a/2 (fcc, bcc) or a (sc).
using Point = std::array<int, 3>;

bool on_lattice(Crystal crystal, const Point& x) {
  if (crystal == Crystal::fcc) return (x[0] + x[1] + x[2]) % 2 == 0;
  if (crystal == Crystal::bcc) return (x[0] - x[1]) % 2 == 0 && (x[1] - x[2]) % 2 == 0;
  return true;
}

/// A family of faces, |h| ≥ |k| ≥ |l| ≥ 0. The layer of the point x is h·x / period.
struct Family {
  Point miller{};
  int period = 1;     ///< greatest common divisor of h·x over the lattice
  double rate = 0.0;  ///< layers per size: energy / layer distance
};

std::string text_of(const Point& miller) {
  return "(" + std::to_string(miller[0]) + "," + std::to_string(miller[1]) + "," + std::to_string(miller[2]) + ")";
}

Family family_of(const SurfaceEnergy& face, Crystal crystal) {
  const std::string name = text_of(face.miller);
  Family family;
  for (std::size_t k = 0; k < 3; ++k) {
    if (face.miller[k] < -100 || face.miller[k] > 100) {
      throw InputError("wulff: Miller indices must be between -100 and 100, found " + name);
    }
    family.miller[k] = std::abs(face.miller[k]);
  }
  if (!(face.energy > 0.0 && std::isfinite(face.energy))) {
    throw InputError("wulff: the energy of face " + name + " must be positive, found " + number_text(face.energy));
  }
  auto& [h, k, l] = family.miller;
  const int divisor = std::gcd(std::gcd(h, k), l);
  if (divisor == 0) throw InputError("wulff: (0,0,0) is not a face; at least one Miller index must not be 0");
  for (int& index : family.miller) index /= divisor;
  std::ranges::sort(family.miller, std::greater<>{});
  // Layers are as far apart as the lattice allows: every second plane h·x = n is empty in the first two cases.
  const bool all_odd = h % 2 != 0 && k % 2 != 0 && l % 2 != 0;
  if (crystal == Crystal::fcc && all_odd) family.period = 2;
  if (crystal == Crystal::bcc && (h + k + l) % 2 == 0) family.period = 2;
  // Distance of the layers in units of the coordinates: period / |hkl|.
  family.rate = face.energy * std::sqrt(double(h * h + k * k + l * l)) / family.period;
  return family;
}

std::vector<Family> families_of(std::span<const SurfaceEnergy> faces, Crystal crystal) {
  if (faces.empty()) throw InputError("wulff: no faces are given");
  std::vector<Family> families;
  double lowest = std::numeric_limits<double>::infinity(), highest = 0.0;
  for (const SurfaceEnergy& face : faces) {
    families.push_back(family_of(face, crystal));
    for (std::size_t n = 0; n + 1 < families.size(); ++n) {
      if (families[n].miller == families.back().miller) {
        throw InputError("wulff: face " + text_of(face.miller) + " is of the same family as " +
                         text_of(faces[n].miller) + "; give each family once");
      }
    }
    lowest = std::min(lowest, face.energy);
    highest = std::max(highest, face.energy);
  }
  if (highest > 1000.0 * lowest) {
    throw InputError("wulff: surface energies must not differ more than 1000-fold, found " + number_text(lowest) +
                     " and " + number_text(highest));
  }
  return families;
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

Crystal chosen_crystal(std::string_view element, const WulffOptions& options) {
  const std::optional<KnownCrystal> known = known_crystal(element);
  if (!options.crystal && !known) {
    throw InputError("wulff: the crystal of " + in_quotes(element) + " is not known; give sc, fcc or bcc and a");
  }
  const Crystal crystal = options.crystal ? *options.crystal : known->crystal;
  if (crystal != Crystal::sc && crystal != Crystal::fcc && crystal != Crystal::bcc) {
    throw InputError("wulff: crystal must be sc, fcc or bcc, found " + std::string(name(crystal)) + " for " +
                     in_quotes(element));
  }
  return crystal;
}

}  // namespace

std::string_view name(Rounding rounding) { return rounding_names[static_cast<std::size_t>(rounding)]; }

Rounding rounding_named(std::string_view text) {
  for (std::size_t n = 0; n < rounding_names.size(); ++n) {
    if (rounding_names[n] == text) return static_cast<Rounding>(n);
  }
  throw InputError("unknown rounding " + in_quotes(text) + "; expected closest, above or below");
}

Atoms wulff(std::string_view element, std::span<const SurfaceEnergy> faces, std::size_t atoms,
            const WulffOptions& options) {
  if (atoms < 1 || atoms > 10000000) {
    throw InputError("wulff: atoms must be between 1 and 10 million, found " + std::to_string(atoms));
  }
  const int number = atomic_number(element);
  const Crystal crystal = chosen_crystal(element, options);
  const double a = lattice_constants("wulff", element, crystal, options.a, std::nullopt).a;
  const std::vector<Family> families = families_of(faces, crystal);
  const Layers layers = search(crystal, families, atoms, options.rounding);
  const double unit = crystal == Crystal::sc ? a : 0.5 * a;
  Atoms result;
  for_each_point(crystal, layers, families, [&](const Point& x) {
    for (const Point& p : orbit(x)) result.positions.push_back({unit * p[0], unit * p[1], unit * p[2]});
  });
  result.numbers.assign(result.positions.size(), number);
  return result;
}

}  // namespace adatom
