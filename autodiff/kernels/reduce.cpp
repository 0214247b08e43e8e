#include "autodiff/kernels/reduce.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "autodiff/kernels/tables.hpp"
#include "core/parallel.hpp"

namespace adatom::kernels {
namespace {

/// Elements that a kernel sums in one go; longer sums are trees over stretches of this length.
constexpr std::size_t stretch = 2048;
/// Elements below which waking threads costs more than it saves.
constexpr std::size_t worth_sharing = 1 << 17;

/// Σ leaf(i) for first <= i < last, split in halves: the rounding error grows with the logarithm of their number.
template <class Leaf>
double sum_pairwise(std::size_t first, std::size_t last, const Leaf& leaf) {
  if (last - first == 1) return leaf(first);
  const std::size_t middle = first + (last - first) / 2;
  return sum_pairwise(first, middle, leaf) + sum_pairwise(middle, last, leaf);
}

/// The sum of n elements, where part(first, count) sums a stretch.
template <class Part>
double sum_of_stretches(std::size_t n, const Part& part) {
  if (n <= stretch) return part(std::size_t{0}, n);
  const std::size_t count = (n + stretch - 1) / stretch;
  const auto leaf = [&](std::size_t i) { return part(i * stretch, std::min(stretch, n - i * stretch)); };
  if (n < worth_sharing || thread_count() == 1) return sum_pairwise(0, count, leaf);
  std::vector<double> parts(count);
  constexpr std::size_t group = 16;
  parallel_for((count + group - 1) / group, [&](std::size_t g) {
    for (std::size_t i = g * group; i < std::min(count, (g + 1) * group); ++i) parts[i] = leaf(i);
  });
  return sum_pairwise(0, count, [&](std::size_t i) { return parts[i]; });
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

double maximum(std::size_t n, const double* x) { return tables().reduce.maximum(n, x); }
double minimum(std::size_t n, const double* x) { return tables().reduce.minimum(n, x); }

void sum_rows(std::size_t rows, std::size_t columns, const double* x, double* out, bool accumulate) {
  const ReduceTable& table = tables().reduce;
  if (!accumulate) std::fill(out, out + columns, 0.0);
  if (columns == 1) {
    out[0] += sum(rows, x);
    return;
  }
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

namespace {

void extremum_columns(double (*function)(std::size_t, const double*), std::size_t rows, std::size_t columns,
                      const double* x, double* out, std::size_t* position) {
  for (std::size_t i = 0; i < rows; ++i) {
    const double* const row = x + i * columns;
    const double best = function(columns, row);
    out[i] = best;
    if (position == nullptr) continue;
    const bool is_number = best == best;
    std::size_t j = 0;
    while (is_number ? row[j] != best : row[j] == row[j]) ++j;
    position[i] = j;
  }
}

}  // namespace

void maximum_columns(std::size_t rows, std::size_t columns, const double* x, double* out, std::size_t* position) {
  extremum_columns(tables().reduce.maximum, rows, columns, x, out, position);
}
void minimum_columns(std::size_t rows, std::size_t columns, const double* x, double* out, std::size_t* position) {
  extremum_columns(tables().reduce.minimum, rows, columns, x, out, position);
}

void segment_sum(std::size_t rows, std::size_t columns, const double* x, const std::size_t* segment, double* out) {
  if (columns == 1) {
    for (std::size_t i = 0; i < rows; ++i) out[segment[i]] += x[i];
    return;
  }
  const auto add = tables().reduce.add;
  for (std::size_t i = 0; i < rows; ++i) add(columns, x + i * columns, out + segment[i] * columns);
}

void gather_rows(std::size_t rows, std::size_t columns, const double* x, const std::size_t* segment, double* out) {
  if (columns == 1) {
    for (std::size_t i = 0; i < rows; ++i) out[i] = x[segment[i]];
    return;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    std::memcpy(out + i * columns, x + segment[i] * columns, columns * sizeof(double));
  }
}

}  // namespace adatom::kernels
