#include "autodiff/decompositions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/kernels/matmul.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/record.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

// Both algorithms work on blocks of rows: what earlier blocks contribute to a block is one matrix product, which is
// where nearly all operations are; inside a block the plain textbook loops run.

namespace adatom {
namespace {

constexpr std::size_t block = 48;
constexpr std::size_t strip = 64;

using kernels::Transpose;

std::size_t check_square(std::string_view operation, const Shape& shape) {
  if (shape.rank() != 2 || shape[0] != shape[1]) {
    throw ShapeError(std::string(operation) + ": a square matrix is expected, shape is " + to_string(shape));
  }
  return shape[0];
}

/// y −= a x for rows of n numbers.
void subtract_row(std::size_t n, double a, const double* x, double* y) {
  for (std::size_t i = 0; i < n; ++i) y[i] -= a * x[i];
}

/// y −= Σ_k a[k · step] x[k, :] for `count` rows x of the given row length, of which n numbers are used. Four rows at a
/// time, so that y is read and written a quarter as often.
void subtract_rows(std::size_t count, const double* a, std::size_t step, std::size_t n, const double* x,
                   std::size_t x_row, double* y) {
  std::size_t k = 0;
  for (; k + 4 <= count; k += 4) {
    const double a0 = a[k * step], a1 = a[(k + 1) * step], a2 = a[(k + 2) * step], a3 = a[(k + 3) * step];
    const double* const x0 = x + k * x_row;
    const double* const x1 = x0 + x_row;
    const double* const x2 = x1 + x_row;
    const double* const x3 = x2 + x_row;
    for (std::size_t i = 0; i < n; ++i) y[i] -= (a0 * x0[i] + a1 * x1[i]) + (a2 * x2[i] + a3 * x3[i]);
  }
  for (; k < count; ++k) subtract_row(n, a[k * step], x + k * x_row, y);
}

/// The part of a row-major (…, columns) matrix from (row, column) on, rows × width, made contiguous.
void pack(const double* matrix, std::size_t columns, std::size_t row, std::size_t column, std::size_t rows,
          std::size_t width, double* out) {
  for (std::size_t i = 0; i < rows; ++i) {
    const double* const from = matrix + (row + i) * columns + column;
    std::copy(from, from + width, out + i * width);
  }
}

/// x = L⁻¹ x in place for a small lower triangular L (height, height) and rows x (height, columns), both parts of
/// larger matrices with the given row lengths. Columns are taken a few at a time, so that they stay in the cache.
void solve_small_forward(std::size_t height, const double* l, std::size_t l_row, std::size_t columns, double* x,
                         std::size_t x_row) {
  for (std::size_t start = 0; start < columns; start += strip) {
    const std::size_t width = std::min(strip, columns - start);
    for (std::size_t r = 0; r < height; ++r) {
      double* const target = x + r * x_row + start;
      subtract_rows(r, l + r * l_row, 1, width, x + start, x_row, target);
      for (std::size_t c = 0; c < width; ++c) target[c] /= l[r * l_row + r];
    }
  }
}

/// x = L⁻ᵀ x in the same way.
void solve_small_backward(std::size_t height, const double* l, std::size_t l_row, std::size_t columns, double* x,
                          std::size_t x_row) {
  for (std::size_t start = 0; start < columns; start += strip) {
    const std::size_t width = std::min(strip, columns - start);
    for (std::size_t r = height; r-- > 0;) {
      double* const target = x + r * x_row + start;
      subtract_rows(height - r - 1, l + (r + 1) * l_row + r, l_row, width, target + x_row, x_row, target);
      for (std::size_t c = 0; c < width; ++c) target[c] /= l[r * l_row + r];
    }
  }
}

/// The textbook algorithm on a small block, row by row, in place of the block's lower triangle.
void factor_small(std::size_t first, std::size_t n, double* l) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = l[i * n + j];
      for (std::size_t k = 0; k < j; ++k) rest -= l[i * n + k] * l[j * n + k];
      if (j < i) {
        l[i * n + j] = rest / l[j * n + j];
        continue;
      }
      if (!(rest > 0.0) || !std::isfinite(rest)) {
        throw NumericalError("cholesky: the matrix is not positive definite: pivot " + std::to_string(first + i) +
                             " is " + number_text(rest) + "; add to the diagonal, or look for duplicate rows");
      }
      l[i * n + i] = std::sqrt(rest);
    }
  }
}

/// Lower triangular factor of x (n, n), of which the lower triangle is read; a block of columns at a time.
Buffer factor(std::size_t n, const double* x) {
  Buffer l(n * n, 0.0);
  Buffer rows(n * n), panel(std::min(n, block) * n), corner(block * block);
  for (std::size_t j = 0; j < n; j += block) {
    const std::size_t width = std::min(block, n - j), length = n - j;
    // The panel holds the block's columns as rows: what earlier columns contribute, L[j:j+width, :j] · L[j:, :j]ᵀ …
    pack(l.data(), n, j, 0, length, j, rows.data());
    kernels::matmul(Transpose::no, Transpose::yes, width, length, j, rows.data(), rows.data(), panel.data());
    // … taken from x.
    for (std::size_t i = 0; i < length; ++i) {
      const double* const row = x + (j + i) * n + j;
      for (std::size_t k = 0; k < std::min(width, i + 1); ++k) panel[k * length + i] = row[k] - panel[k * length + i];
    }
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t k = 0; k <= i; ++k) corner[i * width + k] = panel[k * length + i];
    }
    factor_small(j, width, corner.data());
    solve_small_forward(width, corner.data(), width, length - width, panel.data() + width, length);
    for (std::size_t i = 0; i < length; ++i) {
      double* const row = l.data() + (j + i) * n + j;
      for (std::size_t k = 0; k < std::min(width, i + 1); ++k) {
        row[k] = i < width ? corner[i * width + k] : panel[k * length + i];
      }
    }
  }
  return l;
}

/// x = L⁻¹ x in place, x (n, m), a block of rows at a time from the top.
void solve_forward(std::size_t n, std::size_t m, const double* l, double* x) {
  Buffer rows(std::min(n, block) * n), share(std::min(n, block) * m);
  for (std::size_t i = 0; i < n; i += block) {
    const std::size_t height = std::min(block, n - i);
    if (i > 0) {
      pack(l, n, i, 0, height, i, rows.data());
      kernels::matmul(Transpose::no, Transpose::no, height, m, i, rows.data(), x, share.data());
      subtract_row(height * m, 1.0, share.data(), x + i * m);
    }
    solve_small_forward(height, l + i * n + i, n, m, x + i * m, m);
  }
}

/// x = L⁻ᵀ x in place, from the bottom.
void solve_backward(std::size_t n, std::size_t m, const double* l, double* x) {
  Buffer rows(std::min(n, block) * n), share(std::min(n, block) * m);
  for (std::size_t end = n; end > 0;) {
    const std::size_t i = (end - 1) / block * block, height = end - i;
    if (end < n) {
      pack(l, n, end, i, n - end, height, rows.data());
      kernels::matmul(Transpose::yes, Transpose::no, height, m, n - end, rows.data(), x + end * m, share.data());
      subtract_row(height * m, 1.0, share.data(), x + i * m);
    }
    solve_small_backward(height, l + i * n + i, n, m, x + i * m, m);
    end = i;
  }
}

/// The same two for one right-hand side: each row of L is read once, in order.
void solve_forward(std::size_t n, const double* l, double* x) {
  for (std::size_t i = 0; i < n; ++i) {
    double share[4] = {};  // four sums, so that additions do not wait for each other
    std::size_t k = 0;
    for (; k + 4 <= i; k += 4) {
      for (std::size_t s = 0; s < 4; ++s) share[s] += l[i * n + k + s] * x[k + s];
    }
    for (; k < i; ++k) share[0] += l[i * n + k] * x[k];
    x[i] = (x[i] - ((share[0] + share[1]) + (share[2] + share[3]))) / l[i * n + i];
  }
}

void solve_backward(std::size_t n, const double* l, double* x) {
  for (std::size_t i = n; i-- > 0;) {
    x[i] /= l[i * n + i];
    subtract_row(i, x[i], l + i * n, x);
  }
}

/// Ones below the diagonal and `diagonal` on it.
Tensor lower_mask(std::size_t n, double diagonal) {
  Buffer mask(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    std::fill_n(mask.data() + i * n, i, 1.0);
    mask[i * n + i] = diagonal;
  }
  return Tensor::constant({n, n}, mask);
}

/// Vectors as matrices of one column.
Tensor as_columns(const Tensor& b) { return b.rank() == 2 ? b : reshape(b, Shape{b.size(), 1}); }

void check_right_side(const Shape& l, const Shape& b) {
  if ((b.rank() != 1 && b.rank() != 2) || b[0] != l[0]) {
    throw ShapeError("triangular_solve: shapes " + to_string(l) + " and " + to_string(b) +
                     " do not match: (n, n) with (n) or (n, m) is expected");
  }
}

}  // namespace

Tensor cholesky(const Tensor& x) {
  const std::size_t n = check_square("cholesky", x.shape());
  const auto pullback = [n](const Tensor& l, const Tensor& dl) {
    const Tensor p = matmul(transpose(l), dl) * lower_mask(n, 0.5);
    const Tensor half = triangular_solve(l, p + transpose(p), true);  // L⁻ᵀ (P + Pᵀ), and L⁻¹ from the right:
    return 0.5 * triangular_solve(l, transpose(half), true);          // transposed again, but the result is symmetric
  };
  return record("cholesky", x.shape(), factor(n, x.data()), Input{x, pullback});
}

Tensor triangular_solve(const Tensor& l, const Tensor& b, bool transposed) {
  const std::size_t n = check_square("triangular_solve", l.shape());
  check_right_side(l.shape(), b.shape());
  for (std::size_t i = 0; i < n; ++i) {
    if (l.data()[i * n + i] == 0.0) {
      throw NumericalError("triangular_solve: the matrix is singular: diagonal element " + std::to_string(i) + " is 0");
    }
  }
  Buffer x(b.size());
  std::copy(b.values().begin(), b.values().end(), x.data());
  const std::size_t m = n == 0 ? 0 : b.size() / n;
  if (m == 1) {
    transposed ? solve_backward(n, l.data(), x.data()) : solve_forward(n, l.data(), x.data());
  } else if (m > 1) {
    transposed ? solve_backward(n, m, l.data(), x.data()) : solve_forward(n, m, l.data(), x.data());
  }
  const auto to_matrix = [l, n, transposed](const Tensor& y, const Tensor& dy) {
    const Tensor solution = as_columns(y);
    const Tensor db = as_columns(triangular_solve(l, dy, !transposed));
    return -(transposed ? matmul(solution, transpose(db)) : matmul(db, transpose(solution))) * lower_mask(n, 1.0);
  };
  const auto to_right_side = [l, transposed](const Tensor&, const Tensor& dy) {
    return triangular_solve(l, dy, !transposed);
  };
  return record("triangular_solve", b.shape(), x, Input{l, to_matrix}, Input{b, to_right_side});
}

Tensor log_determinant(const Tensor& x) {
  const std::size_t n = check_square("log_determinant", x.shape());
  std::vector<std::uint32_t> row(n);
  std::iota(row.begin(), row.end(), std::uint32_t{0});
  return 2.0 * sum(log(take_along_axis(cholesky(x), Indices(std::move(row)), {n, 1})));
}

}  // namespace adatom
