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
              .settings = "set size nosquare\nset xrange [2.2:7.1]\nset yrange [-0.5:0.9]"};
  panel.curves.push_back({"exact", r, exact_law(r), Style::lines, {}, "#000000"});
  for (const Fitted& f : models) panel.curves.push_back({f.name, r, learned_law(f.model, r), Style::dashes});
  return panel;
}

}  // namespace

void trainable(Section& section) {
  const std::size_t number = section.quick ? 40 : 400, epochs = section.quick ? 60 : 1000;
  const Data dimers_train = dimers(number, section.random), dimers_test = dimers(number, section.random);
  const Data train = planar_clusters(number, section.random), test = planar_clusters(number, section.random);
  const FitOptions options{.epochs = epochs, .learning_rate = 0.02, .seed = section.seed};
  section.say("So far ε and σ were given. Now they are learned from energies: of " + count_text(number) +
              " dimers 2.4 to 7 Å apart, then of as many planar clusters of 12 atoms at random "
              "places. The energies follow a law of pairs that we chose, with a well at 2.8 Å and waves behind it; so "
              "we know exactly what there is to learn. Another " +
              count_text(number) +
              " of each are kept for the test: no fit sees them. The loss is the mean of the squared errors of the "
              "energy per atom, (E − E_exact)²/N²; "
              "its gradient with respect to ε and σ comes from autodiff.");

  Fitted from_dimers{"LJ, trained on dimers", lennard_jones_model()};
  fit(from_dimers.model, dimers_train, options);
  Fitted from_clusters{"LJ, trained on clusters", lennard_jones_model()};
  fit(from_clusters.model, train, options);
  Table on_dimers = table_of_fits();
  add_row(on_dimers, from_dimers, dimers_train, dimers_test);
  section.say("Dimers:");
  section.show(on_dimers);

  std::vector<Fitted> models{from_dimers, from_clusters};
  for (const std::size_t gaussians :
       {std::size_t{4}, std::size_t{8}, std::size_t{16}, std::size_t{24}, std::size_t{32}}) {
    if (section.quick && gaussians > 16) break;
    models.push_back(
        {"LJ + " + std::to_string(gaussians) + " Gaussians", with_gaussians(from_clusters.model, gaussians)});
    FitOptions more = options;
    more.epochs = epochs / 4;
    more.learning_rate = 0.005;
    fit(models.back().model, train, more);
  }
  Table on_clusters = table_of_fits();
  for (const Fitted& f : models) add_row(on_clusters, f, train, test);
  section.say(
      "Clusters. Neither fit of ε and σ is any good: Lennard-Jones has no waves, so no ε and σ describe this law. This "
      "is an error of the model; more data of any kind "
      "do not help, and training and test are equally wrong. So the model gets more freedom: u(r) = u_LJ(r) + Σ c_k "
      "exp(−(r − r_k)²/2w²).");
  section.show(on_clusters);

  std::vector<double> energies = exact_energies(train);
  for (const double e : exact_energies(test)) energies.push_back(e);
  const auto [lowest, highest] = std::minmax_element(energies.begin(), energies.end());
  const double low = *lowest - 0.1, high = *highest + 0.1;
  section.plot(
      "trainable_dimers",
      {parity("Dimers: LJ trained on dimers", from_dimers.model, dimers_train, dimers_test, -0.25, 0.1),
       laws({from_dimers, from_clusters, models[std::min<std::size_t>(4, models.size() - 1)]})},
      "Left: a parity plot; on the dashed line prediction and truth agree. The points form loops: distances "
      "at which Lennard-Jones gives one energy have different exact ones. Right: Lennard-Jones finds the well or an "
      "average of well and waves, never the waves; Gaussians do.");
  section.plot("trainable_parity",
               {parity("LJ trained on dimers", models[0].model, train, test, low, high),
                parity("LJ trained on clusters", models[1].model, train, test, low, high),
                parity(models[3].name, models[3].model, train, test, low, high),
                parity(models.back().name, models.back().model, train, test, low, high)},
               "Planar clusters of 12 atoms. From a cloud to a line: the more Gaussians, the closer. Training and test "
               "lie on the same line, since here there are enough data.",
               {.columns = 2, .width = 600, .height = 600});
}

}  // namespace adatom::apps::lesson3
