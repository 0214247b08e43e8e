#include "atoms/builders/bulk.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atoms/neighbors.hpp"
#include "core/error.hpp"
#include "tests/atoms/builders/shells.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Crystal all_crystals[]{Crystal::sc,         Crystal::fcc,      Crystal::bcc,
                                 Crystal::hcp,        Crystal::diamond,  Crystal::rocksalt,
                                 Crystal::zincblende, Crystal::wurtzite, Crystal::cesiumchloride};

std::string formula_for(Crystal crystal) { return formula_size(crystal) == 1 ? "Cu" : "GaAs"; }

double nearest_distance(const Atoms& atoms, double cutoff) {
  const NeighborList list = neighbor_list(atoms, cutoff);
  double smallest = cutoff;
  for (const Vector3& d : list.displacement) smallest = std::min(smallest, norm(d));
  return smallest;
}

double ideal(double a) { return std::sqrt(8.0 / 3.0) * a; }

}  // namespace

TEST_CASE("bulk crystals are the reference's", "[atoms][builders][bulk]") {
  using enum Crystal;
  const Setting cubic = Setting::conventional;
  check_reference("Al_fcc_prim", bulk("Al", {.crystal = fcc, .a = 4.05}));
  check_reference("Pd_fcc_cubic", bulk("Pd", {.crystal = fcc, .a = 3.89, .setting = cubic}));
  check_reference("Cr_bcc_cubic", bulk("Cr", {.crystal = bcc, .a = 2.88, .setting = cubic}));
  check_reference("V_bcc_prim", bulk("V", {.crystal = bcc, .a = 3.02}));
  check_reference("Zn_hcp_prim", bulk("Zn", {.crystal = hcp, .a = 2.66, .c = 4.95}));
  check_reference("Ge_diamond_prim", bulk("Ge", {.crystal = diamond, .a = 5.66}));
  check_reference("C_diamond_cubic", bulk("C", {.crystal = diamond, .a = 3.57, .setting = cubic}));
  check_reference("MgO_rocksalt_prim", bulk("MgO", {.crystal = rocksalt, .a = 4.21}));
  // These constants are also the known ones.
  check_reference("Pd_fcc_cubic", bulk("Pd", {.setting = Setting::cubic}));
  check_reference("V_bcc_prim", bulk("V"));
  check_reference("MgO_rocksalt_prim", bulk("MgO"));
}

TEST_CASE("nearest neighbours of the crystals", "[atoms][builders][bulk]") {
  // Number and distance (a = 1, ideal c) as any textbook has them, e.g. Kittel, chapter 1.
  struct Expected {
    Crystal crystal;
    std::size_t neighbors;
    double distance;
  };
  for (const auto& [crystal, neighbors, distance] : {Expected{Crystal::sc, 6, 1.0},
                                                     {Crystal::fcc, 12, std::sqrt(0.5)},
                                                     {Crystal::bcc, 8, std::sqrt(0.75)},
                                                     {Crystal::hcp, 12, 1.0},
                                                     {Crystal::diamond, 4, std::sqrt(3.0) / 4.0},
                                                     {Crystal::rocksalt, 6, 0.5},
                                                     {Crystal::zincblende, 4, std::sqrt(3.0) / 4.0},
                                                     {Crystal::wurtzite, 4, 0.375 * std::sqrt(8.0 / 3.0)},
                                                     {Crystal::cesiumchloride, 8, std::sqrt(0.75)}}) {
    for (const auto setting : {Setting::primitive, Setting::conventional, Setting::orthorhombic}) {
      CAPTURE(name(crystal), name(setting));
      const Atoms atoms =
          bulk(formula_for(crystal),
               {.crystal = crystal,
                .a = 1.0,
                .c = crystal == Crystal::hcp || crystal == Crystal::wurtzite ? std::optional(ideal(1.0)) : std::nullopt,
                .setting = setting});
      CHECK(nearest_distance(atoms, 1.5) == Approx(distance).epsilon(1e-12));
      for (const std::size_t n : coordination_of(atoms, distance * 1.01)) CHECK(n == neighbors);
      // In compounds all of them are of the other element.
      if (formula_size(crystal) == 2) CHECK(shells_of(atoms, distance * 1.01).size() == 1);
      CHECK(atoms.positions[0] == Vector3{0.0, 0.0, 0.0});
    }
  }
}

TEST_CASE("all settings of a crystal are the same crystal", "[atoms][builders][bulk]") {
  for (const Crystal crystal : all_crystals) {
    CAPTURE(name(crystal));
    BulkOptions options{.crystal = crystal, .a = 3.3};
    if (crystal == Crystal::hcp || crystal == Crystal::wurtzite) options.c = 5.9;  // neither known nor ideal
    const std::string formula = formula_for(crystal);
    const Atoms primitive = bulk(formula, options);
    options.setting = Setting::conventional;
    const Atoms conventional = bulk(formula, options);
    options.setting = Setting::orthorhombic;
    const Atoms orthorhombic = bulk(formula, options);
    check_same_crystal(primitive, conventional, 8.0);
    check_same_crystal(primitive, orthorhombic, 8.0);
    for (const Vector3& v : orthorhombic.cell.vectors) {
      CHECK(std::ranges::count(v, 0.0) == 2);
    }
    for (const Atoms& atoms : {primitive, conventional, orthorhombic}) {
      CHECK_NOTHROW(validate(atoms));
      CHECK(determinant(atoms.cell) > 0.0);
      for (const Vector3& r : atoms.positions) {
        for (const double s : fractional(atoms.cell, r)) CHECK((s > -1e-12 && s < 1.0 - 1e-12));
      }
    }
  }
}

TEST_CASE("atoms per cell", "[atoms][builders][bulk]") {
  // The table in bulk.hpp.
  const std::size_t primitive[]{1, 1, 1, 2, 2, 2, 2, 4, 2}, conventional[]{1, 4, 2, 2, 8, 8, 8, 4, 2},
      orthorhombic[]{1, 2, 2, 4, 4, 4, 4, 8, 2};
  for (std::size_t k = 0; k < 9; ++k) {
    const Crystal crystal = all_crystals[k];
    CAPTURE(name(crystal));
    const auto count = [&](Setting setting) {
      return bulk(formula_for(crystal), {.crystal = crystal, .a = 4.0, .setting = setting}).size();
    };
    CHECK(count(Setting::primitive) == primitive[k]);
    CHECK(count(Setting::conventional) == conventional[k]);
    CHECK(count(Setting::orthorhombic) == orthorhombic[k]);
    CHECK(crystal_named(name(crystal)) == crystal);
  }
}

TEST_CASE("known crystals", "[atoms][builders][bulk]") {
  CHECK(bulk("Cu").cell[0] == Vector3{0.0, 1.805, 1.805});
  CHECK(known_crystal("W")->a == 3.16);
  CHECK_FALSE(known_crystal("Ga"));
  CHECK_FALSE(known_crystal(""));
  // Mg: c/a = 1.624 (Kittel), kept when a is given; an element that is not hcp gets the ideal ratio.
  CHECK(bulk("Mg").cell[2][2] == Approx(1.624 * 3.21));
  CHECK(bulk("Mg", {.a = 3.0}).cell[2][2] == Approx(1.624 * 3.0));
  CHECK(bulk("Cu", {.crystal = Crystal::hcp, .a = 2.55}).cell[2][2] == Approx(ideal(2.55)));
  // Compounds in either order; the first element sits at the origin.
  CHECK(bulk("ClNa").numbers == std::vector<int>{17, 11});
  CHECK(shells_of(bulk("ClNa"), 3.0).at("Cl-Na")[0].distance == Approx(2.82));
  // Densities in g/cm³ (CRC Handbook, room temperature; rare gas solids apart): a wrong digit in the table shows.
  const auto density = [](const char* formula) {
    const Atoms atoms = bulk(formula);
    double mass = 0.0;
    for (const double m : masses(atoms)) mass += m;
    return mass * 1.66053907 / volume(atoms.cell);
  };
  for (const auto& [formula, expected] :
       {std::pair{"Li", 0.534}, {"Be", 1.85},     {"C", 3.513},    {"Na", 0.97},    {"Mg", 1.74},
        {"Al", 2.70},           {"Si", 2.329},    {"K", 0.89},     {"Ca", 1.54},    {"Sc", 2.99},
        {"Ti", 4.51},           {"V", 6.0},       {"Cr", 7.15},    {"Fe", 7.87},    {"Co", 8.86},
        {"Ni", 8.90},           {"Cu", 8.96},     {"Zn", 7.13},    {"Ge", 5.323},   {"Rb", 1.53},
        {"Sr", 2.64},           {"Y", 4.47},      {"Zr", 6.52},    {"Nb", 8.57},    {"Mo", 10.2},
        {"Tc", 11.0},           {"Ru", 12.1},     {"Rh", 12.4},    {"Pd", 12.0},    {"Ag", 10.5},
        {"Cd", 8.69},           {"Cs", 1.873},    {"Ba", 3.62},    {"La", 6.15},    {"Ce", 6.770},
        {"Pr", 6.77},           {"Nd", 7.01},     {"Eu", 5.24},    {"Gd", 7.90},    {"Tb", 8.23},
        {"Dy", 8.55},           {"Ho", 8.80},     {"Er", 9.07},    {"Tm", 9.32},    {"Yb", 6.90},
        {"Lu", 9.84},           {"Hf", 13.3},     {"Ta", 16.4},    {"W", 19.3},     {"Re", 20.8},
        {"Os", 22.587},         {"Ir", 22.562},   {"Pt", 21.5},    {"Au", 19.3},    {"Tl", 11.8},
        {"Pb", 11.3},           {"Po", 9.20},     {"Ac", 10.0},    {"Th", 11.7},    {"LiF", 2.640},
        {"LiCl", 2.07},         {"NaF", 2.78},    {"NaCl", 2.17},  {"KCl", 1.988},  {"KBr", 2.74},
        {"MgO", 3.6},           {"CaO", 3.34},    {"AgCl", 5.56},  {"AgBr", 6.47},  {"PbS", 7.60},
        {"TiC", 4.93},          {"TiN", 5.40},    {"CsCl", 3.988}, {"CsBr", 4.43},  {"CsI", 4.51},
        {"TlBr", 7.5},          {"NiAl", 5.9},    {"ZnS", 4.04},   {"ZnSe", 5.27},  {"CdTe", 6.2},
        {"GaP", 4.138},         {"GaAs", 5.3176}, {"InAs", 5.67},  {"InSb", 5.775}, {"CuCl", 4.14},
        {"SiC", 3.21},          {"BN", 3.45},     {"ZnO", 5.6},    {"BeO", 3.01},   {"AlN", 3.255},
        {"GaN", 6.1},           {"CuZn", 8.3}}) {
    CAPTURE(formula);
    // Some lattice constants are of low temperatures (Cs 6.4 %) and have three digits: 1 % of a is 3 % of a density.
    CHECK(density(formula) == Approx(expected).epsilon(0.07));
  }
}

TEST_CASE("wurtzite's internal parameter", "[atoms][builders][bulk]") {
  // The default makes all four bonds alike whatever c is; for the ideal c it is 3/8.
  const Atoms stretched = bulk("ZnO", {.a = 3.0, .c = 5.5});
  for (const std::size_t n : coordination_of(stretched, 1.001 * nearest_distance(stretched, 3.0))) CHECK(n == 4);
  const Atoms given = bulk("ZnO", {.a = 3.25, .c = 5.207, .u = 0.382});
  const auto shells = shells_of(given, 2.2).at("O-Zn");
  REQUIRE(shells.size() == 2);
  CHECK(std::abs(shells[1].distance - 0.382 * 5.207) < 1e-9);
  CHECK(shells[0].pairs == 3 * shells[1].pairs);
}

TEST_CASE("bulk says what is wrong", "[atoms][builders][bulk]") {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  const auto refuses = [](const char* formula, const BulkOptions& options, const char* text) {
    CAPTURE(formula, text);
    CHECK_THROWS_AS(bulk(formula, options), InputError);
    CHECK_THROWS_WITH(bulk(formula, options), ContainsSubstring(text));
  };
  for (const double a : {0.0, -1.0, nan, inf, 1e7}) refuses("Cu", {.a = a}, "bulk: lattice constant a must be above 0");
  for (const double c : {0.0, -1.0, nan, inf, 1e7}) refuses("Mg", {.c = c}, "bulk: lattice constant c must be above 0");
  refuses("Cu", {.c = 3.0}, "fcc is cubic and has no lattice constant c");
  refuses("Cu", {.crystal = Crystal::bcc}, "no lattice constant known for 'Cu' as bcc (it is fcc, a = 3.61); give a");
  refuses("Ga", {}, "the crystal of 'Ga' is not in the table; give a crystal");
  refuses("Ga", {.crystal = Crystal::fcc}, "no lattice constant known for 'Ga' as fcc; give a");
  refuses("Xq", {}, "Xq");
  refuses("", {}, "formula is empty");
  refuses("NaCl", {.crystal = Crystal::fcc, .a = 5.6},
          "fcc takes a formula of 1 atom such as 'Cu', found 'NaCl' with 2");
  refuses("Cu", {.crystal = Crystal::rocksalt, .a = 5.6}, "rocksalt takes a formula of 2 atoms such as 'NaCl'");
  refuses("Mg", {.setting = Setting::cubic}, "hcp has no cubic setting; it has primitive, conventional");
  refuses("ZnO", {.setting = Setting::cubic}, "wurtzite has no cubic setting");
  refuses("ZnO", {.u = 0.6}, "u must be above 0 and below 0.5, found 0.6");
  refuses("ZnS", {.u = 0.37}, "u belongs to wurtzite, not to zincblende");
  CHECK_THROWS_WITH(crystal_named("ffc"), ContainsSubstring("unknown crystal 'ffc'; expected sc, fcc, bcc"));
  CHECK_THROWS_WITH(setting_named("cube"), ContainsSubstring("unknown setting 'cube'; expected primitive"));
}
