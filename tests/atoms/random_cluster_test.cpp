#include "atoms/random_cluster.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

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

TEST_CASE("random clusters keep a distance in Å", "[atoms][random_cluster]") {
  // Larger than all sums of radii, between them, and smaller than all of them.
  for (const double distance : {4.0, 1.6, 0.5}) {
    for (const auto shape : {ClusterShape::ball, ClusterShape::box, ClusterShape::planar}) {
      for (const char* formula : {"Pt4H6", "C20", "Au13"}) {
        CAPTURE(distance, formula);
        double shortest = std::numeric_limits<double>::infinity();
        Random random(7);
        for (int repetition = 0; repetition < 20; ++repetition) {
          const Atoms atoms =
              random_cluster(parse_formula(formula), random, {.shape = shape, .minimum_distance = distance});
          for (std::size_t i = 0; i < atoms.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
              shortest = std::min(shortest, norm(atoms.positions[j] - atoms.positions[i]));
            }
          }
        }
        CHECK(shortest >= distance);
        CHECK(shortest < 1.2 * std::max(distance, 0.5 * 2.0 * 1.36));  // and comes close to it, or to gold's radii
      }
    }
  }
}

TEST_CASE("room and connections grow with the distance", "[atoms][random_cluster]") {
  // Twice the distance that carbon has anyway gives the same cluster, twice as large.
  const double usual = 0.7 * 2.0 * element(6).covalent_radius;
  const std::vector<int> numbers = parse_formula("C20");
  Random one(5), again(5), two(5);
  const Atoms relative = random_cluster(numbers, one);
  const Atoms same = random_cluster(numbers, again, {.minimum_distance = usual});
  const Atoms wide = random_cluster(numbers, two, {.minimum_distance = 2.0 * usual});
  for (std::size_t i = 0; i < relative.size(); ++i) {
    CHECK(norm(same.positions[i] - relative.positions[i]) < 1e-12);
    CHECK(norm(wide.positions[i] - 2.0 * relative.positions[i]) < 1e-12);
  }
}

TEST_CASE("random clusters fill their shape", "[atoms][random_cluster]") {
  // The shape is twice the volume (area) of the atoms' spheres (discs) times spacing³ (spacing²).
  const double r = element(6).covalent_radius, spacing = 1.5;
  const std::vector<int> numbers(20, 6);
  for (const auto& [shape, width] :
       {std::pair{ClusterShape::ball, 2.0 * r * spacing * std::cbrt(2.0 * 20.0)},
        {ClusterShape::planar, 2.0 * r * spacing * std::sqrt(2.0 * 20.0)},
        {ClusterShape::box, r * spacing * std::cbrt(8.0 / 3.0 * std::numbers::pi * 20.0)}}) {
    Random random(3);
    double widest = 0.0;
    for (int repetition = 0; repetition < 100; ++repetition) {
      const Atoms atoms = random_cluster(numbers, random, {.shape = shape, .spacing = spacing, .connected = 0.0});
      for (const Vector3& p : atoms.positions) {
        for (const Vector3& q : atoms.positions) widest = std::max(widest, p[0] - q[0]);
      }
    }
    CHECK(widest <= width);
    CHECK(widest > 0.8 * width);
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
  for (const double distance : {0.0, -1.0, 1e4, std::nan("")}) {
    CHECK_THROWS_WITH(random_cluster(numbers, random, {.minimum_distance = distance}),
                      ContainsSubstring("minimum_distance must be between 0 and 1000"));
  }
  CHECK_THROWS_WITH(random_cluster(numbers, random, {.minimum_distance = 2.0, .spacing = 0.5}),
                    ContainsSubstring("or lower minimum_distance (now 2)"));
  CHECK_THROWS_AS(random_cluster(numbers, random, {.smallest_distance = 0.8, .connected = 0.5}), InputError);
  CHECK_THROWS_AS(random_cluster(numbers, random, {.tries_per_atom = 0}), InputError);
  CHECK_THROWS_AS(random_cluster(std::vector<int>{119}, random), InputError);
}
