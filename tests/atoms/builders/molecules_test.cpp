#include "atoms/builders/molecules.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "atoms/elements.hpp"
#include "atoms/geometry.hpp"
#include "core/error.hpp"
#include "tests/atoms/builders/shells.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("molecules of the reference", "[atoms][builders][molecules]") {
  for (const char* name : {"NO", "H2CO", "PH3", "C3H8"}) check_reference(name, molecule(name));
}

TEST_CASE("all molecules are sound", "[atoms][builders][molecules]") {
  const std::vector<KnownMolecule> all = known_molecules();
  CHECK(all.size() == 148 + 25 + 1);  // G2/97 without its atoms, diatomics, C60
  std::set<std::string_view> names, common_names;
  for (const KnownMolecule& known : all) {
    CAPTURE(known.name);
    CHECK(names.insert(known.name).second);
    CHECK(common_names.insert(known.common_name).second);
    CHECK(!known.source.empty());
    const Atoms atoms = molecule(known.name);
    CHECK(atoms.size() >= 2);
    CHECK_NOTHROW(validate(atoms));
    CHECK(molecule(known.common_name) == atoms);
    // In one piece, and no bond shorter than H2's 0.73 A, Li2 and Na2 being the longest for their radii.
    CHECK(smallest_distance(atoms) > 0.72);
    const std::vector<std::size_t> bonds = coordination_numbers(atoms, {.scale = 1.25});
    CHECK(std::ranges::all_of(bonds, [](std::size_t n) { return n >= 1; }));
    // Hydrogen has one bond, and nothing more than four.
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (atoms.numbers[i] == 1 && known.name != "H2COH") CHECK(bonds[i] == 1);
      CHECK(bonds[i] <= 4);
    }
  }
}

TEST_CASE("geometries agree with spectroscopy", "[atoms][builders][molecules]") {
  // G2's level of theory is within 0.03 A and 2 degrees of experiment (Herzberg 1966; Huber and Herzberg 1979).
  CHECK(distance(molecule("H2O"), 0, 1) == Approx(0.9578).margin(0.02));
  CHECK(angle(molecule("H2O"), 1, 0, 2) == Approx(104.48).margin(1.0));
  CHECK(distance(molecule("N2"), 0, 1) == Approx(1.09769).margin(0.04));
  CHECK(distance(molecule("CO"), 0, 1) == Approx(1.12832).margin(0.03));
  CHECK(angle(molecule("NH3"), 1, 0, 2) == Approx(106.67).margin(1.0));
  CHECK(angle(molecule("CO2"), 1, 0, 2) == Approx(180.0));
}

TEST_CASE("diatomic molecules rotate as spectroscopy says", "[atoms][builders][molecules]") {
  // Rotational constants B_e, cm⁻¹, of the isotopes given, amu (Huber and Herzberg; BF: microwaves, F. J. Lovas and
  // D. R. Johnson, J. Chem. Phys. 55, 41 (1971); HI: B_0 + α_e/2), and r² = ħ/(4π c μ B).
  constexpr double factor = 16.857629;  // amu Å²/cm
  constexpr double H = 1.007825, F = 18.998403, Cl = 34.968853, Br = 78.918338, I = 126.904473, K = 38.963706;
  struct Rotor {
    const char* name;
    double constant, first, second;
  };
  const std::vector<Rotor> rotors = {{"HBr", 8.464884, H, 80.916291},
                                     {"HI", 6.510796, H, I},
                                     {"Br2", 0.082107, Br, Br},
                                     {"I2", 0.037372, I, I},
                                     {"ICl", 0.1141587, I, Cl},
                                     {"BF", 1.516950, 11.009305, F},
                                     {"BH", 12.021, 11.009305, H},
                                     {"AlH", 6.3907, 26.981538, H},
                                     {"AlF", 0.552480, 26.981538, F},
                                     {"LiCl", 0.70652224, 7.016003, Cl},
                                     {"NaF", 0.43690153, 22.989769, F},
                                     {"KF", 0.279937413, K, F},
                                     {"KCl", 0.12863476, K, Cl},
                                     {"KBr", 0.08122109, K, Br},
                                     {"CsCl", 0.07209149, 132.905452, Cl},
                                     {"MgO", 0.5743, 23.985042, 15.994915},
                                     {"CaO", 0.44452, 39.962591, 15.994915},
                                     {"PN", 0.7864854, 30.973762, 14.003074},
                                     {"SiS", 0.30352788, 27.976927, 31.972071},
                                     {"GeO", 0.4856962, 73.921178, 15.994915},
                                     {"CuH", 7.9441, 62.929598, H},
                                     {"AuH", 7.2401, 196.966569, H},
                                     {"AgCl", 0.12298388, 106.905092, Cl},
                                     {"Cu2", 0.108743, 62.929598, 62.929598},
                                     {"Au2", 0.028013, 196.966569, 196.966569}};
  for (const Rotor& rotor : rotors) {
    CAPTURE(rotor.name);
    const double mass = rotor.first * rotor.second / (rotor.first + rotor.second);
    // Most agree within 5e-6; the margin is for constants with few digits (I2, Cu2, Au2) and for BF.
    CHECK(distance(molecule(rotor.name), 0, 1) == Approx(std::sqrt(factor / (mass * rotor.constant)))
                                                      .margin(std::string_view(rotor.name) == "BF" ? 1e-4 : 5e-5)
                                                      .epsilon(0.0));
  }
}

TEST_CASE("buckminsterfullerene", "[atoms][builders][molecules]") {
  const Atoms atoms = molecule("C60");
  CHECK(chemical_formula(atoms) == "C60");
  CHECK(coordination_numbers(atoms) == std::vector<std::size_t>(60, 3));
  const Shells shells = shells_of(atoms, 2.0);
  REQUIRE(shells.at("C-C").size() == 2);
  CHECK(shells.at("C-C")[0].distance == Approx(1.401));  // 30 bonds between hexagons
  CHECK(shells.at("C-C")[0].pairs == 60);
  CHECK(shells.at("C-C")[1].distance == Approx(1.458));  // 60 around pentagons
  CHECK(shells.at("C-C")[1].pairs == 120);
  // All at one distance from the centre; Hedberg et al. give a diameter of 7.113(10) A.
  for (const Vector3& r : atoms.positions) CHECK(norm(r) == Approx(norm(atoms.positions[0])));
  CHECK(2.0 * norm(atoms.positions[0]) == Approx(7.113).margin(0.015));
}

TEST_CASE("names of molecules", "[atoms][builders][molecules][errors]") {
  CHECK(molecule("Water") == molecule("H2O"));
  CHECK(molecule("oxygen") == molecule("O2"));
  CHECK(molecule("Cu").numbers == std::vector<int>{29});
  CHECK(molecule("Cu").positions[0] == Vector3{});
  CHECK_THROWS_WITH(molecule("methylene"), "'methylene' can be CH2_s1A1d, CH2_s3B1d; choose one of them");
  CHECK_THROWS_WITH(molecule("H2S"), "unknown molecule 'H2S'; with these atoms there is SH2");
  CHECK_THROWS_WITH(molecule("C2H6O"), ContainsSubstring("CH3CH2OH, CH3OCH3"));
  CHECK_THROWS_WITH(molecule("h2o"), "unknown molecule 'h2o'; did you mean 'H2O'?");
  CHECK_THROWS_WITH(molecule("H20"), "unknown molecule 'H20'; did you mean 'H2O'?");
  CHECK_THROWS_WITH(molecule("cyclobutan"), ContainsSubstring("did you mean 'cyclobutane'?"));
  CHECK_THROWS_WITH(molecule("hexadecacarbonyl"), ContainsSubstring("known are 174 molecules such as H2O"));
  CHECK_THROWS_AS(molecule(""), InputError);
  CHECK_THROWS_AS(molecule(std::string(100000, 'C')), InputError);
}
