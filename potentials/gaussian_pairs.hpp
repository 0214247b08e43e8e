// What this file is: a pair potential expanded in Gaussians, a law of any shape for pair_potential.hpp. Fitted ones
// come from pair_model.hpp.
#pragma once

#include <limits>
#include <vector>

#include "potentials/pair_potential.hpp"

namespace adatom {

/// c exp(−(r − center)² / (2 width²))
struct Gaussian {
  double coefficient = 0.0;  ///< c, eV
  double center = 0.0;       ///< Å
  double width = 1.0;        ///< Å
};

struct GaussianPairsOptions {
  double onset = 0.0;                                       ///< Å, where the smooth cutoff begins
  double cutoff = std::numeric_limits<double>::infinity();  ///< Å, where it ends; infinite: none, free clusters only
};

/// u(r) = Σ_k c_k exp(−(r − r_k)²/(2 w_k²)) f(r) between any two atoms, f the quintic of pair_cutoff.hpp. energies()
/// and compute() throw InputError for a periodic structure without cutoff, and for atoms closer than 0.001 Å.
class GaussianPairs final : public PairPotential {
 public:
  /// Throws InputError for numbers that are not finite, widths that are not positive, and unless 0 ≤ onset < cutoff.
  explicit GaussianPairs(const std::vector<Gaussian>& gaussians, const GaussianPairsOptions& options = {});

  std::vector<Gaussian> gaussians() const;
  const GaussianPairsOptions& options() const { return options_; }

 private:
  PairLaw law() const override;
  Tensor pair_energy(const Tensor& r) const override;
  void set_law(kernels::PairTerms& terms) const override;

  std::vector<double> coefficients_, centers_, widths_, inverse_widths_;
  GaussianPairsOptions options_;
};

/// Σ_k c_k exp(−(r − r_k)²/(2 w_k²)) (P) for distances r (P) and coefficients, centers, widths (K).
Tensor gaussian_sum(const Tensor& r, const Tensor& coefficients, const Tensor& centers, const Tensor& widths);

}  // namespace adatom
