// What this file is: how long building structures takes; ASE builds the same in peers/ase_peer.py.
#include <benchmark/benchmark.h>

#include <stdexcept>

#include "atoms/builders/adsorbate.hpp"
#include "atoms/builders/bulk.hpp"
#include "atoms/builders/nanotube.hpp"
#include "atoms/builders/supercell.hpp"

using namespace adatom;

namespace {

/// Times `build`, which must make `expected` atoms.
template <class Build>
void measure(benchmark::State& state, std::size_t expected, const Build& build) {
  if (build().size() != expected) throw std::logic_error("the wrong number of atoms");
  for (auto _ : state) {
    Atoms atoms = build();
    benchmark::DoNotOptimize(atoms.positions.data());
  }
  state.counters["atoms"] = static_cast<double>(expected);
}

void build_bulk(benchmark::State& state) {
  measure(state, 4, [] { return bulk("Cu", {.setting = Setting::conventional}); });
}
BENCHMARK(build_bulk);

void build_bulk_repeated(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0));
  measure(state, 4 * static_cast<std::size_t>(n * n * n), [n] {
    return repeated(bulk("Cu", {.setting = Setting::conventional}), {n, n, n});
  });
}
BENCHMARK(build_bulk_repeated)->Arg(3)->Arg(20);

void build_slab(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0));
  measure(state, 4 * static_cast<std::size_t>(n * n), [n] { return fcc111("Cu", {.size = {n, n, 4}}).atoms; });
}
BENCHMARK(build_slab)->Arg(3)->Arg(50);

void build_slab_with_adsorbate(benchmark::State& state) {
  const int n = static_cast<int>(state.range(0));
  measure(state, 4 * static_cast<std::size_t>(n * n) + 1, [n] {
    Slab slab = fcc111("Cu", {.size = {n, n, 4}});
    add_adsorbate(slab, "O", 1.2, "fcc");
    return std::move(slab.atoms);
  });
}
BENCHMARK(build_slab_with_adsorbate)->Arg(3)->Arg(50);

void build_nanotube(benchmark::State& state) {
  measure(state, 280 * 5, [] { return nanotube(8, 2, {.length = 25}); });
}
BENCHMARK(build_nanotube);

void build_supercell(benchmark::State& state) {
  const Atoms unit = bulk("Cu");
  measure(state, 4000, [&unit] { return supercell(unit, {{{-10, 10, 10}, {10, -10, 10}, {10, 10, -10}}}); });
}
BENCHMARK(build_supercell);

}  // namespace
