#include "apps/potential_choice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "potentials/emt.hpp"

namespace adatom::apps {
namespace {

MorseOptions morse_options(const PotentialOptions& o) {
  MorseOptions morse = o.morse;
  morse.epsilon = o.lennard_jones.epsilon;
  if (o.morse_cutoff < 0.0) return morse;
  const double onset = morse.rcut1 / morse.rcut2;  // as a share of the cutoff
  morse.rcut2 = o.morse_cutoff == 0.0 ? std::numeric_limits<double>::infinity() : o.morse_cutoff / morse.r0;
  morse.rcut1 = onset * morse.rcut2;
  return morse;
}

}  // namespace

void add_potential_options(CLI::App& app, PotentialOptions& o) {
  const std::string group = "Potential";
  add_value(app, "-p,--potential", o.potential,
            "lj: Lennard-Jones; morse: Morse; emt: effective-medium theory for Al Cu Ag Au Ni Pd Pt (H C N O); or a "
            "model from adatom train",
            "lj|morse|emt|FILE")
      .required()
      .group(group);
  const auto particular = [&](const std::vector<std::string>& potentials, const Option& option) {
    o.particular.emplace_back(option.group(group), potentials);
  };
  particular({"lj", "morse"}, add_value(app, "--epsilon", o.lennard_jones.epsilon,
                                        "lj and morse: depth of the well, eV", Range::positive));
  particular({"lj"}, add_value(app, "--sigma", o.lennard_jones.sigma, "lj: distance where the energy is 0, Å",
                               Range::positive));
  particular({"lj"}, add_value(app, "--lj-cutoff", o.lennard_jones.cutoff,
                               "lj: cutoff, Å; 0: none, for free clusters only", Range::not_negative));
  particular({"morse"}, add_value(app, "--r0", o.morse.r0, "morse: distance of the minimum, Å", Range::positive));
  particular({"morse"}, add_value(app, "--rho0", o.morse.rho0, "morse: steepness times r0", Range::positive));
  particular({"morse"}, add_value(app, "--morse-cutoff", o.morse_cutoff,
                                  "morse: cutoff, Å; 0: none, for free clusters only", Range::not_negative)
                            .default_text("2.7 r0"));
}

ChosenPotential choose_potential(const PotentialOptions& o) {
  for (const auto& [option, potentials] : o.particular) {
    if (std::ranges::find(potentials, o.potential) == potentials.end())
      option.warn_without_effect("with --potential " + o.potential);
  }
  if (o.potential == "lj") return {std::make_unique<LennardJones>(o.lennard_jones), nullptr};
  if (o.potential == "morse") return {std::make_unique<Morse>(morse_options(o)), nullptr};
  if (o.potential == "emt") return {std::make_unique<Emt>(), nullptr};
  if (!std::filesystem::exists(o.potential)) {
    throw InputError("--potential: '" + o.potential + "' is neither built in (lj, morse, emt) nor a file");
  }
  auto model = std::make_unique<LocalAnsatz>(load_model(o.potential));
  const LocalAnsatz* const seen = model.get();
  return {std::move(model), seen};
}

double pair_minimum(const PotentialOptions& o) {
  if (o.potential == "lj") return std::pow(2.0, 1.0 / 6.0) * o.lennard_jones.sigma;
  return o.potential == "morse" ? o.morse.r0 : 0.0;
}

}  // namespace adatom::apps
