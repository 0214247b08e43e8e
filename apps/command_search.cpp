// adatom search: the structures of lowest energy, by basin hopping.
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/constraint_choice.hpp"
#include "apps/error_tables.hpp"
#include "apps/metrics.hpp"
#include "apps/model_file.hpp"
#include "apps/output_files.hpp"
#include "apps/resuming.hpp"
#include "apps/search_runs.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/elements.hpp"
#include "atoms/labels.hpp"
#include "core/error.hpp"
#include "optim/minima_archive.hpp"
#include "optim/moves.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

struct SearchCommandOptions {
  CommonOptions common;
  PotentialOptions potential;
  ConstraintOptions constraints;
  SearchOptions search;
  std::string formula;
  std::string moves = "shake:3,surface:1";
  fs::path start, output, archive, metrics;
  double tolerance = 0.3;  ///< 0: none
  bool chiral = false;
  std::size_t minima = 10;
  std::vector<Option> of_adapting, of_models;  ///< options that nothing else looks at
};

void add_search_options(CLI::App& app, SearchCommandOptions& o) {
  const std::string group = "Search";
  BasinHoppingOptions& h = o.search.hopping;
  o.search.walkers.walkers = 1;
  const Option formula = add_value(app, "--formula", o.formula,
                                   "begin each walk from a random cluster of this formula, such as C10", "NAME");
  formula.group(group);
  add_value(app, "--start", o.start, "begin from the first structure of an extended XYZ file")
      .excludes(formula)
      .group(group);
  add_value(app, "--hops", h.hops, "shakes of each walk", Range::positive).group(group);
  add_value(app, "--runs,--walkers", o.search.walkers.walkers,
            "independent walks, spread over the threads; walk k uses the seed plus k − 1", Range::positive)
      .group(group);
  add_value(app, "--moves", o.moves,
            "how a structure is changed before it is relaxed again, with weights: shake (all atoms), single (one "
            "atom), angular (the least bound atom to the surface), surface (1 to 3 loose atoms), swap (two elements), "
            "twist (one half against the other)",
            "NAME[:WEIGHT],...", [](const std::string& text) { parse_moves(text); })
      .group(group);
  add_value(app, "--temperature", h.temperature, "kT of the Metropolis rule, eV: how far uphill a walk may go",
            Range::not_negative)
      .group(group);
  add_value(app, "--step", h.step, "every coordinate is shaken by up to ± this, Å", Range::positive).group(group);
  add_value(app, "--adapt", h.adapt_every,
            "hops after which the step is changed a little, towards half of the hops accepted; 0: never")
      .group(group);
  o.of_adapting.push_back(
      add_flag(app, "--adapt-temperature", h.adapt_temperature,
               "with --adapt: the step so that most hops leave their minimum, the temperature so that half of those "
               "are accepted")
          .group(group));
  add_value(app, "--taboo", h.taboo, "a walk does not return to the last so many different minima it has left")
      .group(group);
  add_value(app, "--reseed-after", h.reseed_after,
            "hops without progress after which a walk begins from a new random cluster; 0: never")
      .group(group);
  add_value(app, "--bond-length", h.bond_length,
            "of the random clusters, Å; 0: twice the covalent radius, or the minimum of Lennard-Jones",
            Range::not_negative)
      .group(group);
  add_value(app, "--fmax", h.fmax, "of the relaxation after each shake, eV/Å", Range::positive).group(group);
  o.of_models.push_back(
      add_value(app, "--tolerance", o.tolerance,
                "turn down minima in which a symmetry function leaves its training range by more than this share of "
                "its width: a learned potential has holes there; 0: accept all",
                Range::not_negative)
          .group(group));
  add_flag(app, "--chiral", o.chiral, "mirror images are different minima").group(group);
  add_value(app, "--checkpoint", o.search.checkpoint,
            "the whole state of the search [OUTPUT.checkpoint, removed at the end]")
      .group(group);
  add_value(app, "--save-every", o.search.save_every,
            "seconds between two versions of --checkpoint, --log and --trajectory, which Ctrl-C writes too: all that a "
            "crash can cost. Longer where writing them takes long",
            Range::positive)
      .group(group);
  add_flag(app, "--resume", o.search.resume,
           "go on from the checkpoint until each walk has made --hops hops, bit for bit as if never interrupted, --log "
           "and --trajectory too; give the same options again")
      .group(group);
  add_value(app, "--minima", o.minima, "how many distinct minima to list and write", Range::positive).group("Output");
}

/// Where all walks begin: the structure given, or as many atoms of the formula in a row, which random starts replace.
Frame starting_point(const SearchCommandOptions& o) {
  if (!o.start.empty()) return read_extxyz(o.start, "0").front();
  Frame frame;
  Atoms& atoms = frame.atoms;
  atoms.numbers = parse_formula(o.formula, 1000);
  for (std::size_t i = 0; i < atoms.numbers.size(); ++i)
    atoms.positions.push_back({static_cast<double>(i) * 1.5, 0.1 * static_cast<double>(i % 2), 0.0});
  return frame;
}

std::vector<std::size_t> fixed_atoms(const Frame& start, const SearchCommandOptions& o) {
  if (o.start.empty() && !(o.constraints.fix.empty() && o.constraints.fix_below.empty())) {
    throw InputError("--fix and --fix-below need a structure: --start FILE");
  }
  const Constraints constraints = constraints_of(start, o.constraints);
  if (!constraints.planes.empty() || !constraints.lines.empty()) {
    throw InputError("'" + o.start.string() +
                     "': its move_mask keeps an atom in a plane or on a line; a search can only fix whole atoms");
  }
  return constraints.fixed;
}

constexpr double longest_bond = 1000.0;  // Å: no atoms are bound that far; squares of absurd lengths would overflow

double bond_length(const SearchCommandOptions& o, const Atoms& start) {
  double length = o.search.hopping.bond_length;
  if (length == 0.0 && o.start.empty()) length = pair_minimum(o.potential);
  if (length == 0.0 && o.start.empty()) {
    for (const int number : start.numbers) length += 2.0 * element(number).covalent_radius;
    length /= static_cast<double>(start.size());
  }
  if (length > longest_bond)
    throw InputError("--bond-length: at most " + general(longest_bond) + " Å, found " + general(length));
  return length;
}

Frame frame_of(const Minimum& minimum, const Potential& potential) {
  Frame frame{.atoms = minimum.atoms, .info = {}, .columns = {}};
  const Prediction prediction = potential.compute(minimum.atoms);
  set_labels(frame, {.energy = prediction.energy, .forces = prediction.forces});
  set_info(frame, "met", static_cast<std::int64_t>(minimum.hits));
  set_info(frame, "walk", static_cast<std::int64_t>(minimum.walker + 1));
  set_info(frame, "hop", static_cast<std::int64_t>(minimum.hop));
  return frame;
}

/// Are all minima to be relaxed tightly, or only the lowest?
bool all_settled(const MinimaArchive& archive, const SearchCommandOptions& o) {
  return !o.archive.empty() || archive.size() <= 2 * o.minima;  // some become one
}

/// The minima relaxed tightly, lowest first; hops are relaxed only to --fmax. All of them if all are asked for.
std::vector<Minimum> settled_minima(const MinimaArchive& archive, const SearchCommandOptions& o,
                                    const Potential& potential) {
  MinimaArchive lowest(archive.rule());
  for (const Minimum& minimum : archive.minima()) {
    if (!all_settled(archive, o) && lowest.size() >= 2 * o.minima) break;
    lowest.restore(minimum);
  }
  return settled(lowest, potential, o.search.hopping.best_fmax, o.search.hopping.fixed).minima();
}

bool found(const BasinHoppingResult& r) { return std::isfinite(r.best_energy); }

std::string describe_walks(const Walkers& party) {
  Table table(
      {"walk", "seed", "lowest\neV", "found at\nhop", "hops", "accepted\n%", "failed", "turned\ndown", "force\ncalls"});
  for (std::size_t w = 0; w < party.walkers.size(); ++w) {
    const BasinHoppingResult& r = party.walkers[w].search;
    table.add({std::to_string(w + 1), std::to_string(party.walkers[w].seed), found(r) ? fixed(r.best_energy, 5) : "-",
               found(r) ? std::to_string(r.best_hop) : "-", count_text(r.hops), fixed(100.0 * r.acceptance(), 0),
               count_text(r.failed), count_text(r.unacceptable + r.revisits), count_text(r.force_calls)});
  }
  return table.text();
}

std::string describe_minima(std::span<const Minimum> minima) {
  Table table({"rank", "energy\neV", "above lowest\neV", "per atom\nmeV", "times\nmet", "first met\nwalk hop"});
  for (std::size_t i = 0; i < minima.size(); ++i) {
    const Minimum& m = minima[i];
    const double above = m.energy - minima.front().energy;
    table.add({std::to_string(i + 1), fixed(m.energy, 5), fixed(above, 4),
               fixed(1e3 * above / static_cast<double>(m.atoms.size()), 1), std::to_string(m.hits),
               std::to_string(m.walker + 1) + " " + std::to_string(m.hop)});
  }
  return table.text();
}

nlohmann::json to_json(const SearchCommandOptions& o, const SearchResult& result, std::size_t distinct,
                       std::span<const Minimum> best) {
  nlohmann::json walks = nlohmann::json::array(), minima = nlohmann::json::array();
  for (const Walker& walker : result.walkers.walkers) {
    const BasinHoppingResult& r = walker.search;
    nlohmann::json one{{"seed", walker.seed},           {"hops", r.hops},
                       {"accepted", r.accepted},        {"failed", r.failed},
                       {"turned_down", r.unacceptable}, {"revisits", r.revisits},
                       {"quenches", r.quenches},        {"force_calls", r.force_calls}};
    if (found(r)) one["lowest_eV"] = r.best_energy, one["found_at_hop"] = r.best_hop;
    walks.push_back(one);
  }
  for (const Minimum& minimum : best) minima.push_back({{"energy_eV", minimum.energy}, {"times_met", minimum.hits}});
  return {{"program", "adatom " ADATOM_VERSION},
          {"command", command_text()},
          {"potential", o.potential.potential},
          {"walks", walks},
          {"minima", minima},
          {"distinct_minima", distinct},
          {"holes", result.holes.size()}};
}

void check(const SearchCommandOptions& o) {
  if (o.formula.empty() == o.start.empty()) throw InputError("say what to search: --formula C10, or --start FILE");
  if (o.search.walkers.walkers > most_walkers)
    throw InputError("--walkers: expected at most " + std::to_string(most_walkers) + ", found " +
                     std::to_string(o.search.walkers.walkers));
  if (o.search.resume && o.search.checkpoint.empty())
    throw InputError("--resume needs the --checkpoint, or the --output, to go on from");
  if (o.search.resume) require_checkpoint(o.search.checkpoint);
  const std::vector<fs::path> inputs{o.start, o.potential.potential};
  require_writable({{"--output", o.output},
                    {"--archive", o.archive},
                    {"--trajectory", o.search.trajectory},
                    {"--log", o.search.log},
                    {"--metrics", o.metrics},
                    {"--checkpoint", o.search.checkpoint}},
                   inputs);
}

/// Throws InputError if the potential does not know an element of the formula, which no random start would tell.
void require_computable(const SearchCommandOptions& o, const Atoms& start, const Potential& potential) {
  if (!o.start.empty()) return;
  try {
    potential.compute(start);
  } catch (const InputError& error) {
    throw InputError("--formula " + o.formula + ": " + error.what());
  }
}

/// The first that is not empty.
fs::path first_of(std::initializer_list<fs::path> paths) {
  const auto found = std::ranges::find_if(paths, [](const fs::path& path) { return !path.empty(); });
  return found == paths.end() ? fs::path() : *found;
}

void write_minima(const fs::path& path, std::span<const Minimum> minima, const Potential& potential) {
  if (path.empty()) return;
  std::vector<Frame> frames;
  for (const Minimum& minimum : minima) frames.push_back(frame_of(minimum, potential));
  write_extxyz(path, frames);
}

/// Fills in what the search needs to know of its start. Returns that.
Atoms prepare(SearchCommandOptions& o, const ChosenPotential& chosen) {
  BasinHoppingOptions& hopping = o.search.hopping;
  const Frame first = starting_point(o);
  const Atoms& start = first.atoms;
  hopping.seed = o.common.seed;
  hopping.moves = parse_moves(o.moves);
  hopping.same.match.mirror = !o.chiral;
  hopping.fixed = fixed_atoms(first, o);
  hopping.random_start = o.start.empty() && start.size() > 1;
  if (chosen.model != nullptr) require_known(*chosen.model, start, o.start.empty() ? "--formula" : o.start.string());
  hopping.bond_length = bond_length(o, start);
  require_computable(o, start, *chosen.potential);
  o.search.walkers.archive = true;
  if (o.tolerance > 0.0) o.search.tolerance = o.tolerance;
  return start;
}

/// What the user gets to see.
struct Findings {
  bool only_holes = false;            ///< nothing was found where the model knows anything
  std::size_t distinct = 0;           ///< how many minima
  std::vector<Minimum> minima, best;  ///< relaxed tightly, lowest first; and as many as were asked for
};

Findings findings(const SearchResult& result, const SearchCommandOptions& o, const Potential& potential) {
  Findings found;
  found.only_holes = result.minima.size() == 0 && result.holes.size() > 0;
  const MinimaArchive& met = found.only_holes ? result.holes : result.minima;
  found.minima = settled_minima(met, o, potential);
  // Relaxed tightly, some become one; where only the lowest were, the others count as they were met.
  found.distinct = all_settled(met, o) ? found.minima.size() : met.size();
  found.best = found.minima;
  if (found.best.size() > o.minima) found.best.resize(o.minima);
  return found;
}

/// Of the holes, where there is better to show.
void note_holes(const MinimaArchive& holes, const LocalAnsatz& model) {
  const Minimum lowest = holes.minima().front();
  note(count_text(holes.size()) + (holes.size() == 1 ? " minimum" : " minima") +
       " far outside the training data turned down, the lowest at " + fixed(lowest.energy, 3) + " eV (" +
       fixed(worst_extrapolation(model, lowest.atoms).excess, 1) +
       " widths of the range outside); --tolerance 0 accepts them");
}

void report(const SearchResult& result, const Findings& found, const SearchCommandOptions& o,
            const ChosenPotential& chosen) {
  if (found.only_holes)
    warn(
        "every minimum found lies far outside the training data; they are listed nevertheless, but the model only "
        "guesses there");
  if (!found.best.empty()) {
    write_minima(o.output, found.best, *chosen.potential);
    write_minima(o.archive, found.minima, *chosen.potential);
    say("\nDistinct minima: " + count_text(found.distinct) + "; the lowest\n" + describe_minima(found.best));
  }
  if (!found.only_holes && result.holes.size() > 0 && chosen.model != nullptr) note_holes(result.holes, *chosen.model);
  write_metrics(o.metrics, to_json(o, result, found.distinct, found.best));
}

int run(const SearchCommandOptions& given) {
  apply(given.common);
  SearchCommandOptions o = given;
  const bool keep_checkpoint = !o.search.checkpoint.empty();
  if (!keep_checkpoint) o.search.checkpoint = checkpoint_beside(o.output);
  check(o);
  const OutputLock alone(first_of({o.output, o.search.checkpoint, o.search.log, o.search.trajectory}));
  const ChosenPotential chosen = choose_potential(o.potential);
  if (o.search.hopping.adapt_every == 0) warn_without_effect(o.of_adapting, "without --adapt");
  if (chosen.model == nullptr) warn_without_effect(o.of_models, "with --potential " + o.potential.potential);
  const Atoms start = prepare(o, chosen);

  const SearchResult result = search(start, chosen, o.search);
  say("Basin hopping for " + chemical_formula(start) + " with " + o.potential.potential + ": kT " +
      general(o.search.hopping.temperature) + " eV, step " + general(o.search.hopping.step) + " Å, moves " + o.moves +
      "\n\n" + describe_walks(result.walkers));
  const Findings found = findings(result, o, *chosen.potential);
  report(result, found, o, chosen);
  if (!result.not_written.empty()) throw Error(result.not_written);
  if (interrupted()) {
    const bool written = !o.output.empty() || !o.archive.empty();
    warn(std::string("stopped") + (written ? "; what was found so far is written" : "") +
         (o.search.checkpoint.empty()
              ? std::string()
              : "; repeat the command with --resume to go on from '" + o.search.checkpoint.string() + "'"));
    return interrupted_exit_code;
  }
  if (!keep_checkpoint) fs::remove(o.search.checkpoint);
  if (found.best.empty())
    throw NumericalError("no hop could be relaxed; more hops, another seed or a smaller step may help");
  return 0;
}

}  // namespace

std::function<int()> search_command(CLI::App& app) {
  const auto o = std::make_shared<SearchCommandOptions>();
  CLI::App& sub = add_subcommand(app, "search", "find structures of lowest energy by basin hopping");
  add_common(sub, o->common, true);
  add_potential_options(sub, o->potential);
  add_search_options(sub, *o);
  add_constraint_options(sub, o->constraints, false);
  const std::string group = "Output";
  add_value(sub, "-o,--output", o->output, "extended XYZ with the distinct minima, lowest first").group(group);
  add_value(sub, "--archive", o->archive,
            "extended XYZ with every distinct minimum met, relaxed tightly, lowest first, with how often it was met")
      .group(group);
  add_value(sub, "--trajectory", o->search.trajectory, "extended XYZ with every accepted structure of every walk")
      .group(group);
  add_value(sub, "--log", o->search.log, "table of all hops").group(group);
  add_value(sub, "--metrics", o->metrics, "results as JSON").group(group);
  set_footer(
      sub,
      "\nEach hop changes the structure by one of the moves, relaxes it, and is kept or discarded by the Metropolis "
      "rule: lower always, higher with probability exp(-rise/kT). Too cold a walk stays where it is; too hot a walk "
      "wanders. --walkers go their own ways from their own seeds; the result does not depend on --threads. Two "
      "structures are one minimum when one can be laid upon the other, atom upon atom of its element. Ctrl-C writes "
      "what was found; --resume goes on from there, or from what was saved last if the program was killed.\n\n"
      "Examples:\n"
      "  adatom search --potential lj --formula Ar13 --hops 100 --output lj13.xyz\n"
      "  adatom search --potential lj --formula Ar38 --walkers 4 --hops 5000 --reseed-after 40 --archive lj38.xyz\n"
      "  adatom search --potential emt --formula Au12Cu12 --moves shake:3,surface:1,swap:2 --hops 500\n"
      "  adatom search --potential carbon.adatom --formula C10 --walkers 4 --hops 200 --output C10.extxyz --checkpoint "
      "C10.state\n"
      "  adatom search --potential carbon.adatom --formula C10 --walkers 4 --hops 800 --output C10.extxyz --checkpoint "
      "C10.state --resume");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
