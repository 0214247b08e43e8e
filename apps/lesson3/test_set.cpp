// Why the test set matters: too many Gaussians on too few data, and how to notice.
#include <algorithm>
#include <cmath>
#include <span>

#include "apps/lesson3/pair_law.hpp"
#include "apps/lesson3/sections.hpp"
#include "potentials/pair_fit.hpp"

namespace adatom::apps::lesson3 {
namespace {

using Data = std::vector<LabelledStructure>;

constexpr double far_dimers = 7.2, far_clusters = 9.5;  // Å, the centre of the last Gaussian
constexpr double noise = 0.01;                          // eV per atom, as of energies that were not computed to the end

Data with_noise(Data data, Random& random) {
  for (LabelledStructure& s : data) s.energy += noise * static_cast<double>(s.atoms.size()) * random.normal();
  return data;
}

/// The same Lennard-Jones wall for all, plus so many Gaussians; their coefficients are what is fitted, by least
/// squares.
PairModel fitted(std::size_t gaussians, double farthest, const Data& train) {
  const std::vector<double> centers = linspaced(2.2, farthest, gaussians);
  PairModel model({TrainableLennardJones(0.2, 2.4), TrainableGaussians(centers, 0.7 * (centers[1] - centers[0]))});
  solve_coefficients(model, train);
  return model;
}

/// Errors (meV/atom) against the number of Gaussians.
struct Sweep {
  std::vector<double> gaussians, train, validation, test;
  std::size_t chosen = 0;  // of least error on the validation set
};

Sweep swept(const std::vector<std::size_t>& numbers, double farthest, const Data& train, const Data& validation,
            const Data& test) {
  Sweep sweep;
  for (const std::size_t k : numbers) {
    const PairModel model = fitted(k, farthest, train);
    sweep.gaussians.push_back(static_cast<double>(k));
    sweep.train.push_back(std::max(1e-4, 1e3 * errors_of(model, train).energy));
    sweep.validation.push_back(1e3 * errors_of(model, validation).energy);
    sweep.test.push_back(1e3 * errors_of(model, test).energy);
  }
  sweep.chosen = static_cast<std::size_t>(std::min_element(sweep.validation.begin(), sweep.validation.end()) -
                                          sweep.validation.begin());
  return sweep;
}

Panel errors_panel(const std::string& title, const Sweep& s) {
  return {.title = title,
          .x_label = "Gaussians",
          .y_label = "root mean square error (meV/atom)",
          .curves = {{"training", s.gaussians, s.train, Style::lines_points},
                     {"test", s.gaussians, s.test, Style::lines_points},
                     {"validation", s.gaussians, s.validation, Style::dashes}},
          .log_y = true,
          .settings = "set yrange [0.1:*]"};
}

void add_rows(Table& table, const std::string& name, const Sweep& s) {
  for (const std::size_t i : {std::size_t{0}, s.chosen, s.gaussians.size() - 1})
    table.add({i == 0 ? name : "", fixed(s.gaussians[i], 0), fixed(s.train[i], 3), fixed(s.validation[i], 2),
               fixed(s.test[i], 2),
               i == s.chosen ? "least error of validation: this one is taken"
               : i == 0      ? "too stiff"
                             : "too many"});
}

Panel curves(const Data& train, const Sweep& sweep) {
  const std::vector<double> r = linspace(2.35, 7.05, 400);
  Panel panel{.title = "What the dimers taught",
              .x_label = "distance (Å)",
              .y_label = "pair energy (eV)",
              .settings = "set xrange [2.3:7.1]\nset yrange [-0.6:0.4]"};
  panel.curves.push_back({"exact", r, exact_law(r), Style::dashes, {}, "#000000"});
  const auto k = [](double gaussians) { return static_cast<std::size_t>(gaussians); };
  for (const double number : {sweep.gaussians.front(), sweep.gaussians[sweep.chosen], sweep.gaussians.back()})
    panel.curves.push_back({fixed(number, 0) + " Gaussians", r, learned_law(fitted(k(number), far_dimers, train), r)});
  Curve points{"noisy data", {}, {}, Style::points, {}, "#555555"};
  for (const LabelledStructure& s : train)
    points.x.push_back(norm(s.atoms.positions[1] - s.atoms.positions[0])), points.y.push_back(s.energy);
  panel.curves.push_back(points);
  return panel;
}

/// A mean over repetitions, and its standard error.
struct Mean {
  double sum = 0.0, squares = 0.0;
  std::size_t count = 0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  double value() const { return sum / static_cast<double>(count); }
  double error() const {
    if (count < 2) return 0.0;
    const double n = static_cast<double>(count);
    return std::sqrt(std::max(0.0, squares / n - value() * value()) / (n - 1.0));
  }
};

/// Errors (meV/atom) of one model with more and more training data, each the mean over several drawings of them.
struct LearningCurve {
  std::size_t gaussians = 0;
  std::vector<double> clusters{}, train{}, train_bar{}, test{}, test_bar{};
};

LearningCurve learn(Data pool, const Data& test, std::size_t gaussians, bool quick, Random& random) {
  LearningCurve l{.gaussians = gaussians};
  const std::size_t repetitions = quick ? 2 : 10;
  for (const std::size_t n : {30U, 40U, 60U, 100U, 200U, 400U}) {
    if (n > pool.size() || (quick && n > 60)) break;
    Mean train_error, test_error;
    for (std::size_t k = 0; k < repetitions; ++k) {
      random.shuffle(std::span(pool));
      const Data train(pool.begin(), pool.begin() + static_cast<std::ptrdiff_t>(n));
      const PairModel model = fitted(gaussians, far_clusters, train);
      train_error.add(1e3 * errors_of(model, train).energy);
      test_error.add(1e3 * errors_of(model, test).energy);
    }
    l.clusters.push_back(static_cast<double>(n));
    l.train.push_back(train_error.value()), l.train_bar.push_back(train_error.error());
    l.test.push_back(test_error.value()), l.test_bar.push_back(test_error.error());
  }
  return l;
}

Panel learning_panel(const LearningCurve& l) {
  return {
      .title = std::to_string(l.gaussians) + " Gaussians, more and more clusters",
      .x_label = "clusters to train on",
      .y_label = "root mean square error (meV/atom)",
      .curves = {{"training", l.clusters, l.train, Style::error_bars, l.train_bar},
                 {"test", l.clusters, l.test, Style::error_bars, l.test_bar},
                 {"noise of the data",
                  {l.clusters.front(), l.clusters.back()},
                  {1e3 * noise, 1e3 * noise},
                  Style::dashes,
                  {},
                  "#999999"}},
      .log_x = true,
      .log_y = true,
      .settings = "set format '%g'\nset xtics (30, 40, 60, 100, 200, 400)\nset xrange [25:500]\nset yrange [1:100]"};
}

/// Data that some fit may see, the choice may use, and nobody may look at before the end.
struct Sets {
  Data train, validation, test;
};

}  // namespace

void test_set(Section& section) {
  Random& random = section.random;
  section.say(
      "More Gaussians always fit better, or so the training data say. The same law as before, but few data, and each "
      "energy carries an error of " +
      fixed(1e3 * noise, 0) +
      " meV per atom, as computed or measured ones do: 14 dimers, and 30 planar clusters. Only the coefficients are "
      "fitted, by least squares, so there are no seeds or learning rates to blame.");
  const Sets of_dimers{with_noise(dimers(14, random), random), with_noise(dimers(14, random), random),
                       dimers(200, random)};
  const Data pool = with_noise(planar_clusters(section.quick ? 100 : 1000, random), random);
  const Sets of_clusters{{pool.begin(), pool.begin() + 30},
                         with_noise(planar_clusters(30, random), random),
                         planar_clusters(section.quick ? 50 : 200, random)};
  const Sweep by_dimers = swept({2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, far_dimers, of_dimers.train,
                                of_dimers.validation, of_dimers.test);
  const Sweep by_clusters = swept({2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}, far_clusters,
                                  of_clusters.train, of_clusters.validation, of_clusters.test);
  Table table({"data", "Gaussians", "training\nmeV/atom", "validation\nmeV/atom", "test\nmeV/atom", ""}, {0, 5});
  add_rows(table, "14 dimers", by_dimers);
  table.rule();
  add_rows(table, "30 clusters", by_clusters);
  section.show(table);
  section.say(
      "With as many Gaussians as data the training error vanishes: every point is met, noise and all, and between the "
      "points the curve does as it likes. Only data that the fit has not seen tell. Three sets, then: one to train on; "
      "one to choose by (how many Gaussians, when to stop), the validation set; and one that is looked at once, at the "
      "end, the test set. Who chooses by the test set has no test set any more.");
  const LearningCurve learning = learn(pool, of_clusters.test, 24, section.quick, random);
  section.plot(
      "test_set",
      {curves(of_dimers.train, by_dimers), errors_panel("14 dimers", by_dimers),
       errors_panel("30 planar clusters", by_clusters), learning_panel(learning)},
      "Above left: too few Gaussians miss the waves, too many run through every point and go wild between them. Above "
      "right and below left: the training error falls and falls; the test error falls, turns and rises. Below right: "
      "the cure is more data (each point is the mean over several drawings of the clusters): the training error rises "
      "to the noise, and the test error falls below it, since its energies are exact.");
  section.conclude("By data that it has not seen. With " + fixed(by_clusters.gaussians.back(), 0) +
                   " Gaussians for 30 clusters the training error is " + general(by_clusters.train.back(), 1) +
                   " and the test error " + fixed(by_clusters.test.back(), 0) + " meV per atom; with the " +
                   fixed(by_clusters.gaussians[by_clusters.chosen], 0) + " that the validation set chose it is " +
                   fixed(by_clusters.test[by_clusters.chosen], 1) + ", and with " + fixed(learning.clusters.back(), 0) +
                   " clusters and " + std::to_string(learning.gaussians) + " Gaussians " +
                   fixed(learning.test.back(), 1) + " ± " + fixed(learning.test_bar.back(), 1) + ".");
}

}  // namespace adatom::apps::lesson3
