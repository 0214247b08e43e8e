#include "atoms/builders/supercell.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

#include "atoms/builders/limits.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"

namespace adatom {
namespace {

using Integer = std::int64_t;
using Matrix = std::array<std::array<Integer, 3>, 3>;

constexpr int largest_entry = 10000;  // keeps all products below within 64 bits

std::string text(const std::array<int, 3>& row) {
  return "(" + std::to_string(row[0]) + " " + std::to_string(row[1]) + " " + std::to_string(row[2]) + ")";
}

/// The matrix with adjugate · matrix = det · 1.
Matrix adjugate(const IntegerMatrix& m) {
  Matrix result{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t i1 = (i + 1) % 3, i2 = (i + 2) % 3, j1 = (j + 1) % 3, j2 = (j + 2) % 3;
      result[j][i] = Integer(m[i1][j1]) * m[i2][j2] - Integer(m[i1][j2]) * m[i2][j1];
    }
  }
  return result;
}

void check(const Atoms& atoms, const IntegerMatrix& matrix) {
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      const int entry = matrix[i][j];
      const std::string row = "row " + std::to_string(i) + " of the matrix, " + text(matrix[i]) + ",";
      if (entry < -largest_entry || entry > largest_entry) {
        throw InputError("supercell: " + row + " has an entry beyond 10000");
      }
      if (entry != 0 && atoms.pbc[i] != atoms.pbc[j]) {
        throw InputError("supercell: " + row + " mixes a periodic direction with one that is not");
      }
      const bool missing = norm(atoms.cell[i]) == 0.0 || norm(atoms.cell[j]) == 0.0;
      if (missing && entry != (i == j ? 1 : 0)) {
        throw InputError("supercell: " + row + " changes a direction without a cell vector");
      }
    }
  }
}

/// Vectors (i, j, k) of which no two differ by a sum of the matrix's rows, |det| of them: those with 0 ≤ i < h0,
/// 0 ≤ j < h1, 0 ≤ k < h2, where h is the diagonal of the matrix brought to triangular form by adding rows to rows.
std::array<Integer, 3> triangular_diagonal(const IntegerMatrix& matrix) {
  Matrix m{};
  for (std::size_t i = 0; i < 3; ++i) m[i] = {matrix[i][0], matrix[i][1], matrix[i][2]};
  for (std::size_t column = 0; column < 2; ++column) {
    for (std::size_t row = column + 1; row < 3; ++row) {
      while (m[row][column] != 0) {  // Euclid's algorithm on the two rows
        const Integer factor = m[column][column] / m[row][column];
        for (std::size_t k = 0; k < 3; ++k) m[column][k] -= factor * m[row][k];
        std::swap(m[column], m[row]);
      }
    }
  }
  return {std::abs(m[0][0]), std::abs(m[1][1]), std::abs(m[2][2])};
}

Integer floor_divided(Integer a, Integer b) {
  const Integer quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

}  // namespace

Atoms supercell(const Atoms& atoms, const IntegerMatrix& matrix) {
  validate(atoms);
  check(atoms, matrix);
  const Matrix adjoint = adjugate(matrix);
  Integer determinant = 0;
  for (std::size_t k = 0; k < 3; ++k) determinant += matrix[0][k] * adjoint[k][0];
  if (determinant == 0) {
    throw InputError("supercell: the rows " + text(matrix[0]) + ", " + text(matrix[1]) + ", " + text(matrix[2]) +
                     " lie in a plane (determinant 0)");
  }
  const double total = double(atoms.size()) * std::abs(double(determinant));
  if (total > builders::most_atoms) {
    throw InputError("supercell: would have " + short_number_text(total) + " atoms; at most 100 million are built");
  }

  Atoms result{.pbc = atoms.pbc};
  for (std::size_t i = 0; i < 3; ++i) {
    result.cell[i] = cartesian(atoms.cell, {double(matrix[i][0]), double(matrix[i][1]), double(matrix[i][2])});
  }
  if (atoms.size() == 0) return result;
  result.numbers.reserve(static_cast<std::size_t>(total));
  result.positions.reserve(static_cast<std::size_t>(total));
  const Cell star = reciprocal(completed(result.cell, result.pbc));
  const auto [h0, h1, h2] = triangular_diagonal(matrix);
  for (Integer i = 0; i < h0; ++i) {
    for (Integer j = 0; j < h1; ++j) {
      for (Integer k = 0; k < h2; ++k) {
        // The lattice point (i j k) in units of the new vectors is (i j k) · adjoint / determinant; its whole part
        // goes.
        std::array<Integer, 3> point{i, j, k};
        for (std::size_t row = 0; row < 3; ++row) {
          const Integer whole =
              floor_divided(i * adjoint[0][row] + j * adjoint[1][row] + k * adjoint[2][row], determinant);
          for (std::size_t x = 0; x < 3; ++x) point[x] -= whole * matrix[row][x];
        }
        const Vector3 shift = cartesian(atoms.cell, {double(point[0]), double(point[1]), double(point[2])});
        result.numbers.insert(result.numbers.end(), atoms.numbers.begin(), atoms.numbers.end());
        for (const Vector3& position : atoms.positions) {
          Vector3 moved = position + shift;
          for (std::size_t x = 0; x < 3; ++x) {
            // An atom on the lower face stays there when rounding puts it a little below.
            const double whole = std::floor(dot(position + shift, star[x]) + 1e-9);
            if (atoms.pbc[x] && whole != 0.0) moved -= whole * result.cell[x];
          }
          result.positions.push_back(moved);
        }
      }
    }
  }
  return result;
}

}  // namespace adatom
