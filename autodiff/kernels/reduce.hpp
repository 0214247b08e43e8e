// What this file is: sums, dot products and extrema of arrays, in a fixed order of additions.
//
// The order depends on the shape alone, so the bits depend neither on the number of threads nor, for everything without
// a product in it, on the instruction set. (dot and dot_columns fuse multiply-adds where the processor has them.)
// Rounding errors of the long sums grow like log n (pairwise), not n.
#pragma once

#include <cstddef>

namespace adatom::kernels {

/// Σ x[i]; 0 for n = 0.
double sum(std::size_t n, const double* x);
/// Σ x[i] y[i]. For Σ x² pass x twice.
double dot(std::size_t n, const double* x, const double* y);
/// Largest and smallest of n >= 1 values; NaN if one of them is.
double maximum(std::size_t n, const double* x);
double minimum(std::size_t n, const double* x);

/// Over the rows of x (rows, columns): out[j] = Σ_i x[i, j]; with `accumulate`, added to what out holds.
void sum_rows(std::size_t rows, std::size_t columns, const double* x, double* out, bool accumulate = false);
/// Along each row of x (rows, columns): out[i] = Σ_j x[i, j].
void sum_columns(std::size_t rows, std::size_t columns, const double* x, double* out);
/// out[i] = Σ_j x[i, j] y[i, j].
void dot_columns(std::size_t rows, std::size_t columns, const double* x, const double* y, double* out);
/// Extrema along each row, columns >= 1. `position`, where given, receives the column of the first that attains it.
void maximum_columns(std::size_t rows, std::size_t columns, const double* x, double* out,
                     std::size_t* position = nullptr);
void minimum_columns(std::size_t rows, std::size_t columns, const double* x, double* out,
                     std::size_t* position = nullptr);

/// out[segment[i], :] += x[i, :], i in order; x is (rows, columns), out is (segments, columns) and is not cleared here.
/// segment[i] must be a row of out (not checked).
void segment_sum(std::size_t rows, std::size_t columns, const double* x, const std::size_t* segment, double* out);
/// Its transpose: out[i, :] = x[segment[i], :].
void gather_rows(std::size_t rows, std::size_t columns, const double* x, const std::size_t* segment, double* out);

}  // namespace adatom::kernels
