#include "potentials/pair_potential.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "atoms/neighbors.hpp"
#include "autodiff/functions.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/processor.hpp"
#include "potentials/pairs.hpp"
#include "potentials/partial_sums.hpp"
#include "potentials/verlet_evaluator.hpp"

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

void require_computable(const PairLaw& law, const Atoms& atoms) {
  if (atoms.positions.size() != atoms.numbers.size()) validate(atoms);
  if (!std::isinf(law.cutoff)) return;
  if (atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2]) {
    throw InputError(std::string(law.name) + ": a periodic structure needs a cutoff; none was given");
  }
}

/// What the sums over the neighbours of atom i are to it and to the part it belongs to.
void finish_atom(const kernels::PairSums& sums, std::size_t i, Prediction& result, PartialSum& part) {
  result.energies[i] = 0.5 * sums.energy;  // the other half is the neighbours'
  result.forces[i] = {sums.pull[0], sums.pull[1], sums.pull[2]};
  part.energy += result.energies[i];
  for (std::size_t k = 0; k < 6; ++k) part.virial[k] += 0.5 * sums.dilation[k];
}

class PairEvaluator final : public VerletEvaluator {
 public:
  PairEvaluator(const Potential& potential, double cutoff, const kernels::PairTerms& terms, const Reuse& reuse)
      : VerletEvaluator(potential, cutoff, reuse), terms_(terms) {}

 private:
  bool compute_listed(const Atoms& atoms, Want want, Prediction& result) override {
    const double size = want.stress ? volume_for_stress(atoms) : 0.0;
    const kernels::PairTable& table = kernels::pair_table();
    const std::span<const VerletList::Block> blocks = list().blocks();
    result.forces.resize(atoms.size());
    result.energies.resize(atoms.size());
    parts_.assign(blocks.size(), {});
    parallel_for(blocks.size(), [&](std::size_t b) {
      const VerletList::Block& block = blocks[b];
      for (std::size_t p = block.first; p < block.last; ++p) {
        kernels::PairSums sums{};
        parts_[b].too_close |= table.placed(terms_, neighbors(block, p), want.stress, sums);
        finish_atom(sums, list().order()[p], result, parts_[b]);
      }
    });
    const PartialSum sum = sum_of(parts_);
    finish(sum, want, size, result);
    return !sum.too_close && std::isfinite(sum.energy);
  }

  kernels::PairTerms terms_;
  std::vector<PartialSum> parts_;  // of blocks; memory that is used again
};

kernels::PairTerms terms_of(const PairLaw& law) {
  kernels::PairTerms terms{};
  terms.cutoff2 = std::isinf(law.cutoff) ? 1e300 : law.cutoff * law.cutoff;
  terms.closest2 = law.closest * law.closest;
  return terms;
}

}  // namespace

Tensor PairPotential::energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const {
  return pair_energies(
      law(), [this](const Tensor& r) { return pair_energy(r); }, atoms, positions, cell);
}

void PairPotential::compute(const Atoms& atoms, Want want, Prediction& result) const {
  const PairLaw law = this->law();
  require_computable(law, atoms);
  const double size = want.stress ? volume_for_stress(atoms) : 0.0;
  kernels::PairTerms terms = terms_of(law);
  set_law(terms);
  const kernels::PairTable& table = kernels::pair_table();
  thread_local NeighborList own;  // memory that is used again; nothing is remembered
  NeighborList& list = own;       // the caller's, for all threads
  neighbor_list(atoms, law.cutoff, list);
  const std::size_t n = atoms.size();
  result.forces.resize(n);
  result.energies.resize(n);
  std::vector<PartialSum> parts((n + task_size - 1) / task_size);
  parallel_for(parts.size(), [&](std::size_t task) {
    for (std::size_t i = task * task_size; i < std::min(n, (task + 1) * task_size); ++i) {
      const std::size_t first = list.offsets[i], count = list.offsets[i + 1] - first;
      kernels::PairSums sums{};
      if (count > 0) {
        parts[task].too_close |=
            table.listed(terms, {list.displacement[first].data(), &list.index[first], count}, want.stress, sums);
      }
      finish_atom(sums, i, result, parts[task]);
    }
  });
  const PartialSum sum = sum_of(parts);
  if (sum.too_close) require_apart(list, law.closest);
  finish(sum, want, size, result);
}

std::unique_ptr<Evaluator> PairPotential::evaluator(const Reuse& reuse) const {
  const PairLaw law = this->law();
  if (std::isinf(law.cutoff)) return Potential::evaluator(reuse);
  kernels::PairTerms terms = terms_of(law);
  set_law(terms);
  return std::make_unique<PairEvaluator>(*this, law.cutoff, terms, reuse);
}

Tensor pair_energies(const PairLaw& law, const std::function<Tensor(const Tensor& r)>& energy, const Atoms& atoms,
                     const Tensor& positions, const Tensor& cell) {
  require_computable(law, atoms);
  if (std::isinf(law.cutoff)) validate(atoms);  // pairs_within does so itself
  const Pairs pairs = std::isinf(law.cutoff) ? all_pairs(positions) : pairs_within(atoms, law.cutoff, positions, cell);
  return shared_equally(pairs, energy(sqrt(squared_distances(pairs, law.closest))));
}

}  // namespace adatom
