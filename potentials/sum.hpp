// What this file is: the sum of several potentials, itself a potential.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "potentials/potential.hpp"

namespace adatom {

/// E = Σ_k E_k. Copies share their terms, which never change.
///
///   const Sum ions(Coulomb({1, -1}), GaussianPairs({{.coefficient = 50, .center = 0, .width = 0.8}}));
class Sum final : public Potential {
 public:
  /// Of potentials by value.
  template <std::derived_from<Potential>... Terms>
  requires(sizeof...(Terms) > 1) explicit Sum(Terms... terms)
      : Sum(std::vector<Term>{std::make_shared<const Terms>(std::move(terms))...}) {}
  /// Of potentials that others may use too. No terms: E = 0. Throws InputError for a null pointer.
  using Term = std::shared_ptr<const Potential>;
  explicit Sum(std::vector<Term> terms);

  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override;
  void compute(const Atoms& atoms, Want want, Prediction& result) const override;
  using Potential::compute;
  /// Keeps the lists that its terms' evaluators keep, one for each term.
  std::unique_ptr<Evaluator> evaluator(const Reuse& reuse = {}) const override;

  const std::vector<Term>& terms() const { return terms_; }

 private:
  std::vector<Term> terms_;
};

}  // namespace adatom
