// adatom build: what it writes is what the library's builders make, and what it refuses.
#include <algorithm>
#include <sstream>

#include "atoms/builders/adsorbate.hpp"
#include "atoms/builders/bulk.hpp"
#include "atoms/builders/graphene.hpp"
#include "atoms/builders/molecules.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/builders/nanotube.hpp"
#include "atoms/builders/sphere.hpp"
#include "atoms/builders/supercell.hpp"
#include "atoms/builders/wulff.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/random_cluster.hpp"
#include "core/random.hpp"
#include "tests/apps/run.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// What 'adatom build …' writes.
std::vector<Frame> built(const std::filesystem::path& folder, const std::string& arguments) {
  const Outcome outcome = run(folder, "build " + arguments + " -o out.extxyz");
  CAPTURE(arguments, outcome.errors);
  REQUIRE(outcome.code == 0);
  CHECK(outcome.errors.empty());
  CHECK_THAT(outcome.output, ContainsSubstring("written to 'out.extxyz'"));
  return read_extxyz(folder / "out.extxyz");
}

Slab slab_with_carbon_monoxide() {
  Slab slab = fcc111("Pt", {.size = {2, 2, 3}, .vacuum = 6.0});
  add_adsorbate(slab, molecule("CO"), 1.3, "hcp", {.offset = {1, 0}, .atom = 1, .rotation = {0.0, -30.0, 0.0}});
  return slab;
}

}  // namespace

TEST_CASE("adatom build writes what the builders make", "[apps][build]") {
  const TemporaryFolder folder;
  const auto makes = [&](const std::string& arguments, const Atoms& expected) {
    CAPTURE(arguments);
    const std::vector<Frame> frames = built(folder.path(), arguments);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].atoms == expected);
  };
  makes("bulk Cu", bulk("Cu"));
  makes("bulk GaAs --setting conventional --repeat 2,1,3",
        repeated(bulk("GaAs", {.setting = Setting::conventional}), {2, 1, 3}));
  makes("bulk Ti --crystal hcp --a 2.9 --c 4.6", bulk("Ti", {.a = 2.9, .c = 4.6}));
  makes("bulk Cu --matrix -1,1,1,1,-1,1,1,1,-1", supercell(bulk("Cu"), {{{-1, 1, 1}, {1, -1, 1}, {1, 1, -1}}}));
  makes("surface bcc110 Fe --size 2,4,3 --vacuum 5 --orthogonal",
        bcc110("Fe", {.size = {2, 4, 3}, .vacuum = 5.0, .orthogonal = true}).atoms);
  makes(
      "surface fcc111 Pt --size 2,2,3 --vacuum 6 --adsorbate CO --atom 1 --site hcp --height 1.3 --offset 1,0 --rotate "
      "0,-30,0",
      slab_with_carbon_monoxide().atoms);
  makes("graphene --size 3,2 --vacuum 7 --orthogonal", graphene({.size = {3, 2}, .vacuum = 7.0, .orthogonal = true}));
  makes("nanotube 4 2 --length 2", nanotube(4, 2, {.length = 2}));
  makes("nanoparticle icosahedron Ag --shells 3", icosahedron("Ag", 3));
  makes("nanoparticle decahedron Pd --p 3 --q 2 --r 1 --a 3.9", decahedron("Pd", 3, 2, 1, {.a = 3.9}));
  makes("nanoparticle octahedron Al --length 5 --cutoff 1", octahedron("Al", 5, 1));
  makes("nanoparticle cuboctahedron Au --shells 2", cuboctahedron("Au", 2));
  const std::array<SurfaceEnergy, 2> faces{{{{1, 0, 0}, 1.1}, {{1, 1, 1}, 1.0}}};
  makes("nanoparticle wulff Ag --faces 100=1.1,111=1 --atoms 80 --rounding above",
        wulff("Ag", faces, 80, {.rounding = Rounding::above}));
  const std::array<SurfaceEnergy, 3> hexagonal{
      {{miller_bravais(0, 0, 0, 1), 0.54}, {miller_bravais(-1, 0, 1, 0), 0.63}, {{1, 0, 1}, 0.64}}};
  makes("nanoparticle wulff Mg --c 5.3 --faces 0001=0.54,-1010=0.63,101=0.64 --atoms 200",
        wulff("Mg", hexagonal, 200, {.c = 5.3}));
  makes("nanoparticle sphere NaCl --radius 5", sphere(bulk("NaCl"), 5.0));
  makes("nanoparticle sphere Ti --radius 6 --c 4.7", sphere(bulk("Ti", {.c = 4.7}), 6.0));
  makes("bulk ZnO --u 0.4", bulk("ZnO", {.u = 0.4}));
  makes("surface diamond111 Si --size 2,2,4 --whole-double-layer",
        diamond111("Si", {.size = {2, 2, 4}, .whole_double_layer = true}).atoms);
  makes("nanoparticle sphere Cu --radius 4 --around hole", sphere(bulk("Cu"), 4.0, largest_hole(bulk("Cu"))));
  makes("molecule H2O", molecule("H2O"));

  Random random(5);
  const std::vector<int> numbers = parse_formula("C6");
  const std::vector<Frame> clusters = built(folder.path(), "cluster C6 --count 3 --seed 5 --shape planar");
  REQUIRE(clusters.size() == 3);
  for (const Frame& frame : clusters)
    CHECK(frame.atoms == random_cluster(numbers, random, {.shape = ClusterShape::planar}));
  Random loose(5), roomy(5);
  makes("cluster C6 --seed 5 --connected 0", random_cluster(numbers, loose, {.connected = 0.0}));
  makes("cluster C6 --seed 5 --spacing 2", random_cluster(numbers, roomy, {.spacing = 2.0}));
  Random another(1);
  makes("cluster C6 --shape box --minimum-distance 2.5",
        random_cluster(numbers, another, {.shape = ClusterShape::box, .minimum_distance = 2.5}));
}

TEST_CASE("adatom build surface tells layers and fixed atoms", "[apps][build]") {
  const TemporaryFolder folder;
  const Frame frame =
      built(folder.path(), "surface fcc100 Cu --size 1,1,3 --fix 2 --adsorbate O --site hollow --height 1").front();
  REQUIRE(find_column(frame, "tags") != nullptr);
  CHECK(std::get<std::vector<std::int64_t>>(find_column(frame, "tags")->values) ==
        std::vector<std::int64_t>{3, 2, 1, 0});
  REQUIRE(find_column(frame, "move_mask") != nullptr);
  CHECK(std::get<std::vector<bool>>(find_column(frame, "move_mask")->values) ==
        std::vector<bool>{false, false, true, true});
  // The file may serve as an adsorbate itself, but not be replaced then.
  CHECK(run(folder.path(), "build surface fcc100 Cu --adsorbate out.extxyz --height 3 -o out.extxyz").code == 2);
}

TEST_CASE("adatom build refuses in one line and writes nothing", "[apps][build][errors]") {
  const TemporaryFolder folder;
  struct Refusal {
    const char* arguments;
    const char* message;
  };
  for (const auto& [arguments, message] : {
           Refusal{"", "which command? One of bulk, surface, nanoparticle, molecule, cluster, graphene, nanotube"},
           {"blk Cu -o m", "unknown command 'blk'; did you mean 'bulk'?"},
           {"bulk", "formula is required"},
           {"bulk Cu", "adatom build bulk: --output is required"},
           {"bulk Cu --settings cubic -o m", "unknown option '--settings'; did you mean '--setting'?"},
           {"bulk Cu --setting cubc -o m", "did you mean 'cubic'?"},
           {"bulk Cu --crystal ffc -o m", "unknown crystal 'ffc'; expected sc, fcc"},
           {"bulk Cu --crystal bcc -o m", "no lattice constant known for 'Cu' as bcc (it is fcc, a = 3.61); give a"},
           {"bulk Cu --a 0 -o m", "--a: expected a number above 0, found '0'"},
           {"bulk Cu --a nan -o m", "--a: expected a number above 0, found 'nan'"},
           {"bulk Cu --repeat 2,2 -o m", "--repeat: expected 3 whole numbers, separated by commas; found 2"},
           {"bulk Cu --repeat 2,2,0 -o m", "--repeat: expected a whole number above 0, found '0'"},
           {"bulk Cu --repeat 1000,1000,1000 -o m", "more than 100 million atoms"},
           {"bulk Cu --repeat 1,1,99999999999 -o m", "--repeat: expected numbers up to 1000000000"},
           {"bulk Cu --matrix 1,0,0 -o m", "--matrix: expected 9 whole numbers, separated by commas; found 3"},
           {"bulk Cu --matrix 1,0,0,0,1.5,0,0,0,1 -o m", "--matrix: expected whole numbers, found 1.5"},
           {"bulk Mg --setting cubic -o m", "hcp has no cubic setting"},
           {"bulk cu -o m", "cu"},
           {"surface fcc222 Cu -o m", "unknown surface 'fcc222'; expected fcc100"},
           {"surface fcc100 Cu --size 0,1,1 -o m", "--size: expected a whole number above 0, found '0'"},
           {"surface fcc100 Cu --size 2,2,-1 -o m", "--size: expected a whole number above 0, found '-1'"},
           {"surface fcc100 Cu --size 1000000000,1,1 -o m", "would make 1e+09 atoms; at most 100 million are built"},
           {"surface fcc100 Cu --vacuum -1 -o m", "--vacuum: expected a number of 0 or more, found '-1'"},
           {"surface fcc111 Cu --size 2,3,3 --orthogonal -o m",
            "rectangular cell only for an even second size; found 3"},
           {"surface fcc100 Cu --adsorbate O --site fcc --height 1 -o m",
            "fcc100 has sites ontop, bridge, hollow; not 'fcc'"},
           {"surface fcc100 Cu --adsorbate O -o m", "--adsorbate needs --height"},
           {"surface fcc100 Cu --adsorbate H20 --height 1 -o m", "unknown molecule 'H20'; did you mean 'H2O'?"},
           {"surface fcc100 Cu --adsorbate CO --atom 2 --height 1 -o m",
            "the adsorbate has 2 atoms, counted from 0; there is no atom 2"},
           {"surface fcc100 Cu --adsorbate O --height 1 --offset 1,0 -o m", "offset (1, 0) is outside the slab"},
           {"surface fcc100 Cu --fix 4 -o m", "the slab has 3 layers; cannot take the lowest 4"},
           {"graphene --size 100000,100000 -o m", "would make 2e+10 atoms"},
           {"nanotube 0 0 -o m", "not both 0, found (0, 0)"},
           {"nanoparticle icosahedron Ag -o m", "icosahedron needs --shells"},
           {"nanoparticle icosahedron Ag --shells 3 --q 1 -o m", "--q belongs to decahedron, not to icosahedron"},
           {"nanoparticle cube Ag -o m", "shape: expected one of icosahedron|decahedron"},
           {"nanoparticle octahedron Ag --length 3 --cutoff 9 -o m", "cutoff"},
           {"nanoparticle wulff Ag --faces 100:1 --atoms 9 -o m",
            "--faces: expected faces and their energies such as 100=1.1,111=1.0 or 0001=1.0,10-10=1.1; found '100:1'"},
           {"nanoparticle wulff Ag --faces 100=1, --atoms 9 -o m", "found ''"},
           {"nanoparticle wulff Ag --faces 1-=1 --atoms 9 -o m", "found '1-=1'"},
           {"nanoparticle wulff Mg --faces 1010=1 --atoms 9 -o m", "the face (1,0,1,0) does not exist"},
           {"nanoparticle wulff Mg --faces 10-10=1 --atoms 9 -o m", "faces along the c axis alone enclose no particle"},
           {"nanoparticle wulff Ag --faces 11-21=1,100=1 --atoms 9 -o m", "four indices belong to hcp, not to fcc"},
           {"nanoparticle icosahedron Ag --shells 3 --c 4 -o m", "--c belongs to wulff and sphere, not to icosahedron"},
           {"cluster C5 --minimum-distance 0 -o m", "--minimum-distance: expected a number above 0, found '0'"},
           {"cluster C5 --minimum-distance 1 --smallest-distance 0.5 -o m", "--smallest-distance"},
           {"cluster C5 --minimum-distance 1e4 -o m", "minimum_distance must be between 0 and 1000 Å, found 10000"},
           {"molecule -o m", "which molecule?"},
           {"molecule H20 -o m", "did you mean 'H2O'?"},
           {"molecule H2O", "--output is required"},
           {"cluster C5 --count 0 -o m", "--count: expected a whole number above 0, found '0'"},
           {"cluster C5 --shape cube -o m", "--shape: expected one of ball|box|planar"},
           {"bulk Cu -o missing/m", "there is no folder 'missing'"},
       }) {
    CAPTURE(arguments);
    const Outcome outcome = run(folder.path(), std::string("build ") + arguments);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.errors, ContainsSubstring(message));
    CHECK(std::count(outcome.errors.begin(), outcome.errors.end(), '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "m"));
  }
}

TEST_CASE("the examples in the help of adatom build do what they seem to", "[apps][build]") {
  const TemporaryFolder folder;
  std::size_t examples = 0;
  for (const std::string kind :
       {"", "bulk", "surface", "nanoparticle", "molecule", "cluster", "graphene", "nanotube"}) {
    std::istringstream help(run(folder.path(), "build " + kind + " --help").output);
    const std::string start = "  adatom build ", output = " --output ";
    for (std::string line; std::getline(help, line);) {
      if (!line.starts_with(start) || line.find(output) == std::string::npos) continue;
      CAPTURE(line);
      CHECK(built(folder.path(), line.substr(start.size(), line.find(output) - start.size())).front().atoms.size() > 0);
      ++examples;
      if (line.find("--adsorbate CO") == std::string::npos) continue;
      const Atoms atoms = read_extxyz(folder.path() / "out.extxyz").front().atoms;  // oxygen, carbon are the last
      CHECK(atoms.positions.back()[2] < atoms.positions[atoms.size() - 2][2]);
    }
  }
  CHECK(examples >= 17);
}

TEST_CASE("adatom build explains every kind, warns of atoms that touch, and reads configuration files",
          "[apps][build]") {
  const TemporaryFolder folder;
  CHECK_THAT(run(folder.path(), "build --help").output, ContainsSubstring("Usage: adatom build KIND"));
  for (const std::string kind : {"bulk", "surface", "nanoparticle", "molecule", "cluster", "graphene", "nanotube"}) {
    const Outcome outcome = run(folder.path(), "build " + kind + " --help");
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.output, ContainsSubstring("Usage: adatom build " + kind) && ContainsSubstring("Example"));
  }
  CHECK_THAT(run(folder.path(), "build surface --help").output,
             ContainsSubstring("fcc111      ontop, bridge, fcc, hcp"));
  CHECK_THAT(run(folder.path(), "build molecule --list").output,
             ContainsSubstring("H2O") && ContainsSubstring("water"));

  const Outcome close =
      run(folder.path(), "build surface fcc100 Cu --adsorbate H --site ontop --height 0.3 -o close.xyz");
  CHECK(close.code == 0);
  CHECK_THAT(close.errors, ContainsSubstring("warning: structure 1: two atoms are only 0.3 Å apart"));

  write(folder.path() / "c.toml",
        "repeat = [2, 2, 2]\n[bulk]\nsetting = \"cubic\"\n[surface]\nvacuum = 3\n[train]\nepochs = 3\n");
  CHECK(built(folder.path(), "bulk Cu --config c.toml").front().atoms.size() == 32);
  write(folder.path() / "c.toml", "size = [2, 2, 2]\n");
  CHECK_THAT(run(folder.path(), "build bulk Cu --config c.toml -o m").errors,
             ContainsSubstring("unknown key 'size' for 'adatom build bulk'"));
}
