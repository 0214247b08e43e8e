// What this file is: sums, dot products and extrema of arrays, in a fixed order of additions.
//
// The order depends on the shape alone and nothing is fused, so the bits depend neither on the number of threads nor on
// the instruction set. Rounding errors of the long sums grow like log n (pairwise), not n.
#pragma once

#include <cstddef>

namespace adatom::kernels {

/// Σ x[i]; 0 for n = 0.
double sum(std::size_t n, const double* x);
/// Σ x[i] y[i]. For Σ x² pass x twice.
double dot(std::size_t n, const double* x, const double* y);
/// Σ (x[i] − y[i])², without storing the differences.
double squared_distance(std::size_t n, const double* x, const double* y);

/// Over the rows of x (rows, columns): out[j] = Σ_i x[i, j].
void sum_rows(std::size_t rows, std::size_t columns, const double* x, double* out);
/// Along each row of x (rows, columns): out[i] = Σ_j x[i, j].
void sum_columns(std::size_t rows, std::size_t columns, const double* x, double* out);
/// out[i] = Σ_j x[i, j] y[i, j].
void dot_columns(std::size_t rows, std::size_t columns, const double* x, const double* y, double* out);
/// Largest and smallest of each row, columns >= 1; NaN if one of its numbers is.
void maximum_columns(std::size_t rows, std::size_t columns, const double* x, double* out);
void minimum_columns(std::size_t rows, std::size_t columns, const double* x, double* out);

}  // namespace adatom::kernels
