// Trainable potentials: Lennard-Jones learns dimers, fails at clusters, and gets Gaussians.
#include <algorithm>

#include "apps/lesson3/pair_law.hpp"
#include "apps/lesson3/sections.hpp"
#include "potentials/pair_fit.hpp"

namespace adatom::apps::lesson3 {
namespace {

using Data = std::vector<LabelledStructure>;

const TrainableLennardJones& lennard_jones_of(const PairModel& model) {
  return std::get<TrainableLennardJones>(model.terms().front());
}

PairModel lennard_jones_model() { return PairModel({TrainableLennardJones(0.2, 2.4)}); }

/// Lennard-Jones as it was found, plus so many Gaussians between 2.2 and 9.5 Å, each as wide as they are apart.
PairModel with_gaussians(const PairModel& fitted, std::size_t count) {
  const TrainableLennardJones& lj = lennard_jones_of(fitted);
  const std::vector<double> centers = linspaced(2.2, 9.5, count);
  return PairModel({TrainableLennardJones(lj.epsilon.item(), lj.sigma.item()),
                    TrainableGaussians(centers, centers[1] - centers[0])});
}

struct Fitted {
  std::string name;
  PairModel model;
};

void add_row(Table& table, const Fitted& fitted, const Data& train, const Data& test) {
  const PairErrors a = errors_of(fitted.model, train), b = errors_of(fitted.model, test);
  const TrainableLennardJones& lj = lennard_jones_of(fitted.model);
  table.add({fitted.name, std::to_string(count(fitted.model.parameters())), fixed(lj.epsilon.item(), 4),
             fixed(lj.sigma.item(), 4), fixed(1e3 * a.energy, 3), fixed(1e3 * b.energy, 3), fixed(b.force, 4)});
}

Table table_of_fits() {
  return Table({"model", "numbers\nto train", "ε\neV", "σ\nÅ", "error of training\nmeV/atom", "error of test\nmeV/atom",
                "forces of test\neV/Å"},
               {0});
}

Panel laws(const std::vector<Fitted>& models) {
  const std::vector<double> r = linspace(2.3, 7.0, 300);
  Panel panel{.title = "The pair energy: exact and learned",
              .x_label = "distance (Å)",
              .y_label = "pair energy u (eV)",
              .settings = "set size nosquare\nset xrange [2.2:7.1]\nset yrange [-0.4:0.5]"};
  panel.curves.push_back({"exact", r, exact_law(r), Style::lines, {}, "#000000"});
  for (const Fitted& f : models) panel.curves.push_back({f.name, r, learned_law(f.model, r), Style::dashes});
  return panel;
}

/// 400 dimers or clusters to train on, as many for the test.
struct TrainAndTest {
  Data train, test;
};

/// Both fits of ε and σ, then Lennard-Jones as found on the clusters with more and more Gaussians.
std::vector<Fitted> fits(const TrainAndTest& of_dimers, const TrainAndTest& of_clusters, const FitOptions& options,
                         bool quick) {
  std::vector<Fitted> models{{"LJ, trained on dimers", lennard_jones_model()},
                             {"LJ, trained on clusters", lennard_jones_model()}};
  fit(models[0].model, of_dimers.train, options);
  fit(models[1].model, of_clusters.train, options);
  FitOptions more = options;
  more.epochs = options.epochs / 4;
  more.learning_rate = 0.005;
  for (const std::size_t gaussians : {4U, 8U, 16U, 24U, 32U}) {
    if (quick && gaussians > 16) break;
    models.push_back({"LJ + " + std::to_string(gaussians) + " Gaussians", with_gaussians(models[1].model, gaussians)});
    fit(models.back().model, of_clusters.train, more);
  }
  return models;
}

/// The range of all exact energies, eV per atom.
std::pair<double, double> range_of(const TrainAndTest& data) {
  std::vector<double> energies = exact_energies(data.train);
  for (const double e : exact_energies(data.test)) energies.push_back(e);
  const auto [lowest, highest] = std::minmax_element(energies.begin(), energies.end());
  return {*lowest - 0.1, *highest + 0.1};
}

void draw_dimers(const Section& section, const std::vector<Fitted>& models, const TrainAndTest& of_dimers) {
  section.plot("trainable_dimers",
               {parity("Dimers: LJ trained on dimers", models[0].model, of_dimers.train, of_dimers.test, -0.25, 0.1),
                laws({models[0], models[1], models[std::min<std::size_t>(4, models.size() - 1)]})},
               "Left: a parity plot; on the dashed line prediction and truth agree. The points form loops: distances "
               "at which Lennard-Jones gives one energy have different exact ones. Right: Lennard-Jones finds the well "
               "or an average of well and waves, never the waves; Gaussians do.");
}

void draw_clusters(const Section& section, const std::vector<Fitted>& models, const TrainAndTest& data) {
  const auto [low, high] = range_of(data);
  std::vector<Panel> panels;
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{3}, models.size() - 1})
    panels.push_back(parity(models[k].name, models[k].model, data.train, data.test, low, high));
  section.plot("trainable_parity", panels,
               "Planar clusters of 12 atoms. From a cloud to a line: the more Gaussians, the closer. Training and test "
               "lie on the same line, since here there are enough data.",
               {.columns = 2, .width = 600, .height = 600});
}

/// Root mean square error of a model's energies, meV per atom.
double error_of(const Fitted& fitted, const Data& data) { return 1e3 * errors_of(fitted.model, data).energy; }

}  // namespace

void trainable(Section& section) {
  const std::size_t number = section.quick ? 40 : 400, epochs = section.quick ? 60 : 1000;
  const TrainAndTest of_dimers{dimers(number, section.random), dimers(number, section.random)},
      of_clusters{planar_clusters(number, section.random), planar_clusters(number, section.random)};
  section.say("So far ε and σ were given. Now they are learned from energies: of " + count_text(number) +
              " dimers 2.4 to 7 Å apart, then of as many planar clusters of 12 atoms at random places. The energies "
              "follow a law of pairs that we chose, with a well at 2.8 Å and waves behind it; so we know exactly what "
              "there is to learn. Another " +
              count_text(number) +
              " of each are kept for the test: no fit sees them. The loss is the mean of the squared errors of the "
              "energy per atom, (E − E_exact)²/N²; its gradient with respect to ε and σ comes from autodiff.");
  const std::vector<Fitted> models =
      fits(of_dimers, of_clusters, {.epochs = epochs, .learning_rate = 0.02, .seed = section.seed}, section.quick);
  Table on_dimers = table_of_fits();
  add_row(on_dimers, models[0], of_dimers.train, of_dimers.test);
  section.say("Dimers:");
  section.show(on_dimers);
  Table on_clusters = table_of_fits();
  for (const Fitted& f : models) add_row(on_clusters, f, of_clusters.train, of_clusters.test);
  section.say(
      "Clusters. Neither fit of ε and σ is any good: Lennard-Jones has no waves, so no ε and σ describe this law. This "
      "is an error of the model; more data of any kind do not help, and training and test are equally wrong. So the "
      "model gets more freedom: u(r) = u_LJ(r) + Σ c_k exp(−(r − r_k)²/2w²), and the coefficients c_k are learned "
      "too.");
  section.show(on_clusters);
  draw_dimers(section, models, of_dimers);
  draw_clusters(section, models, of_clusters);
  section.conclude("Yes, as far as its form allows. ε and σ alone leave " +
                   fixed(error_of(models[1], of_clusters.test), 1) +
                   " meV per atom on clusters the fit has not seen; the same with " + models.back().name.substr(5) +
                   " " + general(error_of(models.back(), of_clusters.test), 2) + ". And ε and σ from dimers (" +
                   fixed(error_of(models[0], of_clusters.test), 1) +
                   " meV) are not those for clusters: a wrong form has no right parameters.");
}

}  // namespace adatom::apps::lesson3
