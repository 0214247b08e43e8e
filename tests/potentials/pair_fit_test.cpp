// Tests potentials/pair_model.cpp and pair_fit.cpp: gradients, known parameters found again, laws of other shapes.
#include "potentials/pair_fit.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "atoms/extxyz.hpp"
#include "atoms/random_cluster.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "nn/checkpoint.hpp"
#include "potentials/gaussian_pairs.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/morse.hpp"
#include "tests/potentials/properties.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using namespace adatom::properties;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Planar clusters of twelve atoms, distances from about 0.8 up, and what a potential says of them.
std::vector<LabelledStructure> planar_clusters(std::size_t count, const Potential& law, std::uint64_t seed) {
  Random random(seed);
  std::vector<LabelledStructure> data;
  const std::vector<int> hydrogen(12, 1);
  for (std::size_t s = 0; s < count; ++s) {
    Atoms atoms = random_cluster(hydrogen, random, {.shape = ClusterShape::planar, .smallest_distance = 0.85});
    for (Vector3& p : atoms.positions) p = 1.6129 * p;  // a covalent radius of 0.31 becomes 0.5
    const Prediction p = law.compute(atoms);
    data.push_back({.atoms = atoms, .energy = p.energy, .forces = p.forces});
  }
  return data;
}

/// LJ with a shoulder and an outer well, which it cannot represent.
Sum shouldered() {
  return Sum(LennardJones({.epsilon = 1.1, .sigma = 0.95}), GaussianPairs({{0.6, 1.47, 0.17}, {-0.35, 2.13, 0.28}}));
}

double value(const PairModel& model, const std::string& name) {
  for (const Parameter& p : model.parameters()) {
    if (p.name == name) return p.value.item();
  }
  FAIL("no parameter " + name);
  return 0.0;
}

}  // namespace

TEST_CASE("a pair model is the potential of its numbers", "[potentials][pair_model]") {
  TrainableGaussians bumps(linspaced(1.0, 2.0, 3), 0.3);
  bumps.coefficients.assign(std::vector<double>{0.5, -0.2, 0.1});
  const PairModel model({TrainableLennardJones(0.9, 1.05), TrainableMorse(0.4, 5.0, 1.2), bumps});
  const Atoms atoms = cluster(13, 1, 1.15, 0.08, {18});
  const Prediction ours = model.compute(atoms), theirs = fixed(model).compute(atoms);
  CHECK(ours.energy == Approx(theirs.energy).epsilon(1e-13));
  CHECK(largest_difference(ours.forces, theirs.forces) < 1e-11);
  const Parameters parameters = model.parameters();
  REQUIRE(parameters.size() == 6);
  CHECK(parameters[0].name == "lennard_jones.epsilon");
  CHECK(parameters[4].name == "morse.minimum");
  CHECK(parameters[5].name == "gaussians.coefficients");
  CHECK(PairModel({bumps, bumps}).parameters()[1].name == "gaussians2.coefficients");

  const PairModel cut({TrainableMorse(0.4, 5.0, 1.2), bumps}, {.onset = 1.9, .cutoff = 2.6});
  const Atoms periodic = crystal(9, 2, 1.15, 0.08, {18});
  CHECK(cut.compute(periodic).energy == Approx(fixed(cut).compute(periodic).energy).epsilon(1e-12));
  check_forces(cut, periodic);
  check_stress(cut, periodic);
  check_coincident(cut, cluster(10, 1, 1.15, 0.08, {18}), 1e-3);
  CHECK_THAT(message(model, periodic), ContainsSubstring("needs a cutoff"));
}

TEST_CASE("a pair model's energies can be differentiated by its parameters", "[potentials][pair_model]") {
  const Tensor r = Tensor::constant({4}, {0.9, 1.1, 1.5, 2.2});
  const auto check = [&](const Parameters& parameters, const auto& energy) {
    for (const Parameter& p : parameters) {
      const std::vector<double> start(p.value.values().begin(), p.value.values().end());
      const Tensor slope = grad(sum(energy()), {p.value})[0];
      for (std::size_t k = 0; k < start.size(); ++k) {
        Tensor leaf = p.value;
        const auto at = [&](double h) {
          leaf.mutable_values()[k] = start[k] + h;
          const double e = sum(energy()).item();
          leaf.mutable_values()[k] = start[k];
          return e;
        };
        const double h = 1e-5;
        const double numeric = (8.0 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12.0 * h);
        INFO(p.name);
        CHECK(slope.values()[k] == Approx(numeric).epsilon(1e-8).margin(1e-8));
      }
    }
  };
  const TrainableLennardJones lj(1.2, 0.9);
  check(lj.parameters(), [&] { return lj(r); });
  const TrainableMorse morse(0.7, 3.0, 1.3);
  check(morse.parameters(), [&] { return morse(r); });
  TrainableGaussians bumps(linspaced(1.0, 2.0, 3), 0.3, true);
  bumps.coefficients.assign(std::vector<double>{0.5, -0.2, 0.1});
  check(bumps.parameters(), [&] { return bumps(r); });
  CHECK(bumps.parameters().size() == 3);
}

TEST_CASE("fits find known parameters again", "[potentials][pair_fit]") {
  const std::vector<LabelledStructure> lj = planar_clusters(20, LennardJones({.epsilon = 1.3, .sigma = 0.92}), 1);
  for (const bool forces : {false, true}) {
    PairModel model({TrainableLennardJones(1.0, 1.0)});
    const auto history = fit(model, lj, {.epochs = 800, .learning_rate = 2e-2, .force_weight = forces ? 0.01 : 0.0});
    CHECK(value(model, "lennard_jones.epsilon") == Approx(1.3).margin(1e-3));
    CHECK(value(model, "lennard_jones.sigma") == Approx(0.92).margin(1e-4));
    CHECK(history.size() == 800);
    CHECK(history.back().loss < 1e-4 * history.front().loss);
    CHECK(history.back().errors.energy < 1e-3);
  }
  const std::vector<LabelledStructure> morse = planar_clusters(
      20, Morse({.epsilon = 0.8, .rho0 = 6.0, .r0 = 1.2, .rcut2 = std::numeric_limits<double>::infinity()}), 2);
  PairModel model({TrainableMorse(1.0, 4.5, 1.1)});
  std::size_t calls = 0;
  fit(model, morse, {.epochs = 1200, .batch_size = 7, .learning_rate = 3e-2, .force_weight = 0.01},
      [&](const FitEpoch& e) { CHECK(e.epoch == ++calls); });
  CHECK(calls == 1200);
  CHECK(value(model, "morse.depth") == Approx(0.8).margin(1e-3));
  CHECK(value(model, "morse.steepness") == Approx(5.0).margin(1e-2));
  CHECK(value(model, "morse.minimum") == Approx(1.2).margin(1e-3));
}

TEST_CASE("Gaussian coefficients follow from least squares", "[potentials][pair_fit]") {
  const std::vector<Gaussian> truth{{0.5, 0.9, 0.3}, {-1.5, 1.4, 0.3}, {0.25, 1.9, 0.3}};
  const std::vector<LabelledStructure> data = planar_clusters(10, GaussianPairs(truth), 3);
  for (const double force_weight : {0.0, 0.1}) {
    TrainableGaussians bumps(std::vector<double>{0.9, 1.4, 1.9}, 0.3);
    PairModel model({bumps});
    solve_coefficients(model, data, 1.0, force_weight);
    for (std::size_t k = 0; k < 3; ++k)
      CHECK(bumps.coefficients.values()[k] == Approx(truth[k].coefficient).epsilon(1e-8));
    CHECK(errors_of(model, data).energy < 1e-9);
    CHECK(errors_of(model, data).force < 1e-8);
  }
}

TEST_CASE("Lennard-Jones with Gaussians represents a law that Lennard-Jones cannot", "[potentials][pair_fit]") {
  const std::vector<LabelledStructure> train = planar_clusters(200, shouldered(), 4),
                                       test = planar_clusters(50, shouldered(), 5);
  PairModel simple({TrainableLennardJones(1.0, 1.0)});
  fit(simple, train, {.epochs = 300, .learning_rate = 2e-2});
  CHECK(errors_of(simple, test).energy > 0.03);

  PairModel model({TrainableLennardJones(1.0, 1.0), TrainableGaussians(linspaced(0.8, 3.6, 21), 0.15)});
  fit(model, train, {.epochs = 150, .learning_rate = 5e-3});
  CHECK(errors_of(model, train).energy < 1e-3);
  CHECK(errors_of(model, test).energy < 1e-3);

  // The gradient alone goes the same way, slowly.
  PairModel slow({TrainableLennardJones(1.0, 1.0), TrainableGaussians(linspaced(0.8, 3.6, 8), 0.35, true)});
  const auto history = fit(slow, train, {.epochs = 150, .learning_rate = 2e-2, .solve_coefficients = false});
  CHECK(history.back().loss < 0.1 * history.front().loss);
}

TEST_CASE("fits repeat and their parameters can be stored", "[potentials][pair_fit]") {
  const std::vector<LabelledStructure> data = planar_clusters(8, shouldered(), 6);
  const auto run = [&] {
    PairModel model({TrainableLennardJones(1.0, 1.0), TrainableGaussians(linspaced(1.0, 2.5, 4), 0.3, true)});
    fit(model, data, {.epochs = 5, .batch_size = 3, .weight_decay = 1e-3, .force_weight = 0.1});
    return model;
  };
  const PairModel one = run(), two = run();
  CHECK(flatten(one.parameters()) == flatten(two.parameters()));

  Archive archive("model", 1);
  store(archive, "pair.", one.parameters());
  PairModel other({TrainableLennardJones(2.0, 2.0), TrainableGaussians(linspaced(1.1, 2.6, 4), 0.2, true)});
  Parameters into = other.parameters();
  restore(archive, "pair.", into);
  CHECK(flatten(other.parameters()) == flatten(one.parameters()));
  CHECK(errors_of(other, data).energy == errors_of(one, data).energy);
}

TEST_CASE("a fit's rate falls from the first to the last, and weight decay makes parameters smaller",
          "[potentials][pair_fit]") {
  const std::vector<LabelledStructure> data = planar_clusters(4, shouldered(), 6);
  const auto run = [&](double decay, std::vector<FitEpoch>& history) {
    PairModel model({TrainableMorse(1.0, 5.0, 1.1)});
    history =
        fit(model, data, {.epochs = 60, .learning_rate = 1e-2, .final_learning_rate = 1e-3, .weight_decay = decay});
    return model;
  };
  std::vector<FitEpoch> plain, decayed;
  const double free = value(run(0.0, plain), "morse.steepness"), held = value(run(1.0, decayed), "morse.steepness");
  REQUIRE(plain.size() == 60);
  CHECK(plain.front().learning_rate == Approx(1e-2));
  CHECK(plain.back().learning_rate == Approx(1e-3).epsilon(0.01));  // a 60th of half a cosine before its end
  CHECK(plain[30].learning_rate == Approx(0.5 * (1e-2 + 1e-3)));
  CHECK(plain.back().epoch == 60);
  // Decoupled decay alone takes away the share Σ rate · decay = 60 · 5.5e-3 ≈ 0.33; the gradient holds against it.
  CHECK(held < 0.95 * free);
}

TEST_CASE("fits refuse what they cannot use", "[potentials][pair_fit]") {
  PairModel model({TrainableLennardJones(1.0, 1.0)});
  std::vector<LabelledStructure> data = planar_clusters(3, LennardJones(), 1);
  CHECK_THROWS_WITH(fit(model, {}), ContainsSubstring("there are no structures"));
  CHECK_THROWS_WITH(fit(model, data, {.learning_rate = -1.0}),
                    ContainsSubstring("learning_rate must be positive, found -1"));
  CHECK_THROWS_WITH(fit(model, data, {.energy_weight = 0.0}), ContainsSubstring("one of the weights"));
  CHECK_THROWS_WITH(fit(model, data, {.batch_size = 4}), ContainsSubstring("batch_size"));
  data[1].forces.clear();
  CHECK_THROWS_WITH(fit(model, data, {.force_weight = 1.0}),
                    ContainsSubstring("structure 1 has 0 forces for 12 atoms"));
  CHECK(fit(model, data, {.epochs = 2}).size() == 2);
  // What is solved for in one go must not become NaN either.
  PairModel bumps({TrainableGaussians(linspaced(0.8, 3.0, 5), 0.3)});
  CHECK_THROWS_WITH(solve_coefficients(bumps, data, -1.0), ContainsSubstring("energy_weight must not be negative"));
  CHECK_THROWS_WITH(solve_coefficients(bumps, data, 0.0), ContainsSubstring("one of the weights"));
  data[1].forces.resize(12);
  data[1].forces[4][2] = std::nan("");
  CHECK_THROWS_WITH(fit(bumps, data, {.force_weight = 1.0}),
                    ContainsSubstring("a force of structure 1 is not a finite number"));
  data[1] = data[0];
  data[2].energy = std::nan("");
  CHECK_THROWS_WITH(fit(model, data), ContainsSubstring("the energy of structure 2 is not a finite number"));
  data[2] = data[0];
  data[2].atoms.positions[3] = data[2].atoms.positions[1];
  CHECK_THROWS_WITH(fit(model, data), ContainsSubstring("atoms 1 and 3 are 0.000 Å apart"));
  data[2] = {};
  CHECK_THROWS_WITH(fit(model, data), ContainsSubstring("structure 2 has no atoms"));
  CHECK_THROWS_AS(PairModel({}), InputError);
  Atoms broken = planar_clusters(1, LennardJones(), 1)[0].atoms;
  broken.positions[2][0] = std::nan("");
  CHECK_THAT(message(model, broken), ContainsSubstring("atom 2 has x = nan"));
  CHECK_THROWS_WITH(TrainableLennardJones(-1.0, 1.0), ContainsSubstring("epsilon must be positive"));
  CHECK_THROWS_WITH(TrainableMorse(1.0, 0.0, 1.0), ContainsSubstring("steepness"));
  CHECK_THROWS_WITH(TrainableGaussians(std::vector<double>{1.0}, 0.0), ContainsSubstring("width"));
}

TEST_CASE("the course's planar clusters are fitted to a straight line", "[potentials][pair_fit]") {
  const char* const folder = std::getenv("ADATOM_REFERENCE");
  const std::string path = std::string(folder == nullptr ? "" : folder) + "/rattle2d_train.extxyz";
  if (folder == nullptr || !std::filesystem::exists(path)) {
    std::printf("skipped: ADATOM_REFERENCE names no folder with rattle2d_train.extxyz\n");
    return;
  }
  // The file's element is "X", none at all; positions and energy are read as they stand.
  std::ifstream file(path);
  std::vector<LabelledStructure> train, test;
  for (std::string line; std::getline(file, line);) {
    LabelledStructure one;
    const int n = std::stoi(line);
    std::getline(file, line);
    one.energy = std::stod(line.substr(line.find("energy=") + 7));
    for (int i = 0; i < n; ++i) {
      std::string symbol;
      Vector3 p{};
      file >> symbol >> p[0] >> p[1] >> p[2];
      one.atoms.numbers.push_back(18);
      one.atoms.positions.push_back(p);
    }
    std::getline(file, line);
    (train.size() < 250 ? train : test).push_back(one);
  }
  REQUIRE(test.size() == 50);
  PairModel model({TrainableLennardJones(1.0, 1.0), TrainableGaussians(linspaced(0.7, 4.0, 34), 0.12)});
  fit(model, train, {.epochs = 300, .learning_rate = 5e-3});
  std::printf("rattle2d: %.3g train %.3g test eV/atom\n", errors_of(model, train).energy,
              errors_of(model, test).energy);
  CHECK(errors_of(model, test).energy < 1e-3);
}
