// What this file is: laying one set of points upon another (Kabsch), and matching rows to columns at the least cost
// (Hungarian method): the two tools of structure_comparison.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "atoms/matrix3.hpp"

namespace adatom {

/// How structure b comes to lie upon structure a: atom i of a meets atom partner[i] of b at
/// rotation · b_partner[i] + shift.
struct Superposition {
  std::vector<std::size_t> partner;
  Matrix3 rotation{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  ///< determinant −1 if mirrored
  Vector3 shift{};                                      ///< Å
  bool mirrored = false;
  double rms = 0.0;      ///< root mean square distance of partners, Å
  double largest = 0.0;  ///< largest distance of partners, Å
};

/// For points whose partners are known (b[k] belongs to a[k]) the rotation and shift of least rms. W. Kabsch, Acta
/// Cryst. A 32, 922 (1976), solved with quaternions: B. K. P. Horn, J. Opt. Soc. Am. A 4, 629 (1987). With `mirror` the
/// points b are inverted first. Throws ShapeError for different numbers of points.
Superposition superpose(std::span<const Vector3> a, std::span<const Vector3> b, bool mirror = false);

/// Rows matched to columns so that the sum of cost(row, column) is least: result[row] = column. cost is n × n, row
/// after row. O(n³): H. W. Kuhn, Nav. Res. Logist. Q. 2, 83 (1955), as shortest augmenting paths.
std::vector<std::size_t> assign(std::span<const double> cost, std::size_t n);

/// The plain mean of the points; (0,0,0) for none.
Vector3 middle(std::span<const Vector3> points);

}  // namespace adatom
