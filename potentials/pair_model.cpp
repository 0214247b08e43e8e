#include "potentials/pair_model.hpp"

#include <cmath>
#include <map>
#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "core/error.hpp"
#include "potentials/gaussian_pairs.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/morse.hpp"
#include "potentials/pair_cutoff.hpp"
#include "potentials/pair_potential.hpp"

namespace adatom {
namespace {

Tensor number(double value) { return Tensor::variable({}, {value}); }

const char* name_of(const PairTerm& term) {
  constexpr const char* names[] = {"lennard_jones", "morse", "gaussians"};
  return names[term.index()];
}

/// One term with its present numbers.
struct Fixed {
  const PairModelOptions& options;

  Sum::Term operator()(const TrainableLennardJones& t) const {
    if (!std::isinf(options.cutoff)) {
      throw InputError("a Lennard-Jones term with the quintic cutoff has no fixed twin; use the model itself");
    }
    return std::make_shared<const LennardJones>(
        LennardJonesOptions{.epsilon = t.epsilon.item(), .sigma = t.sigma.item()});
  }
  Sum::Term operator()(const TrainableMorse& t) const {
    const double r0 = t.minimum.item();
    return std::make_shared<const Morse>(MorseOptions{.epsilon = t.depth.item(),
                                                      .rho0 = t.steepness.item() * r0,
                                                      .r0 = r0,
                                                      .rcut1 = options.onset / r0,
                                                      .rcut2 = options.cutoff / r0});
  }
  Sum::Term operator()(const TrainableGaussians& t) const {
    std::vector<Gaussian> gaussians;
    for (std::size_t k = 0; k < t.coefficients.size(); ++k) {
      gaussians.push_back({t.coefficients.values()[k], t.centers.values()[k], std::abs(t.widths.values()[k])});
    }
    return std::make_shared<const GaussianPairs>(
        gaussians, GaussianPairsOptions{.onset = options.onset, .cutoff = options.cutoff});
  }
};

}  // namespace

std::vector<double> linspaced(double first, double last, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t k = 0; k < count; ++k) {
    values[k] = k == 0 ? first : first + (last - first) * static_cast<double>(k) / static_cast<double>(count - 1);
  }
  return values;
}

TrainableLennardJones::TrainableLennardJones(double epsilon_, double sigma_)
    : epsilon(number(epsilon_)), sigma(number(sigma_)) {
  require_positive("trainable Lennard-Jones", "epsilon", epsilon_);
  require_positive("trainable Lennard-Jones", "sigma", sigma_);
}

Tensor TrainableLennardJones::operator()(const Tensor& r) const {
  const Tensor s6 = pow(sigma / r, 6);
  return 4.0 * epsilon * (s6 * (s6 - 1.0));
}

Parameters TrainableLennardJones::parameters() const { return {{"epsilon", epsilon}, {"sigma", sigma}}; }

TrainableMorse::TrainableMorse(double depth_, double steepness_, double minimum_)
    : depth(number(depth_)), steepness(number(steepness_)), minimum(number(minimum_)) {
  require_positive("trainable Morse", "depth", depth_);
  require_positive("trainable Morse", "steepness", steepness_);
  require_positive("trainable Morse", "minimum", minimum_);
}

Tensor TrainableMorse::operator()(const Tensor& r) const {
  const Tensor x = exp(steepness * (minimum - r));
  return depth * (x * (x - 2.0));
}

Parameters TrainableMorse::parameters() const {
  return {{"depth", depth}, {"steepness", steepness}, {"minimum", minimum}};
}

TrainableGaussians::TrainableGaussians(std::span<const double> centers_, double width, bool shapes_) : shapes(shapes_) {
  require_positive("trainable Gaussians", "width", width);
  for (const double center : centers_) require_finite("trainable Gaussians", "center", center);
  const Shape shape{centers_.size()};
  const std::vector<double> zeros(centers_.size(), 0.0), equal(centers_.size(), width);
  coefficients = Tensor::variable(shape, zeros);
  centers = shapes ? Tensor::variable(shape, centers_) : Tensor::constant(shape, centers_);
  widths = shapes ? Tensor::variable(shape, equal) : Tensor::constant(shape, equal);
}

Tensor TrainableGaussians::operator()(const Tensor& r) const { return gaussian_sum(r, coefficients, centers, widths); }

Parameters TrainableGaussians::parameters() const {
  if (!shapes) return {{"coefficients", coefficients}};
  return {{"coefficients", coefficients}, {"centers", centers}, {"widths", widths}};
}

PairModel::PairModel(std::vector<PairTerm> terms, const PairModelOptions& options)
    : terms_(std::move(terms)), options_(options) {
  if (terms_.empty()) throw InputError("pair model: there are no terms");
  require_cutoff("pair model", options.onset, options.cutoff);
}

Tensor PairModel::pair_energy(const Tensor& r) const {
  Tensor u;
  for (const PairTerm& term : terms_) {
    const Tensor part = std::visit([&](const auto& law) { return law(r); }, term);
    u = u ? u + part : part;
  }
  return std::isinf(options_.cutoff) ? u : u * quintic_cutoff(r, options_.onset, options_.cutoff);
}

Parameters PairModel::parameters() const {
  Parameters all;
  std::map<std::string, int> met;
  for (const PairTerm& term : terms_) {
    const std::string name = name_of(term);
    const int before = met[name]++;
    const std::string prefix = name + (before > 0 ? std::to_string(before + 1) : "") + ".";
    append(all, prefixed(prefix, std::visit([](const auto& law) { return law.parameters(); }, term)));
  }
  return all;
}

Tensor PairModel::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  const PairLaw law{.name = "pair model", .cutoff = options_.cutoff, .closest = 1e-3};
  return pair_energies(
      law, [this](const Tensor& r) { return pair_energy(r); }, atoms, positions, cell);
}

Sum fixed(const PairModel& model) {
  std::vector<Sum::Term> terms;
  for (const PairTerm& term : model.terms()) terms.push_back(std::visit(Fixed{model.options()}, term));
  return Sum(std::move(terms));
}

}  // namespace adatom
