// adatom relax: structures downhill to where no force is left.
#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/constraint_choice.hpp"
#include "apps/error_tables.hpp"
#include "apps/growing_file.hpp"
#include "apps/model_file.hpp"
#include "apps/old_labels.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/potential_choice.hpp"
#include "apps/progress.hpp"
#include "apps/regular_saves.hpp"
#include "apps/relaxation_checkpoint.hpp"
#include "apps/resuming.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/labels.hpp"
#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
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
  double save_every = 10.0;                                        // seconds
  bool resume = false;
  fs::path input, output, trajectory, checkpoint;
  std::vector<Option> of_gradient_descent, of_a_cell;  ///< options that nothing else looks at
};

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

/// The options that decide to what a structure relaxes.
std::string settings_of(const RelaxCommandOptions& o) {
  std::string text =
      settings_text(o.potential, o.constraints) + " --fmax " + number_text(o.relax.fmax) + " --cell " + o.cell;
  if (!o.strains.empty()) text += " --strains " + o.strains;
  if (o.cell == name(CellShape::fixed)) return text;
  return text + " --pressure " + number_text(o.pressure) + " --max-stress " + number_text(o.max_stress);
}

std::string trajectory_frame(std::size_t structure, std::size_t step, double energy, double fmax, const Atoms& atoms) {
  Frame frame{.atoms = atoms, .info = {}, .columns = {}};
  set_labels(frame, {.energy = energy});
  set_info(frame, "structure", static_cast<std::int64_t>(structure + 1));
  set_info(frame, "step", static_cast<std::int64_t>(step));
  set_info(frame, "fmax", fmax);
  return to_extxyz(frame);
}

bool finished(const Relaxation& one) { return one.state == Relaxation::State::finished; }

/// Of each structure, how many frames of its trajectory are not made again: those of step 0 to the last one known.
std::vector<std::size_t> frames_before(std::span<const Relaxation> all) {
  std::vector<std::size_t> counts;
  for (const Relaxation& one : all) {
    constexpr std::size_t every = std::numeric_limits<std::size_t>::max();
    counts.push_back(finished(one) ? every : one.state == Relaxation::State::underway ? one.steps + 1 : 0);
  }
  return counts;
}

/// All structures on their way: what they have come to, saved now and then, with a progress line. The threads that
/// relax them report to it.
class Relaxations {
 public:
  Relaxations(const RelaxCommandOptions& o, const std::vector<Frame>& starts)
      : o_(o),
        settings_(settings_of(o)),
        starts_(starts),
        all_(o.resume ? read_relaxations(o.checkpoint, settings_, starts) : std::vector<Relaxation>(starts.size())),
        trajectory_(o.trajectory, "", frames_reader("structure", "step", "this relaxation"), frames_before(all_),
                    o.resume),
        finished_(static_cast<std::size_t>(std::ranges::count_if(all_, finished))),
        saves_(o.save_every),
        progress_("relaxing", starts.size(), "structures") {
    progress_.start_at(finished_);
  }

  /// To be looked at when nobody relaxes.
  const std::vector<Relaxation>& all() const { return all_; }
  Relaxation at(std::size_t i) {
    const std::lock_guard lock(mutex_);
    return all_[i];
  }
  std::size_t finished_count() const { return finished_; }

  /// Structure i has made a step; step 0 is its start.
  void step(std::size_t i, std::size_t step, double energy, double fmax, const Atoms& atoms) {
    const std::string frame = trajectory_.wanted() ? trajectory_frame(i, step, energy, fmax, atoms) : "";
    const std::lock_guard lock(mutex_);
    Relaxation& one = all_[i];
    if (step == 0) {
      one.state = Relaxation::State::underway;
      one.first_energy = energy;
    }
    one.latest = atoms;
    one.steps = step;
    trajectory_.add(i, frame);
    save_if_due();
  }

  /// Structure i has come to its end.
  void finish(std::size_t i, std::size_t steps, RelaxResult result, double excess) {
    const std::lock_guard lock(mutex_);
    Relaxation& one = all_[i];
    one.steps = steps;
    one.state = Relaxation::State::finished;
    one.result = std::move(result);
    one.excess = excess;
    one.latest = {};
    save_if_due();
    progress_.update(++finished_);
  }

  void finish_trajectory() { trajectory_.finish(); }
  void write_checkpoint() {
    if (o_.checkpoint.empty()) return;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      if (all_[i].start == 0) all_[i].start = fingerprint({&starts_[i], 1});
    }
    write_relaxations(o_.checkpoint, settings_, starts_, all_);
  }

 private:
  void save_if_due() {
    if (!saves_.due()) return;
    saves_.save([this] {
      trajectory_.save();  // first: the checkpoint must not know of steps that it does not tell of
      write_checkpoint();
    });
  }

  const RelaxCommandOptions& o_;
  const std::string settings_;
  const std::vector<Frame>& starts_;
  std::vector<Relaxation> all_;
  GrowingFile trajectory_;
  std::size_t finished_;
  RegularSaves saves_;
  Progress progress_;
  std::mutex mutex_;
};

void relax_one(const RelaxCommandOptions& o, const ChosenPotential& chosen, const Frame& start, std::size_t i,
               Relaxations& relaxations) {
  const Relaxation before = relaxations.at(i);
  if (finished(before)) return;
  const bool begun = before.state == Relaxation::State::underway;
  RelaxOptions options = o.relax;
  const Constraints constraints = constraints_of(start, o.constraints);
  options.fixed = constraints.fixed;
  options.planes = constraints.planes;
  options.lines = constraints.lines;
  options.max_steps -= std::min(before.steps, options.max_steps - 1);
  options.progress = [&](std::size_t step, double energy, double fmax, const Atoms& atoms) {
    if (step > 0 || !begun) relaxations.step(i, before.steps + step, energy, fmax, atoms);
    if (interrupted()) throw Interrupted();
  };
  RelaxResult result = relax(begun ? before.latest : start.atoms, *chosen.potential, options);
  const double excess = chosen.model == nullptr ? 0.0 : worst_extrapolation(*chosen.model, result.atoms).excess;
  relaxations.finish(i, before.steps + result.steps, std::move(result), excess);
}

void write_results(const fs::path& output, const std::vector<Frame>& starts, const std::vector<Relaxation>& all) {
  std::vector<Frame> relaxed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!finished(all[i])) continue;
    Frame frame = starts[i];
    frame.atoms = all[i].result.atoms;
    drop_old_labels(frame);
    Labels labels{.energy = all[i].result.energy, .forces = all[i].result.forces};
    if (all[i].result.stress) labels.stress = *all[i].result.stress;
    set_labels(frame, labels);
    set_info(frame, "converged", all[i].result.converged);
    relaxed.push_back(std::move(frame));
  }
  if (!relaxed.empty()) write_extxyz(output, relaxed);
}

constexpr std::size_t most_rows = 40;

std::string describe(const std::vector<Relaxation>& all) {
  Table table({"frame", "formula", "steps", "energy before\neV", "energy after\neV", "largest force\neV/Å", "result"},
              {1, 6});
  for (std::size_t i = 0; i < std::min(most_rows, all.size()); ++i) {
    const Relaxation& one = all[i];
    if (!finished(one)) continue;
    const RelaxResult& r = one.result;
    std::string result = r.converged ? "converged" : "not converged";
    if (r.stress)
      result += ", volume " + fixed(volume(r.atoms.cell), 4) + " Å³, stress " +
                general(units::in_gigapascal(r.largest_stress), 2) + " GPa";
    if (r.pieces > 1) result += ", fell into " + std::to_string(r.pieces) + " pieces";
    if (one.excess > 0.1) result += ", extrapolates";
    table.add({std::to_string(i + 1), chemical_formula(r.atoms), std::to_string(one.steps), fixed(one.first_energy, 5),
               fixed(r.energy, 5), general(r.fmax, 3), result});
  }
  return table.text() + (all.size() > most_rows ? "  … and " + std::to_string(all.size() - most_rows) + " more\n" : "");
}

/// Of several atoms, none feels another.
bool nothing_acts(const Relaxation& one) {
  return finished(one) && one.result.atoms.size() > 1 && one.result.energy == 0.0 && one.result.fmax == 0.0;
}

/// The options, each checked, in the units of the library.
RelaxCommandOptions checked(RelaxCommandOptions o) {
  o.relax.method = relax_method(o.method);
  o.relax.cell.shape = cell_shape(o.cell);
  o.relax.cell.pressure = o.pressure * units::gigapascal;
  o.relax.cell.max_stress = o.max_stress * units::gigapascal;
  if (!o.strains.empty()) o.relax.cell.mask = strain_mask(o.strains);
  if (o.relax.cell.shape == CellShape::fixed && (o.pressure != 0.0 || !o.strains.empty())) {
    throw InputError(std::string(o.pressure != 0.0 ? "--pressure" : "--strains") +
                     " needs a cell that relaxes: add --cell full");
  }
  if (o.relax.cell.shape != CellShape::full && !o.strains.empty())
    throw InputError("--strains chooses among those of --cell full, found --cell " + o.cell);
  if (o.relax.method != RelaxMethod::gradient_descent)
    warn_without_effect(o.of_gradient_descent, "with --method " + o.method);
  if (o.relax.cell.shape == CellShape::fixed) warn_without_effect(o.of_a_cell, "with --cell fixed");
  if (o.checkpoint.empty()) o.checkpoint = checkpoint_beside(o.output);
  const std::vector<fs::path> inputs{o.input, o.potential.potential};
  require_writable({{"--output", o.output}, {"--trajectory", o.trajectory}, {"--checkpoint", o.checkpoint}}, inputs);
  if (o.resume) require_checkpoint(o.checkpoint);
  return o;
}

int run(const RelaxCommandOptions& given) {
  apply(given.common);
  const RelaxCommandOptions o = checked(given);
  const OutputLock alone(o.output);
  const ChosenPotential chosen = choose_potential(o.potential);
  const std::vector<Frame> starts = read_extxyz(o.input);
  if (starts.empty()) throw InputError("'" + o.input.string() + "' holds no structure");
  const auto place = [&](std::size_t i) { return "frame " + std::to_string(i + 1) + " of " + o.input.string(); };
  if (chosen.model != nullptr) {
    for (std::size_t i = 0; i < starts.size(); ++i) require_known(*chosen.model, starts[i].atoms, place(i));
  }

  Relaxations relaxations(o, starts);
  parallel_for(starts.size(), [&](std::size_t i) {
    if (interrupted()) return;
    try {
      relax_one(o, chosen, starts[i], i, relaxations);
    } catch (const Interrupted&) {
      return;  // what is done is written below
    } catch (const InputError& error) {
      throw InputError(place(i) + ": " + error.what());
    }
  });
  const bool stopped = interrupted();
  const std::vector<Relaxation>& all = relaxations.all();
  write_results(o.output, starts, all);
  relaxations.finish_trajectory();
  say(describe(all));
  if (const auto lost = std::ranges::find_if(all, nothing_acts); lost != all.end()) {
    warn(place(static_cast<std::size_t>(lost - all.begin())) +
         ": no atom feels another; is the cutoff shorter than every distance?");
  }
  if (stopped || !given.checkpoint.empty()) relaxations.write_checkpoint();
  if (stopped) {
    warn("stopped; " + plural(relaxations.finished_count(), "relaxed structure") + " written to '" + o.output.string() +
         "'" +
         (o.checkpoint.empty() ? std::string()
                               : "; repeat the command with --resume to go on from '" + o.checkpoint.string() + "'"));
    return interrupted_exit_code;
  }
  if (given.checkpoint.empty() && !o.checkpoint.empty()) fs::remove(o.checkpoint);
  const auto failed = std::ranges::find_if(all, [](const Relaxation& one) { return !one.result.converged; });
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
  o->of_gradient_descent.push_back(
      add_value(sub, "--learning-rate", o->relax.learning_rate,
                "of gradient descent, Å²/eV; 0: found while going, so that no step leads uphill", Range::not_negative)
          .group(group));
  add_constraint_options(sub, o->constraints);
  const std::string cell = "Cell";
  o->cell = name(o->relax.cell.shape);
  add_choice(sub, "--cell", o->cell, {"fixed", "full", "isotropic", "lengths"},
             "full: lengths and angles; isotropic: one factor; lengths: angles stay")
      .group(cell);
  add_value(sub, "--strains", o->strains, "components of a full strain that may change, such as xx,yy,xy", "LIST")
      .group(cell);
  add_value(sub, "--pressure", o->pressure, "external pressure, GPa").group(cell);
  o->of_a_cell.push_back(add_value(sub, "--max-stress", o->max_stress,
                                   "done when no stress is larger, GPa, and no force longer than --fmax",
                                   Range::positive)
                             .default_text("0.016")
                             .group(cell));
  add_value(sub, "-o,--output", o->output, "extended XYZ with the relaxed structures, energies (eV) and forces (eV/Å)")
      .required()
      .group("Output");
  add_value(sub, "--trajectory", o->trajectory,
            "extended XYZ with every step; it grows with the checkpoint and is put in order at the end")
      .group("Output");
  add_value(sub, "--checkpoint", o->checkpoint,
            "extended XYZ with all structures as far as they have come [OUTPUT.checkpoint, removed at the end]")
      .group("Output");
  add_value(sub, "--save-every", o->save_every,
            "seconds between two versions of --checkpoint and --trajectory, which Ctrl-C writes too: all that a crash "
            "can cost. Longer where writing them takes long",
            Range::positive)
      .group("Output");
  add_flag(sub, "--resume", o->resume,
           "go on from the checkpoint: finished structures stay as they are, to the last bit; the others begin anew "
           "from where they stood, so that their ways may differ from those of a run that was never interrupted, "
           "--fmax does not. Give the same structures and options again; --steps counts the earlier steps too")
      .group("Output");
  set_footer(
      sub,
      "\nMethods: gradient-descent steps against the slope, thousands of times; cg chooses directions that do not undo "
      "each other (conjugate gradients); the bfgs family learns the curvature on its way, lbfgs without storing a "
      "matrix; fire is dynamics with a brake. All end at a minimum near the start, not at the lowest one: for that see "
      "adatom search.\n"
      "The output is written at the end, and by Ctrl-C with the structures relaxed until then; --resume goes on from "
      "there, or from what was saved last if the program was killed. Exit code 1 if one did not reach --fmax.\n\n"
      "Examples:\n"
      "  adatom relax start.extxyz --potential carbon.adatom --fmax 0.01 --output relaxed.extxyz\n"
      "  adatom relax cluster.xyz --potential lj --epsilon 0.0104 --sigma 3.4 --output relaxed.xyz\n"
      "  adatom relax slab.xyz --potential emt --fix-below 8 --output relaxed.xyz\n"
      "  adatom relax crystal.xyz --potential emt --cell full --pressure 10 --output relaxed.xyz\n"
      "  adatom relax crystal.xyz --potential emt --cell full --pressure 10 --output relaxed.xyz --resume");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
