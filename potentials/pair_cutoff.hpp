// What this file is: the smooth end of pair energies.
#pragma once

#include <cmath>
#include <string_view>

#include "autodiff/tensor.hpp"
#include "potentials/pair_kernel.hpp"

namespace adatom {

/// f(r): 1 up to the onset, 0 from the cutoff, 6s⁵ − 15s⁴ + 10s³ with s = (cutoff − r)/(cutoff − onset) between.
/// Energy, force and its slope are continuous. 1 everywhere for an infinite cutoff.
Tensor quintic_cutoff(const Tensor& r, double onset, double cutoff);

/// The same for kernels.
inline kernels::PairCutoff pair_cutoff(double onset, double cutoff) {
  if (std::isinf(cutoff)) return {};
  return {cutoff, 1.0 / (cutoff - onset)};
}

/// Throws InputError unless 0 ≤ onset < cutoff: "Morse: onset 3 Å must lie between 0 and the cutoff 2 Å". `potential`
/// is the name for messages.
void require_cutoff(std::string_view potential, double onset, double cutoff);
/// Throws InputError unless the value is finite and, if asked for, positive: "Morse: epsilon must be positive, found
/// -1".
void require_finite(std::string_view potential, std::string_view parameter, double value);
void require_positive(std::string_view potential, std::string_view parameter, double value);

}  // namespace adatom
