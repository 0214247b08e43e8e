// Tests potentials/dataset.cpp and evaluation.cpp: splits, reference energies, error statistics.
#include "potentials/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/error.hpp"
#include "potentials/evaluation.hpp"
#include "potentials/training_features.hpp"
#include "tests/potentials/small_training.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a split keeps runs whole and every size in every part", "[potentials][dataset]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(300);
  const Split split = split_by_run(data, 0.1, 0.2, 7);
  CHECK(split.train.size() + split.validation.size() + split.test.size() == data.size());
  std::set<std::int64_t> train, held_out;
  for (const std::size_t i : split.train) train.insert(data[i].run);
  for (const std::size_t i : split.test) held_out.insert(data[i].run);
  for (const std::size_t i : split.validation) held_out.insert(data[i].run);
  for (const std::int64_t run : held_out) CHECK(train.count(run) == 0);
  CHECK(split.test.size() >= 50);
  CHECK(split_by_run(data, 0.1, 0.2, 7).test == split.test);
  CHECK(split_by_run(data, 0.1, 0.2, 8).test != split.test);
  CHECK_THROWS_AS(split_by_run(data, 0.5, 0.5, 1), InputError);
}

TEST_CASE("a split gives each size its share of each part", "[potentials][dataset]") {
  std::vector<LabelledStructure> data;
  for (int s = 0; s < 120; ++s) {  // 20 runs of 2 structures of each size
    LabelledStructure one;
    one.atoms.numbers.assign(static_cast<std::size_t>(3 + s / 40), 18);
    one.atoms.positions.resize(one.atoms.size());
    one.run = s / 2;
    data.push_back(one);
  }
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Split split = split_by_run(data, 0.1, 0.2, seed);
    for (const std::size_t size : {3, 4, 5}) {
      const auto count = [&](const std::vector<std::size_t>& part) {
        return std::ranges::count_if(part, [&](std::size_t i) { return data[i].atoms.size() == size; });
      };
      CHECK(count(split.validation) == 4);
      CHECK(count(split.test) == 8);
      CHECK(count(split.train) == 28);
    }
  }
}

TEST_CASE("reference energies are the least squares solution", "[potentials][dataset]") {
  // E = 2 n_H − 3 n_C exactly, so that the fit must return these and leave nothing over.
  std::vector<LabelledStructure> data;
  for (int h = 0; h < 4; ++h) {
    LabelledStructure one;
    one.atoms.numbers.assign(static_cast<std::size_t>(h), 1);
    one.atoms.numbers.push_back(6);
    one.atoms.positions.resize(one.atoms.numbers.size());
    one.energy = 2.0 * h - 3.0;
    data.push_back(one);
  }
  const ReferenceEnergies fit = fit_reference_energies(data);
  REQUIRE(fit.elements == std::vector<int>{1, 6});
  CHECK(fit.energies[0] == Approx(2.0).epsilon(1e-9));
  CHECK(fit.energies[1] == Approx(-3.0).epsilon(1e-9));
  CHECK(fit.rmse < 1e-9);
  CHECK_THROWS_AS(fit.total(std::vector<int>{7}), InputError);
}

TEST_CASE("error statistics are those of their definitions", "[potentials][evaluation]") {
  ErrorStatistics statistics;
  const double labels[] = {1.0, 2.0, 4.0}, predictions[] = {1.5, 1.0, 4.0};
  for (int i = 0; i < 3; ++i) statistics.add(labels[i], predictions[i]);
  const ErrorSummary s = statistics.summary();
  CHECK(s.rmse == Approx(std::sqrt(1.25 / 3.0)));
  CHECK(s.mae == Approx(0.5));
  CHECK(s.largest == Approx(1.0));
  CHECK(s.r2 == Approx(1.0 - 1.25 / (14.0 / 3.0)));  // Σ(label − 7/3)² = 14/3
}

TEST_CASE("an evaluation takes forces that are one per atom or none", "[potentials][evaluation]") {
  std::vector<LabelledStructure> data = lennard_jones_data(6);
  const LennardJones truth({.epsilon = 0.5, .sigma = 2.0});
  const ReferenceEnergies baseline = fit_reference_energies(data);
  data[2].forces.clear();
  const EvaluationResult all = evaluate(truth, data, baseline);
  CHECK(all.all.energy.count == 6);
  CHECK(all.all.forces.count == 3 * (4 + 5 + 4 + 5 + 6));  // without those of structure 2, which has 6 atoms
  CHECK(all.all.forces.largest == 0.0);                    // its own labels
  for (const std::size_t wrong : {3, 5}) {
    data[3].forces.resize(wrong);
    const std::string text = "structure 3 has " + std::to_string(wrong) + " forces for 4 atoms";
    CHECK_THROWS_WITH(evaluate(truth, data, baseline), text);
    CHECK_THROWS_WITH(compute_features(small_model(std::span(data).first(2)), data), text);
  }
}

TEST_CASE("structures with a large force are left out of an evaluation", "[potentials][evaluation]") {
  const std::vector<LabelledStructure> data = lennard_jones_data(30);
  double middle = 0.0;
  for (const LabelledStructure& one : data) middle += largest_force_component(one) / 30.0;
  const EvaluationResult result = evaluate(LennardJones({.epsilon = 0.4, .sigma = 2.0}), data,
                                           fit_reference_energies(data), {.largest_force = middle});
  std::size_t used = 0;
  double squares = 0.0, all = 0.0;
  for (std::size_t s = 0; s < data.size(); ++s) {
    const auto atoms = static_cast<double>(data[s].atoms.size());
    const double error = (result.predictions[s].energy - data[s].energy) / atoms;
    all += error * error;
    CHECK(result.used[s] == (largest_force_component(data[s]) <= middle));
    if (!result.used[s]) continue;
    ++used;
    squares += error * error;
  }
  REQUIRE(used > 0);
  REQUIRE(used < data.size());
  CHECK(result.all.structures == used);
  CHECK(result.all.energy.rmse == Approx(std::sqrt(squares / static_cast<double>(used))).epsilon(1e-12));
  CHECK(result.all.energy.rmse != Approx(std::sqrt(all / 30.0)).epsilon(1e-3));
  std::size_t in_sizes = 0;
  for (const Evaluation& one : result.sizes) in_sizes += one.structures;
  REQUIRE(result.sizes.size() == 3);  // 4, 5 and 6 atoms
  CHECK(result.sizes.front().size == 4);
  CHECK(in_sizes == used);
}
