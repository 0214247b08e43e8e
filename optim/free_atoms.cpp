#include "optim/free_atoms.hpp"

#include <limits>

#include "core/error.hpp"

namespace adatom {

FreeAtoms::FreeAtoms(const Atoms& atoms, const Potential& potential, std::span<const std::size_t> fixed)
    : potential_(potential), atoms_(atoms) {
  validate(atoms);
  std::vector<bool> is_fixed(atoms.size(), false);
  for (const std::size_t i : fixed) {
    if (i >= atoms.size()) {
      throw InputError("fixed atom " + std::to_string(i) + " does not exist: the structure has " +
                       std::to_string(atoms.size()) + " atoms, counted from 0");
    }
    if (is_fixed[i]) throw InputError("fixed atom " + std::to_string(i) + " is named twice");
    is_fixed[i] = true;
  }
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    if (!is_fixed[i]) indices_.push_back(i);
  }
  if (indices_.empty()) {
    throw InputError(atoms.size() == 0 ? "nothing to relax: the structure has no atoms"
                                       : "nothing to relax: all " + std::to_string(atoms.size()) + " atoms are fixed");
  }
  objective_ = [this](std::span<const double> x, std::span<double> gradient) { return evaluate(x, gradient); };
}

void FreeAtoms::read(const Atoms& atoms, std::vector<double>& x) const {
  x.clear();
  for (const std::size_t i : indices_) x.insert(x.end(), atoms.positions[i].begin(), atoms.positions[i].end());
}

void FreeAtoms::write(std::span<const double> x, Atoms& atoms) const {
  for (std::size_t n = 0; n < indices_.size(); ++n) {
    atoms.positions[indices_[n]] = {x[3 * n], x[3 * n + 1], x[3 * n + 2]};
  }
}

void FreeAtoms::require_computable(const Atoms& atoms) { potential_.compute(atoms, {}, prediction_); }

double FreeAtoms::evaluate(std::span<const double> x, std::span<double> gradient) {
  write(x, atoms_);
  try {
    potential_.compute(atoms_, {}, prediction_);
  } catch (const InputError&) {
    return std::numeric_limits<double>::infinity();
  }
  for (std::size_t n = 0; n < indices_.size(); ++n) {
    const Vector3& force = prediction_.forces[indices_[n]];
    for (std::size_t k = 0; k < 3; ++k) gradient[3 * n + k] = -force[k];
  }
  return prediction_.energy;
}

}  // namespace adatom
