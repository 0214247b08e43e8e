// Why the test set matters: too many Gaussians on too few data, and how to notice.
#include <algorithm>

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
          .settings = "set yrange [0.1:1e4]\nset key top left"};
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
              .settings = "set xrange [2.3:7.1]\nset yrange [-0.6:0.9]"};
  panel.curves.push_back({"exact", r, exact_law(r), Style::dashes, {}, "#000000"});
  const auto k = [](double gaussians) { return static_cast<std::size_t>(gaussians); };
  for (const double number : {sweep.gaussians.front(), sweep.gaussians[sweep.chosen], sweep.gaussians.back()})
    panel.curves.push_back({fixed(number, 0) + " Gaussians", r, learned_law(fitted(k(number), far_dimers, train), r)});
  Curve points{"training data, with noise", {}, {}, Style::points, {}, "#555555"};
  for (const LabelledStructure& s : train)
    points.x.push_back(norm(s.atoms.positions[1] - s.atoms.positions[0])), points.y.push_back(s.energy);
  panel.curves.push_back(points);
  return panel;
}

/// The error of the test with one model and more and more training data.
Panel learning_curve(const Data& pool, const Data& test, std::size_t gaussians, bool quick) {
  Curve train_curve{"training", {}, {}, Style::lines_points}, test_curve{"test", {}, {}, Style::lines_points};
  for (const std::size_t n : {10, 15, 20, 30, 40, 60, 100, 200, 400}) {
    if (n > pool.size() || (quick && n > 100)) break;
    const Data train(pool.begin(), pool.begin() + static_cast<std::ptrdiff_t>(n));
    const PairModel model = fitted(gaussians, far_clusters, train);
    train_curve.x.push_back(static_cast<double>(n)),
        train_curve.y.push_back(std::max(1e-4, 1e3 * errors_of(model, train).energy));
    test_curve.x.push_back(static_cast<double>(n)), test_curve.y.push_back(1e3 * errors_of(model, test).energy);
  }
  return {.title = std::to_string(gaussians) + " Gaussians, more and more clusters",
          .x_label = "clusters to train on",
          .y_label = "root mean square error (meV/atom)",
          .curves = {train_curve, test_curve},
          .log_x = true,
          .log_y = true,
          .settings = "set format x '%g'\nset yrange [0.1:1e4]"};
}

}  // namespace

void test_set(Section& section) {
  section.say(
      "More Gaussians always fit better, or so the training data say. The same law as before, but few data, and each "
      "energy carries an error of " +
      fixed(1e3 * noise, 0) +
      " meV per atom, as computed or measured ones do: 14 dimers, and 30 planar clusters. Only the coefficients are "
      "fitted, by least squares, so there are no seeds or learning rates to blame.");
  const Data dimers_train = with_noise(dimers(14, section.random), section.random),
             dimers_validation = with_noise(dimers(14, section.random), section.random);
  const Data dimers_test = dimers(200, section.random);
  const Data pool = with_noise(planar_clusters(section.quick ? 100 : 400, section.random), section.random);
  const Data few(pool.begin(), pool.begin() + 30),
      validation = with_noise(planar_clusters(30, section.random), section.random);
  const Data test = planar_clusters(section.quick ? 50 : 200, section.random);
  const Sweep by_dimers =
      swept({2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, far_dimers, dimers_train, dimers_validation, dimers_test);
  const Sweep by_clusters =
      swept({2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}, far_clusters, few, validation, test);
  Table table({"data", "Gaussians", "training\nmeV/atom", "validation\nmeV/atom", "test\nmeV/atom", ""}, {0, 5});
  add_rows(table, "14 dimers", by_dimers);
  table.rule();
  add_rows(table, "30 clusters", by_clusters);
  section.show(table);
  section.say(
      "With as many Gaussians as data the training error vanishes: every point is met, noise and all, and between the "
      "points the curve does as it likes. Only data that the fit has not "
      "seen tell. Three sets, then: one to train on; one to choose by (how many Gaussians, when to stop), the "
      "validation set; and one that is looked at once, at the end, the test set. "
      "Who chooses by the test set has no test set any more.");
  section.plot(
      "test_set",
      {curves(dimers_train, by_dimers), errors_panel("14 dimers", by_dimers),
       errors_panel("30 planar clusters", by_clusters), learning_curve(pool, test, 24, section.quick)},
      "Above left: too few Gaussians miss the waves, too many run through every point and go wild between them. "
      "Above right and below left: the training error falls and falls; the test error falls, "
      "turns and rises. Below right: the cure is more data: the training error "
      "rises to the noise, 10 meV, and the test error falls below it (its energies are exact, those of training and "
      "validation are not).");
}

}  // namespace adatom::apps::lesson3
