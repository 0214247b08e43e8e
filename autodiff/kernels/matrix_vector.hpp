// What this file is: products with a vector, where tiles would be mostly empty; for matmul_kernel.cpp.
#pragma once

#include "autodiff/kernels/shuffle.hpp"
#include "autodiff/kernels/tables.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {

/// c[j] = Σ_p x[p] B[p, j] + addend[j] for V vectors of columns, with S running sums (p modulo S).
template <Size V, Size S>
inline void combine_rows(Size k, const double* x, const double* b, Size b_step, Size width, double* c,
                         const double* addend) {
  const Size last = width - (V - 1) * lanes;
  const auto fetch = [last](const double* from, Size v) {
    return v + 1 < V || last == lanes ? load(from + v * lanes) : load(from + v * lanes, last);
  };
  Vector sums[S][V] = {};
  const auto add = [&](Size p, Vector(&sum)[V]) {
    const Vector factor = splat(x[p]);
#pragma GCC unroll 4
    for (Size v = 0; v < V; ++v) sum[v] += factor * fetch(b + p * b_step, v);
  };
  Size p = 0;
  for (; p + S <= k; p += S) {
#pragma GCC unroll 8
    for (Size s = 0; s < S; ++s) add(p + s, sums[s]);
  }
#pragma GCC unroll 8
  for (Size s = 0; s + 1 < S; ++s) {
    if (p + s < k) add(p + s, sums[s]);
  }
#pragma GCC unroll 4
  for (Size v = 0; v < V; ++v) {
#pragma GCC unroll 4
    for (Size s = 1; s < S; ++s) sums[0][v] += sums[s][v];
    const Vector total = addend ? sums[0][v] + fetch(addend, v) : sums[0][v];
    v + 1 < V || last == lanes ? store(c + v * lanes, total) : store(c + v * lanes, total, last);
  }
}

/// c[j] = Σ_r x[r] B[r, j] + addend[j] for R rows of B, each read once from start to end.
template <Size R>
inline void add_rows(Size n, const double* x, const double* b, Size b_step, double* c, const double* addend) {
  const auto columns = [=](Size j, Size count) {
    const auto fetch = [count](const double* from) { return count == lanes ? load(from) : load(from, count); };
    Vector sum = splat(x[0]) * fetch(b + j);
#pragma GCC unroll 8
    for (Size r = 1; r < R; ++r) sum += splat(x[r]) * fetch(b + r * b_step + j);
    if (addend) sum += fetch(addend + j);
    count == lanes ? store(c + j, sum) : store(c + j, sum, count);
  };
  Size j = 0;
  for (; j + lanes <= n; j += lanes) columns(j, lanes);
  if (j < n) columns(j, n - j);
}

/// The same for all k >= 1 rows, some at a time, with a piece of c that stays in the first-level cache.
inline void row_times_large_matrix(Size n, Size k, const double* x, const double* b, double* c, const double* addend) {
  constexpr Size piece = 2048;
  for (Size j = 0; j < n; j += piece) {
    const double* before = addend ? addend + j : nullptr;
    Size p = 0;
    const auto add = [&](auto rows, Size count) {
      rows(n - j < piece ? n - j : piece, x + p, b + p * n + j, n, c + j, before);
      before = c + j;
      p += count;
    };
    while (p + 8 <= k) add(add_rows<8>, 8);
    if (p + 4 <= k) add(add_rows<4>, 4);
    if (p + 2 <= k) add(add_rows<2>, 2);
    if (p < k) add(add_rows<1>, 1);
  }
}

/// A row times a matrix, c = x B + addend, with the rows of B (k, n) in memory order. Where B is no larger than a
/// cache, sums stay in registers while one goes down some columns; beyond, memory wants to be read in its order.
inline void row_times_matrix(Size n, Size k, const double* x, const double* b, double* c, const double* addend) {
  constexpr Size large = 1 << 20;  // of B: 8 MB
  if (n > 4 * lanes && n * k >= large) return row_times_large_matrix(n, k, x, b, c, addend);
  Size j = 0;
  const auto from = [&](const double* start) { return start ? start + j : nullptr; };
  for (; n - j > 2 * lanes; j += 4 * lanes) {
    if (n - j <= 3 * lanes) return combine_rows<3, 2>(k, x, b + j, n, n - j, c + j, from(addend));
    combine_rows<4, 2>(k, x, b + j, n, n - j < 4 * lanes ? n - j : 4 * lanes, c + j, from(addend));
    if (n - j <= 4 * lanes) return;
  }
  if (n - j > lanes) return combine_rows<2, 4>(k, x, b + j, n, n - j, c + j, from(addend));
  if (n > j) combine_rows<1, 8>(k, x, b + j, n, n - j, c + j, from(addend));
}

/// Σ_p A[r, p] x[p] for `height` <= lanes rows of A, in the lanes of the result.
template <bool Ragged>
inline Vector dot_rows(Size height, Size k, const double* a, const double* x) {
  Vector sums[lanes] = {};
  const auto add = [&](Size p, Size count) {
    const Vector part = count == lanes ? load(x + p) : load(x + p, count);
#pragma GCC unroll 8
    for (Size r = 0; r < lanes; ++r) {
      const double* const row = a + (Ragged && r >= height ? 0 : r) * k + p;  // a superfluous row repeats the first
      sums[r] += (count == lanes ? load(row) : load(row, count)) * part;
    }
  };
  Size p = 0;
  for (; p + lanes <= k; p += lanes) add(p, lanes);
  if (p < k) add(p, k - p);
  return sum_each(sums);
}

/// A matrix times a column, c[i] = Σ_p A[i, p] x[p] + addend[i · addend_step], with the rows of A (m, k) in memory
/// order and an addend_step of 0 or 1.
inline void matrix_times_column(Size m, Size k, const double* a, const double* x, double* c, const double* addend,
                                Size addend_step) {
  const Vector same = addend && addend_step == 0 ? splat(*addend) : Vector{};
  const bool varies = addend && addend_step != 0;
  Size i = 0;
  for (; i + lanes <= m; i += lanes) {
    store(c + i, (varies ? load(addend + i) : same) + dot_rows<false>(lanes, k, a + i * k, x));
  }
  if (const Size rest = m - i; rest > 0) {
    store(c + i, (varies ? load(addend + i, rest) : same) + dot_rows<true>(rest, k, a + i * k, x), rest);
  }
}

/// A column times a row, C[i, j] = a[i] b[j] + addend.
inline void column_times_row(const Product& x, Size first, Size last) {
  const Size rest = x.n % lanes, whole = x.n - rest;
  for (Size i = first; i < last; ++i) {
    const Vector factor = splat(x.a.data[i]);
    double* const out = x.c + i * x.n;
    const double* const from = x.addend ? x.addend + i * x.addend_step : nullptr;
    for (Size j = 0; j < whole; j += lanes) {
      const Vector product = factor * load(x.b.data + j);
      store(out + j, from ? product + load(from + j) : product);
    }
    if (rest) {
      const Vector product = factor * load(x.b.data + whole, rest);
      store(out + whole, from ? product + load(from + whole, rest) : product, rest);
    }
  }
}

}  // namespace adatom::kernels::ADATOM_LEVEL
