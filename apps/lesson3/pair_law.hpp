// What this file is: the data of the last two sections, of our own making: dimers and planar clusters whose energies
// follow a pair law that is known exactly, and that Lennard-Jones cannot follow.
#pragma once

#include <string>
#include <vector>

#include "apps/lesson.hpp"
#include "potentials/dataset.hpp"
#include "potentials/pair_model.hpp"

namespace adatom::apps::lesson3 {

/// u(r) = A exp(−b (r − r₀)) − B (r₀/r)⁶ − C exp(−(r − r₀)/d) cos(2π (r − r₀)/λ): a wall, an attraction, and fading
/// waves as electrons make them around atoms in a metal (J. Friedel, Nuovo Cimento Suppl. 7, 287 (1958)).
class WavyPairs final : public Potential {
 public:
  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override;
  using Potential::compute;
};

/// Two atoms 2.4 to 7 Å apart, one at random in each of `count` equal intervals, so that there are no large gaps.
std::vector<LabelledStructure> dimers(std::size_t count, Random& random);
/// Planar clusters of 12 atoms at random places, none closer than 2.4 Å.
std::vector<LabelledStructure> planar_clusters(std::size_t count, Random& random);

/// Energies per atom, eV: from the labels, and as the model has them.
std::vector<double> exact_energies(const std::vector<LabelledStructure>& data);
std::vector<double> predicted_energies(const PairModel& model, const std::vector<LabelledStructure>& data);

/// Predicted against exact, train and test, with the line on which both are equal.
Panel parity(const std::string& title, const PairModel& model, const std::vector<LabelledStructure>& train,
             const std::vector<LabelledStructure>& test, double low, double high);

/// u(r) of the law and of a model at these distances, eV.
std::vector<double> exact_law(const std::vector<double>& r);
std::vector<double> learned_law(const PairModel& model, const std::vector<double>& r);

}  // namespace adatom::apps::lesson3
