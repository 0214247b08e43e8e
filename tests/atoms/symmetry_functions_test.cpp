// Symmetry functions against finite differences and against their twin from tensor operations, at every instruction set
// this processor has; their invariances and edge cases. Reference values: symmetry_functions_reference_test.cpp.
#include "atoms/symmetry_functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "autodiff/arithmetic.hpp"
#include "autodiff/check_gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "tests/atoms/symmetry_functions_support.hpp"

using namespace adatom;
using namespace adatom::symmetry_functions_support;
using Catch::Matchers::ContainsSubstring;
using Kind = SymmetryFunctionKind;

TEST_CASE("the fused evaluation equals the one from tensor operations", "[atoms][symmetry_functions]") {
  const SymmetryFunctions varied(varied_functions());
  Atoms periodic = random_atoms(7, 4.2, {6, 1}, 3);
  periodic.pbc = {true, true, false};
  periodic.cell = {{Vector3{4.3, 0.2, 0.0}, Vector3{-0.4, 4.1, 0.3}, Vector3{0.0, 0.0, 0.0}}};
  check_against_twin(varied, random_atoms(13, 5.0, {6, 1}, 1));
  check_against_twin(varied, random_atoms(6, 4.0, {6}, 2));
  check_against_twin(varied, periodic);
  check_against_twin(SymmetryFunctions(default_symmetry_functions(std::array{6, 1}, 4.5)),
                     random_atoms(10, 5.0, {6, 1}, 5));
  for (int kind = 1; kind <= 8; ++kind) {
    INFO("cutoff function " << name(static_cast<CutoffKind>(kind)));
    check_against_twin(SymmetryFunctions(few_functions(), {static_cast<CutoffKind>(kind), 0.2}),
                       random_atoms(9, 4.0, {6}, 4));
  }
}

TEST_CASE("derivatives of symmetry functions equal finite differences", "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions(varied_functions());
  const Atoms atoms = random_atoms(9, 4.2, {6, 1}, 7);
  NeighborList list = neighbor_list(atoms, functions.cutoff());
  Descriptors analytic, shifted;
  compute_descriptors(functions, atoms.numbers, list, true, analytic);
  const double h = 2e-3;  // error h⁶ f⁽⁷⁾/140 ~ 1e-18 · f⁽⁷⁾, and rounding 1e-15/h
  double largest = 0.0, error = 0.0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const std::size_t count = functions.count(atoms.numbers[i]);
    for (std::size_t p = list.offsets[i]; p < list.offsets[i + 1]; p += 2) {
      for (std::size_t c = 0; c < 3; ++c) {
        std::vector<double> difference(count, 0.0);
        for (const auto& [steps, weight] :
             {std::pair{1, 45.0}, {2, -9.0}, {3, 1.0}, {-1, -45.0}, {-2, 9.0}, {-3, -1.0}}) {
          const double kept = list.displacement[p][c];
          list.displacement[p][c] += steps * h;
          compute_descriptors(functions, atoms.numbers, list, i, i + 1, false, shifted);
          list.displacement[p][c] = kept;
          for (std::size_t k = 0; k < count; ++k) difference[k] += weight * shifted.value[k] / (60.0 * h);
        }
        const std::vector<double> exact = whole_derivatives(analytic, i, p - list.offsets[i], list.displacement[p]);
        for (std::size_t k = 0; k < count; ++k) {
          const double slope = exact[c * count + k];
          largest = std::max(largest, std::abs(slope));
          error = std::max(error, std::abs(slope - difference[k]));
        }
      }
    }
  }
  CHECK(largest > 0.1);
  CHECK(error < 1e-9);
}

TEST_CASE("composed descriptors can be differentiated twice", "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions(few_functions());
  const Atoms atoms = random_atoms(4, 2.2, {6}, 8);
  const NeighborList list = neighbor_list(atoms, functions.cutoff());
  const Tensor displacements = displacement_tensor(list);
  const CheckResult result = check_gradient(
      [&](std::span<const Tensor> x) { return composed_descriptors(functions, 6, atoms.numbers, list, x[0]); },
      std::array{displacements});
  INFO(result.report);
  CHECK(result.passed);
}

TEST_CASE("symmetry functions do not change when a structure is moved, turned or mirrored",
          "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions(varied_functions());
  const Atoms atoms = random_atoms(14, 5.0, {6, 1}, 9);
  const Descriptors before = describe(functions, atoms, false);
  // A rotation by 0.7 rad about z then 0.4 rad about x, a mirror, a shift.
  Atoms moved = atoms;
  for (Vector3& r : moved.positions) {
    const double x = std::cos(0.7) * r[0] - std::sin(0.7) * r[1], y = std::sin(0.7) * r[0] + std::cos(0.7) * r[1];
    r = Vector3{-x, std::cos(0.4) * y - std::sin(0.4) * r[2], std::sin(0.4) * y + std::cos(0.4) * r[2]};
    r += Vector3{11.0, -3.0, 0.5};
  }
  const Descriptors after = describe(functions, moved, false);
  double error = 0.0;
  for (std::size_t n = 0; n < before.value.size(); ++n)
    error = std::max(error, std::abs(before.value[n] - after.value[n]));
  CHECK(error < 1e-12);  // coordinates of size 10 are rounded to 1e-15
}

TEST_CASE("symmetry functions follow a renumbering of the atoms", "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions(varied_functions());
  const Atoms atoms = random_atoms(14, 5.0, {6, 1}, 10);
  std::vector<std::size_t> order(atoms.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  Random(1).shuffle(std::span(order));
  Atoms renumbered;
  for (const std::size_t i : order) {
    renumbered.numbers.push_back(atoms.numbers[i]);
    renumbered.positions.push_back(atoms.positions[i]);
  }
  const Descriptors before = describe(functions, atoms, false), after = describe(functions, renumbered, false);
  for (std::size_t n = 0; n < order.size(); ++n) {
    for (std::size_t k = 0; k < after.values(n).size(); ++k) {
      CHECK(after.values(n)[k] == Approx(before.values(order[n])[k]).epsilon(1e-12).margin(1e-13));
    }
  }
}

TEST_CASE("symmetry functions are smooth where a neighbour enters", "[atoms][symmetry_functions]") {
  for (int kind = 1; kind <= 8; ++kind) {
    INFO("cutoff function " << name(static_cast<CutoffKind>(kind)));
    const SymmetryFunctions functions(few_functions(), {static_cast<CutoffKind>(kind)});
    const auto at = [&](double x) {
      return Atoms{{6, 6, 6}, {Vector3{0, 0, 0}, Vector3{0.3, 1.4, 0}, Vector3{x, 0.2, 0.1}}, {}, {}};
    };
    for (const double radius : {3.5, 3.2}) {
      const double on = std::sqrt(radius * radius - 0.05);
      const NeighborList inside = neighbor_list(at(on - 1e-7), 9.0), outside = neighbor_list(at(on + 1e-7), 9.0);
      Descriptors a, b;
      compute_descriptors(functions, at(0).numbers, inside, true, a);
      compute_descriptors(functions, at(0).numbers, outside, true, b);
      REQUIRE((a.slope.size() == b.slope.size() && a.derivative.size() == b.derivative.size()));
      // Slopes of the functions and their derivatives are of order 1 and 10.
      for (std::size_t n = 0; n < a.value.size(); ++n) CHECK(std::abs(a.value[n] - b.value[n]) < 2e-6);
      for (std::size_t n = 0; n < a.slope.size(); ++n) CHECK(std::abs(a.slope[n] - b.slope[n]) < 1e-5);
      for (std::size_t n = 0; n < a.derivative.size(); ++n) CHECK(std::abs(a.derivative[n] - b.derivative[n]) < 1e-5);
    }
  }
}

TEST_CASE("three atoms by hand", "[atoms][symmetry_functions]") {
  // A right angle with legs 1 and 2 at atom 0: cos θ = 0, so every (1 + λ cos θ)^ζ is 1.
  const Atoms atoms{{6, 6, 6}, {Vector3{0, 0, 0}, Vector3{1, 0, 0}, Vector3{0, 2, 0}}, {}, {}};
  const SymmetryFunctions functions({{Kind::radial, 6, 6, 0, 0.0, 0.0, 1, 1, 4.0},
                                     {Kind::angular_wide, 6, 6, 6, 0.1, 0.0, 1.0, 4.0, 4.0},
                                     {Kind::angular_narrow, 6, 6, 6, 0.1, 0.0, -1.0, 4.0, 4.0}},
                                    {CutoffKind::cosine});
  const auto f = [](double r) { return 0.5 * (std::cos(std::acos(-1.0) * r / 4.0) + 1.0); };
  const Descriptors found = describe(functions, atoms, false);
  CHECK(found.values(0)[0] == Approx(f(1.0) + f(2.0)).epsilon(1e-14));
  CHECK(found.values(0)[1] == Approx(0.125 * std::exp(-0.5) * f(1.0) * f(2.0)).epsilon(1e-14));
  CHECK(found.values(0)[2] == Approx(0.125 * std::exp(-1.0) * f(1.0) * f(2.0) * f(std::sqrt(5.0))).epsilon(1e-14));
}

TEST_CASE("symmetry functions of atoms in a row", "[atoms][symmetry_functions]") {
  // θ is exactly 0 or 180 degrees, where 1 + λ cos θ vanishes for one of the signs.
  const SymmetryFunctions functions(varied_functions());
  const Atoms chain{
      {6, 6, 1, 6}, {Vector3{0, 0, 0}, Vector3{1.1, 1.1, 1.1}, Vector3{2, 2, 2}, Vector3{3.1, 3.1, 3.1}}, {}, {}};
  at_every_level([&] {
    const Descriptors found = describe(functions, chain, true);
    CHECK(std::ranges::all_of(found.value, [](double x) { return std::isfinite(x); }));
    CHECK(std::ranges::all_of(found.slope, [](double x) { return std::isfinite(x); }));
    CHECK(std::ranges::all_of(found.derivative, [](double x) { return std::isfinite(x); }));
  });
  check_against_twin(functions, chain);
}

TEST_CASE("symmetry functions of lonely atoms are zero", "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions(varied_functions());
  const Atoms atoms{{6, 1}, {Vector3{0, 0, 0}, Vector3{50, 0, 0}}, {}, {}};
  const Descriptors found = describe(functions, atoms, true);
  REQUIRE(found.size() == 2);
  CHECK(found.values(0).size() == functions.count(6));
  CHECK(std::ranges::all_of(found.value, [](double x) { return x == 0.0; }));
  CHECK((found.slope.empty() && found.derivative.empty()));
  CHECK(describe(functions, Atoms{}, true).size() == 0);
  Descriptors nothing;
  compute_descriptors(SymmetryFunctions(), {}, neighbor_list(Atoms{}, 1.0), true, nothing);
  CHECK(nothing.size() == 0);
}

TEST_CASE("radial symmetry functions come first, in the order given", "[atoms][symmetry_functions]") {
  const SymmetryFunction angular{Kind::angular_wide, 6, 6, 6, 0.2, 0.3, 1.0, 4.0, 3.5};
  const SymmetryFunction first{Kind::radial, 6, 6, 0, 0.7, 1.2, 1, 1, 3.5},
      second{Kind::radial, 6, 6, 0, 0.7, 0.9, 1, 1, 3.5};
  const SymmetryFunctions functions({first, angular, second});
  CHECK(std::ranges::equal(functions.of(6), std::array{first, second, angular}));
  CHECK((functions.radial_count(6) == 2 && functions.radial_count(1) == 0));
}

TEST_CASE("whole packs of functions are written where they belong", "[atoms][symmetry_functions]") {
  // Eight functions of one element need no copying, unless a neighbour lies beyond the cutoff.
  std::vector<SymmetryFunction> eight, angular;
  for (const double shift : {0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.3, 2.6}) {
    eight.push_back({Kind::radial, 6, 6, 0, 3.0, shift, 1, 1, 4.0});
    angular.push_back({Kind::angular_wide, 6, 6, 6, 3.0, shift, 1.0, 2.0, 3.0});
  }
  check_against_twin(SymmetryFunctions(eight), random_atoms(3, 2.0, {6}, 21));
  check_against_twin(SymmetryFunctions(eight), random_atoms(12, 5.0, {6}, 22));
  eight.insert(eight.end(), angular.begin(), angular.end());
  check_against_twin(SymmetryFunctions(angular), random_atoms(3, 2.0, {6}, 23));
  check_against_twin(SymmetryFunctions(eight), random_atoms(12, 5.0, {6}, 24));
}

TEST_CASE("symmetry functions of a range of atoms", "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions(varied_functions());
  const Atoms atoms = random_atoms(12, 5.0, {6, 1}, 12);
  const NeighborList list = neighbor_list(atoms, functions.cutoff());
  Descriptors whole, part;
  compute_descriptors(functions, atoms.numbers, list, true, whole);
  for (const auto& [first, last] : {std::pair<std::size_t, std::size_t>{0, 5}, {5, 12}, {7, 7}}) {
    compute_descriptors(functions, atoms.numbers, list, first, last, true, part);
    REQUIRE(part.size() == last - first);
    for (std::size_t i = first; i < last; ++i) {
      CHECK(std::ranges::equal(part.values(i - first), whole.values(i)));
      for (std::size_t n = 0; n < list.offsets[i + 1] - list.offsets[i]; ++n) {
        CHECK(std::ranges::equal(part.slopes(i - first, n), whole.slopes(i, n)));
        CHECK(std::ranges::equal(part.derivatives(i - first, n), whole.derivatives(i, n)));
      }
    }
  }
  // The same memory, used again.
  compute_descriptors(functions, atoms.numbers, list, true, whole);
  const std::array memory{whole.value.data(), whole.slope.data(), whole.derivative.data()};
  compute_descriptors(functions, atoms.numbers, list, true, whole);
  CHECK(memory == std::array{whole.value.data(), whole.slope.data(), whole.derivative.data()});
  CHECK_THROWS_AS(compute_descriptors(functions, atoms.numbers, list, 5, 13, true, part), ShapeError);
}

TEST_CASE("an element that is only a neighbour has no values of its own", "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions({{Kind::radial, 6, 1, 0, 0.5, 0.0, 1, 1, 4.0}});
  const Atoms atoms{{1, 6, 6}, {Vector3{0, 0, 0}, Vector3{1.1, 0, 0}, Vector3{1.1, 1.5, 0}}, {}, {}};
  const Descriptors found = describe(functions, atoms, true);
  CHECK(found.row == std::vector<std::size_t>{0, 0, 1, 2});
  CHECK(found.values(1)[0] == Approx(std::exp(-0.5 * 1.21) * evaluate(CutoffFunction{}, 1.1, 4.0).value));
  const NeighborList list = neighbor_list(atoms, functions.cutoff());
  for (std::size_t n = 0; n < 2; ++n) {
    const bool hydrogen = list.index[list.offsets[1] + n] == 0;
    CHECK((found.slopes(1, n)[0] != 0.0) == hydrogen);  // the other carbon does not matter
  }
}

TEST_CASE("structures that symmetry functions cannot describe are refused", "[atoms][symmetry_functions]") {
  const SymmetryFunctions functions(varied_functions());
  const Atoms nitrogen{{6, 6, 7}, {Vector3{0, 0, 0}, Vector3{1.5, 0, 0}, Vector3{0, 1.5, 0}}, {}, {}};
  CHECK_THROWS_WITH(describe(functions, nitrogen, false),
                    ContainsSubstring("'N' (atom 2)") && ContainsSubstring("H C"));
  const Atoms coincident{{6, 1, 6}, {Vector3{1, 2, 3}, Vector3{0, 0, 0}, Vector3{1, 2, 3}}, {}, {}};
  CHECK_THROWS_WITH(describe(functions, coincident, true), ContainsSubstring("atoms 0 and 2 are 0.000 Å apart"));
  const NeighborList list = neighbor_list(coincident, functions.cutoff());
  CHECK_THROWS_AS(composed_descriptors(functions, 6, coincident.numbers, list, displacement_tensor(list)), InputError);
  CHECK_THROWS_AS(composed_descriptors(functions, 6, coincident.numbers, list, Tensor::zeros({2, 3})), ShapeError);
}

TEST_CASE("functions out of range are refused by name", "[atoms][symmetry_functions]") {
  const SymmetryFunction good{Kind::angular_wide, 6, 6, 1, 0.1, 0.0, 1.0, 2.0, 5.0};
  const auto with = [&](auto change) {
    SymmetryFunction f = good;
    change(f);
    return std::vector<SymmetryFunction>{good, f};
  };
  const double nan = std::nan("");
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { f.center = 0; })), ContainsSubstring("1: center"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { f.neighbor1 = 119; })), ContainsSubstring("neighbor1"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { f.neighbor2 = 0; })), ContainsSubstring("neighbor2"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { f.eta = -1.0; })), ContainsSubstring("eta"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([&](auto& f) { f.shift = nan; })), ContainsSubstring("shift"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { f.lambda = 1.5; })), ContainsSubstring("lambda"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { f.zeta = 0.5; })), ContainsSubstring("zeta"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { f.cutoff = 0.0; })), ContainsSubstring("cutoff"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([&](auto& f) { f.cutoff = nan; })), ContainsSubstring("cutoff"));
  CHECK_THROWS_WITH(SymmetryFunctions(with([](auto& f) { std::swap(f.neighbor1, f.neighbor2); })),
                    ContainsSubstring("0 and 1 are the same"));
  CHECK_THROWS_AS(SymmetryFunctions({good}, {CutoffKind::cosine, 1.0}), InputError);
  for (const Kind kind : {Kind::radial, Kind::angular_narrow, Kind::angular_wide}) {
    CHECK(symmetry_function_kind(name(kind)) == kind);
  }
  CHECK_THROWS_AS(symmetry_function_kind("G2"), InputError);
}

TEST_CASE("the default set covers the distances", "[atoms][symmetry_functions]") {
  const SymmetryFunctions carbon(default_symmetry_functions(std::array{6}, 5.0));
  CHECK(carbon.count(6) == 16 + 32);
  CHECK(carbon.cutoff() == 5.0);
  CHECK(carbon.count(1) == 0);
  const SymmetryFunctions both(default_symmetry_functions(std::array{6, 1, 6}, 5.0));  // 6 twice: counted once
  CHECK(both.count(6) == 2 * 16 + 3 * 32);
  CHECK(both.count(1) == both.count(6));
  const auto radial = carbon.of(6).subspan(0, 16);
  CHECK(radial.front().shift == Approx(0.8));
  for (std::size_t n = 0; n + 1 < radial.size(); ++n) {
    const double spacing = radial[n + 1].shift - radial[n].shift;
    CHECK(spacing == Approx(4.2 / 16));
    CHECK(radial[n].eta == Approx(0.5 / (spacing * spacing)));
  }
  CHECK(radial.back().shift < 5.0);
  DefaultSymmetryFunctionOptions options;
  options.radial = 5;
  options.angular_radial = 3;
  options.zetas = {1.0, 8.0};
  options.narrow = true;
  options.angular_cutoff = 3.5;
  const SymmetryFunctions other(default_symmetry_functions(std::array{6}, 5.0, options));
  CHECK(other.count(6) == 5 + 3 * 4);
  CHECK((other.of(6).back().kind == Kind::angular_narrow && other.of(6).back().cutoff == 3.5));

  CHECK_THROWS_AS(default_symmetry_functions(std::span<const int>(), 5.0), InputError);
  CHECK_THROWS_AS(default_symmetry_functions(std::array{0}, 5.0), InputError);
  CHECK_THROWS_AS(default_symmetry_functions(std::array{6}, 0.5), InputError);
  CHECK_THROWS_AS(default_symmetry_functions(std::array{6}, std::nan("")), InputError);
  options.radial = options.angular_radial = 0;
  CHECK_THROWS_AS(default_symmetry_functions(std::array{6}, 5.0, options), InputError);
}

TEST_CASE("angular functions that reach less far than radial ones", "[atoms][symmetry_functions]") {
  DefaultSymmetryFunctionOptions options;
  options.radial = 5;
  options.angular_radial = 2;
  options.angular_cutoff = 2.6;
  for (const bool narrow : {false, true}) {
    options.narrow = narrow;
    check_against_twin(SymmetryFunctions(default_symmetry_functions(std::array{6, 1}, 4.5, options)),
                       random_atoms(11, 5.0, {6, 1}, 6));
  }
}
