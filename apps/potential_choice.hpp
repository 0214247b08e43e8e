// What this file is: the potential that --potential names: one of the built-in ones, or a trained model.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apps/options.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/local_ansatz.hpp"
#include "potentials/morse.hpp"

namespace adatom::apps {

struct PotentialOptions {
  std::string potential;  ///< "lj", "morse", "emt", or a file
  LennardJonesOptions lennard_jones;
  MorseOptions morse;          ///< ε is that of lennard_jones
  double morse_cutoff = -1.0;  ///< Å; 0: none, negative: as in `morse`

  /// Options that only some potentials look at, with the names of these.
  std::vector<std::pair<Option, std::vector<std::string>>> particular;
};
void add_potential_options(CLI::App& app, PotentialOptions& options);

struct ChosenPotential {
  std::unique_ptr<const Potential> potential;
  const LocalAnsatz* model = nullptr;  ///< the same object, where it is a trained model
};
/// Warns of options that it does not look at. Throws InputError for a file that cannot be read, naming the built-in
/// potentials where there is no such file.
ChosenPotential choose_potential(const PotentialOptions& options);

/// The distance of two atoms at the minimum of a pair potential, Å; 0 for potentials that know elements.
double pair_minimum(const PotentialOptions& options);

}  // namespace adatom::apps
