#include "potentials/sum.hpp"

#include "autodiff/arithmetic.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

void start(const Atoms& atoms, Want want, Prediction& total) {
  total.energy = 0.0;
  total.forces.assign(want.forces ? atoms.size() : 0, Vector3{});
  total.energies.assign(want.energies ? atoms.size() : 0, 0.0);
  total.stress.reset();
  if (want.stress) {
    volume_for_stress(atoms);
    total.stress.emplace();
  }
}

void add(const Prediction& part, Prediction& total) {
  total.energy += part.energy;
  for (std::size_t i = 0; i < total.forces.size(); ++i) total.forces[i] += part.forces[i];
  for (std::size_t i = 0; i < total.energies.size(); ++i) total.energies[i] += part.energies[i];
  for (std::size_t k = 0; total.stress && k < 6; ++k) (*total.stress)[k] += (*part.stress)[k];
}

/// The terms' evaluators side by side.
class SumEvaluator final : public Evaluator {
 public:
  SumEvaluator(const Sum& sum, const Reuse& reuse) {
    for (const Sum::Term& term : sum.terms()) evaluators_.push_back(term->evaluator(reuse));
  }

  void compute(const Atoms& atoms, Want want, Prediction& result) override {
    start(atoms, want, result);
    for (const std::unique_ptr<Evaluator>& evaluator : evaluators_) {
      evaluator->compute(atoms, want, part_);
      add(part_, result);
    }
  }

  Memory memory() const override {
    Memory memory;
    for (const std::unique_ptr<Evaluator>& evaluator : evaluators_) memory.terms.push_back(evaluator->memory());
    return memory;
  }

  void restore(const Atoms& atoms, const Memory& memory) override {
    // A run that has not begun yet, or was saved with another potential, remembers nothing of the terms.
    for (std::size_t k = 0; k < evaluators_.size() && k < memory.terms.size(); ++k) {
      evaluators_[k]->restore(atoms, memory.terms[k]);
    }
  }

 private:
  std::vector<std::unique_ptr<Evaluator>> evaluators_;
  Prediction part_;  // memory that is used again
};

}  // namespace

Sum::Sum(std::vector<Term> terms) : terms_(std::move(terms)) {
  for (const Term& term : terms_) {
    if (term == nullptr) throw InputError("Sum: a term is missing (null)");
  }
}

Tensor Sum::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  Tensor total = Tensor::zeros({atoms.size()});
  for (const Term& term : terms_) total = total + term->energies(atoms, positions, cell);
  return total;
}

void Sum::compute(const Atoms& atoms, Want want, Prediction& result) const {
  start(atoms, want, result);
  Prediction part;
  for (const Term& term : terms_) {
    term->compute(atoms, want, part);
    add(part, result);
  }
}

std::unique_ptr<Evaluator> Sum::evaluator(const Reuse& reuse) const {
  return std::make_unique<SumEvaluator>(*this, reuse);
}

}  // namespace adatom
