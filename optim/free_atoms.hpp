// What this file is: the bridge between a structure and the flat array that minimisers move: the coordinates of the
// atoms that are not fixed. Internal to optim.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "optim/minimize.hpp"
#include "potentials/potential.hpp"

namespace adatom {

class FreeAtoms {
 public:
  /// Throws InputError for an invalid structure, for fixed atoms out of range or named twice, and when no atom is free.
  FreeAtoms(const Atoms& atoms, const Potential& potential, std::span<const std::size_t> fixed);
  FreeAtoms(const FreeAtoms&) = delete;
  FreeAtoms& operator=(const FreeAtoms&) = delete;

  /// The free atoms, ascending.
  std::span<const std::size_t> indices() const { return indices_; }
  /// Their coordinates, three for each.
  void read(const Atoms& atoms, std::vector<double>& x) const;
  void write(std::span<const double> x, Atoms& atoms) const;

  /// Lets the potential's InputError out if the structure cannot be computed.
  void require_computable(const Atoms& atoms);
  /// Energy and gradient of the free atoms. Structures that cannot be computed (atoms on top of each other) have
  /// infinite energy.
  const Objective& objective() const { return objective_; }
  /// What the potential gave last.
  const Prediction& latest() const { return prediction_; }
  /// The structure it was given.
  const Atoms& atoms() const { return atoms_; }

 private:
  double evaluate(std::span<const double> x, std::span<double> gradient);

  const Potential& potential_;
  Atoms atoms_;
  Prediction prediction_;
  std::vector<std::size_t> indices_;
  Objective objective_;
};

}  // namespace adatom
