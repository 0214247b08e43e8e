// Tests optim/clusters.cpp: bonds, pieces and random starts of free clusters.
#include "optim/clusters.hpp"

#include <algorithm>
#include <cmath>

#include "tests/support/catch.hpp"

using namespace adatom;

TEST_CASE("the median bond is that of most atoms", "[optim][clusters]") {
  const std::vector<Vector3> chain{{0, 0, 0}, {1.1, 0, 0}, {2.2, 0, 0}, {3.3, 0, 0}, {9, 0, 0}};
  CHECK(median_bond_length(chain) == Approx(1.1));
  CHECK(std::isinf(median_bond_length(std::vector<Vector3>{{1, 2, 3}})));
}

TEST_CASE("pieces hang together through chains of neighbours", "[optim][clusters]") {
  const std::vector<Vector3> atoms{{0, 0, 0}, {5, 0, 0}, {1, 0, 0}, {2, 0, 0}, {5, 1, 0}, {20, 0, 0}};
  CHECK(pieces(atoms, 1.5) == std::vector<std::size_t>{0, 1, 0, 0, 1, 2});
  CHECK(pieces(atoms, 3.5) == std::vector<std::size_t>{0, 0, 0, 0, 0, 1});
  CHECK(pieces({}, 1.0).empty());
}

TEST_CASE("pieces are pushed together as a whole", "[optim][clusters]") {
  std::vector<Vector3> atoms{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {12, 0, 0}, {12, 1, 0}};
  CHECK(push_together(atoms, 1.5, 1.1));
  CHECK(atoms[2] == Vector3{2, 0, 0});  // the largest piece stays
  CHECK(atoms[3][0] == Approx(3.1));
  CHECK(atoms[4][0] == Approx(3.1));
  CHECK(atoms[4][1] - atoms[3][1] == 1.0);
  CHECK_FALSE(push_together(atoms, 1.5, 1.1));
}

TEST_CASE("loose atoms move to other places on the surface", "[optim][clusters]") {
  // A 3 × 3 × 3 cube and an atom on top of one face: that one has the fewest neighbours.
  std::vector<Vector3> cube;
  for (int i = 0; i < 27; ++i) cube.push_back({double(i / 9), double(i / 3 % 3), double(i % 3)});
  cube.push_back({1, 1, 3});
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<Vector3> moved = cube;
    Random random(seed);
    move_to_surface(moved, 1, 1.0, random);
    CHECK(std::equal(cube.begin(), cube.begin() + 27, moved.begin()));
    double nearest = 100.0;
    for (int i = 0; i < 27; ++i) nearest = std::min(nearest, norm(moved[27] - moved[i]));
    CHECK(nearest == Approx(1.0).epsilon(1e-12));
    CHECK(norm(moved[27] - Vector3{1, 1, 1}) > 1.4);
  }
  std::vector<Vector3> one{{1, 2, 3}};
  Random random(1);
  move_to_surface(one, 3, 1.0, random);
  CHECK(one[0] == Vector3{1, 2, 3});
}

TEST_CASE("random clusters keep their distance and repeat with their seed", "[optim][clusters]") {
  for (const std::size_t n : {1, 2, 13, 55, 200}) {
    Random one(n), two(n), other(n + 1);
    const std::vector<Vector3> points = random_cluster_positions(n, 2.0, one);
    REQUIRE(points.size() == n);
    CHECK(points == random_cluster_positions(n, 2.0, two));
    CHECK(points != random_cluster_positions(n, 2.0, other));
    double least = 100.0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) least = std::min(least, norm(points[i] - points[j]));
    }
    CHECK(least > 1.4);
    if (n > 50) CHECK(least < 1.5);  // as near as allowed
  }
}
