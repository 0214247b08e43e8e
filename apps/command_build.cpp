// adatom build: structures from the library's builders. Each kind is a subcommand: build_crystals.cpp,
// build_clusters.cpp.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>

#include "apps/build_kinds.hpp"
#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/output_files.hpp"
#include "apps/signals.hpp"
#include "apps/table.hpp"
#include "atoms/neighbors.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

/// The shortest distance between two atoms, images included, Å; 0 when none is below 20 Å. Nearly always it is below
/// 2.5 or 5 Å, and the list for 20 Å is long; for a million atoms every list is.
double shortest_distance(const Atoms& atoms) {
  if (atoms.size() > 1000000) return 0.0;
  for (const double cutoff : {2.5, 5.0, 20.0}) {
    double shortest = cutoff;
    const NeighborList list = neighbor_list(atoms, cutoff);
    for (const Vector3& d : list.displacement) shortest = std::min(shortest, norm(d));
    if (shortest < cutoff) return shortest;
  }
  return 0.0;
}

std::string edges(const Atoms& atoms) {
  std::string text;
  for (std::size_t k = 0; k < 3; ++k) {
    if (norm(atoms.cell[k]) == 0.0) continue;
    text += (text.empty() ? "" : " × ") + fixed(norm(atoms.cell[k]), 3) + (atoms.pbc[k] ? "" : " (not periodic)");
  }
  return text.empty() ? "none" : text + " Å";
}

std::string describe(const BuildOptions& options, const std::vector<Frame>& frames) {
  const Atoms& first = frames.front().atoms;
  std::string text = "  " + chemical_formula(first) + ", " + plural(first.size(), "atom") + "; cell " + edges(first);
  if (const double shortest = shortest_distance(first); shortest > 0.0)
    text += "; shortest distance " + fixed(shortest, 3) + " Å";
  text += "\n";
  if (frames.size() > 1) text += "  and " + std::to_string(frames.size() - 1) + " more\n";
  return text + "  written to '" + options.output.string() + "'\n";
}

}  // namespace

void add_output(CLI::App& app, BuildOptions& options) {
  add_value(app, "-o,--output", options.output, "extended XYZ to write").required().group("Output");
}

void begin_build(const BuildOptions& options, std::vector<std::filesystem::path> inputs) {
  apply(options.common);
  require_writable(options.output, inputs);
}

int finish_build(const BuildOptions& options, const std::vector<Frame>& frames) {
  if (interrupted()) throw Interrupted();
  write_extxyz(options.output, frames);
  say(describe(options, frames));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const double shortest = shortest_distance(frames[i].atoms);
    if (shortest > 0.0 && shortest < 0.5) {
      warn("structure " + std::to_string(i + 1) + ": two atoms are only " + general(shortest, 3) + " Å apart");
      break;
    }
  }
  return 0;
}

int finish_build(const BuildOptions& options, const Atoms& atoms) {
  return finish_build(options, std::vector<Frame>{{.atoms = atoms, .info = {}, .columns = {}}});
}

void add_lattice_constants(CLI::App& app, double& a, double& c, const std::string& c_help, const std::string& group) {
  add_value(app, "--a", a, "lattice constant, Å", Range::positive).default_text("the natural one").group(group);
  add_value(app, "--c", c, c_help, Range::positive).default_text("the natural one, else sqrt(8/3) a").group(group);
}

void require_count(std::size_t wanted, const std::string& option, std::size_t given, const std::string& what) {
  if (given == wanted) return;
  throw InputError(option + ": expected " + std::to_string(wanted) + " " + what + ", separated by commas; found " +
                   std::to_string(given));
}

std::vector<int> exactly(std::size_t count, const std::string& option, const std::vector<std::size_t>& list) {
  require_count(count, option, list.size());
  std::vector<int> result;
  for (const std::size_t n : list) {
    if (n > 1000000000) throw InputError(option + ": expected numbers up to 1000000000, found " + std::to_string(n));
    result.push_back(static_cast<int>(n));
  }
  return result;
}

std::function<int()> build_command(CLI::App& app) {
  CLI::App& sub = add_subcommand(app, "build", "make crystals, surfaces, particles and molecules");
  sub.require_subcommand(1);
  const auto runs = std::make_shared<std::vector<std::function<int()>>>();
  for (const auto add :
       {build_bulk, build_surface, build_nanoparticle, build_molecule, build_cluster, build_graphene, build_nanotube}) {
    runs->push_back(add(sub));
  }
  for (CLI::App* kind : sub.get_subcommands([](CLI::App*) { return true; }))
    kind->set_help_flag("-h,--help", "this text")->group("General");
  set_footer(sub,
             "\n'adatom build KIND --help' explains a kind.\n\n"
             "Examples:\n"
             "  adatom build bulk Cu --setting conventional --repeat 3,3,3 --output cu.extxyz\n"
             "  adatom build surface fcc111 Pt --size 3,3,4 --adsorbate CO --atom 1 --site fcc --height 1.3 --output "
             "slab.extxyz");
  return [&sub, runs] {
    const auto all = sub.get_subcommands([](const CLI::App*) { return true; });
    const auto which = std::find(all.begin(), all.end(), sub.get_subcommands().front()) - all.begin();
    return (*runs)[static_cast<std::size_t>(which)]();
  };
}

}  // namespace adatom::apps
