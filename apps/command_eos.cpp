// adatom eos: energy against volume, the bulk modulus, and the elastic constants of cubic crystals.
#include <cmath>
#include <memory>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/last_frame.hpp"
#include "apps/model_file.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/plot.hpp"
#include "apps/potential_choice.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/labels.hpp"
#include "atoms/units.hpp"
#include "core/error.hpp"
#include "optim/elastic.hpp"
#include "optim/equation_of_state.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct EosCommandOptions {
  CommonOptions common;
  PotentialOptions potential;
  EquationOfStateOptions eos;
  std::string kind;
  bool elastic = false;
  double shear_strain = 0.005;
  fs::path input, output, figures;
  std::vector<Option> of_elastic;  ///< options that nothing else looks at
};

std::string describe(const EquationOfState& eos, std::size_t atoms) {
  const EquationOfStateFit& fit = eos.fit;
  Table table({"factor", "volume\nÅ³", "energy\neV", "energy − fit\nmeV", "pressure\nGPa"});
  for (std::size_t i = 0; i < eos.volumes.size(); ++i) {
    table.add({fixed(eos.factors[i], 4), fixed(eos.volumes[i], 4), fixed(eos.energies[i], 6),
               fixed(1e3 * (eos.energies[i] - fit.energy_at(eos.volumes[i])), 4),
               fixed(units::in_gigapascal(fit.pressure_at(eos.volumes[i])), 3)});
  }
  const double factor = eos.factors[0] * std::cbrt(fit.volume / eos.volumes[0]);
  const double count = static_cast<double>(atoms);
  return table.text() + "\nFit of " + std::string(name(fit.kind)) + ":\n  volume V0          " + fixed(fit.volume, 5) +
         " Å³ (" + fixed(fit.volume / count, 5) + " an atom; the input's lattice vectors times " + fixed(factor, 6) +
         ")\n  energy E0          " + fixed(fit.energy, 6) + " eV (" + fixed(fit.energy / count, 6) +
         " an atom)\n  bulk modulus B     " + fixed(units::in_gigapascal(fit.bulk_modulus), 3) + " GPa (" +
         fixed(fit.bulk_modulus, 6) + " eV/Å³)\n  its derivative B'  " + fixed(fit.bulk_modulus_derivative, 4) + "\n";
}

std::string describe(const ElasticConstants& c) {
  const auto gpa = [](double value) { return fixed(units::in_gigapascal(value), 2) + " GPa"; };
  return "\nElastic constants at the volume of no stress:\n  C11 " + gpa(c.c11) + ", C12 " + gpa(c.c12) + ", C44 " +
         gpa(c.c44) + "\n  (C11 + 2 C12)/3 = B = " + gpa(c.bulk_modulus) + ", (C11 − C12)/2 = " + gpa(c.shear_modulus) +
         ", anisotropy " + fixed(c.anisotropy, 3) + "\n  " +
         (c.stable ? "stable" : "unstable: C11 − C12, C11 + 2 C12 or C44 is not positive") + " (Born)\n";
}

/// The crystal at its own volume: from the fit, then by its stress.
RelaxResult at_rest(const Atoms& start, const EquationOfState& eos, const Potential& potential,
                    const EosCommandOptions& o) {
  const StopAtOnce nothing_to_keep;
  RelaxOptions options;
  options.fmax = 1e-4;
  options.cell = {.shape = CellShape::isotropic, .max_stress = 1e-6};
  if (!o.eos.relax_atoms) {
    for (std::size_t i = 0; i < start.size(); ++i) options.fixed.push_back(i);
  }
  const RelaxResult r = relax(scaled(start, std::cbrt(eos.fit.volume / volume(start.cell))), potential, options);
  if (!r.converged) throw NumericalError("at the volume of lowest energy: " + r.reason);
  return r;
}

void draw_curve(const EosCommandOptions& o, const EquationOfState& eos) {
  if (o.figures.empty()) return;
  make_folder(o.figures);
  const std::vector<double> x = linspace(eos.volumes.front(), eos.volumes.back(), 201);
  plot(o.figures, "eos",
       {{.title = "Equation of state: energy of the cell",
         .x_label = "volume (Å³)",
         .y_label = "energy (eV)",
         .curves = {{.title = std::string(name(eos.fit.kind)),
                     .x = x,
                     .y = tabulate(x, [&](double v) { return eos.fit.energy_at(v); })},
                    {.title = "computed", .x = eos.volumes, .y = eos.energies, .style = Style::points}}}});
}

int run(const EosCommandOptions& given) {
  apply(given.common);
  EosCommandOptions o = given;
  o.eos.kind = equation_of_state_kind(o.kind);
  if (!(o.shear_strain > 0.0 && o.shear_strain <= largest_elastic_strain)) {
    throw InputError("--elastic-strain: expected a number above 0 and at most " + general(largest_elastic_strain) +
                     ", found " + general(o.shear_strain));
  }
  const std::vector<fs::path> inputs{o.input, o.potential.potential};
  require_writable(o.output, inputs);
  if (!o.elastic) warn_without_effect(o.of_elastic, "without --elastic");
  const ChosenPotential chosen = choose_potential(o.potential);
  const Atoms start = last_frame(o.input, "the last one counts").atoms;
  if (chosen.model != nullptr) require_known(*chosen.model, start, o.input.string());

  const EquationOfState eos = [&] {
    const StopAtOnce nothing_to_keep;
    return equation_of_state(start, *chosen.potential, o.eos);
  }();
  say(chemical_formula(start) + "\n\n" + describe(eos, start.size()));
  if (!eos.fit.warning.empty()) warn(eos.fit.warning);
  draw_curve(o, eos);
  if (o.output.empty() && !o.elastic) return 0;

  const RelaxResult rest = at_rest(start, eos, *chosen.potential, o);
  if (!o.output.empty()) {
    Frame frame{.atoms = rest.atoms, .info = {}, .columns = {}};
    set_labels(frame, {.energy = rest.energy, .forces = rest.forces});
    write_extxyz(o.output, std::vector<Frame>{frame});
  }
  if (o.elastic) {
    ElasticOptions options;
    options.strain = o.shear_strain;
    const ElasticConstants constants = [&] {
      const StopAtOnce nothing_to_keep;
      return elastic_constants(rest.atoms, *chosen.potential, options);
    }();
    for (const std::string& warning : constants.warnings) warn(warning);
    say(describe(constants));
  }
  return 0;
}

}  // namespace

std::function<int()> eos_command(CLI::App& app) {
  const auto o = std::make_shared<EosCommandOptions>();
  CLI::App& sub = add_subcommand(app, "eos", "equation of state and elastic constants of a crystal");
  add_common(sub, o->common, false);
  add_value(sub, "crystal", o->input, "extended XYZ with a crystal (the last frame)").required();
  add_potential_options(sub, o->potential);
  const std::string group = "Equation of state";
  o->kind = name(o->eos.kind);
  add_choice(sub, "--kind", o->kind, {"birch-murnaghan", "vinet"}, "the curve through the energies").group(group);
  add_value(sub, "--strain", o->eos.strain, "lattice vectors from 1 − this to 1 + this times those of the input",
            Range::fraction)
      .group(group);
  add_value(sub, "--points", o->eos.points, "how many volumes, at least 4", Range::positive).group(group);
  add_flag(sub, "--relax", o->eos.relax_atoms, "relax the atoms at each volume").group(group);
  add_flag(sub, "--elastic", o->elastic, "also C11, C12 and C44 of a crystal whose cubic axes lie along x, y, z")
      .group(group);
  o->of_elastic.push_back(
      add_value(sub, "--elastic-strain", o->shear_strain, "largest strain for these", Range::fraction).group(group));
  add_value(sub, "-o,--output", o->output, "extended XYZ with the crystal at the volume of lowest energy")
      .group("Output");
  add_value(sub, "--figures", o->figures, "folder for eos.png, energy against volume, with its data and gnuplot script",
            "FOLDER")
      .group("Output");
  set_footer(sub,
             "\nThe crystal is squeezed and stretched evenly. The lowest point of the curve is its volume without "
             "pressure, the curvature there the bulk modulus B = V d²E/dV², and the slope anywhere minus the pressure. "
             "Elastic constants are the stress that small strains cause; (C11 + 2 C12)/3 must be B again.\n\n"
             "Examples:\n"
             "  adatom build bulk Cu --output cu.xyz && adatom eos cu.xyz --potential emt --elastic --figures out\n"
             "  adatom eos argon.xyz --potential lj --epsilon 0.0103 --sigma 3.405 --lj-cutoff 8.5 --kind vinet "
             "--output relaxed.xyz");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
