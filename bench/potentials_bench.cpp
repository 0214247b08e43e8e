// What this file is: how long potentials take for energy and forces: Lennard-Jones and EMT, fused and composed, free
// clusters and crystals; a step of moving atoms with EMT, a sum of potentials and a neural network. Other instruction
// sets: set ADATOM_PROCESSOR to avx2 or baseline.
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "core/random.hpp"
#include "potentials/emt.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/local_ansatz.hpp"
#include "potentials/morse.hpp"
#include "potentials/sum.hpp"
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

/// 4 edge³ shaken atoms of copper, periodic.
Atoms copper(std::size_t edge) {
  const double a = 3.61;
  Atoms atoms{.numbers = {},
              .positions = {},
              .cell = orthorhombic(a * double(edge), a * double(edge), a * double(edge)),
              .pbc = {true, true, true}};
  for (std::size_t cell = 0; cell < edge * edge * edge; ++cell) {
    const Vector3 corner{double(cell / (edge * edge)), double(cell / edge % edge), double(cell % edge)};
    for (const Vector3& basis : {Vector3{0, 0, 0}, Vector3{0, .5, .5}, Vector3{.5, 0, .5}, Vector3{.5, .5, 0}}) {
      atoms.positions.push_back(a * (corner + basis));
      atoms.numbers.push_back(29);
    }
  }
  const std::vector<double> shake = problems::uniform_values(3 * atoms.size(), 0.05, 17);
  for (std::size_t k = 0; k < shake.size(); ++k) atoms.positions[k / 3][k % 3] += shake[k];
  return atoms;
}

/// The neighbour list is built in every call.
void emt_crystal(benchmark::State& state) {
  const Emt potential;
  const Atoms atoms = copper(static_cast<std::size_t>(state.range(0)));
  Prediction prediction;
  for (auto _ : state) {
    potential.compute(atoms, {}, prediction);
    benchmark::DoNotOptimize(prediction.forces.data());
  }
  state.counters["check"] = prediction.energy;
}
BENCHMARK(emt_crystal)->ArgName("cells")->Arg(3)->Arg(10);

/// Times force calls on atoms that move to and fro by less than any neighbour list minds, as in molecular dynamics.
void moving(benchmark::State& state, Evaluator& evaluator, const Atoms& start) {
  Atoms atoms = start;
  Prediction prediction;
  int moves = 0;
  for (auto _ : state) {
    const double step = 1e-4 * (++moves % 7 - 3);
    for (std::size_t i = 0; i < atoms.size(); ++i) atoms.positions[i][0] = start.positions[i][0] + step;
    evaluator.compute(atoms, {}, prediction);
    benchmark::DoNotOptimize(prediction.forces.data());
  }
}

void emt_moving(benchmark::State& state) {
  const Emt potential;
  const Atoms start = copper(static_cast<std::size_t>(state.range(0)));
  const std::unique_ptr<Evaluator> evaluator = potential.evaluator();
  Prediction prediction;
  evaluator->compute(start, {}, prediction);
  state.counters["check"] = prediction.energy;
  moving(state, *evaluator, start);
}
BENCHMARK(emt_moving)->ArgName("cells")->Arg(3)->Arg(10);

/// Lennard-Jones and Morse at once, each with a list of its own.
void sum_moving(benchmark::State& state) {
  const Sum potential(LennardJones({.epsilon = 1.0, .sigma = 1.0, .cutoff = 2.5}),
                      Morse({.epsilon = 0.2, .r0 = 1.1, .rcut1 = 1.5, .rcut2 = 2.0}));
  const std::unique_ptr<Evaluator> evaluator = potential.evaluator();
  moving(state, *evaluator, crystal(static_cast<int>(state.range(0))));
}
BENCHMARK(sum_moving)->ArgName("cells")->Arg(6)->Arg(10);

void emt_composed(benchmark::State& state) {
  const Emt potential;
  const Atoms atoms = copper(static_cast<std::size_t>(state.range(0)));
  Prediction prediction;
  for (auto _ : state) {
    potential.Potential::compute(atoms, {}, prediction);
    benchmark::DoNotOptimize(prediction.forces.data());
  }
  state.counters["check"] = prediction.energy;
}
BENCHMARK(emt_composed)->ArgName("cells")->Arg(3);

/// A network on the default symmetry functions of carbon, and 8 edge³ shaken atoms of diamond that move a little from
/// call to call. The weights are random: time does not depend on them.
void local_ansatz_moving(benchmark::State& state) {
  const std::vector<int> carbon{6};
  const SymmetryFunctions functions(default_symmetry_functions(carbon, 5.0));
  const std::size_t width = functions.count(6);
  Random random(1);
  ElementNetwork own{.element = 6};
  own.mean.assign(width, 0.3), own.scale.assign(width, 5.0);
  own.minimum.assign(width, 0.0), own.maximum.assign(width, 10.0);
  own.network = Mlp({width, 25, 25, 1}, Activation::silu, random);
  const LocalAnsatz potential(functions, {own}, 1.0);

  const double a = 3.567;
  Atoms cell;
  for (const Vector3& basis : {Vector3{0, 0, 0}, Vector3{0, .5, .5}, Vector3{.5, 0, .5}, Vector3{.5, .5, 0}}) {
    for (const double shift : {0.0, 0.25}) cell.positions.push_back(a * (basis + Vector3{shift, shift, shift}));
  }
  cell.numbers.assign(8, 6);
  cell.cell = orthorhombic(a, a, a);
  cell.pbc = {true, true, true};
  const int edge = static_cast<int>(state.range(0));
  Atoms start = repeated(cell, {edge, edge, edge});
  for (Vector3& p : start.positions) p += 0.05 * Vector3{random.normal(), random.normal(), random.normal()};

  const std::unique_ptr<Evaluator> evaluator = potential.evaluator();
  moving(state, *evaluator, start);
  state.counters["per_atom"] = benchmark::Counter(
      double(start.size()), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(local_ansatz_moving)->ArgName("cells")->Arg(4)->Arg(8)->Unit(benchmark::kMillisecond);

}  // namespace
