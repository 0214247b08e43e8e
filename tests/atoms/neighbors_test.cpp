// The two neighbour lists against each other, against reference lists, and in the situations that broke others.
#include "atoms/neighbors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <tuple>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

using Entry = std::tuple<std::size_t, std::uint32_t, std::array<int, 3>, Vector3>;

/// All entries in one fixed order, for comparison as sets.
std::vector<Entry> sorted_entries(const NeighborList& list) {
  std::vector<Entry> result;
  for (std::size_t i = 0; i + 1 < list.offsets.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      result.emplace_back(i, list.index[n], list.shift[n], list.displacement[n]);
    }
  }
  std::ranges::sort(result);
  return result;
}

/// For every (i, j, S, D) there must be (j, i, -S, -D), to the last bit.
bool is_symmetric(const NeighborList& list) {
  const std::vector<Entry> entries = sorted_entries(list);
  return std::ranges::all_of(entries, [&](const Entry& entry) {
    const auto& [i, j, s, d] = entry;
    const Entry mirrored{j, static_cast<std::uint32_t>(i), {-s[0], -s[1], -s[2]}, -d};
    const auto found = std::ranges::lower_bound(entries, mirrored, [](const Entry& a, const Entry& b) {
      return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
             std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
    });
    return found != entries.end() && *found == mirrored;
  });
}

Atoms carbon(std::vector<Vector3> positions, const Cell& cell = {}, std::array<bool, 3> pbc = {}) {
  Atoms atoms;
  atoms.numbers.assign(positions.size(), 6);
  atoms.positions = std::move(positions);
  atoms.cell = cell;
  atoms.pbc = pbc;
  return atoms;
}

void check_equal(const Atoms& atoms, double cutoff) {
  const NeighborList fast = neighbor_list(atoms, cutoff);
  const NeighborList naive = naive_neighbor_list(atoms, cutoff);
  REQUIRE(fast.offsets == naive.offsets);
  REQUIRE(sorted_entries(fast) == sorted_entries(naive));
}

/// A cell whose vectors are sheared by up to ten times their length, of either handedness.
Cell random_cell(Random& random) {
  Cell cell = orthorhombic(random.uniform(1.0, 4.0), random.uniform(1.0, 4.0), random.uniform(1.0, 4.0));
  const double shear = random.below(2) == 0 ? 0.0 : random.uniform(0.0, 10.0);
  cell[1] += random.uniform(-shear, shear) * cell[0];
  cell[2] += random.uniform(-shear, shear) * cell[0] + random.uniform(-shear, shear) * cell[1];
  if (random.below(2) == 0) std::swap(cell[0], cell[1]);
  if (random.below(3) == 0) {
    // Not aligned with the axes: a random rotation by Gram-Schmidt on two random directions.
    const Vector3 x = random.direction();
    Vector3 y = cross(random.direction(), x);
    y = (1.0 / norm(y)) * y;
    const Vector3 z = cross(x, y);
    for (Vector3& v : cell.vectors) v = v[0] * x + v[1] * y + v[2] * z;
  }
  return cell;
}

/// One to twelve atoms, often on the boundaries of the cell and on top of each other or of each other's images.
Atoms random_system(Random& random) {
  Atoms atoms;
  atoms.cell = random_cell(random);
  for (bool& periodic : atoms.pbc) periodic = random.below(2) == 0;
  const std::size_t count = 1 + random.below(12);
  for (std::size_t i = 0; i < count; ++i) {
    Vector3 s;
    for (double& x : s) {
      switch (random.below(4)) {
        case 0:
          x = static_cast<double>(random.below(11)) - 5.0;
          break;  // on a face
        case 1:
          x = 0.25 * (static_cast<double>(random.below(41)) - 20.0);
          break;  // on a quarter
        default:
          x = random.uniform(-5.0, 5.0);
      }
    }
    atoms.numbers.push_back(1 + static_cast<int>(random.below(118)));
    atoms.positions.push_back(cartesian(atoms.cell, s));
    if (i > 0 && random.below(6) == 0) atoms.positions[i] = atoms.positions[random.below(i)];
  }
  return atoms;
}

}  // namespace

TEST_CASE("neighbour lists equal each other on ten thousand random systems", "[atoms][neighbors]") {
  Random random(20240607);
  std::size_t entries = 0, largest = 0;
  for (int trial = 0; trial < 10000; ++trial) {
    CAPTURE(trial);
    const Atoms atoms = random_system(random);
    const Vector3 height = heights(atoms.cell);
    double cutoff = random.uniform(0.3, 4.0) * std::cbrt(volume(atoms.cell));
    // Sheared cells are flat; keep the number of images in bounds.
    const auto images = [&](double r) {
      double product = 1.0;
      for (std::size_t k = 0; k < 3; ++k) product *= atoms.pbc[k] ? 2.0 * r / height[k] + 1.0 : 1.0;
      return product;
    };
    while (images(cutoff) > 3000.0) cutoff *= 0.7;
    // A cutoff that is exactly some distance tests the strict inequality.
    if (random.below(3) == 0) {
      const NeighborList some = naive_neighbor_list(atoms, cutoff);
      if (some.size() > 0) {
        const double exact = norm(some.displacement[random.below(some.size())]);
        if (exact > 0.0) cutoff = exact;
      }
    }
    const NeighborList fast = neighbor_list(atoms, cutoff);
    const NeighborList naive = naive_neighbor_list(atoms, cutoff);
    if (fast.offsets != naive.offsets || sorted_entries(fast) != sorted_entries(naive)) FAIL("lists differ");
    if (trial % 20 == 0 && !is_symmetric(fast)) FAIL("list is not symmetric");
    entries += fast.size();
    largest = std::max(largest, fast.size());
  }
  CHECK(entries > 100000);  // the systems were not trivially empty
  CHECK(largest > 1000);
}

TEST_CASE("neighbour lists of larger systems in bins", "[atoms][neighbors]") {
  Random random(7);
  for (int trial = 0; trial < 40; ++trial) {
    CAPTURE(trial);
    Atoms atoms;
    atoms.cell = random_cell(random);
    for (Vector3& v : atoms.cell.vectors) v = 4.0 * v;
    for (std::size_t k = 0; k < 3; ++k) atoms.pbc[k] = (trial >> k) % 2 == 1;
    for (int i = 0; i < 300; ++i) {
      atoms.numbers.push_back(6);
      atoms.positions.push_back(
          cartesian(atoms.cell, {random.uniform(-1.0, 2.0), random.uniform(-1.0, 2.0), random.uniform(-1.0, 2.0)}));
    }
    const Vector3 height = heights(atoms.cell);
    check_equal(atoms, 0.3 * *std::ranges::min_element(height));
    check_equal(atoms, std::min(0.45 * std::cbrt(volume(atoms.cell)), 1.5 * *std::ranges::min_element(height)));
  }
}

TEST_CASE("neighbour lists match the reference", "[atoms][neighbors]") {
  const auto file = nlohmann::json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/neighbors.json"));
  REQUIRE(file["cases"].size() == 6);
  for (const auto& expected : file["cases"]) {
    CAPTURE(expected["name"].get<std::string>());
    Atoms atoms;
    atoms.numbers = expected["numbers"].get<std::vector<int>>();
    atoms.positions = expected["positions"].get<std::vector<Vector3>>();
    atoms.cell.vectors = expected["cell"].get<std::array<Vector3, 3>>();
    atoms.pbc = expected["pbc"].get<std::array<bool, 3>>();
    const double cutoff = expected["cutoff"];
    for (const NeighborList& list : {neighbor_list(atoms, cutoff), naive_neighbor_list(atoms, cutoff)}) {
      CHECK(list.size() == expected["npairs"]);
      std::vector<std::array<int, 5>> pairs;
      std::vector<double> distances;
      std::vector<std::size_t> coordination;
      Cell outer;
      std::size_t self = 0;
      for (const auto& [i, j, s, d] : sorted_entries(list)) {
        pairs.push_back({static_cast<int>(i), static_cast<int>(j), s[0], s[1], s[2]});
        distances.push_back(norm(d));
        self += i == j ? 1 : 0;
        for (std::size_t k = 0; k < 3; ++k) outer[k] += d[k] * d;
      }
      for (std::size_t i = 0; i < atoms.size(); ++i) coordination.push_back(list.offsets[i + 1] - list.offsets[i]);
      std::ranges::sort(distances);
      CHECK(self == expected["nself"]);
      CHECK(coordination == expected["coordination"].get<std::vector<std::size_t>>());
      CHECK(pairs == expected["pairs"].get<std::vector<std::array<int, 5>>>());
      // Distances agree to 1e-10, the bound stated by the reference; sums of squares of ~100 entries likewise.
      const auto reference = expected["distances"].get<std::vector<double>>();
      REQUIRE(reference.size() == distances.size());
      for (std::size_t n = 0; n < distances.size(); ++n) CHECK(std::abs(distances[n] - reference[n]) < 1e-10);
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t l = 0; l < 3; ++l) {
          CHECK(std::abs(outer[k][l] - expected["sum_D_outer"][k][l].get<double>()) < 1e-9);
        }
      }
    }
  }
}

TEST_CASE("neighbour lists of small special structures", "[atoms][neighbors]") {
  SECTION("empty and single") {
    CHECK(neighbor_list(Atoms{}, 3.0).size() == 0);
    CHECK(neighbor_list(Atoms{}, 3.0).offsets == std::vector<std::size_t>{0});
    CHECK(neighbor_list(carbon({{1.0, 2.0, 3.0}}), 3.0).offsets == std::vector<std::size_t>{0, 0});
    Atoms empty;
    empty.cell = orthorhombic(3.0, 3.0, 3.0);
    empty.pbc = {true, true, true};
    CHECK(neighbor_list(empty, 3.0).offsets == std::vector<std::size_t>{0});
  }
  SECTION("the cutoff itself is excluded") {
    const Atoms atoms = carbon({{0.0, 0.0, 0.0}, {2.0, 0.0, 0.0}});
    CHECK(neighbor_list(atoms, 2.0).size() == 0);
    CHECK(neighbor_list(atoms, std::nextafter(2.0, 3.0)).size() == 2);
    // Simple cubic: six neighbours at exactly 1, twelve at the square root of 2.
    const Atoms cubic = carbon({{0.0, 0.0, 0.0}}, orthorhombic(1.0, 1.0, 1.0), {true, true, true});
    CHECK(neighbor_list(cubic, 1.0).size() == 0);
    CHECK(neighbor_list(cubic, 1.1).size() == 6);
    CHECK(neighbor_list(cubic, std::sqrt(2.0)).size() == 6);
    CHECK(neighbor_list(cubic, std::nextafter(std::sqrt(2.0), 2.0)).size() == 18);
  }
  SECTION("atoms at one place are neighbours at distance zero") {
    const Atoms atoms = carbon({{1.0, 1.0, 1.0}, {1.0, 1.0, 1.0}}, orthorhombic(3.0, 3.0, 3.0), {true, true, true});
    const NeighborList list = neighbor_list(atoms, 2.0);
    REQUIRE(list.size() == 2);
    CHECK(norm(list.displacement[0]) == 0.0);
    check_equal(atoms, 2.0);
  }
  SECTION("a sum rule: fcc shells 12, 6, 24 by hand") {
    const double a = 4.05;
    Cell primitive;
    primitive.vectors = {{{0.0, a / 2, a / 2}, {a / 2, 0.0, a / 2}, {a / 2, a / 2, 0.0}}};
    const Atoms aluminium = carbon({{0.0, 0.0, 0.0}}, primitive, {true, true, true});
    CHECK(neighbor_list(aluminium, 1.01 * a / std::sqrt(2.0)).size() == 12);
    CHECK(neighbor_list(aluminium, 1.01 * a).size() == 18);
    CHECK(neighbor_list(aluminium, 1.01 * a * std::sqrt(1.5)).size() == 42);
  }
  SECTION("infinite cutoff without periodicity") {
    std::vector<Vector3> line;
    for (int i = 0; i < 200; ++i) line.push_back({1e6 * i, 0.0, -1.0});
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK(neighbor_list(carbon({line.begin(), line.begin() + 10}), infinity).size() == 90);
    CHECK(neighbor_list(carbon(line), infinity).size() == 200 * 199);
    check_equal(carbon(line), infinity);
    check_equal(carbon(line), 1e300);
    check_equal(carbon(line), 1e-300);
  }
}

TEST_CASE("neighbour lists where other programs failed", "[atoms][neighbors]") {
  SECTION("tiny negative coordinate") {
    // Wrapping gives a fractional coordinate of exactly 1; a list that forgets the atom is wrong by a whole bond.
    const Cell cell = orthorhombic(3.0, 3.0, 3.0);
    for (const double tiny : {-4e-52, -1e-320, -1e-17, 4e-52}) {
      const Atoms atoms = carbon({{tiny, tiny, tiny}, {1.5, 1.5, 1.5}}, cell, {true, true, true});
      CHECK(neighbor_list(atoms, 2.7).size() == 16);
      check_equal(atoms, 2.7);
      check_equal(atoms, 0.9);
    }
  }
  SECTION("collinear and planar atoms without a cell, also more than the double loop takes") {
    std::vector<Vector3> line, plane;
    for (int i = 0; i < 400; ++i) line.push_back({0.0, 0.0, 1.5 * i});
    for (int i = 0; i < 400; ++i) plane.push_back({1.5 * (i % 20), 1.5 * (i / 20), 0.0});
    CHECK(neighbor_list(carbon(line), 1.6).size() == 2 * 399);
    CHECK(neighbor_list(carbon(plane), 1.6).size() == 4 * 20 * 19);
    CHECK(neighbor_list(carbon({{0.0, 0.0, 0.0}, {1.5, 0.0, 0.0}, {3.0, 0.0, 0.0}}), 1.6).size() == 4);
    check_equal(carbon(line), 4.5);
    check_equal(carbon(plane), 4.5);
  }
  SECTION("atoms on the faces of an fcc cell") {
    const double a = 4.0;
    const std::vector<Vector3> basis{{0.0, 0.0, 0.0}, {0.0, 2.0, 2.0}, {2.0, 0.0, 2.0}, {2.0, 2.0, 0.0}};
    std::vector<Vector3> far_side = basis;
    for (Vector3& r : far_side) r += {a, a, a};
    for (const auto& positions : {basis, far_side}) {
      const Atoms atoms = carbon(positions, orthorhombic(a, a, a), {true, true, true});
      const NeighborList list = neighbor_list(atoms, 3.0);
      for (std::size_t i = 0; i < 4; ++i) CHECK(list.offsets[i + 1] - list.offsets[i] == 12);
      check_equal(atoms, a);
      check_equal(atoms, a / std::sqrt(2.0));
    }
    const Atoms large = repeated(carbon(basis, orthorhombic(a, a, a), {true, true, true}), {4, 4, 4});
    CHECK(neighbor_list(large, 3.0).size() == 256 * 12);
    CHECK(neighbor_list(large, 4.0).size() == 256 * 12);
    check_equal(large, 4.0);
  }
  SECTION("negative determinant and atoms outside") {
    Cell cell = orthorhombic(3.0, 4.0, 5.0);
    std::swap(cell[0], cell[1]);
    REQUIRE(determinant(cell) < 0.0);
    const Atoms atoms = carbon({{-31.0, 44.5, 0.1}, {100.0, -3.0, 17.0}, {0.0, 0.0, -0.01}}, cell, {true, true, true});
    for (const double cutoff : {1.0, 2.9, 6.0, 11.0}) check_equal(atoms, cutoff);
    CHECK(is_symmetric(neighbor_list(atoms, 6.0)));
  }
  SECTION("skewed primitive cell") {
    Cell cell;
    cell.vectors = {{{2.5, 0.0, 0.0}, {25.0, 2.5, 0.0}, {-24.0, 26.0, 2.5}}};
    const Atoms atoms = carbon({{0.0, 0.0, 0.0}}, cell, {true, true, true});
    CHECK(neighbor_list(atoms, 2.6).size() > 0);
    check_equal(atoms, 2.6);
  }
  SECTION("far apart: memory and time stay proportional to the number of atoms") {
    check_equal(carbon({{0.0, 0.0, 0.0}, {1e7, 1e7, 1e7}}), 3.0);
    check_equal(carbon({{-1e15, 0.0, 0.0}, {1e15, 0.0, 0.0}, {1e15, 0.0, 1.0}}), 3.0);
    // Past the double loop: a dense cluster, one atom far away, and a cutoff tiny against the extent.
    std::vector<Vector3> positions;
    for (int i = 0; i < 3000; ++i) positions.push_back({1.5 * (i % 15), 1.5 * (i / 15 % 15), 1.5 * (i / 225)});
    positions.push_back({1e7, -1e7, 1e7});
    check_equal(carbon(positions), 1.6);
    positions.push_back({1e14, -1e14, 1e14});
    positions.push_back({1e14, -1e14, 1e14 + 1.0});
    check_equal(carbon(positions), 1.6);
    // A slab cell as wide as that.
    check_equal(carbon(positions, orthorhombic(1e8, 1e8, 1e8), {true, true, false}), 1.6);
  }
  SECTION("atoms ten million cells away") {
    const Cell cell = orthorhombic(2.0, 2.5, 3.0);
    const Atoms atoms = carbon({{0.1, 0.2, 0.3}, {2e7 + 0.5, -2.5e7, 3e7}}, cell, {true, true, true});
    check_equal(atoms, 3.1);
    CHECK(is_symmetric(neighbor_list(atoms, 3.1)));
  }
}

TEST_CASE("neighbour lists refuse what has no answer", "[atoms][neighbors][errors]") {
  using Catch::Matchers::ContainsSubstring;
  const Cell cube = orthorhombic(3.0, 3.0, 3.0);
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const Atoms atoms = carbon({{0.0, 0.0, 0.0}}, cube, {true, true, true});
  for (const double cutoff : {0.0, -1.0, nan}) {
    CHECK_THROWS_AS(neighbor_list(atoms, cutoff), InputError);
    CHECK_THROWS_AS(naive_neighbor_list(atoms, cutoff), InputError);
  }
  CHECK_THROWS_WITH(neighbor_list(atoms, 0.0), ContainsSubstring("cutoff must be > 0"));
  CHECK_THROWS_WITH(neighbor_list(atoms, infinity), ContainsSubstring("images"));
  CHECK_THROWS_WITH(neighbor_list(atoms, 1e4), ContainsSubstring("images"));
  CHECK_THROWS_WITH(neighbor_list(carbon({{0, 0, 0}}, orthorhombic(3.0, 0.0, 3.0), {true, true, true}), 3.0),
                    ContainsSubstring("periodic along b but b = (0,0,0)"));
  Cell parallel = cube;
  parallel[2] = -2.0 * parallel[0];
  CHECK_THROWS_WITH(neighbor_list(carbon({{0, 0, 0}}, parallel, {true, false, true}), 3.0),
                    ContainsSubstring("cell volume is 0 but pbc is T along a and c"));
  parallel[2] = parallel[0] + parallel[1];
  CHECK_THROWS_WITH(neighbor_list(carbon({{0, 0, 0}}, parallel, {true, true, true}), 3.0),
                    ContainsSubstring("lie in one plane"));
  CHECK_NOTHROW(neighbor_list(carbon({{0, 0, 0}}, parallel, {true, true, false}), 3.0));
  CHECK_THROWS_WITH(neighbor_list(carbon({{0, 1.1e15, 0}}), 3.0), ContainsSubstring("atom 0 has y"));
  CHECK_THROWS_WITH(neighbor_list(carbon({{0, nan, 0}}), 3.0), ContainsSubstring("finite"));
  CHECK_THROWS_WITH(neighbor_list(carbon({{0, 1e12, 0}}, cube, {true, true, true}), 3.0),
                    ContainsSubstring("cells away"));
  Atoms odd = carbon({{0, 0, 0}});
  odd.numbers.push_back(6);
  CHECK_THROWS_WITH(neighbor_list(odd, 3.0), ContainsSubstring("2 atomic numbers but 1 positions"));
}

TEST_CASE("neighbour lists reuse memory and do not depend on threads", "[atoms][neighbors]") {
  Random random(3);
  Atoms atoms = carbon({}, orthorhombic(40.0, 40.0, 40.0), {true, true, true});
  for (int i = 0; i < 6000; ++i) {
    atoms.numbers.push_back(6);
    atoms.positions.push_back({random.uniform(0.0, 40.0), random.uniform(0.0, 40.0), random.uniform(0.0, 40.0)});
  }
  const NeighborList once = neighbor_list(atoms, 4.0);
  NeighborList again = neighbor_list(atoms, 6.0);
  const auto* const memory = again.displacement.data();
  neighbor_list(atoms, 4.0, again);
  CHECK(again.displacement.data() == memory);
  CHECK(again.offsets == once.offsets);
  CHECK(again.index == once.index);
  CHECK(again.shift == once.shift);
  CHECK(again.displacement == once.displacement);

  const std::size_t before = thread_count();
  set_thread_count(3);
  const NeighborList threaded = neighbor_list(atoms, 4.0);
  set_thread_count(before);
  CHECK(threaded.offsets == once.offsets);
  CHECK(threaded.index == once.index);
  CHECK(threaded.displacement == once.displacement);

  // From many atoms to few and to none, in the same memory.
  neighbor_list(carbon({{0, 0, 0}, {0, 0, 1}}), 2.0, again);
  CHECK(again.size() == 2);
  CHECK(again.shift[0] == std::array<int, 3>{});
  neighbor_list(Atoms{}, 2.0, again);
  CHECK(again.size() == 0);
}
