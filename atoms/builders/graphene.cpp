#include "atoms/builders/graphene.hpp"

#include <numbers>
#include <string>

#include "atoms/builders/limits.hpp"
#include "atoms/message_text.hpp"
#include "core/error.hpp"

namespace adatom {

Atoms graphene(const GrapheneOptions& options) {
  builders::require_counts("graphene", "size", options.size, options.orthogonal ? 4.0 : 2.0);
  builders::require_length("graphene", "lattice constant a", options.a);
  builders::require_not_negative("graphene", "vacuum", options.vacuum);
  const std::vector<int> pair = parse_formula(options.formula, 1000);
  if (pair.size() != 2) {
    throw InputError("graphene takes a formula of 2 atoms such as 'C2' or 'BN', found " + in_quotes(options.formula));
  }
  const double a = options.a, row = std::numbers::sqrt3 / 2.0 * a, bond = a / std::numbers::sqrt3, z = options.vacuum;
  Atoms atoms{.numbers = pair, .positions = {{0, 0, z}, {0, bond, z}}, .cell = orthorhombic(a, row, 2.0 * z)};
  atoms.pbc = {true, true, false};
  if (options.orthogonal) {
    atoms.cell[1][1] = 2.0 * row;
    atoms.numbers.insert(atoms.numbers.end(), pair.begin(), pair.end());
    atoms.positions.push_back({0.5 * a, row, z});
    atoms.positions.push_back({0.5 * a, row + bond, z});
  } else {
    atoms.cell[1][0] = -0.5 * a;
  }
  return repeated(atoms, {options.size[0], options.size[1], 1});
}

}  // namespace adatom
