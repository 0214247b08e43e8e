// What this file is: Lennard-Jones for atoms that move a little at a time: molecular dynamics of large structures with a
// cutoff. Neighbours are listed with a skin (atoms/verlet_list.hpp) and the list serves for many steps. Small free
// clusters, and what the list is not made for, go the way of LennardJones::compute.
#include <array>
#include <cmath>
#include <vector>

#include "atoms/verlet_list.hpp"
#include "core/parallel.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/lennard_jones_limits.hpp"

namespace adatom {
namespace {

class LennardJonesEvaluator final : public Evaluator {
 public:
  LennardJonesEvaluator(const LennardJones& potential, const Reuse& reuse)
      : potential_(potential),
        list_(potential.options().cutoff, reuse.skin > 0.0 ? reuse.skin : 0.12 * potential.options().cutoff,
              reuse.every) {}

  void compute(const Atoms& atoms, Want want, Prediction& result) override {
    require_computable(atoms, potential_.options());
    const bool periodic = atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2];
    if ((!periodic && atoms.size() <= few_atoms) || !list_.update(atoms) || !compute_listed(atoms, want, result)) {
      potential_.compute(atoms, want, result);
    }
  }

  Memory memory() const override { return {list_.listed_at(), list_.uses()}; }
  void restore(const Atoms& atoms, const Memory& memory) override {
    list_.restore(atoms, memory.positions, memory.uses);
  }

 private:
  /// False if atoms may be too close: then compute() finds out which, and says so.
  bool compute_listed(const Atoms& atoms, Want want, Prediction& result) {
    const double size = want.stress ? volume_for_stress(atoms) : 0.0;
    const kernels::LennardJonesTable& table = kernels::lennard_jones_table();
    const kernels::LennardJonesTerms terms = terms_of(potential_.options());
    const double unit = 4.0 * potential_.options().epsilon;
    const std::span<const VerletList::Block> blocks = list_.blocks();
    result.forces.resize(want.forces ? atoms.size() : 0);
    result.energies.resize(want.energies ? atoms.size() : 0);
    // The sums of blocks are added in order, so that results do not depend on threads.
    energies_.assign(blocks.size(), 0.0);
    virials_.assign(want.stress ? blocks.size() : 0, {});
    parallel_for(blocks.size(), [&](std::size_t b) {
      const VerletList::Block& block = blocks[b];
      thread_local std::vector<double> sums;  // memory that is used again; nothing is remembered
      sums.resize(4 * (block.last - block.first));
      energies_[b] = table.listed(terms, list_.positions(), block.first, block.last, block.begin.data(),
                                  block.neighbors.data(), sums.data(), want.stress ? virials_[b].data() : nullptr);
      for (std::size_t p = block.first; p < block.last; ++p) {
        const double* const s = &sums[4 * (p - block.first)];
        const std::size_t i = list_.order()[p];
        if (want.forces) result.forces[i] = {unit * s[0], unit * s[1], unit * s[2]};
        if (want.energies) result.energies[i] = unit * s[3];
      }
    });
    double energy = 0.0;
    for (const double part : energies_) energy += part;
    result.energy = unit * energy;
    result.stress.reset();
    if (want.stress) {
      result.stress.emplace();
      for (const std::array<double, 6>& virial : virials_) {
        for (std::size_t k = 0; k < 6; ++k) (*result.stress)[k] += virial[k] * (unit / size);
      }
    }
    return all_apart(energy);
  }

  const LennardJones& potential_;
  VerletList list_;
  std::vector<double> energies_;                // of blocks, 4ε
  std::vector<std::array<double, 6>> virials_;  // of blocks, 4ε
};

}  // namespace

std::unique_ptr<Evaluator> LennardJones::evaluator(const Reuse& reuse) const {
  if (std::isinf(options_.cutoff)) return Potential::evaluator(reuse);
  return std::make_unique<LennardJonesEvaluator>(*this, reuse);
}

}  // namespace adatom
