// What this file is: what evaluators of potentials with a cutoff share: a list of neighbours that serves for many
// steps, and the way round it for structures it is not made for. Internal to potentials/.
#pragma once

#include <cstddef>

#include "atoms/verlet_list.hpp"
#include "potentials/neighbor_rows.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// An evaluator says in compute_listed() how its potential is computed from the list. Small free clusters, structures
/// too empty for a list, and those that compute_listed() gives up on go the way of Potential::compute.
class VerletEvaluator : public Evaluator {
 public:
  void compute(const Atoms& atoms, Want want, Prediction& result) final;
  Memory memory() const final { return {list_.listed_at(), list_.uses()}; }
  void restore(const Atoms& atoms, const Memory& memory) final;

 protected:
  /// The cutoff in Å, finite. Up to `few` atoms of a free cluster it is cheaper to look at every pair than to keep a
  /// list. `potential` must outlive this.
  VerletEvaluator(const Potential& potential, double cutoff, const Reuse& reuse, std::size_t few = 128);

  /// Fills `result` from list(), or says false, whatever `result` then holds: if atoms may be too close or numbers are
  /// not finite. Potential::compute then finds out what is wrong, and says so.
  virtual bool compute_listed(const Atoms& atoms, Want want, Prediction& result) = 0;
  /// Called before compute_listed() whenever neighbours have been listed anew.
  virtual void prepare(const Atoms& /*atoms*/) {}

  const VerletList& list() const { return list_; }
  /// The row of a place, one of the block's, for kernels.
  kernels::PlacedNeighbors neighbors(const VerletList::Block& block, std::size_t place) const {
    const std::size_t row = place - block.first;
    return {list_.positions() + 4 * place, list_.positions(), block.neighbors.data() + block.begin[row],
            block.begin[row + 1] - block.begin[row]};
  }

 private:
  const Potential& potential_;
  VerletList list_;
  std::size_t few_;
  bool restored_ = false;
};

}  // namespace adatom
