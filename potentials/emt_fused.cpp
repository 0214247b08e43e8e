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
#include "potentials/emt_fused.hpp"
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

/// Atoms handled as one task; the sums of tasks are added in order, so that results do not depend on threads.
constexpr std::size_t task_size = 128;

/// Memory that is used again; nothing is remembered.
struct Workspace {
  NeighborList list;
  std::vector<double> pulls;   ///< dσ_j/dr / r of each entry (i, j)
  std::vector<double> slopes;  ///< dE_i/dσ_i of each atom

  kernels::ListedNeighbors neighbors(std::size_t i) const {
    const std::size_t first = list.offsets[i], count = list.offsets[i + 1] - first;
    if (count == 0) return {nullptr, nullptr, 0};
    return {list.displacement[first].data(), &list.index[first], count};
  }
};

kernels::EmtTerms terms_of(std::span<const EmtElement* const> elements) {
  kernels::EmtTerms terms;
  terms.kinds = elements.size();
  terms.steepness = emt_cutoff().steepness;
  terms.radius = emt_cutoff().radius;
  terms.cutoff2 = Emt::cutoff() * Emt::cutoff();
  terms.closest2 = emt_closest * emt_closest;
  for (std::size_t i = 0; i < terms.kinds; ++i) {
    const EmtElement& a = *elements[i];
    terms.density_decay[i] = a.eta2;
    terms.density_start[i] = a.eta2 * emt_beta * a.s0;
    terms.overlap_decay[i] = a.kappa / emt_beta;
    terms.overlap_start[i] = a.kappa * a.s0;
    for (std::size_t j = 0; j < terms.kinds; ++j) {
      const double ratio = elements[j]->n0 / a.n0;
      terms.density_weight[i][j] = ratio / a.gamma1;
      terms.overlap_weight[i][j] = 0.5 * a.V0 * ratio / a.gamma2;
    }
  }
  return terms;
}

}  // namespace

EmtStructure emt_structure(const Atoms& atoms) {
  EmtStructure s{.elements = {}, .kinds = emt_kinds(atoms.numbers), .terms = {}};
  std::array<std::uint32_t, kernels::EmtTerms::most_kinds> renumbered;
  renumbered.fill(kernels::EmtTerms::most_kinds);
  for (std::uint32_t& kind : s.kinds) {
    std::uint32_t& own = renumbered[kind];
    if (own == kernels::EmtTerms::most_kinds) {
      own = static_cast<std::uint32_t>(s.elements.size());
      s.elements.push_back(&emt_elements()[kind]);
    }
    kind = own;
  }
  s.terms = terms_of(s.elements);
  return s;
}

double finish_atom(const EmtElement& element, const kernels::EmtSums& sums, bool stress, std::size_t i,
                   Prediction& result, PartialSum& part) {
  const EmtEmbedding embedding = emt_embedding(element, sums.sigma);
  // Each pair has two entries, and its energy belongs half to either atom.
  result.energies[i] = embedding.energy - 0.5 * sums.pair;
  part.energy += result.energies[i];
  for (std::size_t k = 0; k < 3; ++k) {
    result.forces[i][k] = embedding.slope * sums.sigma_pull[k] - sums.pair_pull[k];
  }
  for (std::size_t k = 0; stress && k < 6; ++k) {
    part.virial[k] += embedding.slope * sums.sigma_dilation[k] - 0.5 * sums.pair_dilation[k];
  }
  return embedding.slope;
}

void Emt::compute(const Atoms& atoms, Want want, Prediction& result) const {
  const EmtStructure structure = emt_structure(atoms);
  const double size = want.stress ? volume_for_stress(atoms) : 0.0;
  const kernels::EmtTable& table = kernels::emt_table();
  thread_local Workspace own;
  Workspace& work = own;  // the caller's, for all threads
  neighbor_list(atoms, cutoff(), work.list);
  const std::size_t n = atoms.size();
  work.pulls.resize(work.list.size());
  work.slopes.resize(n);
  result.forces.resize(n);
  result.energies.resize(n);

  std::vector<PartialSum> parts((n + task_size - 1) / task_size);
  const auto for_atoms = [&](const auto& visit) {
    parallel_for(parts.size(), [&](std::size_t task) {
      for (std::size_t i = task * task_size; i < std::min(n, (task + 1) * task_size); ++i) visit(task, i);
    });
  };
  for_atoms([&](std::size_t task, std::size_t i) {
    kernels::EmtSums sums{};
    const std::uint32_t kind = structure.kinds[i];
    double* const pulls = work.pulls.data() + work.list.offsets[i];
    parts[task].too_close |=
        table.listed(structure.terms, kind, work.neighbors(i), structure.kinds.data(), want.stress, pulls, sums);
    work.slopes[i] = finish_atom(*structure.elements[kind], sums, want.stress, i, result, parts[task]);
  });
  const PartialSum sum = sum_of(parts);
  if (sum.too_close) require_apart(work.list, emt_closest);
  if (want.forces) {
    for_atoms([&](std::size_t, std::size_t i) {
      const double* const pulls = work.pulls.data() + work.list.offsets[i];
      table.listed_pulls(work.neighbors(i), pulls, work.slopes.data(), result.forces[i].data());
    });
  }
  finish(sum, want, size, result);
}

}  // namespace adatom
