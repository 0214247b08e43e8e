// What this file is: Emt::compute without tensors. Two walks over the neighbour list: the first gives each atom's
// density and all that does not depend on other atoms' densities; the second adds the pull on an atom of its
// neighbours' densities. The readable twin is Emt::energies in emt.cpp.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "atoms/neighbors.hpp"
#include "core/parallel.hpp"
#include "core/processor.hpp"
#include "potentials/emt.hpp"
#include "potentials/emt_kernel.hpp"
#include "potentials/emt_parameters.hpp"
#include "potentials/pairs.hpp"

namespace adatom {

namespace kernels {
namespace baseline {
extern const EmtTable emt;
}
#if defined(__x86_64__)
namespace avx2 {
extern const EmtTable emt;
}
namespace avx512 {
extern const EmtTable emt;
}
#endif

const EmtTable& emt_table() {
#if defined(__x86_64__)
  return select(baseline::emt, avx2::emt, avx512::emt);
#else
  return baseline::emt;
#endif
}

}  // namespace kernels

namespace {

using kernels::EmtSums;
using kernels::EmtTable;
using kernels::EmtTerms;

/// Atoms handled as one task; the sums of tasks are added in order, so that results do not depend on threads.
constexpr std::size_t task_size = 128;

/// The elements that occur, renumbered 0, 1, …, and each atom's.
struct Kinds {
  std::vector<const EmtElement*> elements;
  std::vector<std::uint32_t> of_atom;
};

Kinds kinds_of(const Atoms& atoms) {
  Kinds kinds{.elements = {}, .of_atom = emt_kinds(atoms.numbers)};
  std::array<std::uint32_t, EmtTerms::most_kinds> renumbered;
  renumbered.fill(EmtTerms::most_kinds);
  for (std::uint32_t& kind : kinds.of_atom) {
    std::uint32_t& own = renumbered[kind];
    if (own == EmtTerms::most_kinds) {
      own = static_cast<std::uint32_t>(kinds.elements.size());
      kinds.elements.push_back(&emt_elements()[kind]);
    }
    kind = own;
  }
  return kinds;
}

EmtTerms terms_of(const Kinds& kinds) {
  EmtTerms terms;
  terms.kinds = kinds.elements.size();
  terms.steepness = emt_cutoff().steepness;
  terms.radius = emt_cutoff().radius;
  terms.closest2 = emt_closest * emt_closest;
  for (std::size_t i = 0; i < terms.kinds; ++i) {
    const EmtElement& a = *kinds.elements[i];
    terms.density_decay[i] = a.eta2;
    terms.density_start[i] = a.eta2 * emt_beta * a.s0;
    terms.overlap_decay[i] = a.kappa / emt_beta;
    terms.overlap_start[i] = a.kappa * a.s0;
    for (std::size_t j = 0; j < terms.kinds; ++j) {
      const double ratio = kinds.elements[j]->n0 / a.n0;
      terms.density_weight[i][j] = ratio / a.gamma1;
      terms.overlap_weight[i][j] = 0.5 * a.V0 * ratio / a.gamma2;
    }
  }
  return terms;
}

/// Memory that is used again; nothing is remembered.
struct Workspace {
  NeighborList list;
  std::vector<double> pulls;   ///< dσ_j/dr / r of each entry (i, j)
  std::vector<double> slopes;  ///< dE_i/dσ_i of each atom
};

/// Sum over a task's atoms.
struct Part {
  double energy = 0.0;
  std::array<double, 6> virial{};  ///< dE/dε, eV
  bool too_close = false;
};

/// The first walk, for atom i: its energy, its part of the force, the slope dE_i/dσ_i.
void walk_first(const EmtTable& table, const EmtTerms& terms, const Kinds& kinds, bool stress, std::size_t i,
                Workspace& work, Prediction& result, Part& part) {
  const NeighborList& list = work.list;
  const std::size_t first = list.offsets[i], count = list.offsets[i + 1] - first;
  EmtSums sums{};
  if (count > 0) {
    part.too_close |= table.neighbors(terms, kinds.of_atom[i], count, list.displacement[first].data(), &list.index[first],
                                      kinds.of_atom.data(), stress, &work.pulls[first], sums);
  }
  const EmtEmbedding embedding = emt_embedding(*kinds.elements[kinds.of_atom[i]], sums.sigma);
  work.slopes[i] = embedding.slope;
  // Each pair has two entries, and its energy belongs half to either atom.
  result.energies[i] = embedding.energy - 0.5 * sums.pair;
  part.energy += result.energies[i];
  for (std::size_t k = 0; k < 3; ++k) {
    result.forces[i][k] = embedding.slope * sums.sigma_pull[k] - sums.pair_pull[k];
  }
  if (!stress) return;
  for (std::size_t k = 0; k < 6; ++k) {
    part.virial[k] += embedding.slope * sums.sigma_dilation[k] - 0.5 * sums.pair_dilation[k];
  }
}

Part sum_of(std::span<const Part> parts) {
  Part sum;
  for (const Part& part : parts) {
    sum.energy += part.energy;
    for (std::size_t k = 0; k < 6; ++k) sum.virial[k] += part.virial[k];
    sum.too_close |= part.too_close;
  }
  return sum;
}

}  // namespace

void Emt::compute(const Atoms& atoms, Want want, Prediction& result) const {
  const Kinds kinds = kinds_of(atoms);
  const double size = want.stress ? volume_for_stress(atoms) : 0.0;
  const EmtTerms terms = terms_of(kinds);
  const EmtTable& table = kernels::emt_table();
  thread_local Workspace own;
  Workspace& work = own;  // the caller's, for all threads
  neighbor_list(atoms, cutoff(), work.list);
  const std::size_t n = atoms.size();
  work.pulls.resize(work.list.size());
  work.slopes.resize(n);
  result.forces.resize(n);
  result.energies.resize(n);

  const auto for_tasks = [n](std::size_t tasks, const auto& visit) {
    parallel_for(tasks, [&](std::size_t task) {
      for (std::size_t i = task * task_size; i < std::min(n, (task + 1) * task_size); ++i) visit(task, i);
    });
  };
  std::vector<Part> parts((n + task_size - 1) / task_size);
  for_tasks(parts.size(), [&](std::size_t task, std::size_t i) {
    walk_first(table, terms, kinds, want.stress, i, work, result, parts[task]);
  });
  const Part sum = sum_of(parts);
  if (sum.too_close) require_apart(work.list, emt_closest);
  if (want.forces) {
    for_tasks(parts.size(), [&](std::size_t, std::size_t i) {
      const std::size_t first = work.list.offsets[i], count = work.list.offsets[i + 1] - first;
      if (count == 0) return;
      table.add_pulls(count, work.list.displacement[first].data(), &work.list.index[first], &work.pulls[first],
                      work.slopes.data(), result.forces[i].data());
    });
  }

  result.energy = sum.energy;
  if (!want.forces) result.forces.clear();
  if (!want.energies) result.energies.clear();
  result.stress.reset();
  if (want.stress) {
    result.stress = sum.virial;
    for (double& w : *result.stress) w /= size;
  }
}

}  // namespace adatom
