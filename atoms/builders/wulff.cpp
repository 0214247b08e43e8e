// What is common to all crystals: the checks of what the user gave, and the reduction of faces to families.
#include "atoms/builders/wulff.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "atoms/builders/wulff_particle.hpp"
#include "atoms/elements.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr std::array<std::string_view, 3> rounding_names{"closest", "above", "below"};

using Miller = std::array<int, 3>;

/// "(1,0,0)", or with four indices "(1,0,-1,0)".
std::string text_of(const Miller& miller, bool hexagonal) {
  const std::int64_t h = miller[0], k = miller[1];
  std::string text = "(" + std::to_string(h) + "," + std::to_string(k) + ",";
  if (hexagonal) text += std::to_string(-(h + k)) + ",";
  return text + std::to_string(miller[2]) + ")";
}

/// The member of a cubic face's family with h ≥ k ≥ l ≥ 0: signs and order are free.
Miller cubic_representative(Miller miller) {
  for (int& index : miller) index = std::abs(index);
  std::ranges::sort(miller, std::greater<>{});
  return miller;
}

/// The member of a hexagonal face's family with h ≥ k ≥ 0 and l ≥ 0: free are the order of h, k and i = −(h + k), the
/// sign of all three, and that of l.
Miller hexagonal_representative(const Miller& miller) {
  std::array<int, 3> around{miller[0], miller[1], -(miller[0] + miller[1])};
  std::ranges::sort(around, std::greater<>{});
  if (around[1] < 0) around = {-around[2], -around[1], -around[0]};
  return {around[0], around[1], std::abs(miller[2])};
}

/// One of the family, with the least indices.
Miller family_of(const SurfaceEnergy& face, bool hexagonal) {
  const std::string name = text_of(face.miller, hexagonal);
  for (const int index : face.miller) {
    if (index < -100 || index > 100) {
      throw InputError("wulff: Miller indices must be between -100 and 100, found " + name);
    }
  }
  if (!(face.energy > 0.0 && std::isfinite(face.energy))) {
    throw InputError("wulff: the energy of face " + name + " must be positive, found " + number_text(face.energy));
  }
  Miller family = hexagonal ? hexagonal_representative(face.miller) : cubic_representative(face.miller);
  const int divisor = std::gcd(std::gcd(family[0], family[1]), family[2]);
  if (divisor == 0) throw InputError("wulff: " + name + " is not a face; at least one Miller index must not be 0");
  for (int& index : family) index /= divisor;
  return family;
}

wulff_particle::Faces reduced(std::span<const SurfaceEnergy> faces, bool hexagonal) {
  if (faces.empty()) throw InputError("wulff: no faces are given");
  wulff_particle::Faces families;
  double lowest = std::numeric_limits<double>::infinity(), highest = 0.0;
  for (const SurfaceEnergy& face : faces) {
    const Miller family = family_of(face, hexagonal);
    if (std::ranges::find(families, family, &SurfaceEnergy::miller) != families.end()) {
      throw InputError("wulff: face " + text_of(face.miller, hexagonal) + " is of the family of " +
                       text_of(family, hexagonal) + ", which was given before; give each family once");
    }
    families.push_back({family, face.energy});
    lowest = std::min(lowest, face.energy);
    highest = std::max(highest, face.energy);
  }
  if (highest > 1000.0 * lowest) {
    throw InputError("wulff: surface energies must not differ more than 1000-fold, found " + number_text(lowest) +
                     " and " + number_text(highest));
  }
  for (SurfaceEnergy& face : families) face.energy /= lowest;
  return families;
}

/// The families of a cubic crystal enclose a particle whatever they are; {0001} and the prisms do not.
void require_closed(const wulff_particle::Faces& faces) {
  const auto all = [&](auto property) { return std::ranges::all_of(faces, property, &SurfaceEnergy::miller); };
  if (all([](const Miller& m) { return m[0] == 0; })) {
    throw InputError("wulff: (0,0,0,1) alone encloses no particle; add a face such as (1,0,-1,0)");
  }
  if (all([](const Miller& m) { return m[2] == 0; })) {
    throw InputError("wulff: faces along the c axis alone enclose no particle; add a face such as (0,0,0,1)");
  }
}

Crystal chosen_crystal(std::string_view element, const WulffOptions& options) {
  const std::optional<KnownCrystal> known = known_crystal(element);
  if (!options.crystal && !known) {
    throw InputError("wulff: the crystal of " + in_quotes(element) +
                     " is not known; give sc, fcc, bcc or hcp and its lattice constant a");
  }
  const Crystal crystal = options.crystal ? *options.crystal : known->crystal;
  if (crystal > Crystal::hcp) {
    throw InputError("wulff: crystal must be sc, fcc, bcc or hcp, found " + std::string(name(crystal)) + " for " +
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

std::array<int, 3> miller_bravais(int h, int k, int i, int l) {
  if (std::int64_t{h} + k + i != 0) {
    throw InputError("the face (" + std::to_string(h) + "," + std::to_string(k) + "," + std::to_string(i) + "," +
                     std::to_string(l) + ") does not exist: the first three indices must add up to 0");
  }
  return {h, k, l};
}

Atoms wulff(std::string_view element, std::span<const SurfaceEnergy> faces, std::size_t atoms,
            const WulffOptions& options) {
  if (atoms < 1 || atoms > 10000000) {
    throw InputError("wulff: atoms must be between 1 and 10 million, found " + std::to_string(atoms));
  }
  const int number = atomic_number(element);
  const Crystal crystal = chosen_crystal(element, options);
  const LatticeConstants lattice = lattice_constants("wulff", element, crystal, options.a, options.c);
  const bool hexagonal = crystal == Crystal::hcp;
  const wulff_particle::Faces families = reduced(faces, hexagonal);
  if (hexagonal) require_closed(families);
  Atoms result;
  result.positions = hexagonal ? wulff_particle::hexagonal(lattice, families, atoms, options.rounding)
                               : wulff_particle::cubic(crystal, lattice.a, families, atoms, options.rounding);
  result.numbers.assign(result.positions.size(), number);
  return result;
}

}  // namespace adatom
