// adatom build nanoparticle, molecule, cluster: what stands alone.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "apps/build_kinds.hpp"
#include "apps/console.hpp"
#include "atoms/builders/bulk.hpp"
#include "atoms/builders/molecules.hpp"
#include "atoms/builders/nanoparticles.hpp"
#include "atoms/builders/sphere.hpp"
#include "atoms/builders/wulff.hpp"
#include "atoms/editing.hpp"
#include "atoms/message_text.hpp"
#include "atoms/number_text.hpp"
#include "atoms/random_cluster.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace adatom::apps {
namespace {

void add_vacuum(CLI::App& app, double& vacuum, const std::string& group) {
  add_value(app, "--vacuum", vacuum, "puts it into a box with so much room on each side, Å; 0: no box",
            Range::not_negative)
      .group(group);
}

/// In the middle of a cell with so much room on each side; without a cell if that is 0.
Atoms in_a_box(const Atoms& atoms, double vacuum) { return vacuum > 0.0 ? with_vacuum(atoms, vacuum) : atoms; }

// --- nanoparticle -------------------------------------------------------------------------------------------------

struct ParticleCommandOptions {
  BuildOptions build;
  std::string shape, symbol, crystal, faces, around = "atom", rounding = "closest";
  std::size_t shells = 0, p = 0, q = 0, r = 0, length = 0, cutoff = 0, atoms = 0;
  double a = 0.0, c = 0.0, radius = 0.0, vacuum = 0.0;
};

const std::vector<std::string> shapes{"icosahedron", "decahedron", "octahedron", "cuboctahedron", "wulff", "sphere"};

/// "wulff and sphere".
std::string joined(const std::vector<std::string>& names) {
  return names.size() == 1 ? names[0] : names[0] + " and " + names[1];
}

/// Refuses options of other shapes, and asks for those without which this one is not defined.
void check_shape(const ParticleCommandOptions& o) {
  struct Need {
    const char* option;
    bool given, required;
    std::vector<std::string> shapes;
  };
  for (const Need& need : {Need{"--shells", o.shells > 0, true, {"icosahedron", "cuboctahedron"}},
                           {"--p", o.p > 0, true, {"decahedron"}},
                           {"--q", o.q > 0, true, {"decahedron"}},
                           {"--r", o.r > 0, false, {"decahedron"}},
                           {"--length", o.length > 0, true, {"octahedron"}},
                           {"--cutoff", o.cutoff > 0, false, {"octahedron"}},
                           {"--atoms", o.atoms > 0, true, {"wulff"}},
                           {"--faces", !o.faces.empty(), true, {"wulff"}},
                           {"--rounding", o.rounding != "closest", false, {"wulff"}},
                           {"--radius", o.radius > 0.0, true, {"sphere"}},
                           {"--around", o.around != "atom", false, {"sphere"}},
                           {"--crystal", !o.crystal.empty(), false, {"wulff", "sphere"}},
                           {"--c", o.c > 0.0, false, {"wulff", "sphere"}}}) {
    const bool ours = std::find(need.shapes.begin(), need.shapes.end(), o.shape) != need.shapes.end();
    if (ours && need.required && !need.given) throw InputError(o.shape + " needs " + need.option);
    if (!ours && need.given)
      throw InputError(std::string(need.option) + " belongs to " + joined(need.shapes) + ", not to " + o.shape);
  }
}

/// One-digit Miller indices with signs: "100", "1-11", or with all four of Miller and Bravais "10-10"; nothing for
/// anything else. Throws InputError for four indices of another crystal than hcp.
std::optional<std::array<int, 3>> miller_of(std::string_view text, std::optional<Crystal> crystal) {
  std::vector<int> indices;
  int sign = 1;
  for (const char c : text) {
    if (c == '-' && sign == 1) {
      sign = -1;
    } else if (c >= '0' && c <= '9') {
      indices.push_back(sign * (c - '0'));
      sign = 1;
    } else {
      return std::nullopt;
    }
  }
  if (sign != 1) return std::nullopt;
  if (indices.size() == 4 && crystal && crystal != Crystal::hcp) {
    throw InputError("--faces: four indices belong to hcp, not to " + std::string(name(*crystal)) + "; found " +
                     in_quotes(text));
  }
  if (indices.size() == 4) return miller_bravais(indices[0], indices[1], indices[2], indices[3]);
  if (indices.size() == 3) return std::array<int, 3>{indices[0], indices[1], indices[2]};
  return std::nullopt;
}

/// "100=1.1,111=1": faces and their energies.
std::vector<SurfaceEnergy> faces_of(const std::string& text, std::optional<Crystal> crystal) {
  std::vector<SurfaceEnergy> faces;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::optional<std::array<int, 3>> miller = miller_of(std::string_view(part).substr(0, equals), crystal);
    SurfaceEnergy face;
    if (!miller || equals == part.size() || !parse_real(std::string_view(part).substr(equals + 1), face.energy)) {
      throw InputError(
          "--faces: expected faces and their energies such as 100=1.1,111=1.0 or 0001=1.0,10-10=1.1; found " +
          in_quotes(part));
    }
    face.miller = *miller;
    faces.push_back(face);
    begin = end + 1;
  }
  return faces;
}

Atoms particle(const ParticleCommandOptions& o) {
  const auto whole = [](const char* option, std::size_t value) { return exactly(1, option, {value})[0]; };
  const ParticleOptions options{.a = if_given(o.a)};
  const auto crystal = o.crystal.empty() ? std::nullopt : std::optional(crystal_named(o.crystal));
  if (o.shape == "icosahedron") return icosahedron(o.symbol, whole("--shells", o.shells), options);
  if (o.shape == "cuboctahedron") return cuboctahedron(o.symbol, whole("--shells", o.shells), options);
  if (o.shape == "decahedron")
    return decahedron(o.symbol, whole("--p", o.p), whole("--q", o.q), whole("--r", o.r), options);
  if (o.shape == "octahedron")
    return octahedron(o.symbol, whole("--length", o.length), whole("--cutoff", o.cutoff), options);
  if (o.shape == "wulff") {
    const std::optional<KnownCrystal> known = known_crystal(o.symbol);
    const auto faces = faces_of(o.faces, crystal ? crystal : known ? std::optional(known->crystal) : std::nullopt);
    return wulff(o.symbol, faces, o.atoms,
                 {.crystal = crystal, .a = options.a, .c = if_given(o.c), .rounding = rounding_named(o.rounding)});
  }
  const Atoms cell = bulk(o.symbol, {.crystal = crystal, .a = options.a, .c = if_given(o.c)});
  return sphere(cell, o.radius, o.around == "hole" ? largest_hole(cell) : Vector3{});
}

int run_nanoparticle(const ParticleCommandOptions& o) {
  begin_build(o.build);
  check_shape(o);
  return finish_build(o.build, in_a_box(particle(o), o.vacuum));
}

// --- molecule -----------------------------------------------------------------------------------------------------

struct MoleculeCommandOptions {
  BuildOptions build;
  std::string name;
  double vacuum = 0.0;
  bool list = false;
};

/// All molecules, under headings that say where the geometries are from.
std::string molecule_list() {
  std::string text;
  std::string_view source;
  for (const KnownMolecule& one : known_molecules()) {
    if (one.source != source) text += (text.empty() ? "" : "\n") + std::string(one.source) + "\n";
    source = one.source;
    std::string row = "  " + std::string(one.name);
    row.append(row.size() < 24 ? 24 - row.size() : 1, ' ');
    text += row + std::string(one.common_name) + "\n";
  }
  return text;
}

int run_molecule(const MoleculeCommandOptions& o) {
  if (o.list) {
    say_always(molecule_list());
    return 0;
  }
  if (o.name.empty()) throw InputError("which molecule? 'adatom build molecule --list' shows those there are");
  if (o.build.output.empty()) throw InputError("--output is required");
  begin_build(o.build);
  return finish_build(o.build, in_a_box(molecule(o.name), o.vacuum));
}

// --- cluster ------------------------------------------------------------------------------------------------------

struct ClusterCommandOptions {
  BuildOptions build;
  std::string formula, shape = "ball";
  RandomClusterOptions cluster;
  double minimum_distance = 0.0;
  std::size_t count = 1;
};

int run_cluster(const ClusterCommandOptions& o) {
  begin_build(o.build);
  const std::vector<int> numbers = parse_formula(o.formula, 10000);
  RandomClusterOptions options = o.cluster;
  options.minimum_distance = if_given(o.minimum_distance);
  options.shape = o.shape == "ball" ? ClusterShape::ball : o.shape == "box" ? ClusterShape::box : ClusterShape::planar;
  if (o.count > 1000000)
    throw InputError("--count: at most 1000000 clusters are made at once, found " + std::to_string(o.count));
  Random random(o.build.common.seed);
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < o.count; ++i)
    frames.push_back({.atoms = random_cluster(numbers, random, options), .info = {}, .columns = {}});
  return finish_build(o.build, frames);
}

}  // namespace

std::function<int()> build_nanoparticle(CLI::App& app) {
  const auto o = std::make_shared<ParticleCommandOptions>();
  CLI::App& sub = add_subcommand(app, "nanoparticle", "a piece of metal in a closed shape");
  add_common(sub, o->build.common, false);
  add_choice(sub, "shape", o->shape, shapes, "icosahedron, decahedron, octahedron, cuboctahedron, wulff or sphere")
      .required();
  add_value(sub, "element", o->symbol, "such as Ag").required();
  std::string group = "Particle";
  add_value(sub, "--crystal", o->crystal, "for wulff (sc, fcc, bcc or hcp) and sphere (any)", "NAME")
      .default_text("the natural one")
      .group(group);
  add_lattice_constants(sub, o->a, o->c, "for wulff and sphere: the other lattice constant of hcp, Å", group);
  add_vacuum(sub, o->vacuum, group);
  group = "Icosahedron, cuboctahedron";
  add_value(sub, "--shells", o->shells, "shells, of which the first is one atom", Range::positive)
      .default_text("")
      .group(group);
  group = "Decahedron";
  add_value(sub, "--p", o->p, "atoms on the (100) faces across the fivefold axis", Range::positive)
      .default_text("")
      .group(group);
  add_value(sub, "--q", o->q, "atoms on the (100) faces along the axis; 1: no such faces", Range::positive)
      .default_text("")
      .group(group);
  add_value(sub, "--r", o->r, "depth of Marks' notches").group(group);
  group = "Octahedron";
  add_value(sub, "--length", o->length, "atoms on each edge before it is cut", Range::positive)
      .default_text("")
      .group(group);
  add_value(sub, "--cutoff", o->cutoff, "layers cut off at every vertex").group(group);
  group = "Wulff's construction";
  add_value(sub, "--faces", o->faces,
            "faces and their surface energies, such as 100=1.1,111=1.0; of hcp 0001=1.0,10-10=1.1", "LIST")
      .group(group);
  add_value(sub, "--atoms", o->atoms, "about how many", Range::positive).default_text("").group(group);
  add_choice(sub, "--rounding", o->rounding, {"closest", "above", "below"},
             "which particle to take when none has exactly so many")
      .group(group);
  group = "Sphere";
  add_value(sub, "--radius", o->radius, "Å", Range::positive).default_text("").group(group);
  add_choice(sub, "--around", o->around, {"atom", "hole"},
             "what is at the centre: an atom or the largest hole of the crystal")
      .group(group);
  add_output(sub, o->build);
  set_footer(
      sub,
      "\nExamples:\n"
      "  adatom build nanoparticle icosahedron Ag --shells 3 --output ag55.extxyz\n"
      "  adatom build nanoparticle decahedron Pd --p 3 --q 2 --r 1 --output marks.extxyz\n"
      "  adatom build nanoparticle wulff Pt --faces 100=1.2,111=1.0 --atoms 200 --output pt.extxyz\n"
      "  adatom build nanoparticle wulff Mg --faces 0001=0.54,10-10=0.63,10-11=0.64 --atoms 500 --output mg.extxyz");
  return [o] { return run_nanoparticle(*o); };
}

std::function<int()> build_molecule(CLI::App& app) {
  const auto o = std::make_shared<MoleculeCommandOptions>();
  CLI::App& sub = add_subcommand(app, "molecule", "one of many small molecules");
  add_common(sub, o->build.common, false);
  add_value(sub, "name", o->name, "such as H2O or benzene");
  add_vacuum(sub, o->vacuum, "Molecule");
  add_flag(sub, "--list", o->list, "the molecules there are").group("Molecule");
  add_value(sub, "-o,--output", o->build.output, "extended XYZ to write").group("Output");
  set_footer(sub,
             "\nExamples:\n  adatom build molecule CH3CH2OH --output ethanol.extxyz\n  adatom build molecule --list");
  return [o] { return run_molecule(*o); };
}

std::function<int()> build_cluster(CLI::App& app) {
  const auto o = std::make_shared<ClusterCommandOptions>();
  CLI::App& sub = add_subcommand(app, "cluster", "atoms at random places, none too close");
  add_common(sub, o->build.common, true);
  add_value(sub, "formula", o->formula, "such as C10 or Pt4H6").required();
  const std::string group = "Cluster";
  add_choice(sub, "--shape", o->shape, {"ball", "box", "planar"}, "where the atoms may be").group(group);
  add_value(sub, "--count", o->count, "how many clusters to write", Range::positive).group(group);
  const Option relative = add_value(sub, "--smallest-distance", o->cluster.smallest_distance,
                                    "of two atoms, in sums of their covalent radii", Range::positive);
  relative.group(group);
  add_value(sub, "--minimum-distance", o->minimum_distance, "the same in Å, instead", Range::positive)
      .default_text("")
      .excludes(relative)
      .group(group);
  add_value(sub, "--spacing", o->cluster.spacing, "room: the shape holds spheres of the covalent radii times this",
            Range::positive)
      .group(group);
  add_value(sub, "--connected", o->cluster.connected,
            "every atom is within so many sums of radii of another; 0: it need not be", Range::not_negative)
      .group(group);
  add_output(sub, o->build);
  set_footer(sub,
             "\nExamples:\n"
             "  adatom build cluster C10 --count 20 --seed 3 --output starts.extxyz\n"
             "  adatom build cluster Pt4H6 --shape planar --minimum-distance 1.6 --output flat.extxyz");
  return [o] { return run_cluster(*o); };
}

}  // namespace adatom::apps
