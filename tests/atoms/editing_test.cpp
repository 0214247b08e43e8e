#include "atoms/editing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atoms/builders/molecules.hpp"
#include "atoms/compare.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

Atoms free_water() { return molecule("H2O"); }

/// In a skewed cell that is periodic along a and b.
Atoms water() {
  Atoms atoms = free_water();
  atoms.cell.vectors = {{{5.0, 0.0, 0.0}, {1.0, 6.0, 0.0}, {0.5, 0.7, 7.0}}};
  atoms.pbc = {true, true, false};
  return atoms;
}

double largest_difference(std::span<const Vector3> a, std::span<const Vector3> b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, norm(a[i] - b[i]));
  return largest;
}

constexpr double rounding = 1e-14;  // a few units in the last place of coordinates of a few Angstrom
const double not_a_number = std::nan("");

}  // namespace

TEST_CASE("turning", "[atoms][editing]") {
  const Atoms atoms = water();
  // ASE: rotate(50, (1, 2, 3), center=(0.1, 0.2, 0.3))
  const Atoms turned = rotated(atoms, {1, 2, 3}, 50.0, {.about = {0.1, 0.2, 0.3}});
  const std::vector<Vector3> expected = {{0.05796294092383314, -0.0061590432689358765, 0.10404704853801289},
                                         {-0.6616858264994362, 0.593133387453882, -0.14308131613610925},
                                         {0.1979832711357525, -0.5438611445883246, -0.689293327319701}};
  CHECK(largest_difference(turned.positions, expected) < rounding);
  CHECK(turned.cell == atoms.cell);
  const Atoms back = rotated(turned, {2, 4, 6}, -50.0, {.about = {0.1, 0.2, 0.3}});
  CHECK(largest_difference(back.positions, atoms.positions) < rounding);

  // Quarter turns are exact, right-handed, and take the cell along when asked to.
  CHECK(rotation_matrix({0, 0, 5}, 90.0) == Matrix3{{{0, -1, 0}, {1, 0, 0}, {0, 0, 1}}});
  CHECK(rotation_matrix({0, 2, 0}, -270.0) == Matrix3{{{0, 0, 1}, {0, 1, 0}, {-1, 0, 0}}});
  CHECK(rotation_matrix({1, 1, 1}, 720.0) == Matrix3{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}});
  const Atoms crystal = rotated(atoms, {0, 0, 1}, 90.0, {.rotate_cell = true});
  CHECK(crystal.cell[1] == Vector3{-6.0, 1.0, 0.0});
  CHECK(crystal.positions[1] == Vector3{-0.763239, 0.0, -0.477047});

  CHECK_THROWS_WITH(rotated(atoms, {0, 0, 0}, 10.0), ContainsSubstring("axis must be finite and not zero"));
  CHECK_THROWS_WITH(rotated(atoms, {0, not_a_number, 0}, 10.0), ContainsSubstring("(0, nan, 0)"));
  CHECK_THROWS_WITH(rotated(atoms, {0, 0, 1}, not_a_number), ContainsSubstring("angle must be finite"));
  CHECK_THROWS_WITH(rotated(atoms, {0, 0, 1}, 1.0, {.about = {not_a_number, 0, 0}}), ContainsSubstring("about"));
}

TEST_CASE("moving and centring", "[atoms][editing]") {
  const Atoms atoms = water();
  CHECK(translated(atoms, {1, 2, 3}).positions[0] == Vector3{1.0, 2.0, 3.119262});
  CHECK_THROWS_WITH(translated(atoms, {0, 0, not_a_number}), ContainsSubstring("shift must be finite"));

  // ASE: center() in the skewed cell
  const std::vector<Vector3> middle = {{3.2287032499999997, 3.3201845499999996, 3.7981545},
                                       {3.2287032499999997, 4.083423549999999, 3.2018455},
                                       {3.2287032499999997, 2.5569455499999996, 3.2018455}};
  CHECK(largest_difference(centered(atoms).positions, middle) < rounding);
  CHECK(centered(atoms).cell == atoms.cell);
  // Along a alone: the face normal of a is not changed by the others.
  const Atoms along_a = centered(atoms, {true, false, false});
  CHECK(along_a.positions[0][2] == atoms.positions[0][2]);
  CHECK(along_a.positions[0][1] == atoms.positions[0][1]);
  CHECK_THROWS_WITH(centered(free_water()), ContainsSubstring("cell vector a = (0,0,0)"));

  CHECK(norm(center(centered_at(atoms, {1, 2, 3})) - Vector3{1, 2, 3}) < rounding);
  CHECK(norm(center_of_mass(centered_at(atoms, {1, 2, 3}, Center::mass)) - Vector3{1, 2, 3}) < rounding);
  CHECK(norm(center(atoms, Center::extent) - Vector3{0, 0, 0.5 * (0.119262 - 0.477047)}) < rounding);
  CHECK(center(Atoms{}) == Vector3{});
}

TEST_CASE("vacuum", "[atoms][editing]") {
  // ASE: center(vacuum=3.0, axis=2) in the skewed cell; our default is the directions that are not periodic
  const Atoms slab = with_vacuum(water(), 3.0);
  const std::vector<Vector3> expected = {{0.24836049999999998, 0.3477046999999999, 3.5963089999999993},
                                         {0.24836049999999998, 1.1109437, 3.0},
                                         {0.24836049999999998, -0.4155343000000001, 3.0}};
  CHECK(largest_difference(slab.positions, expected) < rounding);
  CHECK(norm(slab.cell[2] - Vector3{0.47116492857142855, 0.6596308999999999, 6.596309}) < rounding);
  CHECK(slab.cell[0] == water().cell[0]);
  CHECK(slab.pbc == water().pbc);

  // ASE: molecule('H2O').center(vacuum=3.0): no cell before
  const Atoms box = with_vacuum(free_water(), 3.0);
  CHECK(norm(box.cell[0] - Vector3{6.0, 0, 0}) < rounding);
  CHECK(norm(box.cell[1] - Vector3{0, 7.526478, 0}) < rounding);
  CHECK(norm(box.cell[2] - Vector3{0, 0, 6.596309}) < rounding);
  CHECK(norm(box.positions[1] - Vector3{3.0, 4.526478, 3.0}) < rounding);

  const Atoms one_side = with_vacuum(free_water(), 1.0, std::array<bool, 3>{false, true, false});
  CHECK(one_side.cell[0] == Vector3{});
  CHECK(one_side.cell[1][1] == Approx(3.526478).epsilon(1e-14));

  CHECK_THROWS_WITH(with_vacuum(free_water(), -1.0), ContainsSubstring("found -1"));
  CHECK_THROWS_WITH(with_vacuum(free_water(), not_a_number), ContainsSubstring("vacuum"));
  CHECK_THROWS_WITH(with_vacuum(free_water(), 0.0), ContainsSubstring("no height along a"));
  Atoms flat = free_water();  // not periodic, so the message must not speak of that
  flat.cell = {{{{1, 0, 0}, {2, 0, 0}, {0, 0, 1}}}};
  const std::string why = "the cell has no volume: its vectors must not be parallel or lie in one plane";
  CHECK_THROWS_WITH(with_vacuum(flat, 3.0), why);
  CHECK_THROWS_WITH(centered(flat), why);
}

TEST_CASE("joining and picking", "[atoms][editing]") {
  const Atoms atoms = water();
  Atoms other;
  other.numbers = {29};
  other.positions = {{1, 2, 3}};
  const Atoms both = joined(atoms, other);
  CHECK(both.numbers == std::vector<int>{8, 1, 1, 29});
  CHECK(both.positions[3] == Vector3{1, 2, 3});
  CHECK(both.cell == atoms.cell);
  CHECK(joined(other, atoms).cell == Cell{});

  const std::vector<std::size_t> twice = {3, 0, 0};
  CHECK(selected(both, twice).numbers == std::vector<int>{29, 8, 8});
  CHECK(without(both, twice).numbers == std::vector<int>{1, 1});
  CHECK(without(both, std::vector<std::size_t>{3}) == atoms);
  CHECK(substituted(both, twice, 79).numbers == std::vector<int>{79, 1, 1, 79});
  const std::vector<std::size_t> beyond = {4};
  CHECK_THROWS_WITH(selected(both, beyond), ContainsSubstring("index 4 is out of range; the structure has 4 atoms"));
  CHECK_THROWS_AS(without(both, beyond), InputError);
  CHECK_THROWS_AS(substituted(both, beyond, 79), InputError);
  CHECK_THROWS_AS(substituted(both, twice, 0), InputError);
}

TEST_CASE("sorting", "[atoms][editing]") {
  const Atoms atoms = water();
  const Atoms by_element = sorted_by_element(atoms);
  CHECK(by_element.numbers == std::vector<int>{1, 1, 8});
  CHECK(by_element.positions[0] == atoms.positions[1]);  // equal keys keep their order
  CHECK(sorted_by_coordinate(atoms, 1).positions[0] == atoms.positions[2]);
  CHECK(sorted_by_coordinate(atoms, 2).positions[2] == atoms.positions[0]);
  CHECK(sorted(atoms, std::vector<double>{1.0, -2.0, 0.0}).positions[1] == atoms.positions[2]);
  CHECK_THROWS_WITH(sorted_by_coordinate(atoms, 3), ContainsSubstring("found 3"));
  CHECK_THROWS_WITH(sorted(atoms, std::vector<double>{1.0}), ContainsSubstring("3 atoms needs as many keys, found 1"));
  CHECK_THROWS_WITH(sorted(atoms, std::vector<double>{1.0, not_a_number, 0.0}),
                    ContainsSubstring("atom 1 is not a number"));
}

TEST_CASE("shaking", "[atoms][editing]") {
  const Atoms atoms = repeated(water(), {50, 20, 1});
  Random one(5), again(5);
  const Atoms shaken = rattled(atoms, 0.1, one);
  CHECK(rattled(atoms, 0.1, again) == shaken);
  CHECK(rattled(atoms, 0.1, again) != shaken);
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (const double x : shaken.positions[i] - atoms.positions[i]) {
      sum += x;
      squares += x * x;
    }
  }
  // 9000 normal numbers of deviation 0.1: their mean deviates by 0.1/sqrt(9000), their deviation by 0.1/sqrt(18000).
  CHECK(std::abs(sum / 9000.0) < 4 * 0.1 / std::sqrt(9000.0));
  CHECK(std::abs(std::sqrt(squares / 9000.0) - 0.1) < 4 * 0.1 / std::sqrt(18000.0));
  CHECK(rattled(atoms, 0.0, one) == atoms);
  CHECK_THROWS_WITH(rattled(atoms, -0.1, one), ContainsSubstring("found -0.1"));
}

TEST_CASE("straining", "[atoms][editing]") {
  const Atoms atoms = water();
  const Atoms stretched = strained(atoms, std::array<double, 6>{0.01, 0.02, 0.03, 0, 0, 0});
  CHECK(volume(stretched.cell) / volume(atoms.cell) == Approx(1.01 * 1.02 * 1.03).epsilon(1e-14));
  CHECK(stretched.positions[1][1] == Approx(1.02 * 0.763239).epsilon(1e-14));
  // Atoms keep their fractional coordinates under any strain; engineering shears are halved.
  const std::array<double, 6> voigt = {0.01, -0.02, 0.03, 0.04, 0.05, -0.06};
  const Atoms sheared = strained(atoms, voigt);
  CHECK(sheared == strained(atoms, Matrix3{{{0.01, -0.03, 0.025}, {-0.03, -0.02, 0.02}, {0.025, 0.02, 0.03}}}));
  for (std::size_t i = 0; i < 3; ++i) {
    const Vector3 before = fractional(atoms.cell, atoms.positions[i]);
    CHECK(norm(fractional(sheared.cell, sheared.positions[i]) - before) < rounding);
  }
  // Simple shear of the matrix form: x moves with y, not the other way round.
  const Atoms simple = strained(atoms, Matrix3{{{0, 0.1, 0}, {0, 0, 0}, {0, 0, 0}}});
  CHECK(simple.positions[1] == Vector3{0.1 * 0.763239, 0.763239, -0.477047});
  CHECK_THROWS_WITH(strained(atoms, std::array<double, 6>{-1, 0, 0, 0, 0, 0}), ContainsSubstring("found 0"));
  CHECK_THROWS_WITH(strained(atoms, std::array<double, 6>{0, 0, -2.5, 0, 0, 0}), ContainsSubstring("inside out"));
  CHECK_THROWS_WITH(strained(atoms, std::array<double, 6>{0, not_a_number, 0, 0, 0, 0}), ContainsSubstring("finite"));
}
