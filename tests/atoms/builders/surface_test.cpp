#include "atoms/builders/surface.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "atoms/builders/bulk.hpp"
#include "core/error.hpp"
#include "tests/atoms/builders/shells.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Facet all_facets[]{Facet::fcc100, Facet::fcc110, Facet::fcc111,  Facet::fcc211,     Facet::bcc100,
                             Facet::bcc110, Facet::bcc111, Facet::hcp0001, Facet::diamond100, Facet::diamond111};

/// An element of that crystal.
const char* element_for(Facet facet) {
  switch (geometry(facet).crystal) {
    case Crystal::fcc:
      return "Cu";
    case Crystal::bcc:
      return "Fe";
    case Crystal::hcp:
      return "Ti";
    default:
      return "Si";
  }
}

/// A size that suits every facet.
constexpr std::array<int, 3> common_size{3, 2, 13};

/// Different heights of atoms, ascending.
std::vector<double> heights_of(const Atoms& atoms) {
  std::vector<double> z;
  for (const Vector3& r : atoms.positions) z.push_back(r[2]);
  std::ranges::sort(z);
  const auto [first, last] = std::ranges::unique(z, [](double a, double b) { return b - a < 1e-6; });
  z.erase(first, last);
  return z;
}

}  // namespace

TEST_CASE("slabs are the reference's", "[atoms][builders][surface]") {
  check_reference("fcc111_Cu_2x2x3", fcc111("Cu", {.size = {2, 2, 3}, .vacuum = 7.0, .a = 3.61}).atoms);
  check_reference("fcc100_Al_3x3x2", fcc100("Al", {.size = {3, 3, 2}, .vacuum = 6.0, .a = 4.05}).atoms);
  check_reference("fcc110_Pd_2x2x3", fcc110("Pd", {.size = {2, 2, 3}, .vacuum = 6.0, .a = 3.89}).atoms);
  check_reference("bcc110_Mo_2x2x3", bcc110("Mo", {.size = {2, 2, 3}, .vacuum = 6.0, .a = 3.15}).atoms);
  check_reference("hcp0001_Mg_2x2x4", hcp0001("Mg", {.size = {2, 2, 4}, .vacuum = 6.0, .a = 3.21, .c = 5.21}).atoms);
}

TEST_CASE("the inside of every slab is the crystal", "[atoms][builders][surface]") {
  for (const Facet facet : all_facets) {
    for (const bool orthogonal : {false, true}) {
      for (const bool whole : {false, true}) {
        if (whole && facet != Facet::diamond111) continue;
        CAPTURE(name(facet), orthogonal, whole);
        const Slab slab = surface(facet, element_for(facet),
                                  {.size = common_size, .orthogonal = orthogonal, .whole_double_layer = whole});
        CHECK_NOTHROW(validate(slab.atoms));
        CHECK(slab.atoms.size() == 3u * 2u * 13u);
        // Deeper than `reach` below either surface, every atom has the crystal's neighbours.
        const Atoms crystal = bulk(element_for(facet));
        const double reach = 1.25 * lattice_constants("test", element_for(facet), geometry(facet).crystal, {}, {}).a;
        const std::size_t bulk_coordination = coordination_of(crystal, reach)[0];
        const std::vector<std::size_t> coordination = coordination_of(slab.atoms, reach);
        const double lowest = slab.atoms.positions.front()[2], highest = slab.atoms.positions.back()[2];
        std::size_t inside = 0;
        for (std::size_t i = 0; i < slab.atoms.size(); ++i) {
          const double z = slab.atoms.positions[i][2];
          CHECK(coordination[i] <= bulk_coordination);
          if (std::min(z - lowest, highest - z) < reach) continue;
          CHECK(coordination[i] == bulk_coordination);
          ++inside;
        }
        CHECK(inside > 0);
        // Nearest neighbours in the whole slab as far apart as in the crystal.
        const std::string pair = std::string(element_for(facet)) + "-" + element_for(facet);
        CHECK(std::abs(shells_of(slab.atoms, reach).at(pair)[0].distance -
                       shells_of(crystal, reach).at(pair)[0].distance) < 1e-9);
      }
    }
  }
}

TEST_CASE("spacings of layers and area per atom", "[atoms][builders][surface]") {
  // In units of a: interplanar spacings of the cubic crystals, c/2 for hcp; diamond 111 alternates.
  const std::map<Facet, double> spacing{{Facet::fcc100, 0.5},
                                        {Facet::fcc110, std::sqrt(2.0) / 4.0},
                                        {Facet::fcc111, 1.0 / std::sqrt(3.0)},
                                        {Facet::fcc211, std::sqrt(6.0) / 12.0},
                                        {Facet::bcc100, 0.5},
                                        {Facet::bcc110, 1.0 / std::sqrt(2.0)},
                                        {Facet::bcc111, std::sqrt(3.0) / 6.0},
                                        {Facet::hcp0001, 0.8},
                                        {Facet::diamond100, 0.25}};
  for (const auto& [facet, expected] : spacing) {
    CAPTURE(name(facet));
    SlabOptions options{.size = {3, 2, 6}, .vacuum = 5.5, .a = 2.0};
    if (facet == Facet::hcp0001) options.c = 3.2;
    const Slab slab = surface(facet, element_for(facet), options);
    const std::vector<double> z = heights_of(slab.atoms);
    CHECK(z.front() == Approx(5.5));
    CHECK(slab.atoms.cell[2][2] - z.back() == Approx(5.5));
    CHECK(z.size() == std::size_t(6 * geometry(facet).planes_per_layer));
    for (std::size_t k = 1; k < z.size(); ++k) CHECK(z[k] - z[k - 1] == Approx(2.0 * expected));
    // Every layer of every crystal has the crystal's density: area × spacing = volume per atom.
    const int atoms_in_cell[]{1, 4, 2, 2, 8};
    const double cube = facet == Facet::hcp0001 ? std::sqrt(3.0) / 2.0 * 4.0 * 3.2 : 8.0;
    const double volume_per_atom = cube / atoms_in_cell[static_cast<int>(geometry(facet).crystal)];
    const double area = norm(cross(slab.surface_cell[0], slab.surface_cell[1]));
    CHECK(area * 2.0 * expected == Approx(volume_per_atom));
  }
  const std::vector<double> cut = heights_of(diamond111("Si", {.size = {1, 1, 4}, .a = 1.0}).atoms);
  CHECK(cut[3] - cut[2] == Approx(std::sqrt(3.0) / 4.0));
  CHECK(cut[2] - cut[1] == Approx(std::sqrt(3.0) / 12.0));
  const std::vector<double> whole =
      heights_of(diamond111("Si", {.size = {1, 1, 4}, .a = 1.0, .whole_double_layer = true}).atoms);
  CHECK(whole[3] - whole[2] == Approx(std::sqrt(3.0) / 12.0));
  CHECK(whole[2] - whole[1] == Approx(std::sqrt(3.0) / 4.0));
}

TEST_CASE("neighbours of surface atoms", "[atoms][builders][surface]") {
  // Nearest neighbours left to an atom of the uppermost plane; broken bonds of the ideal crystal, counted by hand.
  const std::map<Facet, std::size_t> expected{{Facet::fcc100, 8}, {Facet::fcc110, 7},     {Facet::fcc111, 9},
                                              {Facet::fcc211, 7}, {Facet::bcc100, 4},     {Facet::bcc110, 6},
                                              {Facet::bcc111, 4}, {Facet::diamond100, 2}, {Facet::diamond111, 1}};
  for (const auto& [facet, neighbors] : expected) {
    CAPTURE(name(facet));
    const Slab slab = surface(facet, element_for(facet), {.size = common_size});
    const double bond = shells_of(slab.atoms, 4.0).begin()->second[0].distance;
    const std::vector<std::size_t> coordination = coordination_of(slab.atoms, 1.01 * bond);
    std::size_t uppermost = 0;
    for (std::size_t i = 0; i < slab.atoms.size(); ++i) {
      if (std::abs(slab.atoms.positions[i][2] - slab.origin[2]) > 1e-9) continue;
      CHECK(coordination[i] == neighbors);
      ++uppermost;
    }
    CHECK(uppermost == std::size_t(slab.cells[0] * slab.cells[1]));
  }
  const Slab whole = diamond111("Si", {.size = {1, 1, 6}, .whole_double_layer = true});
  CHECK(coordination_of(whole.atoms, 2.5).back() == 3);
}

TEST_CASE("the rectangular cells hold the same slabs", "[atoms][builders][surface]") {
  for (const Facet facet : all_facets) {
    CAPTURE(name(facet));
    SlabOptions options{.size = {3, 4, 3}};
    const Atoms usual = surface(facet, element_for(facet), options).atoms;
    options.orthogonal = true;
    const Atoms rectangular = surface(facet, element_for(facet), options).atoms;
    CHECK(std::abs(dot(rectangular.cell[0], rectangular.cell[1])) < 1e-12);
    check_same_crystal(usual, rectangular, 6.0);
    if (!geometry(facet).oblique) CHECK(usual == rectangular);
    for (const Vector3& r : rectangular.positions) {
      CHECK((r[0] > -1e-9 && r[0] < rectangular.cell[0][0] - 1e-9));
      CHECK((r[1] > -1e-9 && r[1] < rectangular.cell[1][1] - 1e-9));
    }
  }
}

TEST_CASE("tags and the lowest layers", "[atoms][builders][surface]") {
  for (const Facet facet : all_facets) {
    CAPTURE(name(facet));
    const Slab slab = surface(facet, element_for(facet), {.size = {3, 2, 5}});
    REQUIRE(slab.tags.size() == slab.atoms.size());
    CHECK(layer_count(slab) == 5);
    CHECK(slab.tags.front() == 5);
    CHECK(slab.tags.back() == 1);
    for (int tag = 1; tag <= 5; ++tag) CHECK(std::ranges::count(slab.tags, tag) == 6);
    // Higher layers are higher.
    for (std::size_t i = 1; i < slab.tags.size(); ++i) {
      CHECK(slab.tags[i] <= slab.tags[i - 1]);
      CHECK(slab.atoms.positions[i][2] > slab.atoms.positions[i - 1][2] - 1e-9);
    }
    CHECK(lowest_layers(slab, 0).empty());
    CHECK(lowest_layers(slab, 2) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    CHECK(lowest_layers(slab, 5).size() == slab.atoms.size());
  }
  const Slab slab = fcc111("Cu");
  CHECK_THROWS_WITH(lowest_layers(slab, 4), ContainsSubstring("the slab has 3 layers; cannot take the lowest 4"));
  CHECK_THROWS_AS(lowest_layers(slab, -1), InputError);
}

TEST_CASE("surface says what is wrong", "[atoms][builders][surface]") {
  const double nan = std::nan("");
  const auto refuses = [](Facet facet, const char* symbol, const SlabOptions& options, const char* text) {
    CAPTURE(name(facet), text);
    CHECK_THROWS_AS(surface(facet, symbol, options), InputError);
    CHECK_THROWS_WITH(surface(facet, symbol, options), ContainsSubstring(text));
  };
  refuses(Facet::fcc111, "Cu", {.size = {2, 0, 3}}, "fcc111: size must be at least 1 each, found 2 x 0 x 3");
  refuses(Facet::bcc111, "Fe", {.size = {2, 2, -1}}, "bcc111: size must be at least 1 each");
  refuses(Facet::fcc100, "Cu", {.size = {1000000000, 1000000000, 3}}, "would make 3e+18 atoms; at most 100 million");
  refuses(Facet::fcc100, "Cu", {.vacuum = -1.0}, "fcc100: vacuum must be between 0 and 1e6 Å, found -1");
  refuses(Facet::fcc100, "Cu", {.vacuum = nan}, "fcc100: vacuum must be between 0");
  refuses(Facet::fcc100, "Cu", {.a = 0.0}, "fcc100: lattice constant a must be above 0");
  refuses(Facet::fcc100, "Cu", {.a = nan}, "fcc100: lattice constant a must be above 0");
  refuses(Facet::fcc100, "Fe", {}, "fcc100: no lattice constant known for 'Fe' as fcc (it is bcc, a = 2.87); give a");
  refuses(Facet::fcc100, "CuO", {}, "unknown element 'CuO'");
  refuses(Facet::fcc100, "Cu", {.c = 3.0}, "fcc is cubic and has no lattice constant c");
  refuses(Facet::fcc211, "Cu", {.size = {4, 1, 3}}, "fcc211: the first size must be a multiple of 3");
  refuses(Facet::fcc111, "Cu", {.size = {2, 3, 3}, .orthogonal = true},
          "fcc111 has a rectangular cell only for an even second size; found 3");
  refuses(Facet::fcc111, "Cu", {.whole_double_layer = true}, "whole_double_layer belongs to diamond111, not to fcc111");
  CHECK_THROWS_WITH(facet_named("fcc222"), ContainsSubstring("unknown surface 'fcc222'; expected fcc100, fcc110"));
  for (const Facet facet : all_facets) CHECK(facet_named(name(facet)) == facet);
}

TEST_CASE("slabs without vacuum and of one layer", "[atoms][builders][surface]") {
  const Slab sheet = fcc100("Cu", {.size = {2, 2, 1}, .vacuum = 0.0});
  CHECK(sheet.atoms.cell[2] == Vector3{0.0, 0.0, 0.0});
  CHECK_NOTHROW(validate(sheet.atoms));
  CHECK(coordination_of(sheet.atoms, 2.7) == std::vector<std::size_t>(4, 4));
}
