// What this file is: what potentials that are a sum over pairs of atoms share: energies composed of tensor operations,
// the fused twin of them, one loop over the neighbours without tensors, and the evaluator that keeps its neighbours.
#pragma once

#include <functional>
#include <string_view>

#include "potentials/pair_kernel.hpp"
#include "potentials/potential.hpp"

namespace adatom {

/// What pair potentials differ in besides the energy of a pair.
struct PairLaw {
  std::string_view name;  ///< for messages
  double cutoff;          ///< Å; infinite: none, for free clusters only
  double closest;         ///< atoms closer than this are refused, Å
};

/// E = Σ u(r) over pairs, whatever the elements. energies() and compute() throw InputError for a periodic structure
/// without cutoff ("Morse: a periodic structure needs a cutoff; none was given"), and for atoms that are too close.
class PairPotential : public Potential {
 public:
  Tensor energies(const Atoms& atoms, const Tensor& positions, const Tensor& cell) const final;
  /// Parallel, with the same bits for any number of threads.
  void compute(const Atoms& atoms, Want want, Prediction& result) const final;
  using Potential::compute;
  /// Keeps a Verlet list where there is a cutoff.
  std::unique_ptr<Evaluator> evaluator(const Reuse& reuse = {}) const final;

 protected:
  PairPotential() = default;

  virtual PairLaw law() const = 0;
  virtual Tensor pair_energy(const Tensor& r) const = 0;      ///< u (P) of distances (P), Å
  virtual void set_law(kernels::PairTerms& terms) const = 0;  ///< the same law for the kernels
};

/// Potential::energies of a pair potential, from the energy (P) of pairs at distances r (P), Å. Throws like
/// PairPotential.
Tensor pair_energies(const PairLaw& law, const std::function<Tensor(const Tensor& r)>& energy, const Atoms& atoms,
                     const Tensor& positions, const Tensor& cell);

}  // namespace adatom
