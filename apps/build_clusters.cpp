// adatom build nanoparticle, molecule, cluster: what stands alone.
#include <memory>

#include "apps/build_kinds.hpp"
#include "atoms/random_cluster.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace adatom::apps {
namespace {

struct ClusterCommandOptions {
  BuildOptions build;
  std::string formula, shape = "ball";
  RandomClusterOptions cluster;
  std::size_t count = 1;
};

int run_cluster(const ClusterCommandOptions& o) {
  begin_build(o.build);
  const std::vector<int> numbers = parse_formula(o.formula, 10000);
  RandomClusterOptions options = o.cluster;
  options.shape = o.shape == "ball" ? ClusterShape::ball : o.shape == "box" ? ClusterShape::box : ClusterShape::planar;
  if (o.count > 1000000) throw InputError("--count: at most 1000000 clusters are made at once, found " + std::to_string(o.count));
  Random random(o.build.common.seed);
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < o.count; ++i) frames.push_back({.atoms = random_cluster(numbers, random, options), .info = {}, .columns = {}});
  return finish_build(o.build, frames);
}

}  // namespace

std::function<int()> build_cluster(CLI::App& app) {
  const auto o = std::make_shared<ClusterCommandOptions>();
  CLI::App& sub = add_subcommand(app, "cluster", "atoms at random places, none too close");
  add_common(sub, o->build.common, true);
  add_value(sub, "formula", o->formula, "such as C10 or Pt4H6").required();
  const std::string group = "Cluster";
  add_choice(sub, "--shape", o->shape, {"ball", "box", "planar"}, "where the atoms may be").group(group);
  add_value(sub, "--count", o->count, "how many clusters to write", Range::positive).group(group);
  add_value(sub, "--smallest-distance", o->cluster.smallest_distance, "of two atoms, in sums of their covalent radii", Range::positive).group(group);
  add_value(sub, "--spacing", o->cluster.spacing, "room: the shape holds spheres of the covalent radii times this", Range::positive).group(group);
  add_value(sub, "--connected", o->cluster.connected, "every atom is within so many sums of radii of another; 0: it need not be", Range::not_negative).group(group);
  add_output(sub, o->build);
  set_footer(sub, "\nExample:\n  adatom build cluster C10 --count 20 --seed 3 --output starts.extxyz");
  return [o] { return run_cluster(*o); };
}

}  // namespace adatom::apps
