// Tests potentials/dataset.cpp and evaluation.cpp: splits, reference energies, error statistics.
#include "potentials/dataset.hpp"

#include <cmath>
#include <set>

#include "core/error.hpp"
#include "potentials/evaluation.hpp"
#include "tests/potentials/small_training.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;

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
