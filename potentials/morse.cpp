#include "potentials/morse.hpp"

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "potentials/pair_cutoff.hpp"
#include "potentials/pair_sums.hpp"

namespace adatom {
namespace {

PairLaw law_of(const MorseOptions& o) { return {.name = "Morse", .cutoff = o.rcut2 * o.r0, .closest = 1e-3 * o.r0}; }

}  // namespace

Morse::Morse(const MorseOptions& options) : options_(options) {
  require_positive("Morse", "epsilon", options.epsilon);
  require_positive("Morse", "rho0", options.rho0);
  require_positive("Morse", "r0", options.r0);
  require_cutoff("Morse", options.rcut1 * options.r0, options.rcut2 * options.r0);
}

Tensor Morse::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  const MorseOptions& o = options_;
  const auto energy = [&o](const Tensor& r) {
    const Tensor x = exp(o.rho0 * (1.0 - r / o.r0));
    return o.epsilon * x * (x - 2.0) * quintic_cutoff(r, o.rcut1 * o.r0, o.rcut2 * o.r0);
  };
  return pair_energies(law_of(o), energy, atoms, positions, cell);
}

void Morse::compute(const Atoms& atoms, Want want, Prediction& result) const {
  const MorseOptions& o = options_;
  const PairLaw law = law_of(o);
  const kernels::MorseTerms terms{.epsilon = o.epsilon,
                                  .steepness = o.rho0 / o.r0,
                                  .minimum = o.r0,
                                  .cutoff = pair_cutoff(o.rcut1 * o.r0, o.rcut2 * o.r0)};
  const auto loop = kernels::pair_table().morse;
  sum_pairs(
      law,
      [&](std::size_t count, const double* displacements, kernels::PairSums& sums) {
        return loop(terms, law.closest * law.closest, count, displacements, sums);
      },
      atoms, want, result);
}

}  // namespace adatom
