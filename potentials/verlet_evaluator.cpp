#include "potentials/verlet_evaluator.hpp"

namespace adatom {

VerletEvaluator::VerletEvaluator(const Potential& potential, double cutoff, const Reuse& reuse, std::size_t few)
    : potential_(potential), list_(cutoff, reuse.skin == 0.0 ? 0.12 * cutoff : reuse.skin, reuse.every), few_(few) {}

void VerletEvaluator::compute(const Atoms& atoms, Want want, Prediction& result) {
  if (atoms.positions.size() != atoms.numbers.size()) validate(atoms);
  const bool periodic = atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2];
  if ((periodic || atoms.size() > few_) && list_.update(atoms)) {
    if (list_.uses() == 1 || restored_) prepare(atoms);
    restored_ = false;
    if (compute_listed(atoms, want, result)) return;
  }
  potential_.compute(atoms, want, result);
}

void VerletEvaluator::restore(const Atoms& atoms, const Memory& memory) {
  list_.restore(atoms, memory.positions, memory.uses);
  restored_ = true;
}

}  // namespace adatom
