// What this file is: 3×3 matrices (rotations, deformations, strains), their products and determinants.
#pragma once

#include <array>

#include "atoms/vector3.hpp"

namespace adatom {

/// Rows first: the product with a vector is (m[0]·r, m[1]·r, m[2]·r).
using Matrix3 = std::array<Vector3, 3>;

/// m r
inline Vector3 product(const Matrix3& m, const Vector3& r) { return {dot(m[0], r), dot(m[1], r), dot(m[2], r)}; }

/// mᵀ r
inline Vector3 transposed_product(const Matrix3& m, const Vector3& r) {
  return r[0] * m[0] + r[1] * m[1] + r[2] * m[2];
}

/// a b
inline Matrix3 product(const Matrix3& a, const Matrix3& b) {
  return {transposed_product(b, a[0]), transposed_product(b, a[1]), transposed_product(b, a[2])};
}

inline double determinant(const Matrix3& m) { return dot(m[0], cross(m[1], m[2])); }

}  // namespace adatom
