#include "potentials/gaussian_pairs.hpp"

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/shaping.hpp"
#include "potentials/pair_cutoff.hpp"
#include "potentials/pair_sums.hpp"

namespace adatom {
namespace {

PairLaw law_of(const GaussianPairsOptions& o) {
  return {.name = "Gaussian pair potential", .cutoff = o.cutoff, .closest = 1e-3};
}

}  // namespace

Tensor gaussian_sum(const Tensor& r, const Tensor& coefficients, const Tensor& centers, const Tensor& widths) {
  const Tensor z = (reshape(r, {-1, 1}) - centers) / widths;  // (P, K)
  return matmul(exp(-0.5 * square(z)), coefficients);
}

GaussianPairs::GaussianPairs(const std::vector<Gaussian>& gaussians, const GaussianPairsOptions& options)
    : options_(options) {
  const char* const name = "Gaussian pair potential";
  for (const Gaussian& g : gaussians) {
    require_finite(name, "coefficient", g.coefficient);
    require_finite(name, "center", g.center);
    require_positive(name, "width", g.width);
    coefficients_.push_back(g.coefficient);
    centers_.push_back(g.center);
    widths_.push_back(g.width);
    inverse_widths_.push_back(1.0 / g.width);
  }
  require_cutoff(name, options.onset, options.cutoff);
}

std::vector<Gaussian> GaussianPairs::gaussians() const {
  std::vector<Gaussian> all;
  for (std::size_t k = 0; k < centers_.size(); ++k) all.push_back({coefficients_[k], centers_[k], widths_[k]});
  return all;
}

Tensor GaussianPairs::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  const Shape shape{centers_.size()};
  const auto energy = [&](const Tensor& r) {
    return gaussian_sum(r, Tensor::constant(shape, coefficients_), Tensor::constant(shape, centers_),
                        Tensor::constant(shape, widths_)) *
           quintic_cutoff(r, options_.onset, options_.cutoff);
  };
  return pair_energies(law_of(options_), energy, atoms, positions, cell);
}

void GaussianPairs::compute(const Atoms& atoms, Want want, Prediction& result) const {
  const PairLaw law = law_of(options_);
  const kernels::GaussianTerms terms{.count = centers_.size(),
                                     .coefficients = coefficients_.data(),
                                     .centers = centers_.data(),
                                     .inverse_widths = inverse_widths_.data(),
                                     .cutoff = pair_cutoff(options_.onset, options_.cutoff)};
  const auto loop = kernels::pair_table().gaussians;
  sum_pairs(
      law,
      [&](std::size_t count, const double* displacements, kernels::PairSums& sums) {
        return loop(terms, law.closest * law.closest, count, displacements, sums);
      },
      atoms, want, result);
}

}  // namespace adatom
