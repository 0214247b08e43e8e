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
  double* derivative;  // null if not wanted
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

/// Lanes of each neighbour into its matrix; zeros where a function does not depend on it.
void place_derivatives(const Task& task, const Scratch& scratch, const double* lanes) {
  const std::size_t functions = task.center.functions.size(), width = task.center.plan.width;
  const std::size_t slots = task.center.neighbors.size();
  for (std::size_t n = 0; n < scratch.place.size(); ++n) {
    if (scratch.place[n] < 0 || !task.center.involves_all[static_cast<std::size_t>(scratch.place[n]) % slots]) {
      std::fill_n(task.derivative + n * 3 * functions, 3 * functions, 0.0);
    }
  }
  for (std::size_t place = 0; place < 2 * slots; ++place) {
    const std::vector<LaneRun>& runs = task.center.derivative_runs[place % slots];
    for (std::size_t j = scratch.start[place]; j < scratch.start[place + 1]; ++j) {
      for (std::size_t c = 0; c < 3; ++c) {
        copy_runs(runs, lanes + (3 * j + c) * width, task.derivative + (3 * scratch.entry[j] + c) * functions);
      }
    }
  }
}

void describe(const Task& task, Scratch& scratch) {
  const kernels::CenterPlan& plan = task.center.plan;
  const std::size_t count = sort_neighbors(task, scratch);
  const std::size_t stride = whole_packs(count);
  const std::size_t work = kernels::workspace_size(plan, stride);
  const std::size_t derivative = task.derivative != nullptr ? 3 * count * plan.width : 0;
  double* const x = scratch.reserve(3 * stride + work + plan.width + derivative);
  scratch.list.resize(std::max(stride, scratch.list.size()));
  place_neighbors(task, stride, x, x + stride, x + 2 * stride, scratch);
  double* const value = x + 3 * stride + work;
  double* const slopes = task.derivative != nullptr ? value + plan.width : nullptr;
  kernels::table_in_use()->describe(plan, {count, stride, scratch.start.data(), x, x + stride, x + 2 * stride,
                                           x + 3 * stride, scratch.list.data(), value, slopes});
  copy_runs(task.center.value_runs, value, task.value);
  if (task.derivative != nullptr) place_derivatives(task, scratch, slopes);
}

/// Sizes of the results, so that they are laid out before anything is computed.
void lay_out(const SymmetryFunctions& functions, std::span<const int> numbers, const NeighborList& list,
             std::size_t first, std::size_t last, bool derivatives, Descriptors& result) {
  result.row.resize(last - first + 1);
  result.block.resize(derivatives ? last - first + 1 : 0);
  result.row[0] = 0;
  if (derivatives) result.block[0] = 0;
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t count = functions.count(numbers[i]);
    if (count == 0 && !functions.knows(numbers[i])) throw_unknown_element(functions, numbers[i], i);
    result.row[i - first + 1] = result.row[i - first] + count;
    if (derivatives) {
      result.block[i - first + 1] = result.block[i - first] + 3 * count * (list.offsets[i + 1] - list.offsets[i]);
    }
  }
  result.value.resize(result.row.back());
  result.derivative.resize(derivatives ? result.block.back() : 0);
}

}  // namespace

void compute_descriptors(const SymmetryFunctions& functions, std::span<const int> numbers, const NeighborList& list,
                         std::size_t first, std::size_t last, bool derivatives, Descriptors& result) {
  if (list.offsets.size() != numbers.size() + 1 || first > last || last > numbers.size()) {
    throw ShapeError("compute_descriptors: atoms " + std::to_string(first) + " to " + std::to_string(last) + " of " +
                     std::to_string(numbers.size()) + " with a neighbour list of " +
                     std::to_string(list.offsets.empty() ? 0 : list.offsets.size() - 1));
  }
  lay_out(functions, numbers, list, first, last, derivatives, result);
  thread_local Scratch scratch;
  for (std::size_t i = first; i < last; ++i) {
    const CenterFunctions* const center = functions.plan() != nullptr ? functions.plan()->center(numbers[i]) : nullptr;
    if (center == nullptr) continue;
    describe({functions, *center, numbers, list, i, result.value.data() + result.row[i - first],
              derivatives ? result.derivative.data() + result.block[i - first] : nullptr},
             scratch);
  }
}

}  // namespace adatom
