// Pictures of structures: what is in front, how large, in which colour.
#include "apps/structure_figure.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include "atoms/builders/bulk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

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

TEST_CASE("what is far fades into the paper, what is near has its element's colour", "[apps][structure_figure]") {
  const auto brightness = [](const Disc& disc) {
    return (disc.colour >> 16U) + (disc.colour >> 8U & 255U) + (disc.colour & 255U);
  };
  const std::vector<Disc> balls = rims(paint({.numbers = {8, 8}, .positions = {{0, 0, -4}, {0, 0, 4}}}, front));
  REQUIRE(balls.size() == 2);
  CHECK(brightness(balls[0]) > brightness(balls[1]) + 50);
  // The rim has 0.38 of the colour, which is (255, 13, 13) for oxygen (Jmol).
  CHECK(balls[1].colour == (97U << 16U | 5U << 8U | 5U));
}

TEST_CASE("completed faces stay within the cell", "[apps][structure_figure]") {
  View view = front;
  view.whole_faces = true;
  const Atoms cube = bulk("Cu", {.setting = Setting::conventional});
  const double half = 0.5 * norm(cube.cell[0]);
  std::size_t corners = 0;
  for (const Disc& ball : rims(paint(cube, view))) {
    CHECK(std::max(std::abs(ball.x), std::abs(ball.y)) < 1.1 * half);  // perspective makes the front a little larger
    corners += std::abs(ball.x) > 0.9 * half && std::abs(ball.y) > 0.9 * half ? 1 : 0;
  }
  CHECK(corners == 8);
}

TEST_CASE("sticks join what is within 1.2 times the radii", "[apps][structure_figure]") {
  const auto circles = [](double distance) {
    return paint({.numbers = {1, 1}, .positions = {{0, 0, 0}, {distance, 0, 0}}}).size();
  };
  CHECK(circles(0.74) > 20);  // H: 0.31 Å (Cordero), 1.2 · 0.62 Å = 0.744 Å
  CHECK(circles(0.75) == 20);
}

TEST_CASE("the cell is drawn as its twelve edges, but for what atoms hide inside", "[apps][structure_figure]") {
  View view = front;
  view.cell = true;
  const auto flat = [&view](const Vector3& atom) {
    std::vector<Disc> discs = paint({.numbers = {29}, .positions = {atom}, .cell = orthorhombic(4, 4, 4)}, view);
    std::erase_if(discs, [](const Disc& disc) { return disc.radius > 0.1; });  // without the ball's own circles
    return discs;
  };
  const std::vector<Disc> edges = flat({2, 2, 2}), fewer = flat({0, 0, 0});
  CHECK(edges.size() >= 12 * 134);              // 4 Å in steps of 0.03 Å
  CHECK(fewer.size() + 3 * 40 < edges.size());  // 1.28 Å of three edges
  for (const double x : {-1.0, 1.0}) {
    for (const double y : {-1.0, 1.0}) {
      const auto near = [x, y](const Disc& disc) { return x * disc.x > 1.8 && y * disc.y > 1.8; };
      CHECK(std::count_if(edges.begin(), edges.end(), near) > 100);  // an edge towards the eye, and ends of four others
    }
  }
  for (const Disc& disc : edges) CHECK(std::max(std::abs(disc.x), std::abs(disc.y)) < 2.5);
}

TEST_CASE("pictures of their own scales are square, so that their titles stand in one line",
          "[apps][structure_figure]") {
  const TemporaryFolder folder;
  const Atoms rod{.numbers = {18, 18, 18}, .positions = {{-4, 0, 0}, {0, 0, 0}, {4, 0, 0}}};
  draw_structures(folder.path(), "rod", {{"rod", rod, front}}, 1, Scale::own);
  std::ifstream file(folder.path() / "rod.gp");
  const std::string script{std::istreambuf_iterator<char>(file), {}};
  const auto range = [&script](const std::string& name) {
    const std::size_t at = script.find(name + " [");
    REQUIRE(at != std::string::npos);
    return script.substr(at + name.size(), script.find('\n', at) - at - name.size());
  };
  CHECK(range("set xrange") == range("set yrange"));
}
