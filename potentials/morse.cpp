#include "potentials/morse.hpp"

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "potentials/pair_cutoff.hpp"

namespace adatom {
Morse::Morse(const MorseOptions& options) : options_(options) {
  require_positive("Morse", "epsilon", options.epsilon);
  require_positive("Morse", "rho0", options.rho0);
  require_positive("Morse", "r0", options.r0);
  require_cutoff("Morse", options.rcut1 * options.r0, options.rcut2 * options.r0);
}

PairLaw Morse::law() const {
  return {.name = "Morse", .cutoff = options_.rcut2 * options_.r0, .closest = 1e-3 * options_.r0};
}

Tensor Morse::pair_energy(const Tensor& r) const {
  const MorseOptions& o = options_;
  const Tensor x = exp(o.rho0 * (1.0 - r / o.r0));
  return o.epsilon * x * (x - 2.0) * quintic_cutoff(r, o.rcut1 * o.r0, o.rcut2 * o.r0);
}

void Morse::set_law(kernels::PairTerms& terms) const {
  const MorseOptions& o = options_;
  terms.kind = kernels::PairTerms::Kind::morse;
  terms.morse = {.epsilon = o.epsilon,
                 .steepness = o.rho0 / o.r0,
                 .minimum = o.r0,
                 .cutoff = pair_cutoff(o.rcut1 * o.r0, o.rcut2 * o.r0)};
}

}  // namespace adatom
