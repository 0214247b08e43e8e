#include "atoms/compare.hpp"

#include <cmath>

#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

Atoms random_structure(Random& random) {
  Atoms atoms;
  for (int i = 0; i < 12; ++i) {
    atoms.numbers.push_back(i % 3 == 0 ? 29 : 79);
    atoms.positions.push_back({random.uniform(0.0, 6.0), random.uniform(0.0, 6.0), random.uniform(0.0, 6.0)});
  }
  return atoms;
}

}  // namespace

TEST_CASE("fingerprints do not see motion and order", "[atoms][compare]") {
  Random random(8);
  const Atoms atoms = random_structure(random);
  // A rotation with a mirror image, a shift, and a shuffled order.
  const Vector3 x = random.direction();
  Vector3 y = cross(x, random.direction());
  y = (1.0 / norm(y)) * y;
  const Vector3 z = -cross(x, y);
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  random.shuffle(std::span<std::size_t>(order));
  Atoms moved;
  for (const std::size_t i : order) {
    const Vector3& r = atoms.positions[i];
    moved.numbers.push_back(atoms.numbers[i]);
    moved.positions.push_back(r[0] * x + r[1] * y + r[2] * z + Vector3{10.0, -3.0, 0.5});
  }
  CHECK(rms_difference(atoms, moved) < 1e-13);  // round-off of coordinates around 10
  CHECK(rms_difference(atoms, atoms) == 0.0);
}

TEST_CASE("fingerprints see differences", "[atoms][compare]") {
  Random random(9);
  Atoms atoms = random_structure(random);
  Atoms other = atoms;
  other.positions[3][0] += 0.3;
  CHECK(rms_difference(atoms, other) > 0.01);
  CHECK(rms_difference(atoms, random_structure(random)) > 0.05);
  // Two different elements exchanged: the same distances, between other pairs.
  Atoms exchanged = atoms;
  std::swap(exchanged.numbers[0], exchanged.numbers[1]);
  CHECK(rms_difference(atoms, exchanged) > 0.01);
  Atoms fewer = atoms;
  fewer.numbers.pop_back();
  fewer.positions.pop_back();
  CHECK(std::isinf(rms_difference(atoms, fewer)));
  CHECK(std::isinf(rms_difference(Atoms{}, fewer)));
  CHECK(rms_difference(Atoms{}, Atoms{}) == 0.0);
  // A dimer stretched by 0.2: one distance, whose difference is the result.
  Atoms dimer;
  dimer.numbers = {6, 6};
  dimer.positions = {{0.0, 0.0, 0.0}, {0.0, 0.0, 1.2}};
  Atoms stretched = dimer;
  stretched.positions[1][2] = 1.4;
  CHECK(rms_difference(dimer, stretched) == Approx(0.2).epsilon(1e-14));
}
