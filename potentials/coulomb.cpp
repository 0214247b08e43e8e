#include "potentials/coulomb.hpp"

#include <string>

#include "autodiff/arithmetic.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/matmul.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "potentials/pair_cutoff.hpp"
#include "potentials/pairs.hpp"

namespace adatom {
namespace {

constexpr double closest = 1e-3;  // Å

void require_charges(std::size_t charges, std::size_t atoms) {
  if (charges == atoms) return;
  throw InputError("Coulomb: " + std::to_string(charges) + " charges for " + std::to_string(atoms) + " atoms");
}

}  // namespace

Coulomb::Coulomb(std::vector<double> charges) : charges_(std::move(charges)) {
  for (std::size_t i = 0; i < charges_.size(); ++i) {
    require_finite("Coulomb", "charge of atom " + std::to_string(i), charges_[i]);
  }
}

Tensor Coulomb::energies(const Atoms& atoms, const Tensor& positions, const Tensor& /*cell*/) const {
  validate(atoms);
  require_charges(charges_.size(), atoms.size());
  if (atoms.pbc[0] || atoms.pbc[1] || atoms.pbc[2]) {
    throw InputError("Coulomb: charges of a periodic structure need an Ewald sum; only free clusters are computed");
  }
  const Pairs pairs = all_pairs(positions);
  const Tensor charges = Tensor::constant({charges_.size()}, charges_);
  const Tensor products = gather(charges, pairs.first) * gather(charges, pairs.second);
  return shared_equally(pairs, coulomb_constant * products / sqrt(squared_distances(pairs, closest)));
}

Tensor electric_potential(std::span<const double> charges, const Tensor& positions, const Tensor& points) {
  const Tensor separation = reshape(points, {-1, 1, 3}) - positions;  // (M, N, 3)
  const Tensor distances = sqrt(sum(square(separation), {-1}));
  return matmul(coulomb_constant / distances, Tensor::constant({charges.size()}, charges));
}

Vector3 electric_field(std::span<const double> charges, std::span<const Vector3> positions, const Vector3& point) {
  require_charges(charges.size(), positions.size());
  Vector3 field{};
  for (std::size_t i = 0; i < charges.size(); ++i) {
    const Vector3 d = point - positions[i];
    const double r = norm(d);
    if (!(r >= closest)) {
      throw InputError("electric field: the point is " + short_number_text(r) + " Å from charge " + std::to_string(i));
    }
    field += coulomb_constant * charges[i] / (r * r * r) * d;
  }
  return field;
}

}  // namespace adatom
