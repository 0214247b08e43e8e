// What this file is: the bridge between a structure and the flat array that minimisers move: the coordinates of the
// atoms that are not fixed and, where the cell relaxes too, those of its deformation. Internal to optim.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "optim/cell_strain.hpp"
#include "optim/constraints.hpp"
#include "optim/minimize.hpp"
#include "potentials/potential.hpp"

namespace adatom {

class FreeAtoms {
 public:
  /// Throws InputError for what FreeDirections and, if the cell is not fixed, StrainModes refuse.
  FreeAtoms(const Atoms& atoms, const Potential& potential, const Constraints& constraints,
            const CellOptions& cell = {});
  FreeAtoms(const Atoms& atoms, const Potential& potential, std::span<const std::size_t> fixed)
      : FreeAtoms(atoms, potential, Constraints{.fixed = {fixed.begin(), fixed.end()}}) {}
  FreeAtoms(const FreeAtoms&) = delete;
  FreeAtoms& operator=(const FreeAtoms&) = delete;

  /// The free atoms, ascending.
  std::span<const std::size_t> indices() const { return directions_.indices(); }
  /// Their coordinates, three for each; for a relaxing cell those in the cell of the start, and then those of its
  /// deformation (0: the cell of the start, which `atoms` must have).
  void read(const Atoms& atoms, std::vector<double>& x) const;
  void write(std::span<const double> x, Atoms& atoms) const;

  /// Lets the potential's InputError out if the structure cannot be computed.
  void require_computable(const Atoms& atoms);
  /// Energy (enthalpy, where there is a pressure) and gradient. Structures that cannot be computed (atoms on top of
  /// each other, a cell that has collapsed or grown tenfold) have infinite energy.
  const Objective& objective() const { return objective_; }
  /// What the potential gave last.
  const Prediction& latest() const { return prediction_; }
  /// The structure it was given.
  const Atoms& atoms() const { return atoms_; }

  /// The longest force on a free atom (eV/Å) and the largest stress that may relax (eV/Å³; 0 for a fixed cell), from
  /// the gradient at the structure computed last.
  double largest_force(std::span<const double> gradient) const;
  double largest_stress(std::span<const double> gradient) const;

 private:
  double evaluate(std::span<const double> x, std::span<double> gradient);
  std::size_t atom_coordinates() const { return 3 * indices().size(); }
  Matrix3 deformation(std::span<const double> x) const;

  const Potential& potential_;
  Atoms start_, atoms_;
  Prediction prediction_;
  FreeDirections directions_;
  std::optional<StrainModes> strain_;
  double pressure_ = 0.0;
  Matrix3 deformation_{};  // of atoms_
  mutable std::vector<double> moved_;
  Objective objective_;
};

}  // namespace adatom
