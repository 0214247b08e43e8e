#include "atoms/cell.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("cell volume and handedness", "[atoms][cell]") {
  Cell cell = orthorhombic(2.0, 3.0, 4.0);
  CHECK(volume(cell) == 24.0);
  CHECK(determinant(cell) == 24.0);
  std::swap(cell[0], cell[2]);
  CHECK(volume(cell) == 24.0);
  CHECK(determinant(cell) == -24.0);
  CHECK(volume(Cell{}) == 0.0);
  CHECK(skewness(cell) == 1.0);
}

TEST_CASE("cell heights and fractional coordinates", "[atoms][cell]") {
  // Hexagonal: the height across a is a·sin 60°.
  Cell hexagonal;
  hexagonal.vectors = {{{3.0, 0.0, 0.0}, {1.5, 1.5 * std::sqrt(3.0), 0.0}, {0.0, 0.0, 5.0}}};
  CHECK(heights(hexagonal)[0] == Approx(3.0 * std::sqrt(0.75)).epsilon(1e-15));
  CHECK(heights(hexagonal)[2] == Approx(5.0).epsilon(1e-15));

  Random random(11);
  for (int trial = 0; trial < 100; ++trial) {
    Cell cell;
    for (Vector3& v : cell.vectors) v = random.uniform(1.0, 5.0) * random.direction();
    if (skewness(cell) > 50.0) continue;
    const Vector3 s{random.uniform(-3.0, 3.0), random.uniform(-3.0, 3.0), random.uniform(-3.0, 3.0)};
    const Vector3 back = fractional(cell, cartesian(cell, s));
    const Cell star = reciprocal(cell);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(std::abs(back[k] - s[k]) < 1e-12);  // round-off times the skewness
      for (std::size_t l = 0; l < 3; ++l) CHECK(std::abs(dot(cell[k], star[l]) - (k == l ? 1.0 : 0.0)) < 1e-13 * 50.0);
    }
  }
  CHECK_THROWS_AS(reciprocal(Cell{}), InputError);
  CHECK_THROWS_AS(fractional(Cell{}, {1.0, 2.0, 3.0}), InputError);
}

TEST_CASE("completed cells have unit vectors at right angles", "[atoms][cell]") {
  Random random(12);
  for (int trial = 0; trial < 80; ++trial) {
    Cell cell;
    for (Vector3& v : cell.vectors) v = random.uniform(1.0, 5.0) * random.direction();
    if (skewness(cell) > 50.0) continue;
    const std::array<bool, 3> pbc{(trial & 1) != 0, (trial & 2) != 0, (trial & 4) != 0};
    for (std::size_t k = 0; k < 3; ++k) {
      if (!pbc[k] && trial % 3 == 0) cell[k] = {};  // a missing vector makes no difference
    }
    const Cell whole = completed(cell, pbc);
    for (std::size_t k = 0; k < 3; ++k) {
      if (pbc[k]) {
        CHECK(whole[k] == cell[k]);
        continue;
      }
      CHECK(norm(whole[k]) == Approx(1.0).epsilon(1e-14));
      for (std::size_t l = 0; l < 3; ++l) CHECK((l == k || std::abs(dot(whole[k], whole[l])) < 1e-13));
    }
    CHECK(volume(whole) > 0.0);
  }
}
