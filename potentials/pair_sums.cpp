#include "potentials/pair_sums.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "atoms/neighbors.hpp"
#include "autodiff/functions.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/processor.hpp"
#include "potentials/pairs.hpp"

namespace adatom {

namespace kernels {
namespace baseline {
extern const PairTable pairs;
}
#if defined(__x86_64__)
namespace avx2 {
extern const PairTable pairs;
}
namespace avx512 {
extern const PairTable pairs;
}
#endif

const PairTable& pair_table() {
#if defined(__x86_64__)
  return select(baseline::pairs, avx2::pairs, avx512::pairs);
#else
  return baseline::pairs;
#endif
}

}  // namespace kernels

namespace {

/// Atoms handled as one task; the sums of tasks are added in order, so that results do not depend on threads.
constexpr std::size_t task_size = 256;

/// Sum over a task's atoms.
struct Part {
  double energy = 0.0;
  std::array<double, 6> virial{};  ///< dE/dε, eV
  bool too_close = false;
};

void require_computable(const PairLaw& law, const Atoms& atoms) {
  if (atoms.positions.size() != atoms.numbers.size()) validate(atoms);
  if (!std::isinf(law.cutoff)) return;
  if (atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2]) {
    throw InputError(std::string(law.name) + ": a periodic structure needs a cutoff; none was given");
  }
}

}  // namespace

void sum_pairs(const PairLaw& law, const NeighborSums& neighbors, const Atoms& atoms, Want want, Prediction& result) {
  require_computable(law, atoms);
  const double size = want.stress ? volume_for_stress(atoms) : 0.0;
  thread_local NeighborList own;  // memory that is used again; nothing is remembered
  NeighborList& list = own;       // the caller's, for all threads
  neighbor_list(atoms, law.cutoff, list);
  const std::size_t n = atoms.size();
  result.forces.resize(n);
  result.energies.resize(n);
  std::vector<Part> parts((n + task_size - 1) / task_size);
  parallel_for(parts.size(), [&](std::size_t task) {
    Part& part = parts[task];
    for (std::size_t i = task * task_size; i < std::min(n, (task + 1) * task_size); ++i) {
      const std::size_t first = list.offsets[i], count = list.offsets[i + 1] - first;
      kernels::PairSums sums{};
      if (count > 0) part.too_close |= neighbors(count, list.displacement[first].data(), sums);
      result.energies[i] = 0.5 * sums.energy;
      result.forces[i] = {sums.pull[0], sums.pull[1], sums.pull[2]};
      part.energy += result.energies[i];
      for (std::size_t k = 0; k < 6; ++k) part.virial[k] += 0.5 * sums.dilation[k];
    }
  });
  Part sum;
  for (const Part& part : parts) {
    sum.energy += part.energy;
    for (std::size_t k = 0; k < 6; ++k) sum.virial[k] += part.virial[k];
    sum.too_close |= part.too_close;
  }
  if (sum.too_close) require_apart(list, law.closest);

  result.energy = sum.energy;
  if (!want.forces) result.forces.clear();
  if (!want.energies) result.energies.clear();
  result.stress.reset();
  if (want.stress) {
    result.stress = sum.virial;
    for (double& w : *result.stress) w /= size;
  }
}

Tensor pair_energies(const PairLaw& law, const std::function<Tensor(const Tensor& r)>& energy, const Atoms& atoms,
                     const Tensor& positions, const Tensor& cell) {
  require_computable(law, atoms);
  const Pairs pairs = std::isinf(law.cutoff) ? all_pairs(positions) : pairs_within(atoms, law.cutoff, positions, cell);
  return shared_equally(pairs, energy(sqrt(squared_distances(pairs, law.closest))));
}

}  // namespace adatom
