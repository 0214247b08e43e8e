// adatom md: molecular dynamics.
#include <algorithm>
#include <memory>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/dynamics_record.hpp"
#include "apps/error_tables.hpp"
#include "apps/last_frame.hpp"
#include "apps/model_file.hpp"
#include "apps/moving_atoms.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/potential_choice.hpp"
#include "apps/progress.hpp"
#include "apps/regular_saves.hpp"
#include "apps/resuming.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "dynamics/checkpoint.hpp"
#include "dynamics/velocities.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct MdOptions {
  CommonOptions common;
  PotentialOptions potential;
  DynamicsOptions dynamics;
  RecordOptions record;
  std::string thermostat;
  std::size_t checkpoint_every = 0;
  bool new_velocities = false, resume = false;
  fs::path input, output, checkpoint;
  std::vector<std::pair<Option, std::string>> particular;  ///< options that one thermostat looks at
  std::vector<Option> of_trajectory;                       ///< options that nothing else looks at
};

constexpr std::size_t steps_between_looks = 10;  // for Ctrl-C

/// The state at step 0.
DynamicsState state_from(const MdOptions& o, const Frame& start) {
  DynamicsState state{
      .atoms = start.atoms, .masses = masses_of(start), .velocities = {}, .random = Random(o.common.seed)};
  const std::optional<std::vector<Vector3>> found = velocities_of(start);
  if (found && !o.new_velocities) {
    note("velocities are those of '" + o.input.string() + "'; --new-velocities draws new ones");
    state.velocities = *found;
    return state;
  }
  MaxwellBoltzmannOptions options;
  options.fixed = o.dynamics.fixed;
  state.velocities = maxwell_boltzmann(state.atoms, state.masses, o.dynamics.temperature, state.random, options);
  return state;
}

/// The state of the checkpoint, if it belongs to this run.
DynamicsState resumed_state(const MdOptions& o, const Frame& start) {
  const Archive archive = load_dynamics_archive(o.checkpoint);
  DynamicsState state = to_dynamics_state(archive);
  const std::string name = "the checkpoint '" + o.checkpoint.string() + "'";
  if (state.atoms.numbers != start.atoms.numbers) {
    throw InputError(name + " has " + chemical_formula(state.atoms) + ", '" + o.input.string() + "' has " +
                     chemical_formula(start.atoms) + " or another order of atoms");
  }
  if (archive.number("user.time_step_fs") != o.dynamics.time_step) {
    throw InputError(name + " was made with --time-step " + number_text(archive.number("user.time_step_fs")) +
                     ", this run asks for " + number_text(o.dynamics.time_step));
  }
  if (const std::string there = archive.string("user.potential"), here = settings_text(o.potential, {}); there != here)
    throw InputError(name + " was made with " + there + ", not with " + here);
  if (state.step > o.record.steps) {
    throw InputError(name + " is at step " + std::to_string(state.step) +
                     " already; --steps counts from the beginning and must be larger, found " +
                     std::to_string(o.record.steps));
  }
  // Random kicks set the whole in motion too, which an earlier part of the run without them kept at rest and did not
  // count.
  if (o.dynamics.thermostat == Thermostat::langevin) state.degrees_of_freedom = 0.0;
  return state;
}

void save(const MdOptions& o, const MolecularDynamics& run) {
  if (o.checkpoint.empty()) return;
  Archive extra("dynamics", 1);
  extra.set("time_step_fs", o.dynamics.time_step);
  extra.set("potential", settings_text(o.potential, {}));
  extra.set("command", command_text());
  save_checkpoint(o.checkpoint, run.state(), &extra);
}

/// What the run is, in a line.
std::string title(const MdOptions& o, const Atoms& atoms, std::size_t first) {
  return chemical_formula(atoms) + ", " +
         (o.dynamics.thermostat == Thermostat::none ? "constant energy"
                                                    : o.thermostat + " at " + general(o.dynamics.temperature) + " K") +
         ", steps of " + general(o.dynamics.time_step) + " fs" +
         (o.resume ? ", resumed at step " + std::to_string(first) : "") + "\n\n";
}

/// Goes on to the last step or Ctrl-C; returns the seconds that took.
double simulate(const MdOptions& o, MolecularDynamics& md, DynamicsRecord& record) {
  std::size_t step = md.thermodynamics().step;
  Progress progress("simulating", o.record.steps, "steps");
  progress.start_at(step);
  RegularSaves saves;
  while (step < o.record.steps && !interrupted()) {
    std::size_t next = std::min(record.next_step(), step + steps_between_looks);
    if (o.checkpoint_every > 0) next = std::min(next, multiple_beyond(step, o.checkpoint_every));
    md.run(next - step);
    step = next;
    record.add();
    if (o.checkpoint_every > 0 ? step % o.checkpoint_every == 0 : saves.due()) saves.save([&] { save(o, md); });
    progress.update(step, fixed(md.thermodynamics().temperature, 0) + " K");
  }
  erase_progress_bar();
  return progress.seconds();
}

void check_files(const MdOptions& o) {
  const std::vector<fs::path> inputs{o.input, o.potential.potential};
  require_writable({{"--output", o.output},
                    {"--log", o.record.log},
                    {"--trajectory", o.record.trajectory},
                    {"--rdf", o.record.rdf},
                    {"--checkpoint", o.checkpoint}},
                   inputs);
}

int run(const MdOptions& given) {
  apply(given.common);
  MdOptions o = given;
  o.dynamics.thermostat = thermostat(o.thermostat);
  if (o.checkpoint.empty()) o.checkpoint = checkpoint_beside(o.output);
  check_files(o);
  const OutputLock alone(o.output);
  if (o.resume) require_checkpoint(o.checkpoint);
  for (const auto& [option, its_thermostat] : o.particular) {
    if (o.thermostat != its_thermostat) option.warn_without_effect("with --thermostat " + o.thermostat);
  }
  if (o.record.trajectory.empty()) warn_without_effect(o.of_trajectory, "without --trajectory");

  const ChosenPotential chosen = choose_potential(o.potential);
  const Frame start = last_frame(o.input, "the run starts from the last one");
  if (chosen.model != nullptr) require_known(*chosen.model, start.atoms, o.input.string());
  o.dynamics.fixed = fixed_atoms(start);
  if (!o.dynamics.fixed.empty()) note(plural(o.dynamics.fixed.size(), "atom") + " fixed by move_mask");
  MolecularDynamics md(o.resume ? resumed_state(o, start) : state_from(o, start), *chosen.potential, o.dynamics);

  DynamicsRecord record(o.record, start, md, *chosen.potential, o.resume);
  say(title(o, start.atoms, md.thermodynamics().step));
  record.begin();
  const double seconds = simulate(o, md, record);
  save(o, md);
  write_extxyz(o.output, std::vector<Frame>{record.frame()});
  record.write_rdf();
  say(record.summary(seconds));
  if (chosen.model != nullptr && worst_extrapolation(*chosen.model, md.atoms()).excess > 0.1)
    warn("the last structure lies outside the training data: the model guesses there");
  if (!interrupted()) return 0;
  warn("stopped at step " + std::to_string(md.thermodynamics().step) + "; " +
       (o.checkpoint.empty() ? "without a --checkpoint there is nothing to go on from"
                             : "repeat the command with --resume to go on from '" + o.checkpoint.string() + "'"));
  return interrupted_exit_code;
}

void add_dynamics_options(CLI::App& app, MdOptions& o) {
  const std::string group = "Dynamics";
  o.thermostat = name(o.dynamics.thermostat);
  add_value(app, "--steps", o.record.steps, "so many steps, counted from the beginning also with --resume",
            Range::positive)
      .group(group);
  add_value(app, "--time-step", o.dynamics.time_step,
            "fs; 1 with hydrogen, 2 to 5 with heavier elements. Twice the step, four times the error of the energy",
            Range::positive)
      .group(group);
  add_value(app, "--temperature", o.dynamics.temperature,
            "of the first velocities (unless the file has some) and of the thermostat, K. At constant energy a crystal "
            "cools to about half of it as its bonds take their share",
            Range::not_negative)
      .group(group);
  add_choice(app, "--thermostat", o.thermostat, {"none", "langevin", "rescaling"},
             "none: constant energy (velocity Verlet); langevin: friction and random kicks on each atom; rescaling: "
             "one random factor for all velocities (Bussi 2007), which disturbs the motion least")
      .group(group);
  o.particular.emplace_back(
      add_value(app, "--friction", o.dynamics.friction, "of langevin, 1/fs", Range::not_negative).group(group),
      "langevin");
  o.particular.emplace_back(
      add_value(app, "--relaxation-time", o.dynamics.relaxation_time, "of rescaling, fs", Range::positive).group(group),
      "rescaling");
  add_flag(app, "--new-velocities", o.new_velocities, "draw velocities even if the file has some").group(group);
}

void add_output_options(CLI::App& app, MdOptions& o) {
  const std::string group = "Output";
  add_value(app, "-o,--output", o.output,
            "extended XYZ with the last structure, its velocities, energy (eV) and forces (eV/Å)")
      .required()
      .group(group);
  add_value(app, "--log", o.record.log, "text with energies, temperature, displacement and pressure by step")
      .group(group);
  add_value(app, "--log-every", o.record.log_every, "steps between its lines", Range::positive).group(group);
  add_value(app, "--trajectory", o.record.trajectory,
            "extended XYZ with structures on the way; positions are not wrapped")
      .group(group);
  o.of_trajectory.push_back(
      add_value(app, "--trajectory-every", o.record.trajectory_every, "steps between its frames", Range::positive)
          .group(group));
  add_value(app, "--rdf", o.record.rdf,
            "text with the radial distribution function of the second half of the run, of which --resume only knows "
            "what it adds")
      .group(group);
  add_value(app, "--checkpoint", o.checkpoint, "where the run can be resumed from")
      .default_text("OUTPUT.checkpoint")
      .group(group);
  add_value(app, "--checkpoint-every", o.checkpoint_every, "steps between its versions; 0: as many as take ten seconds")
      .group(group);
  add_flag(app, "--resume", o.resume,
           "go on from the checkpoint, bit for bit as if nothing had happened; log and trajectory are continued")
      .group(group);
}

}  // namespace

std::function<int()> md_command(CLI::App& app) {
  const auto o = std::make_shared<MdOptions>();
  CLI::App& sub = add_subcommand(app, "md", "let atoms move as Newton says: molecular dynamics");
  add_common(sub, o->common, true);
  add_value(sub, "structure", o->input,
            "extended XYZ; the last frame is the start. Columns velo (Å/fs) or momenta (as ASE writes them) are its "
            "velocities, masses (amu) its masses, move_mask F fixes atoms")
      .required();
  add_potential_options(sub, o->potential);
  add_dynamics_options(sub, *o);
  add_output_options(sub, *o);
  set_footer(
      sub,
      "\nThe conserved energy tells whether the time step is short enough: it should stay constant, with a thermostat "
      "too (what the thermostat gives or takes is subtracted).\n\n"
      "Examples:\n"
      "  adatom md crystal.xyz --potential emt --temperature 600 --thermostat langevin --time-step 5 --steps 2000 -o "
      "hot.xyz --log hot.log\n"
      "  adatom md hot.xyz --potential emt --steps 5000 -o free.xyz --trajectory free.trajectory.xyz --rdf free.rdf\n"
      "  adatom md hot.xyz --potential emt --steps 10000 -o free.xyz --trajectory free.trajectory.xyz --resume");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
