#include "atoms/builders/bulk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

#include "atoms/message_text.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

constexpr std::array<std::string_view, 4> setting_names{"primitive", "conventional", "cubic", "orthorhombic"};

/// A cell in units of a (and c along z), the fractional coordinates of its lattice points (for the hexagonal crystals:
/// of the two atoms of each), and those of a step along (1 1 1) a in the cubic crystals, along c in the hexagonal.
struct UnitCell {
  std::array<Vector3, 3> vectors{};
  std::size_t count = 0;
  std::array<Vector3, 4> points{};
  Vector3 step{};
};

constexpr double root3 = std::numbers::sqrt3, half_root2 = std::numbers::sqrt2 / 2.0;

constexpr UnitCell cube{{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, 1, {}, {1, 1, 1}};

constexpr UnitCell bcc_primitive{{{{-0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0.5, 0.5, -0.5}}}, 1, {}, {2, 2, 2}};
constexpr UnitCell bcc_cube{cube.vectors, 2, {{{0, 0, 0}, {0.5, 0.5, 0.5}}}, {1, 1, 1}};

constexpr UnitCell fcc_primitive{{{{0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}}}, 1, {}, {1, 1, 1}};
constexpr UnitCell fcc_cube{cube.vectors, 4, {{{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}}}, {1, 1, 1}};
// x along the cube's [1 1 0], y along [-1 1 0].
constexpr UnitCell fcc_orthorhombic{
    {{{half_root2, 0, 0}, {0, half_root2, 0}, {0, 0, 1}}}, 2, {{{0, 0, 0}, {0.5, 0.5, 0.5}}}, {2, 0, 1}};

constexpr UnitCell hexagonal{
    {{{1, 0, 0}, {-0.5, root3 / 2, 0}, {0, 0, 1}}}, 2, {{{0, 0, 0}, {1.0 / 3, 2.0 / 3, 0.5}}}, {0, 0, 1}};
constexpr UnitCell hexagonal_orthorhombic{{{{1, 0, 0}, {0, root3, 0}, {0, 0, 1}}},
                                          4,
                                          {{{0, 0, 0}, {0, 1.0 / 3, 0.5}, {0.5, 0.5, 0}, {0.5, 5.0 / 6, 0.5}}},
                                          {0, 0, 1}};

const UnitCell& unit_cell(Crystal crystal, Setting setting) {
  const bool primitive = setting == Setting::primitive, orthorhombic = setting == Setting::orthorhombic;
  switch (crystal) {
    case Crystal::sc:
    case Crystal::cesiumchloride:
      return cube;
    case Crystal::bcc:
      return primitive ? bcc_primitive : bcc_cube;
    case Crystal::fcc:
    case Crystal::diamond:
    case Crystal::rocksalt:
    case Crystal::zincblende:
      return primitive ? fcc_primitive : orthorhombic ? fcc_orthorhombic : fcc_cube;
    case Crystal::hcp:
    case Crystal::wurtzite:
      break;
  }
  if (setting == Setting::cubic) {
    throw InputError("bulk: " + std::string(name(crystal)) +
                     " has no cubic setting; it has primitive, conventional (hexagonal) and orthorhombic");
  }
  return orthorhombic ? hexagonal_orthorhombic : hexagonal;
}

/// How far the second atom of each pair is from the first, in the unit cell's steps; 0 where there is none.
double second_atom(Crystal crystal, const LatticeConstants& lattice, std::optional<double> u) {
  if (u && crystal != Crystal::wurtzite) {
    throw InputError("bulk: u belongs to wurtzite, not to " + std::string(name(crystal)));
  }
  if (u && !(*u > 0.0 && *u < 0.5)) {
    throw InputError("bulk: u must be above 0 and below 0.5, found " + number_text(*u));
  }
  switch (crystal) {
    case Crystal::rocksalt:
    case Crystal::cesiumchloride:
      return 0.5;
    case Crystal::diamond:
    case Crystal::zincblende:
      return 0.25;
    case Crystal::wurtzite:
      // The bond along c, uc, is as long as the three others, sqrt(a²/3 + (1/2 − u)²c²).
      return u.value_or(0.25 + lattice.a * lattice.a / (3.0 * lattice.c * lattice.c));
    default:
      return 0.0;
  }
}

/// The crystal asked for, or the known one.
Crystal chosen_crystal(std::string_view formula, const std::optional<Crystal>& crystal) {
  if (crystal) return *crystal;
  if (const std::optional<KnownCrystal> known = known_crystal(formula)) return known->crystal;
  throw InputError("bulk: the crystal of " + in_quotes(formula) +
                   " is not in the table; give a crystal (sc, fcc, bcc, hcp, diamond, rocksalt, zincblende, wurtzite, "
                   "cesiumchloride) and its lattice constant a");
}

/// The elements of the primitive cell's two atoms, or of its one, from those of the formula.
std::vector<int> species(std::string_view formula, std::vector<int> numbers, Crystal crystal) {
  const std::size_t wanted = static_cast<std::size_t>(formula_size(crystal));
  if (numbers.size() != wanted) {
    throw InputError("bulk: " + std::string(name(crystal)) + " takes a formula of " +
                     (wanted == 1 ? "1 atom such as 'Cu'" : "2 atoms such as 'NaCl'") + ", found " +
                     in_quotes(formula) + " with " + std::to_string(numbers.size()));
  }
  if (crystal == Crystal::diamond) numbers.push_back(numbers[0]);
  return numbers;
}

}  // namespace

std::string_view name(Setting setting) { return setting_names[static_cast<std::size_t>(setting)]; }

Setting setting_named(std::string_view text) {
  const auto found = std::ranges::find(setting_names, text);
  if (found != setting_names.end()) return static_cast<Setting>(found - setting_names.begin());
  throw InputError("unknown setting " + in_quotes(text) + "; expected primitive, conventional, cubic, orthorhombic");
}

Atoms bulk(std::string_view formula, const BulkOptions& options) {
  const std::vector<int> elements = parse_formula(formula, 1000);  // first, so that unknown elements are told as such
  const Crystal crystal = chosen_crystal(formula, options.crystal);
  const std::vector<int> numbers = species(formula, elements, crystal);
  const LatticeConstants lattice = lattice_constants("bulk", formula, crystal, options.a, options.c);
  const double second = second_atom(crystal, lattice, options.u);
  const UnitCell& unit = unit_cell(crystal, options.setting);

  Atoms atoms;
  atoms.pbc = {true, true, true};
  for (std::size_t k = 0; k < 3; ++k) {
    const Vector3& v = unit.vectors[k];
    atoms.cell[k] = {v[0] * lattice.a, v[1] * lattice.a, v[2] * lattice.c};
  }
  for (const Vector3& point : std::span(unit.points).first(unit.count)) {
    for (std::size_t s = 0; s < numbers.size(); ++s) {
      Vector3 place = point + (double(s) * second) * unit.step;
      for (double& x : place) x -= std::floor(x);
      atoms.numbers.push_back(numbers[s]);
      atoms.positions.push_back(cartesian(atoms.cell, place));
    }
  }
  return atoms;
}

}  // namespace adatom
