#include "atoms/labels.hpp"

#include "atoms/extxyz.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("labels under other names", "[atoms][extxyz][labels]") {
  const std::string text =
      "1\nLattice=\"2 0 0 0 2 0 0 0 2\" Properties=species:S:1:pos:R:3:REF_forces:R:3:force:R:1 dft_energy=-3 "
      "virial=\"8 16 24 16 32 40 24 40 48\" odd=word stress_6=\"1 2 3 4 5 6\" energy_text=high e_d=-1.5D+01\n"
      "C 0 0 0 1 2 3 4\n";
  const Frame frame = parse_extxyz(text).at(0);
  const Labels standard = labels(frame);
  CHECK_FALSE(standard.energy);
  CHECK_FALSE(standard.forces);
  // −virial / 8 Angstrom^3, and the order xx yy zz yz xz xy
  CHECK(*standard.stress == std::array<double, 6>{-1.0, -4.0, -6.0, -5.0, -3.0, -2.0});
  const Labels other = labels(frame, {.energy = "dft_energy", .forces = "REF_forces", .stress = "stress_6"});
  CHECK(*other.energy == -3.0);
  CHECK(other.forces->at(0) == Vector3{1.0, 2.0, 3.0});
  CHECK(*other.stress == std::array<double, 6>{1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  CHECK(*labels(frame, {.energy = "e_d"}).energy == -15.0);
  CHECK_THROWS_WITH(labels(frame, {.energy = "energy_text"}), ContainsSubstring("'energy_text' must be one"));
  CHECK_THROWS_WITH(labels(frame, {.forces = "force"}), ContainsSubstring("must be R:3, found R:1"));
  CHECK_THROWS_WITH(labels(frame, {.stress = "odd"}), ContainsSubstring("'odd' must be 9"));

  const LabelCounts counts = count_labels(std::vector<Frame>{frame, frame});
  CHECK(counts.frames == 2);
  CHECK(counts.atoms == 2);
  CHECK(describe(counts.energies) == "dft_energy (2)");
  CHECK(describe(counts.forces) == "REF_forces (2)");
  CHECK(describe(counts.stresses) == "stress_6 (2), virial (2)");
  CHECK(describe({}) == "none");

  // Set and read back.
  Frame labelled = frame;
  set_labels(labelled,
             {.energy = 1.5, .forces = std::vector<Vector3>{{7.0, 8.0, 9.0}}, .stress = {{1, 2, 3, 4, 5, 6}}});
  const Labels back = labels(parse_extxyz(to_extxyz(labelled)).at(0));
  CHECK(*back.energy == 1.5);
  CHECK(back.forces->at(0) == Vector3{7.0, 8.0, 9.0});
  CHECK(*back.stress == std::array<double, 6>{1, 2, 3, 4, 5, 6});
  CHECK_THROWS_AS(set_labels(labelled, {.forces = std::vector<Vector3>(2)}), InputError);
}
