// What this file is: Lennard-Jones for atoms that move a little at a time: molecular dynamics of large structures with
// a cutoff, with a list of neighbours that serves for many steps (verlet_evaluator.hpp).
#include <cmath>
#include <vector>

#include "core/parallel.hpp"
#include "potentials/lennard_jones.hpp"
#include "potentials/lennard_jones_limits.hpp"
#include "potentials/partial_sums.hpp"
#include "potentials/verlet_evaluator.hpp"

namespace adatom {
namespace {

class LennardJonesEvaluator final : public VerletEvaluator {
 public:
  LennardJonesEvaluator(const LennardJones& potential, const Reuse& reuse)
      : VerletEvaluator(potential, potential.options().cutoff, reuse, few_atoms),
        terms_(terms_of(potential.options())),
        unit_(4.0 * potential.options().epsilon) {}

 private:
  bool compute_listed(const Atoms& atoms, Want want, Prediction& result) override {
    const double size = want.stress ? volume_for_stress(atoms) : 0.0;
    const kernels::LennardJonesTable& table = kernels::lennard_jones_table();
    const std::span<const VerletList::Block> blocks = list().blocks();
    result.forces.resize(want.forces ? atoms.size() : 0);
    result.energies.resize(want.energies ? atoms.size() : 0);
    parts_.assign(blocks.size(), {});
    parallel_for(blocks.size(), [&](std::size_t b) {
      const VerletList::Block& block = blocks[b];
      PartialSum& part = parts_[b];
      thread_local std::vector<double> sums;  // memory that is used again; nothing is remembered
      sums.resize(4 * (block.last - block.first));
      const double energy =
          table.listed(terms_, list().positions(), block.first, block.last, block.begin.data(), block.neighbors.data(),
                       sums.data(), want.stress ? part.virial.data() : nullptr);
      part.energy = unit_ * energy;
      part.too_close = !all_apart(energy);
      for (double& w : part.virial) w *= unit_;
      for (std::size_t p = block.first; p < block.last; ++p) {
        const double* const s = &sums[4 * (p - block.first)];
        const std::size_t i = list().order()[p];
        if (want.forces) result.forces[i] = {unit_ * s[0], unit_ * s[1], unit_ * s[2]};
        if (want.energies) result.energies[i] = unit_ * s[3];
      }
    });
    const PartialSum sum = sum_of(parts_);
    finish(sum, want, size, result);
    return !sum.too_close;
  }

  kernels::LennardJonesTerms terms_;
  double unit_;                    // 4ε, eV
  std::vector<PartialSum> parts_;  // of blocks; memory that is used again
};

}  // namespace

std::unique_ptr<Evaluator> LennardJones::evaluator(const Reuse& reuse) const {
  if (std::isinf(options_.cutoff)) return Potential::evaluator(reuse);
  return std::make_unique<LennardJonesEvaluator>(*this, reuse);
}

}  // namespace adatom
