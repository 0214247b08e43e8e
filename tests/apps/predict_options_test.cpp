// adatom predict: the stress of periodic structures and the shares of the atoms, where they are wanted.
#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "potentials/local_ansatz.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("predict writes stress and shares of the atoms where they are wanted", "[apps][predict]") {
  const TemporaryFolder folder;
  write(folder.path() / "train.xyz", small_data(30));
  REQUIRE(run(folder.path(), "train train.xyz --epochs 2 --hidden 4 --radial 4 --angular 2 -o m --quiet").code == 0);
  const std::string stale = "stress=\"9 9 9 9 9 9 9 9 9\"";
  write(folder.path() / "data.xyz", "2\nLattice=\"2.6 0 0 0.4 2.8 0 0 0.3 3\" " + stale +
                                        " Properties=species:S:1:pos:R:3\nC 0 0 0\nC 1.2 1.3 1.6\n"
                                        "1\nLattice=\"1.4 0 0 0 2.1 0 0 0 3\" " +
                                        stale + " Properties=species:S:1:pos:R:3\nC 0 0 0\n");
  const LocalAnsatz model = load_model(folder.path() / "m");

  const Outcome with = run(folder.path(), "predict m data.xyz --stress -o p.xyz");
  REQUIRE(with.code == 0);
  CHECK_THAT(with.output, ContainsSubstring("forces (eV/Å), stress (eV/Å³) written to 'p.xyz'"));
  const std::vector<Frame> frames = read_extxyz(folder.path() / "p.xyz");
  REQUIRE(frames.size() == 2);
  for (const Frame& frame : frames) {
    const Labels found = labels(frame);
    const Prediction expected = model.compute(frame.atoms, {.stress = true});
    REQUIRE(found.stress);
    CHECK(*found.stress == *expected.stress);  // shortest digits that give the same number back
    CHECK(found.energy == expected.energy);
    CHECK((*found.stress)[0] != 0.0);
  }
  CHECK((*labels(frames[0]).stress)[4] != 0.0);  // a skew cell has shear stress

  // Clusters among crystals have none.
  write(folder.path() / "mixed.xyz", content(folder.path() / "data.xyz") + "2\n\nC 0 0 0\nC 0 0 1.3\n");
  const Outcome mixed = run(folder.path(), "predict m mixed.xyz --stress -o p.xyz");
  REQUIRE(mixed.code == 0);
  CHECK_THAT(mixed.errors, ContainsSubstring("note: 1 structure without stress: there is no cell with a volume\n"));
  const std::vector<Frame> three = read_extxyz(folder.path() / "p.xyz");
  REQUIRE(three.size() == 3);
  CHECK(*labels(three[1]).stress == *labels(frames[1]).stress);
  CHECK_FALSE(labels(three[2]).stress);
  CHECK(*labels(three[2]).energy == model.compute(three[2].atoms).energy);

  // So has each atom its share.
  const Outcome shares = run(folder.path(), "predict m data.xyz --per-atom -o p.xyz");
  REQUIRE(shares.code == 0);
  CHECK_THAT(shares.output, ContainsSubstring("energies (eV, per atom), forces (eV/Å) written to 'p.xyz'"));
  for (const Frame& frame : read_extxyz(folder.path() / "p.xyz")) {
    const Column* const energies = find_column(frame, "energies");
    REQUIRE(energies != nullptr);
    CHECK(std::get<std::vector<double>>(energies->values) == model.compute(frame.atoms, {.energies = true}).energies);
  }

  // Otherwise there is none, not even that of the file.
  const Outcome without = run(folder.path(), "predict m data.xyz -o p.xyz");
  REQUIRE(without.code == 0);
  CHECK(without.output.find("stress") == std::string::npos);
  for (const Frame& frame : read_extxyz(folder.path() / "p.xyz")) {
    CHECK_FALSE(labels(frame).stress);
    CHECK(find_column(frame, "energies") == nullptr);
  }
}
