// Tests potentials/local_ansatz*.cpp: the composed and fused paths against each other and what training computes, the
// laws of physics, files, and means of models. Reference values are in local_ansatz_reference_test.cpp.
#include "potentials/local_ansatz.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "atoms/builders/molecules.hpp"
#include "atoms/editing.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "potentials/training.hpp"
#include "potentials/training_features.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace adatom;
using namespace adatom::properties;

namespace {

/// Widths of all layers of a network.
std::vector<std::size_t> layers(std::size_t inputs, const std::vector<std::size_t>& hidden) {
  std::vector<std::size_t> widths{inputs};
  widths.insert(widths.end(), hidden.begin(), hidden.end());
  widths.push_back(1);
  return widths;
}

/// A random two-element model on random weights, and a structure for it.
LocalAnsatz random_model(std::uint64_t seed, bool reversed = false) {
  std::vector<SymmetryFunction> list =
      default_symmetry_functions(std::vector<int>{1, 6}, 4.0, {.radial = 5, .angular_radial = 2, .zetas = {1.0, 4.0}});
  if (reversed) std::reverse(list.begin(), list.end());
  const SymmetryFunctions functions(list);
  Random random(seed);
  std::vector<ElementNetwork> networks;
  for (const int number : {1, 6}) {
    ElementNetwork own{.element = number, .reference_energy = number == 1 ? -0.5 : 2.0};
    const std::size_t width = functions.count(number);
    for (std::size_t k = 0; k < width; ++k) {
      own.mean.push_back(random.uniform(0.0, 0.5));
      own.scale.push_back(random.uniform(0.5, 2.0));
    }
    own.minimum.assign(width, 0.0);
    own.maximum.assign(width, 0.4);
    own.network = Mlp({width, 7, 5, 1}, Activation::silu, random, Initialization::uniform);
    networks.push_back(std::move(own));
  }
  return {functions, networks, 1.7};
}

/// A model of carbon and hydrogen on angular functions of many kinds: powers that are integers and not, cutoffs that
/// differ, as published models have them.
LocalAnsatz mixed_model(bool narrow) {
  std::vector<SymmetryFunction> list =
      default_symmetry_functions(std::vector<int>{1, 6}, 4.0, {.radial = 6, .angular_radial = 0});
  const SymmetryFunctionKind kind = narrow ? SymmetryFunctionKind::angular_narrow : SymmetryFunctionKind::angular_wide;
  for (const int center : {1, 6}) {
    for (const auto& [one, two] : {std::pair{1, 1}, {1, 6}, {6, 6}}) {
      for (const auto& [lambda, zeta] : {std::pair{1.0, 1.0}, {-1.0, 1.0}, {1.0, 3.0}, {-1.0, 16.0}, {0.5, 2.5}}) {
        for (int m = 0; m < 5; ++m) {
          if (m == 4 && zeta > 2.0) continue;  // not every factor with every angle
          list.push_back({.kind = kind,
                          .center = center,
                          .neighbor1 = one,
                          .neighbor2 = two,
                          .eta = 0.1 + 0.2 * m,
                          .shift = 0.3 * m,
                          .lambda = lambda,
                          .zeta = zeta,
                          .cutoff = m % 2 == 0 ? 3.2 : 4.0});
        }
      }
    }
  }
  const SymmetryFunctions functions(list);
  Random random(11);
  std::vector<ElementNetwork> networks;
  for (const int number : {1, 6}) {
    ElementNetwork own{.element = number, .reference_energy = number == 1 ? -0.5 : 2.0};
    const std::size_t width = functions.count(number);
    own.mean.assign(width, 0.3), own.scale.assign(width, 2.0);
    own.minimum.assign(width, 0.0), own.maximum.assign(width, 10.0);
    own.network = Mlp({width, 6, 1}, Activation::tanh, random);
    networks.push_back(std::move(own));
  }
  return {functions, networks, 1.3};
}

Atoms organic_cluster(std::size_t n, std::uint64_t seed) { return cluster(n, seed, 1.4, 0.15, {6, 1, 6, 6}); }
Atoms organic_crystal(std::size_t n, std::uint64_t seed) { return crystal(n, seed, 1.4, 0.15, {6, 1, 6, 6}); }

Atoms random_structure(std::uint64_t seed, bool periodic) {
  Random random(seed);
  Atoms atoms;
  for (int i = 0; i < 9; ++i) {
    atoms.numbers.push_back(i % 3 == 0 ? 6 : 1);
    atoms.positions.push_back({1.7 * (i % 3) + random.uniform(-0.2, 0.2), 1.7 * (i / 3) + random.uniform(-0.2, 0.2),
                               random.uniform(-0.6, 0.6)});
  }
  if (periodic) {
    atoms.cell.vectors = {Vector3{5.3, 0.2, 0.0}, Vector3{-0.4, 5.1, 0.3}, Vector3{0.1, 0.5, 3.4}};
    atoms.pbc = {true, true, true};
  }
  return atoms;
}

}  // namespace

TEST_CASE("composed and fused local ansatz are equal", "[potentials][local_ansatz]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const LocalAnsatz model = random_model(seed);
    const Atoms atoms = random_structure(seed, seed % 2 == 0);
    const Want want{.forces = true, .stress = seed % 2 == 0, .energies = true};
    const Prediction fused = model.compute(atoms, want), other = composed(model, atoms, want);
    // Sums of a few hundred terms of order one: round-off is some 1e-14.
    CHECK(std::abs(fused.energy - other.energy) < 1e-12);
    CHECK(largest_difference(fused.forces, other.forces) < 1e-12);
    for (std::size_t i = 0; i < atoms.size(); ++i) CHECK(std::abs(fused.energies[i] - other.energies[i]) < 1e-12);
    for (std::size_t k = 0; want.stress && k < 6; ++k) CHECK(std::abs((*fused.stress)[k] - (*other.stress)[k]) < 1e-12);
  }
}

TEST_CASE("what training computes from stored features is what the model computes",
          "[potentials][local_ansatz][training]") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const bool reversed = seed % 3 == 0;  // angular functions first: none of the radial ones is stored as pairs
    const LocalAnsatz model = random_model(seed, reversed);
    std::vector<LabelledStructure> data(3);
    std::vector<std::uint32_t> all;
    for (std::uint32_t s = 0; s < data.size(); ++s) {
      data[s].atoms =
          random_structure(10 * seed + s, s != 1);  // periodic ones: several images of a neighbour, own images
      data[s].forces.assign(data[s].atoms.size(), {});
      all.push_back(s);
    }
    const BatchPrediction found = predict(model, stack_features(compute_features(model, data), all));
    std::size_t atom = 0;
    for (std::size_t s = 0; s < data.size(); ++s) {
      const Prediction expected = model.compute(data[s].atoms);
      double energy = found.energies.values()[s];
      for (const int number : data[s].atoms.numbers) energy += model.network_of(number).reference_energy;
      // Sums of a few hundred terms of order one: round-off is some 1e-14.
      CHECK(std::abs(energy - expected.energy) < 1e-12);
      for (const Vector3& force : expected.forces) {
        for (std::size_t c = 0; c < 3; ++c) CHECK(std::abs(found.forces.values()[3 * atom + c] - force[c]) < 1e-12);
        ++atom;
      }
    }
  }
}

TEST_CASE("forces are the derivative of the energy and add up to zero", "[potentials][local_ansatz]") {
  const LocalAnsatz model = random_model(3);
  Atoms atoms = random_structure(5, true);
  const std::vector<Vector3> forces = model.compute(atoms).forces;
  Vector3 total{};
  for (const Vector3& force : forces) total += force;
  CHECK(norm(total) < 1e-13);
  constexpr double h = 1e-3;  // sixth order: error h^6 times a seventh derivative, and round-off 1e-15/h
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const double x = atoms.positions[i][c];
      const auto at = [&](double offset) {
        atoms.positions[i][c] = x + offset;
        return model.compute(atoms, {.forces = false}).energy;
      };
      const double slope =
          (45.0 * (at(h) - at(-h)) - 9.0 * (at(2 * h) - at(-2 * h)) + at(3 * h) - at(-3 * h)) / (60.0 * h);
      atoms.positions[i][c] = x;
      CHECK(std::abs(forces[i][c] + slope) < 1e-8);
    }
  }
}

TEST_CASE("the local ansatz obeys the laws of physics", "[potentials][local_ansatz]") {
  for (const bool narrow : {false, true}) {
    const LocalAnsatz model = mixed_model(narrow);
    for (const std::size_t n : {1, 2, 3, 9, 17, 40, 140}) {  // rows of neighbours around the widths of vectors
      check_fused(model, organic_cluster(n, n), energies_too, 1e-12);
      if (n < 20) check_fused(model, organic_crystal(n, n), everything, 1e-12);
    }
    check_forces(model, organic_crystal(13, 3), 1e-3);
    check_stress(model, organic_crystal(12, 4), 3e-4);
    check_invariances(model, organic_cluster(27, 4));
    check_invariances(model, organic_crystal(27, 4));
    check_balance(model, organic_cluster(140, 5));
    check_supercell(model, organic_crystal(6, 3));
    check_threads(model, organic_crystal(300, 1));
    Atoms boxed = organic_cluster(13, 1);
    boxed.cell = orthorhombic(20, 21, 22);
    check_prediction_reused(model, boxed);
    const Atoms dimer{.numbers = {6, 1}, .positions = {{0, 0, 0}, {1, 0, 0}}, .cell = {}, .pbc = {}};
    for (const double radius : {4.0, 3.2}) check_smooth_at(model, dimer, radius);  // of radial and angular functions
  }
}

TEST_CASE("the local ansatz of moving atoms is that of atoms at rest", "[potentials][local_ansatz][evaluator]") {
  const LocalAnsatz model = mixed_model(false);
  check_evaluator(model, organic_crystal(64, 1), 0.03, 1e-12);
  check_evaluator(model, organic_crystal(8, 2), 0.03, 1e-12);
  check_evaluator(model, organic_cluster(150, 2), 0.03, 1e-12);
  check_evaluator(model, organic_cluster(20, 2), 0.03, 1e-12);
  Atoms slab = organic_crystal(27, 3);
  slab.pbc = {true, true, false};
  check_evaluator(mixed_model(true), slab, 0.03, 1e-12);

  // With a list that is never checked, atoms that are not a number must be noticed too.
  const std::unique_ptr<Evaluator> unchecked = model.evaluator({.skin = 0.5, .every = 100});
  Atoms atoms = organic_crystal(64, 1);
  Prediction p;
  unchecked->compute(atoms, {}, p);
  atoms.positions[3][1] = std::nan("");
  CHECK_THROWS_AS(unchecked->compute(atoms, {}, p), InputError);
  atoms = organic_crystal(64, 1);
  atoms.numbers[9] = 7;
  CHECK_THROWS_WITH(unchecked->compute(atoms, {}, p),
                    Catch::Matchers::ContainsSubstring("element 'N' is not in the model"));
}

TEST_CASE("a saved local ansatz predicts the same bits", "[potentials][local_ansatz][files]") {
  const LocalAnsatz model = random_model(4);
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "m.model";
  const std::vector<std::pair<std::string, std::string>> notes{{"made_by", "a test"}};
  save_model(path, model, notes);
  const LocalAnsatz loaded = load_model(path);
  const Atoms atoms = random_structure(6, true);
  CHECK(loaded.compute(atoms).energy == model.compute(atoms).energy);
  CHECK(largest_difference(loaded.compute(atoms).forces, model.compute(atoms).forces) == 0.0);
}

TEST_CASE("extrapolation names the atom the function the value and the range", "[potentials][local_ansatz]") {
  const LocalAnsatz model = random_model(2);
  const Atoms atoms = random_structure(2, false);
  const std::vector<Extrapolation> found = model.extrapolations(atoms);
  REQUIRE(!found.empty());
  for (const Extrapolation& e : found) CHECK((e.value < e.minimum || e.value > e.maximum));
  const std::string text = describe(found.front(), model.functions());
  const Extrapolation& worst = found.front();
  const SymmetryFunction& function = model.functions().of(worst.element)[worst.function];
  for (const std::string& part :
       {"atom " + std::to_string(worst.atom) + " (" + std::string(element(worst.element).symbol) + "): ",
        std::string(name(function.kind)) + "(" + std::string(element(function.neighbor1).symbol),
        "eta " + short_number_text(function.eta), "shift " + short_number_text(function.shift),
        ") = " + short_number_text(worst.value), std::string("outside its training range 0 … 0.4")}) {
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring(part));
  }
  // The worst first, and a tolerance in units of the range.
  const auto outside = [](const Extrapolation& e) {
    return std::max(e.minimum - e.value, e.value - e.maximum) / (e.maximum - e.minimum);
  };
  CHECK(std::ranges::is_sorted(found, std::ranges::greater{}, outside));
  REQUIRE(outside(found.front()) > outside(found.back()));
  const double between = 0.5 * (outside(found.front()) + outside(found.back()));
  CHECK(model.extrapolations(atoms, between).size() ==
        static_cast<std::size_t>(
            std::ranges::count_if(found, [&](const Extrapolation& e) { return outside(e) > between; })));
  CHECK(model.extrapolations(atoms, 1e6).empty());
}

TEST_CASE("a training structure moved and turned is no extrapolation", "[potentials][local_ansatz]") {
  // One structure: every range of a function that only one atom has is a point.
  const std::vector<LabelledStructure> data{{.atoms = molecule("CH3OH"), .energy = -1.0}};
  const LocalAnsatz model = initial_local_ansatz(data, {.cutoff = 4.0});
  const Atoms turned = rotated(translated(data[0].atoms, {3.1, -2.7, 40.3}), {1.0, 2.0, -0.7}, 77.0);
  CHECK(model.extrapolations(turned).empty());
  Atoms stretched = data[0].atoms;
  stretched.positions[0][0] += 1e-6;
  CHECK(!model.extrapolations(stretched).empty());

  // The worst is what is farthest out: by a whole range, not by next to nothing beside a range of next to nothing.
  std::vector<ElementNetwork> networks(model.networks().begin(), model.networks().end());
  for (ElementNetwork& own : networks) {
    for (double& x : own.minimum) x = -10.0;
    for (double& x : own.maximum) x = 10.0;
  }
  const std::span<const SymmetryFunction> functions = model.functions().of(6);
  Descriptors now;
  compute_descriptors(model.functions(), data[0].atoms.numbers, neighbor_list(data[0].atoms, 4.0), false, now);
  const std::size_t carbon = 0;  // the first atom
  const auto value = [&](std::size_t k) { return now.values(carbon)[k]; };
  std::size_t most = 0;
  for (std::size_t k = 0; k < functions.size(); ++k) most = value(k) > value(most) ? k : most;
  const std::size_t other = most == 0 ? 1 : 0;
  ElementNetwork& own = networks[1];
  REQUIRE(own.element == 6);
  own.minimum[most] = 0.0, own.maximum[most] = 0.5 * value(most);  // out by a range
  own.minimum[other] = own.maximum[other] = value(other) + 1e-7;   // out by 1e-7
  const std::vector<Extrapolation> found = LocalAnsatz(model.functions(), networks, 1.0).extrapolations(data[0].atoms);
  REQUIRE(found.size() == 2);
  CHECK(found[0].function == most);
}

TEST_CASE("the local ansatz refuses elements it does not know and atoms on top of each other",
          "[potentials][local_ansatz]") {
  const LocalAnsatz model = random_model(1);
  Atoms atoms = random_structure(1, false);
  atoms.numbers[4] = 7;
  CHECK_THROWS_WITH(model.compute(atoms), Catch::Matchers::ContainsSubstring("element 'N' is not in the model (H, C)"));
  atoms.numbers[4] = 1;
  atoms.positions[4] = atoms.positions[2];
  CHECK_THROWS_AS(model.compute(atoms), InputError);
}

TEST_CASE("the local ansatz gives the same bits for any number of threads", "[potentials][local_ansatz]") {
  const LocalAnsatz model = random_model(7);
  const Atoms atoms = [] {
    Atoms one = random_structure(7, true);
    return repeated(one, {3, 3, 2});
  }();
  const Prediction single = model.compute(atoms);
  for (const std::size_t threads : {2u, 4u}) {
    set_thread_count(threads);
    const Prediction several = model.compute(atoms);
    CHECK(several.energy == single.energy);
    CHECK(largest_difference(several.forces, single.forces) == 0.0);
  }
  set_thread_count(1);
  CHECK(single.energy == Approx(18.0 * model.compute(random_structure(7, true)).energy).epsilon(1e-12));
}

TEST_CASE("the mean of several models predicts the mean of what they predict", "[potentials][local_ansatz]") {
  const std::vector<std::size_t> hidden = GENERATE(std::vector<std::size_t>{7, 5}, std::vector<std::size_t>{});
  // Same functions and scaling, other weights: networks of one model put into the scaling of another.
  const LocalAnsatz first = random_model(1);
  std::vector<LocalAnsatz> models;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    std::vector<ElementNetwork> networks(first.networks().begin(), first.networks().end());
    Random random(seed);
    for (ElementNetwork& own : networks)
      own.network = Mlp(layers(own.mean.size(), hidden), Activation::silu, random, Initialization::uniform);
    models.emplace_back(first.functions(), networks, first.energy_scale());
  }
  const LocalAnsatz mean = mean_of(models);
  const Atoms atoms = random_structure(3, true);
  double energy = 0.0;
  std::vector<Vector3> forces(atoms.size());
  for (const LocalAnsatz& model : models) {
    const Prediction p = model.compute(atoms);
    energy += p.energy / 4.0;
    for (std::size_t i = 0; i < atoms.size(); ++i) forces[i] += 0.25 * p.forces[i];
  }
  CHECK(std::abs(mean.compute(atoms).energy - energy) < 1e-12);
  CHECK(largest_difference(mean.compute(atoms).forces, forces) < 1e-12);

  models.push_back(random_model(9));
  CHECK_THROWS_WITH(mean_of(models), Catch::Matchers::ContainsSubstring("differ in the scaling of H"));
  CHECK_THROWS_AS(mean_of({}), InputError);
}
