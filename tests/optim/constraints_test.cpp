// Tests optim/constraints.cpp: planes and lines in relaxations, and what is refused.
#include "optim/constraints.hpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/argon.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr RelaxMethod methods[] = {RelaxMethod::lbfgs, RelaxMethod::bfgs, RelaxMethod::fire,
                                   RelaxMethod::bfgs_line_search, RelaxMethod::conjugate_gradients};

std::string refusal(const Constraints& constraints) {
  try {
    FreeDirections(random_argon(3, 1), constraints);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("atoms keep to their planes and lines and no force along them is left", "[optim][constraints]") {
  const Atoms start = random_argon(9, 4);
  const Vector3 normal{1.0, 2.0, -0.5}, direction{0.3, -1.0, 2.0};
  for (const RelaxMethod method : methods) {
    INFO(name(method));
    RelaxOptions options;
    options.method = method;
    options.fmax = 1e-3;
    options.max_steps = 5000;
    options.fixed = {2};
    options.planes = {{0, normal}, {5, {0, 0, 1}}};
    options.lines = {{7, direction}};
    const RelaxResult r = relax(start, LennardJones(), options);
    CHECK(r.converged);
    const auto moved = [&](std::size_t i) { return r.atoms.positions[i] - start.positions[i]; };
    CHECK(norm(moved(2)) == 0.0);
    CHECK(std::abs(dot(moved(0), normal)) < 1e-14);
    CHECK(std::abs(moved(5)[2]) < 1e-14);
    CHECK(norm(cross(moved(7), direction)) < 1e-14);
    CHECK(norm(moved(7)) > 0.01);
    CHECK(norm(cross(r.forces[0], normal)) / norm(normal) <= 1e-3);
    CHECK(std::hypot(r.forces[5][0], r.forces[5][1]) <= 1e-3);
    CHECK(std::abs(dot(r.forces[7], direction)) / norm(direction) <= 1e-3);
    CHECK(std::abs(dot(r.forces[7], direction)) < 0.1 * norm(r.forces[7]));  // a force remains across the line
  }
}

TEST_CASE("a planar cluster relaxes in its plane", "[optim][constraints]") {
  // Seven discs: the hexagon round an atom, all nearest pairs at one distance.
  Atoms start;
  RelaxOptions options;
  options.fmax = 1e-6;
  for (std::size_t i = 0; i < 7; ++i) {
    const double angle = double(i) * 1.0471975512;
    start.numbers.push_back(18);
    start.positions.push_back(i < 6 ? Vector3{1.3 * std::cos(angle), 1.0 * std::sin(angle), 0.0} : Vector3{});
    options.planes.push_back({i, {0, 0, 1}});
  }
  const RelaxResult r = relax(start, LennardJones(), options);
  CHECK(r.converged);
  CHECK(r.energy == Approx(-12.534867).epsilon(1e-7));
  for (const Vector3& p : r.atoms.positions) CHECK(std::abs(p[2]) < 1e-13);
}

TEST_CASE("constraints that cannot be are refused by name", "[optim][constraints]") {
  CHECK(refusal({.fixed = {3}}) == "fixed atom 3 does not exist: the structure has 3 atoms, counted from 0");
  CHECK_THAT(refusal({.fixed = {static_cast<std::size_t>(-1)}}), ContainsSubstring("fixed atom -1 does not exist"));
  CHECK(refusal({.fixed = {1, 1}}) == "fixed atom 1 is named twice");
  CHECK(refusal({.fixed = {1}, .planes = {{1, {0, 0, 1}}}}) == "constrained atom 1 is named twice");
  CHECK_THAT(refusal({.planes = {{4, {0, 0, 1}}}}), ContainsSubstring("constrained atom 4 does not exist"));
  CHECK_THAT(refusal({.planes = {{0, {0, 0, 0}}}}), ContainsSubstring("the normal of the constraint on atom 0"));
  CHECK_THAT(refusal({.lines = {{2, {0, std::nan(""), 1}}}}),
             ContainsSubstring("the direction of the constraint on atom 2"));
  CHECK(refusal({.fixed = {0, 1, 2}}) == "nothing to relax: all 3 atoms are fixed");
}
