#include "potentials/emt.hpp"

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/selection.hpp"
#include "potentials/emt_parameters.hpp"
#include "potentials/pairs.hpp"

namespace adatom {
namespace {

/// One parameter of each atom's element (N), a constant.
Tensor column(const std::vector<std::uint32_t>& kinds, double EmtElement::*parameter) {
  Buffer values(kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) values[i] = emt_elements()[kinds[i]].*parameter;
  return Tensor::constant({kinds.size()}, values);
}

}  // namespace

Tensor Emt::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  const std::vector<std::uint32_t> kinds = emt_kinds(atoms.numbers);
  const Pairs pairs = pairs_within(atoms, cutoff(), positions, cell);
  const std::size_t n = pairs.atoms;
  const Tensor r = sqrt(squared_distances(pairs, emt_closest));
  const Tensor theta = sigmoid(emt_cutoff().steepness * (emt_cutoff().radius - r));

  const Tensor E0 = column(kinds, &EmtElement::E0), s0 = column(kinds, &EmtElement::s0);
  const Tensor V0 = column(kinds, &EmtElement::V0), n0 = column(kinds, &EmtElement::n0);
  const Tensor eta2 = column(kinds, &EmtElement::eta2), kappa = column(kinds, &EmtElement::kappa);
  const Tensor lambda = column(kinds, &EmtElement::lambda);
  const Tensor gamma1 = column(kinds, &EmtElement::gamma1), gamma2 = column(kinds, &EmtElement::gamma2);

  // What atoms `j` contribute to the density at the other atom of each pair, and to its pair energy (P).
  const auto density_of = [&](const Indices& j) {
    return gather(n0, j) * exp(gather(eta2, j) * (emt_beta * gather(s0, j) - r)) * theta;
  };
  const auto overlap_of = [&](const Indices& j) {
    return gather(n0, j) * exp(gather(kappa, j) * (gather(s0, j) - r / emt_beta)) * theta;
  };

  // Neutral spheres (N). Those of isolated atoms are infinitely large; 12 stands for their σ = 0, so that no logarithm
  // fails.
  const Tensor density =
      segment_sum(density_of(pairs.second), pairs.first, n) + segment_sum(density_of(pairs.first), pairs.second, n);
  const Tensor sigma = where(density.detach(), density / (n0 * gamma1), Tensor(12.0));
  const Tensor ds = -log(sigma / 12.0) / (emt_beta * eta2);
  const Tensor bound = E0 * ((1.0 + lambda * ds) * exp(-lambda * ds) - 1.0);
  const Tensor crystal = where(density.detach(), bound + 6.0 * V0 * exp(-kappa * ds), -E0);

  // Pair energies (P).
  const Tensor depth = V0 / (n0 * gamma2);
  const Tensor pair = 0.5 * (gather(depth, pairs.first) * overlap_of(pairs.second) +
                             gather(depth, pairs.second) * overlap_of(pairs.first));
  return crystal - shared_equally(pairs, pair);
}

}  // namespace adatom
