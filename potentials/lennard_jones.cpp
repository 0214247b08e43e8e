#include "potentials/lennard_jones.hpp"

#include <cmath>
#include <limits>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/selection.hpp"
#include "core/error.hpp"
#include "potentials/lennard_jones_limits.hpp"
#include "potentials/pair_cutoff.hpp"
#include "potentials/pairs.hpp"

namespace adatom {
namespace {

/// u/4ε as a function of (σ/r)².
Tensor reduced_energy(const Tensor& s2) {
  const Tensor s6 = pow(s2, 3);
  return s6 * (s6 - 1.0);
}

/// f of LennardJonesCutoff::smooth as a function of q = r² < r_c².
Tensor smooth_cutoff(const Tensor& q, double onset, double cutoff) {
  const double o2 = onset * onset, c2 = cutoff * cutoff;
  const Tensor clipped = maximum(q, o2);  // below the onset f(r_o) = 1
  return square(c2 - clipped) * (2.0 * clipped + (c2 - 3.0 * o2)) * std::pow(c2 - o2, -3);
}

}  // namespace

LennardJones::LennardJones(const LennardJonesOptions& options) : options_(options) {
  constexpr const char* name = "Lennard-Jones";
  require_positive(name, "epsilon", options.epsilon);
  require_positive(name, "sigma", options.sigma);
  if (options.cutoff == 0.0) options_.cutoff = std::numeric_limits<double>::infinity();
  if (has_smooth_cutoff(options_) && options.onset == 0.0) options_.onset = 0.66 * options.cutoff;
  require_cutoff(name, has_smooth_cutoff(options_) ? options_.onset : 0.0, options_.cutoff);
}

Tensor LennardJones::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  require_computable(atoms, options_);
  const double sigma = options_.sigma, cutoff = options_.cutoff;
  if (std::isinf(cutoff)) validate(atoms);  // pairs_within does so itself
  const Pairs pairs = std::isinf(cutoff) ? all_pairs(positions) : pairs_within(atoms, cutoff, positions, cell);
  const Tensor q = squared_distances(pairs, closest_distance * sigma);
  Tensor u = reduced_energy(sigma * sigma / q);
  if (has_smooth_cutoff(options_)) u = u * smooth_cutoff(q, options_.onset, cutoff);
  if (has_shift(options_)) u = u - reduced_energy(std::pow(sigma / cutoff, 2)).item();
  return shared_equally(pairs, 4.0 * options_.epsilon * u);
}

void require_computable(const Atoms& atoms, const LennardJonesOptions& options) {
  if (atoms.positions.size() != atoms.numbers.size()) validate(atoms);
  const bool periodic = atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2];
  if (periodic && std::isinf(options.cutoff)) {
    throw InputError("Lennard-Jones: a periodic structure needs a cutoff; none was given");
  }
}

}  // namespace adatom
