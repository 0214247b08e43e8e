// adatom build bulk, surface, graphene, nanotube: what repeats in one direction or more.
#include <array>
#include <cmath>
#include <memory>

#include "apps/build_kinds.hpp"
#include "apps/table.hpp"
#include "atoms/builders/adsorbate.hpp"
#include "atoms/builders/bulk.hpp"
#include "atoms/builders/graphene.hpp"
#include "atoms/builders/molecules.hpp"
#include "atoms/builders/nanotube.hpp"
#include "atoms/builders/supercell.hpp"
#include "atoms/elements.hpp"
#include "core/error.hpp"

namespace adatom::apps {
namespace {

namespace fs = std::filesystem;

// --- bulk ---------------------------------------------------------------------------------------------------------

struct BulkCommandOptions {
  BuildOptions build;
  std::string formula, crystal, setting = "primitive";
  double a = 0.0, c = 0.0, u = 0.0;
  std::vector<std::size_t> repeat{1, 1, 1};
  std::vector<double> matrix;
};

/// The numbers of a list option that may be 0 or negative; there must be `count` of them, whole.
std::vector<int> whole_numbers(std::size_t count, const std::string& option, const std::vector<double>& list) {
  require_count(count, option, list.size());
  std::vector<int> result;
  for (const double x : list) {
    if (!(std::abs(x) <= 1e9) || x != std::floor(x))
      throw InputError(option + ": expected whole numbers, found " + general(x, 12));
    result.push_back(static_cast<int>(x));
  }
  return result;
}

IntegerMatrix integer_matrix(const std::vector<double>& entries) {
  const std::vector<int> m = whole_numbers(9, "--matrix", entries);
  return {{{m[0], m[1], m[2]}, {m[3], m[4], m[5]}, {m[6], m[7], m[8]}}};
}

int run_bulk(const BulkCommandOptions& o) {
  begin_build(o.build);
  BulkOptions options{.a = if_given(o.a), .c = if_given(o.c), .u = if_given(o.u), .setting = setting_named(o.setting)};
  if (!o.crystal.empty()) options.crystal = crystal_named(o.crystal);
  const std::vector<int> n = exactly(3, "--repeat", o.repeat);
  Atoms atoms = bulk(o.formula, options);
  if (!o.matrix.empty()) atoms = supercell(atoms, integer_matrix(o.matrix));
  return finish_build(o.build, repeated(atoms, {n[0], n[1], n[2]}));
}

// --- surface ------------------------------------------------------------------------------------------------------

struct SurfaceCommandOptions {
  BuildOptions build;
  std::string facet, symbol, adsorbate, site = "ontop";
  SlabOptions slab;
  double a = 0.0, c = 0.0, height = 0.0;
  std::vector<std::size_t> size{1, 1, 3};
  std::size_t atom = 0, fix = 0;
  std::vector<double> offset, rotate;
};

/// An element's atom, the molecule of that name, or the first structure of a file.
Atoms adsorbate_named(const std::string& text) {
  if (const int number = find_atomic_number(text); number != 0) return {.numbers = {number}, .positions = {{}}};
  if (fs::exists(text)) return read_extxyz(text, "0").front().atoms;
  try {
    return molecule(text);
  } catch (const InputError& error) {
    throw InputError("--adsorbate: " + std::string(error.what()) + "; nor is there such a file");
  }
}

Slab slab_of(const SurfaceCommandOptions& o) {
  const std::vector<int> size = exactly(3, "--size", o.size);
  SlabOptions options = o.slab;
  options.size = {size[0], size[1], size[2]};
  options.a = if_given(o.a);
  options.c = if_given(o.c);
  Slab slab = surface(facet_named(o.facet), o.symbol, options);
  if (o.adsorbate.empty()) return slab;
  if (o.height == 0.0) throw InputError("--adsorbate needs --height, Å above the uppermost atoms");
  AdsorbateOptions place{.atom = o.atom};
  if (!o.offset.empty()) {
    const std::vector<int> offset = whole_numbers(2, "--offset", o.offset);
    place.offset = {offset[0], offset[1]};
  }
  if (!o.rotate.empty()) {
    require_count(3, "--rotate", o.rotate.size(), "angles");
    place.rotation = {o.rotate[0], o.rotate[1], o.rotate[2]};
  }
  add_adsorbate(slab, adsorbate_named(o.adsorbate), o.height, o.site, place);
  return slab;
}

int run_surface(const SurfaceCommandOptions& o) {
  std::vector<fs::path> inputs;
  if (!o.adsorbate.empty() && fs::exists(o.adsorbate)) inputs.push_back(o.adsorbate);
  begin_build(o.build, inputs);
  const Slab slab = slab_of(o);
  Frame frame{.atoms = slab.atoms, .info = {}, .columns = {}};
  set_column(frame,
             {.name = "tags", .count = 1, .values = std::vector<std::int64_t>(slab.tags.begin(), slab.tags.end())});
  if (o.fix > 0) {
    const std::vector<int> layers = exactly(1, "--fix", {o.fix});
    std::vector<bool> mobile(slab.atoms.size(), true);
    for (const std::size_t i : lowest_layers(slab, layers[0])) mobile[i] = false;
    set_column(frame, {.name = "move_mask", .count = 1, .values = mobile});
  }
  return finish_build(o.build, std::vector<Frame>{frame});
}

std::string surface_table() {
  std::string text = "\nSurfaces and their sites:\n";
  for (int k = 0; k <= static_cast<int>(Facet::diamond111); ++k) {
    const Facet facet = static_cast<Facet>(k);
    std::string row = "  " + std::string(name(facet));
    row.append(14 - row.size(), ' ');
    text += row + site_names(facet) + "\n";
  }
  return text;
}

// --- graphene and nanotubes ---------------------------------------------------------------------------------------

struct SheetCommandOptions {
  BuildOptions build;
  std::string formula = "C2";
  GrapheneOptions sheet;
  NanotubeOptions tube;
  std::vector<std::size_t> size{1, 1};
  std::size_t n = 0, m = 0, length = 1;
};

int run_graphene(const SheetCommandOptions& o) {
  begin_build(o.build);
  const std::vector<int> size = exactly(2, "--size", o.size);
  GrapheneOptions options = o.sheet;
  options.size = {size[0], size[1]};
  options.formula = o.formula;
  return finish_build(o.build, graphene(options));
}

int run_nanotube(const SheetCommandOptions& o) {
  begin_build(o.build);
  const std::vector<int> indices = exactly(2, "n and m", {o.n, o.m});
  NanotubeOptions options = o.tube;
  options.length = exactly(1, "--length", {o.length})[0];
  options.formula = o.formula;
  return finish_build(o.build, nanotube(indices[0], indices[1], options));
}

}  // namespace

std::function<int()> build_bulk(CLI::App& app) {
  const auto o = std::make_shared<BulkCommandOptions>();
  CLI::App& sub = add_subcommand(app, "bulk", "a crystal");
  add_common(sub, o->build.common, false);
  add_value(sub, "formula", o->formula, "an element such as Cu, or a compound such as NaCl").required();
  const std::string group = "Crystal";
  add_value(sub, "--crystal", o->crystal, "sc, fcc, bcc, hcp, diamond, rocksalt, zincblende, wurtzite, cesiumchloride",
            "NAME")
      .default_text("the natural one")
      .group(group);
  add_lattice_constants(sub, o->a, o->c, "the other one of hcp and wurtzite, Å", group);
  add_value(sub, "--u", o->u, "wurtzite: bond along c in units of c", Range::positive)
      .default_text("all bonds alike")
      .group(group);
  add_choice(sub, "--setting", o->setting, {"primitive", "conventional", "cubic", "orthorhombic"},
             "which cell: the smallest, the textbooks', the cube, or the smallest with right angles")
      .group(group);
  add_value(sub, "--matrix", o->matrix,
            "supercell: 9 whole numbers, new vectors as sums of the old ones, row after row")
      .group(group);
  add_value(sub, "--repeat", o->repeat, "repetitions along the three cell vectors").group(group);
  add_output(sub, o->build);
  set_footer(sub,
             "\nThe crystals and lattice constants of common elements, and of compounds such as NaCl, MgO, CsCl, GaAs, "
             "SiC or ZnO, are known.\n\n"
             "Examples:\n"
             "  adatom build bulk Cu --output cu.extxyz\n"
             "  adatom build bulk GaAs --setting conventional --repeat 2,2,2 --output gaas.extxyz\n"
             "  adatom build bulk Fe --crystal fcc --a 3.6 --output austenite.extxyz\n"
             "  adatom build bulk Cu --matrix -1,1,1,1,-1,1,1,1,-1 --output cube.extxyz");
  return [o] { return run_bulk(*o); };
}

std::function<int()> build_surface(CLI::App& app) {
  const auto o = std::make_shared<SurfaceCommandOptions>();
  CLI::App& sub = add_subcommand(app, "surface", "a slab, with an atom or molecule on it if you like");
  add_common(sub, o->build.common, false);
  add_value(sub, "facet", o->facet, "such as fcc111, see below").required();
  add_value(sub, "element", o->symbol, "such as Cu").required();
  std::string group = "Slab";
  add_value(sub, "--size", o->size, "atoms along the two directions of the surface, and layers").group(group);
  add_value(sub, "--vacuum", o->slab.vacuum, "on each side, Å", Range::not_negative).group(group);
  add_lattice_constants(sub, o->a, o->c, "the other one of hcp, Å", group);
  add_flag(sub, "--orthogonal", o->slab.orthogonal, "a rectangular cell; the second size must then be even")
      .group(group);
  add_flag(sub, "--whole-double-layer", o->slab.whole_double_layer,
           "diamond111: surface atoms with one broken bond instead of three")
      .group(group);
  add_value(sub, "--fix", o->fix, "mark so many of the lowest layers as fixed, in the column move_mask (F: fixed)")
      .group(group);
  group = "Adsorbate";
  add_value(sub, "--adsorbate", o->adsorbate,
            "an element, a molecule ('adatom build molecule --list'), or an extended XYZ file with one", "NAME")
      .group(group);
  add_value(sub, "--site", o->site, "where, see below").group(group);
  add_value(sub, "--height", o->height, "of its atom --atom above the uppermost atoms, Å", Range::positive)
      .default_text("")
      .group(group);
  add_value(sub, "--offset", o->offset, "so many surface cells away, in both directions").group(group);
  add_value(sub, "--atom", o->atom,
            "which atom of the molecule is over the site, counted from 0; of CO, 1 is the carbon")
      .group(group);
  add_value(sub, "--rotate", o->rotate, "degrees about x, then y, then z, around that atom").group(group);
  add_output(sub, o->build);
  set_footer(sub, surface_table() +
                      "\nThe column tags holds the layers: 1 is the uppermost, 0 the adsorbate.\n\n"
                      "Examples:\n"
                      "  adatom build surface fcc111 Cu --size 2,2,4 --fix 2 --output slab.extxyz\n"
                      "  adatom build surface fcc100 Al --size 3,3,4 --adsorbate Au --site hollow --height 1.8 "
                      "--output adatom.extxyz");
  return [o] { return run_surface(*o); };
}

std::function<int()> build_graphene(CLI::App& app) {
  const auto o = std::make_shared<SheetCommandOptions>();
  CLI::App& sub = add_subcommand(app, "graphene", "a honeycomb sheet");
  add_common(sub, o->build.common, false);
  const std::string group = "Sheet";
  add_value(sub, "--size", o->size, "repetitions along the two cell vectors").group(group);
  add_value(sub, "--vacuum", o->sheet.vacuum, "on each side, Å", Range::not_negative).group(group);
  add_value(sub, "--formula", o->formula, "the two atoms of the cell; BN gives boron nitride").group(group);
  add_value(sub, "--a", o->sheet.a, "lattice constant, Å", Range::positive).group(group);
  add_flag(sub, "--orthogonal", o->sheet.orthogonal, "a rectangular cell, of 4 atoms").group(group);
  add_output(sub, o->build);
  set_footer(sub, "\nExample:\n  adatom build graphene --size 4,4 --output sheet.extxyz");
  return [o] { return run_graphene(*o); };
}

std::function<int()> build_nanotube(CLI::App& app) {
  const auto o = std::make_shared<SheetCommandOptions>();
  CLI::App& sub = add_subcommand(app, "nanotube", "a sheet rolled up");
  add_common(sub, o->build.common, false);
  add_value(sub, "n", o->n, "the tube is rolled up along n a1 + m a2").required();
  add_value(sub, "m", o->m, "(n, n) is called armchair, (n, 0) zigzag").required();
  const std::string group = "Tube";
  add_value(sub, "--length", o->length, "unit cells along the axis", Range::positive).group(group);
  add_value(sub, "--bond", o->tube.bond, "in the sheet, Å", Range::positive).group(group);
  add_value(sub, "--formula", o->formula, "the two atoms of the sheet's cell").group(group);
  add_value(sub, "--vacuum", o->tube.vacuum, "around the tube, Å", Range::not_negative).group(group);
  add_output(sub, o->build);
  set_footer(sub, "\nExample:\n  adatom build nanotube 6 3 --length 2 --output tube.extxyz");
  return [o] { return run_nanotube(*o); };
}

}  // namespace adatom::apps
