#include "atoms/random_cluster.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Smallest ratio of a distance to the sum of covalent radii, and the largest such ratio to the nearest atom.
std::pair<double, double> contact_ratios(const Atoms& atoms) {
  double smallest = std::numeric_limits<double>::infinity(), loosest = 0.0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < atoms.size(); ++j) {
      if (i == j) continue;
      const double sum = element(atoms.numbers[i]).covalent_radius + element(atoms.numbers[j]).covalent_radius;
      nearest = std::min(nearest, norm(atoms.positions[j] - atoms.positions[i]) / sum);
    }
    smallest = std::min(smallest, nearest);
    loosest = std::max(loosest, nearest);
  }
  return {smallest, loosest};
}

}  // namespace

TEST_CASE("random clusters keep their distances", "[atoms][random_cluster]") {
  Random random(21);
  for (const auto shape : {ClusterShape::ball, ClusterShape::box, ClusterShape::planar}) {
    for (const char* formula : {"C2", "C10", "Cu13", "C6H6", "Au38", "PtH12", "Cu55"}) {
      CAPTURE(formula);
      const std::vector<int> numbers = parse_formula(formula);
      const Atoms atoms = random_cluster(numbers, random, {.shape = shape});
      CHECK(atoms.numbers == numbers);
      const auto [smallest, loosest] = contact_ratios(atoms);
      CHECK(smallest >= 0.7 - 1e-12);
      CHECK(loosest <= 1.5 + 1e-12);
      const Vector3 sum = [&] {
        Vector3 s{};
        for (const Vector3& r : atoms.positions) s += r;
        return s;
      }();
      CHECK(norm(sum) < 1e-10);
      const bool flat = std::ranges::all_of(atoms.positions, [](const Vector3& r) { return r[2] == 0.0; });
      CHECK(flat == (shape == ClusterShape::planar));
      CHECK_NOTHROW(validate(atoms));
    }
  }
}

TEST_CASE("random clusters repeat with their seed and differ without", "[atoms][random_cluster]") {
  const std::vector<int> numbers = parse_formula("Cu13");
  Random one(1), again(1), two(2);
  const Atoms first = random_cluster(numbers, one);
  CHECK(random_cluster(numbers, again) == first);
  CHECK(random_cluster(numbers, one) != first);
  CHECK(random_cluster(numbers, two) != first);
}

TEST_CASE("random clusters at the edges", "[atoms][random_cluster][errors]") {
  Random random(3);
  CHECK(random_cluster({}, random).size() == 0);
  CHECK(random_cluster(std::vector<int>{6}, random).positions[0] == Vector3{});
  const std::vector<int> numbers = parse_formula("Cu13");
  CHECK_THROWS_AS(random_cluster(numbers, random, {.spacing = 0.5}), NumericalError);
  CHECK_THROWS_WITH(random_cluster(numbers, random, {.spacing = 0.5}), ContainsSubstring("enlarge spacing"));
  CHECK_THROWS_AS(random_cluster(numbers, random, {.spacing = 0.0}), InputError);
  CHECK_THROWS_AS(random_cluster(numbers, random, {.spacing = std::nan("")}), InputError);
  CHECK_THROWS_AS(random_cluster(numbers, random, {.smallest_distance = -1.0}), InputError);
  CHECK_THROWS_AS(random_cluster(numbers, random, {.smallest_distance = 0.8, .connected = 0.5}), InputError);
  CHECK_THROWS_AS(random_cluster(numbers, random, {.tries_per_atom = 0}), InputError);
  CHECK_THROWS_AS(random_cluster(std::vector<int>{119}, random), InputError);
}
