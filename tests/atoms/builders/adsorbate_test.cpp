#include "atoms/builders/adsorbate.hpp"

#include <cmath>

#include "core/error.hpp"
#include "tests/atoms/builders/shells.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Carbon monoxide, as ASE's G2 collection has it: O at index 0, C at 1.
Atoms carbon_monoxide() { return {.numbers = {8, 6}, .positions = {{0.0, 0.0, 0.493003}, {0.0, 0.0, -0.657337}}}; }

/// Distances of the last atom to all others, below `cutoff`: nearest shell's distance and size.
Shell nearest_shell(const Slab& slab, const std::string& pair, double cutoff) {
  const Shell found = shells_of(slab.atoms, cutoff).at(pair)[0];
  return {found.distance, found.pairs / 2};
}

}  // namespace

TEST_CASE("adsorbates are the reference's", "[atoms][builders][adsorbate]") {
  Slab copper = fcc111("Cu", {.size = {2, 2, 3}, .vacuum = 7.0, .a = 3.61});
  add_adsorbate(copper, "O", 1.1, "fcc");
  check_reference("ads_Cu111_O_fcc", copper.atoms);

  Slab palladium = fcc100("Pd", {.size = {2, 2, 3}, .vacuum = 7.0, .a = 3.89});
  add_adsorbate(palladium, carbon_monoxide(), 1.5, "bridge", {.atom = 1});
  check_reference("ads_Pd100_CO_bridge", palladium.atoms);

  Slab aluminium = fcc111("Al", {.size = {2, 2, 3}, .vacuum = 7.0, .a = 4.05});
  add_adsorbate(aluminium, "H", 1.6, "ontop");
  check_reference("ads_Al111_H_ontop", aluminium.atoms);

  Slab magnesium = hcp0001("Mg", {.size = {2, 2, 4}, .vacuum = 6.0, .a = 3.21, .c = 5.21});
  add_adsorbate(magnesium, "O", 0.8, "hcp");
  check_reference("ads_Mg0001_O_hcp", magnesium.atoms);
}

TEST_CASE("sites have the neighbours their names promise", "[atoms][builders][adsorbate]") {
  // Nearest atoms of the uppermost layer to a point on the plane, and their distance in units of a.
  struct Expected {
    Facet facet;
    const char* site;
    std::size_t neighbors;
    double distance;
  };
  const double r2 = std::sqrt(2.0);
  for (const auto& [facet, site, neighbors, distance] : {Expected{Facet::fcc100, "ontop", 1, 0.0},
                                                         {Facet::fcc100, "bridge", 2, r2 / 4},
                                                         {Facet::fcc100, "hollow", 4, 0.5},
                                                         {Facet::fcc110, "shortbridge", 2, r2 / 4},
                                                         {Facet::fcc110, "longbridge", 2, 0.5},
                                                         {Facet::fcc110, "hollow", 4, std::sqrt(0.375)},
                                                         {Facet::fcc111, "bridge", 2, r2 / 4},
                                                         {Facet::fcc111, "fcc", 3, 1 / std::sqrt(6.0)},
                                                         {Facet::fcc111, "hcp", 3, 1 / std::sqrt(6.0)},
                                                         {Facet::fcc211, "bridge", 2, r2 / 4},
                                                         {Facet::bcc100, "bridge", 2, 0.5},
                                                         {Facet::bcc100, "hollow", 4, r2 / 2},
                                                         {Facet::bcc110, "shortbridge", 2, std::sqrt(3.0) / 4},
                                                         {Facet::bcc110, "longbridge", 2, 0.5},
                                                         {Facet::bcc110, "hollow", 3, 0.375 * r2},
                                                         {Facet::bcc111, "hollow", 3, std::sqrt(2.0 / 3.0)},
                                                         {Facet::hcp0001, "fcc", 3, 1 / std::sqrt(3.0)},
                                                         {Facet::hcp0001, "bridge", 2, 0.5},
                                                         {Facet::diamond100, "bridge", 2, r2 / 4},
                                                         {Facet::diamond111, "hcp", 3, 1 / std::sqrt(6.0)}}) {
    CAPTURE(name(facet), site);
    // One layer (fcc211: its uppermost terrace), far enough apart that only the site's own atoms are near.
    Slab slab = surface(facet, "Au", {.size = {3, 3, 1}, .a = 4.0});
    const double height = 1.5;
    add_adsorbate(slab, "H", height, site, {.offset = {0, 1}});
    const Shell shell = nearest_shell(slab, "Au-H", 8.0);
    CHECK(shell.distance == Approx(std::hypot(4.0 * distance, height)).epsilon(1e-9));
    CHECK(shell.pairs == neighbors);
  }
}

TEST_CASE("fcc and hcp sites differ by what is below", "[atoms][builders][adsorbate]") {
  const auto straight_below = [](const Slab& slab, const char* site) {
    const Vector3 place = site_position(slab, site, 0.0);
    int tag = 0;  // of the uppermost atom right below the site, modulo the cell
    for (std::size_t i = 0; i < slab.atoms.size(); ++i) {
      Vector3 s = fractional(slab.atoms.cell, slab.atoms.positions[i] - place);
      for (std::size_t k = 0; k < 2; ++k) s[k] -= std::round(s[k]);
      if (std::hypot(s[0], s[1]) < 1e-9) tag = slab.tags[i];
    }
    return tag;
  };
  const Slab fcc = fcc111("Cu", {.size = {2, 2, 3}}), hcp = hcp0001("Mg", {.size = {2, 2, 4}});
  CHECK(straight_below(fcc, "ontop") == 1);
  CHECK(straight_below(fcc, "hcp") == 2);
  CHECK(straight_below(fcc, "fcc") == 3);
  CHECK(straight_below(hcp, "hcp") == 2);
  CHECK(straight_below(hcp, "fcc") == 0);  // none: the stacking is ABAB
  CHECK(straight_below(fcc111("Cu", {.size = {2, 2, 3}, .orthogonal = true}), "fcc") == 3);
  CHECK(straight_below(bcc110("Fe", {.size = {2, 2, 3}}), "longbridge") == 2);
  CHECK(straight_below(diamond100("Si", {.size = {2, 2, 4}}), "bridge") == 4);
}

TEST_CASE("offsets, rotation and the atom that is down", "[atoms][builders][adsorbate]") {
  const Slab clean = fcc100("Pd", {.size = {3, 2, 2}});
  Slab slab = clean;
  add_adsorbate(slab, carbon_monoxide(), 1.5, "ontop", {.offset = {2, 1}, .atom = 1});
  add_adsorbate(slab, carbon_monoxide(), 1.5, "ontop", {.atom = 1, .rotation = {0.0, 90.0, 0.0}});
  add_adsorbate(slab, carbon_monoxide(), 4.0, std::array{1.0, 0.5}, {.rotation = {180.0, 0.0, 0.0}});
  REQUIRE(slab.atoms.size() == clean.atoms.size() + 6);
  REQUIRE(slab.tags.size() == slab.atoms.size());
  const std::size_t n = clean.atoms.size();
  const double top = slab.origin[2], bond = 0.493003 + 0.657337, edge = 3.89 / std::sqrt(2.0);
  const auto close = [](const Vector3& a, const Vector3& b) { return norm(a - b) < 1e-10; };
  CHECK(close(slab.atoms.positions[n + 1], {2.0 * edge, edge, top + 1.5}));
  CHECK(close(slab.atoms.positions[n], {2.0 * edge, edge, top + 1.5 + bond}));
  CHECK(close(slab.atoms.positions[n + 3], {0.0, 0.0, top + 1.5}));
  CHECK(close(slab.atoms.positions[n + 2], {bond, 0.0, top + 1.5}));  // z turned about y towards x
  CHECK(close(slab.atoms.positions[n + 4], {1.0, 0.5, top + 4.0}));
  CHECK(close(slab.atoms.positions[n + 5], {1.0, 0.5, top + 4.0 + bond}));
  for (std::size_t i = n; i < n + 6; ++i) CHECK(slab.tags[i] == 0);
  CHECK(lowest_layers(slab, 2).size() == n);  // adsorbates are no layer
  CHECK(slab.atoms.cell == clean.atoms.cell);
}

TEST_CASE("rotations turn the molecule as a whole, counter-clockwise", "[atoms][builders][adsorbate]") {
  const Atoms bent{.numbers = {8, 1, 1}, .positions = {{0.0, 0.0, 0.0}, {1.0, 0.2, 0.3}, {-0.3, 0.9, 0.1}}};
  const Slab clean = fcc100("Pd", {.size = {3, 3, 1}});
  const std::size_t n = clean.atoms.size();
  const auto arms = [&](const Vector3& rotation) {
    Slab slab = clean;
    add_adsorbate(slab, bent, 2.0, "hollow", {.rotation = rotation});
    const std::vector<Vector3>& r = slab.atoms.positions;
    return std::array{r[n + 1] - r[n], r[n + 2] - r[n]};
  };
  // By 90 degrees: about x, y becomes z; about y, z becomes x; about z, x becomes y.
  CHECK(norm(arms({90.0, 0.0, 0.0})[0] - Vector3{1.0, -0.3, 0.2}) < 1e-12);
  CHECK(norm(arms({0.0, 90.0, 0.0})[0] - Vector3{0.3, 0.2, -1.0}) < 1e-12);
  CHECK(norm(arms({0.0, 0.0, 90.0})[0] - Vector3{-0.2, 1.0, 0.3}) < 1e-12);
  CHECK(norm(arms({90.0, 0.0, 90.0})[0] - Vector3{0.3, 1.0, 0.2}) < 1e-12);  // x first
  const auto [a, b] = arms({20.0, -70.0, 155.0});
  CHECK(norm(a) == Approx(norm(bent.positions[1])));
  CHECK(norm(b) == Approx(norm(bent.positions[2])));
  CHECK(dot(a, b) == Approx(dot(bent.positions[1], bent.positions[2])));
}

TEST_CASE("add_adsorbate says what is wrong and changes nothing", "[atoms][builders][adsorbate]") {
  Slab slab = fcc100("Cu", {.size = {2, 2, 3}});
  add_adsorbate(slab, "O", 1.0, "hollow");
  const Atoms before = slab.atoms;
  CHECK_THROWS_WITH(add_adsorbate(slab, "O", 1.0, "fcc"),
                    ContainsSubstring("fcc100 has sites ontop, bridge, hollow; not 'fcc'"));
  CHECK_THROWS_WITH(add_adsorbate(slab, "O", -0.5, "bridge"),
                    ContainsSubstring("add_adsorbate: height must be between 0"));
  CHECK_THROWS_WITH(add_adsorbate(slab, "O", std::nan(""), "bridge"), ContainsSubstring("height must be between 0"));
  CHECK_THROWS_WITH(add_adsorbate(slab, "O", 1.0, "bridge", {.offset = {2, 0}}),
                    ContainsSubstring("offset (2, 0) is outside the slab; it may be (0, 0) to (1, 1)"));
  CHECK_THROWS_AS(add_adsorbate(slab, "O", 1.0, "bridge", {.offset = {0, -1}}), InputError);
  CHECK_THROWS_WITH(add_adsorbate(slab, carbon_monoxide(), 1.0, "bridge", {.atom = 2}),
                    ContainsSubstring("the adsorbate has 2 atoms, counted from 0; there is no atom 2"));
  CHECK_THROWS_WITH(add_adsorbate(slab, carbon_monoxide(), 1.0, "bridge", {.rotation = {0.0, std::nan(""), 0.0}}),
                    ContainsSubstring("rotation must be finite"));
  CHECK_THROWS_WITH(add_adsorbate(slab, "O", 1.0, "hollow"), ContainsSubstring("atoms 12 and 13 would be 0 Å apart"));
  CHECK_THROWS_WITH(add_adsorbate(slab, "O", 0.05, "ontop"), ContainsSubstring("Å apart; is the site taken"));
  CHECK_THROWS_WITH(add_adsorbate(slab, Atoms{.numbers = {6, 8}, .positions = {{}, {0, 0, 0.05}}}, 1.0, "bridge"),
                    ContainsSubstring("atoms 13 and 14 would be 0.05 Å apart"));
  CHECK_THROWS_AS(add_adsorbate(slab, "Xx", 1.0, "bridge"), InputError);
  CHECK(slab.atoms == before);
  CHECK(slab.tags.size() == before.size());
}
