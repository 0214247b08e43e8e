#include "optim/free_atoms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.hpp"

namespace adatom {
namespace {

/// A cell whose volume has changed by more than this factor has collapsed or evaporated.
constexpr double most_growth = 10.0;

}  // namespace

FreeAtoms::FreeAtoms(const Atoms& atoms, const Potential& potential, const Constraints& constraints,
                     const CellOptions& cell)
    : potential_(potential),
      start_(atoms),
      atoms_(atoms),
      directions_(atoms, constraints, cell.shape != CellShape::fixed),
      pressure_(cell.pressure) {
  if (cell.shape != CellShape::fixed) strain_.emplace(atoms, cell);
  deformation_ = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  objective_ = [this](std::span<const double> x, std::span<double> gradient) { return evaluate(x, gradient); };
}

void FreeAtoms::read(const Atoms& atoms, std::vector<double>& x) const {
  x.clear();
  for (const std::size_t i : indices()) x.insert(x.end(), atoms.positions[i].begin(), atoms.positions[i].end());
  if (strain_) x.resize(x.size() + strain_->count(), 0.0);
}

Matrix3 FreeAtoms::deformation(std::span<const double> x) const {
  return strain_->deformation(x.subspan(atom_coordinates()));
}

void FreeAtoms::write(std::span<const double> x, Atoms& atoms) const {
  const std::span<const std::size_t> free = indices();
  for (std::size_t n = 0; n < free.size(); ++n) atoms.positions[free[n]] = {x[3 * n], x[3 * n + 1], x[3 * n + 2]};
  directions_.return_to_guides(start_, atoms);
  if (!strain_) return;
  // Fixed atoms follow the cell: they keep their place in it.
  const Matrix3 f = deformation(x);
  for (std::size_t k = 0; k < 3; ++k) {
    if (atoms.pbc[k]) atoms.cell[k] = product(f, start_.cell[k]);
  }
  std::size_t n = 0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const bool is_free = n < free.size() && free[n] == i;
    atoms.positions[i] = product(f, is_free ? atoms.positions[i] : start_.positions[i]);
    n += is_free;
  }
}

void FreeAtoms::require_computable(const Atoms& atoms) {
  potential_.compute(atoms, {.forces = true, .stress = strain_.has_value()}, prediction_);
}

double FreeAtoms::evaluate(std::span<const double> x, std::span<double> gradient) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (strain_) {
    const double growth = determinant(deformation(x));
    if (!(growth < most_growth && growth > 1.0 / most_growth)) return infinite;
  }
  write(x, atoms_);
  try {
    require_computable(atoms_);
  } catch (const InputError&) {
    return infinite;
  }
  const std::span<const std::size_t> free = indices();
  if (strain_) deformation_ = deformation(x);
  for (std::size_t n = 0; n < free.size(); ++n) {
    const Vector3& force = prediction_.forces[free[n]];
    const Vector3 slope = strain_ ? transposed_product(deformation_, force) : force;
    for (std::size_t k = 0; k < 3; ++k) gradient[3 * n + k] = -slope[k];
  }
  directions_.project(gradient);
  if (!strain_) return prediction_.energy;
  const double now = volume(atoms_.cell);
  strain_->gradient(deformation_, *prediction_.stress, now, gradient.subspan(atom_coordinates()));
  return prediction_.energy + pressure_ * now;
}

double FreeAtoms::largest_force(std::span<const double> gradient) const {
  if (!strain_) return longest_triple(gradient);
  moved_.assign(gradient.begin(), gradient.begin() + static_cast<std::ptrdiff_t>(atom_coordinates()));
  const Matrix3 back = inverse(deformation_);
  for (std::size_t k = 0; k < moved_.size(); k += 3) {
    const Vector3 force = transposed_product(back, {moved_[k], moved_[k + 1], moved_[k + 2]});
    std::copy(force.begin(), force.end(), moved_.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return longest_triple(moved_);
}

double FreeAtoms::largest_stress(std::span<const double> gradient) const {
  return strain_ ? strain_->largest_stress(gradient.subspan(atom_coordinates()), volume(atoms_.cell)) : 0.0;
}

}  // namespace adatom
