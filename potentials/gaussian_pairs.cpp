#include "potentials/gaussian_pairs.hpp"

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/shaping.hpp"
#include "potentials/pair_cutoff.hpp"

namespace adatom {
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

PairLaw GaussianPairs::law() const {
  return {.name = "Gaussian pair potential", .cutoff = options_.cutoff, .closest = 1e-3};
}

Tensor GaussianPairs::pair_energy(const Tensor& r) const {
  const Shape shape{centers_.size()};
  return gaussian_sum(r, Tensor::constant(shape, coefficients_), Tensor::constant(shape, centers_),
                      Tensor::constant(shape, widths_)) *
         quintic_cutoff(r, options_.onset, options_.cutoff);
}

void GaussianPairs::set_law(kernels::PairTerms& terms) const {
  terms.kind = kernels::PairTerms::Kind::gaussians;
  terms.gaussians = {.count = centers_.size(),
                     .coefficients = coefficients_.data(),
                     .centers = centers_.data(),
                     .inverse_widths = inverse_widths_.data(),
                     .cutoff = pair_cutoff(options_.onset, options_.cutoff)};
}

}  // namespace adatom
