// Wulff's construction of hcp crystals: the size s at which the growing polyhedron reaches each atom is computed, and
// the atoms reached first are the particle.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numbers>

#include "atoms/builders/wulff_particle.hpp"

namespace adatom::wulff_particle {
namespace {

/// An atom at u a1 + v a2 + w c, 120 degrees between a1 and a2, by integers: x, y, z are 2u − v, 2v − u and −(u + v),
/// so that their sum is 0 and the threefold axis permutes them; height is 2w. Atoms of even height have u, v integer,
/// those of odd height are (1/3, 2/3) off.
struct Site {
  std::int64_t x = 0, y = 0, z = 0, height = 0;
};

/// A family of faces, h ≥ k ≥ 0 and l ≥ 0.
struct Family {
  std::int64_t h = 0, k = 0, l = 0;
  double scale = 0.0;  ///< size at which a face reaches a point / index of the point along the face
};

Family family_of(const SurfaceEnergy& face, const LatticeConstants& lattice) {
  const auto [h, k, l] = face.miller;
  const double in_plane = 4.0 / 3.0 * (h * h + h * k + k * k) / (lattice.a * lattice.a);
  const double reciprocal = std::sqrt(in_plane + l * l / (lattice.c * lattice.c));
  return {h, k, l, 1.0 / (6.0 * reciprocal * face.energy)};
}

/// Six times h u + k v + l w for the face of the family that the site is farthest out along. Its order of the indices
/// h, k and −(h + k) is that of x, y and z, and the better of the two signs is taken.
std::int64_t farthest(const Family& f, const Site& site) {
  std::array<std::int64_t, 3> p{site.x, site.y, site.z};
  if (p[0] < p[1]) std::swap(p[0], p[1]);
  if (p[1] < p[2]) std::swap(p[1], p[2]);
  if (p[0] < p[1]) std::swap(p[0], p[1]);
  const std::int64_t upright = f.h * p[0] + f.k * p[1] - (f.h + f.k) * p[2];
  const std::int64_t inverted = (f.h + f.k) * p[0] - f.k * p[1] - f.h * p[2];
  return 2 * std::max(upright, inverted) + 3 * f.l * std::abs(site.height);
}

/// The size at which the polyhedron reaches the site.
double size_at(const std::vector<Family>& families, const Site& site) {
  double size = 0.0;
  for (const Family& f : families) size = std::max(size, f.scale * static_cast<double>(farthest(f, site)));
  return size;
}

/// Sizes within rounding errors of each other are the same.
constexpr double margin = 1e-10;

/// Calls visit(site, size) for all sites that the polyhedron of `largest` reaches.
template <class Visit>
void for_each_site(const std::vector<Family>& families, double largest, Visit visit) {
  // |x − y| and its like are at most `width` inside, since farthest ≥ 2 h |x − y|.
  double width = 1e9, height = 1e9;
  for (const Family& f : families) {
    const double most = largest * (1.0 + margin) / f.scale;
    if (f.h > 0) width = std::min(width, most / (2.0 * static_cast<double>(f.h)));
    if (f.l > 0) height = std::min(height, most / (3.0 * static_cast<double>(f.l)));
  }
  const std::int64_t wide = static_cast<std::int64_t>(width), high = static_cast<std::int64_t>(height);
  for (std::int64_t level = -high; level <= high; ++level) {
    const std::int64_t offset = level % 2 == 0 ? 0 : 1;  // y − x modulo 3
    for (std::int64_t x = -wide; x <= wide; ++x) {
      const std::int64_t first = x + offset - 3 * ((x + offset + wide) / 3);
      for (std::int64_t y = first; y <= wide; y += 3) {
        const Site site{x, y, -(x + y), level};
        const double size = size_at(families, site);
        if (size <= largest * (1.0 + margin)) visit(site, size);
      }
    }
  }
}

/// The sizes at which the particle gains an atom, ascending, at least `wanted` of them.
std::vector<double> first_sizes(const std::vector<Family>& families, std::size_t wanted) {
  double largest = families[0].scale;
  for (;;) {
    std::vector<double> sizes;
    for_each_site(families, largest, [&](const Site&, double size) { sizes.push_back(size); });
    if (sizes.size() >= wanted) {
      std::ranges::sort(sizes);
      return sizes;
    }
    // Slightly more than what the numbers suggest; they are misleading while few.
    largest *= std::clamp(1.02 * std::cbrt(double(wanted) / double(sizes.size())), 1.05, 1.5);
  }
}

/// The size of the particle with `wanted` atoms, or of that below or above it.
double search(const std::vector<Family>& families, std::size_t wanted, Rounding rounding) {
  const std::vector<double> sizes = first_sizes(families, wanted);
  const double reached = sizes[wanted - 1];
  const auto below =
      static_cast<std::size_t>(std::ranges::lower_bound(sizes, reached * (1.0 - margin)) - sizes.begin());
  const auto above =
      static_cast<std::size_t>(std::ranges::upper_bound(sizes, reached * (1.0 + margin)) - sizes.begin());
  if (above == wanted || rounding == Rounding::above) return reached;
  if (rounding == Rounding::below) return sizes[below - 1];
  return above - wanted < wanted - below ? reached : sizes[below - 1];
}

}  // namespace

std::vector<Vector3> hexagonal(const LatticeConstants& lattice, const Faces& faces, std::size_t wanted,
                               Rounding rounding) {
  std::vector<Family> families;
  for (const SurfaceEnergy& face : faces) families.push_back(family_of(face, lattice));
  const double step = lattice.a / (2.0 * std::numbers::sqrt3);
  std::vector<Vector3> positions;
  for_each_site(families, search(families, wanted, rounding), [&](const Site& site, double) {
    positions.push_back(
        {0.5 * lattice.a * double(site.x), step * double(site.y - site.z), 0.5 * lattice.c * double(site.height)});
  });
  return positions;
}

}  // namespace adatom::wulff_particle
