// What this file is: LocalAnsatz::compute and its evaluator: fused descriptors, networks a batch of atoms at a time,
// and forces from the networks' slopes. The readable twin is LocalAnsatz::energies in local_ansatz.cpp.
#include <algorithm>
#include <cmath>

#include "autodiff/gradient.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "potentials/local_ansatz.hpp"
#include "potentials/neighbor_tensors.hpp"
#include "potentials/partial_sums.hpp"
#include "potentials/verlet_evaluator.hpp"

namespace adatom {
namespace {

/// Atoms handled as one task: enough rows for the networks' matrix products, few enough for the second-level cache to
/// keep what is known of their neighbours.
constexpr std::size_t chunk = 32;

/// What a network makes of n atoms: outputs (n, 1), and d outputs / d inputs (n, K) if wanted.
struct Outputs {
  Tensor values, slopes;
};

/// The atoms `members` are counted from the first that is described.
Outputs run_network(const ElementNetwork& own, std::span<const std::size_t> members, const DescribedAtoms& described,
                    bool slopes) {
  const std::size_t width = own.mean.size();
  Buffer rows(members.size() * width);
  for (std::size_t r = 0; r < members.size(); ++r) {
    const std::span<const double> g = described.values(members[r]);
    for (std::size_t k = 0; k < width; ++k) rows[r * width + k] = (g[k] - own.mean[k]) / own.scale[k];
  }
  const Shape shape{members.size(), width};
  if (!slopes) {
    const NoGrad numbers_only;
    return {own.network(Tensor::constant(shape, rows)), {}};
  }
  const WithGrad record_outputs;  // slopes are a derivative, also where the caller wants numbers only
  const Tensor inputs = Tensor::variable(shape, rows.span());
  const Tensor values = own.network(inputs);
  const NoGrad numbers_only;
  return {values, vjp(values, {inputs}, Tensor::ones(values.shape()))[0]};
}

/// Energies of the atoms, eV, and dE/d(displacement) of every entry of the list, eV/Å.
struct Inference {
  std::vector<double> energies;
  std::vector<Vector3> pulls;
};

/// Of atoms first … last−1.
void infer(const LocalAnsatz& model, std::span<const int> numbers, const NeighborList& list, std::size_t first,
           std::size_t last, bool pulls, Inference& result) {
  thread_local DescribedAtoms described;  // memory that is used again; nothing is remembered
  thread_local std::vector<std::size_t> members;
  thread_local std::vector<double> slopes;
  model.pulls().describe(numbers, list, first, last, described);
  for (const ElementNetwork& own : model.networks()) {
    members.clear();
    for (std::size_t i = first; i < last; ++i) {
      if (numbers[i] == own.element) members.push_back(i - first);
    }
    if (members.empty()) continue;
    const Outputs outputs = run_network(own, members, described, pulls);
    for (std::size_t r = 0; r < members.size(); ++r) {
      const std::size_t i = first + members[r], width = own.mean.size();
      result.energies[i] = own.reference_energy + model.energy_scale() * outputs.values.values()[r];
      if (!pulls) continue;
      slopes.resize(width);
      const double* const slope = outputs.slopes.data() + r * width;
      for (std::size_t k = 0; k < width; ++k) slopes[k] = model.energy_scale() * slope[k] / own.scale[k];
      model.pulls().pull(described, members[r], slopes, result.pulls.data() + list.offsets[i]);
    }
  }
}

void infer(const LocalAnsatz& model, std::span<const int> numbers, const NeighborList& list, bool pulls,
           Inference& result) {
  result.energies.resize(numbers.size());
  result.pulls.resize(pulls ? list.size() : 0);
  parallel_for((numbers.size() + chunk - 1) / chunk, [&](std::size_t task) {
    infer(model, numbers, list, task * chunk, std::min((task + 1) * chunk, numbers.size()), pulls, result);
  });
}

/// Sums over atoms and entries in their order: the same bits for any number of threads. Sets the forces on the atoms.
PartialSum add_up(const Inference& inference, const NeighborList& list, Want want, std::vector<Vector3>& forces) {
  PartialSum sum;
  for (const double energy : inference.energies) sum.energy += energy;
  if (want.forces) forces.assign(inference.energies.size(), Vector3{});
  for (std::size_t i = 0; want.forces && i < forces.size(); ++i) {
    Vector3 own{};
    for (std::size_t n = list.offsets[i]; n < list.offsets[i + 1]; ++n) {
      own += inference.pulls[n];
      forces[list.index[n]] -= inference.pulls[n];
    }
    forces[i] += own;
  }
  if (want.stress) sum.virial = stress_of_pulls(list, inference.pulls, 1.0);
  return sum;
}

class LocalAnsatzEvaluator final : public VerletEvaluator {
 public:
  LocalAnsatzEvaluator(const LocalAnsatz& model, const Reuse& reuse)
      : VerletEvaluator(model, model.cutoff(), reuse), model_(model) {}

 private:
  /// The rows of the Verlet list as a NeighborList of places; what changes until the next listing is displacements.
  void prepare(const Atoms& /*atoms*/) override {
    const std::size_t n = list().order().size(), farthest = n + list().owners().size();
    near_.offsets.assign(1, 0);
    near_.index.clear();
    places_.clear();
    for (const VerletList::Block& block : list().blocks()) {
      for (std::size_t p = block.first; p < block.last; ++p) {
        const kernels::PlacedNeighbors row = neighbors(block, p);
        for (std::size_t k = 0; k < row.count && row.index[k] != farthest; ++k) {
          const std::uint32_t place = row.index[k];
          places_.push_back(place);
          near_.index.push_back(place < n ? place : list().owners()[place - n]);
        }
        near_.offsets.push_back(places_.size());
      }
    }
    near_.displacement.resize(places_.size());
  }

  /// False if one is not finite.
  bool set_displacements() {
    finite_.assign(list().blocks().size(), 0.0);
    parallel_for(finite_.size(), [&](std::size_t b) {
      const VerletList::Block& block = list().blocks()[b];
      const double* const x = list().positions();
      double zero = 0.0;  // unless something is not finite
      for (std::size_t p = block.first; p < block.last; ++p) {
        for (std::size_t e = near_.offsets[p]; e < near_.offsets[p + 1]; ++e) {
          Vector3& d = near_.displacement[e];
          for (std::size_t k = 0; k < 3; ++k) d[k] = x[4 * std::size_t{places_[e]} + k] - x[4 * p + k];
          zero += 0.0 * (d[0] + d[1] + d[2]);
        }
      }
      finite_[b] = zero;
    });
    return std::all_of(finite_.begin(), finite_.end(), [](double zero) { return zero == 0.0; });
  }

  bool compute_listed(const Atoms& atoms, Want want, Prediction& result) override {
    model_.require_known(atoms.numbers);
    const double volume = want.stress ? volume_for_stress(atoms) : 0.0;
    if (!set_displacements()) return false;
    numbers_.clear();
    for (const std::uint32_t atom : list().order()) numbers_.push_back(atoms.numbers[atom]);
    try {
      infer(model_, numbers_, near_, want.forces || want.stress, inference_);
    } catch (const InputError&) {  // it names places, not atoms
      return false;
    }
    const PartialSum sum = add_up(inference_, near_, want, forces_);
    result.forces.resize(atoms.size());
    result.energies.resize(atoms.size());
    for (std::size_t p = 0; p < atoms.size(); ++p) {
      const std::uint32_t i = list().order()[p];
      if (want.forces) result.forces[i] = forces_[p];
      result.energies[i] = inference_.energies[p];
    }
    finish(sum, want, volume, result);
    return std::isfinite(sum.energy);
  }

  const LocalAnsatz& model_;
  std::vector<std::uint32_t> places_;  // of the entries of near_
  // Memory that is used again:
  NeighborList near_;
  std::vector<int> numbers_;  // of places
  Inference inference_;
  std::vector<Vector3> forces_;  // of places
  std::vector<double> finite_;   // of blocks
};

}  // namespace

void LocalAnsatz::compute(const Atoms& atoms, Want want, Prediction& result) const {
  require_known(atoms.numbers);
  const double volume = want.stress ? volume_for_stress(atoms) : 0.0;
  thread_local NeighborList own_list;  // memory that is used again; nothing is remembered
  thread_local Inference own_inference;
  // Tasks may run on other threads, which have others of these: take this one's by reference now.
  NeighborList& list = own_list;
  Inference& inference = own_inference;
  neighbor_list(atoms, cutoff(), list);
  infer(*this, atoms.numbers, list, want.forces || want.stress, inference);
  const PartialSum sum = add_up(inference, list, want, result.forces);
  if (!std::isfinite(sum.energy)) {
    throw NumericalError("the energy is not finite: the model or the structure is out of bounds");
  }
  result.energies = inference.energies;
  finish(sum, want, volume, result);
}

std::unique_ptr<Evaluator> LocalAnsatz::evaluator(const Reuse& reuse) const {
  return std::make_unique<LocalAnsatzEvaluator>(*this, reuse);
}

}  // namespace adatom
