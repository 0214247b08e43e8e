#include "atoms/atoms.hpp"

#include <cmath>
#include <limits>

#include "atoms/builders/molecules.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

Atoms water() { return molecule("H2O"); }

}  // namespace

TEST_CASE("chemical formulas follow Hill", "[atoms][formula]") {
  CHECK(chemical_formula(water()) == "H2O");
  CHECK(chemical_formula(std::vector<int>{8, 6, 1, 1, 6, 1, 1, 1, 1}) == "C2H6O");
  CHECK(chemical_formula(std::vector<int>{79, 29, 1}) == "AuCuH");  // no carbon: the alphabet
  CHECK(chemical_formula(std::vector<int>{17, 6}) == "CCl");
  CHECK(chemical_formula(Atoms{}).empty());
}

TEST_CASE("formulas are read back", "[atoms][formula]") {
  CHECK(parse_formula("Cu4") == std::vector<int>{29, 29, 29, 29});
  CHECK(parse_formula("CH3CH2OH") == std::vector<int>{6, 1, 1, 1, 6, 1, 1, 8, 1});
  CHECK(chemical_formula(parse_formula("Au55Cu8")) == "Au55Cu8");
  CHECK_THROWS_WITH(parse_formula("cu4"), ContainsSubstring("'cu4'"));
  CHECK_THROWS_WITH(parse_formula("Xx2"), ContainsSubstring("did you mean 'Xe'?"));
  CHECK_THROWS_WITH(parse_formula("C0"), ContainsSubstring("1 or more"));
  CHECK_THROWS_WITH(parse_formula("C99999999999999999999999"), ContainsSubstring("1 or more"));
  CHECK_THROWS_WITH(parse_formula("C4000000000"), ContainsSubstring("more than"));
  CHECK_THROWS_AS(parse_formula(""), InputError);
  CHECK_THROWS_AS(parse_formula("C(2)"), InputError);
}

TEST_CASE("masses and their centre", "[atoms]") {
  CHECK(masses(water()) == std::vector<double>{15.999, 1.008, 1.008});
  // z: (15.999·0.119262 − 2·1.008·0.477047) / 18.015
  CHECK(center_of_mass(water())[2] == Approx((15.999 * 0.119262 - 2 * 1.008 * 0.477047) / 18.015).epsilon(1e-14));
  CHECK(center_of_mass(Atoms{}) == Vector3{});
}

TEST_CASE("wrapping and repeating", "[atoms]") {
  Atoms atoms = water();
  atoms.cell = orthorhombic(4.0, 4.0, 4.0);
  atoms.pbc = {true, true, false};
  atoms.positions[1] = {-9.0, 17.5, -3.0};
  const Atoms inside = wrapped(atoms);
  CHECK(inside.positions[1] == Vector3{3.0, 1.5, -3.0});
  CHECK(inside.positions[0] == atoms.positions[0]);

  const Atoms large = repeated(atoms, {2, 1, 3});
  CHECK(large.size() == 18);
  CHECK(large.cell == orthorhombic(8.0, 4.0, 12.0));
  CHECK(large.positions[17] == atoms.positions[2] + Vector3{4.0, 0.0, 8.0});
  CHECK(large.numbers[15] == 8);
  CHECK_THROWS_WITH(repeated(atoms, {1, 0, 1}), ContainsSubstring("along b must be at least 1"));
  CHECK_THROWS_WITH(repeated(water(), {1, 1, 2}), ContainsSubstring("c = (0,0,0)"));
  CHECK_THROWS_WITH(repeated(atoms, {1000000, 1000, 1000}), ContainsSubstring("100 million"));
}

TEST_CASE("smallest distance", "[atoms]") {
  CHECK(smallest_distance(water()) == Approx(std::hypot(0.763239, 0.596309)).epsilon(1e-14));
  CHECK(std::isinf(smallest_distance(Atoms{})));
}

TEST_CASE("validate names what is wrong", "[atoms][errors]") {
  CHECK_NOTHROW(validate(water()));
  CHECK_NOTHROW(validate(Atoms{}));
  Atoms atoms = water();
  atoms.positions.pop_back();
  CHECK_THROWS_WITH(validate(atoms), ContainsSubstring("3 atomic numbers but 2 positions"));
  atoms = water();
  atoms.numbers[1] = 119;
  CHECK_THROWS_WITH(validate(atoms), ContainsSubstring("atom 1 has atomic number 119"));
  atoms = water();
  atoms.positions[2][2] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(validate(atoms), ContainsSubstring("atom 2 has z = inf"));
  atoms = water();
  atoms.cell[1][0] = std::nan("");
  CHECK_THROWS_WITH(validate(atoms), ContainsSubstring("cell vector b"));
  atoms = water();
  atoms.pbc = {false, true, false};
  CHECK_THROWS_WITH(validate(atoms), "periodic along b but b = (0,0,0): give a cell vector or switch pbc off");
}
