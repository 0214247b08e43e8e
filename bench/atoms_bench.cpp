// What this file is: how long neighbour lists take (the cost per atom must not grow with their number) and how many
// megabytes of extended XYZ are read and written each second.
#include <benchmark/benchmark.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "atoms/extxyz.hpp"
#include "atoms/labels.hpp"
#include "atoms/neighbors.hpp"
#include "core/file.hpp"
#include "core/random.hpp"

using namespace adatom;

namespace {

/// About `count` atoms of fcc copper in a cube, rattled by 0.05 A.
Atoms copper(std::size_t count, bool periodic) {
  Random random(1);
  const int n = static_cast<int>(std::lround(std::cbrt(static_cast<double>(count) / 4.0)));
  const double a = 3.61;
  Atoms unit;
  unit.numbers = {29, 29, 29, 29};
  unit.positions = {{0, 0, 0}, {0, a / 2, a / 2}, {a / 2, 0, a / 2}, {a / 2, a / 2, 0}};
  unit.cell = orthorhombic(a, a, a);
  Atoms atoms = repeated(unit, {n, n, n});
  for (Vector3& r : atoms.positions) r += 0.05 * Vector3{random.normal(), random.normal(), random.normal()};
  atoms.pbc = {periodic, periodic, periodic};
  return atoms;
}

void report(benchmark::State& state, std::size_t atoms, std::size_t entries) {
  const auto inverse = benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert;
  state.counters["per_atom"] = benchmark::Counter(static_cast<double>(atoms), inverse);
  state.counters["per_entry"] = benchmark::Counter(static_cast<double>(entries), inverse);
  state.counters["atoms"] = static_cast<double>(atoms);
}

/// Cutoff 5 A: about 43 neighbours an atom. A million atoms fill 1.8 GB.
void neighbor_list_periodic(benchmark::State& state) {
  const Atoms atoms = copper(static_cast<std::size_t>(state.range(0)), true);
  NeighborList list;
  neighbor_list(atoms, 5.0, list);  // the system gives memory once, a simulation asks for many lists
  for (auto _ : state) {
    neighbor_list(atoms, 5.0, list);
    benchmark::DoNotOptimize(list.displacement.data());
  }
  report(state, atoms.size(), list.size());
}
BENCHMARK(neighbor_list_periodic)->Arg(32)->RangeMultiplier(10)->Range(1000, 1000000)->Unit(benchmark::kMillisecond);

/// A cluster of a search: 13 to 108 atoms, a list at every step.
void neighbor_list_cluster(benchmark::State& state) {
  Random random(2);
  const auto count = static_cast<std::size_t>(state.range(0));
  const double edge = 2.3 * std::cbrt(static_cast<double>(count));
  Atoms atoms;
  atoms.numbers.assign(count, 29);
  for (std::size_t i = 0; i < count; ++i) {
    atoms.positions.push_back({random.uniform(0.0, edge), random.uniform(0.0, edge), random.uniform(0.0, edge)});
  }
  NeighborList list;
  for (auto _ : state) {
    neighbor_list(atoms, 5.0, list);
    benchmark::DoNotOptimize(list.displacement.data());
  }
  report(state, atoms.size(), list.size());
}
BENCHMARK(neighbor_list_cluster)->Arg(13)->Arg(38)->Arg(108)->Unit(benchmark::kMicrosecond);

/// 1000 frames of 100 atoms with forces, energy and cell. Eight decimals as ASE writes them, or all digits.
std::vector<Frame> trajectory(bool all_digits) {
  Random random(4);
  std::vector<Frame> frames;
  for (int f = 0; f < 1000; ++f) {
    Frame frame;
    frame.atoms = copper(108, true);
    const auto number = [&](double scale) {
      const double x = scale * random.normal();
      return all_digits ? x : std::round(x * 1e8) / 1e8;
    };
    Labels all{.energy = number(100.0), .forces = std::vector<Vector3>(frame.atoms.size())};
    for (Vector3& r : frame.atoms.positions) r = {number(5.0), number(5.0), number(5.0)};
    for (Vector3& force : *all.forces) force = {number(1.0), number(1.0), number(1.0)};
    set_labels(frame, all);
    frames.push_back(std::move(frame));
  }
  return frames;
}

void read_trajectory(benchmark::State& state) {
  const auto path = std::filesystem::temp_directory_path() / "adatom_bench.xyz";
  write_extxyz(path, trajectory(state.range(0) == 1));
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
  for (auto _ : state) benchmark::DoNotOptimize(read_extxyz(path).data());
  state.SetBytesProcessed(bytes * static_cast<std::int64_t>(state.iterations()));
  std::filesystem::remove(path);
}
BENCHMARK(read_trajectory)->ArgName("all_digits")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void write_trajectory(benchmark::State& state) {
  const std::vector<Frame> frames = trajectory(state.range(0) == 1);
  std::int64_t bytes = 0;
  for (auto _ : state) {
    for (const Frame& frame : frames) {
      const std::string text = to_extxyz(frame);
      bytes += static_cast<std::int64_t>(text.size());
      benchmark::DoNotOptimize(text.data());
    }
  }
  state.SetBytesProcessed(bytes);
}
BENCHMARK(write_trajectory)->ArgName("all_digits")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
