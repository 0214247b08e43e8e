// adatom md: molecular dynamics.
#include <algorithm>
#include <cmath>
#include <memory>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/dynamics_files.hpp"
#include "apps/error_tables.hpp"
#include "apps/model_file.hpp"
#include "apps/moving_atoms.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/potential_choice.hpp"
#include "apps/progress.hpp"
#include "apps/regular_saves.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/radial_distribution.hpp"
#include "atoms/units.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number_text.hpp"
#include "dynamics/checkpoint.hpp"
#include "dynamics/mean_square_displacement.hpp"
#include "dynamics/velocities.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct MdOptions {
  CommonOptions common;
  PotentialOptions potential;
  DynamicsOptions dynamics;
  std::string thermostat;
  std::size_t steps = 1000, log_every = 10, trajectory_every = 100, checkpoint_every = 0;
  bool new_velocities = false, resume = false;
  fs::path input, output, log, trajectory, rdf, checkpoint;
};

constexpr std::size_t steps_between_looks = 10;  // for Ctrl-C
constexpr std::size_t rows_on_screen = 20;
constexpr std::size_t most_rdf_frames = 200;

/// What accumulates while the run goes on.
struct Averages {
  std::size_t entries = 0;
  double temperature = 0.0, squares = 0.0, potential = 0.0, pressure = 0.0;
  std::optional<double> first_conserved;
  double last_conserved = 0.0, displacement = 0.0;

  void add(const LogEntry& e) {
    ++entries;
    temperature += e.state.temperature;
    squares += e.state.temperature * e.state.temperature;
    potential += e.state.potential;
    pressure += e.pressure_gigapascal.value_or(0.0);
    if (!first_conserved) first_conserved = e.state.conserved;
    last_conserved = e.state.conserved;
    displacement = e.displacement;
  }
};

bool periodic_everywhere(const Atoms& atoms) { return atoms.pbc[0] && atoms.pbc[1] && atoms.pbc[2]; }

Frame read_start(const fs::path& path) {
  std::vector<Frame> frames = read_extxyz(path);
  if (frames.empty()) throw InputError("'" + path.string() + "' holds no structure");
  if (frames.size() > 1)
    note("'" + path.string() + "' holds " + plural(frames.size(), "frame") + "; the run starts from the last one");
  return std::move(frames.back());
}

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
  if (state.step > o.steps) {
    throw InputError(name + " is at step " + std::to_string(state.step) +
                     " already; --steps counts from the beginning and must be larger, found " +
                     std::to_string(o.steps));
  }
  return state;
}

void save(const MdOptions& o, const MolecularDynamics& run) {
  if (o.checkpoint.empty()) return;
  Archive extra("dynamics", 1);
  extra.set("time_step_fs", o.dynamics.time_step);
  extra.set("command", command_text());
  save_checkpoint(o.checkpoint, run.state(), &extra);
}

std::string cell_text(double value, std::size_t width, int digits) { return to_the_right(fixed(value, digits), width); }

void say_header(bool with_pressure) {
  say(std::string("      step      time    potential      kinetic    temperature    conserved") +
      (with_pressure ? "   pressure" : "") +
      "\n                  fs           eV           eV              K           eV" +
      (with_pressure ? "        GPa" : "") + "\n");
}

void say_row(const LogEntry& e) {
  erase_progress_bar();
  const Thermodynamics& t = e.state;
  say(cell_text(static_cast<double>(t.step), 10, 0) + cell_text(t.time, 10, 1) + cell_text(t.potential, 13, 4) +
      cell_text(t.kinetic, 13, 4) + cell_text(t.temperature, 15, 1) + cell_text(t.conserved, 13, 5) +
      (e.pressure_gigapascal ? cell_text(*e.pressure_gigapascal, 11, 3) : "") + "\n");
}

void write_rdf(const fs::path& path, const std::vector<Atoms>& frames) {
  if (path.empty() || frames.empty()) return;
  const RadialDistribution rdf = radial_distribution(frames);
  std::string text = "# r_A g coordination, the mean of " + plural(frames.size(), "frame") + "\n";
  for (std::size_t b = 0; b < rdf.r.size(); ++b) {
    text +=
        number_text(rdf.r[b]) + " " + number_text(rdf.total.g[b]) + " " + number_text(rdf.total.coordination[b]) + "\n";
  }
  write_file(path, text);
}

std::string describe(const Averages& a, const MolecularDynamics& run, double seconds, std::size_t steps,
                     bool with_pressure) {
  const double n = static_cast<double>(run.atoms().size()),
               entries = static_cast<double>(std::max<std::size_t>(1, a.entries));
  const double mean = a.temperature / entries;
  std::string text = "\nMean temperature " + fixed(mean, 1) + " K (fluctuating by " +
                     fixed(std::sqrt(std::max(0.0, a.squares / entries - mean * mean)), 1) +
                     " K), mean potential energy " + fixed(a.potential / entries, 4) + " eV\n";
  if (with_pressure) text += "Mean pressure " + fixed(a.pressure / entries, 3) + " GPa\n";
  text += "Drift of the conserved energy " +
          general(1e3 * (a.last_conserved - a.first_conserved.value_or(0.0)) / std::max(1.0, n), 3) + " meV/atom\n";
  text += "Mean-square displacement from the start " + general(a.displacement, 4) + " Å²\n";
  if (steps > 0 && n > 0) {
    text += plural(steps, "step") + " in " + duration_text(seconds) + ": " +
            general(1e6 * seconds / static_cast<double>(steps) / n, 3) + " µs for each atom and step\n";
  }
  return text;
}

int run(const MdOptions& given) {
  apply(given.common);
  MdOptions o = given;
  o.dynamics.thermostat = thermostat(o.thermostat);
  if (o.checkpoint.empty()) o.checkpoint = checkpoint_beside(o.output);
  const std::vector<fs::path> inputs{o.input, o.potential.potential};
  require_writable({{"--output", o.output},
                    {"--log", o.log},
                    {"--trajectory", o.trajectory},
                    {"--rdf", o.rdf},
                    {"--checkpoint", o.checkpoint}},
                   inputs);
  const OutputLock alone(o.output);
  if (o.resume && !fs::exists(o.checkpoint))
    throw InputError("--resume: there is no checkpoint '" + o.checkpoint.string() + "'");

  const ChosenPotential chosen = choose_potential(o.potential);
  const Frame start = read_start(o.input);
  if (chosen.model != nullptr) require_known(*chosen.model, start.atoms, o.input.string());
  o.dynamics.fixed = fixed_atoms(start);
  if (!o.dynamics.fixed.empty()) note(plural(o.dynamics.fixed.size(), "atom") + " fixed by move_mask");
  DynamicsState state = o.resume ? resumed_state(o, start) : state_from(o, start);
  const std::vector<double> mass = state.masses;
  const std::optional<std::size_t> resumed_at = o.resume ? std::optional(state.step) : std::nullopt;
  MolecularDynamics md(std::move(state), *chosen.potential, o.dynamics);

  const bool with_pressure = periodic_everywhere(start.atoms);
  ThermodynamicLog log(o.log, with_pressure, resumed_at);
  TrajectoryFile trajectory(o.trajectory, resumed_at);
  std::vector<Atoms> snapshots;
  Averages averages;
  Progress progress("simulating", o.steps, "steps");
  const std::size_t first = md.thermodynamics().step;
  progress.start_at(first);
  say(chemical_formula(start.atoms) + ", " +
      (o.dynamics.thermostat == Thermostat::none ? "constant energy"
                                                 : o.thermostat + " at " + general(o.dynamics.temperature) + " K") +
      ", steps of " + general(o.dynamics.time_step) + " fs" +
      (o.resume ? ", resumed at step " + std::to_string(first) : "") + "\n\n");
  say_header(with_pressure);

  const std::size_t row_every = std::max<std::size_t>(1, (o.steps - first + rows_on_screen - 1) / rows_on_screen);
  const std::size_t snapshot_every = std::max<std::size_t>(1, o.steps / 2 / most_rdf_frames);
  if (!o.rdf.empty() && first > o.steps / 2)
    note("--rdf: of the steps from " + std::to_string(first) +
         " on; those before the interruption are not known any more");
  const auto record = [&](std::size_t step) {
    const bool row = step % row_every == 0 || step == o.steps, line = step % o.log_every == 0 || step == o.steps;
    if ((row || line) && !(o.resume && step == first)) {
      LogEntry entry{md.thermodynamics(), mean_square_displacement(start.atoms.positions, md.atoms().positions), {}};
      if (with_pressure)
        entry.pressure_gigapascal = units::in_gigapascal(pressure(md.atoms(), *chosen.potential, entry.state.kinetic));
      if (line) log.write(entry);
      if (row) say_row(entry);
      averages.add(entry);
    }
    if (step % o.trajectory_every == 0 && !o.trajectory.empty() && !(o.resume && step == first))
      trajectory.write(frame_of(start, md, mass));
    if (!o.rdf.empty() && 2 * step >= o.steps && step % snapshot_every == 0) snapshots.push_back(md.atoms());
  };

  RegularSaves saves;
  const auto save_if_due = [&](std::size_t step) {
    const bool due = o.checkpoint_every > 0 ? step % o.checkpoint_every == 0 : saves.due();
    if (due) saves.save([&] { save(o, md); });
  };

  record(first);
  for (std::size_t step = first; step < o.steps && !interrupted();) {
    std::size_t next = std::min(o.steps, step + steps_between_looks);
    for (const std::size_t every :
         {o.log_every, o.trajectory_every, o.checkpoint_every, row_every, o.rdf.empty() ? 0 : snapshot_every}) {
      if (every > 0) next = std::min(next, (step / every + 1) * every);
    }
    md.run(next - step);
    step = next;
    record(step);
    save_if_due(step);
    progress.update(step, fixed(md.thermodynamics().temperature, 0) + " K");
  }
  erase_progress_bar();
  save(o, md);
  write_extxyz(o.output, std::vector<Frame>{frame_of(start, md, mass)});
  const std::size_t reached = md.thermodynamics().step;
  write_rdf(o.rdf, snapshots);
  say(describe(averages, md, progress.seconds(), reached - first, with_pressure));
  if (chosen.model != nullptr && worst_extrapolation(*chosen.model, md.atoms()).excess > 0.1) {
    warn("the last structure lies outside the training data: the model guesses there");
  }
  if (interrupted()) {
    warn("stopped at step " + std::to_string(reached) + "; repeat the command with --resume to go on from '" +
         o.checkpoint.string() + "'");
    return interrupted_exit_code;
  }
  return 0;
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
  const std::string group = "Dynamics";
  o->thermostat = name(o->dynamics.thermostat);
  add_value(sub, "--steps", o->steps, "so many steps, counted from the beginning also with --resume", Range::positive)
      .group(group);
  add_value(sub, "--time-step", o->dynamics.time_step,
            "fs; 1 with hydrogen, 2 to 5 with heavier elements. Twice the step, four times the error of the energy",
            Range::positive)
      .group(group);
  add_value(sub, "--temperature", o->dynamics.temperature,
            "of the first velocities (unless the file has some) and of the thermostat, K. At constant energy a crystal "
            "cools to about half of it as its bonds take their share",
            Range::not_negative)
      .group(group);
  add_choice(sub, "--thermostat", o->thermostat, {"none", "langevin", "rescaling"},
             "none: constant energy (velocity Verlet); langevin: friction and random kicks on each atom; rescaling: "
             "one random factor for all velocities (Bussi 2007), which disturbs the motion least")
      .group(group);
  add_value(sub, "--friction", o->dynamics.friction, "of langevin, 1/fs", Range::not_negative).group(group);
  add_value(sub, "--relaxation-time", o->dynamics.relaxation_time, "of rescaling, fs", Range::positive).group(group);
  add_flag(sub, "--new-velocities", o->new_velocities, "draw velocities even if the file has some").group(group);
  const std::string out = "Output";
  add_value(sub, "-o,--output", o->output,
            "extended XYZ with the last structure, its velocities, energy (eV) and forces (eV/Å)")
      .required()
      .group(out);
  add_value(sub, "--log", o->log, "text with energies, temperature, displacement and pressure by step").group(out);
  add_value(sub, "--log-every", o->log_every, "steps between its lines", Range::positive).group(out);
  add_value(sub, "--trajectory", o->trajectory, "extended XYZ with structures on the way; positions are not wrapped")
      .group(out);
  add_value(sub, "--trajectory-every", o->trajectory_every, "steps between its frames", Range::positive).group(out);
  add_value(sub, "--rdf", o->rdf,
            "text with the radial distribution function of the second half of the run, of which --resume only knows "
            "what it adds")
      .group(out);
  add_value(sub, "--checkpoint", o->checkpoint, "where the run can be resumed from")
      .default_text("OUTPUT.checkpoint")
      .group(out);
  add_value(sub, "--checkpoint-every", o->checkpoint_every,
            "steps between its versions; 0: as many as take ten seconds")
      .group(out);
  add_flag(sub, "--resume", o->resume,
           "go on from the checkpoint, bit for bit as if nothing had happened; log and trajectory are continued")
      .group(out);
  set_footer(
      sub,
      "\nThe conserved energy tells whether the time step is short enough: it should stay constant, with a\nthermostat "
      "too (what the thermostat gives or takes is subtracted).\n\n"
      "Examples:\n  adatom md crystal.xyz --potential emt --temperature 600 --thermostat langevin --time-step 5 "
      "--steps 2000 -o hot.xyz --log hot.log\n"
      "  adatom md hot.xyz --potential emt --steps 5000 -o free.xyz --trajectory free.trajectory.xyz --rdf free.rdf\n"
      "  adatom md hot.xyz --potential emt --steps 10000 -o free.xyz --trajectory free.trajectory.xyz --resume");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
