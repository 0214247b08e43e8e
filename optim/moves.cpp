#include "optim/moves.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "atoms/number_text.hpp"
#include "core/error.hpp"
#include "optim/clusters.hpp"

namespace adatom {
namespace {

/// x turned by `angle` about the unit vector `axis` (Rodrigues).
Vector3 rotated(const Vector3& x, const Vector3& axis, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  return c * x + s * cross(axis, x) + ((1.0 - c) * dot(axis, x)) * axis;
}

struct StandardMove {
  std::string_view name;
  bool (*change)(Atoms&, const MoveContext&, Random&);
};
constexpr std::array<StandardMove, 6> standard_moves = {{{"shake", shake_all},
                                                         {"single", shake_one},
                                                         {"angular", move_least_bound},
                                                         {"surface", move_loose_atoms},
                                                         {"swap", swap_elements},
                                                         {"twist", twist}}};

/// A positive number that fills the whole text.
double parse_weight(std::string_view text, std::string_view name) {
  double weight = 0.0;
  if (!parse_real(text, weight) || !(weight > 0.0) || !std::isfinite(weight)) {
    throw InputError("the weight of the move '" + std::string(name) + "' must be a positive number, found '" +
                     std::string(text) + "'");
  }
  return weight;
}

}  // namespace

bool shake_all(Atoms& structure, const MoveContext& context, Random& random) {
  for (const std::size_t i : context.free) {
    for (double& x : structure.positions[i]) x += random.uniform(-context.step, context.step);
  }
  return true;
}

bool shake_one(Atoms& structure, const MoveContext& context, Random& random) {
  const std::size_t i = context.free[random.below(context.free.size())];
  const double radius = std::max(context.step, context.bond_length);
  const Vector3 direction = random.direction();
  structure.positions[i] += (radius * std::cbrt(random.uniform())) * direction;  // uniform in the sphere
  return true;
}

bool move_least_bound(Atoms& structure, const MoveContext& context, Random& random) {
  if (!context.free_cluster || structure.size() < 3) return false;
  const Prediction prediction = context.potential.compute(structure, {.forces = false, .energies = true});
  std::map<int, std::pair<double, double>> sums;  // of each element: energy, atoms
  for (std::size_t i = 0; i < structure.size(); ++i) {
    auto& [energy, count] = sums[structure.numbers[i]];
    energy += prediction.energies[i];
    count += 1.0;
  }
  std::size_t loosest = 0;
  double highest = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < structure.size(); ++i) {
    const auto& [energy, count] = sums[structure.numbers[i]];
    const double excess = prediction.energies[i] - energy / count;
    if (excess > highest) highest = excess, loosest = i;
  }
  const std::array<std::size_t, 1> one = {loosest};
  place_on_surface(structure.positions, one, context.bond_length, random);
  return true;
}

bool move_loose_atoms(Atoms& structure, const MoveContext& context, Random& random) {
  if (!context.free_cluster || structure.size() < 2) return false;
  move_to_surface(structure.positions, 1 + random.below(3), context.bond_length, random);
  return true;
}

bool swap_elements(Atoms& structure, const MoveContext& context, Random& random) {
  const std::size_t first = context.free[random.below(context.free.size())];
  const int element = structure.numbers[first];
  const auto other = [&](std::size_t i) { return structure.numbers[i] != element; };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(context.free, other));
  if (count == 0) return false;
  std::size_t skip = random.below(count);
  for (const std::size_t i : context.free) {
    if (!other(i) || skip-- > 0) continue;
    std::swap(structure.positions[first], structure.positions[i]);
    break;
  }
  return true;
}

bool twist(Atoms& structure, const MoveContext& context, Random& random) {
  if (!context.free_cluster || structure.size() < 3) return false;
  Vector3 middle{};
  for (const Vector3& x : structure.positions) middle += (1.0 / static_cast<double>(structure.size())) * x;
  const Vector3 normal = random.direction();
  const double angle = random.uniform(0.0, 2.0 * std::numbers::pi);
  for (Vector3& x : structure.positions) {
    if (dot(x - middle, normal) > 0.0) x = middle + rotated(x - middle, normal, angle);
  }
  return true;
}

Move standard_move(std::string_view name, double weight) {
  std::string known;
  for (const StandardMove& move : standard_moves) {
    if (move.name == name) return {.name = std::string(name), .weight = weight, .change = move.change};
    known += (known.empty() ? "" : ", ") + std::string(move.name);
  }
  throw InputError("there is no move '" + std::string(name) + "'; there are " + known);
}

std::vector<Move> default_moves() { return {standard_move("shake", 3.0), standard_move("surface", 1.0)}; }

std::vector<Move> parse_moves(std::string_view text) {
  std::vector<Move> moves;
  for (;;) {
    const std::string_view item = text.substr(0, text.find(','));
    const std::size_t colon = item.find(':');
    const std::string_view name = item.substr(0, colon);
    const double weight = colon == std::string_view::npos ? 1.0 : parse_weight(item.substr(colon + 1), name);
    if (std::ranges::any_of(moves, [&](const Move& m) { return m.name == name; })) {
      throw InputError("the move '" + std::string(name) + "' is given twice");
    }
    moves.push_back(standard_move(name, weight));
    if (item.size() == text.size()) return moves;
    text.remove_prefix(item.size() + 1);
  }
}

}  // namespace adatom
