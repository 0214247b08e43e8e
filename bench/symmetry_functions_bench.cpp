// What this file is: how long symmetry functions take per atom, without and with derivatives, for a cluster and for
// periodic cells of diamond.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <vector>

#include "atoms/symmetry_functions.hpp"
#include "core/random.hpp"

using namespace adatom;

namespace {

/// A compact cluster as dense as a liquid: atoms added at random, none closer than 1.3 A to another.
Atoms cluster(std::size_t n) {
  Random random(1);
  Atoms atoms;
  double radius = 1.0;
  while (atoms.size() < n) {
    radius += 1e-4;
    const Vector3 r = radius * random.uniform() * Vector3(random.direction());
    const auto too_close = [&](const Vector3& other) { return norm(r - other) < 1.3; };
    if (std::any_of(atoms.positions.begin(), atoms.positions.end(), too_close)) continue;
    atoms.positions.push_back(r);
    atoms.numbers.push_back(6);
  }
  return atoms;
}

/// n × n × n cubic cells of diamond, 8 n³ atoms, moved by up to 0.05 A.
Atoms diamond(int n) {
  constexpr double a = 3.567;
  Atoms cell;
  for (const Vector3& r : {Vector3{0, 0, 0}, Vector3{0, 2, 2}, Vector3{2, 0, 2}, Vector3{2, 2, 0}}) {
    cell.positions.push_back(a / 4 * r);
    cell.positions.push_back(a / 4 * (r + Vector3{1, 1, 1}));
  }
  cell.numbers.assign(8, 6);
  cell.cell = orthorhombic(a, a, a);
  cell.pbc = {true, true, true};
  Atoms atoms = repeated(cell, {n, n, n});
  Random random(1);
  for (Vector3& r : atoms.positions) r += 0.05 * Vector3(random.direction());
  return atoms;
}

void describe(benchmark::State& state, const Atoms& atoms, bool narrow, bool derivatives) {
  const SymmetryFunctions functions(default_symmetry_functions(std::array{6}, 5.0, {.narrow = narrow}));
  const NeighborList list = neighbor_list(atoms, functions.cutoff());
  Descriptors descriptors;
  for (auto _ : state) {
    // In chunks, as a prediction does, so that derivatives of large systems do not leave the cache.
    for (std::size_t first = 0; first < atoms.size(); first += 8) {
      compute_descriptors(functions, atoms.numbers, list, first, std::min(first + 8, atoms.size()), derivatives,
                          descriptors);
      benchmark::DoNotOptimize(descriptors.value.data());
    }
  }
  state.counters["neighbors"] = static_cast<double>(list.size()) / static_cast<double>(atoms.size());
  state.counters["per_atom"] = benchmark::Counter(
      static_cast<double>(atoms.size()), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void all_atoms(benchmark::State& state, int which, bool narrow, bool derivatives) {
  describe(state,
           which < 3 ? cluster(which == 0   ? 8
                               : which == 1 ? 24
                                            : 38)
                     : diamond(which == 3 ? 2 : 4),
           narrow, derivatives);
}

BENCHMARK_CAPTURE(all_atoms, cluster8_wide_values, 0, false, false);
BENCHMARK_CAPTURE(all_atoms, cluster8_wide_derivatives, 0, false, true);
BENCHMARK_CAPTURE(all_atoms, cluster24_wide_derivatives, 1, false, true);
BENCHMARK_CAPTURE(all_atoms, cluster38_wide_values, 2, false, false);
BENCHMARK_CAPTURE(all_atoms, cluster38_wide_derivatives, 2, false, true);
BENCHMARK_CAPTURE(all_atoms, diamond64_wide_values, 3, false, false);
BENCHMARK_CAPTURE(all_atoms, diamond64_wide_derivatives, 3, false, true);
BENCHMARK_CAPTURE(all_atoms, diamond512_wide_values, 4, false, false);
BENCHMARK_CAPTURE(all_atoms, diamond512_wide_derivatives, 4, false, true);
BENCHMARK_CAPTURE(all_atoms, cluster38_narrow_values, 2, true, false);
BENCHMARK_CAPTURE(all_atoms, cluster38_narrow_derivatives, 2, true, true);
BENCHMARK_CAPTURE(all_atoms, diamond64_narrow_values, 3, true, false);
BENCHMARK_CAPTURE(all_atoms, diamond64_narrow_derivatives, 3, true, true);
BENCHMARK_CAPTURE(all_atoms, diamond512_narrow_derivatives, 4, true, true);

}  // namespace
