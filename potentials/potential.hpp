// What this file is: what every potential is: structure in, energy, forces and stress out; nothing cached, no file
// written. A new one needs only its energy in tensor operations; forces and stress follow by differentiation.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
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

/// Of what was not asked for (see Want) nothing is left: no forces, no stress, no energies.
struct Prediction {
  double energy = 0.0;                          ///< eV
  std::vector<Vector3> forces;                  ///< −dE/dx, eV/Å, one per atom
  std::optional<std::array<double, 6>> stress;  ///< dE/dε / V, eV/Å³, order xx yy zz yz xz xy
  std::vector<double> energies;                 ///< eV, one per atom; their sum is the energy
};

/// What lists of neighbours keep for later steps, where a potential has such lists.
struct Reuse {
  double skin = 0.0;      ///< how far beyond the cutoff pairs are listed, Å, not negative; 0: 0.12 of the cutoff
  std::size_t every = 0;  ///< 0: a new list once an atom has moved skin/2, so that none is ever missed;
                          ///< n: at every n-th use, unchecked, for those who know how far their atoms move
};

/// Computes one structure again and again while its atoms move: molecular dynamics, relaxation. May keep what helps,
/// such as a neighbour list. Not to be used by several threads at once.
class Evaluator {
 public:
  virtual ~Evaluator() = default;
  /// The same as Potential::compute, to rounding error. The structure may be another one each time, but only one that
  /// differs from the last in its positions alone is computed faster.
  virtual void compute(const Atoms& atoms, Want want, Prediction& result) = 0;

  /// From which later results follow to the last bit: where the atoms were when neighbours were listed (empty: nothing
  /// is kept), and how often the list has been used; of a sum, that of each term.
  struct Memory {
    std::vector<Vector3> positions;
    std::size_t uses = 0;
    std::vector<Memory> terms{};
  };
  virtual Memory memory() const { return {}; }
  /// Goes back to a state in which memory() was `memory`; the same structure is to be computed next.
  virtual void restore(const Atoms& /*atoms*/, const Memory& /*memory*/) {}
};

class Potential {
 public:
  virtual ~Potential() = default;

  /// Energy in eV of each atom (N) as a differentiable function of positions (N, 3) in Å and cell (3, 3), rows the
  /// lattice vectors in Å. `atoms` gives elements and periodicity, and positions and cell for finding neighbours.
  virtual Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const = 0;

  /// Energy, forces, stress into `result`, whose memory is reused. This default differentiates energies(); override it
  /// only for speed, and hold the two equal by a test. Safe to call from several threads at once. Throws InputError for
  /// structures that cannot be computed (unknown element, coincident atoms).
  virtual void compute(const Atoms& atoms, Want want, Prediction& result) const;

  Prediction compute(const Atoms& atoms, Want want = {}) const {
    Prediction result;
    compute(atoms, want, result);
    return result;
  }

  /// What computes a structure whose atoms move; the potential must outlive it. This default calls compute() each time.
  /// Those that list neighbours throw InputError for a skin that is negative or not finite.
  virtual std::unique_ptr<Evaluator> evaluator(const Reuse& reuse = {}) const;

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
