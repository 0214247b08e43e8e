#include "autodiff/kernels/map.hpp"

#include <algorithm>

#include "autodiff/kernels/tables.hpp"
#include "core/parallel.hpp"

namespace adatom::kernels {
namespace {

/// Calls body(first, count) for stretches that cover 0 … n - 1, on several threads where there is enough to do.
template <class Body>
void for_stretches(std::size_t n, std::size_t cost, const Body& body) {
  constexpr std::size_t stretch_cost = 1 << 15;
  if (n * cost < 4 * stretch_cost || thread_count() == 1) return body(std::size_t{0}, n);
  const std::size_t stretch = std::max<std::size_t>(64, stretch_cost / cost / 64 * 64);
  parallel_for((n + stretch - 1) / stretch,
               [&](std::size_t i) { body(i * stretch, std::min(stretch, n - i * stretch)); });
}

}  // namespace

void map(Unary f, std::size_t n, const double* x, double* out) {
  const auto function = tables().map.unary[static_cast<std::size_t>(f)];
  for_stretches(n, 1, [=](std::size_t first, std::size_t count) { function(count, x + first, out + first); });
}

void map(Binary f, std::size_t n, const double* x, const double* y, double* out) {
  map(f, 1, n, whole(x, n), whole(y, n), out);
}

void map(Binary f, std::size_t n, const double* x, double y, double* out) {
  map(f, 1, n, whole(x, n), Operand{&y, 0, 0}, out);
}

void map(Binary f, std::size_t n, double x, const double* y, double* out) {
  map(f, 1, n, Operand{&x, 0, 0}, whole(y, n), out);
}

void map(Binary f, std::size_t rows, std::size_t columns, Operand x, Operand y, double* out) {
  const auto function = tables().map.binary[static_cast<std::size_t>(f)];
  // Rows that follow each other in every operand are one long row.
  const auto continues = [columns](const Operand& z) {
    return z.column_step == 1 ? z.row_step == columns : z.row_step == 0;
  };
  if (continues(x) && continues(y)) {
    columns *= rows;
    rows = 1;
  }
  if (rows == 1) {
    for_stretches(columns, 1, [=](std::size_t first, std::size_t count) {
      function(1, count, {x.data + first * x.column_step, 0, x.column_step},
               {y.data + first * y.column_step, 0, y.column_step}, out + first);
    });
    return;
  }
  for_stretches(rows, std::max<std::size_t>(columns, 1), [=](std::size_t first, std::size_t count) {
    function(count, columns, {x.data + first * x.row_step, x.row_step, x.column_step},
             {y.data + first * y.row_step, y.row_step, y.column_step}, out + first * columns);
  });
}

void axpy(std::size_t n, double a, const double* x, double* y) {
  const auto function = tables().map.axpy;
  for_stretches(n, 1, [=](std::size_t first, std::size_t count) { function(count, a, x + first, y + first); });
}

}  // namespace adatom::kernels
