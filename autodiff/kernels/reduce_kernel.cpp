// Sums and extrema of short stretches, compiled once per instruction set; reduce.cpp combines stretches.
//
// The order of additions is that of a machine with a fixed number of running sums, whatever the width of this one's
// vectors: element j goes to running sum j modulo that number, and the running sums are added in halves. Products and
// additions are not fused here (a compiler option, see CMakeLists.txt): where a loop is vectorised, its last elements
// could be fused in another way, and their bits would depend on where threads cut the array. Memory is the limit
// anyway.
#include "autodiff/kernels/shuffle.hpp"
#include "autodiff/kernels/tables.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

inline Vector fetch(const double* from, Size count) { return count < lanes ? load(from, count) : load(from); }

/// Adds the upper half of the vectors to the lower half until one is left.
template <Size Count>
inline Vector add_halves(Vector (&parts)[Count]) {
  for (Size width = Count / 2; width > 0; width /= 2) {
    for (Size v = 0; v < width; ++v) parts[v] += parts[v + width];
  }
  return parts[0];
}

/// Σ term(j, count) with 32 running sums; term gives a vector of elements j … j + count - 1, and zeros.
template <class Term>
inline double sum_terms(Size n, Term term) {
  constexpr Size vectors = 32 / lanes;
  Vector parts[vectors] = {};
  Size j = 0;
  for (; j + 32 <= n; j += 32) {
    for (Size v = 0; v < vectors; ++v) parts[v] += term(j + v * lanes, lanes);
  }
  for (Size v = 0; v < vectors && j < n; ++v, j += lanes) parts[v] += term(j, n - j < lanes ? n - j : lanes);
  return sum_lanes(add_halves(parts));
}
double sum(Size n, const double* x) {
  return sum_terms(n, [=](Size j, Size count) { return fetch(x + j, count); });
}
double dot(Size n, const double* x, const double* y) {
  return sum_terms(n, [=](Size j, Size count) { return fetch(x + j, count) * fetch(y + j, count); });
}

double squared_distance(Size n, const double* x, const double* y) {
  return sum_terms(n, [=](Size j, Size count) {
    const Vector difference = fetch(x + j, count) - fetch(y + j, count);
    return difference * difference;
  });
}

/// For each row i, Σ_j term(i, j, count) with 8 running sums; `lanes` rows at a time.
template <class Term>
inline void sum_each_row(Size rows, Size columns, double* out, Term term) {
  constexpr Size vectors = 8 / lanes;
  for (Size i = 0; i < rows; i += lanes) {
    const Size height = rows - i < lanes ? rows - i : lanes;
    Vector sums[lanes] = {};
    for (Size r = 0; r < height; ++r) {
      Vector parts[vectors] = {};
      Size j = 0;
      for (; j + 8 <= columns; j += 8) {
        for (Size v = 0; v < vectors; ++v) parts[v] += term(i + r, j + v * lanes, lanes);
      }
      for (Size v = 0; v < vectors && j < columns; ++v, j += lanes) {
        parts[v] += term(i + r, j, columns - j < lanes ? columns - j : lanes);
      }
      sums[r] = add_halves(parts);
    }
    const Vector result = sum_each(sums);
    height == lanes ? store(out + i, result) : store(out + i, result, height);
  }
}

/// The same for 3 columns, vectors in space, in the same order of additions: a loop that the compiler vectorises over
/// rows.
template <class Term>
inline void sum_triples(Size rows, double* out, Term term) {
  for (Size i = 0; i < rows; ++i) out[i] = (term(3 * i) + term(3 * i + 2)) + term(3 * i + 1);
}

void sum_columns(Size rows, Size columns, const double* x, double* out) {
  if (columns == 3) return sum_triples(rows, out, [=](Size i) { return x[i]; });
  sum_each_row(rows, columns, out, [=](Size i, Size j, Size count) { return fetch(x + i * columns + j, count); });
}
void dot_columns(Size rows, Size columns, const double* x, const double* y, double* out) {
  if (columns == 3) return sum_triples(rows, out, [=](Size i) { return x[i] * y[i]; });
  sum_each_row(rows, columns, out, [=](Size i, Size j, Size count) {
    return fetch(x + i * columns + j, count) * fetch(y + i * columns + j, count);
  });
}

/// Down the rows with 4 running sums (row i goes to sum i modulo 4), for `Vectors` neighbouring vectors of columns.
template <Size Vectors>
inline void sum_panel(Size rows, Size columns, const double* x, double* out, Size width) {
  const Size last = width - (Vectors - 1) * lanes;
  Vector parts[4][Vectors] = {};
  const auto add_row = [&](Size i, Vector(&sums)[Vectors]) {
    for (Size v = 0; v < Vectors; ++v) sums[v] += fetch(x + i * columns + v * lanes, v + 1 < Vectors ? lanes : last);
  };
  Size i = 0;
  for (; i + 4 <= rows; i += 4) {
    for (Size r = 0; r < 4; ++r) add_row(i + r, parts[r]);
  }
  for (Size r = 0; i < rows; ++r, ++i) add_row(i, parts[r]);
  for (Size v = 0; v < Vectors; ++v) {
    const Vector total = (parts[0][v] + parts[2][v]) + (parts[1][v] + parts[3][v]);
    v + 1 < Vectors || last == lanes ? store(out + v * lanes, total) : store(out + v * lanes, total, last);
  }
}
void sum_rows(Size rows, Size columns, const double* x, double* out) {
  Size j = 0;
  for (; j + 2 * lanes <= columns; j += 2 * lanes) sum_panel<2>(rows, columns, x + j, out + j, 2 * lanes);
  if (j + lanes <= columns) sum_panel<1>(rows, columns, x + j, out + j, lanes), j += lanes;
  if (j < columns) sum_panel<1>(rows, columns, x + j, out + j, columns - j);
}

void add(Size n, const double* x, double* out) {
  Size j = 0;
  for (; j + lanes <= n; j += lanes) store(out + j, load(out + j) + load(x + j));
  if (j < n) store(out + j, load(out + j, n - j) + load(x + j, n - j), n - j);
}

/// The extremum of n >= 1 values: vectors that start before the end and overlap, so none is partial unless n < lanes.
template <class Better>
inline double extremum(Size n, const double* x, Better better) {
  double best = x[0];
  Size j = 0;
  if (n >= lanes) {
    Vector bests = load(x), others = bests;
    for (; j + 2 * lanes <= n; j += 2 * lanes) {
      bests = better(bests, load(x + j));
      others = better(others, load(x + j + lanes));
    }
    bests = better(better(bests, others), load(x + n - lanes));
    if (j + lanes <= n) bests = better(bests, load(x + j));
    for (Size i = 0; i < lanes; ++i) best = better(splat(best), splat(bests[i]))[0];
    return best;
  }
  for (; j < n; ++j) best = better(splat(best), splat(x[j]))[0];
  return best;
}
double maximum(Size n, const double* x) {
  return extremum(n, x, [](Vector a, Vector b) { return larger(a, b); });
}
double minimum(Size n, const double* x) {
  return extremum(n, x, [](Vector a, Vector b) { return smaller(a, b); });
}

}  // namespace

extern const ReduceTable reduce_table;
const ReduceTable reduce_table{sum, dot, squared_distance, maximum, minimum, sum_rows, sum_columns, dot_columns, add};

}  // namespace adatom::kernels::ADATOM_LEVEL
