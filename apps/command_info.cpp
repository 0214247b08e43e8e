// adatom info: what is in a model, or in the state that a long run saved.
#include <algorithm>
#include <memory>
#include <optional>

#include "apps/checkpoint_text.hpp"
#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/model_file.hpp"
#include "apps/options.hpp"
#include "apps/table.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

namespace adatom::apps {
namespace {

struct InfoOptions {
  CommonOptions common;
  std::filesystem::path file;
  bool functions = false;
};

/// How many functions there are of each kind and pair of neighbours, and over which distances.
std::string describe_functions(const LocalAnsatz& model) {
  Table table({"atom", "neighbours", "kind", "functions", "η from\n1/Å²", "to", "shift from\nÅ", "to", "cutoff\nÅ"},
              {0, 1, 2});
  for (const int center : model.functions().elements()) {
    const std::span<const SymmetryFunction> functions = model.functions().of(center);
    for (std::size_t begin = 0; begin < functions.size();) {
      const SymmetryFunction& first = functions[begin];
      const auto alike = [&first](const SymmetryFunction& f) {
        return f.kind == first.kind && f.neighbor1 == first.neighbor1 && f.neighbor2 == first.neighbor2 &&
               f.cutoff == first.cutoff;
      };
      const std::size_t end = static_cast<std::size_t>(
          std::find_if_not(functions.begin() + static_cast<std::ptrdiff_t>(begin), functions.end(), alike) -
          functions.begin());
      double eta[2] = {first.eta, first.eta}, shift[2] = {first.shift, first.shift};
      for (std::size_t i = begin; i < end; ++i) {
        eta[0] = std::min(eta[0], functions[i].eta), eta[1] = std::max(eta[1], functions[i].eta);
        shift[0] = std::min(shift[0], functions[i].shift), shift[1] = std::max(shift[1], functions[i].shift);
      }
      std::string neighbors(element(first.neighbor1).symbol);
      if (first.neighbor2 > 0) neighbors += " " + std::string(element(first.neighbor2).symbol);
      table.add({std::string(element(center).symbol), neighbors, std::string(name(first.kind)),
                 std::to_string(end - begin), general(eta[0], 3), general(eta[1], 3), general(shift[0], 3),
                 general(shift[1], 3), general(first.cutoff)});
      begin = end;
    }
  }
  return table.text();
}

std::string describe_ranges(const LocalAnsatz& model) {
  Table table({"atom", "function", "kind", "η\n1/Å²", "shift\nÅ", "λ", "ζ", "smallest", "mean", "largest"}, {0, 2});
  for (const ElementNetwork& own : model.networks()) {
    const std::span<const SymmetryFunction> functions = model.functions().of(own.element);
    for (std::size_t k = 0; k < functions.size(); ++k) {
      const SymmetryFunction& f = functions[k];
      const bool angular = f.kind != SymmetryFunctionKind::radial;
      table.add({std::string(element(own.element).symbol), std::to_string(k), std::string(name(f.kind)),
                 general(f.eta, 3), general(f.shift, 3), angular ? general(f.lambda) : "",
                 angular ? general(f.zeta) : "", general(own.minimum[k]), general(own.mean[k]),
                 general(own.maximum[k])});
    }
  }
  return table.text();
}

void describe_notes(const ModelFile& file) {
  if (file.notes.empty()) return;
  say("\nNotes\n");
  for (const auto& [name, text] : file.notes) {
    const bool runs = name.ends_with("_runs");
    const auto count = static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + (text.empty() ? 0 : 1);
    std::string label = name;
    std::replace(label.begin(), label.end(), '_', ' ');
    label.resize(std::max<std::size_t>(label.size(), 20), ' ');
    say("  " + label + "  " + (runs ? std::to_string(count) : text) + "\n");
  }
}

void describe_model(const InfoOptions& o) {
  const ModelFile file = load_model_file(o.file);
  const LocalAnsatz& model = file.model;
  std::size_t weights = 0;
  for (const Parameter& parameter : model.parameters()) weights += parameter.value.size();
  say(o.file.string() + ": a local neural-network potential, " + count_text(weights) + " weights, cutoff " +
      general(model.cutoff()) + " Å, energy scale " + general(model.energy_scale()) + " eV\n\nNetworks\n" +
      describe_networks(model));
  say("\nSymmetry functions, cutoff function " + std::string(name(model.functions().cutoff_function().kind)) + "\n" +
      describe_functions(model));
  if (o.functions) say("\nRanges over the training data\n" + describe_ranges(model));
  describe_notes(file);
}

/// The second word of the file: "adatom model 1".
std::string kind_of(const std::filesystem::path& path) {
  const std::string content = read_file(path);
  if (!content.starts_with("adatom ")) return "";
  const std::string rest = content.substr(7, 40);
  return rest.substr(0, rest.find_first_of(" \n"));
}

int run(const InfoOptions& o) {
  apply(o.common);
  const std::string kind = kind_of(o.file);
  if (kind == "checkpoint") {
    say(describe_training(o.file));
  } else if (kind == "dynamics") {
    say(describe_dynamics(o.file));
  } else if (const auto text = kind.empty() ? describe_structures(o.file) : std::nullopt) {
    say(*text);
  } else {
    describe_model(o);
  }
  return 0;
}

}  // namespace

std::function<int()> info_command(CLI::App& app) {
  const auto options = std::make_shared<InfoOptions>();
  CLI::App& sub = add_subcommand(app, "info", "show what is in a model or a checkpoint");
  add_common(sub, options->common, false);
  add_value(sub, "file", options->file, "a model, or a checkpoint from train, search, relax, neb or md").required();
  add_flag(sub, "--functions", options->functions, "list every symmetry function with its range over the training data")
      .group("Output");
  set_footer(sub, "\nExamples:\n  adatom info carbon.adatom\n  adatom info C10.checkpoint");
  return [options] { return run(*options); };
}

}  // namespace adatom::apps
