// Tests optim/neb*.cpp: barriers against ASE, starts, constraints, threads, and what is refused.
#include "optim/neb.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "optim/pair_distances.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"
#include "tests/optim/reference.hpp"
#include "tests/support/catch.hpp"

using namespace adatom;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Pass {
  std::string name;
  Atoms initial, final;
  std::vector<std::size_t> fixed;
  double barrier;  // eV
};

std::vector<Pass> passes() {
  std::vector<Pass> result;
  const auto add = [&](const nlohmann::json& c, double barrier) {
    result.push_back({c["name"], structure(c["initial"]), structure(c["final"]), c["fixed"], barrier});
  };
  const nlohmann::json hop = simulation_reference()["neb"][0];
  add(hop, hop["exact_saddle"]["barrier"].get<double>());
  const auto more = nlohmann::json::parse(std::ifstream(std::string(ADATOM_TEST_DATA) + "/neb.json"));
  for (const auto& c : more["neb"]) {
    add(c, c["ase_climbing_barrier"].get<double>());
  }
  return result;
}

NebOptions with(const Pass& pass, std::size_t images) {
  NebOptions options;
  options.images = images;
  options.fixed = pass.fixed;
  return options;
}

/// Seven discs of a flat hexagon; the last end has two of them exchanged, so that straight lines collide.
std::pair<Atoms, Atoms> exchange() {
  Atoms first;
  first.numbers.assign(3, 18);
  first.positions = {{0, 0, 0}, {1.1224620483, 0, 0}, {0.5612310242, 0.9720806486, 0}};
  Atoms last = first;
  std::swap(last.positions[0], last.positions[1]);
  return {first, last};
}

std::string refusal(const Atoms& a, const Atoms& b, const NebOptions& options = {}) {
  try {
    nudged_elastic_band(a, b, Emt(), options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("barriers are those of the exact saddles", "[optim][neb]") {
  for (const Pass& pass : passes()) {
    for (const std::size_t images : {1, 3, 4, 5}) {
      for (const NebStart start : {NebStart::linear, NebStart::idpp}) {
        INFO(pass.name << ", " << images << " images, " << name(start));
        NebOptions options = with(pass, images);
        options.start = start;
        const NebResult r = nudged_elastic_band(pass.initial, pass.final, Emt(), options);
        CHECK(r.converged);
        CHECK(r.fmax <= options.fmax);
        CHECK(std::abs(r.barrier - pass.barrier) < 2e-4);  // the bar is 1e-3
        CHECK(r.warnings.empty());
        CHECK(r.images.size() == images + 2);
        CHECK(r.images.front() == pass.initial);
        for (const Atoms& image : r.images) {
          for (const std::size_t i : pass.fixed) CHECK(image.positions[i] == pass.initial.positions[i]);
        }
        CHECK(r.energies[r.highest] == Emt().compute(r.images[r.highest]).energy);
        CHECK(r.steps < 40);
      }
    }
  }
}

TEST_CASE("every method moves a band", "[optim][neb]") {
  const Pass pass = passes()[2];
  for (const RelaxMethod method :
       {RelaxMethod::lbfgs, RelaxMethod::bfgs, RelaxMethod::fire, RelaxMethod::bfgs_line_search,
        RelaxMethod::conjugate_gradients, RelaxMethod::gradient_descent}) {
    INFO(name(method));
    NebOptions options = with(pass, 4);
    options.method = method;
    const NebResult r = nudged_elastic_band(pass.initial, pass.final, Emt(), options);
    CHECK(r.converged);
    CHECK(std::abs(r.barrier - pass.barrier) < 3e-4);
    CHECK(r.reverse_barrier == Approx(r.barrier + 0.00149925).epsilon(1e-4));
  }
}

TEST_CASE("a band without climbing image finds the pass by its curve", "[optim][neb]") {
  const Pass pass = passes()[1];
  NebOptions options = with(pass, 6);  // no image on the pass
  options.climb = false;
  options.fmax = 0.005;
  const NebResult r = nudged_elastic_band(pass.initial, pass.final, Emt(), options);
  CHECK(r.converged);
  CHECK(r.barrier < pass.barrier - 0.005);
  double highest = 0.0;
  const auto curve = energy_curve(r);
  for (const auto& [s, energy] : curve) highest = std::max(highest, energy);
  CHECK(std::abs(highest - pass.barrier) < 5e-3);
  CHECK(curve.front()[1] == 0.0);
  CHECK(curve.back()[0] == Approx(r.way.back()));
  // Springs keep the images evenly apart.
  for (std::size_t m = 1; m < r.way.size(); ++m)
    CHECK(r.way[m] - r.way[m - 1] == Approx(r.way.back() / 7).epsilon(0.05));
}

TEST_CASE("the pair potential leads atoms round each other", "[optim][neb]") {
  const auto [first, last] = exchange();
  // On straight lines the two atoms meet.
  Atoms nudged = last;
  nudged.positions[0][1] += 0.02;
  const std::vector<Atoms> straight = interpolated(first, nudged, 3, NebStart::linear);
  CHECK(smallest_distance(straight[2]) < 0.05);
  for (const Atoms& image : interpolated(first, nudged, 5, NebStart::idpp)) CHECK(smallest_distance(image) > 0.8);
}

TEST_CASE("forces of the pair potential are the slopes of its energy", "[optim][neb]") {
  // A free cluster and a periodic slab, whose pairs reach through the boundaries.
  Pass pass = passes()[0];
  const auto [first, last] = exchange();
  for (const auto& [a, b] : {std::pair{first, last}, {pass.initial, pass.final}}) {
    std::vector<Atoms> path = interpolated(a, b, 2, NebStart::linear);
    const PairDistances distances(path);
    REQUIRE(!distances.useless());
    Random random(3);
    for (Atoms& image : path) {
      for (Vector3& p : image.positions) p += 0.1 * Vector3(random.direction());
    }
    std::vector<Vector3> forces, other;
    for (const double share : {0.0, 0.3, 1.0}) {
      distances.energy(share, path[1], forces);
      Atoms at = path[1];
      for (std::size_t k = 0; k < 3 * at.size(); ++k) {
        const double h = 1e-5, x = at.positions[k / 3][k % 3];
        at.positions[k / 3][k % 3] = x + h;
        const double up = distances.energy(share, at, other);
        at.positions[k / 3][k % 3] = x - h;
        const double down = distances.energy(share, at, other);
        at.positions[k / 3][k % 3] = x;
        CHECK(forces[k / 3][k % 3] == Approx((down - up) / (2 * h)).epsilon(1e-6).margin(1e-6));
      }
    }
  }
}

TEST_CASE("atoms of a band keep to their planes and lines", "[optim][neb]") {
  const Pass pass = passes()[1];  // an adatom that hops
  const std::size_t adatom = pass.final.size() - 1;
  const Vector3 way = pass.final.positions[adatom] - pass.initial.positions[adatom];
  REQUIRE(norm(way) > 2.0);
  // All other atoms fixed and this one on its straight way: the highest point of that line.
  NebOptions options;
  options.images = 4;
  options.fmax = 0.005;
  Atoms at = pass.initial, last = pass.initial;
  last.positions[adatom] = pass.final.positions[adatom];
  for (std::size_t i = 0; i < adatom; ++i) options.fixed.push_back(i);
  options.lines = {{adatom, -2.0 * way}};
  double highest = 0.0;
  for (int n = 0; n <= 400; ++n) {
    at.positions[adatom] = pass.initial.positions[adatom] + (n / 400.0) * way;
    highest = std::max(highest, Emt().compute(at).energy);
  }
  for (const NebStart start : {NebStart::linear, NebStart::idpp}) {
    options.start = start;
    const NebResult line = nudged_elastic_band(pass.initial, last, Emt(), options);
    CHECK(line.converged);
    CHECK(line.barrier == Approx(highest - Emt().compute(pass.initial).energy).margin(1e-5));
    for (const Atoms& image : line.images) {
      CHECK(norm(cross(image.positions[adatom] - pass.initial.positions[adatom], way)) < 1e-12);
    }
  }

  // Kept at its height the adatom cannot climb over the bridge.
  NebOptions level = with(pass, 3);
  level.planes = {{adatom, {0, 0, 3}}};
  const NebResult flat = nudged_elastic_band(pass.initial, pass.final, Emt(), level);
  CHECK(flat.converged);
  CHECK(flat.barrier > pass.barrier + 0.05);
  for (const Atoms& image : flat.images) {
    CHECK(std::abs(image.positions[adatom][2] - pass.initial.positions[adatom][2]) < 1e-12);
  }
  level.planes = {{adatom, way}};
  CHECK_THAT(refusal(pass.initial, pass.final, level),
             ContainsSubstring("atom " + std::to_string(adatom) + " is off its plane by"));
  level.planes = {};
  level.lines = {{adatom, cross(way, {0, 0, 1})}};
  CHECK_THAT(refusal(pass.initial, pass.final, level), ContainsSubstring("is off its line by"));
}

TEST_CASE("a band that was stopped goes on from its images", "[optim][neb]") {
  const Pass pass = passes()[2];
  NebOptions options = with(pass, 4);
  std::size_t last_step = 0;
  std::vector<Atoms> last_images;
  options.progress = [&](std::size_t step, double, double, const std::vector<Atoms>& images) {
    last_step = step;
    last_images = images;
  };
  options.stop = [&] { return last_step >= 2; };
  const NebResult stopped = nudged_elastic_band(pass.initial, pass.final, Emt(), options);
  CHECK(last_images == stopped.images);
  CHECK(!stopped.converged);
  CHECK(stopped.steps == 2);
  CHECK_THAT(stopped.reason, ContainsSubstring("stopped after 2 steps"));
  REQUIRE(stopped.images.size() == 6);
  options.progress = {};
  options.stop = {};
  std::vector<Atoms> path = stopped.images;
  path[3].positions[9] += path[3].cell[0];  // as a program might write it
  const NebResult r = nudged_elastic_band(path, Emt(), options);
  CHECK(r.converged);
  CHECK(std::abs(r.barrier - pass.barrier) < 3e-4);
  CHECK(r.images.front() == pass.initial);
  const NebResult again = nudged_elastic_band(r.images, Emt(), options);
  CHECK(again.steps == 0);
  CHECK(again.barrier == Approx(r.barrier).margin(1e-12));

  CHECK_THROWS_WITH(nudged_elastic_band({pass.initial, pass.final}, Emt(), options),
                    ContainsSubstring("a path needs at least 3 structures") && ContainsSubstring("found 2"));
  path[2].positions[pass.fixed[0]][2] += 0.5;
  CHECK_THROWS_WITH(nudged_elastic_band(path, Emt(), options),
                    ContainsSubstring("moves by 0.5 Å between the first structure and structure 2"));
}

TEST_CASE("atoms take the short way through periodic boundaries", "[optim][neb]") {
  Pass pass = passes()[0];
  const NebResult direct = nudged_elastic_band(pass.initial, pass.final, Emt(), with(pass, 3));
  const std::size_t last = pass.final.size() - 1;
  pass.final.positions[last] += 3.0 * pass.final.cell[1] - 3.0 * pass.final.cell[0];
  pass.initial.positions[9] += pass.initial.cell[0];
  const NebResult folded = nudged_elastic_band(pass.initial, pass.final, Emt(), with(pass, 3));
  CHECK(folded.barrier == Approx(direct.barrier).epsilon(1e-6));
  CHECK(folded.way.back() == Approx(direct.way.back()).epsilon(1e-4));
}

TEST_CASE("a band does not depend on the number of threads", "[optim][neb]") {
  const Pass pass = passes()[2];
  const NebResult one = nudged_elastic_band(pass.initial, pass.final, Emt(), with(pass, 4));
  set_thread_count(3);
  const NebResult three = nudged_elastic_band(pass.initial, pass.final, Emt(), with(pass, 4));
  set_thread_count(1);
  CHECK(one.images == three.images);
  CHECK(one.energies == three.energies);
  CHECK(one.force_calls == three.force_calls);
}

TEST_CASE("ends that are no pair and options out of range are refused by name", "[optim][neb]") {
  const Pass pass = passes()[0];
  const Atoms &a = pass.initial, &b = pass.final;
  NebOptions options;
  for (const std::size_t images : {std::size_t{0}, std::size_t{2000000000}}) {
    options.images = images;
    CHECK_THAT(refusal(a, b, options), ContainsSubstring("images must be at least 1 and at most 10000, found"));
  }
  options = {};
  options.spring = 0.0;
  CHECK_THAT(refusal(a, b, options), ContainsSubstring("spring must be positive"));
  options = {};
  options.fmax = std::nan("");
  CHECK_THAT(refusal(a, b, options), ContainsSubstring("fmax must be positive"));
  options = {};
  options.fixed = {99};
  CHECK_THAT(refusal(a, b, options), ContainsSubstring("fixed atom 99 does not exist"));
  options.fixed = {12};
  CHECK_THAT(refusal(a, b, options), ContainsSubstring("fixed atom 12 moves by 2.55 Å"));

  Atoms other = b;
  other.numbers.pop_back();
  other.positions.pop_back();
  CHECK_THAT(refusal(a, other), ContainsSubstring("different numbers of atoms, 13 and 12"));
  other = b;
  other.numbers[4] = 79;
  CHECK_THAT(refusal(a, other), ContainsSubstring("atom 4 (counted from 0) is Cu in the first and Au in the last"));
  other = b;
  other.cell[1][1] += 0.1;
  CHECK_THAT(refusal(a, other), ContainsSubstring("lattice vector b differs by 0.1 Å; the cell stays as it is"));
  other = b;
  other.pbc[2] = true;
  CHECK_THAT(refusal(a, other), ContainsSubstring("not periodic along the same directions"));
  CHECK_THAT(refusal(a, a), ContainsSubstring("both ends are the same structure"));

  const auto [first, last] = exchange();
  NebOptions linear;
  linear.images = 3;
  linear.start = NebStart::linear;
  CHECK_THROWS_WITH(nudged_elastic_band(first, last, LennardJones(), linear),
                    ContainsSubstring("the idpp start keeps atoms apart"));
  CHECK_THROWS_WITH(neb_start("spline"), ContainsSubstring("there are linear, idpp"));
}

TEST_CASE("ends that are not relaxed and missing passes are told", "[optim][neb]") {
  Pass pass = passes()[0];
  pass.initial.positions[12][2] += 0.2;
  NebOptions options = with(pass, 2);
  options.max_steps = 3;
  const NebResult r = nudged_elastic_band(pass.initial, pass.final, Emt(), options);
  REQUIRE(!r.warnings.empty());
  CHECK_THAT(r.warnings[0], ContainsSubstring("the first structure is not relaxed: its largest force is"));
  CHECK(!r.converged);
  CHECK_THAT(r.reason, ContainsSubstring("not converged after 3 steps"));

  // Downhill all the way: the last end is the lowest, the first the highest.
  Pass slope = passes()[1];
  slope.initial.positions[12][2] += 0.8;
  const Atoms high = slope.initial;
  slope.final = passes()[1].initial;
  const NebResult down = nudged_elastic_band(high, slope.final, Emt(), with(slope, 3));
  CHECK(down.barrier == 0.0);
  CHECK_THAT(down.warnings.back(), ContainsSubstring("the highest structure is an end"));
}
