#include <algorithm>
#include <cstdlib>
#include <string>

#include "atoms/builders/crystal.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

constexpr int longest = 531;  // 99.8 million atoms

/// In units of a/2 from the centre, fcc atoms have integer coordinates whose sum is even around an atom and odd around
/// an octahedral hole; (111) faces are |x| + |y| + |z| = const, (100) faces |x|, |y| or |z| = const.
Atoms cut_octahedron(std::string_view builder, std::string_view element, int length, int cutoff,
                     const ParticleOptions& options) {
  const int number = atomic_number(element);
  const double half = 0.5 * lattice_constants(builder, element, Crystal::fcc, options.a, std::nullopt).a;
  const int sum = length - 1, most = length - 1 - cutoff;
  Atoms atoms;
  for (int x = -most; x <= most; ++x) {
    const int most_y = std::min(most, sum - std::abs(x));
    for (int y = -most_y; y <= most_y; ++y) {
      const int left = sum - std::abs(x) - std::abs(y);
      int z = -std::min(most, left);
      if ((left + z) % 2 != 0) ++z;
      for (; z <= std::min(most, left); z += 2) atoms.positions.push_back({half * x, half * y, half * z});
    }
  }
  atoms.numbers.assign(atoms.positions.size(), number);
  return atoms;
}

}  // namespace

Atoms octahedron(std::string_view element, int length, int cutoff, const ParticleOptions& options) {
  if (length < 1 || length > longest) {
    throw InputError("octahedron: length must be between 1 and " + std::to_string(longest) + ", found " +
                     std::to_string(length));
  }
  if (cutoff < 0 || cutoff > (length - 1) / 2) {
    throw InputError("octahedron: cutoff must be between 0 and (length - 1)/2 = " + std::to_string((length - 1) / 2) +
                     ", found " + std::to_string(cutoff));
  }
  return cut_octahedron("octahedron", element, length, cutoff, options);
}

Atoms cuboctahedron(std::string_view element, int shells, const ParticleOptions& options) {
  constexpr int most_shells = (longest + 1) / 2;
  if (shells < 1 || shells > most_shells) {
    throw InputError("cuboctahedron: shells must be between 1 and " + std::to_string(most_shells) + ", found " +
                     std::to_string(shells));
  }
  return cut_octahedron("cuboctahedron", element, 2 * shells - 1, shells - 1, options);
}

}  // namespace adatom
