// Tests optim/band.cpp and pair_distances.cpp: the forces on a band against their definitions.
#include "optim/band.hpp"

#include <cmath>
#include <vector>

#include "optim/pair_distances.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("forces of the band are those of its definition", "[optim][neb]") {
  // One atom on a slope, three images on a line along x, not evenly apart: forces across are true, along are springs.
  std::vector<Atoms> images(5);
  const double places[] = {0.0, 1.0, 1.5, 3.0, 4.0};
  for (std::size_t m = 0; m < 5; ++m) {
    images[m].numbers = {18};
    images[m].positions = {{places[m], 0, 0}};
  }
  const FreeDirections free(images[0], {});
  Band band(images, 0.0, 4.0, free, 2.0, [](std::size_t, const Atoms& atoms, std::vector<Vector3>& forces) {
    forces[0] = {-1.0, 0.3, -0.2};
    return atoms.positions[0][0];
  });
  const std::vector<double> x = band.coordinates();
  std::vector<double> gradient(9);
  CHECK(band.evaluate(x, gradient) == 0.0);
  CHECK(-gradient[0] == Approx(2.0 * (0.5 - 1.0)));
  CHECK(-gradient[3] == Approx(2.0 * (1.5 - 0.5)));
  for (std::size_t m = 0; m < 3; ++m) {
    CHECK(-gradient[3 * m + 1] == Approx(0.3));
    CHECK(-gradient[3 * m + 2] == Approx(-0.2));
  }
  band.set_climbing(3);
  band.evaluate(x, gradient);
  CHECK(-gradient[6] == Approx(1.0));  // uphill
  CHECK(-gradient[7] == Approx(0.3));
  CHECK(band.highest() == 3);
}

TEST_CASE("the band's direction follows the higher neighbour", "[optim][neb]") {
  // Round a corner: the way on is along x, the way back along y, so each share shows.
  std::vector<Atoms> images(3);
  for (Atoms& atoms : images) atoms.numbers = {18};
  images[1].positions = {{0, 0, 0}};
  images[0].positions = {{0, -1, 0}};
  images[2].positions = {{1, 0, 0}};
  const FreeDirections free(images[0], {});
  const auto direction = [&](double before, double here, double after) {
    Band band(images, before, after, free, 1.0, [&](std::size_t, const Atoms&, std::vector<Vector3>&) { return here; });
    std::vector<double> gradient(3);
    band.evaluate(band.coordinates(), gradient);
    return band.tangent(1)[0];
  };
  CHECK(direction(0, 1, 2) == Vector3{1, 0, 0});
  CHECK(direction(2, 1, 0) == Vector3{0, 1, 0});
  // At a top or bottom both, the larger change for the higher side (eqs. 10 and 11).
  const auto mixed = [](double x, double y) { return (1.0 / std::hypot(x, y)) * Vector3{x, y, 0}; };
  CHECK(norm(direction(0, 3, 2) - mixed(3, 1)) < 1e-15);
  CHECK(norm(direction(2, 3, 0) - mixed(1, 3)) < 1e-15);
  CHECK(norm(direction(5, 3, 4) - mixed(1, 2)) < 1e-15);
  CHECK(norm(direction(1, 1, 1) - mixed(1, 1)) < 1e-15);
}

TEST_CASE("the pair potential asks for distances that change evenly", "[optim][neb]") {
  // Two atoms at 2 Å and 3 Å, seen at 2.4 Å: k (t/d)⁴ (d − wanted)² with k = 10 eV/Å² and t = 2 Å.
  std::vector<Atoms> path(2);
  for (Atoms& atoms : path) atoms.numbers = {18, 18};
  path[0].positions = {{0, 0, 0}, {2, 0, 0}};
  path[1].positions = {{0, 0, 0}, {0, 3, 0}};
  const PairDistances distances(path);
  Atoms between = path[0];
  between.positions[1] = {0, 0, 2.4};
  std::vector<Vector3> forces;
  CHECK(distances.energy(0.4, between, forces) == Approx(0.0).margin(1e-25));
  const double scale = 10.0 * std::pow(2.0 / 2.4, 4);
  CHECK(distances.energy(0.0, between, forces) == Approx(scale * 0.16));
  CHECK(forces[0][2] > 0.0);
  CHECK(forces[1][2] == -forces[0][2]);
  CHECK(distances.energy(1.0, between, forces) == Approx(scale * 0.36));
  CHECK(forces[0][2] < 0.0);
  CHECK(PairDistances(path, 1.9).useless());
}
