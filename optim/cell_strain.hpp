// What this file is: the ways a cell may deform while a structure relaxes, as a few coordinates q: the deformation
// F = 1 + Σ_k q_k G_k turns lattice vectors a into F a and, with them, positions r into F r.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "atoms/atoms.hpp"
#include "atoms/matrix3.hpp"

namespace adatom {

enum class CellShape {
  fixed,      ///< the cell stays as it is
  full,       ///< lengths and angles
  isotropic,  ///< one factor for all lengths
  lengths,    ///< the lengths of the lattice vectors; angles stay
};

/// "fixed", "full", "isotropic", "lengths", and back. Throws InputError naming the choices for anything else.
std::string_view name(CellShape shape);
CellShape cell_shape(std::string_view name);

struct CellOptions {
  CellShape shape = CellShape::fixed;
  /// Components of the strain that may change, of shape full: xx yy zz yz xz xy.
  std::array<bool, 6> mask{true, true, true, true, true, true};
  double pressure = 0.0;     ///< external, eV/Å³ (1 GPa is 0.0062415); needs periodicity along all three directions
  double max_stress = 1e-4;  ///< done when no component that may relax is larger, eV/Å³ (and forces are below fmax)
};

/// The coordinates of a deformation. Directions that are not periodic do not strain.
class StrainModes {
 public:
  /// Throws InputError for structures without a periodic direction or a volume, a mask that leaves nothing, a pressure
  /// that is not finite or without full periodicity, and max_stress not positive.
  StrainModes(const Atoms& atoms, const CellOptions& options);

  /// Three numbers at a time: 3 or 6, the last ones possibly without effect.
  std::size_t count() const { return (modes_.size() + 2) / 3 * 3; }
  Matrix3 deformation(std::span<const double> q) const;
  /// The derivative of the enthalpy E + pV by the coordinates, from the stress of the deformed structure of volume V.
  void gradient(const Matrix3& deformation, const std::array<double, 6>& stress, double volume,
                std::span<double> result) const;
  /// The largest stress (pressure added) that the gradient stands for, eV/Å³.
  double largest_stress(std::span<const double> gradient, double volume) const;

 private:
  std::vector<Matrix3> modes_;
  std::vector<double> norms_;  // of the modes before they were scaled
  double pressure_ = 0.0, scale_ = 1.0;
};

/// Throws InputError if the determinant is 0.
Matrix3 inverse(const Matrix3& f);

}  // namespace adatom
