#include "autodiff/kernels/reduce.hpp"

#include <algorithm>
#include <vector>

#include "autodiff/kernels/tables.hpp"
#include "core/parallel.hpp"

namespace adatom::kernels {
namespace {

/// Elements that a kernel sums in one go; longer sums are trees over stretches of this length.
constexpr std::size_t stretch = 2048;
/// Elements below which waking threads costs more than it saves.
constexpr std::size_t worth_sharing = 1 << 17;

/// Σ leaf(i) for first <= i < last, split in halves: the rounding error grows with the logarithm of their number. From
/// the end to the start, since the end is what was written last and may still be in the cache.
template <class Leaf>
double sum_pairwise(std::size_t first, std::size_t last, const Leaf& leaf) {
  if (last - first == 1) return leaf(first);
  const std::size_t middle = first + (last - first) / 2;
  const double upper = sum_pairwise(middle, last, leaf);
  return sum_pairwise(first, middle, leaf) + upper;
}

/// The sum of n elements, where part(first, count) sums a stretch.
template <class Part>
double sum_of_stretches(std::size_t n, const Part& part) {
  if (n <= stretch) return part(std::size_t{0}, n);
  const std::size_t count = (n + stretch - 1) / stretch;
  const auto leaf = [&](std::size_t i) { return part(i * stretch, std::min(stretch, n - i * stretch)); };
  if (n < worth_sharing || thread_count() == 1) return sum_pairwise(0, count, leaf);
  thread_local std::vector<double> memory;
  memory.resize(std::max(memory.size(), count));
  double* const parts = memory.data();  // the calling thread's, also inside the tasks
  constexpr std::size_t group = 16;
  parallel_for((count + group - 1) / group, [&](std::size_t g) {
    for (std::size_t i = g * group; i < std::min(count, (g + 1) * group); ++i) parts[i] = leaf(i);
  });
  return sum_pairwise(0, count, [parts](std::size_t i) { return parts[i]; });
}

}  // namespace

double sum(std::size_t n, const double* x) {
  const auto function = tables().reduce.sum;
  return sum_of_stretches(n, [=](std::size_t first, std::size_t count) { return function(count, x + first); });
}

double dot(std::size_t n, const double* x, const double* y) {
  const auto function = tables().reduce.dot;
  return sum_of_stretches(n,
                          [=](std::size_t first, std::size_t count) { return function(count, x + first, y + first); });
}

double squared_distance(std::size_t n, const double* x, const double* y) {
  const auto function = tables().reduce.squared_distance;
  return sum_of_stretches(n,
                          [=](std::size_t first, std::size_t count) { return function(count, x + first, y + first); });
}

void sum_rows(std::size_t rows, std::size_t columns, const double* x, double* out) {
  const ReduceTable& table = tables().reduce;
  if (columns == 1) {
    out[0] = sum(rows, x);
    return;
  }
  std::fill(out, out + columns, 0.0);
  // Groups of rows are summed apart and then added up, which keeps rounding errors small and threads independent.
  constexpr std::size_t group = 256;
  const std::size_t groups = (rows + group - 1) / group;
  const auto sum_group = [&](std::size_t g, double* part) {
    table.sum_rows(std::min(group, rows - g * group), columns, x + g * group * columns, part);
  };
  thread_local std::vector<double> memory;
  const bool shared = rows * columns >= worth_sharing && thread_count() > 1;
  memory.resize(std::max(memory.size(), (shared ? groups : 1) * columns));
  double* const parts = memory.data();  // the calling thread's, also inside the tasks
  if (shared) parallel_for(groups, [&](std::size_t g) { sum_group(g, parts + g * columns); });
  for (std::size_t g = 0; g < groups; ++g) {
    if (!shared) sum_group(g, parts);
    table.add(columns, parts + (shared ? g * columns : 0), out);
  }
}

namespace {

/// Calls body(first, count) for groups of rows, on several threads where the array is large.
template <class Body>
void for_row_groups(std::size_t rows, std::size_t columns, const Body& body) {
  if (rows * columns < worth_sharing || thread_count() == 1) return body(std::size_t{0}, rows);
  const std::size_t group = std::max<std::size_t>(1, worth_sharing / 4 / columns);
  parallel_for((rows + group - 1) / group, [&](std::size_t g) { body(g * group, std::min(group, rows - g * group)); });
}

}  // namespace

void sum_columns(std::size_t rows, std::size_t columns, const double* x, double* out) {
  if (columns > stretch) {
    for (std::size_t i = 0; i < rows; ++i) out[i] = sum(columns, x + i * columns);
    return;
  }
  const auto function = tables().reduce.sum_columns;
  for_row_groups(rows, columns, [=](std::size_t first, std::size_t count) {
    function(count, columns, x + first * columns, out + first);
  });
}

void dot_columns(std::size_t rows, std::size_t columns, const double* x, const double* y, double* out) {
  if (columns > stretch) {
    for (std::size_t i = 0; i < rows; ++i) out[i] = dot(columns, x + i * columns, y + i * columns);
    return;
  }
  const auto function = tables().reduce.dot_columns;
  for_row_groups(rows, columns, [=](std::size_t first, std::size_t count) {
    function(count, columns, x + first * columns, y + first * columns, out + first);
  });
}

void maximum_columns(std::size_t rows, std::size_t columns, const double* x, double* out) {
  for (std::size_t i = 0; i < rows; ++i) out[i] = tables().reduce.maximum(columns, x + i * columns);
}
void minimum_columns(std::size_t rows, std::size_t columns, const double* x, double* out) {
  for (std::size_t i = 0; i < rows; ++i) out[i] = tables().reduce.minimum(columns, x + i * columns);
}

}  // namespace adatom::kernels
