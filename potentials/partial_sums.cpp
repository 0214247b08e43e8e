#include "potentials/partial_sums.hpp"

namespace adatom {

PartialSum sum_of(std::span<const PartialSum> parts) {
  PartialSum sum;
  for (const PartialSum& part : parts) {
    sum.energy += part.energy;
    for (std::size_t k = 0; k < 6; ++k) sum.virial[k] += part.virial[k];
    sum.too_close |= part.too_close;
  }
  return sum;
}

void finish(const PartialSum& sum, Want want, double volume, Prediction& result) {
  result.energy = sum.energy;
  if (!want.forces) result.forces.clear();
  if (!want.energies) result.energies.clear();
  result.stress.reset();
  if (!want.stress) return;
  result.stress = sum.virial;
  for (double& w : *result.stress) w /= volume;
}

}  // namespace adatom
