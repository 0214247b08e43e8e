// What this file is: all eigenvalues and eigenvectors of a real symmetric matrix, for vibrations, principal axes and
// whatever else needs them. Householder's reduction to tridiagonal form, then the QL method with implicit shifts.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace adatom {

struct SymmetricEigen {
  std::vector<double> values;   ///< ascending (n)
  std::vector<double> vectors;  ///< orthonormal, row k belongs to values[k] (n, n)

  /// The eigenvector of values[k] (n).
  std::span<const double> vector(std::size_t k) const {
    return std::span<const double>(vectors).subspan(k * values.size(), values.size());
  }
};

/// Eigenvalues and eigenvectors of the symmetric `matrix` (n, n), of which only the lower triangle is read. Errors of
/// the values are of the order 10⁻¹⁶ times the largest of them; the vectors are orthonormal to the same order. O(n³)
/// time, n² memory. Throws ShapeError if there are not n² numbers, NumericalError for numbers that are not finite.
/// G. H. Golub and C. F. Van Loan, Matrix Computations, 4th ed. (2013), sections 8.3.1 and 8.3.3.
SymmetricEigen symmetric_eigen(std::size_t n, std::span<const double> matrix);

}  // namespace adatom
