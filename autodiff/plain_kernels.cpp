// Stand-in for kernels/map.hpp and kernels/reduce.hpp until their sources are here: plain loops.
#include <algorithm>
#include <cmath>

#include "autodiff/kernels/map.hpp"
#include "autodiff/kernels/matmul.hpp"
#include "autodiff/kernels/reduce.hpp"

namespace adatom::kernels {
namespace {
double sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }
double normal(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }
double apply(Unary f, double x) {
  switch (f) {
    case Unary::negative: return -x;
    case Unary::absolute: return std::abs(x);
    case Unary::sign: return x > 0 ? 1 : x < 0 ? -1 : x;
    case Unary::step: return x > 0;
    case Unary::square: return x * x;
    case Unary::reciprocal: return 1 / x;
    case Unary::sqrt: return std::sqrt(x);
    case Unary::exp: return std::exp(x);
    case Unary::log: return std::log(x);
    case Unary::sin: return std::sin(x);
    case Unary::cos: return std::cos(x);
    case Unary::tanh: return std::tanh(x);
    case Unary::erf: return std::erf(x);
    case Unary::relu: return x > 0 ? x : x != x ? x : 0;
    case Unary::sigmoid: return sigmoid(x);
    case Unary::softplus: return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
    case Unary::silu: return x * sigmoid(x);
    case Unary::gelu: return x * normal(x);
  }
  return 0;
}
double apply(Binary f, double x, double y) {
  switch (f) {
    case Binary::add: return x + y;
    case Binary::subtract: return x - y;
    case Binary::multiply: return x * y;
    case Binary::divide: return x / y;
    case Binary::maximum: return x != x ? x : y != y ? y : std::max(x, y);
    case Binary::minimum: return x != x ? x : y != y ? y : std::min(x, y);
    case Binary::power: return std::pow(x, y);
    case Binary::square_backward: return 2 * x * y;
    case Binary::tanh_backward: return (1 - x * x) * y;
    case Binary::sigmoid_backward: return x * (1 - x) * y;
    case Binary::relu_backward: return x > 0 ? y : 0;
    case Binary::softplus_backward: return sigmoid(x) * y;
    case Binary::silu_backward: return sigmoid(x) * (1 + x * (1 - sigmoid(x))) * y;
    case Binary::gelu_backward: return (normal(x) + x * std::exp(-x * x / 2) * 0.3989422804014327) * y;
  }
  return 0;
}
}  // namespace

void map(Unary f, std::size_t n, const double* x, double* out) { for (std::size_t i = 0; i < n; ++i) out[i] = apply(f, x[i]); }
void map(Binary f, std::size_t n, const double* x, const double* y, double* out) { for (std::size_t i = 0; i < n; ++i) out[i] = apply(f, x[i], y[i]); }
void map(Binary f, std::size_t n, const double* x, double y, double* out) { for (std::size_t i = 0; i < n; ++i) out[i] = apply(f, x[i], y); }
void map(Binary f, std::size_t n, double x, const double* y, double* out) { for (std::size_t i = 0; i < n; ++i) out[i] = apply(f, x, y[i]); }
void map(Binary f, std::size_t rows, std::size_t columns, Operand x, Operand y, double* out) {
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      out[i * columns + j] = apply(f, x.data[i * x.row_step + j * x.column_step], y.data[i * y.row_step + j * y.column_step]);
}
void axpy(std::size_t n, double a, const double* x, double* y) { for (std::size_t i = 0; i < n; ++i) y[i] += a * x[i]; }
double sum(std::size_t n, const double* x) { double s = 0; for (std::size_t i = 0; i < n; ++i) s += x[i]; return s; }
void sum_rows(std::size_t rows, std::size_t columns, const double* x, double* out, bool accumulate) {
  if (!accumulate) std::fill_n(out, columns, 0.0);
  for (std::size_t i = 0; i < rows; ++i) for (std::size_t j = 0; j < columns; ++j) out[j] += x[i * columns + j];
}
void sum_columns(std::size_t rows, std::size_t columns, const double* x, double* out) { for (std::size_t i = 0; i < rows; ++i) out[i] = sum(columns, x + i * columns); }
void maximum_columns(std::size_t rows, std::size_t columns, const double* x, double* out, std::size_t*) {
  for (std::size_t i = 0; i < rows; ++i) { out[i] = x[i * columns]; for (std::size_t j = 1; j < columns; ++j) out[i] = apply(Binary::maximum, out[i], x[i * columns + j]); }
}
void minimum_columns(std::size_t rows, std::size_t columns, const double* x, double* out, std::size_t*) {
  for (std::size_t i = 0; i < rows; ++i) { out[i] = x[i * columns]; for (std::size_t j = 1; j < columns; ++j) out[i] = apply(Binary::minimum, out[i], x[i * columns + j]); }
}
void matmul(Transpose ta, Transpose tb, std::size_t m, std::size_t n, std::size_t k, const double* a, const double* b, double* c, const double* bias, bool accumulate) {
  for (std::size_t i = 0; i < m; ++i) for (std::size_t j = 0; j < n; ++j) {
    double s = (accumulate ? c[i * n + j] : 0) + (bias != nullptr ? bias[j] : 0);
    for (std::size_t p = 0; p < k; ++p) s += (ta == Transpose::yes ? a[p * m + i] : a[i * k + p]) * (tb == Transpose::yes ? b[j * k + p] : b[p * n + j]);
    c[i * n + j] = s;
  }
}
}  // namespace adatom::kernels
