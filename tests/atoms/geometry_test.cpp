#include "atoms/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "atoms/radial_distribution.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Four atoms in a very skewed cell.
Atoms skewed() {
  Atoms atoms;
  atoms.numbers = {29, 29, 29, 29};
  atoms.positions = {{0.1, 0.2, 0.3}, {3.0, 1.0, 2.0}, {-2.0, 5.0, 1.0}, {1.5, 2.5, -3.5}};
  atoms.cell.vectors = {{{4.0, 0.1, 0.0}, {7.9, 3.0, 0.2}, {-9.0, 5.5, 4.5}}};
  atoms.pbc = {true, true, true};
  return atoms;
}

/// The conventional cell of a cubic crystal.
Atoms cubic(double a, std::vector<int> numbers, std::vector<Vector3> fractions) {
  Atoms atoms{.numbers = std::move(numbers), .positions = {}, .cell = orthorhombic(a, a, a), .pbc = {true, true, true}};
  for (const Vector3& s : fractions) atoms.positions.push_back(a * s);
  return atoms;
}

Atoms copper() { return cubic(3.61, {29, 29, 29, 29}, {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}}); }

Atoms salt() {
  return cubic(5.64, {11, 11, 11, 11, 17, 17, 17, 17},
               {{0, 0, 0}, {0, .5, .5}, {.5, 0, .5}, {.5, .5, 0}, {.5, .5, .5}, {.5, 0, 0}, {0, .5, 0}, {0, 0, .5}});
}

/// ASE's molecule('H2O2'), order O O H H.
Atoms hydrogen_peroxide() {
  Atoms atoms;
  atoms.numbers = {8, 8, 1, 1};
  atoms.positions = {{0.0, 0.734058, -0.05275},
                     {0.0, -0.734058, -0.05275},
                     {0.839547, 0.880752, 0.422001},
                     {-0.839547, -0.880752, 0.422001}};
  return atoms;
}

/// The shortest image by trying all that could be shorter than the vector itself.
double brute_force(const Cell& cell, const std::array<bool, 3>& pbc, const Vector3& d) {
  double best = norm(d);
  const Vector3 h = heights(completed(cell, pbc)), s = fractional(completed(cell, pbc), d);
  std::array<int, 3> n{};
  for (std::size_t k = 0; k < 3; ++k) n[k] = pbc[k] ? static_cast<int>(std::abs(s[k]) + norm(d) / h[k] + 1.0) : 0;
  for (int a = -n[0]; a <= n[0]; ++a) {
    for (int b = -n[1]; b <= n[1]; ++b) {
      for (int c = -n[2]; c <= n[2]; ++c) {
        best = std::min(best, norm(d + cartesian(cell, {double(a), double(b), double(c)})));
      }
    }
  }
  return best;
}

}  // namespace

TEST_CASE("distances in a skewed cell are ASE's", "[atoms][geometry]") {
  const Atoms atoms = skewed();
  // ASE: get_distance(i, j, mic=True)
  const std::vector<double> expected = {2.142428528562855,  2.0832666655999668, 1.9849433241279213,
                                        0.8124038404635953, 2.647640458974745,  1.4456832294800956};
  const std::vector<double> table = distances(atoms);
  std::size_t n = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < i; ++j, ++n) {
      CHECK(std::abs(distance(atoms, i, j) - expected[n]) < 1e-13);
      CHECK(table[i * 4 + j] == Approx(expected[n]).epsilon(1e-13));
      CHECK(table[j * 4 + i] == table[i * 4 + j]);
    }
    CHECK(distance(atoms, i, i) == 0.0);
  }
  CHECK(norm(displacement(atoms, 0, 2) - Vector3{-1.9, -0.8, 0.3}) < 1e-13);
  // ASE: get_angle(…, mic=True), get_dihedral(…, mic=True)
  CHECK(angle(atoms, 0, 1, 2) == Approx(88.11342231442825).epsilon(1e-13));
  CHECK(angle(atoms, 3, 0, 2) == Approx(125.38311311659466).epsilon(1e-13));
  CHECK(dihedral(atoms, 0, 1, 2, 3) == Approx(129.35724946015773).epsilon(1e-13));
  CHECK(dihedral(atoms, 3, 0, 1, 2) == Approx(158.84780567433035).epsilon(1e-13));
}

TEST_CASE("the shortest image is the shortest of all", "[atoms][geometry]") {
  Random random(11);
  double unwrapped = 0.0;
  for (int trial = 0; trial < 300; ++trial) {
    // Cells of every shape: vectors of lengths 0.5 to 8, skewed by sums of one another; every periodicity.
    Cell cell;
    for (Vector3& v : cell.vectors) {
      const auto direction = random.direction();
      v = random.uniform(0.5, 8.0) * direction;
    }
    const std::array<bool, 3> pbc = {trial % 8 > 3, trial % 4 > 1, trial % 2 > 0};
    const double flat = std::abs(determinant(cell)) / (norm(cell[0]) * norm(cell[1]) * norm(cell[2]));
    if (flat < 0.15) continue;  // brute force would need too many images
    Cell skew = cell;
    if (pbc[0] && pbc[1]) skew[1] += 2.0 * cell[0];
    if (pbc[1] && pbc[2]) skew[2] += -1.0 * skew[1];
    const MinimumImage shortest(skew, pbc), same(cell, pbc);
    for (int sample = 0; sample < 5; ++sample) {
      const Vector3 d = cartesian(cell, {random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)});
      const Vector3 found = shortest(d);
      CAPTURE(trial, sample);
      CHECK(norm(found) == Approx(brute_force(cell, pbc, d)).epsilon(1e-12).margin(1e-12));
      CHECK(norm(same(d)) == Approx(norm(found)).epsilon(1e-12).margin(1e-12));
      // It is an image: the difference is a lattice vector.
      const Vector3 s = fractional(cell, found - d);
      for (std::size_t k = 0; k < 3; ++k) {
        CHECK(std::abs(s[k] - std::round(s[k])) < 1e-10);
        if (!pbc[k]) CHECK(std::abs(s[k]) < 1e-10);
      }
      unwrapped = std::max(unwrapped, norm(d) - norm(found));
    }
  }
  CHECK(unwrapped > 5.0);  // the test did have something to find
}

TEST_CASE("shortest images at the edges", "[atoms][geometry]") {
  const Atoms atoms = skewed();
  CHECK(norm(MinimumImage(atoms)(cartesian(atoms.cell, {7.0, -3.0, 12.0}))) < 1e-12);
  CHECK(MinimumImage(Cell{}, {})({1, 2, 3}) == Vector3{1, 2, 3});
  // Three vectors that no pair shortens, though their sum (0, 0, 0.3) is the shortest of all; in every sign.
  for (const double sign : {-1.0, 1.0}) {
    for (const double other : {-1.0, 1.0}) {
      const Cell flat{{{{1.0, 0.0, 0.1}, sign * Vector3{-0.5, 0.87, 0.1}, other * Vector3{-0.5, -0.87, 0.1}}}};
      CHECK(norm(MinimumImage(flat, {true, true, true})({0.0, 0.0, 0.25}) - Vector3{0.0, 0.0, -0.05}) < 1e-12);
    }
  }
  // A wire and a needle-shaped cell: few images are looked at, whatever the ratio of the lengths.
  const MinimumImage needle(orthorhombic(1e-3, 1.0, 1e6), {true, true, true});
  CHECK(norm(needle({0.00049, 0.4, 4e5}) - Vector3{0.00049, 0.4, 4e5}) < 1e-9);
  CHECK(norm(MinimumImage(Cell{{{{0, 0, 2}, {}, {}}}}, {true, false, false})({50, 0, 2.5}) - Vector3{50, 0, 0.5}) <
        1e-12);
  const double not_a_number = std::nan("");
  CHECK(std::isnan(needle({not_a_number, 0, 0})[0]));  // and comes back at all
  CHECK_THROWS_WITH(MinimumImage(Cell{}, {true, false, false}), ContainsSubstring("periodic along a but a = (0,0,0)"));
  CHECK_THROWS_WITH(distance(atoms, 0, 4), ContainsSubstring("index 4 is out of range; the structure has 4 atoms"));
}

TEST_CASE("angles and dihedrals of molecules", "[atoms][geometry]") {
  const Atoms atoms = hydrogen_peroxide();
  // ASE: molecule('H2O2').get_dihedral(2, 0, 1, 3), get_angle(1, 0, 2)
  CHECK(dihedral(atoms, 2, 0, 1, 3) == Approx(121.02500808377118).epsilon(1e-13));
  CHECK(angle(atoms, 1, 0, 2) == Approx(98.64817731023093).epsilon(1e-13));
  // The mirror image turns the other way.
  Atoms mirror = atoms;
  for (Vector3& r : mirror.positions) r[0] = -r[0];
  CHECK(dihedral(mirror, 2, 0, 1, 3) == Approx(-121.02500808377118).epsilon(1e-13));

  Atoms chain;
  chain.numbers = {6, 6, 6, 6, 6};
  chain.positions = {{0, 1, 0}, {0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {1, -1, 0}};
  CHECK(dihedral(chain, 0, 1, 2, 3) == 0.0);
  CHECK(dihedral(chain, 0, 1, 2, 4) == 180.0);
  for (const double z : {-1e-20, 1e-20}) {  // never −180
    chain.positions[4][2] = z;
    CHECK(dihedral(chain, 0, 1, 2, 4) == 180.0);
  }
  CHECK(angle(chain, 3, 2, 4) == 180.0);
  CHECK(angle(chain, 3, 2, 3) == 0.0);
  CHECK_THROWS_WITH(dihedral(chain, 3, 2, 4, 0), ContainsSubstring("atoms 3, 2 and 4 lie on a line"));
  CHECK_THROWS_WITH(angle(chain, 1, 1, 2), ContainsSubstring("atoms 1 and 1 are at the same place"));
}

TEST_CASE("coordination numbers", "[atoms][geometry]") {
  CHECK(coordination_numbers(copper(), 2.6) == std::vector<std::size_t>(4, 12));
  CHECK(coordination_numbers(copper(), 3.7) == std::vector<std::size_t>(4, 18));
  CHECK(coordination_numbers(copper()) == std::vector<std::size_t>(4, 12));
  CHECK(coordination_numbers(salt()) == std::vector<std::size_t>(8, 6));
  CHECK(coordination_numbers(hydrogen_peroxide()) == std::vector<std::size_t>{2, 2, 1, 1});
  CHECK(coordination_numbers(hydrogen_peroxide(), {.scale = 0.5}) == std::vector<std::size_t>(4, 0));
  CHECK(coordination_numbers(Atoms{}).empty());
  CHECK_THROWS_WITH(coordination_numbers(copper(), {.scale = 0.0}), ContainsSubstring("found 0"));
}

TEST_CASE("radial distribution of crystals", "[atoms][geometry][radial_distribution]") {
  // fcc: 12, 6, 24, 12 neighbours at a/√2 times 1, √2, √3, 2.
  const RadialDistribution fcc = radial_distribution(copper(), {.rmax = 5.5, .bins = 550});
  const double d = 3.61 / std::sqrt(2.0);
  const std::vector<std::pair<double, double>> shells = {
      {1.0, 12}, {std::sqrt(2.0), 6}, {std::sqrt(3.0), 24}, {2.0, 12}};
  double sum = 0.0;
  for (const auto& [distance_ratio, count] : shells) {
    const auto bin = static_cast<std::size_t>(d * distance_ratio / fcc.width);
    CHECK(fcc.total.coordination[bin - 1] == Approx(sum).margin(1e-12));
    sum += count;
    CHECK(fcc.total.coordination[bin] == Approx(sum));
    // g = neighbours / (density · shell volume)
    const double low = double(bin) * 0.01, high = low + 0.01;
    const double shell = 4.0 / 3.0 * std::numbers::pi * (high * high * high - low * low * low);
    CHECK(fcc.total.g[bin] == Approx(count / (4.0 / (3.61 * 3.61 * 3.61) * shell)).epsilon(1e-9));
  }
  CHECK(fcc.r[0] == Approx(0.005));
  CHECK(fcc.partials.size() == 1);
  CHECK(fcc.partial(29, 29).g == fcc.total.g);

  // Rock salt: 6 unlike, then 12 like; twice the cell and two frames change nothing.
  const RadialDistribution rock = radial_distribution(salt(), {.rmax = 4.2, .bins = 42});
  CHECK(rock.partials.size() == 4);
  CHECK(rock.partial(11, 17).coordination.back() == Approx(6.0));
  CHECK(rock.partial(17, 17).coordination.back() == Approx(12.0));
  CHECK(rock.total.coordination.back() == Approx(18.0));
  const std::vector<Atoms> frames(2, repeated(salt(), {2, 1, 1}));
  const RadialDistribution large = radial_distribution(frames, {.rmax = 4.2, .bins = 42});
  for (std::size_t b = 0; b < 42; ++b) {
    CHECK(large.total.g[b] == Approx(rock.total.g[b]).margin(1e-12));
    CHECK(large.partial(17, 11).g[b] == Approx(rock.partial(11, 17).g[b]).margin(1e-12));
  }
  CHECK(radial_distribution(salt()).r.back() == Approx(5.64 / 2).epsilon(0.01));  // default: half the cell
  // A volume of one's own replaces the cell's.
  const double twice = 2.0 * volume(salt().cell);
  const RadialDistribution thin = radial_distribution(salt(), {.rmax = 4.2, .bins = 42, .volume = twice});
  for (std::size_t b = 0; b < 42; ++b) CHECK(thin.total.g[b] == Approx(2.0 * rock.total.g[b]).margin(1e-12));
}

TEST_CASE("radial distribution of a gas and of clusters", "[atoms][geometry][radial_distribution]") {
  Random random(4);
  Atoms gas{.numbers = {}, .positions = {}, .cell = orthorhombic(10, 12, 11), .pbc = {true, true, true}};
  for (int i = 0; i < 3000; ++i) {
    gas.numbers.push_back(i % 3 == 0 ? 2 : 10);
    gas.positions.push_back({random.uniform(0, 10), random.uniform(0, 12), random.uniform(0, 11)});
  }
  const RadialDistribution ideal = radial_distribution(gas, {.rmax = 4.0, .bins = 4});
  for (std::size_t b = 1; b < 4; ++b) {
    // 3000²/2 · 4πr²/1320 pairs per bin of 1 A: at least 24 000, so a statistical error below 0.7 %.
    CHECK(ideal.total.g[b] == Approx(1.0).margin(0.03));
    CHECK(ideal.partial(2, 10).g[b] == Approx(1.0).margin(0.03));
  }
  // A free cluster: every pair is counted, and the mean density of the ball is the unit.
  const RadialDistribution cluster = radial_distribution(hydrogen_peroxide(), {.bins = 30});
  CHECK(cluster.total.coordination.back() == Approx(3.0));
  CHECK(cluster.partial(8, 8).coordination.back() == Approx(1.0));
  CHECK(cluster.partial(1, 8).coordination.back() == Approx(2.0));
  double mean = 0.0;
  for (std::size_t b = 0; b < 30; ++b)
    mean += cluster.total.g[b] * (std::pow(double(b + 1), 3) - std::pow(double(b), 3));
  CHECK(mean / 27000.0 == Approx(3.0 / 4.0));
  // With twice the volume the density is half.
  const double ball = 4.0 / 3.0 * std::numbers::pi * std::pow(30 * cluster.width, 3);
  CHECK(radial_distribution(hydrogen_peroxide(), {.bins = 30, .volume = 2 * ball}).total.g[29] ==
        Approx(2.0 * cluster.total.g[29]));
}

TEST_CASE("radial distribution refuses nonsense", "[atoms][geometry][radial_distribution][errors]") {
  CHECK_THROWS_WITH(radial_distribution(Atoms{}), ContainsSubstring("no atoms"));
  CHECK_THROWS_WITH(radial_distribution(copper(), {.rmax = -1.0}), ContainsSubstring("found -1"));
  CHECK_THROWS_WITH(radial_distribution(copper(), {.bins = 0}), ContainsSubstring("bins"));
  CHECK_THROWS_WITH(radial_distribution(copper(), {.rmax = 1e5}), ContainsSubstring("lower rmax"));
  CHECK_THROWS_WITH(radial_distribution(copper()).partial(1, 29), ContainsSubstring("no pair"));
  const std::vector<Atoms> frames = {copper(), salt()};
  CHECK_THROWS_WITH(radial_distribution(frames), ContainsSubstring("frame 1 has other atoms"));
  Atoms atom;
  atom.numbers = {29};
  atom.positions = {{0, 0, 0}};
  CHECK_THROWS_WITH(radial_distribution(atom), ContainsSubstring("give rmax"));
  CHECK(radial_distribution(atom, {.rmax = 3.0}).total.coordination.back() == 0.0);
}
