// Tests potentials/descriptor_pulls.cpp: values and pulls against the descriptors from tensor operations and their
// backward sweep, and against the derivatives that training uses.
#include "potentials/descriptor_pulls.hpp"

#include <cmath>

#include "autodiff/gradient.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

namespace {

/// Both angular kinds, factors in all numbers up to nine for one angle, powers that are integers and not.
std::vector<SymmetryFunction> functions_of_all_kinds(int seed) {
  std::vector<SymmetryFunction> list;
  for (const int center : {1, 6}) {
    for (const int neighbor : {1, 6}) {
      for (int m = 0; m < 9; ++m) {
        list.push_back({.center = center,
                        .neighbor1 = neighbor,
                        .eta = 0.3 * m,
                        .shift = 0.2 * m,
                        .cutoff = m % 2 == 0 ? 4.0 : 3.1});
        for (const auto kind : {SymmetryFunctionKind::angular_wide, SymmetryFunctionKind::angular_narrow}) {
          for (int a = 0; a < (m + seed) % 5; ++a) {
            list.push_back({.kind = kind,
                            .center = center,
                            .neighbor1 = 6,
                            .neighbor2 = neighbor,
                            .eta = 0.1 * m,
                            .shift = 0.15 * m,
                            .lambda = a % 2 == 0 ? 1.0 : -0.7,
                            .zeta = 1.0 + 1.5 * a,
                            .cutoff = 3.1});
          }
        }
      }
    }
  }
  return list;
}

}  // namespace

TEST_CASE("described atoms have the values and pulls of composed descriptors", "[potentials][descriptor_pulls]") {
  // Every cutoff function; few neighbours of one element and many of the other, and the other way round.
  DescribedAtoms described;  // used again, as a prediction does
  for (int kind = 1; kind <= 8; ++kind) {
    const SymmetryFunctions functions(functions_of_all_kinds(kind), {static_cast<CutoffKind>(kind)});
    const DescriptorPulls map(functions);
    Atoms atoms = properties::crystal(14, static_cast<std::uint64_t>(kind), 1.4, 0.15, {6, 1, 6, 6});
    if (kind % 2 == 0) {
      for (int& number : atoms.numbers) number = 7 - number;
    }
    const NeighborList near = neighbor_list(atoms, 4.3);
    const Tensor displacements =
        Tensor::variable({near.size(), 3}, {near.displacement.front().data(), 3 * near.size()});
    const std::size_t first = 2, last = 13;  // of the atoms
    map.describe(atoms.numbers, near, first, last, described);
    Random random(5);
    for (const int element : {1, 6}) {
      const Tensor g = composed_descriptors(functions, element, atoms.numbers, near, displacements);
      std::vector<double> slopes(g.size());
      for (double& slope : slopes) slope = random.normal();
      const Tensor expected = vjp(g, {displacements}, Tensor::constant(g.shape(), slopes))[0];
      const std::size_t width = functions.count(element);
      std::size_t row = 0;
      for (std::size_t i = 0; i < atoms.size(); ++i) {
        if (atoms.numbers[i] != element) continue;
        const std::size_t start = row++ * width;
        if (i < first || i >= last) continue;
        REQUIRE(described.values(i - first).size() == width);
        for (std::size_t k = 0; k < width; ++k) {
          const double value = g.values()[start + k];
          CHECK(std::abs(described.values(i - first)[k] - value) < 1e-12 * (1.0 + std::abs(value)));
        }
        std::vector<Vector3> pulls(near.offsets[i + 1] - near.offsets[i], Vector3{9, 9, 9});
        map.pull(described, i - first, {slopes.data() + start, width}, pulls.data());
        for (std::size_t n = 0; n < pulls.size(); ++n) {
          for (std::size_t c = 0; c < 3; ++c) {
            const double value = expected.values()[3 * (near.offsets[i] + n) + c];
            CHECK(std::abs(pulls[n][c] - value) < 1e-11 * (1.0 + std::abs(value)));
          }
        }
      }
    }
  }
}

TEST_CASE("every number of neighbours pairs each with each", "[potentials][descriptor_pulls]") {
  // Rows of neighbours are vectors of eight that go round in a circle: all numbers around that, of one element and of
  // two.
  for (const bool narrow : {false, true}) {
    std::vector<SymmetryFunction> list;
    for (const auto& [one, two] : {std::pair{1, 1}, {1, 6}, {6, 6}}) {
      for (const double lambda : {-1.0, 1.0}) {
        list.push_back({.kind = narrow ? SymmetryFunctionKind::angular_narrow : SymmetryFunctionKind::angular_wide,
                        .center = 8,
                        .neighbor1 = one,
                        .neighbor2 = two,
                        .eta = 0.05,
                        .lambda = lambda,
                        .zeta = 3.0,
                        .cutoff = 4.0});
      }
    }
    const SymmetryFunctions functions(list);
    const DescriptorPulls map(functions);
    DescribedAtoms described;
    Random random(3);
    for (std::size_t carbon = 0; carbon <= 18; ++carbon) {
      for (const std::size_t hydrogen : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{10}, carbon}) {
        Atoms atoms{.numbers = {8}, .positions = {{}}, .cell = {}, .pbc = {}};
        for (std::size_t n = 0; n < carbon + hydrogen; ++n) {
          atoms.numbers.push_back(n < carbon ? 6 : 1);
          atoms.positions.push_back(random.uniform(0.8, 3.5) * Vector3(random.direction()));
        }
        NeighborList near;
        near.offsets.assign(1, 0);
        for (std::size_t i = 0; i < atoms.size(); ++i) {
          for (std::uint32_t j = 1; i == 0 && j < atoms.size(); ++j)
            near.index.push_back(j), near.displacement.push_back(atoms.positions[j]);
          near.offsets.push_back(near.index.size());
        }
        Descriptors expected;
        compute_descriptors(functions, atoms.numbers, near, 0, 1, true, expected);
        map.describe(atoms.numbers, near, 0, 1, described);
        std::vector<double> slopes;
        for (std::size_t k = 0; k < 6; ++k) slopes.push_back(random.normal());
        std::vector<Vector3> pulls(near.size());
        map.pull(described, 0, slopes, pulls.data());
        INFO(carbon << " C, " << hydrogen << " H");
        for (std::size_t k = 0; k < 6; ++k) CHECK(std::abs(described.values(0)[k] - expected.values(0)[k]) < 1e-12);
        for (std::size_t n = 0; n < near.size(); ++n) {
          for (std::size_t c = 0; c < 3; ++c) {
            double sum = 0.0;
            for (std::size_t k = 0; k < 6; ++k) sum += slopes[k] * expected.derivatives(0, n)[6 * c + k];
            CHECK(std::abs(pulls[n][c] - sum) < 1e-12);
          }
        }
      }
    }
  }
}

TEST_CASE("what cannot be described is refused", "[potentials][descriptor_pulls]") {
  const SymmetryFunctions functions(default_symmetry_functions(std::vector<int>{1, 6}, 4.0));
  const DescriptorPulls map(functions);
  DescribedAtoms described;
  Atoms atoms{.numbers = {6, 1, 1}, .positions = {{}, {1, 0, 0}, {0, 1, 0}}, .cell = {}, .pbc = {}};
  const auto describe = [&] {
    const NeighborList list = neighbor_list(atoms, 4.0);
    map.describe(atoms.numbers, list, 0, atoms.size(), described);
  };
  atoms.numbers[2] = 7;
  CHECK_THROWS_WITH(describe(), "element 'N' (atom 2) has no symmetry functions (known: H C)");
  atoms.numbers[2] = 1;
  atoms.positions[2] = {1, 0, 1e-9};
  CHECK_THROWS_WITH(describe(), "atoms 1 and 2 are 0.000 Å apart");
  atoms.positions[2] = {1, 0, 1};
  CHECK_NOTHROW(describe());
  CHECK_THROWS_AS(map.describe(atoms.numbers, neighbor_list(atoms, 4.0), 1, 4, described), ShapeError);
  CHECK_THROWS_AS(map.describe(atoms.numbers, NeighborList{}, 0, 3, described), ShapeError);

  // Without neighbours all is zero.
  atoms = {.numbers = {6}, .positions = {{}}, .cell = {}, .pbc = {}};
  describe();
  for (const double value : described.values(0)) CHECK(value == 0.0);
  const std::vector<double> slopes(functions.count(6), 1.0);
  map.pull(described, 0, slopes, nullptr);
  CHECK_THROWS_AS(map.pull(described, 1, slopes, nullptr), ShapeError);
  CHECK_THROWS_AS(map.pull(described, 0, std::span(slopes).first(3), nullptr), ShapeError);
}
