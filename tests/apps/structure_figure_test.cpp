// Pictures of structures: what is in front, how large, in which colour.
#include "apps/structure_figure.hpp"

#include <algorithm>
#include <cmath>

#include "atoms/builders/bulk.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::apps;

namespace {

/// The outermost circle of each ball: a shaded ball is ten circles, the first of them the largest.
std::vector<Disc> rims(const std::vector<Disc>& discs) {
  std::vector<Disc> result;
  for (std::size_t i = 0; i < discs.size(); i += 10) result.push_back(discs[i]);
  return result;
}

constexpr View front{.from = Vector3{0, 0, 1}, .up = {0, 1, 0}, .look = Look::balls, .cell = false};

}  // namespace

TEST_CASE("nearer atoms are painted later and larger", "[apps][structure_figure]") {
  const Atoms row{.numbers = {47, 47, 47}, .positions = {{0, 0, 4}, {0, 0, -4}, {0, 0, 0}}};
  const std::vector<Disc> balls = rims(paint(row, front));
  REQUIRE(balls.size() == 3);
  CHECK(balls[0].radius < balls[1].radius);
  CHECK(balls[1].radius < balls[2].radius);
  CHECK(std::abs(balls[1].radius - 0.97 * 1.45) < 1e-12);  // in the middle the scale is exact; Ag: 1.45 Å (Cordero)
}

TEST_CASE("the picture is the projection onto the plane of view", "[apps][structure_figure]") {
  const Atoms pair{.numbers = {8, 1}, .positions = {{1, 2, 5}, {4, 3, 5}}};
  const std::vector<Disc> balls = rims(paint(pair, front));
  REQUIRE(balls.size() == 2);
  CHECK(std::abs(balls[1].x - balls[0].x - 3.0) < 1e-12);
  CHECK(std::abs(balls[1].y - balls[0].y - 1.0) < 1e-12);
  const View from_right{.from = Vector3{1, 0, 0}, .up = {0, 0, 1}, .look = Look::balls};
  const std::vector<Disc> side = rims(paint({.numbers = {8, 8}, .positions = {{0, 0, 0}, {0, 2, 1}}}, from_right));
  CHECK(std::abs(side[1].x - side[0].x - 2.0) < 1e-12);  // seen from +x with z upwards, y is to the right
  CHECK(std::abs(side[1].y - side[0].y - 1.0) < 1e-12);
}

TEST_CASE("a crystal's faces are completed, its cell drawn, free molecules have sticks", "[apps][structure_figure]") {
  const Atoms cube = bulk("Cu", {.setting = Setting::conventional});
  View view = front;
  CHECK(rims(paint(cube, view)).size() == 4);
  view.whole_faces = true;
  CHECK(rims(paint(cube, view)).size() == 14);  // 8 corners and 6 faces
  const std::size_t without_cell = paint(cube, view).size();
  view.cell = true;
  CHECK(paint(cube, view).size() > without_cell + 12);
  const Atoms hydrogen{.numbers = {1, 1}, .positions = {{0, 0, 0}, {0.74, 0, 0}}},
      apart{.numbers = {1, 1}, .positions = {{0, 0, 0}, {2, 0, 0}}};
  CHECK(paint(hydrogen).size() > 20);
  CHECK(paint(apart).size() == 20);
  CHECK(paint(Atoms{}).empty());
}
