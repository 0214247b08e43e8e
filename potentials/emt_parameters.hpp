// What this file is: the parameters of EMT, shared by its composed and its fused twin. Internal to emt*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "atoms/atoms.hpp"

namespace adatom {

/// Atoms closer than this (Å) are refused: where they coincide the direction of the force is not defined.
constexpr double emt_closest = 1e-3;
/// Ratio of the nearest-neighbour distance of an fcc crystal to the radius s0 of its neutral spheres, as ASE rounds it.
constexpr double emt_beta = 1.809;

/// One element, in Å and eV (the tables of the literature are in bohr).
struct EmtElement {
  int number = 0;
  double E0, s0, V0, eta2, kappa, lambda, n0;
  double gamma1, gamma2;  ///< what σ/12 and the pair energy of an atom of the perfect crystal have to be divided by
};

/// θ(r) = 1/(1 + exp(steepness (r − radius))), one for all elements.
struct EmtCutoff {
  double radius;     ///< r_c, Å
  double steepness;  ///< a, 1/Å
};
const EmtCutoff& emt_cutoff();

/// All elements EMT knows.
std::span<const EmtElement> emt_elements();

/// The element of each atom as an index into emt_elements(). Throws InputError for the first unknown one.
std::vector<std::uint32_t> emt_kinds(std::span<const int> numbers);

/// E_i of an atom at density σ, and dE_i/dσ; −E0 and 0 for σ = 0.
struct EmtEmbedding {
  double energy, slope;
};
EmtEmbedding emt_embedding(const EmtElement& element, double sigma);

}  // namespace adatom
