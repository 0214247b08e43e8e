// What this file is: the inner loops of EMT, compiled once per instruction set (see adatom_add_kernel in
// cmake/AdatomLibrary.cmake). The interface stands in emt_kernel.hpp.
#include "potentials/emt_kernel.hpp"

#include "autodiff/kernels/elementary.hpp"
#include "autodiff/kernels/shuffle.hpp"
#include "potentials/neighbor_vectors.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

/// A quantity and its slope along r.
struct Tail {
  Vector value, slope;
};

/// exp(start − decay r) θ(r).
inline Tail tail(Vector start, Vector decay, Vector r, Vector theta, Vector theta_slope) {
  const Vector e = exp(start - decay * r);
  return {e * theta, e * (theta_slope - decay * theta)};
}

/// σ_i, σ_j and y_ij + y_ji of the pairs of a vector.
struct Pairs {
  Tail sigma, sigma_of_neighbor, pair;
};

/// All atoms of one kind.
inline Pairs interact_alike(const EmtTerms& t, Vector r, Vector theta, Vector theta_slope) {
  const Tail density = tail(splat(t.density_start[0]), splat(t.density_decay[0]), r, theta, theta_slope);
  const Tail overlap = tail(splat(t.overlap_start[0]), splat(t.overlap_decay[0]), r, theta, theta_slope);
  Pairs p;
  p.sigma = {t.density_weight[0][0] * density.value, t.density_weight[0][0] * density.slope};
  p.sigma_of_neighbor = p.sigma;
  const double twice = 2.0 * t.overlap_weight[0][0];
  p.pair = {twice * overlap.value, twice * overlap.slope};
  return p;
}

/// An atom of kind i, neighbours of kinds j.
inline Pairs interact_mixed(const EmtTerms& t, Size i, const Size (&j)[lanes], Vector r, Vector theta,
                            Vector theta_slope) {
  Vector density_start, density_decay, overlap_start, overlap_decay, sigma_ij, sigma_ji, y_ij, y_ji;
  for (Size k = 0; k < lanes; ++k) {
    density_start[k] = t.density_start[j[k]], density_decay[k] = t.density_decay[j[k]];
    overlap_start[k] = t.overlap_start[j[k]], overlap_decay[k] = t.overlap_decay[j[k]];
    sigma_ij[k] = t.density_weight[i][j[k]], sigma_ji[k] = t.density_weight[j[k]][i];
    y_ij[k] = t.overlap_weight[i][j[k]], y_ji[k] = t.overlap_weight[j[k]][i];
  }
  const Tail density_j = tail(density_start, density_decay, r, theta, theta_slope);
  const Tail density_i = tail(splat(t.density_start[i]), splat(t.density_decay[i]), r, theta, theta_slope);
  const Tail overlap_j = tail(overlap_start, overlap_decay, r, theta, theta_slope);
  const Tail overlap_i = tail(splat(t.overlap_start[i]), splat(t.overlap_decay[i]), r, theta, theta_slope);
  Pairs p;
  p.sigma = {sigma_ij * density_j.value, sigma_ij * density_j.slope};
  p.sigma_of_neighbor = {sigma_ji * density_i.value, sigma_ji * density_i.slope};
  p.pair = {y_ij * overlap_j.value + y_ji * overlap_i.value, y_ij * overlap_j.slope + y_ji * overlap_i.slope};
  return p;
}

template <bool mixed, bool dilations, class Neighbors>
bool walk(const EmtTerms& terms, Size kind, const Neighbors& near, const std::uint32_t* kinds, double* pulls,
          EmtSums& sums) {
  constexpr Size rows = 24, wanted = dilations ? 20 : 8;
  static_assert(sizeof(EmtSums) == rows * sizeof(double) && rows % lanes == 0);
  Vector sum[rows] = {};  // in the order of EmtSums
  Integers too_close = {};
  for (Size n = 0; n < near.count; n += lanes) {
    const Size filled = filled_at(near.count, n);
    const Displacements d = displacements_at(near, n);
    Vector q = d.x * d.x + d.y * d.y + d.z * d.z;
    const Integers absent = absent_at(near, n, q, terms.cutoff2);
    q = choose(absent, splat(terms.cutoff2), q);
    too_close |= (Integers)(q < splat(terms.closest2));
    const Vector r = square_root(q);
    const Vector rise = exp(terms.steepness * (r - terms.radius));
    // Everything has the factor θ or θ′, so that nothing comes from absent neighbours.
    const Vector theta = choose(absent, Vector{}, 1.0 / (1.0 + rise));
    const Vector theta_slope = -terms.steepness * rise * theta * theta;
    Pairs p;
    if constexpr (mixed) {
      Size j[lanes] = {};
      for (Size k = 0; k < filled; ++k) j[k] = kinds[index_at(near, n, k)];
      p = interact_mixed(terms, kind, j, r, theta, theta_slope);
    } else {
      p = interact_alike(terms, r, theta, theta_slope);
    }
    const Vector inverse = 1.0 / r;
    const Vector pull = p.sigma.slope * inverse, pull_of_pair = p.pair.slope * inverse;
    if (filled < lanes) {
      store(pulls + n, p.sigma_of_neighbor.slope * inverse, filled);
    } else {
      store(pulls + n, p.sigma_of_neighbor.slope * inverse);
    }
    sum[0] += p.sigma.value, sum[1] += p.pair.value;
    const Vector sx = pull * d.x, sy = pull * d.y, sz = pull * d.z;
    const Vector px = pull_of_pair * d.x, py = pull_of_pair * d.y, pz = pull_of_pair * d.z;
    sum[2] += sx, sum[3] += sy, sum[4] += sz;
    sum[5] += px, sum[6] += py, sum[7] += pz;
    if constexpr (dilations) {
      sum[8] += sx * d.x, sum[9] += sy * d.y, sum[10] += sz * d.z;
      sum[11] += sy * d.z, sum[12] += sx * d.z, sum[13] += sx * d.y;
      sum[14] += px * d.x, sum[15] += py * d.y, sum[16] += pz * d.z;
      sum[17] += py * d.z, sum[18] += px * d.z, sum[19] += px * d.y;
    }
  }
  double* const out = &sums.sigma;
  for (Size first = 0; first < wanted; first += lanes) {
    Vector part[lanes];
    for (Size k = 0; k < lanes; ++k) part[k] = sum[first + k];
    store(out + first, sum_each(part));
  }
  return any(too_close);
}

template <class Neighbors>
bool choose_walk(const EmtTerms& terms, std::uint32_t kind, const Neighbors& near, const std::uint32_t* kinds,
                 bool dilations, double* pulls, EmtSums& sums) {
  if (terms.kinds == 1) {
    return dilations ? walk<false, true>(terms, kind, near, kinds, pulls, sums)
                     : walk<false, false>(terms, kind, near, kinds, pulls, sums);
  }
  return dilations ? walk<true, true>(terms, kind, near, kinds, pulls, sums)
                   : walk<true, false>(terms, kind, near, kinds, pulls, sums);
}

template <class Neighbors>
void add_pulls(const Neighbors& near, const double* pulls, const double* slopes, double* force) {
  Vector fx = {}, fy = {}, fz = {};
  for (Size n = 0; n < near.count; n += lanes) {
    const Size filled = filled_at(near.count, n);
    const Displacements d = displacements_at(near, n);
    Vector slope = {};
    for (Size k = 0; k < filled; ++k) slope[k] = slopes[index_at(near, n, k)];
    const Vector pull = slope * (filled < lanes ? load(pulls + n, filled) : load(pulls + n));
    fx += pull * d.x, fy += pull * d.y, fz += pull * d.z;
  }
  force[0] += sum_lanes(fx), force[1] += sum_lanes(fy), force[2] += sum_lanes(fz);
}

}  // namespace

extern const EmtTable emt;
const EmtTable emt = {choose_walk<ListedNeighbors>, choose_walk<PlacedNeighbors>, add_pulls<ListedNeighbors>,
                      add_pulls<PlacedNeighbors>};

}  // namespace adatom::kernels::ADATOM_LEVEL
