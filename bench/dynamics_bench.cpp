// What this file is: how long steps of molecular dynamics take: the Lennard-Jones melt of LAMMPS's benchmarks, 100
// steps from its crystal, on one thread and on two. "check" is the total energy of an atom after them, which LAMMPS
// gets too.
#include <benchmark/benchmark.h>

#include "atoms/units.hpp"
#include "bench/problems.hpp"
#include "core/parallel.hpp"
#include "dynamics/molecular_dynamics.hpp"
#include "potentials/lennard_jones.hpp"

using namespace adatom;

namespace {

constexpr std::size_t steps = 100;

/// A crystal of edge³ cubes of four atoms, on so many threads.
void melt(benchmark::State& state, std::size_t every, std::size_t threads) {
  const problems::Melt problem = problems::melt(static_cast<std::size_t>(state.range(0)));
  set_thread_count(threads);
  DynamicsState start;
  const std::size_t n = problem.positions.size() / 3;
  start.atoms.numbers.assign(n, 18);
  start.atoms.cell = orthorhombic(problem.length, problem.length, problem.length);
  start.atoms.pbc = {true, true, true};
  start.masses.assign(n, 1.0);
  for (std::size_t i = 0; i < n; ++i) {
    const double *const x = &problem.positions[3 * i], *const v = &problem.velocities[3 * i];
    start.atoms.positions.push_back({x[0], x[1], x[2]});
    start.velocities.push_back({v[0] * units::femtosecond, v[1] * units::femtosecond, v[2] * units::femtosecond});
  }
  const LennardJones potential({.cutoff = problems::Melt::cutoff, .mode = LennardJonesCutoff::plain});
  DynamicsOptions options;
  options.time_step = problems::Melt::time_step / units::femtosecond;
  options.reuse = {.skin = problems::Melt::skin, .every = every};
  double energy = 0.0;
  for (auto _ : state) {
    state.PauseTiming();
    MolecularDynamics run(start, potential, options);
    state.ResumeTiming();
    run.run(steps);
    energy = run.thermodynamics().total / static_cast<double>(n);
  }
  state.counters["check"] = energy;
  state.counters["per_atom"] = benchmark::Counter(
      static_cast<double>(steps * n), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  set_thread_count(1);
}
/// A list every 20 steps, unchecked, as LAMMPS's benchmark has it.
void lj_melt(benchmark::State& state) { melt(state, problems::Melt::list_every, 1); }
BENCHMARK(lj_melt)->Arg(10)->Arg(20)->Unit(benchmark::kMillisecond);
/// A list whenever an atom has moved half the skin: no pair is ever missed.
void lj_melt_checked(benchmark::State& state) { melt(state, 0, 1); }
BENCHMARK(lj_melt_checked)->Arg(20)->Unit(benchmark::kMillisecond);
/// Edge, threads; real time.
void lj_melt_threads(benchmark::State& state) {
  melt(state, problems::Melt::list_every, static_cast<std::size_t>(state.range(1)));
}
BENCHMARK(lj_melt_threads)->Args({20, 1})->Args({20, 2})->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
