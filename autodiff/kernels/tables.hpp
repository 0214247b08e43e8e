// What this file is: the tables of functions that each copy of a kernel file exports, and the choice between them.
//
// A kernel file is compiled once per instruction set (cmake/AdatomLibrary.cmake); its functions are reached through
// these pointers alone. Sizes, steps and aliasing are as in the headers named.
#pragma once

#include <cstddef>

#include "autodiff/kernels/adam.hpp"
#include "autodiff/kernels/map.hpp"
#include "core/processor.hpp"

namespace adatom::kernels {

/// A matrix read through steps: element (i, j) is data[i · row_step + j · column_step]; one of the steps is 1.
struct Strided {
  const double* data;
  std::size_t row_step;
  std::size_t column_step;
};

/// C = A · B + addend, with A (m, k), B (k, n) and C (m, n), row-major with `c_step` values from row to row. The addend
/// is absent (null), one row for all (step 0), or C itself.
struct Product {
  std::size_t m, n, k;
  Strided a, b;
  double* c;
  std::size_t c_step;
  const double* addend;
  std::size_t addend_step;
  double* (*workspace)(std::size_t doubles);  ///< memory for packed blocks, 64-byte aligned; asked for only if needed
};

/// matmul_kernel.cpp, for matmul.hpp.
struct MatmulTable {
  /// Rows first … last - 1 of the product. Where an element's sum is cut depends on (m, n, k) alone, never on the rows.
  void (*multiply)(const Product& product, std::size_t first, std::size_t last);
};

/// map_kernel.cpp, for map.hpp.
struct MapTable {
  void (*unary[unary_count])(std::size_t n, const double* x, double* out);
  void (*binary[binary_count])(std::size_t rows, std::size_t columns, Operand x, Operand y, double* out);
  void (*axpy)(std::size_t n, double a, const double* x, double* y);
};

/// reduce_kernel.cpp, for reduce.hpp.
struct ReduceTable {
  double (*sum)(std::size_t n, const double* x);
  double (*dot)(std::size_t n, const double* x, const double* y);
  double (*squared_distance)(std::size_t n, const double* x, const double* y);
  double (*maximum)(std::size_t n, const double* x);
  double (*minimum)(std::size_t n, const double* x);
  void (*sum_rows)(std::size_t rows, std::size_t columns, const double* x, double* out);
  void (*sum_columns)(std::size_t rows, std::size_t columns, const double* x, double* out);
  void (*dot_columns)(std::size_t rows, std::size_t columns, const double* x, const double* y, double* out);
  void (*add)(std::size_t n, const double* x, double* out);
};

/// adam_kernel.cpp, for adam.hpp.
struct AdamTable {
  void (*sgd)(const SgdStep& step, std::size_t n, const double* gradient, double* velocity, double* weights);
  void (*adam)(const AdamStep& step, double correction1, double correction2, std::size_t n, const double* gradient,
               double* first_moment, double* second_moment, double* weights);
};

struct Tables {
  const MatmulTable& matmul;
  const MapTable& map;
  const ReduceTable& reduce;
  const AdamTable& adam;
};

/// The tables of the processor found, or of the level set below.
const Tables& tables();

/// For tests and measurements: from now on use this level, which must not exceed `processor()`
/// (throws InputError otherwise). Not to be called while kernels run.
void use_level(Processor level);

}  // namespace adatom::kernels
