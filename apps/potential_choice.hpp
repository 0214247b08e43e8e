// What this file is: the potential that --potential names: a trained model, or Lennard-Jones.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "apps/options.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/local_ansatz.hpp"

namespace adatom::apps {

struct PotentialOptions {
  std::string potential;  ///< a file, or "lj"
  LennardJonesOptions lennard_jones;
};
void add_potential_options(CLI::App& app, PotentialOptions& options);

struct ChosenPotential {
  std::unique_ptr<const Potential> potential;
  const LocalAnsatz* model = nullptr;  ///< the same object, where it is a trained model
};
/// Throws InputError for a file that cannot be read.
ChosenPotential choose_potential(const PotentialOptions& options);

}  // namespace adatom::apps
