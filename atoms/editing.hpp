// What this file is: changes to structures: move, turn, stretch, join, pick, sort, shake. Each takes a structure and
// returns another; the argument is left alone. (wrapped and repeated are in atoms/atoms.hpp.)
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "atoms/atoms.hpp"
#include "atoms/matrix3.hpp"
#include "core/random.hpp"

namespace adatom {

/// The matrix of a right-handed turn by `degrees` about `axis` (any length; Rodrigues' formula). Multiples of 90
/// degrees about x, y or z are exact. Throws InputError when the axis is zero or not finite, or the angle not finite.
Matrix3 rotation_matrix(const Vector3& axis, double degrees);

/// All atoms moved by `shift`, Angstrom. The cell stays.
Atoms translated(Atoms atoms, const Vector3& shift);

struct RotationOptions {
  Vector3 about{};           ///< the point that stays, Angstrom
  bool rotate_cell = false;  ///< turn the lattice vectors too: a periodic crystal is itself again only then
};

/// The atoms turned right-handedly by `degrees` about `axis`. Throws InputError as rotation_matrix.
Atoms rotated(Atoms atoms, const Vector3& axis, double degrees, const RotationOptions& options = {});

/// The atoms moved so that their extent perpendicular to the faces of the cell is in its middle, along the chosen
/// directions a, b, c; as ASE's center(). Throws InputError for an invalid structure and a cell vector that is zero.
Atoms centered(Atoms atoms, const std::array<bool, 3>& directions = {true, true, true});

/// Which point of a structure is meant.
enum class Center {
  geometry,  ///< mean of the positions
  mass,      ///< mean weighted with the masses
  extent     ///< middle of the smallest box with edges along x, y, z
};

/// That point, Angstrom; (0,0,0) for the empty structure.
Vector3 center(const Atoms& atoms, Center which = Center::geometry);

/// The atoms moved so that the chosen centre is at `point`.
Atoms centered_at(Atoms atoms, const Vector3& point, Center which = Center::geometry);

/// The atoms in the middle of a cell that leaves `vacuum` Angstrom free on either side of them along the chosen
/// directions, measured perpendicular to the faces; by default along those that are not periodic. A cell vector keeps
/// its direction; one that is zero becomes perpendicular to the others. As ASE's center(vacuum=…).
/// Throws InputError for a negative vacuum and where the cell would have no volume (a flat molecule without vacuum).
Atoms with_vacuum(Atoms atoms, double vacuum, const std::optional<std::array<bool, 3>>& directions = std::nullopt);

/// Both structures' atoms, those of `first` first, in the cell of `first`.
Atoms joined(Atoms first, const Atoms& second);

/// The atoms with these indices, in this order. Throws InputError for an index out of range.
Atoms selected(const Atoms& atoms, std::span<const std::size_t> indices);

/// The atoms without those of these indices (repetition is harmless). Throws InputError for an index out of range.
Atoms without(const Atoms& atoms, std::span<const std::size_t> indices);

/// The atoms of these indices become another element. Throws InputError for an index or atomic number out of range.
Atoms substituted(Atoms atoms, std::span<const std::size_t> indices, int number);

/// Atoms ordered by a key each, ascending; equal keys keep their order. Throws InputError when the number of keys is
/// not that of the atoms or a key is NaN.
Atoms sorted(const Atoms& atoms, std::span<const double> keys);

/// By atomic number.
Atoms sorted_by_element(const Atoms& atoms);

/// By the x, y or z coordinate (axis 0, 1, 2). Throws InputError for another axis.
Atoms sorted_by_coordinate(const Atoms& atoms, std::size_t axis);

/// Every coordinate changed by a normal random number of this standard deviation, Angstrom. The same seed gives the
/// same structure. Throws InputError for a negative or infinite deviation.
Atoms rattled(Atoms atoms, double standard_deviation, Random& random);

/// Cell and positions deformed homogeneously, r → r + ε r. Throws InputError when ε is not finite or turns space
/// inside out (det(1 + ε) ≤ 0).
Atoms strained(Atoms atoms, const Matrix3& strain);

/// The same with a symmetric ε in Voigt order (xx yy zz yz xz xy) and engineering shears: yz here is 2 ε_yz, so that
/// stress · strain is an energy per volume.
Atoms strained(Atoms atoms, const std::array<double, 6>& voigt);

}  // namespace adatom
