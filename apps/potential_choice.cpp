#include "apps/potential_choice.hpp"

#include "core/error.hpp"

namespace adatom::apps {

void add_potential_options(CLI::App& app, PotentialOptions& o) {
  const std::string group = "Potential";
  add_value(app, "-p,--potential", o.potential, "a model from adatom train, or lj for Lennard-Jones", "FILE|lj").required().group(group);
  add_value(app, "--epsilon", o.lennard_jones.epsilon, "depth of the Lennard-Jones well, eV", Range::positive).group(group);
  add_value(app, "--sigma", o.lennard_jones.sigma, "distance where the Lennard-Jones energy is 0, Å", Range::positive).group(group);
  add_value(app, "--lj-cutoff", o.lennard_jones.cutoff, "cutoff of Lennard-Jones, Å; 0: none, for free clusters only", Range::not_negative).group(group);
}

ChosenPotential choose_potential(const PotentialOptions& o) {
  if (o.potential == "lj") return {std::make_unique<LennardJones>(o.lennard_jones), nullptr};
  auto model = std::make_unique<LocalAnsatz>(load_model(o.potential));
  const LocalAnsatz* const seen = model.get();
  return {std::move(model), seen};
}

}  // namespace adatom::apps
