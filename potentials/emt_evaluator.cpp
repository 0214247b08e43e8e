// What this file is: EMT for atoms that move a little at a time: molecular dynamics, relaxation. Neighbours are listed with
// a skin (atoms/verlet_list.hpp) and the list serves for many steps; the two walks over it are those of emt_fused.cpp.
// Small free clusters, and what the list is not made for, go the way of Emt::compute.
#include <cmath>
#include <cstdint>
#include <vector>

#include "atoms/verlet_list.hpp"
#include "core/parallel.hpp"
#include "potentials/emt.hpp"
#include "potentials/emt_fused.hpp"

namespace adatom {
namespace {

/// Up to this many atoms of a free cluster it is cheaper to look at every pair than to keep a list.
constexpr std::size_t few_atoms = 128;

class EmtEvaluator final : public Evaluator {
 public:
  EmtEvaluator(const Emt& potential, const Reuse& reuse)
      : potential_(potential), list_(Emt::cutoff(), reuse.skin > 0.0 ? reuse.skin : 0.12 * Emt::cutoff(), reuse.every) {}

  void compute(const Atoms& atoms, Want want, Prediction& result) override {
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
  kernels::EmtPlaced neighbors(const VerletList::Block& block, std::size_t place) const {
    const std::size_t row = place - block.first;
    return {list_.positions() + 4 * place, list_.positions(), block.neighbors.data() + block.begin[row],
            block.begin[row + 1] - block.begin[row]};
  }

  /// The kind of each place's atom; any for the place beyond everything.
  void set_kinds(const EmtStructure& structure) {
    kinds_.clear();
    for (const std::uint32_t atom : list_.order()) kinds_.push_back(structure.kinds[atom]);
    for (const std::uint32_t place : list_.owners()) kinds_.push_back(kinds_[place]);
    kinds_.push_back(0);
  }

  /// False if atoms may be too close: then Emt::compute finds out which, and says so.
  bool compute_listed(const Atoms& atoms, Want want, Prediction& result) {
    const EmtStructure structure = emt_structure(atoms);
    const double size = want.stress ? volume_for_stress(atoms) : 0.0;
    const kernels::EmtTable& table = kernels::emt_table();
    const std::span<const VerletList::Block> blocks = list_.blocks();
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
        slopes_[p] = finish_atom(*structure.elements[kinds_[p]], sums, want.stress, list_.order()[p], result, parts_[b]);
      }
    });
    const EmtPart sum = sum_of(parts_);
    if (sum.too_close || !std::isfinite(sum.energy)) return false;
    for (std::size_t g = 0; g < list_.owners().size(); ++g) slopes_[n + g] = slopes_[list_.owners()[g]];
    if (want.forces) {
      parallel_for(blocks.size(), [&](std::size_t b) {
        const VerletList::Block& block = blocks[b];
        for (std::size_t p = block.first; p < block.last; ++p) {
          table.placed_pulls(neighbors(block, p), pulls_[b].data() + block.begin[p - block.first], slopes_.data(),
                             result.forces[list_.order()[p]].data());
        }
      });
    }
    finish(sum, want, size, result);
    return true;
  }

  const Emt& potential_;
  VerletList list_;
  // Memory that is used again:
  std::vector<std::uint32_t> kinds_;        // of places
  std::vector<double> slopes_;              // dE_i/dσ_i of places
  std::vector<std::vector<double>> pulls_;  // of blocks: dσ_j/dr / r of each neighbour
  std::vector<EmtPart> parts_;              // of blocks
};

}  // namespace

std::unique_ptr<Evaluator> Emt::evaluator(const Reuse& reuse) const { return std::make_unique<EmtEvaluator>(*this, reuse); }

}  // namespace adatom
