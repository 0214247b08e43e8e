// What this file is: pair potentials whose parameters can be trained: a sum of terms (Lennard-Jones, Morse, Gaussians),
// each a function of the distance with tensors for parameters. They are fitted by pair_fit.hpp. Their fast twins with
// fixed numbers are lennard_jones.hpp, morse.hpp and gaussian_pairs.hpp; see fixed().
//
//   PairModel model({TrainableLennardJones(1.0, 1.0), TrainableGaussians(linspaced(0.8, 3.0, 12), 0.25)});
//   fit(model, clusters, {.epochs = 500});
//   const Prediction p = model.compute(atoms);
#pragma once

#include <limits>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "nn/parameters.hpp"
#include "potentials/potential.hpp"
#include "potentials/sum.hpp"

namespace adatom {

/// Number of equally spaced values from `first` to `last`.
std::vector<double> linspaced(double first, double last, std::size_t count);

/// u(r) = 4ε [(σ/r)¹² − (σ/r)⁶]
struct TrainableLennardJones {
  TrainableLennardJones(double epsilon, double sigma);
  Tensor operator()(const Tensor& r) const;  ///< (P) → (P), Å → eV
  Parameters parameters() const;
  Tensor epsilon, sigma;  ///< (): eV, Å
};

/// u(r) = D x (x − 2), x = exp(−a (r − r0))
struct TrainableMorse {
  TrainableMorse(double depth, double steepness, double minimum);
  Tensor operator()(const Tensor& r) const;
  Parameters parameters() const;
  Tensor depth, steepness, minimum;  ///< (): eV, 1/Å, Å
};

/// u(r) = Σ_k c_k exp(−(r − r_k)²/(2 w_k²)). The coefficients begin at zero: such a term changes nothing at first.
struct TrainableGaussians {
  /// All Gaussians as wide as `width`, Å. `shapes` makes centres and widths trainable too.
  TrainableGaussians(std::span<const double> centers, double width, bool shapes = false);
  Tensor operator()(const Tensor& r) const;
  Parameters parameters() const;
  Tensor coefficients, centers, widths;  ///< (K): eV, Å, Å
  bool shapes = false;
};

using PairTerm = std::variant<TrainableLennardJones, TrainableMorse, TrainableGaussians>;

struct PairModelOptions {
  double onset = 0.0;                                       ///< Å, where the smooth cutoff of pair_cutoff.hpp begins
  double cutoff = std::numeric_limits<double>::infinity();  ///< Å, where it ends; infinite: none, free clusters only
};

/// u(r) = Σ terms · f(r) between any two atoms, whatever their elements. Copies share their parameters, as layers do.
/// energies() and compute() throw like those of Morse; atoms closer than 0.001 Å are refused.
class PairModel final : public Potential {
 public:
  /// Throws InputError for no terms and unless 0 ≤ onset < cutoff.
  explicit PairModel(std::vector<PairTerm> terms, const PairModelOptions& options = {});

  /// u of distances (P), Å: eV (P), differentiable in r and in the parameters.
  Tensor pair_energy(const Tensor& r) const;
  /// "lennard_jones.epsilon", …, in the order of the terms; a second term of a kind has names "lennard_jones2.…".
  Parameters parameters() const;

  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const override;
  using Potential::compute;

  const std::vector<PairTerm>& terms() const { return terms_; }
  const PairModelOptions& options() const { return options_; }

 private:
  std::vector<PairTerm> terms_;
  PairModelOptions options_;
};

/// The same law with the present numbers, as the fused potentials. Throws InputError for a model with a cutoff and a
/// Lennard-Jones term (whose fused twin has another cutoff function), and for parameters those refuse (ε < 0, say).
Sum fixed(const PairModel& model);

}  // namespace adatom
