// What this file is: LennardJones::compute without tensors. Free clusters take all pairs in one go, larger and periodic
// structures a neighbour list. The readable twin is LennardJones::energies in lennard_jones.cpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "atoms/neighbors.hpp"
#include "autodiff/memory.hpp"
#include "core/parallel.hpp"
#include "core/processor.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/lennard_jones_kernel.hpp"
#include "potentials/lennard_jones_limits.hpp"
#include "potentials/pairs.hpp"

namespace adatom {

namespace kernels {
namespace baseline {
extern const LennardJonesTable lennard_jones;
}
#if defined(__x86_64__)
namespace avx2 {
extern const LennardJonesTable lennard_jones;
}
namespace avx512 {
extern const LennardJonesTable lennard_jones;
}
#endif

const LennardJonesTable& lennard_jones_table() {
#if defined(__x86_64__)
  return select(baseline::lennard_jones, avx2::lennard_jones, avx512::lennard_jones);
#else
  return baseline::lennard_jones;
#endif
}

}  // namespace kernels

kernels::LennardJonesTerms terms_of(const LennardJonesOptions& options) {
  kernels::LennardJonesTerms terms;
  terms.sigma2 = options.sigma * options.sigma;
  if (std::isinf(options.cutoff)) return terms;
  terms.kind = kernels::LennardJonesTerms::Kind::shifted;
  terms.cutoff2 = options.cutoff * options.cutoff;
  if (has_shift(options)) {
    const double s6 = std::pow(terms.sigma2 / terms.cutoff2, 3);
    terms.shift = s6 * (s6 - 1.0);
  }
  if (has_smooth_cutoff(options)) {
    terms.kind = kernels::LennardJonesTerms::Kind::smooth;
    terms.onset2 = options.onset * options.onset;
    terms.smooth_scale = std::pow(terms.cutoff2 - terms.onset2, -3);
  }
  return terms;
}

namespace {

using kernels::LennardJonesTable;
using kernels::LennardJonesTerms;

/// Atoms handled as one task; the sums of tasks are added in order, so that results do not depend on threads.
constexpr std::size_t task_size = 256;

/// Energies and forces in units of 4ε, and dE/dε_ab in the order xx yy zz yz xz xy.
struct Sums {
  double energy = 0.0;
  std::array<double, 6> virial{};
};

/// Σ over all pairs. Leaves energies of atoms in `energies` if wanted, forces in `forces` unless empty.
Sums sum_all_pairs(const LennardJonesTerms& terms, const std::vector<Vector3>& positions, std::vector<Vector3>& forces,
                   std::vector<double>* energies) {
  const LennardJonesTable& table = kernels::lennard_jones_table();
  const std::size_t n = positions.size(), room = (n + table.lanes - 1) / table.lanes * table.lanes;
  if (n == 0) return {};
  const Buffer scratch(4 * room);
  double* const shares = scratch.data() + 3 * room;
  Sums sums;
  sums.energy = table.all_pairs(terms, n, positions.front().data(), scratch.data(), shares,
                                forces.empty() ? nullptr : forces.front().data());
  if (energies != nullptr) energies->assign(shares, shares + n);
  return sums;
}

/// dE/dε from the forces of a structure that is not periodic: −Σ_i x_i f_i, which does not depend on the origin.
std::array<double, 6> virial_of(const std::vector<Vector3>& positions, const std::vector<Vector3>& forces) {
  std::array<double, 6> w{};
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const Vector3 x = positions[i] - positions[0], f = forces[i];
    w[0] -= x[0] * f[0], w[1] -= x[1] * f[1], w[2] -= x[2] * f[2];
    w[3] -= x[1] * f[2], w[4] -= x[0] * f[2], w[5] -= x[0] * f[1];
  }
  return w;
}

Sums sum_neighbors(const LennardJonesTerms& terms, const NeighborList& list, std::vector<Vector3>& forces,
                   std::vector<double>& energies) {
  const LennardJonesTable& table = kernels::lennard_jones_table();
  const std::size_t n = energies.size();
  std::vector<Sums> parts((n + task_size - 1) / task_size);
  parallel_for(parts.size(), [&](std::size_t task) {
    Sums part;
    for (std::size_t i = task * task_size; i < std::min(n, (task + 1) * task_size); ++i) {
      const std::size_t first = list.offsets[i], count = list.offsets[i + 1] - first;
      forces[i] = {};
      energies[i] = count == 0 ? 0.0
                               : table.neighbors(terms, count, list.displacement[first].data(), forces[i].data(),
                                                 part.virial.data());
      part.energy += energies[i];
    }
    parts[task] = part;
  });
  Sums sums;
  for (const Sums& part : parts) {
    sums.energy += part.energy;
    for (std::size_t k = 0; k < 6; ++k) sums.virial[k] += part.virial[k];
  }
  return sums;
}

/// Names the closest two atoms, if they are too close. Only called when the energy says that they may be.
void check_all_pairs(const Atoms& atoms, double closest) {
  validate(atoms);
  double least = closest;
  std::size_t i_least = 0, j_least = 0;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    for (std::size_t j = i + 1; j < atoms.size(); ++j) {
      const double r = norm(atoms.positions[j] - atoms.positions[i]);
      if (r < least) least = r, i_least = i, j_least = j;
    }
  }
  if (i_least < j_least) throw_too_close(i_least, j_least, least);
}

}  // namespace

void LennardJones::compute(const Atoms& atoms, Want want, Prediction& result) const {
  require_computable(atoms, options_);
  const double size = want.stress ? volume_for_stress(atoms) : 0.0;
  const LennardJonesTerms terms = terms_of(options_);
  const bool periodic = atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2];
  const double closest = closest_distance * options_.sigma;

  Sums sums;
  if (!periodic && (std::isinf(options_.cutoff) || atoms.size() <= few_atoms)) {
    result.forces.resize(want.forces || want.stress ? atoms.size() : 0);
    sums = sum_all_pairs(terms, atoms.positions, result.forces, want.energies ? &result.energies : nullptr);
    if (!all_apart(sums.energy)) check_all_pairs(atoms, closest);
    if (want.stress) sums.virial = virial_of(atoms.positions, result.forces);
  } else {
    thread_local NeighborList list;  // memory that is used again; nothing is remembered
    neighbor_list(atoms, options_.cutoff, list);
    result.forces.resize(atoms.size());
    result.energies.resize(atoms.size());
    sums = sum_neighbors(terms, list, result.forces, result.energies);
    if (!all_apart(sums.energy)) require_apart(list, closest);
  }

  const double unit = 4.0 * options_.epsilon;
  result.energy = unit * sums.energy;
  if (!want.forces) result.forces.clear();
  for (Vector3& f : result.forces) f = unit * f;
  if (!want.energies) result.energies.clear();
  for (double& e : result.energies) e *= unit;
  result.stress.reset();
  if (want.stress) {
    result.stress = sums.virial;
    for (double& w : *result.stress) w *= unit / size;
  }
}

}  // namespace adatom
