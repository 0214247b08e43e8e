// The matrix product of one thread, compiled once per instruction set. Not parallel: matmul.cpp shares out the rows.
//
// The heart is `tile`: R rows by V vectors of C stay in registers while k runs; each step loads V vectors of a row of B
// and adds R of their multiples. Around it, the loops of Goto and van de Geijn, ACM Trans. Math. Softw. 34, 12 (2008):
// k is cut into blocks, so that a panel of B (V vectors wide) stays in the first-level cache and a block of A in the
// second. Blocks are copied ("packed") only where that pays: small matrices and tall, narrow ones are read in place.
//
// Every element of C is, whatever the tile it falls into,  ((addend + s₀) + s₁) + …  with s_b the sum over block b of k
// in ascending order. So the bits depend on the shape alone, not on who computes which rows.
#include "autodiff/kernels/shuffle.hpp"
#include "autodiff/kernels/tables.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

// Rows and vectors of the largest tile: its sums, one row of B and one value of A fill the registers (32, 16, 16).
constexpr Size tile_rows = lanes == 8 ? 8 : lanes == 4 ? 6 : 4;
constexpr Size tile_vectors = lanes == 8 ? 3 : 2;

constexpr Size block_depth = 256;     // of k
constexpr Size block_rows = 12 * 16;  // of A, a multiple of all tile_rows

Size smaller_of(Size x, Size y) { return x < y ? x : y; }

/// Where a tile's result goes: out[r, j] = sum + addend[r, j], with the steps from row to row.
struct Target {
  double* out;
  Size step;
  const double* addend;
  Size addend_step;
};

/// R rows by V vectors of C += A · B over k, and so on down `rows` rows, a multiple of R. In a panel of A, row r and
/// depth p is a[r · a_step + p], or a[p · a_step + r] where `Across` (rows lie across the memory order). The last
/// vector holds `last` lanes where `Partial`.
template <Size R, Size V, bool Across, bool Partial>
void tiles_of(Size rows, Size k, const double* a, Size a_step, const double* b, Size b_step, Size last, Target c) {
  for (Size i = 0; i < rows; i += R, a += Across ? R : R * a_step) {
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
#pragma GCC unroll 16
    for (Size r = 0; r < R; ++r) {
#pragma GCC unroll 8
      for (Size v = 0; v < V; ++v) {
        const Size j = v * lanes;
        const bool part = Partial && v + 1 == V;
        if (c.addend) sums[r][v] += part ? load(c.addend + j, last) : load(c.addend + j);
        part ? store(c.out + j, sums[r][v], last) : store(c.out + j, sums[r][v]);
      }
      c.out += c.step;
      if (c.addend) c.addend += c.addend_step;
    }
  }
}

using Tile = void (*)(Size, Size, const double*, Size, const double*, Size, Size, Target);

/// All tiles: [Across][Partial][V - 1][R - 1].
struct Tiles {
  Tile of[2][2][tile_vectors][tile_rows];
};
template <Size R, Size V>
constexpr void fill(Tiles& tiles) {
  tiles.of[0][0][V - 1][R - 1] = tiles_of<R, V, false, false>;
  tiles.of[0][1][V - 1][R - 1] = tiles_of<R, V, false, true>;
  tiles.of[1][0][V - 1][R - 1] = tiles_of<R, V, true, false>;
  tiles.of[1][1][V - 1][R - 1] = tiles_of<R, V, true, true>;
  if constexpr (R > 1) fill<R - 1, V>(tiles);
  if constexpr (R == tile_rows && V > 1) fill<R, V - 1>(tiles);
}
constexpr Tiles all_tiles() {
  Tiles tiles{};
  fill<tile_rows, tile_vectors>(tiles);
  return tiles;
}
constexpr Tiles tiles = all_tiles();

/// Columns of the next panel where `left` remain: full width, but never one lone vector beside a full panel.
Size panel_width(Size left) {
  const Size vectors = (left + lanes - 1) / lanes;
  if (vectors <= tile_vectors) return left;
  return (vectors == tile_vectors + 1 && tile_vectors > 2 ? tile_vectors - 1 : tile_vectors) * lanes;
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

/// Copies `rows` rows of depth k of A, one after the other, k values each.
void pack_rows(Size rows, Size k, const double* a, Size a_step, double* block) {
  for (Size r = 0; r < rows; ++r) {
    Size p = 0;
    for (; p + lanes <= k; p += lanes) store(block + r * k + p, load(a + r * a_step + p));
    for (; p < k; ++p) block[r * k + p] = a[r * a_step + p];
  }
}

/// The general case, m and n > 1.
void multiply_blocks(const Product& x, Size first, Size last) {
  const bool across = x.a.row_step == 1 && x.k > 1;
  const bool flat_b = x.b.column_step == 1;
  const Size depth = smaller_of(x.k, block_depth);
  // B is read in place if that is possible and it is small or hardly reused; a packed A pays for many panels only.
  const bool pack_b = !flat_b || (depth * x.n > 64 * 64 && x.m > 2 * tile_rows);
  const bool pack_a = !across && depth * x.n > 64 * 64 && x.n > 2 * tile_vectors * lanes && x.m > tile_rows;
  const Size rows = depth * x.n > 64 * 64 ? block_rows : (2048 / (depth + 1) / tile_rows + 1) * tile_rows;
  const Size wide = (x.n + lanes - 1) / lanes * lanes;
  double* const packed_b = pack_b ? x.workspace(depth * (wide + block_rows)) : nullptr;
  double* const packed_a = pack_a ? (pack_b ? packed_b + depth * wide : x.workspace(depth * block_rows)) : nullptr;

  for (Size p = 0; p < x.k || p == 0; p += block_depth) {
    const Size k = smaller_of(block_depth, x.k - p);
    if (pack_b) {
      for (Size j = 0, width; j < x.n; j += width) {
        width = panel_width(x.n - j);
        const Strided from{x.b.data + p * x.b.row_step + j * x.b.column_step, x.b.row_step, x.b.column_step};
        pack_panel(k, width, from, packed_b + j * k);
      }
    }
    for (Size i0 = first; i0 < last; i0 += rows) {
      const Size i1 = smaller_of(i0 + rows, last);
      if (pack_a) pack_rows(i1 - i0, k, x.a.data + i0 * x.a.row_step + p, x.a.row_step, packed_a);
      for (Size j = 0, width; j < x.n; j += width) {
        width = panel_width(x.n - j);
        const Size vectors = (width + lanes - 1) / lanes, rest = width % lanes;
        const double* const b = pack_b ? packed_b + j * k : x.b.data + p * x.b.row_step + j;
        const Size b_step = pack_b ? vectors * lanes : x.b.row_step;
        const Size a_step = pack_a ? k : across ? x.a.column_step : x.a.row_step;
        const auto rows_from = [&](Size i, Size height, Size count) {
          const double* const a = pack_a ? packed_a + (i - i0) * k : x.a.data + i * x.a.row_step + p * x.a.column_step;
          double* const out = x.c + i * x.c_step + j;
          Target target{out, x.c_step, out, x.c_step};
          if (p == 0)
            target.addend = x.addend ? x.addend + i * x.addend_step + j : nullptr, target.addend_step = x.addend_step;
          tiles.of[across][rest != 0][vectors - 1][height - 1](count, k, a, a_step, b, b_step, rest, target);
        };
        const Size ragged = (i1 - i0) % tile_rows;
        if (ragged < i1 - i0) rows_from(i0, tile_rows, i1 - i0 - ragged);
        if (ragged) rows_from(i1 - ragged, ragged, ragged);
      }
    }
  }
}

void multiply(const Product& x, Size first, Size last) { multiply_blocks(x, first, last); }

}  // namespace

extern const MatmulTable matmul_table;
const MatmulTable matmul_table{multiply};

}  // namespace adatom::kernels::ADATOM_LEVEL
