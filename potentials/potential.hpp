// What this file is: what every potential is: structure in, energy, forces and stress out; nothing cached, no file
// written. A new one needs only its energy in tensor operations; forces and stress follow by differentiation.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "atoms/atoms.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// What to compute besides the energy.
struct Want {
  bool forces = true;
  bool stress = false;    ///< throws InputError for a structure without a volume
  bool energies = false;  ///< per atom
};

struct Prediction {
  double energy = 0.0;                         ///< eV
  std::vector<Vector3> forces;                 ///< −dE/dx, eV/Å, one per atom
  std::optional<std::array<double, 6>> stress; ///< dE/dε / V, eV/Å³, order xx yy zz yz xz xy
  std::vector<double> energies;                ///< eV, one per atom; their sum is the energy
};

class Potential {
 public:
  virtual ~Potential() = default;

  /// Energy in eV of each atom (N) as a differentiable function of positions (N, 3) in Å and cell (3, 3), rows the lattice
  /// vectors in Å. `atoms` gives elements and periodicity, and positions and cell for finding neighbours.
  virtual Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const = 0;

  /// Energy, forces, stress into `result`, whose memory is reused. This default differentiates energies(); override it only
  /// for speed, and hold the two equal by a test. Safe to call from several threads at once.
  /// Throws InputError for structures that cannot be computed (unknown element, coincident atoms).
  virtual void compute(const Atoms& atoms, Want want, Prediction& result) const;

  Prediction compute(const Atoms& atoms, Want want = {}) const {
    Prediction result;
    compute(atoms, want, result);
    return result;
  }

 protected:
  Potential() = default;
  Potential(const Potential&) = default;
  Potential& operator=(const Potential&) = default;
};

/// |det cell| in Å³. Throws InputError if it is zero: stress needs a volume.
double volume_for_stress(const Atoms& atoms);

/// Positions (N, 3) and cell (3, 3) of a structure as tensors.
Tensor positions_tensor(const Atoms& atoms, bool variable = false);
Tensor cell_tensor(const Atoms& atoms, bool variable = false);

}  // namespace adatom
