// What this file is: the inner loops of Morse and Gaussian pair potentials, compiled once per instruction set (see
// adatom_add_kernel in cmake/AdatomLibrary.cmake). The interface stands in pair_kernel.hpp.
#include "potentials/pair_kernel.hpp"

#include "autodiff/kernels/elementary.hpp"
#include "autodiff/kernels/shuffle.hpp"
#include "potentials/neighbor_vectors.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

/// A function of r and its slope.
struct Curve {
  Vector value, slope;
};

/// u f.
inline Curve cut(const PairCutoff& c, Vector r, Curve u) {
  const Vector s = at_most(1.0, at_least(0.0, (c.cutoff - r) * c.inverse_width));
  const Vector f = s * s * s * (10.0 + s * (6.0 * s - 15.0));
  const Vector df = (-30.0 * c.inverse_width) * (s * s) * ((1.0 - s) * (1.0 - s));
  return {u.value * f, u.slope * f + u.value * df};
}

inline Curve law(const MorseTerms& t, Vector r) {
  const Vector x = exp(t.steepness * (t.minimum - r));
  return {t.epsilon * x * (x - 2.0), (-2.0 * t.epsilon * t.steepness) * x * (x - 1.0)};
}

inline Curve law(const GaussianTerms& t, Vector r) {
  Curve u = {};
  for (Size k = 0; k < t.count; ++k) {
    const Vector z = (r - t.centers[k]) * t.inverse_widths[k];
    const Vector g = t.coefficients[k] * exp(-0.5 * z * z);
    u.value += g;
    u.slope -= g * z * t.inverse_widths[k];
  }
  return u;
}

template <bool dilations, class Law, class Neighbors>
bool walk(const PairTerms& terms, const Law& of, const Neighbors& near, PairSums& sums) {
  constexpr Size rows = 16, wanted = dilations ? 10 : 4;
  static_assert(sizeof(PairSums) == rows * sizeof(double) && rows % lanes == 0);
  Vector sum[rows] = {};  // in the order of PairSums
  Integers too_close = {};
  for (Size n = 0; n < near.count; n += lanes) {
    const Displacements d = displacements_at(near, n);
    const Vector q = d.x * d.x + d.y * d.y + d.z * d.z;
    const Integers absent = absent_at(near, n, q, terms.cutoff2);
    const Integers close = (Integers)(q < splat(terms.closest2)) & ~absent;
    too_close |= close;
    // Absent neighbours stand at 1 Å; their energy and pull are left out.
    const Vector r = square_root(choose(absent | close, splat(1.0), q));
    const Curve u = cut(of.cutoff, r, law(of, r));
    const Vector pull = choose(absent, Vector{}, u.slope / r);
    sum[0] += choose(absent, Vector{}, u.value);
    const Vector px = pull * d.x, py = pull * d.y, pz = pull * d.z;
    sum[1] += px, sum[2] += py, sum[3] += pz;
    if constexpr (dilations) {
      sum[4] += px * d.x, sum[5] += py * d.y, sum[6] += pz * d.z;
      sum[7] += py * d.z, sum[8] += px * d.z, sum[9] += px * d.y;
    }
  }
  double* const out = &sums.energy;
  for (Size first = 0; first < wanted; first += lanes) {
    Vector part[lanes];
    for (Size k = 0; k < lanes; ++k) part[k] = sum[first + k];
    store(out + first, sum_each(part));
  }
  return any(too_close);
}

template <class Law, class Neighbors>
bool choose_sums(const PairTerms& terms, const Law& of, const Neighbors& near, bool dilations, PairSums& sums) {
  return dilations ? walk<true>(terms, of, near, sums) : walk<false>(terms, of, near, sums);
}

template <class Neighbors>
bool choose_law(const PairTerms& terms, const Neighbors& near, bool dilations, PairSums& sums) {
  return terms.kind == PairTerms::Kind::morse ? choose_sums(terms, terms.morse, near, dilations, sums)
                                              : choose_sums(terms, terms.gaussians, near, dilations, sums);
}

}  // namespace

extern const PairTable pairs;
const PairTable pairs = {choose_law<ListedNeighbors>, choose_law<PlacedNeighbors>};

}  // namespace adatom::kernels::ADATOM_LEVEL
