// Tests dynamics/mean_square_displacement.cpp: straight lines, random walks, and jumps across the cell.
#include "dynamics/mean_square_displacement.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("straight flight gives the square of the way", "[dynamics][diffusion]") {
  std::vector<std::vector<Vector3>> trajectory;
  for (int t = 0; t < 10; ++t) trajectory.push_back({{0.5 * t, 0, 0}, {0, 1.0 * t, 2.0 * t}});
  const std::vector<double> d = mean_square_displacements(trajectory);
  REQUIRE(d.size() == 6);
  for (std::size_t lag = 0; lag < d.size(); ++lag) {
    CHECK(d[lag] == Approx(double(lag * lag) * (0.25 + 5.0) / 2.0).epsilon(1e-14));
  }
}

TEST_CASE("a random walk diffuses with the coefficient of its steps", "[dynamics][diffusion]") {
  // Normal steps of variance s² per direction every 2 fs: D = s²/(2 · 2 fs).
  Random random(4);
  std::vector<std::vector<Vector3>> trajectory{std::vector<Vector3>(400)};
  for (int t = 0; t < 200; ++t) {
    trajectory.push_back(trajectory.back());
    for (Vector3& r : trajectory.back()) {
      for (double& x : r) x += 0.1 * random.normal();
    }
  }
  // 1200 independent coordinates over two independent stretches of 100 steps: a few per cent.
  CHECK(diffusion_coefficient(mean_square_displacements(trajectory), 2.0) == Approx(0.0025).epsilon(0.1));
}

TEST_CASE("the first half of the lags does not count for the diffusion coefficient", "[dynamics][diffusion]") {
  // Flights between collisions are no diffusion: only the straight second half, 6 D t with D = 0.3 Å²/fs, every 2 fs.
  std::vector<double> displacements{0.0, 50.0, 7.0, 1e3, 2.0};
  for (int lag = 5; lag < 11; ++lag) displacements.push_back(6.0 * 0.3 * 2.0 * lag - 4.0);
  CHECK(diffusion_coefficient(displacements, 2.0) == Approx(0.3).epsilon(1e-12));
}

TEST_CASE("wrapped trajectories are put together again", "[dynamics][diffusion]") {
  const Cell cell{{{{4, 0, 0}, {1, 5, 0}, {0, 0, 0}}}};
  const std::array<bool, 3> pbc{true, true, false};
  std::vector<std::vector<Vector3>> whole, wrapped_frames;
  for (int t = 0; t < 30; ++t) {
    Atoms atoms{{1, 1}, {{0.7 * t, -0.4 * t, 0.9 * t}, {2.0 - 0.3 * t, 0.8 * t, 1.0}}, cell, pbc};
    whole.push_back(atoms.positions);
    wrapped_frames.push_back(wrapped(atoms).positions);
  }
  const std::vector<std::vector<Vector3>> found = unwrapped(wrapped_frames, cell, pbc);
  CHECK(mean_square_displacement(wrapped_frames[0], wrapped_frames[29]) < 500.0);
  for (std::size_t t = 0; t < whole.size(); ++t) {
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(norm((found[t][i] - found[0][i]) - (whole[t][i] - whole[0][i])) < 1e-12);
    }
  }
}

TEST_CASE("displacements are refused for what has none", "[dynamics][diffusion]") {
  CHECK_THROWS_AS(mean_square_displacement(std::vector<Vector3>(2), std::vector<Vector3>(3)), ShapeError);
  CHECK_THROWS_WITH(diffusion_coefficient(std::vector<double>(3), 1.0), ContainsSubstring("at least 4"));
  CHECK_THROWS_WITH(diffusion_coefficient(std::vector<double>(9), 0.0), ContainsSubstring("must be positive"));
  CHECK(mean_square_displacements({}).empty());
}
