#include "potentials/potential.hpp"

#include <cmath>

#include "autodiff/arithmetic.hpp"
#include "autodiff/gradient.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

std::span<const double> flat(std::span<const Vector3> rows) {
  return {rows.empty() ? nullptr : rows.front().data(), 3 * rows.size()};
}

Tensor leaf(const Shape& shape, std::span<const double> values, bool variable) {
  return variable ? Tensor::variable(shape, values) : Tensor::constant(shape, values);
}

/// Keeps nothing.
class PlainEvaluator final : public Evaluator {
 public:
  explicit PlainEvaluator(const Potential& potential) : potential_(potential) {}
  void compute(const Atoms& atoms, Want want, Prediction& result) override { potential_.compute(atoms, want, result); }

 private:
  const Potential& potential_;
};

}  // namespace

Tensor positions_tensor(const Atoms& atoms, bool variable) {
  return leaf({atoms.size(), 3}, flat(atoms.positions), variable);
}

Tensor cell_tensor(const Atoms& atoms, bool variable) { return leaf({3, 3}, flat(atoms.cell.vectors), variable); }

void Potential::compute(const Atoms& atoms, Want want, Prediction& result) const {
  const WithGrad record_energy;  // forces are a derivative, also where the caller wants numbers only
  // A strain ε moves positions and cell vectors alike, x → x (1 + ε); its gradient is the stress times the volume.
  const Tensor positions = positions_tensor(atoms, true);
  const Tensor strain = Tensor::variable({3, 3}, {0, 0, 0, 0, 0, 0, 0, 0, 0});
  Tensor moved = positions, cell = cell_tensor(atoms);
  if (want.stress) {
    const Tensor deformation = Tensor::constant({3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1}) + strain;
    moved = matmul(positions, deformation);
    cell = matmul(cell, deformation);
  }
  const Tensor energies_of_atoms = energies(atoms, moved, cell);
  const Tensor energy = sum(energies_of_atoms);

  result.energy = energy.item();
  result.energies.clear();
  if (want.energies) result.energies.assign(energies_of_atoms.values().begin(), energies_of_atoms.values().end());

  const NoGrad numbers_only;
  const Tensors gradients = want.stress   ? grad(energy, {positions, strain})
                            : want.forces ? grad(energy, {positions})
                                          : Tensors{};
  result.forces.clear();
  if (want.forces) {
    result.forces.resize(atoms.size());
    const std::span<const double> slope = gradients[0].values();
    for (std::size_t i = 0; i < slope.size(); ++i) result.forces[i / 3][i % 3] = -slope[i];
  }
  result.stress.reset();
  if (want.stress) {
    const double size = volume_for_stress(atoms);
    const std::span<const double> w = gradients[1].values();
    result.stress = {w[0] / size,
                     w[4] / size,
                     w[8] / size,
                     (w[5] + w[7]) / 2 / size,
                     (w[2] + w[6]) / 2 / size,
                     (w[1] + w[3]) / 2 / size};
  }
}

std::unique_ptr<Evaluator> Potential::evaluator(const Reuse& /*reuse*/) const {
  return std::make_unique<PlainEvaluator>(*this);
}

double volume_for_stress(const Atoms& atoms) {
  const double size = std::abs(volume(atoms.cell));
  if (!(size > 0.0)) throw InputError("stress needs a cell with volume; this structure has none");
  return size;
}

}  // namespace adatom
