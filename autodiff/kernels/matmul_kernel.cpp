// The matrix product of one thread, compiled once per instruction set. Not parallel: matmul.cpp shares out the rows.
//
// The heart is `tile`: R rows by V vectors of C stay in registers while k runs; each step loads V vectors of a row of B
// and adds R of their multiples. Around it, the loops of Goto and van de Geijn, ACM Trans. Math. Softw. 34, 12 (2008):
// k is cut into blocks, so that a panel of B (V vectors wide) stays in the first-level cache and a block of A in the
// second. Blocks are copied ("packed") only where that pays: small matrices and tall, narrow ones are read in place.
//
// Every element of C is, whatever the tile it falls into,  ((addend + s₀) + s₁) + …  with s_b the sum over block b of k
// in ascending order. So the bits depend on the shape alone, not on who computes which rows.
#include "autodiff/kernels/matrix_vector.hpp"
#include "autodiff/kernels/shuffle.hpp"
#include "autodiff/kernels/tables.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

// Vectors of the widest tile, and the rows of tiles: the sums, one row of B and one value of A fill the registers (32,
// 16, 16).
constexpr Size tile_vectors = lanes == 8 ? 4 : 2;
constexpr Size tile_rows(Size vectors) {
  if (lanes == 8) return vectors == 4 ? 6 : 8;
  return lanes == 4 ? 6 : 4;
}
constexpr Size most_rows = tile_rows(1);

// A packed block of A is laid out for tiles of one height; panels beside it are at most so wide.
constexpr Size packed_vectors = lanes == 8 ? 3 : 2;
constexpr Size packed_rows = tile_rows(packed_vectors);

constexpr Size whole_tiles = 24;              // rows: a multiple of all heights of tiles
constexpr Size block_depth = 256;             // of k
constexpr Size block_rows = 8 * whole_tiles;  // of A

Size smaller_of(Size x, Size y) { return x < y ? x : y; }

/// Where a tile's result goes: out[r, j] = sum + addend[r, j], with the steps from row to row.
struct Target {
  double* out;
  Size step;
  const double* addend;
  Size addend_step;
};

/// Writes a finished tile and moves on to the next one below.
template <bool Add, bool Partial, Size R, Size V>
[[gnu::always_inline]] inline void finish(Vector (&sums)[R][V], Size last, Target& c) {
#pragma GCC unroll 16
  for (Size r = 0; r < R; ++r) {
#pragma GCC unroll 8
    for (Size v = 0; v < V; ++v) {
      const Size j = v * lanes;
      const bool part = Partial && v + 1 == V;
      if (Add) sums[r][v] += part ? load(c.addend + j, last) : load(c.addend + j);
      part ? store(c.out + j, sums[r][v], last) : store(c.out + j, sums[r][v]);
    }
    c.out += c.step;
    if (Add) c.addend += c.addend_step;
  }
}

/// R rows by V vectors of C += A · B over k, and so on down `rows` rows, a multiple of R. In a panel of A, row r and
/// depth p is a[r · a_step + p], or a[p · a_step + r] where `Across` (rows lie across the memory order). The last
/// vector holds `last` lanes where `Partial`.
template <Size R, Size V, bool Across, bool Partial>
void tiles_of(Size rows, Size k, const double* a, Size a_step, Size a_next, const double* b, Size b_step, Size last,
              Target c) {
  for (Size i = 0; i < rows; i += R, a += a_next) {
    Vector sums[R][V] = {};
#pragma GCC unroll 2
    for (Size p = 0; p < k; ++p) {
      Vector row[V];
#pragma GCC unroll 8
      for (Size v = 0; v < V; ++v) {
        row[v] = Partial && v + 1 == V ? load(b + p * b_step + v * lanes, last) : load(b + p * b_step + v * lanes);
      }
#pragma GCC unroll 16
      for (Size r = 0; r < R; ++r) {
        const Vector factor = splat(Across ? a[p * a_step + r] : a[r * a_step + p]);
#pragma GCC unroll 8
        for (Size v = 0; v < V; ++v) sums[r][v] += factor * row[v];
      }
    }
    c.addend ? finish<true, Partial>(sums, last, c) : finish<false, Partial>(sums, last, c);
  }
}

using Tile = void (*)(Size, Size, const double*, Size, Size, const double*, Size, Size, Target);

/// All tiles: [Across][Partial][V - 1][R - 1].
struct Tiles {
  Tile of[2][2][tile_vectors][most_rows];
};
template <Size R, Size V>
constexpr void fill(Tiles& tiles) {
  tiles.of[0][0][V - 1][R - 1] = tiles_of<R, V, false, false>;
  tiles.of[0][1][V - 1][R - 1] = tiles_of<R, V, false, true>;
  tiles.of[1][0][V - 1][R - 1] = tiles_of<R, V, true, false>;
  tiles.of[1][1][V - 1][R - 1] = tiles_of<R, V, true, true>;
  if constexpr (R > 1) fill<R - 1, V>(tiles);
}
template <Size V = tile_vectors>
constexpr Tiles all_tiles(Tiles tiles = {}) {
  fill<tile_rows(V), V>(tiles);
  if constexpr (V > 1) return all_tiles<V - 1>(tiles);
  return tiles;
}
constexpr Tiles tiles = all_tiles();

/// Columns of the next panel where `left` remain: as few panels of up to `most` vectors as can be, equally wide.
Size panel_width(Size left, Size most) {
  const Size vectors = (left + lanes - 1) / lanes, panels = (vectors + most - 1) / most;
  return panels == 1 ? left : (vectors + panels - 1) / panels * lanes;
}

/// Copies k rows of `width` columns of B into a panel of whole vectors, zeros beyond `width`.
void pack_panel(Size k, Size width, Strided b, double* panel) {
  const Size step = (width + lanes - 1) / lanes * lanes;
  if (b.column_step == 1) {
    for (Size p = 0; p < k; ++p) {
      Size j = 0;
      for (; j + lanes <= width; j += lanes) store(panel + p * step + j, load(b.data + p * b.row_step + j));
      if (j < width) store(panel + p * step + j, load(b.data + p * b.row_step + j, width - j));
    }
    return;
  }
  for (Size j = 0; j < width; j += lanes) {
    for (Size p = 0; p < k; p += lanes) {
      Vector block[lanes];
      for (Size r = 0; r < lanes; ++r) {
        const double* const from = b.data + (j + r) * b.column_step + p;
        block[r] = j + r >= width ? Vector{} : p + lanes <= k ? load(from) : load(from, k - p);
      }
      transpose(block);
      for (Size r = 0; r < lanes && p + r < k; ++r) store(panel + (p + r) * step + j, block[r]);
    }
  }
}

/// Copies `rows` rows of depth k of A into tiles of packed_rows rows: each tile's rows one after the other, or, where
/// they lie across the memory order, each depth's packed_rows values one after the other.
void pack_rows(bool across, Size rows, Size k, const double* a, Size a_step, double* block) {
  const Size lines = across ? k : rows;
  const Size piece = across ? packed_rows : k;  // values that stay together
  for (Size line = 0; line < lines; ++line) {
    for (Size start = 0; start < (across ? rows : k); start += piece) {
      const Size count = smaller_of(piece, (across ? rows : k) - start);
      const double* const from = a + line * a_step + start;
      double* const to = across ? block + start * k + line * piece : block + line * k;
      Size i = 0;
      for (; i + lanes <= count; i += lanes) store(to + i, load(from + i));
      if (i < count) store(to + i, load(from + i, count - i), count - i);
    }
  }
}

/// How a product is cut and what is copied.
struct Plan {
  bool across;          // the rows of A lie across the memory order
  bool pack_a, pack_b;  // copy blocks of A and panels of B
  Size depth, rows;     // of the blocks that k and m are cut into
  Size vectors;         // of the widest panel of B
};
Plan plan_for(const Product& x) {
  Plan plan{};
  plan.across = x.a.row_step == 1 && x.k > 1;
  plan.depth = smaller_of(x.k, block_depth);
  const bool large = plan.depth * x.n > 64 * 64;  // B overflows the first-level cache
  // B is copied where rows of it are no runs of memory, and where it is large and read often.
  plan.pack_b = x.b.column_step != 1 || (large && x.m > 2 * packed_rows);
  plan.pack_a = large && x.n > 2 * packed_vectors * lanes && x.m > packed_rows;
  plan.vectors = plan.pack_a ? packed_vectors : tile_vectors;
  // The rows of A that meet panel after panel of B stay in the second-level cache, or the first if B is there too.
  // Where one panel is all there is, each row is read once and need not be cut off.
  plan.rows = large ? block_rows : (2048 / (plan.depth + 1) / whole_tiles + 1) * whole_tiles;
  if (x.n <= plan.vectors * lanes && !plan.pack_a) plan.rows = x.m;
  return plan;
}

/// One panel of B (`width` columns from column j on) times rows i0 … i1 - 1 of A, for the block of k at p.
struct Panel {
  const double* a;     // row i0
  Size a_step, a_row;  // a_row: from row to row, for whole tiles
  const double* b;
  Size b_step, width;
};
void multiply_panel(const Product& x, const Plan& plan, const Panel& panel, Size p, Size k, Size i0, Size i1, Size j) {
  const Size vectors = (panel.width + lanes - 1) / lanes, rest = panel.width % lanes;
  const auto rows_from = [&](Size i, Size height, Size count) {
    Target target{x.c + i * x.c_step + j, x.c_step, x.c + i * x.c_step + j, x.c_step};
    if (p == 0) {
      target.addend = x.addend ? x.addend + i * x.addend_step + j : nullptr;
      target.addend_step = x.addend_step;
    }
    const double* const a = panel.a + (i - i0) * panel.a_row;
    tiles.of[plan.across][rest != 0][vectors - 1][height - 1](count, k, a, panel.a_step, height * panel.a_row, panel.b,
                                                              panel.b_step, rest, target);
  };
  const Size most = plan.pack_a ? packed_rows : tile_rows(vectors);
  const Size ragged = (i1 - i0) % most;
  if (ragged < i1 - i0) rows_from(i0, most, i1 - i0 - ragged);
  if (ragged) rows_from(i1 - ragged, ragged, ragged);
}

/// The general case, m and n > 1.
void multiply_blocks(const Product& x, Size first, Size last) {
  const Plan plan = plan_for(x);
  const Size wide = plan.pack_b ? (x.n + lanes - 1) / lanes * lanes : 0, high = plan.pack_a ? plan.rows : 0;
  double* const packed_b = wide + high > 0 ? x.workspace(plan.depth * (wide + high)) : nullptr;
  double* const packed_a = packed_b + plan.depth * wide;
  const Size a_line = plan.across ? x.a.column_step : x.a.row_step;

  for (Size p = 0; p < x.k || p == 0; p += plan.depth) {
    const Size k = smaller_of(plan.depth, x.k - p);
    for (Size j = 0, width; plan.pack_b && j < x.n; j += width) {
      width = panel_width(x.n - j, plan.vectors);
      const double* const from = x.b.data + p * x.b.row_step + j * x.b.column_step;
      pack_panel(k, width, {from, x.b.row_step, x.b.column_step}, packed_b + j * k);
    }
    for (Size i0 = first; i0 < last; i0 += plan.rows) {
      const Size i1 = smaller_of(i0 + plan.rows, last);
      Panel panel{};
      panel.a = x.a.data + i0 * x.a.row_step + p * x.a.column_step;
      panel.a_step = a_line;
      panel.a_row = x.a.row_step;
      if (plan.pack_a) {
        pack_rows(plan.across, i1 - i0, k, panel.a, a_line, packed_a);
        panel.a = packed_a;
        panel.a_step = plan.across ? packed_rows : k;
        panel.a_row = k;
      }
      for (Size j = 0; j < x.n; j += panel.width) {
        panel.width = panel_width(x.n - j, plan.vectors);
        panel.b = plan.pack_b ? packed_b + j * k : x.b.data + p * x.b.row_step + j;
        panel.b_step = plan.pack_b ? (panel.width + lanes - 1) / lanes * lanes : x.b.row_step;
        multiply_panel(x, plan, panel, p, k, i0, i1, j);
      }
    }
    if (x.k == 0) break;
  }
}

void multiply(const Product& x, Size first, Size last) {
  if (x.k == 1) return column_times_row(x, first, last);
  if (x.m == 1) {
    if (x.b.column_step == 1) return row_times_matrix(x.n, x.k, x.a.data, x.b.data, x.c, x.addend);
    return matrix_times_column(x.n, x.k, x.b.data, x.a.data, x.c, x.addend, 1);
  }
  if (x.n == 1) {
    if (x.a.column_step == 1) {
      const double* const addend = x.addend ? x.addend + first * x.addend_step : nullptr;
      return matrix_times_column(last - first, x.k, x.a.data + first * x.k, x.b.data, x.c + first, addend,
                                 x.addend_step);
    }
    // The columns of A lie in memory order: xᵀ Aᵀ. How its sums run depends on the width, so one thread takes it all.
    if (first > 0) return;
    const bool one_for_all = x.addend && x.addend_step == 0;
    row_times_matrix(x.m, x.k, x.b.data, x.a.data, x.c, one_for_all ? nullptr : x.addend);
    for (Size i = 0; one_for_all && i < x.m; ++i) x.c[i] += *x.addend;
    return;
  }
  multiply_blocks(x, first, last);
}

}  // namespace

extern const MatmulTable matmul_table;
const MatmulTable matmul_table{multiply};

}  // namespace adatom::kernels::ADATOM_LEVEL
