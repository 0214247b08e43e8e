// adatom demo: the main job, from data to structures, as a sequence of the other commands.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/metrics.hpp"
#include "apps/options.hpp"
#include "apps/output_files.hpp"
#include "apps/program.hpp"
#include "apps/signals.hpp"
#include "apps/structure_figure.hpp"
#include "apps/table.hpp"
#include "apps/xtb.hpp"
#include "atoms/compare.hpp"
#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

struct DemoOptions {
  CommonOptions common;
  fs::path data = "data/carbon", output = "out/demo";
  std::size_t epochs = 150, hops = 150, walks = 4;
  bool quick = false;
};

constexpr std::size_t text_width = 99;

/// Another command, shown as the user would type it.
void step(const DemoOptions& o, const std::string& title, Words words) {
  constexpr std::array subcommands{train_command, evaluate_command, search_command, check_command};
  if (o.common.threads > 0) words.insert(words.end(), {"--threads", std::to_string(o.common.threads)});
  std::string line = "$ adatom";
  for (const std::string& word : words) line += " " + word;
  say("\n━━ " + title + "\n" + line + "\n\n");
  if (o.common.quiet) words.push_back("--quiet");
  const int code = run_command_line(words, subcommands);
  if (code == 0) return;
  if (code == closed_pipe_exit_code) throw OutputClosed();
  if (code == interrupted_exit_code) {
    note("that is the command above, after $; the demo itself begins anew");
    throw Interrupted();
  }
  const std::string what = "the demo stopped: the command above ended with exit code " + std::to_string(code);
  if (code == unusable_input_exit_code) throw InputError(what);
  throw Error(what);
}

Words data_files(const DemoOptions& o, std::size_t first, std::size_t last) {
  Words files;
  for (std::size_t n = first; n <= last; ++n)
    files.push_back((o.data / ("C" + std::to_string(n) + ".extxyz")).string());
  return files;
}

Words operator+(Words a, const Words& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

nlohmann::json load_json(const fs::path& path) {
  std::ifstream file(path);
  return nlohmann::json::parse(file);
}

/// What the search found for one size, beside the reference.
struct Comparison {
  std::size_t atoms = 0;
  Atoms found, reference;
  double model_energy = 0.0;                           ///< of the best structure, eV
  double reference_energy = 0.0;                       ///< lowest in the data, eV
  std::optional<double> found_energy, relaxed_energy;  ///< GFN2-xTB at the found structure, and relaxed from it
  double difference = 0.0;                             ///< of sorted distances, Å
};

double energy_of(const Frame& frame) { return *labels(frame).energy; }

Comparison compare(const DemoOptions& o, std::size_t atoms, bool with_xtb) {
  const std::string name = "C" + std::to_string(atoms);
  const std::vector<Frame> minima = read_extxyz(o.output / (name + "_minima.extxyz"));
  const std::vector<Frame> data = read_extxyz(o.data / (name + ".extxyz"));
  const Frame& lowest = *std::min_element(data.begin(), data.end(),
                                          [](const Frame& a, const Frame& b) { return energy_of(a) < energy_of(b); });
  Comparison c{.atoms = atoms,
               .found = minima.front().atoms,
               .reference = lowest.atoms,
               .model_energy = energy_of(minima.front()),
               .reference_energy = energy_of(lowest),
               .found_energy = {},
               .relaxed_energy = {}};
  if (with_xtb) {
    if (const auto single = xtb_energy(c.found)) c.found_energy = single->energy;
    // The few lowest are refined with the reference method, as one would in practice.
    for (std::size_t i = 0; i < std::min<std::size_t>(5, minima.size()); ++i) {
      const auto relaxed = xtb_relaxed(minima[i].atoms);
      if (!relaxed || (c.relaxed_energy && relaxed->energy >= *c.relaxed_energy)) continue;
      c.relaxed_energy = relaxed->energy;
      c.found = relaxed->atoms;
    }
  }
  c.difference = rms_difference(c.found, c.reference);
  return c;
}

std::string optional_text(const std::optional<double>& value) { return value ? fixed(*value, 3) : "-"; }

std::string describe(const std::vector<Comparison>& all) {
  Table table({"", "found: model\neV", "found: xtb\neV", "relaxed with xtb\neV", "lowest in data\neV",
               "above it by\neV", "shapes differ by\nÅ (RMS)"},
              {0});
  for (const Comparison& c : all) {
    const double best = c.relaxed_energy.value_or(c.model_energy);
    table.add({"C" + std::to_string(c.atoms), fixed(c.model_energy, 3), optional_text(c.found_energy),
               optional_text(c.relaxed_energy), fixed(c.reference_energy, 3), fixed(best - c.reference_energy, 3),
               fixed(c.difference, 3)});
  }
  return table.text();
}

nlohmann::json to_json(const Comparison& c) {
  nlohmann::json json{{"atoms", c.atoms},
                      {"model_energy_eV", c.model_energy},
                      {"lowest_in_data_eV", c.reference_energy},
                      {"rms_distance_difference_A", c.difference}};
  if (c.found_energy) json["xtb_energy_at_found_eV"] = *c.found_energy;
  if (c.relaxed_energy) json["xtb_energy_relaxed_eV"] = *c.relaxed_energy;
  return json;
}

/// Errors of one metrics file, a row for each size.
void add_rows(Table& table, const nlohmann::json& metrics, const std::string& kind) {
  const auto text = [](const nlohmann::json& errors, const char* figure, int digits) {
    return errors.contains(figure) ? fixed(errors.at(figure).get<double>(), digits) : "-";
  };
  for (const nlohmann::json& group : metrics.at("errors").at("sizes")) {
    const nlohmann::json &energy = group.at("energy"), &forces = group.at("forces");
    table.add({"C" + group.at("atoms").dump(), kind, group.at("structures").dump(), text(energy, "rmse", 1),
               text(energy, "baseline_rmse", 1), text(forces, "rmse", 0), text(forces, "baseline_rmse", 0)});
  }
}

std::string summary(const DemoOptions& o, const std::vector<Comparison>& comparisons, double seconds) {
  Table errors({"size", "structures", "count", "energy RMSE\nmeV/atom", "trivial\nmeV/atom", "force RMSE\nmeV/Å",
                "trivial\nmeV/Å"},
               {0, 1});
  add_rows(errors, load_json(o.output / "test.json"), "of runs held back");
  errors.rule();
  add_rows(errors, load_json(o.output / "unseen.json"), "of a size never seen");
  const double training = load_json(o.output / "train.json").at("seconds").get<double>();
  const bool with_xtb = comparisons.front().relaxed_energy.has_value();
  const auto paragraph = [](const std::string& text) { return wrapped(text, 0, text_width) + "\n\n"; };
  return "\n━━ Summary\n" +
         paragraph("A potential learned energies and forces of C4 to C8 in " + duration_text(training) +
                   "; everything together took " + duration_text(seconds) + ".") +
         paragraph(
             "How far it is from the quantum-mechanical labels (GFN2-xTB) of structures that training did not see. "
             "Trivial: a fixed energy for each atom, and no forces.") +
         errors.text() + "\n" +
         paragraph(
             "The lowest structures that basin hopping found with it, beside the lowest of the data: their energies by "
             "the model " +
             std::string(with_xtb ? "and by xtb, and the lowest of the five best after xtb has relaxed them."
                                  : "only, since xtb, which would judge them, is not installed.") +
             " Shapes are compared by all their distances.") +
         describe(comparisons) + "\nIn " + o.output.string() +
         ": carbon.adatom (the model), *.json (metrics), *.extxyz (structures), figures/*.png\n" +
         "See a structure in your browser: adatom view " + (o.output / "C10_minima.extxyz").string() + "\n";
}

void draw_best(const DemoOptions& o, const std::vector<Comparison>& all) {
  std::vector<Portrait> portraits;
  for (const Comparison& c : all) {
    const std::string name = "C_{" + std::to_string(c.atoms) + "}";
    const double best = c.relaxed_energy.value_or(c.model_energy);
    portraits.push_back({name + " found" + (c.relaxed_energy ? ", refined with xtb" : " (energy of the model)") +
                             "\\n" + fixed(best, 3) + " eV",
                         c.found});
    portraits.push_back({name + " lowest in the data\\n" + fixed(c.reference_energy, 3) + " eV", c.reference});
  }
  draw_structures(o.output / "figures", "best_structures", portraits, 2);
}

void run_steps(const DemoOptions& o) {
  const std::string model = (o.output / "carbon.adatom").string(), seed = std::to_string(o.common.seed);
  const auto file = [&o](const std::string& name) { return (o.output / name).string(); };
  step(o, "What is in the data", Words{"check"} + data_files(o, 4, 10) + Words{"--metrics", file("data.json")});
  step(o, "Training on C4 to C8, whole runs held back",
       Words{"train"} + data_files(o, 4, 8) +
           // A short cutoff carries over best to larger clusters: trained on C4–C7, errors on C8 are smallest at 2.8
           // to 3.2 Å.
           Words{"--largest-force",  "40",        "--cutoff",       "3.2", "--radial",     "14",
                 "--hidden",         "64,64",     "--members",      "3",   "--batch-size", "64",
                 "--learning-rate",  "4e-3",      "--force-weight", "0.1", "--epochs",     std::to_string(o.epochs),
                 "--seed",           seed,        "--output",       model, "--force",      "--metrics",
                 file("train.json"), "--figures", file("figures")});
  step(o, "Errors on unseen runs of the sizes it was trained on",
       Words{"evaluate", model} + data_files(o, 4, 8) +
           Words{"--split", "test", "--largest-force", "40", "--metrics", file("test.json"), "--figures",
                 file("figures")});
  step(o, "Errors on sizes it has never seen",
       Words{"evaluate", model} + data_files(o, 9, 10) +
           Words{"--largest-force", "40", "--metrics", file("unseen.json"), "--figures", file("figures/unseen")});
  for (const std::string name : {"C8", "C10"}) {
    step(o, "Searching the best " + name,
         Words{"search",
               "--potential",
               model,
               "--formula",
               name,
               "--runs",
               std::to_string(o.walks),
               "--hops",
               std::to_string(o.hops),
               "--temperature",
               "0.5",
               "--reseed-after",
               "40",
               "--seed",
               seed,
               "--output",
               file(name + "_minima.extxyz"),
               "--trajectory",
               file(name + "_walks.extxyz"),
               "--metrics",
               file(name + "_search.json")});
  }
}

int run(const DemoOptions& given) {
  DemoOptions o = given;
  if (o.quick)
    o.epochs = std::min<std::size_t>(o.epochs, 6), o.hops = std::min<std::size_t>(o.hops, 8),
    o.walks = std::min<std::size_t>(o.walks, 2);
  apply(o.common);
  make_folder(o.output / "figures");
  const auto begin = std::chrono::steady_clock::now();
  run_steps(o);
  apply(o.common);

  const bool with_xtb = xtb_is_installed();
  if (!with_xtb) note("xtb is not installed: structures are compared with the lowest of the data only");
  std::vector<Comparison> comparisons;
  for (const std::size_t atoms : {8, 10}) comparisons.push_back(compare(o, atoms, with_xtb));
  draw_best(o, comparisons);
  nlohmann::json json = nlohmann::json::array();
  for (const Comparison& c : comparisons) json.push_back(to_json(c));
  write_metrics(o.output / "structures.json", json);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  say(summary(o, comparisons, seconds));
  return 0;
}

}  // namespace

std::function<int()> demo_command(CLI::App& app) {
  const auto o = std::make_shared<DemoOptions>();
  CLI::App& sub = add_subcommand(app, "demo", "the whole way on carbon clusters: check, train, evaluate, search");
  add_common(sub, o->common, true);
  const std::string group = "Demo";
  add_value(sub, "--data", o->data, "folder with C4.extxyz to C10.extxyz", "DIR").group(group);
  add_value(sub, "--output", o->output, "folder for model, metrics, structures and figures", "DIR").group(group);
  add_value(sub, "--epochs", o->epochs, "of the training", Range::positive).group(group);
  add_value(sub, "--hops", o->hops, "of each walk of the searches", Range::positive).group(group);
  add_value(sub, "--walks", o->walks, "walks of each search", Range::positive).group(group);
  add_flag(sub, "--quick", o->quick, "a few epochs and hops only: does it run?").group(group);
  set_footer(sub, "\nExample:\n  adatom demo --epochs 300");
  return [o] { return run(*o); };
}

}  // namespace adatom::apps
