// What this file is: EMT for atoms that move a little at a time: molecular dynamics, relaxation. The two walks of
// emt_fused.cpp over a list of neighbours that serves for many steps (verlet_evaluator.hpp).
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/parallel.hpp"
#include "potentials/emt.hpp"
#include "potentials/emt_fused.hpp"
#include "potentials/verlet_evaluator.hpp"

namespace adatom {
namespace {

class EmtEvaluator final : public VerletEvaluator {
 public:
  EmtEvaluator(const Emt& potential, const Reuse& reuse) : VerletEvaluator(potential, Emt::cutoff(), reuse) {}

 private:
  /// The kind of each place's atom; any for the place beyond everything.
  void set_kinds(const EmtStructure& structure) {
    kinds_.clear();
    for (const std::uint32_t atom : list().order()) kinds_.push_back(structure.kinds[atom]);
    for (const std::uint32_t place : list().owners()) kinds_.push_back(kinds_[place]);
    kinds_.push_back(0);
  }

  bool compute_listed(const Atoms& atoms, Want want, Prediction& result) override {
    const EmtStructure structure = emt_structure(atoms);
    const double size = want.stress ? volume_for_stress(atoms) : 0.0;
    const kernels::EmtTable& table = kernels::emt_table();
    const std::span<const VerletList::Block> blocks = list().blocks();
    const std::size_t n = atoms.size();
    set_kinds(structure);
    slopes_.assign(kinds_.size(), 0.0);
    parts_.assign(blocks.size(), {});
    if (pulls_.size() < blocks.size()) pulls_.resize(blocks.size());
    result.forces.resize(n);
    result.energies.resize(n);

    parallel_for(blocks.size(), [&](std::size_t b) {
      const VerletList::Block& block = blocks[b];
      pulls_[b].resize(block.begin.back());
      for (std::size_t p = block.first; p < block.last; ++p) {
        kernels::EmtSums sums{};
        parts_[b].too_close |= table.placed(structure.terms, kinds_[p], neighbors(block, p), kinds_.data(), want.stress,
                                            pulls_[b].data() + block.begin[p - block.first], sums);
        slopes_[p] =
            finish_atom(*structure.elements[kinds_[p]], sums, want.stress, list().order()[p], result, parts_[b]);
      }
    });
    const PartialSum sum = sum_of(parts_);
    if (sum.too_close || !std::isfinite(sum.energy)) return false;
    for (std::size_t g = 0; g < list().owners().size(); ++g) slopes_[n + g] = slopes_[list().owners()[g]];
    if (want.forces) {
      parallel_for(blocks.size(), [&](std::size_t b) {
        const VerletList::Block& block = blocks[b];
        for (std::size_t p = block.first; p < block.last; ++p) {
          table.placed_pulls(neighbors(block, p), pulls_[b].data() + block.begin[p - block.first], slopes_.data(),
                             result.forces[list().order()[p]].data());
        }
      });
    }
    finish(sum, want, size, result);
    return true;
  }

  // Memory that is used again:
  std::vector<std::uint32_t> kinds_;        // of places
  std::vector<double> slopes_;              // dE_i/dσ_i of places
  std::vector<std::vector<double>> pulls_;  // of blocks: dσ_j/dr / r of each neighbour
  std::vector<PartialSum> parts_;           // of blocks
};

}  // namespace

std::unique_ptr<Evaluator> Emt::evaluator(const Reuse& reuse) const {
  return std::make_unique<EmtEvaluator>(*this, reuse);
}

}  // namespace adatom
