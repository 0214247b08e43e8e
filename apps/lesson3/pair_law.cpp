#include "apps/lesson3/pair_law.hpp"

#include <numbers>

#include "atoms/elements.hpp"
#include "atoms/random_cluster.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "potentials/pairs.hpp"

namespace adatom::apps::lesson3 {
namespace {

constexpr double wall = 0.15, steepness = 4.0;                     // eV, 1/Å
constexpr double attraction = 0.25;                                // eV
constexpr double waves = 0.25, wavelength = 1.8, screening = 1.2;  // eV, Å, Å
constexpr double distance = 2.8;                                   // Å
constexpr double closest = 2.4;                                    // Å, in all data

Tensor law(const Tensor& r) {
  const Tensor s = distance / r, x = r - distance;
  return wall * exp(-steepness * x) - attraction * pow(s, 6.0) -
         waves * exp(-x / screening) * cos(2.0 * std::numbers::pi / wavelength * x);
}

LabelledStructure labelled(const Atoms& atoms) {
  const Prediction p = WavyPairs().compute(atoms);
  return {.atoms = atoms, .energy = p.energy, .forces = p.forces};
}

}  // namespace

Tensor WavyPairs::energies(const Atoms&, const Tensor& positions, const Tensor&) const {
  const Pairs pairs = all_pairs(positions);
  return shared_equally(pairs, law(sqrt(squared_distances(pairs, 0.1))));
}

std::vector<LabelledStructure> dimers(std::size_t count, Random& random) {
  const auto stretched = [&](std::size_t i) {
    return closest + (7.0 - closest) * (static_cast<double>(i) + random.uniform()) / static_cast<double>(count);
  };
  std::vector<LabelledStructure> data;
  for (std::size_t i = 0; i < count; ++i)
    data.push_back(labelled({.numbers = {79, 79}, .positions = {{0, 0, 0}, {stretched(i), 0, 0}}}));
  return data;
}

std::vector<LabelledStructure> planar_clusters(std::size_t count, Random& random) {
  const std::vector<int> twelve(12, 79);
  const RandomClusterOptions options{.shape = ClusterShape::planar,
                                     .smallest_distance = closest / (2.0 * element(79).covalent_radius),
                                     .spacing = 1.4};
  std::vector<LabelledStructure> data;
  for (std::size_t i = 0; i < count; ++i) data.push_back(labelled(random_cluster(twelve, random, options)));
  return data;
}

std::vector<double> exact_energies(const std::vector<LabelledStructure>& data) {
  std::vector<double> energies;
  for (const LabelledStructure& s : data) energies.push_back(s.energy / static_cast<double>(s.atoms.size()));
  return energies;
}

std::vector<double> predicted_energies(const PairModel& model, const std::vector<LabelledStructure>& data) {
  std::vector<double> energies;
  for (const LabelledStructure& s : data)
    energies.push_back(model.compute(s.atoms, {.forces = false}).energy / static_cast<double>(s.atoms.size()));
  return energies;
}

Panel parity(const std::string& title, const PairModel& model, const std::vector<LabelledStructure>& train,
             const std::vector<LabelledStructure>& test, double low, double high) {
  const std::string range = "[" + fixed(low, 2) + ":" + fixed(high, 2) + "]\n";
  return {.title = title,
          .x_label = "exact energy per atom (eV)",
          .y_label = "predicted energy per atom (eV)",
          .curves = {{"equal", {low, high}, {low, high}, Style::dashes, {}, "#999999"},
                     {"training", exact_energies(train), predicted_energies(model, train), Style::rings, {}, "#56b4e9"},
                     {"test", exact_energies(test), predicted_energies(model, test), Style::points, {}, "#d55e00"}},
          .settings = "set size square\nset xrange " + range + "set yrange " + range};
}

std::vector<double> exact_law(const std::vector<double>& r) {
  const Tensor u = law(Tensor::constant({r.size()}, r));
  return {u.values().begin(), u.values().end()};
}

std::vector<double> learned_law(const PairModel& model, const std::vector<double>& r) {
  const Tensor u = model.pair_energy(Tensor::constant({r.size()}, r));
  return {u.values().begin(), u.values().end()};
}

}  // namespace adatom::apps::lesson3
