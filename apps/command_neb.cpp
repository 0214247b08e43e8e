// adatom neb: the lowest pass between two minima, by the nudged elastic band.
#include <algorithm>
#include <memory>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/constraint_choice.hpp"
#include "apps/model_file.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/plot.hpp"
#include "apps/potential_choice.hpp"
#include "apps/progress.hpp"
#include "apps/regular_saves.hpp"
#include "apps/resuming.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/labels.hpp"
#include "core/error.hpp"
#include "optim/neb.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct NebCommandOptions {
  CommonOptions common;
  PotentialOptions potential;
  ConstraintOptions constraints;
  NebOptions neb;
  std::string method, start;
  bool no_climb = false, relax_ends = false, resume = false;
  double save_every = 10.0;  // seconds
  fs::path first, last, output, figures, checkpoint;
  std::vector<Option> of_a_new_path;  ///< options that nothing looks at where the path is given

  /// The band goes on from the images in the first file.
  bool given_path() const { return start == "given"; }
};

/// Both ends, and what lies between them in a path that is given.
std::vector<Frame> read_path(const NebCommandOptions& o) {
  const auto read = [](const fs::path& path) {
    std::vector<Frame> frames = read_extxyz(path);
    if (frames.empty()) throw InputError("'" + path.string() + "' holds no structure");
    return frames;
  };
  std::vector<Frame> first = read(o.first);
  if (o.given_path()) {
    if (!o.last.empty()) throw InputError("--start given takes the whole path from one file, not two");
    return first;
  }
  return {first.front(), o.last.empty() ? first.back() : read(o.last).back()};
}

/// A band on its way.
struct BandState {
  std::vector<Atoms> images;  ///< ends included; where there are but two, those between are still to be made
  std::size_t steps = 0;      ///< made so far, in all runs
};

/// The options that decide which path is looked for.
std::string settings_of(const NebCommandOptions& o) {
  return settings_text(o.potential, o.constraints) +
         (o.given_path() ? " --start given" : " --images " + std::to_string(o.neb.images)) +
         (o.relax_ends ? " --relax-ends" : "");
}

/// The constraints of the first structure go with the path, so that it can be gone on with.
void keep_mask(Frame& image, const Frame& first) {
  if (const Column* const mask = find_column(first, "move_mask")) set_column(image, *mask);
}

void write_checkpoint(const NebCommandOptions& o, std::span<const Frame> given, const BandState& state) {
  if (o.checkpoint.empty() || state.images.empty()) return;
  std::vector<Frame> frames;
  for (const Atoms& image : state.images) {
    Frame frame{.atoms = image, .info = {}, .columns = {}};
    set_info(frame, "image", static_cast<std::int64_t>(frames.size()));
    keep_mask(frame, given.front());
    frames.push_back(std::move(frame));
  }
  mark(frames.front(), settings_of(o));
  set_info(frames.front(), "given", fingerprint(given));
  set_info(frames.front(), "steps", static_cast<std::int64_t>(state.steps));
  write_extxyz(o.checkpoint, frames);
}

/// Throws InputError for a checkpoint of other settings, or whose band had other ends.
BandState read_checkpoint(const NebCommandOptions& o, std::span<const Frame> given) {
  BandState state;
  ExtxyzReader reader(o.checkpoint);
  while (const std::optional<Frame> frame = reader.next()) {
    const CheckpointFrame values(o.checkpoint, *frame);
    values.count("image");
    if (state.images.empty()) {
      require_settings(values, o.checkpoint, settings_of(o));
      if (values.integer("given") != fingerprint(given)) {
        throw InputError("--resume: '" + o.checkpoint.string() +
                         "' is of a band between other structures than those of '" + o.first.string() +
                         "'; begin anew without --resume");
      }
      state.steps = values.count("steps");
    }
    state.images.push_back(frame->atoms);
  }
  if (state.images.size() < 3) throw InputError("--resume: '" + o.checkpoint.string() + "' holds no band");
  return state;
}

/// The structure relaxed, if that is wished for the ends.
Atoms end_of(const Frame& frame, const fs::path& path, const ChosenPotential& chosen, const NebCommandOptions& o) {
  if (!o.relax_ends) return frame.atoms;
  RelaxOptions options;
  options.fmax = 0.1 * o.neb.fmax;
  options.fixed = o.neb.fixed;
  options.planes = o.neb.planes;
  options.lines = o.neb.lines;
  options.progress = [](std::size_t, double, double, const Atoms&) {
    if (interrupted()) throw Interrupted();
  };
  const RelaxResult relaxed = relax(frame.atoms, *chosen.potential, options);
  if (!relaxed.converged) throw NumericalError("'" + path.string() + "': " + relaxed.reason);
  return relaxed.atoms;
}

/// Where the band begins: what was given, or where it stood.
BandState start_of(const std::vector<Frame>& given, const ChosenPotential& chosen, const NebCommandOptions& o) {
  const fs::path& last_file = o.last.empty() ? o.first : o.last;
  BandState state;
  for (const Frame& frame : given) {
    if (chosen.model != nullptr)
      require_known(*chosen.model, frame.atoms, (state.images.empty() ? o.first : last_file).string());
    state.images.push_back(frame.atoms);
  }
  if (o.resume) return read_checkpoint(o, given);
  state.images.front() = end_of(given.front(), o.first, chosen, o);
  state.images.back() = end_of(given.back(), last_file, chosen, o);
  return state;
}

/// A band whose forces (eV/Å) have grown beyond this and beyond those at its start has lost its way.
constexpr double lost = 1.0;

/// The band from its start to its end. `latest` is what to go on from if that is not reached.
NebResult find_path(const std::vector<Frame>& given, const ChosenPotential& chosen, const NebCommandOptions& o,
                    BandState& latest) {
  const BandState start = start_of(given, chosen, o);
  double most = lost;
  RegularSaves saves(o.save_every);
  Progress progress("band", o.neb.max_steps, "steps");
  NebOptions options = o.neb;
  options.max_steps -= std::min(start.steps, options.max_steps - 1);
  options.stop = interrupted;
  options.progress = [&](std::size_t step, double barrier, double fmax, const std::vector<Atoms>& images) {
    progress.update(start.steps + step,
                    "barrier " + fixed(barrier, 4) + " eV, largest force " + general(fmax, 2) + " eV/Å");
    if (step == 0) most = std::max(most, fmax);
    if (fmax <= most) latest = {images, start.steps + step};
    if (saves.due()) saves.save([&] { write_checkpoint(o, given, latest); });
  };
  const std::vector<Atoms>& images = start.images;
  NebResult path = images.size() > 2 || o.given_path()
                       ? nudged_elastic_band(images, *chosen.potential, options)
                       : nudged_elastic_band(images.front(), images.back(), *chosen.potential, options);
  path.steps += start.steps;
  return path;
}

std::string describe(const NebResult& path) {
  Table table({"image", "path\nÅ", "energy\neV", "slope\neV/Å", ""}, {4});
  for (std::size_t m = 0; m < path.images.size(); ++m) {
    const bool end = m == 0 || m + 1 == path.images.size();
    table.add({std::to_string(m), fixed(path.way[m], 4), fixed(path.energies[m] - path.energies[0], 5),
               end ? "" : fixed(path.slopes[m], 4), m == path.highest ? "highest" : ""});
  }
  return table.text() + "\nBarrier " + fixed(path.barrier, 5) + " eV, backwards " + fixed(path.reverse_barrier, 5) +
         " eV; " + plural(path.steps, "step") + ", " + plural(path.force_calls, "structure") + " computed\n";
}

void write_images(const NebCommandOptions& o, const Frame& first, const NebResult& path, const Potential& potential) {
  std::vector<Frame> frames;
  for (std::size_t m = 0; m < path.images.size(); ++m) {
    Frame frame{.atoms = path.images[m], .info = {}, .columns = {}};
    set_labels(frame, {.energy = path.energies[m], .forces = potential.compute(path.images[m]).forces});
    keep_mask(frame, first);
    set_info(frame, "image", static_cast<std::int64_t>(m));
    set_info(frame, "path_length", path.way[m]);
    frames.push_back(std::move(frame));
  }
  write_extxyz(o.output, frames);
}

void draw_path(const NebCommandOptions& o, const NebResult& path) {
  if (o.figures.empty()) return;
  make_folder(o.figures);
  Curve curve{.title = "smooth curve", .x = {}, .y = {}},
      images{.title = "images", .x = path.way, .y = {}, .style = Style::points};
  for (const auto& [s, energy] : energy_curve(path)) {
    curve.x.push_back(s);
    curve.y.push_back(energy);
  }
  for (const double energy : path.energies) images.y.push_back(energy - path.energies[0]);
  plot(o.figures, "neb",
       {{.title = "Minimum energy path",
         .x_label = "path length (Å)",
         .y_label = "energy above the first image (eV)",
         .curves = {curve, images}}});
}

int run(const NebCommandOptions& given) {
  apply(given.common);
  NebCommandOptions o = given;
  o.neb.method = relax_method(o.method);
  if (!o.given_path()) o.neb.start = neb_start(o.start);
  if (o.given_path()) warn_without_effect(o.of_a_new_path, "with --start given");
  o.neb.climb = !o.no_climb;
  if (o.checkpoint.empty()) o.checkpoint = checkpoint_beside(o.output);
  const std::vector<fs::path> inputs{o.first, o.last, o.potential.potential};
  require_writable({{"--output", o.output}, {"--checkpoint", o.checkpoint}}, inputs);
  if (o.resume) require_checkpoint(o.checkpoint);
  const OutputLock alone(o.output);
  const ChosenPotential chosen = choose_potential(o.potential);
  const std::vector<Frame> frames = read_path(o);
  const Constraints constraints = constraints_of(frames.front(), o.constraints);
  o.neb.fixed = constraints.fixed;
  o.neb.planes = constraints.planes;
  o.neb.lines = constraints.lines;

  BandState latest;
  const NebResult path = find_path(frames, chosen, o, latest);
  const bool stopped = interrupted();
  for (const std::string& warning : path.warnings) warn(warning);
  write_images(o, frames.front(), path, *chosen.potential);
  draw_path(o, path);
  say(chemical_formula(frames.front().atoms) + ", " + plural(path.images.size() - 2, "image") +
      " between the ends\n\n" + describe(path));
  if (stopped || !given.checkpoint.empty()) write_checkpoint(o, frames, latest);
  if (stopped) {
    warn("stopped after " + plural(path.steps, "step") + "; the path so far is written: --start given goes on from it" +
         (o.checkpoint.empty() ? std::string()
                               : ", and the same command with --resume from '" + o.checkpoint.string() + "'"));
    return interrupted_exit_code;
  }
  if (given.checkpoint.empty() && !o.checkpoint.empty()) fs::remove(o.checkpoint);
  if (!path.converged) throw NumericalError(path.reason);
  return 0;
}

}  // namespace

std::function<int()> neb_command(CLI::App& app) {
  const auto o = std::make_shared<NebCommandOptions>();
  CLI::App& sub = add_subcommand(app, "neb", "the lowest pass between two minima, and its barrier");
  add_common(sub, o->common, false);
  add_value(sub, "first", o->first, "extended XYZ with the first end (its first frame)").required();
  add_value(sub, "last", o->last,
            "extended XYZ with the last end (its last frame); without it the last frame of the first file");
  add_potential_options(sub, o->potential);
  const std::string group = "Band";
  o->method = name(o->neb.method);
  o->start = name(o->neb.start);
  o->of_a_new_path.push_back(
      add_value(sub, "--images", o->neb.images, "structures between the ends", Range::positive).group(group));
  add_choice(sub, "--start", o->start, {"linear", "idpp", "given"},
             "straight lines, or distances between atoms that change evenly (image-dependent pair potential), or the "
             "images between the first and the last frame of the file, to go on with a path written before")
      .group(group);
  add_flag(sub, "--no-climb", o->no_climb,
           "leave the highest image where the springs hold it, instead of letting it climb to the top of the pass")
      .group(group);
  add_flag(sub, "--relax-ends", o->relax_ends, "relax both ends first, to a tenth of --fmax").group(group);
  add_value(sub, "--spring", o->neb.spring, "stiffness of the springs between the images, eV/Å²", Range::positive)
      .group(group);
  add_value(sub, "--fmax", o->neb.fmax, "done when no force on the band is longer, eV/Å", Range::positive).group(group);
  add_value(sub, "--steps", o->neb.max_steps, "at most so many steps", Range::positive).group(group);
  add_choice(sub, "--method", o->method,
             {"auto", "lbfgs", "bfgs", "fire", "bfgs-line-search", "cg", "gradient-descent"},
             "auto: lbfgs, and fire where it does not arrive")
      .group(group);
  add_constraint_options(sub, o->constraints);
  add_value(sub, "-o,--output", o->output, "extended XYZ with the path: all images, energies (eV) and forces (eV/Å)")
      .required()
      .group("Output");
  add_value(sub, "--figures", o->figures,
            "folder for neb.png, the energy along the path, with its data and gnuplot script", "FOLDER")
      .group("Output");
  add_value(sub, "--checkpoint", o->checkpoint,
            "extended XYZ with the path as far as it is [OUTPUT.checkpoint, removed at the end]")
      .group("Output");
  add_value(sub, "--save-every", o->save_every,
            "seconds between two versions of --checkpoint, which Ctrl-C writes too: all that a crash can cost",
            Range::positive)
      .group("Output");
  add_flag(sub, "--resume", o->resume,
           "go on from the path in the checkpoint, which the band then relaxes anew: its way may differ from that of a "
           "run that was never interrupted, --fmax does not. Give the same structures and options again; --steps "
           "counts the earlier steps too")
      .group("Output");
  set_footer(
      sub,
      "\nA band of images joins two minima. Springs act along it and keep the images apart; the true forces act across "
      "it and pull it into the valley. So it settles on a minimum energy path, whose highest point is a saddle: the "
      "barrier divided by kT rules how often the step happens (exp(−E/kT)). A saddle has one imaginary mode: see "
      "adatom vibrations. Both ends need the same atoms in the same order and the same cell, which stays as it is.\n"
      "The path is written at the end, and by Ctrl-C as far as it is; --resume goes on from there, or from what was "
      "saved last if the program was killed (not while --relax-ends relaxes the ends: for large ones see adatom "
      "relax). Exit code 1 if the band did not reach --fmax.\n\n"
      "Examples:\n"
      "  adatom neb hollow.xyz next.xyz --potential emt --relax-ends --fix-below 9 --output path.xyz --figures out\n"
      "  adatom neb ends.xyz --potential carbon.adatom --images 11 --output path.xyz\n"
      "  adatom neb ends.xyz --potential carbon.adatom --images 11 --output path.xyz --resume\n"
      "  adatom neb path.xyz --potential carbon.adatom --start given --fmax 0.005 --output better.xyz");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
