#include "atoms/builders/supercell.hpp"

#include <cmath>

#include "atoms/builders/bulk.hpp"
#include "atoms/builders/surface.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/atoms/builders/shells.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

int determinant_of(const IntegerMatrix& m) {
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

}  // namespace

TEST_CASE("the cube of fcc from its primitive cell", "[atoms][builders][supercell]") {
  const Atoms cube = supercell(bulk("Pd"), {{{-1, 1, 1}, {1, -1, 1}, {1, 1, -1}}});
  check_reference("Pd_fcc_cubic", cube);
  for (const Vector3& r : cube.positions) {
    for (const double x : r) CHECK((x > -1e-9 && x < 3.89 - 1e-9));
  }
}

TEST_CASE("any integer matrix gives the same crystal", "[atoms][builders][supercell]") {
  Random random(4);
  for (const char* formula : {"Cu", "Mg", "ZnO"}) {
    const Atoms unit = bulk(formula);
    int done = 0;
    while (done < 12) {
      IntegerMatrix matrix{};
      for (auto& row : matrix) {
        for (int& entry : row) entry = static_cast<int>(std::floor(random.uniform(-3.0, 4.0)));
      }
      const int determinant = determinant_of(matrix);
      if (determinant == 0 || std::abs(determinant) > 40) continue;
      ++done;
      CAPTURE(formula, matrix[0], matrix[1], matrix[2]);
      const Atoms super = supercell(unit, matrix);
      CHECK(super.size() == unit.size() * static_cast<std::size_t>(std::abs(determinant)));
      CHECK(chemical_formula(super) == chemical_formula(super.numbers));
      check_same_crystal(unit, super, 5.0);  // a lattice point twice, or none, would change shells
      for (const Vector3& r : super.positions) {
        for (const double s : fractional(super.cell, r)) CHECK((s > -2e-9 && s < 1.0));
      }
    }
  }
}

TEST_CASE("supercells of slabs, free clusters and diagonal matrices", "[atoms][builders][supercell]") {
  const Atoms slab = fcc111("Cu", {.size = {1, 1, 3}}).atoms;
  const Atoms root3 = supercell(slab, {{{1, 1, 0}, {-1, 2, 0}, {0, 0, 1}}});
  CHECK(root3.size() == 9);
  CHECK(root3.pbc == slab.pbc);
  CHECK(root3.cell[2] == slab.cell[2]);
  check_same_crystal(slab, root3, 7.0);

  const Atoms doubled = supercell(slab, {{{2, 0, 0}, {0, 3, 0}, {0, 0, 1}}});
  check_same_crystal(doubled, repeated(slab, {2, 3, 1}), 7.0);

  const Atoms cluster{.numbers = {6}, .positions = {{1.0, 2.0, 3.0}}};
  CHECK(supercell(cluster, {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}) == cluster);
  const Atoms empty{.cell = orthorhombic(1.0, 2.0, 3.0), .pbc = {true, true, true}};
  CHECK(supercell(empty, {{{10000, 0, 0}, {0, 10000, 0}, {0, 0, 10000}}}).size() == 0);
}

TEST_CASE("supercell says what is wrong", "[atoms][builders][supercell]") {
  const Atoms unit = bulk("Cu"), slab = fcc100("Cu").atoms;
  const auto refuses = [](const Atoms& atoms, const IntegerMatrix& matrix, const char* text) {
    CHECK_THROWS_AS(supercell(atoms, matrix), InputError);
    CHECK_THROWS_WITH(supercell(atoms, matrix), ContainsSubstring(text));
  };
  refuses(unit, {{{1, 0, 0}, {2, 0, 0}, {0, 0, 1}}}, "(1 0 0), (2 0 0), (0 0 1) lie in a plane (determinant 0)");
  refuses(unit, {{{1000, 0, 0}, {0, 1000, 0}, {0, 0, 1000}}}, "would have 1e+09 atoms; at most 100 million");
  refuses(unit, {{{1000000000, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
          "row 0 of the matrix, (1000000000 0 0), has an entry beyond 10000");
  refuses(slab, {{{1, 0, 1}, {0, 1, 0}, {0, 0, 1}}}, "row 0 of the matrix, (1 0 1), mixes a periodic direction");
  refuses({.numbers = {6}, .positions = {{}}}, {{{1, 0, 0}, {0, 2, 0}, {0, 0, 1}}},
          "changes a direction without a cell vector");
}
