// What this file is: how long relaxations and searches take. The last benchmark is the experiment behind the claim
// about LJ38: ten seeds from random starts, how many find the truncated octahedron within 10 000 hops.
#include <benchmark/benchmark.h>

#include "core/random.hpp"
#include "optim/basin_hopping.hpp"
#include "optim/clusters.hpp"
#include "optim/relax.hpp"
#include "potentials/lennard_jones.hpp"

using namespace adatom;

namespace {

Atoms random_start(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  Atoms atoms;
  atoms.numbers.assign(n, 18);
  atoms.positions = random_cluster_positions(n, 1.12, random);
  return atoms;
}

/// Random clusters to fmax 10⁻³, a different one in each iteration.
void relaxation(benchmark::State& state, RelaxMethod method) {
  const LennardJones potential;
  std::uint64_t seed = 0;
  double calls = 0.0;
  for (auto _ : state) {
    RelaxOptions options;
    options.method = method;
    options.fmax = 1e-3;
    options.max_steps = 3000;
    calls += double(relax(random_start(state.range(0), seed++ % 50), potential, options).force_calls);
  }
  state.counters["calls"] = benchmark::Counter(calls, benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(relaxation, bfgs, RelaxMethod::bfgs)->Arg(13)->Arg(38);
BENCHMARK_CAPTURE(relaxation, lbfgs, RelaxMethod::lbfgs)->Arg(13)->Arg(38)->Arg(150);
BENCHMARK_CAPTURE(relaxation, fire, RelaxMethod::fire)->Arg(13)->Arg(38);

/// One iteration is a search of 100 hops, a random start of its own each.
void search(benchmark::State& state, BasinHoppingOptions options) {
  const LennardJones potential;
  options.seed = 0;
  options.hops = 100;
  double quenches = 0.0, calls = 0.0;
  for (auto _ : state) {
    const BasinHoppingResult result =
        basin_hopping(random_start(state.range(0), options.seed % 50), potential, options);
    ++options.seed;
    quenches += double(result.quenches);
    calls += double(result.force_calls);
  }
  state.counters["quenches"] = benchmark::Counter(quenches, benchmark::Counter::kIsRate);
  state.counters["calls_per_quench"] = calls / quenches;
}
void hops(benchmark::State& state) { search(state, {}); }
/// The hops of Wales and Doye alone, as SciPy's basinhopping makes them.
void shaking_hops(benchmark::State& state) {
  BasinHoppingOptions options;
  options.step = 0.36;
  options.moves = {standard_move("shake")};
  search(state, options);
}
BENCHMARK(hops)->Arg(13)->Arg(38)->Unit(benchmark::kMillisecond);
BENCHMARK(shaking_hops)->Arg(13)->Arg(38)->Unit(benchmark::kMillisecond);

void lj38_ten_seeds(benchmark::State& state) {
  double found = 0.0, hops_used = 0.0, most = 0.0;
  for (auto _ : state) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      BasinHoppingOptions options;
      options.seed = seed;
      options.hops = 10000;
      options.reseed_after = 40;
      options.stop_energy = -173.928426;
      const BasinHoppingResult result = basin_hopping(random_start(38, 1000 + seed), LennardJones(), options);
      found += result.reached;
      hops_used += double(result.hops);
      most = std::max(most, double(result.hops));
    }
  }
  state.counters["found"] = found;
  state.counters["hops"] = hops_used;
  state.counters["most_hops"] = most;
}
BENCHMARK(lj38_ten_seeds)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
