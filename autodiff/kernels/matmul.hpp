// What this file is: the matrix product on plain row-major arrays, blocked and vectorised.
// The plain triple loop it is held equal to is in tests/autodiff/matmul_kernel_test.cpp.
#pragma once

#include <cstddef>

namespace adatom::kernels {

/// Whether an operand enters as it is stored or transposed. Nothing is copied by the caller either way.
enum class Transpose { no, yes };

/// C = op(A) · op(B), C of shape (m, n), op(A) of shape (m, k), op(B) of shape (k, n); all row-major and contiguous, so
/// A is stored as (m, k), or (k, m) where it is to be transposed, and B as (k, n) or (n, k).
///
/// `bias`, where given, is a row of n values added to every row of the product.
/// `accumulate` adds to what C holds instead of overwriting it. C must not overlap A, B or bias.
/// With k = 0 the product is zero. The bits of C do not depend on the number of threads; they may differ in the last
/// places between processors of different instruction sets.
void matmul(Transpose a_form, Transpose b_form, std::size_t m, std::size_t n, std::size_t k, const double* a,
            const double* b, double* c, const double* bias = nullptr, bool accumulate = false);

}  // namespace adatom::kernels
