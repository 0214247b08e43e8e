// What this file is: elementwise functions of one or two arrays, vectorised, with broadcasting of rows and columns.
// Large arrays are spread over threads (core/parallel.hpp); an element's bits depend neither on that nor on its place.
#pragma once

#include <cstddef>

namespace adatom::kernels {

/// Functions of one number. Limits, infinities, NaN and the sign of zero are those of <cmath>; units in the last place
/// (ulp) are the largest errors seen by the tests.
enum class Unary {
  negative,    ///< -x
  absolute,    ///< |x|
  sign,        ///< -1, 0, 1; the derivative of |x|, 0 at 0
  square,      ///< x²
  reciprocal,  ///< 1/x
  sqrt,        ///< √x
  exp,         ///< eˣ
  log,         ///< ln x
  sin,         ///< sin x
  cos,         ///< cos x
  tanh,        ///< tanh x
  erf,         ///< 2/√π ∫₀ˣ exp(-t²) dt
  relu,        ///< max(x, 0)
  sigmoid,     ///< 1/(1 + e⁻ˣ)
  softplus,    ///< ln(1 + eˣ)
  silu,        ///< x · sigmoid(x)
  gelu,        ///< x · Φ(x), Φ the normal distribution function
};
inline constexpr std::size_t unary_count = 17;

/// Functions of two numbers. The `_backward` ones are derivative · dy, in one sweep over memory.
enum class Binary {
  add,                ///< x + y
  subtract,           ///< x - y
  multiply,           ///< x · y
  divide,             ///< x / y
  divide_or_zero,     ///< x / y, but 0 for y = 0
  maximum,            ///< the larger; NaN if either is
  minimum,            ///< the smaller; NaN if either is
  power,              ///< xʸ (the standard library's, element by element)
  square_backward,    ///< (x, dy) -> 2x · dy
  tanh_backward,      ///< (y = tanh x, dy) -> (1 - y²) · dy
  sigmoid_backward,   ///< (y = sigmoid x, dy) -> y (1 - y) · dy
  relu_backward,      ///< (x, dy) -> dy for x > 0, else 0
  softplus_backward,  ///< (x, dy) -> sigmoid(x) · dy
  silu_backward,      ///< (x, dy) -> s (1 + x (1 - s)) · dy, s = sigmoid(x)
  gelu_backward,      ///< (x, dy) -> (Φ(x) + x φ(x)) · dy, φ the normal density
};
inline constexpr std::size_t binary_count = 15;

/// out[i] = f(x[i]), i < n. `out` may be `x` itself.
void map(Unary f, std::size_t n, const double* x, double* out);

/// out[i] = f(x[i], y[i]). `out` may be `x` or `y` itself.
void map(Binary f, std::size_t n, const double* x, const double* y, double* out);
/// out[i] = f(x[i], y) and f(x, y[i]): one number for all.
void map(Binary f, std::size_t n, const double* x, double y, double* out);
void map(Binary f, std::size_t n, double x, const double* y, double* out);

/// An operand of a map over a (rows, columns) array: its element (i, j) is data[i · row_step + j · column_step].
/// column_step is 0 or 1; row_step is anything, 0 repeats one row for all.
struct Operand {
  const double* data;
  std::size_t row_step;
  std::size_t column_step;
};
/// A whole (rows, columns) array; one row (columns values) repeated for every row; one column (rows values) repeated
/// along every row.
inline Operand whole(const double* data, std::size_t columns) { return {data, columns, 1}; }
inline Operand one_row(const double* data) { return {data, 0, 1}; }
inline Operand one_column(const double* data) { return {data, 1, 0}; }

/// out[i, j] = f(x[i, j], y[i, j]) with `out` (rows, columns) contiguous. `out` may be an operand that is whole.
void map(Binary f, std::size_t rows, std::size_t columns, Operand x, Operand y, double* out);

/// y[i] += a · x[i]
void axpy(std::size_t n, double a, const double* x, double* y);

}  // namespace adatom::kernels
