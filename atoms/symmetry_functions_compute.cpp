// What this file is: compute_descriptors: sorts each atom's neighbours by element, calls the kernel, and puts its lanes
// into the order of the functions.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "atoms/symmetry_functions_plan.hpp"
#include "core/error.hpp"
#include "core/processor.hpp"

namespace adatom {
namespace kernels {

// Defined once per level, at the end of the kernel file.
namespace baseline {
extern const SymmetryFunctionTable symmetry_function_table;
}
namespace avx2 {
#if defined(__x86_64__)
extern const SymmetryFunctionTable symmetry_function_table;
#else
using namespace baseline;
#endif
}  // namespace avx2
namespace avx512 {
#if defined(__x86_64__)
extern const SymmetryFunctionTable symmetry_function_table;
#else
using namespace baseline;
#endif
}  // namespace avx512

namespace {

const SymmetryFunctionTable& table_of(Processor level) {
  switch (level) {
    case Processor::avx512:
      return avx512::symmetry_function_table;
    case Processor::avx2:
      return avx2::symmetry_function_table;
    case Processor::baseline:
      break;
  }
  return baseline::symmetry_function_table;
}

const SymmetryFunctionTable*& table_in_use() {
  static const SymmetryFunctionTable* table = &table_of(processor());
  return table;
}

}  // namespace

void use_symmetry_function_level(Processor level) {
  if (level > processor()) throw InputError(std::string("this processor does not support ") + name(level));
  table_in_use() = &table_of(level);
}

}  // namespace kernels

namespace {

/// Memory for one atom's evaluation, kept per thread.
struct Scratch {
  std::vector<std::size_t> entry;   // which neighbour-list entry (counted from the atom's first) a neighbour is
  std::vector<std::int16_t> place;  // per entry: slot, plus the number of slots for far ones; -1 for no role
  std::vector<std::size_t> start;   // per place + 1
  std::vector<std::uint32_t> list;
  std::vector<double> numbers;

  /// The next `count` doubles, 64-byte aligned if count is a multiple of 8.
  double* reserve(std::size_t count) {
    if (numbers.size() < count + kernels::pack) numbers.resize(count + count / 2 + kernels::pack);
    const auto address = reinterpret_cast<std::uintptr_t>(numbers.data());
    return numbers.data() + (64 - address % 64) % 64 / sizeof(double);
  }
};

std::size_t whole_packs(std::size_t count) { return (count + kernels::pack - 1) / kernels::pack * kernels::pack; }

/// One atom of the list and where its results go.
struct Task {
  const SymmetryFunctions& functions;
  const CenterFunctions& center;
  std::span<const int> numbers;
  const NeighborList& list;
  std::size_t atom;
  double* value;
  bool derivatives;  // whether the next two are wanted
  double* slope;
  double* derivative;
};

/// Assigns the entries to places and counts them; entries beyond the cutoff, or of elements that this centre has no
/// functions for, get −1.
std::size_t sort_neighbors(const Task& task, Scratch& scratch) {
  const CenterFunctions& center = task.center;
  const std::size_t first = task.list.offsets[task.atom], last = task.list.offsets[task.atom + 1];
  const double reach = center.cutoff * center.cutoff, near = center.angular_cutoff * center.angular_cutoff;
  scratch.place.resize(last - first);
  scratch.start.assign(2 * center.neighbors.size() + 1, 0);
  for (std::size_t p = first; p < last; ++p) {
    const std::size_t j = task.list.index[p];
    if (!task.functions.knows(task.numbers[j])) throw_unknown_element(task.functions, task.numbers[j], j);
    const double squared = dot(task.list.displacement[p], task.list.displacement[p]);
    if (squared < smallest_distance_apart * smallest_distance_apart) {
      throw_coincident(task.atom, j, std::sqrt(squared));
    }
    const int slot = squared < reach ? center.slot_of[static_cast<std::size_t>(task.numbers[j])] : -1;
    const int place = slot < 0 || squared < near ? slot : slot + static_cast<int>(center.neighbors.size());
    scratch.place[p - first] = static_cast<std::int16_t>(place);
    if (place >= 0) ++scratch.start[static_cast<std::size_t>(place) + 1];
  }
  for (std::size_t s = 1; s < scratch.start.size(); ++s) scratch.start[s] += scratch.start[s - 1];
  return scratch.start.back();
}

/// The neighbours' displacements by place, and which entries they are.
void place_neighbors(const Task& task, std::size_t stride, double* x, double* y, double* z, Scratch& scratch) {
  const std::size_t first = task.list.offsets[task.atom];
  const std::size_t count = scratch.start.back();
  scratch.entry.resize(count);
  std::size_t at = 0;
  for (std::size_t s = 0; s + 1 < scratch.start.size(); ++s) {
    if (scratch.start[s] == scratch.start[s + 1]) continue;
    for (std::size_t n = 0; n < scratch.place.size(); ++n) {
      if (scratch.place[n] != static_cast<int>(s)) continue;
      const Vector3& d = task.list.displacement[first + n];
      x[at] = d[0], y[at] = d[1], z[at] = d[2];
      scratch.entry[at++] = n;
    }
  }
  for (; at < stride; ++at) x[at] = 1.0, y[at] = z[at] = 0.0;
}

void copy_runs(const std::vector<LaneRun>& runs, const double* lanes, double* out) {
  for (const LaneRun& run : runs) std::copy_n(lanes + run.lane, run.length, out + run.function);
}

/// The kernel's lanes, `rows` rows of `width` for each neighbour by place, into rows of `functions` for each entry;
/// zeros where a function does not depend on the neighbour.
void place_lanes(const Scratch& scratch, const LaneRuns& runs, std::size_t rows, std::size_t width,
                 std::size_t functions, const double* lanes, double* out) {
  const std::size_t slots = runs.of_slot.size();
  for (std::size_t n = 0; n < scratch.place.size(); ++n) {
    if (scratch.place[n] < 0 || !runs.all[static_cast<std::size_t>(scratch.place[n]) % slots]) {
      std::fill_n(out + n * rows * functions, rows * functions, 0.0);
    }
  }
  for (std::size_t place = 0; place < 2 * slots; ++place) {
    for (std::size_t j = scratch.start[place]; j < scratch.start[place + 1]; ++j) {
      for (std::size_t r = 0; r < rows; ++r) {
        copy_runs(runs.of_slot[place % slots], lanes + (rows * j + r) * width,
                  out + (rows * scratch.entry[j] + r) * functions);
      }
    }
  }
}

/// Whether the neighbours by place are all entries in their order.
bool in_order(const Scratch& scratch) {
  const auto used = [&](std::size_t s) { return scratch.start[s] < scratch.start[s + 1]; };
  std::size_t places = 0;
  for (std::size_t s = 0; s + 1 < scratch.start.size(); ++s) places += used(s);
  return places <= 1 && scratch.start.back() == scratch.place.size();
}

void describe(const Task& task, Scratch& scratch) {
  const CenterFunctions& center = task.center;
  const kernels::CenterPlan& plan = center.plan;
  const std::size_t count = sort_neighbors(task, scratch);
  const std::size_t stride = whole_packs(count);
  const std::size_t work = kernels::workspace_size(plan, stride);
  const std::size_t width = plan.radial_width + plan.angular_width;
  const std::size_t lanes = task.derivatives ? count * (plan.radial_width + 3 * plan.angular_width) : 0;
  double* const x = scratch.reserve(3 * stride + work + width + lanes);
  scratch.list.resize(std::max(stride, scratch.list.size()));
  place_neighbors(task, stride, x, x + stride, x + 2 * stride, scratch);
  kernels::Surroundings s{count,
                          stride,
                          scratch.start.data(),
                          x,
                          x + stride,
                          x + 2 * stride,
                          x + 3 * stride,
                          scratch.list.data(),
                          x + 3 * stride + work,
                          nullptr,
                          nullptr};
  const bool ordered = in_order(scratch);
  const bool slopes_in_place = ordered && center.radial_runs.in_place;
  const bool derivatives_in_place = ordered && center.angular_runs.in_place;
  if (task.derivatives) {
    s.slope = slopes_in_place ? task.slope : s.value + width;
    s.derivative = derivatives_in_place ? task.derivative : s.value + width + count * plan.radial_width;
  }
  kernels::table_in_use()->describe(plan, s);
  copy_runs(center.value_runs, s.value, task.value);
  if (!task.derivatives) return;
  const std::size_t radial = center.radial, angular = center.functions.size() - radial;
  if (!slopes_in_place) place_lanes(scratch, center.radial_runs, 1, plan.radial_width, radial, s.slope, task.slope);
  if (!derivatives_in_place) {
    place_lanes(scratch, center.angular_runs, 3, plan.angular_width, angular, s.derivative, task.derivative);
  }
}

/// Sizes of the results, so that they are laid out before anything is computed.
void lay_out(const SymmetryFunctions& functions, std::span<const int> numbers, const NeighborList& list,
             std::size_t first, std::size_t last, bool derivatives, Descriptors& result) {
  const std::size_t atoms = last - first;
  result.row.assign(atoms + 1, 0);
  result.radial.assign(derivatives ? atoms : 0, 0);
  result.slope_block.assign(derivatives ? atoms + 1 : 0, 0);
  result.derivative_block.assign(derivatives ? atoms + 1 : 0, 0);
  for (std::size_t n = 0; n < atoms; ++n) {
    const std::size_t i = first + n, count = functions.count(numbers[i]);
    if (count == 0 && !functions.knows(numbers[i])) throw_unknown_element(functions, numbers[i], i);
    result.row[n + 1] = result.row[n] + count;
    if (!derivatives) continue;
    const std::size_t neighbors = list.offsets[i + 1] - list.offsets[i], radial = functions.radial_count(numbers[i]);
    result.radial[n] = radial;
    result.slope_block[n + 1] = result.slope_block[n] + neighbors * radial;
    result.derivative_block[n + 1] = result.derivative_block[n] + neighbors * 3 * (count - radial);
  }
  result.value.resize(result.row.back());
  result.slope.resize(derivatives ? result.slope_block.back() : 0);
  result.derivative.resize(derivatives ? result.derivative_block.back() : 0);
}

}  // namespace

void compute_descriptors(const SymmetryFunctions& functions, std::span<const int> numbers, const NeighborList& list,
                         std::size_t first, std::size_t last, bool derivatives, Descriptors& result) {
  require_range("compute_descriptors", numbers, list, first, last);
  lay_out(functions, numbers, list, first, last, derivatives, result);
  thread_local Scratch scratch;
  for (std::size_t i = first; i < last; ++i) {
    const CenterFunctions* const center = functions.plan() != nullptr ? functions.plan()->center(numbers[i]) : nullptr;
    if (center == nullptr) continue;
    const std::size_t n = i - first;
    describe({functions, *center, numbers, list, i, result.value.data() + result.row[n], derivatives,
              derivatives ? result.slope.data() + result.slope_block[n] : nullptr,
              derivatives ? result.derivative.data() + result.derivative_block[n] : nullptr},
             scratch);
  }
}

}  // namespace adatom
