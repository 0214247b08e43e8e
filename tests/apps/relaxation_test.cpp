// The commands relax, eos and neb: numbers against ASE's, files, constraints and refusals.
#include <cmath>
#include <nlohmann/json.hpp>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "tests/apps/run.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// first.xyz and last.xyz of a hop of copper on Cu(100); the eight lowest atoms lie below 7 Å.
void write_hop(const std::filesystem::path& folder) {
  const nlohmann::json hop = simulation_reference()["neb"][0];
  for (const auto& [name, key] : {std::pair{"first.xyz", "initial"}, {"last.xyz", "final"}}) {
    write_extxyz(folder / name, std::vector<Frame>{{.atoms = structure(hop[key]), .info = {}, .columns = {}}});
  }
}

void write_crystal(const std::filesystem::path& path, int number, double a) {
  write_extxyz(path, std::vector<Frame>{{.atoms = fcc(number, a), .info = {}, .columns = {}}});
}

/// The first number after this text.
double number_after(const std::string& output, const std::string& text) {
  const std::size_t at = output.find(text);
  REQUIRE(at != std::string::npos);
  return std::stod(output.substr(at + text.size()));
}

}  // namespace

TEST_CASE("what an input says of its energy is not said of the structures that come of it", "[apps][relax][md]") {
  const TemporaryFolder folder;
  // As ASE writes what its calculators have computed, and a column of the user's own.
  write(folder.path() / "in.xyz",
        "2\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3:forces:R:3:energies:R:1:stresses:R:6:own:R:1 "
        "energy=5 free_energy=5 stress=\"1 0 0 0 1 0 0 0 1\" virial=\"1 0 0 0 1 0 0 0 1\" pbc=\"T T T\" run=7\n"
        "Cu 0 0 0 1 2 3 2 1 1 1 0 0 0 8\nCu 2.3 0 0 1 2 3 3 1 1 1 0 0 0 9\n");
  for (const std::string command : {"relax in.xyz", "md in.xyz --steps 3"}) {
    CAPTURE(command);
    REQUIRE(run(folder.path(), command + " -p emt -o out.xyz --quiet").code == 0);
    const Frame out = read_extxyz(folder.path() / "out.xyz").front();
    for (const char* const name : {"free_energy", "stress", "virial"}) CHECK(find_info(out, name) == nullptr);
    for (const char* const name : {"energies", "stresses"}) CHECK(find_column(out, name) == nullptr);
    CHECK(std::get<std::int64_t>(*find_info(out, "run")) == 7);
    REQUIRE(find_column(out, "own") != nullptr);
    CHECK(std::get<std::vector<double>>(find_column(out, "own")->values) == std::vector{8.0, 9.0});
    const Labels said = labels(out);
    CHECK(*said.energy != 5.0);
    CHECK((*said.forces)[0][1] != 2.0);
  }
}

TEST_CASE("relax takes --strains with a full cell alone", "[apps][relax][errors]") {
  const TemporaryFolder folder;
  write_crystal(folder.path() / "cu.xyz", 29, 3.7);
  CHECK(run(folder.path(), "relax cu.xyz -p emt --cell full --strains xx -o out.xyz").code == 0);
  for (const std::string cell : {"isotropic", "lengths"}) {
    const Outcome refused = run(folder.path(), "relax cu.xyz -p emt --strains xx -o out.xyz --cell " + cell);
    CHECK(refused.code == 2);
    CHECK_THAT(refused.errors, ContainsSubstring("--strains") && ContainsSubstring("found --cell " + cell));
  }
}

TEST_CASE("neb finds the barrier and writes the path", "[apps][neb]") {
  const TemporaryFolder folder;
  write_hop(folder.path());
  const Outcome r = run(
      folder.path(), "neb first.xyz last.xyz --potential emt --images 3 --fix-below 7 --output path.xyz --figures out");
  INFO(r.errors);
  CHECK(r.code == 0);
  CHECK(number_after(r.output, "Barrier ") == Approx(0.421622).margin(2e-4));  // simulation.json, exact saddle
  CHECK(number_after(r.output, "backwards ") == Approx(0.421622).margin(2e-4));
  const std::vector<Frame> path = read_extxyz(folder.path() / "path.xyz");
  REQUIRE(path.size() == 5);
  CHECK(*labels(path[2]).energy - *labels(path[0]).energy == Approx(0.421622).margin(2e-4));
  CHECK(path[2].atoms.positions[3] == path[0].atoms.positions[3]);
  CHECK_THAT(content(folder.path() / "out/neb.dat"), ContainsSubstring("energy") && ContainsSubstring("(eV)"));
  CHECK(std::filesystem::exists(folder.path() / "out/neb.gp"));

  // Both ends in one file, unrelaxed: relaxed first.
  Frame first = read_extxyz(folder.path() / "first.xyz")[0], last = read_extxyz(folder.path() / "last.xyz")[0];
  first.atoms.positions[12][2] += 0.2;
  write_extxyz(folder.path() / "ends.xyz", std::vector<Frame>{first, last});
  const Outcome relaxed =
      run(folder.path(), "neb ends.xyz -p emt --images 1 --relax-ends --fix 0-7 --start linear --output p.xyz");
  CHECK(relaxed.code == 0);
  CHECK(number_after(relaxed.output, "Barrier ") == Approx(0.421622).margin(2e-4));
  CHECK_THAT(run(folder.path(), "neb ends.xyz -p emt --images 1 --fix 0-7 --output p.xyz").errors,
             ContainsSubstring("the first structure is not relaxed"));
}

TEST_CASE("neb goes on from a path that it wrote", "[apps][neb]") {
  const TemporaryFolder folder;
  write_hop(folder.path());
  const Outcome rough =
      run(folder.path(), "neb first.xyz last.xyz -p emt --images 3 --fix-below 7 --steps 3 --output path.xyz");
  CHECK(rough.code == 1);  // not converged, but written
  const Outcome more = run(folder.path(), "neb path.xyz -p emt --start given --fix-below 7 --output better.xyz");
  INFO(more.errors);
  CHECK(more.code == 0);
  CHECK(number_after(more.output, "Barrier ") == Approx(0.421622).margin(2e-4));
  CHECK(read_extxyz(folder.path() / "better.xyz").size() == 5);
  // A mask goes with the path.
  for (const std::string name : {"first.xyz", "last.xyz"}) {
    Frame frame = read_extxyz(folder.path() / name)[0];
    std::vector<bool> mobile(13, true);
    std::fill_n(mobile.begin(), 8, false);
    set_column(frame, {.name = "move_mask", .count = 1, .values = mobile});
    write_extxyz(folder.path() / ("masked-" + name), std::vector<Frame>{frame});
  }
  REQUIRE(
      run(folder.path(), "neb masked-first.xyz masked-last.xyz -p emt --images 3 --steps 3 --output path.xyz").code ==
      1);
  const Outcome masked = run(folder.path(), "neb path.xyz -p emt --start given --output masked.xyz");
  CHECK(masked.code == 0);
  CHECK(number_after(masked.output, "Barrier ") == Approx(0.421622).margin(2e-4));
  const Outcome done = run(folder.path(), "neb better.xyz -p emt --start given --fix-below 7 --output again.xyz");
  CHECK_THAT(done.output, ContainsSubstring("0 steps"));
  CHECK_THAT(run(folder.path(), "neb path.xyz last.xyz -p emt --start given --output x.xyz").errors,
             ContainsSubstring("takes the whole path from one file"));
  CHECK_THAT(run(folder.path(), "neb first.xyz -p emt --start given --output x.xyz").errors,
             ContainsSubstring("at least 3 structures"));

  // Interrupted as soon as it listens: the path so far is there.
  const Outcome stopped = shell(folder.path(),
                                "set -m; \"$adatom\" neb first.xyz last.xyz -p emt --images 15 --fix-below 7 --fmax "
                                "1e-300 --steps 1000000000 --output half.xyz & pid=$!; "
                                "while kill -0 $pid && ! grep -q 'SigCgt:.*[2367abef]$' /proc/$pid/status; do sleep "
                                "0.01; done; kill -INT $pid; wait $pid");
  INFO(stopped.errors);
  CHECK(stopped.code == 130);
  CHECK(read_extxyz(folder.path() / "half.xyz").size() == 17);
  CHECK_THAT(stopped.errors, ContainsSubstring("--start given goes on from it"));
}

TEST_CASE("a mask of the file keeps atoms in planes and on lines", "[apps][relax][neb]") {
  const TemporaryFolder folder;
  write_hop(folder.path());
  Frame start = read_extxyz(folder.path() / "first.xyz")[0];
  start.atoms.positions[12] += Vector3{0.2, 0.1, 0.3};
  std::vector<bool> mobile(39, false);
  mobile[3 * 12] = mobile[3 * 12 + 2] = true;  // the adatom moves in x and z,
  mobile[3 * 9] = true;                        // one of the surface in x
  set_column(start, {.name = "move_mask", .count = 3, .values = mobile});
  write_extxyz(folder.path() / "start.xyz", std::vector<Frame>{start});
  REQUIRE(run(folder.path(), "relax start.xyz -p emt --output r.xyz").code == 0);
  const Atoms relaxed = read_extxyz(folder.path() / "r.xyz")[0].atoms;
  const Vector3 adatom = relaxed.positions[12] - start.atoms.positions[12],
                atom = relaxed.positions[9] - start.atoms.positions[9];
  CHECK(std::abs(adatom[0]) > 0.01);
  CHECK(adatom[1] == 0.0);
  CHECK(std::abs(adatom[2]) > 0.01);
  CHECK(atom[0] != 0.0);
  CHECK(atom[1] == 0.0);
  CHECK(atom[2] == 0.0);
  CHECK(relaxed.positions[8] == start.atoms.positions[8]);

  // A band at the height of its start has a higher pass. A search knows whole atoms only.
  const Frame first = read_extxyz(folder.path() / "first.xyz")[0];
  Frame last = first;
  last.atoms.positions[12] = read_extxyz(folder.path() / "last.xyz")[0].atoms.positions[12];
  write_extxyz(folder.path() / "ends.xyz", std::vector<Frame>{first, last});
  const Outcome flat = run(folder.path(), "neb ends.xyz -p emt --images 1 --fix 0-7 --planar --output path.xyz");
  CHECK(flat.code == 0);
  CHECK(number_after(flat.output, "Barrier ") > 0.5);
  CHECK_THAT(run(folder.path(), "search -p emt --start start.xyz --hops 2").errors,
             ContainsSubstring("can only fix whole atoms"));
  for (std::size_t k = 0; k < 39; ++k) mobile[k] = k / 3 > 7;
  set_column(start, {.name = "move_mask", .count = 3, .values = mobile});
  write_extxyz(folder.path() / "start.xyz", std::vector<Frame>{start});
  REQUIRE(run(folder.path(), "search -p emt --start start.xyz --hops 3 --moves shake --output s.xyz").code == 0);
  const Atoms best = read_extxyz(folder.path() / "s.xyz")[0].atoms;
  for (std::size_t i = 0; i < 13; ++i) CHECK((best.positions[i] == start.atoms.positions[i]) == (i < 8));
  CHECK_THAT(run(folder.path(), "search -p emt --formula Cu5 --fix 1").errors,
             ContainsSubstring("need a structure: --start"));
}

TEST_CASE("neb refuses what is no band", "[apps][neb]") {
  const TemporaryFolder folder;
  write_hop(folder.path());
  const auto refused = [&](const std::string& arguments, const std::string& text) {
    const Outcome r = run(folder.path(), "neb " + arguments + " -p emt --output path.xyz");
    CHECK(r.code == 2);
    CHECK_THAT(r.errors, ContainsSubstring(text));
    CHECK(!std::filesystem::exists(folder.path() / "path.xyz"));
  };
  refused("first.xyz first.xyz", "both ends are the same structure");
  refused("first.xyz", "both ends are the same structure");
  refused("first.xyz last.xyz --images 0", "--images");
  refused("first.xyz last.xyz --fix 0-7,3", "atom 3 is named twice");
  refused("first.xyz last.xyz --fix -1", "--fix");
  refused("first.xyz last.xyz --fix 44", "atom 44 does not exist");
  refused("first.xyz last.xyz --fix 5-2", "'5-2' runs backwards");
  refused("first.xyz last.xyz --fix-below high", "expected a height");
  refused("first.xyz last.xyz --fix 12", "fixed atom 12 moves by 2.55 Å");
  write_crystal(folder.path() / "other.xyz", 29, 3.6);
  refused("first.xyz other.xyz", "different numbers of atoms, 13 and 4");
  const Outcome r = run(folder.path(), "neb first.xyz last.xyz -p emt --steps 1 --fix 0-7 --output path.xyz");
  CHECK(r.code == 1);
  CHECK_THAT(r.errors, ContainsSubstring("not converged after 1 step"));
}

TEST_CASE("eos gives volume, bulk modulus and elastic constants", "[apps][eos]") {
  const TemporaryFolder folder;
  write_crystal(folder.path() / "gold.xyz", 79, 4.05);
  const Outcome r =
      run(folder.path(), "eos gold.xyz --potential emt --points 7 --elastic --output rest.xyz --figures out");
  INFO(r.errors);
  CHECK(r.code == 0);
  CHECK(number_after(r.output, "volume V0") == Approx(4 * 16.685071869593045).epsilon(1e-6));  // simulation.json, eos
  CHECK(number_after(r.output, "bulk modulus B") == Approx(173.0422).margin(1e-2));
  CHECK(number_after(r.output, "derivative B'") == Approx(5.31348).margin(1e-3));
  CHECK(number_after(r.output, "= B =") == Approx(173.0).epsilon(0.02));
  CHECK_THAT(r.output, ContainsSubstring("stable (Born)"));
  const Frame rest = read_extxyz(folder.path() / "rest.xyz")[0];
  CHECK(volume(rest.atoms.cell) == Approx(4 * 16.685).epsilon(2e-3));
  CHECK(std::filesystem::exists(folder.path() / "out/eos.gp"));

  const Outcome vinet = run(folder.path(), "eos gold.xyz -p emt --points 7 --kind vinet");
  CHECK(number_after(vinet.output, "bulk modulus B") == Approx(173.8239).margin(1e-2));
  CHECK(run(folder.path(), "eos gold.xyz -p emt --points 3").code == 2);
  CHECK_THAT(run(folder.path(), "eos gold.xyz -p emt --points 3").errors, ContainsSubstring("at least 4 points"));
  write_crystal(folder.path() / "squeezed.xyz", 79, 3.6);
  CHECK_THAT(run(folder.path(), "eos squeezed.xyz -p emt").errors, ContainsSubstring("the minimum lies outside"));
}

TEST_CASE("relax obeys constraints and relaxes cells under pressure", "[apps][relax]") {
  const TemporaryFolder folder;
  write_hop(folder.path());
  Frame start = read_extxyz(folder.path() / "first.xyz")[0];
  start.atoms.positions[12] += Vector3{0.2, 0.1, 0.3};
  start.atoms.positions[9] += Vector3{0.05, 0.0, 0.0};
  write_extxyz(folder.path() / "start.xyz", std::vector<Frame>{start});
  for (const std::string method : {"auto", "cg", "bfgs-line-search", "gradient-descent"}) {
    const Outcome r =
        run(folder.path(), "relax start.xyz -p emt --fix-below 7 --fmax 0.001 --method " + method + " --output r.xyz");
    INFO(r.errors);
    CHECK(r.code == 0);
    const Frame relaxed = read_extxyz(folder.path() / "r.xyz")[0];
    CHECK(*labels(relaxed).energy == Approx(4.115187889670585).margin(1e-4));  // simulation.json, neb, initial_energy
    for (std::size_t i = 0; i < 8; ++i) CHECK(relaxed.atoms.positions[i] == start.atoms.positions[i]);
  }
  REQUIRE(run(folder.path(), "relax start.xyz -p emt --fix 0-7 --planar --output r.xyz").code == 0);
  CHECK(read_extxyz(folder.path() / "r.xyz")[0].atoms.positions[12][2] == start.atoms.positions[12][2]);

  write_crystal(folder.path() / "cu.xyz", 29, 3.7);
  const Outcome r =
      run(folder.path(), "relax cu.xyz -p emt --cell full --pressure 5 --max-stress 0.001 --fmax 0.001 --output c.xyz");
  INFO(r.errors);
  CHECK(r.code == 0);
  const Frame squeezed = read_extxyz(folder.path() / "c.xyz")[0];
  CHECK((*labels(squeezed).stress)[0] == Approx(-5.0 / 160.2176634).epsilon(1e-3));
  REQUIRE(run(folder.path(), "relax cu.xyz -p emt --cell full --strains zz --output c.xyz").code == 0);
  CHECK(read_extxyz(folder.path() / "c.xyz")[0].atoms.cell[0][0] == 3.7);

  CHECK_THAT(run(folder.path(), "relax cu.xyz -p emt --pressure 5 --output x.xyz").errors,
             ContainsSubstring("add --cell full"));
  CHECK_THAT(run(folder.path(), "relax cu.xyz -p emt --cell full --strains xx,ab --output x.xyz").errors,
             ContainsSubstring("found 'ab'"));
  CHECK_THAT(run(folder.path(), "relax cu.xyz -p emt --fix 0-3 --output x.xyz").errors,
             ContainsSubstring("all 4 atoms are fixed"));
  const Outcome steep = run(
      folder.path(), "relax start.xyz -p emt --method gradient-descent --learning-rate 1 --fix-below 7 --output x.xyz");
  CHECK(steep.code == 1);
  CHECK_THAT(steep.errors, ContainsSubstring("lower the learning rate"));
}
