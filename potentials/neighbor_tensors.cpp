#include "potentials/neighbor_tensors.hpp"

#include <vector>

#include "autodiff/arithmetic.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/matmul.hpp"

namespace adatom {

Tensor neighbor_displacements(const NeighborList& list, const Tensor& positions, const Tensor& cell) {
  std::vector<std::uint32_t> first;
  first.reserve(list.size());
  for (std::size_t i = 0; i + 1 < list.offsets.size(); ++i) {
    first.insert(first.end(), list.offsets[i + 1] - list.offsets[i], static_cast<std::uint32_t>(i));
  }
  Buffer shifts(3 * list.size());
  bool images = false;
  for (std::size_t n = 0; n < list.size(); ++n) {
    for (std::size_t c = 0; c < 3; ++c) {
      shifts[3 * n + c] = list.shift[n][c];
      images = images || list.shift[n][c] != 0;
    }
  }
  const Tensor inside = gather(positions, list.index) - gather(positions, first);
  return images ? inside + matmul(Tensor::constant({list.size(), 3}, shifts), cell) : inside;
}

std::array<double, 6> stress_of_pulls(const NeighborList& list, std::span<const Vector3> pulls, double volume) {
  std::array<double, 6> stress{};
  for (std::size_t n = 0; n < list.size(); ++n) {
    const Vector3 &d = list.displacement[n], &f = pulls[n];
    stress[0] += d[0] * f[0];
    stress[1] += d[1] * f[1];
    stress[2] += d[2] * f[2];
    stress[3] += 0.5 * (d[1] * f[2] + d[2] * f[1]);
    stress[4] += 0.5 * (d[0] * f[2] + d[2] * f[0]);
    stress[5] += 0.5 * (d[0] * f[1] + d[1] * f[0]);
  }
  for (double& component : stress) component /= volume;
  return stress;
}

}  // namespace adatom
