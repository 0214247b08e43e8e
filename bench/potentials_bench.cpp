// What this file is: how long potentials take for energy and forces. Lennard-Jones fused and composed, free clusters
// and crystals. Other instruction sets: set ADATOM_PROCESSOR to avx2 or baseline.
#include <benchmark/benchmark.h>

#include <vector>

#include "core/random.hpp"
#include "potentials/lennard_jones.hpp"
#include "problems.hpp"

using namespace adatom;

namespace {

/// A shaken piece of a simple cubic lattice.
Atoms cluster(std::size_t n) {
  const std::vector<double> x = problems::cluster(n);
  Atoms atoms;
  atoms.numbers.assign(n, 18);
  for (std::size_t i = 0; i < x.size(); i += 3) atoms.positions.push_back({x[i], x[i + 1], x[i + 2]});
  return atoms;
}

/// A shaken fcc crystal of 4 edge³ atoms, periodic.
Atoms crystal(int edge) {
  const double a = 1.5496;
  Atoms cell;
  for (const Vector3& basis : {Vector3{0, 0, 0}, Vector3{0, .5, .5}, Vector3{.5, 0, .5}, Vector3{.5, .5, 0}}) {
    cell.positions.push_back(a * basis);
    cell.numbers.push_back(18);
  }
  cell.cell = orthorhombic(a, a, a);
  cell.pbc = {true, true, true};
  Atoms atoms = repeated(cell, {edge, edge, edge});
  Random random(7);
  for (Vector3& p : atoms.positions) p += 0.03 * Vector3{random.normal(), random.normal(), random.normal()};
  return atoms;
}

void lennard_jones_fused(benchmark::State& state) {
  const LennardJones potential;
  const Atoms atoms = cluster(state.range(0));
  Prediction prediction;
  for (auto _ : state) {
    potential.compute(atoms, {}, prediction);
    benchmark::DoNotOptimize(prediction.forces.data());
  }
  state.counters["check"] = prediction.energy;
}
BENCHMARK(lennard_jones_fused)->Arg(13)->Arg(38)->Arg(100)->Arg(1000);

void lennard_jones_composed(benchmark::State& state) {
  const LennardJones potential;
  const Atoms atoms = cluster(state.range(0));
  Prediction prediction;
  for (auto _ : state) {
    potential.Potential::compute(atoms, {}, prediction);
    benchmark::DoNotOptimize(prediction.forces.data());
  }
  state.counters["check"] = prediction.energy;
}
BENCHMARK(lennard_jones_composed)->Arg(13)->Arg(38)->Arg(100);

/// The neighbour list is built in every call.
void lennard_jones_crystal(benchmark::State& state, bool fused) {
  const LennardJones potential({.epsilon = 1.0, .sigma = 1.0, .cutoff = 2.5});
  const Atoms atoms = crystal(static_cast<int>(state.range(0)));
  Prediction prediction;
  for (auto _ : state) {
    fused ? potential.compute(atoms, {}, prediction) : potential.Potential::compute(atoms, {}, prediction);
    benchmark::DoNotOptimize(prediction.forces.data());
  }
  state.counters["per_atom"] = benchmark::Counter(
      double(atoms.size()), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK_CAPTURE(lennard_jones_crystal, fused, true)->Arg(6)->Arg(10);
BENCHMARK_CAPTURE(lennard_jones_crystal, composed, false)->Arg(6)->Arg(10);

}  // namespace
