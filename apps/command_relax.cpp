// adatom relax: structures downhill to where no force is left.
#include <algorithm>
#include <memory>
#include <mutex>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/constraint_choice.hpp"
#include "apps/error_tables.hpp"
#include "apps/model_file.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/potential_choice.hpp"
#include "apps/progress.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/labels.hpp"
#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "optim/equation_of_state.hpp"
#include "optim/relax.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct RelaxCommandOptions {
  CommonOptions common;
  PotentialOptions potential;
  RelaxOptions relax;
  ConstraintOptions constraints;
  std::string method, cell, strains;
  double pressure = 0.0, max_stress = units::in_gigapascal(1e-4);  // GPa
  fs::path input, output, trajectory;
};

/// One structure on its way.
struct Relaxation {
  bool done = false;
  double first_energy = 0.0, excess = 0.0;
  RelaxResult result;
  std::vector<Frame> steps;
};

Frame frame_of(const Atoms& atoms, double energy, const std::vector<Vector3>* forces) {
  Frame frame{.atoms = atoms, .info = {}, .columns = {}};
  Labels labels{.energy = energy};
  if (forces != nullptr) labels.forces = *forces;
  set_labels(frame, labels);
  return frame;
}

/// "xx,yy,xy" as the components of the strain that may change.
std::array<bool, 6> strain_mask(const std::string& text) {
  constexpr std::array<std::string_view, 6> names{"xx", "yy", "zz", "yz", "xz", "xy"};
  std::array<bool, 6> mask{};
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, comma - begin);
    const auto found = std::find(names.begin(), names.end(), part);
    if (found == names.end()) throw InputError("--strains: expected some of xx,yy,zz,yz,xz,xy, found '" + part + "'");
    mask[static_cast<std::size_t>(found - names.begin())] = true;
    begin = comma + 1;
  }
  return mask;
}

void relax_one(const RelaxCommandOptions& o, const ChosenPotential& chosen, const Frame& start, std::size_t index,
               Relaxation& one) {
  RelaxOptions options = o.relax;
  const Constraints constraints = constraints_of(start, o.constraints);
  options.fixed = constraints.fixed;
  options.planes = constraints.planes;
  options.lines = constraints.lines;
  options.progress = [&](std::size_t step, double energy, double fmax, const Atoms& atoms) {
    if (interrupted()) throw Interrupted();
    if (step == 0) one.first_energy = energy;
    if (o.trajectory.empty()) return;
    Frame frame = frame_of(atoms, energy, nullptr);
    set_info(frame, "structure", static_cast<std::int64_t>(index));
    set_info(frame, "step", static_cast<std::int64_t>(step));
    set_info(frame, "fmax", fmax);
    one.steps.push_back(std::move(frame));
  };
  one.result = relax(start.atoms, *chosen.potential, options);
  if (chosen.model != nullptr) one.excess = worst_extrapolation(*chosen.model, one.result.atoms).excess;
  one.done = true;
}

void write_results(const RelaxCommandOptions& o, const std::vector<Frame>& starts, const std::vector<Relaxation>& all) {
  std::vector<Frame> relaxed, steps;
  for (std::size_t i = 0; i < all.size(); ++i) {
    steps.insert(steps.end(), all[i].steps.begin(), all[i].steps.end());
    if (!all[i].done) continue;
    Frame frame = starts[i];
    frame.atoms = all[i].result.atoms;
    std::erase_if(frame.info, [](const auto& entry) {
      return entry.first == "stress" || entry.first == "virial" || entry.first == "free_energy";
    });
    Labels labels{.energy = all[i].result.energy, .forces = all[i].result.forces};
    if (all[i].result.stress) labels.stress = *all[i].result.stress;
    set_labels(frame, labels);
    set_info(frame, "converged", all[i].result.converged);
    relaxed.push_back(std::move(frame));
  }
  if (!relaxed.empty()) write_extxyz(o.output, relaxed);
  if (!o.trajectory.empty() && !steps.empty()) write_extxyz(o.trajectory, steps);
}

constexpr std::size_t most_rows = 40;

std::string describe(const std::vector<Relaxation>& all) {
  Table table({"frame", "formula", "steps", "energy before\neV", "energy after\neV", "largest force\neV/Å", "result"},
              {1, 6});
  for (std::size_t i = 0; i < std::min(most_rows, all.size()); ++i) {
    const Relaxation& one = all[i];
    if (!one.done) continue;
    const RelaxResult& r = one.result;
    std::string result = r.converged ? "converged" : "not converged";
    if (r.stress)
      result += ", volume " + fixed(volume(r.atoms.cell), 4) + " Å³, stress " +
                general(units::in_gigapascal(r.largest_stress), 2) + " GPa";
    if (r.pieces > 1) result += ", fell into " + std::to_string(r.pieces) + " pieces";
    if (one.excess > 0.1) result += ", extrapolates";
    table.add({std::to_string(i + 1), chemical_formula(r.atoms), std::to_string(r.steps), fixed(one.first_energy, 5),
               fixed(r.energy, 5), general(r.fmax, 3), result});
  }
  return table.text() + (all.size() > most_rows ? "  … and " + std::to_string(all.size() - most_rows) + " more\n" : "");
}

/// Of several atoms, none feels another.
bool nothing_acts(const Relaxation& one) {
  return one.done && one.result.atoms.size() > 1 && one.result.energy == 0.0 && one.result.fmax == 0.0;
}

int run(const RelaxCommandOptions& o) {
  apply(o.common);
  RelaxCommandOptions options = o;
  options.relax.method = relax_method(o.method);
  options.relax.cell.shape = cell_shape(o.cell);
  options.relax.cell.pressure = o.pressure * units::gigapascal;
  options.relax.cell.max_stress = o.max_stress * units::gigapascal;
  if (!o.strains.empty()) options.relax.cell.mask = strain_mask(o.strains);
  if (options.relax.cell.shape == CellShape::fixed && (o.pressure != 0.0 || !o.strains.empty())) {
    throw InputError(std::string(o.pressure != 0.0 ? "--pressure" : "--strains") +
                     " needs a cell that relaxes: add --cell full");
  }
  const std::vector<fs::path> inputs{o.input, o.potential.potential};
  require_writable({{"--output", o.output}, {"--trajectory", o.trajectory}}, inputs);
  const ChosenPotential chosen = choose_potential(o.potential);
  const std::vector<Frame> starts = read_extxyz(o.input);
  if (starts.empty()) throw InputError("'" + o.input.string() + "' holds no structure");
  const auto place = [&](std::size_t i) { return "frame " + std::to_string(i + 1) + " of " + o.input.string(); };
  if (chosen.model != nullptr) {
    for (std::size_t i = 0; i < starts.size(); ++i) require_known(*chosen.model, starts[i].atoms, place(i));
  }

  std::vector<Relaxation> all(starts.size());
  Progress progress("relaxing", starts.size(), "structures");
  std::mutex mutex;
  std::size_t finished = 0;
  parallel_for(starts.size(), [&](std::size_t i) {
    if (interrupted()) return;
    try {
      relax_one(options, chosen, starts[i], i + 1, all[i]);
    } catch (const Interrupted&) {
      return;  // what is done is written below
    } catch (const InputError& error) {
      throw InputError(place(i) + ": " + error.what());
    }
    const std::lock_guard lock(mutex);
    progress.update(++finished);
  });
  write_results(o, starts, all);
  say(describe(all));
  if (const auto lost = std::ranges::find_if(all, nothing_acts); lost != all.end()) {
    warn(place(static_cast<std::size_t>(lost - all.begin())) +
         ": no atom feels another; is the cutoff shorter than every distance?");
  }
  if (interrupted()) {
    warn("stopped; " + plural(finished, "relaxed structure") + " written to '" + o.output.string() + "'");
    return interrupted_exit_code;
  }
  const auto failed = std::find_if(all.begin(), all.end(), [](const Relaxation& one) { return !one.result.converged; });
  if (failed == all.end()) return 0;
  throw NumericalError(place(static_cast<std::size_t>(failed - all.begin())) + ": " + failed->result.reason);
}

}  // namespace

std::function<int()> relax_command(CLI::App& app) {
  const auto o = std::make_shared<RelaxCommandOptions>();
  CLI::App& sub = add_subcommand(app, "relax", "move atoms downhill to where no force is left");
  add_common(sub, o->common, false);
  add_value(sub, "structures", o->input, "extended XYZ with the starts").required();
  add_potential_options(sub, o->potential);
  const std::string group = "Relaxation";
  o->method = name(o->relax.method);
  add_value(sub, "--fmax", o->relax.fmax, "done when no force is longer, eV/Å", Range::positive).group(group);
  add_value(sub, "--steps", o->relax.max_steps, "at most so many steps", Range::positive).group(group);
  add_choice(sub, "--method", o->method,
             {"auto", "lbfgs", "bfgs", "fire", "bfgs-line-search", "cg", "gradient-descent"}, "auto: lbfgs")
      .group(group);
  add_value(sub, "--max-step", o->relax.max_step, "longest way of an atom in a step, Å", Range::positive).group(group);
  add_value(sub, "--learning-rate", o->relax.learning_rate,
            "of gradient descent, Å²/eV; 0: found while going, so that no step leads uphill", Range::not_negative)
      .group(group);
  add_constraint_options(sub, o->constraints);
  const std::string cell = "Cell";
  o->cell = name(o->relax.cell.shape);
  add_choice(sub, "--cell", o->cell, {"fixed", "full", "isotropic", "lengths"},
             "full: lengths and angles; isotropic: one factor; lengths: angles stay")
      .group(cell);
  add_value(sub, "--strains", o->strains, "components of a full strain that may change, such as xx,yy,xy", "LIST")
      .group(cell);
  add_value(sub, "--pressure", o->pressure, "external pressure, GPa").group(cell);
  add_value(sub, "--max-stress", o->max_stress, "done when no stress is larger, GPa, and no force longer than --fmax",
            Range::positive)
      .group(cell);
  add_value(sub, "-o,--output", o->output, "extended XYZ with the relaxed structures, energies (eV) and forces (eV/Å)")
      .required()
      .group("Output");
  add_value(sub, "--trajectory", o->trajectory, "extended XYZ with every step").group("Output");
  set_footer(
      sub,
      "\nMethods: gradient-descent steps against the slope, thousands of times; cg chooses directions that do not undo "
      "each other\n"
      "(conjugate gradients); the bfgs family learns the curvature on its way, lbfgs without storing a matrix; fire "
      "is\n"
      "dynamics with a brake. All end at a minimum near the start, not at the lowest one: for that see adatom search.\n"
      "Files are written at the end, and by Ctrl-C with the structures relaxed until then. Exit code 1 if one did not "
      "reach --fmax.\n\nExamples:\n  adatom relax start.extxyz --potential carbon.adatom --fmax 0.01 --output "
      "relaxed.extxyz\n"
      "  adatom relax cluster.xyz --potential lj --epsilon 0.0104 --sigma 3.4 --output relaxed.xyz\n"
      "  adatom relax slab.xyz --potential emt --fix-below 8 --output relaxed.xyz\n"
      "  adatom relax crystal.xyz --potential emt --cell full --pressure 10 --output relaxed.xyz");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
