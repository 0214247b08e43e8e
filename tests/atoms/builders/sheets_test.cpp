// Graphene and nanotubes.
#include <cmath>
#include <numbers>
#include <numeric>

#include "atoms/builders/graphene.hpp"
#include "atoms/builders/nanotube.hpp"
#include "core/error.hpp"
#include "tests/atoms/builders/shells.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("graphene", "[atoms][builders][graphene]") {
  const Atoms cell = graphene(), sheet = graphene({.size = {4, 3}, .vacuum = 6.0});
  CHECK(cell.size() == 2);
  CHECK(sheet.size() == 24);
  CHECK(sheet.pbc == std::array{true, true, false});
  CHECK(sheet.cell[2] == Vector3{0.0, 0.0, 12.0});
  for (const Vector3& r : sheet.positions) CHECK(r[2] == 6.0);
  // Bond a/sqrt(3), then 6 second neighbours at a and 3 at 2a/sqrt(3).
  const auto shells = shells_of(sheet, 3.0).at("C-C");
  REQUIRE(shells.size() == 3);
  CHECK(shells[0].distance == Approx(2.46 / std::sqrt(3.0)));
  CHECK(shells[0].pairs == 24 * 3);
  CHECK(shells[1].distance == Approx(2.46));
  CHECK(shells[1].pairs == 24 * 6);
  CHECK(shells[2].pairs == 24 * 3);
  const Atoms rectangle = graphene({.size = {2, 3}, .vacuum = 6.0, .orthogonal = true});
  CHECK(rectangle.size() == 24);
  check_same_crystal(sheet, rectangle, 8.0);
  // Boron nitride: every bond joins the two elements.
  const Atoms nitride = graphene({.formula = "BN", .a = 2.50, .orthogonal = true});
  CHECK(shells_of(nitride, 1.5).size() == 1);
  CHECK(shells_of(nitride, 1.5).at("B-N")[0].pairs == 12);
}

TEST_CASE("nanotubes", "[atoms][builders][nanotube]") {
  for (const auto& [n, m] : {std::pair{5, 5}, {10, 0}, {6, 3}, {4, 1}, {7, 2}, {3, 6}, {0, 8}, {12, 5}}) {
    CAPTURE(n, m);
    const Atoms tube = nanotube(n, m, {.length = 2, .bond = 1.42, .vacuum = 5.0});
    const int divisor = std::gcd(2 * n + m, 2 * m + n), s = n * n + n * m + m * m;
    CHECK(tube.size() == std::size_t(2 * 4 * s / divisor));
    // The period along the axis: sqrt(3) times the circumference over the divisor (Saito et al., eq. 3.6).
    const double circumference = std::sqrt(3.0) * 1.42 * std::sqrt(double(s)),
                 radius = circumference / (2.0 * std::numbers::pi);
    CHECK(tube.cell[2][2] == Approx(2.0 * std::sqrt(3.0) * circumference / divisor));
    CHECK(tube.pbc == std::array{false, false, true});
    double least = 1e9, most = 0.0;
    for (const Vector3& r : tube.positions) {
      CHECK(std::hypot(r[0] - 0.5 * tube.cell[0][0], r[1] - 0.5 * tube.cell[1][1]) == Approx(radius));
      CHECK((r[2] > -1e-9 && r[2] < tube.cell[2][2]));
      least = std::min(least, r[0]);
      most = std::max(most, r[0]);
    }
    CHECK(least > 5.0 - 1e-9);
    CHECK(tube.cell[0][0] - most > 5.0 - 1e-9);
    // Three bonds each, shortened by the curvature: chords of arcs are shorter by at most (bond/radius)²/24.
    for (const std::size_t neighbors : coordination_of(tube, 1.6)) CHECK(neighbors == 3);
    const std::vector<Shell> bonds = shells_of(tube, 1.6).at("C-C");
    for (const Shell& shell : bonds) {
      CHECK(shell.distance <= 1.42 + 1e-9);
      CHECK(shell.distance > 1.42 * (1.0 - std::pow(1.42 / radius, 2) / 24.0));
    }
    check_same_crystal(nanotube(n, m, {.length = 1, .vacuum = 5.0}), nanotube(m, n, {.length = 1, .vacuum = 5.0}), 6.0);
  }
}

TEST_CASE("shells of a chiral nanotube as ASE has them", "[atoms][builders][nanotube]") {
  // ase.build.nanotube(4, 2, bond=1.42): 56 atoms, bonds from its positions.
  const Atoms tube = nanotube(4, 2);
  CHECK(tube.size() == 56);
  const auto shells = shells_of(tube, 1.6).at("C-C");
  REQUIRE(shells.size() == 3);
  CHECK(tube.cell[2][2] == Approx(11.270900585135154).epsilon(1e-9));
  CHECK(std::abs(shells[0].distance - 1.3942984033147119) < 1e-6);
  CHECK(std::abs(shells[1].distance - 1.4149176248277764) < 1e-6);
  CHECK(std::abs(shells[2].distance - 1.419681284034132) < 1e-6);
  for (const Shell& shell : shells) CHECK(shell.pairs == 56);
}

TEST_CASE("sheets and tubes say what is wrong", "[atoms][builders][graphene]") {
  CHECK_THROWS_WITH(graphene({.size = {0, 1}}),
                    ContainsSubstring("graphene: size must be at least 1 each, found 0 x 1"));
  CHECK_THROWS_WITH(graphene({.size = {1000000000, 1000000000}}), ContainsSubstring("at most 100 million"));
  CHECK_THROWS_WITH(graphene({.vacuum = -1.0}), ContainsSubstring("graphene: vacuum must be between 0"));
  CHECK_THROWS_WITH(graphene({.a = std::nan("")}), ContainsSubstring("graphene: lattice constant a must be above 0"));
  CHECK_THROWS_WITH(graphene({.formula = "C"}), ContainsSubstring("graphene takes a formula of 2 atoms such as 'C2'"));
  CHECK_THROWS_WITH(nanotube(0, 0),
                    ContainsSubstring("n and m must be between 0 and 10000 and not both 0, found (0, 0)"));
  CHECK_THROWS_WITH(nanotube(-1, 3), ContainsSubstring("found (-1, 3)"));
  CHECK_THROWS_WITH(nanotube(5, 5, {.length = 0}), ContainsSubstring("nanotube: length must be at least 1, found 0"));
  CHECK_THROWS_WITH(nanotube(5, 5, {.length = 1000000000}), ContainsSubstring("at most 100 million"));
  CHECK_THROWS_WITH(nanotube(5, 5, {.bond = 0.0}), ContainsSubstring("nanotube: bond must be above 0"));
  CHECK_THROWS_WITH(nanotube(5, 5, {.formula = "CC2"}), ContainsSubstring("2 atoms such as 'C2' or 'BN', found 'CC2'"));
}
