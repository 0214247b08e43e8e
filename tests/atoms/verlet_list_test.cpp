// Tests atoms/verlet_list.cpp against neighbor_list: the same pairs in cells of every kind, at once and after moves.
#include "atoms/verlet_list.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atoms/neighbors.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/atoms/peak_memory.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

Atoms random_atoms(std::size_t n, const Cell& cell, const std::array<bool, 3>& pbc, Random& random,
                   double spread = 1.0) {
  Atoms atoms;
  atoms.cell = cell;
  atoms.pbc = pbc;
  atoms.numbers.assign(n, 18);
  const Cell full = completed(cell, pbc);
  for (std::size_t i = 0; i < n; ++i) {
    Vector3 s{};
    // Directions without period span eight Angstrom; the others several cells, since positions are not wrapped.
    for (std::size_t k = 0; k < 3; ++k) s[k] = pbc[k] ? random.uniform(-1.5, 2.5) : random.uniform(0.0, 8.0 * spread);
    atoms.positions.push_back(cartesian(full, s));
  }
  return atoms;
}

/// The rows of the list that lie within `cutoff` now: for each atom the sorted (neighbour, distance rounded to 1e-9).
using Rows = std::vector<std::vector<std::pair<std::uint32_t, long long>>>;

Rows rows_of(const VerletList& list, std::size_t n, double cutoff, std::size_t& most) {
  Rows rows(n);
  // Which atom an image belongs to is not told; its distance identifies the pair well enough.
  const double* const x = list.positions();
  for (const VerletList::Block& block : list.blocks()) {
    for (std::size_t p = block.first; p < block.last; ++p) {
      const std::uint32_t begin = block.begin[p - block.first], end = block.begin[p - block.first + 1];
      CHECK((end - begin) % VerletList::padding == 0);
      most = std::max<std::size_t>(most, end - begin);
      for (std::uint32_t e = begin; e < end; ++e) {
        const std::size_t j = block.neighbors[e];
        const Vector3 d{x[4 * j] - x[4 * p], x[4 * j + 1] - x[4 * p + 1], x[4 * j + 2] - x[4 * p + 2]};
        if (norm(d) < cutoff) rows[list.order()[p]].push_back({0, std::llround(norm(d) * 1e8)});
      }
    }
  }
  for (auto& row : rows) std::sort(row.begin(), row.end());
  return rows;
}

Rows expected_rows(const Atoms& atoms, double cutoff) {
  const NeighborList list = neighbor_list(atoms, cutoff);
  Rows rows(atoms.size());
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      rows[i].push_back({0, std::llround(norm(list.displacement[n]) * 1e8)});
    }
    std::sort(rows[i].begin(), rows[i].end());
  }
  return rows;
}

/// Rounding of the last digit apart.
bool same(const Rows& a, const Rows& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].size() != b[i].size()) return false;
    for (std::size_t k = 0; k < a[i].size(); ++k) {
      if (std::llabs(a[i][k].second - b[i][k].second) > 1) return false;
    }
  }
  return true;
}

const std::vector<std::pair<Cell, std::array<bool, 3>>>& cells() {
  static const std::vector<std::pair<Cell, std::array<bool, 3>>> all{
      {orthorhombic(9, 10, 11), {true, true, true}},
      {Cell{{{{7, 0, 0}, {5, 6, 0}, {-3, 4, 8}}}}, {true, true, true}},
      {Cell{{{{2.1, 0, 0}, {0.7, 1.9, 0}, {0.3, -0.4, 2.5}}}}, {true, true, true}},  // smaller than the cutoff
      {Cell{{{{-7, 0, 0}, {2, 7, 0}, {0, 0, 9}}}}, {true, true, false}},             // left-handed, a slab
      {Cell{{{{0, 0, 0}, {0, 4, 0}, {0, 0, 0}}}}, {false, true, false}},             // a wire
      {Cell{}, {false, false, false}},
  };
  return all;
}

}  // namespace

TEST_CASE("a Verlet list has the pairs of the neighbour list", "[atoms][verlet_list]") {
  Random random(12);
  for (const auto& [cell, pbc] : cells()) {
    for (const std::size_t n : {1, 7, 60, 400}) {
      const Atoms atoms = random_atoms(n, cell, pbc, random);
      VerletList list(2.6, 0.4);
      std::size_t most = 0;
      INFO(n << " atoms, a = " << cell[0][0] << " " << cell[1][0]);
      REQUIRE(list.update(atoms));
      CHECK(same(rows_of(list, n, 2.6, most), expected_rows(atoms, 2.6)));
      CHECK(same(rows_of(list, n, 2.9999999, most), expected_rows(atoms, 2.9999999)));
      std::vector<std::uint32_t> order(list.order().begin(), list.order().end());
      std::sort(order.begin(), order.end());
      for (std::uint32_t i = 0; i < n; ++i) CHECK(order[i] == i);
    }
  }
}

TEST_CASE("a Verlet list serves until an atom has moved half the skin", "[atoms][verlet_list]") {
  Random random(13);
  for (const auto& [cell, pbc] : cells()) {
    Atoms atoms = random_atoms(120, cell, pbc, random);
    VerletList list(2.6, 0.4);
    std::size_t fresh = 0, most = 0;
    for (int step = 0; step < 40; ++step) {
      REQUIRE(list.update(atoms));
      fresh += list.uses() == 1;
      CHECK(same(rows_of(list, 120, 2.6, most), expected_rows(atoms, 2.6)));
      for (Vector3& r : atoms.positions) {
        for (double& x : r) x += 0.02 * random.normal();
      }
    }
    CHECK(fresh > 2);
    CHECK(fresh < 20);
  }
  // Just below and just above 0.2 Å.
  Atoms atoms = random_atoms(50, orthorhombic(9, 9, 9), {true, true, true}, random);
  VerletList list(2.6, 0.4);
  list.update(atoms);
  atoms.positions[7][1] += 0.1999;
  list.update(atoms);
  CHECK(list.uses() == 2);
  atoms.positions[7][1] += 0.0002;
  list.update(atoms);
  CHECK(list.uses() == 1);
  CHECK(list.listed_at() == atoms.positions);
  // Another cell or number of atoms: always anew.
  atoms.cell = orthorhombic(9, 9, 9.001);
  list.update(atoms);
  CHECK(list.uses() == 1);
  atoms.positions.pop_back(), atoms.numbers.pop_back();
  list.update(atoms);
  CHECK(list.order().size() == 49);
}

TEST_CASE("a Verlet list made every so many steps counts them, also after it was restored", "[atoms][verlet_list]") {
  Random random(14);
  Atoms atoms = random_atoms(300, orthorhombic(9, 9, 9), {true, true, true}, random);
  VerletList list(2.6, 0.4, 5);
  VerletList twin(2.6, 0.4, 5);
  for (std::size_t step = 0; step < 17; ++step) {
    list.update(atoms);
    CHECK(list.uses() == step % 5 + 1);
    if (step == 7) twin.restore(atoms, list.listed_at(), list.uses());
    if (step >= 7) {
      twin.update(atoms);
      REQUIRE(twin.uses() == list.uses());
      REQUIRE(twin.listed_at() == list.listed_at());
      REQUIRE(twin.blocks().size() == list.blocks().size());
      for (std::size_t b = 0; b < list.blocks().size(); ++b) {
        REQUIRE(twin.blocks()[b].begin == list.blocks()[b].begin);
        const std::size_t used = list.blocks()[b].begin.back();
        REQUIRE(std::equal(list.blocks()[b].neighbors.begin(), list.blocks()[b].neighbors.begin() + used,
                           twin.blocks()[b].neighbors.begin()));
      }
    }
    for (Vector3& r : atoms.positions) r[0] += 0.3 * random.normal();
  }
}

TEST_CASE("a Verlet list declines immense vacuum and refuses bad input", "[atoms][verlet_list]") {
  Atoms atoms;
  atoms.numbers = {18, 18};
  atoms.positions = {{0, 0, 0}, {1e7, 1e7, 1e7}};
  VerletList list(2.6, 0.4);
  CHECK(!list.update(atoms));
  // Also in a cell: without asking for the memory of its 37 million bins first.
  const long before = peak_kilobytes();
  Atoms boxed = atoms;
  boxed.positions[1] = {250, 250, 250};
  boxed.cell = orthorhombic(500, 500, 500);
  boxed.pbc = {true, true, true};
  CHECK(!list.update(boxed));
  boxed.pbc = {true, false, false};
  boxed.positions[1] = {250, 500, 500};
  CHECK(!list.update(boxed));
  CHECK(peak_kilobytes() - before < 50 * 1024);
  atoms.positions[1] = {1, 2, 3};
  CHECK(list.update(atoms));
  atoms.positions[1][2] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(list.update(atoms), InputError);
  CHECK(!list.update(Atoms{}));
  for (const double bad : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_WITH(VerletList(bad, 0.3), ContainsSubstring("cutoff of a neighbour list must be positive"));
  }
  CHECK_THROWS_WITH(VerletList(1.0, -0.3), ContainsSubstring("skin of a neighbour list must not be negative"));
}
