// What this file is: the inner loops of Lennard-Jones, compiled once per instruction set (see adatom_add_kernel in
// cmake/AdatomLibrary.cmake). The interface stands in lennard_jones_kernel.hpp.
#include "potentials/lennard_jones_kernel.hpp"

#include "atoms/verlet_list_gather.hpp"
#include "autodiff/kernels/shuffle.hpp"
#include "autodiff/kernels/vector.hpp"

namespace adatom::kernels::ADATOM_LEVEL {
namespace {

using Kind = LennardJonesTerms::Kind;

/// The mask's lanes of x, zero in the others.
inline Vector only(Integers mask, Vector x) { return choose(mask, x, Vector{}); }

struct Pair {
  Vector energy;  // u / 4ε
  Vector slope;   // −2 du/dq / 4ε: times the displacement it is the force
};

/// One pair per lane from q = r² and s = (σ/r)². Where s is zero there is no pair.
template <Kind kind>
inline Pair interact(const LennardJonesTerms& terms, Vector q, Vector s) {
  // Asked this way round, a distance that is not a number stays one.
  if constexpr (kind != Kind::unlimited) s = choose((Integers)(q >= splat(terms.cutoff2)), Vector{}, s);
  const Vector s3 = s * s * s;
  Pair pair;
  pair.energy = s3 * (s3 - 1.0);
  pair.slope = (12.0 / terms.sigma2) * (s * s3) * (s3 - 0.5);
  if constexpr (kind == Kind::shifted) {
    pair.energy -= choose((Integers)(s == splat(0.0)), Vector{}, splat(terms.shift));
  }
  if constexpr (kind == Kind::smooth) {
    // f = (r_c² − q)² (r_c² + 2q − 3r_o²) / (r_c² − r_o²)³ between onset and cutoff, df/dq = 6 (r_c² − q)(r_o² − q) /
    // (…)³
    const Vector left = terms.cutoff2 - q;
    const Integers fading = (Integers)(q > splat(terms.onset2));
    const Vector f =
        choose(fading, terms.smooth_scale * left * left * (terms.cutoff2 + 2.0 * q - 3.0 * terms.onset2), splat(1.0));
    const Vector df = only(fading, 6.0 * terms.smooth_scale * left * (terms.onset2 - q));
    pair.slope = f * pair.slope - 2.0 * df * pair.energy;
    pair.energy *= f;
  }
  return pair;
}

/// Lane numbers first, first + 1, …
inline Integers count_from(Size first) {
  Integers lane;
  for (Size k = 0; k < lanes; ++k) lane[k] = (long long)(first + k);
  return lane;
}

/// What one block of `lanes` atoms has received so far.
struct Sums {
  Vector energy, fx, fy, fz;
};

struct Block {
  Vector x, y, z;
};

/// Displacement of a block's atoms from atom j, and its square.
struct Separation {
  Vector dx, dy, dz, q;
};

inline Separation separation(const Block& block, const double* x, Size room, Size j) {
  Separation d;
  d.dx = block.x - x[j];
  d.dy = block.y - x[room + j];
  d.dz = block.z - x[2 * room + j];
  d.q = d.dx * d.dx + d.dy * d.dy + d.dz * d.dz;
  return d;
}

template <Kind kind>
inline void add(const LennardJonesTerms& terms, const Separation& d, Vector s, Sums& sums) {
  const Pair pair = interact<kind>(terms, d.q, s);
  sums.energy += pair.energy;
  sums.fx += pair.slope * d.dx;
  sums.fy += pair.slope * d.dy;
  sums.fz += pair.slope * d.dz;
}

/// Atoms j … stop−1 act on the block. Two atoms share one division: 1/a = b/(ab).
template <Kind kind>
inline void act(const LennardJonesTerms& terms, const Block& block, const double* x, Size room, Size j, Size stop,
                Sums& sums) {
  for (; j + 1 < stop; j += 2) {
    const Separation a = separation(block, x, room, j), b = separation(block, x, room, j + 1);
    const Vector shared = terms.sigma2 / (a.q * b.q);
    add<kind>(terms, a, shared * b.q, sums);
    add<kind>(terms, b, shared * a.q, sums);
  }
  if (j < stop) {
    const Separation a = separation(block, x, room, j);
    add<kind>(terms, a, terms.sigma2 / a.q, sums);
  }
}

/// The same for atoms of the block itself: lane j is not its own neighbour.
template <Kind kind>
inline void act_within(const LennardJonesTerms& terms, const Block& block, const double* x, Size room, Size j,
                       Size stop, Sums& sums) {
  const Integers index = count_from(j);
  for (; j < stop; ++j) {
    Separation a = separation(block, x, room, j);
    const Integers other = (Integers)(index != (Integers{} + (long long)j));
    a.q = choose(other, a.q, splat(1.0));
    add<kind>(terms, a, only(other, terms.sigma2 / a.q), sums);
  }
}

/// One block's atoms against all others; every pair is computed twice, once for each of its atoms, which costs less
/// than adding lanes up for a force on j.
template <Kind kind>
double all_pairs(const LennardJonesTerms& terms, Size n, const double* positions, double* x, double* energies,
                 double* forces) {
  const Size room = (n + lanes - 1) / lanes * lanes;
  for (Size i = 0; i < n; ++i) {
    for (Size k = 0; k < 3; ++k) x[k * room + i] = positions[3 * i + k];
  }
  // Atoms that fill up the last block lie where none is; what they receive is thrown away.
  for (Size i = n; i < room; ++i) {
    for (Size k = 0; k < 3; ++k) x[k * room + i] = 1e20;
  }

  Vector total = {};
  for (Size first = 0; first < room; first += lanes) {
    const Size last = first + lanes < n ? first + lanes : n;
    const Block block = {load(x + first), load(x + room + first), load(x + 2 * room + first)};
    total += 0.0 * (block.x + block.y + block.z);  // an atom alone, or at infinity, would not show in the energy
    Sums sums = {};
    act<kind>(terms, block, x, room, 0, first, sums);
    act_within<kind>(terms, block, x, room, first, last, sums);
    act<kind>(terms, block, x, room, last, n, sums);

    const Vector half = only((Integers)(count_from(first) < (Integers{} + (long long)n)), 0.5 * sums.energy);
    store(energies + first, half);
    total += half;
    if (forces != nullptr) {
      double fx[lanes], fy[lanes], fz[lanes];
      store(fx, sums.fx), store(fy, sums.fy), store(fz, sums.fz);
      for (Size i = first; i < last; ++i) {
        forces[3 * i] = fx[i - first];
        forces[3 * i + 1] = fy[i - first];
        forces[3 * i + 2] = fz[i - first];
      }
    }
  }
  return sum_lanes(total);
}

template <Kind kind>
double neighbors(const LennardJonesTerms& terms, Size count, const double* displacements, double* force,
                 double* virial) {
  Sums sums = {};
  Vector xx = {}, yy = {}, zz = {}, yz = {}, xz = {}, xy = {};
  for (Size n = 0; n < count; n += lanes) {
    const Size filled = count - n < lanes ? count - n : lanes;
    // Lanes beyond the last neighbour stand at distance σ with s = 0.
    Vector dx = {}, dy = {}, dz = {}, present = {};
    for (Size k = 0; k < filled; ++k) {
      const double* d = displacements + 3 * (n + k);
      dx[k] = d[0], dy[k] = d[1], dz[k] = d[2], present[k] = terms.sigma2;
    }
    Vector q = dx * dx + dy * dy + dz * dz;
    if (filled < lanes) q = choose((Integers)(present > splat(0.0)), q, splat(terms.sigma2));
    const Pair pair = interact<kind>(terms, q, present / q);
    sums.energy += pair.energy;
    const Vector fx = pair.slope * dx, fy = pair.slope * dy, fz = pair.slope * dz;
    sums.fx -= fx, sums.fy -= fy, sums.fz -= fz;
    xx += fx * dx, yy += fy * dy, zz += fz * dz;
    yz += fy * dz, xz += fx * dz, xy += fx * dy;
  }
  force[0] += sum_lanes(sums.fx), force[1] += sum_lanes(sums.fy), force[2] += sum_lanes(sums.fz);
  const Vector dilation[6] = {xx, yy, zz, yz, xz, xy};
  for (Size k = 0; k < 6; ++k) virial[k] -= 0.5 * sum_lanes(dilation[k]);
  return 0.5 * sum_lanes(sums.energy);
}

inline Separation separation(const Block& center, const double* positions, const std::uint32_t* place) {
  const Points near = gather(positions, place);
  Separation d;
  d.dx = center.x - near.x;
  d.dy = center.y - near.y;
  d.dz = center.z - near.z;
  d.q = d.dx * d.dx + d.dy * d.dy + d.dz * d.dz;
  return d;
}

/// Σ of slope · dx_a dx_b over pairs, in the order xx yy zz yz xz xy.
struct Dilation {
  Vector sums[6];
};

template <Kind kind, bool with_virial>
inline void add_listed(const LennardJonesTerms& terms, const Separation& d, Vector s, Sums& sums, Dilation& dilation) {
  const Pair pair = interact<kind>(terms, d.q, s);
  const Vector fx = pair.slope * d.dx, fy = pair.slope * d.dy, fz = pair.slope * d.dz;
  sums.energy += pair.energy;
  sums.fx += fx;
  sums.fy += fy;
  sums.fz += fz;
  if constexpr (with_virial) {
    dilation.sums[0] += fx * d.dx, dilation.sums[1] += fy * d.dy, dilation.sums[2] += fz * d.dz;
    dilation.sums[3] += fy * d.dz, dilation.sums[4] += fx * d.dz, dilation.sums[5] += fx * d.dy;
  }
}

/// All neighbours of one place; as in act(), two vectors of them share one division.
template <Kind kind, bool with_virial>
inline Sums act_listed(const LennardJonesTerms& terms, const double* positions, Size place, const std::uint32_t* n,
                       const std::uint32_t* stop, Dilation& dilation) {
  const double* const at = positions + 4 * place;
  const Block center = {splat(at[0]), splat(at[1]), splat(at[2])};
  Sums sums = {};
  for (; n + lanes < stop; n += 2 * lanes) {
    const Separation a = separation(center, positions, n), b = separation(center, positions, n + lanes);
    const Vector shared = terms.sigma2 / (a.q * b.q);
    add_listed<kind, with_virial>(terms, a, shared * b.q, sums, dilation);
    add_listed<kind, with_virial>(terms, b, shared * a.q, sums, dilation);
  }
  if (n < stop) {
    const Separation a = separation(center, positions, n);
    add_listed<kind, with_virial>(terms, a, terms.sigma2 / a.q, sums, dilation);
  }
  return sums;
}

/// Two places at a time: eight sums over lanes, in the order in which they are stored.
template <Kind kind, bool with_virial>
double listed(const LennardJonesTerms& terms, const double* positions, Size first, Size last,
              const std::uint32_t* begin, const std::uint32_t* neighbors, double* sums, double* virial) {
  Dilation dilation = {};
  double energy = 0.0;
  for (Size i = first; i < last; i += 2) {
    Vector rows[8] = {};
    const Size filled = last - i < 2 ? 1 : 2;
    for (Size k = 0; k < filled; ++k) {
      const Sums s = act_listed<kind, with_virial>(terms, positions, i + k, neighbors + begin[i + k - first],
                                                   neighbors + begin[i + k + 1 - first], dilation);
      rows[4 * k] = s.fx, rows[4 * k + 1] = s.fy, rows[4 * k + 2] = s.fz, rows[4 * k + 3] = 0.5 * s.energy;
    }
    double out[8];
    for (Size r = 0; r < 8; r += lanes) {
      Vector part[lanes];
      for (Size k = 0; k < lanes; ++k) part[k] = rows[r + k];
      store(out + r, sum_each<lanes / 2>(part));
    }
    for (Size k = 0; k < 4 * filled; ++k) sums[4 * (i - first) + k] = out[k];
    energy += out[3];
    energy += out[7];
  }
  if constexpr (with_virial) {
    for (Size k = 0; k < 6; ++k) virial[k] -= 0.5 * sum_lanes(dilation.sums[k]);
  }
  return energy;
}

template <Kind kind>
double choose_virial(const LennardJonesTerms& terms, const double* positions, Size first, Size last,
                     const std::uint32_t* begin, const std::uint32_t* neighbors, double* sums, double* virial) {
  return virial == nullptr ? listed<kind, false>(terms, positions, first, last, begin, neighbors, sums, virial)
                           : listed<kind, true>(terms, positions, first, last, begin, neighbors, sums, virial);
}

double choose_listed(const LennardJonesTerms& terms, const double* positions, Size first, Size last,
                     const std::uint32_t* begin, const std::uint32_t* neighbors, double* sums, double* virial) {
  return terms.kind == Kind::smooth
             ? choose_virial<Kind::smooth>(terms, positions, first, last, begin, neighbors, sums, virial)
             : choose_virial<Kind::shifted>(terms, positions, first, last, begin, neighbors, sums, virial);
}

double choose_all_pairs(const LennardJonesTerms& terms, Size n, const double* positions, double* scratch,
                        double* energies, double* forces) {
  switch (terms.kind) {
    case Kind::shifted:
      return all_pairs<Kind::shifted>(terms, n, positions, scratch, energies, forces);
    case Kind::smooth:
      return all_pairs<Kind::smooth>(terms, n, positions, scratch, energies, forces);
    case Kind::unlimited:
      break;
  }
  return all_pairs<Kind::unlimited>(terms, n, positions, scratch, energies, forces);
}

double choose_neighbors(const LennardJonesTerms& terms, Size count, const double* displacements, double* force,
                        double* virial) {
  switch (terms.kind) {
    case Kind::shifted:
      return neighbors<Kind::shifted>(terms, count, displacements, force, virial);
    case Kind::smooth:
      return neighbors<Kind::smooth>(terms, count, displacements, force, virial);
    case Kind::unlimited:
      break;
  }
  return neighbors<Kind::unlimited>(terms, count, displacements, force, virial);
}

}  // namespace

extern const LennardJonesTable lennard_jones;
const LennardJonesTable lennard_jones = {lanes, choose_all_pairs, choose_neighbors, choose_listed};

}  // namespace adatom::kernels::ADATOM_LEVEL
