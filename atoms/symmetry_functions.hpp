// What this file is: Behler–Parrinello symmetry functions, numbers that describe the surroundings of an atom and do not
// change when the structure is moved, turned or renumbered. compute_descriptors (symmetry_functions_compute.cpp and its
// kernel file) is fused and fast; composed_descriptors (symmetry_functions_composed.cpp) is its readable twin from
// tensor operations, differentiable to any order.
//
//   const SymmetryFunctions set(default_symmetry_functions({6}, 5.0));
//   const NeighborList list = neighbor_list(atoms, set.cutoff());
//   Descriptors descriptors;
//   compute_descriptors(set, atoms.numbers, list, true, descriptors);
//   descriptors.values(0);  // the numbers that describe atom 0
//
// J. Behler and M. Parrinello, Phys. Rev. Lett. 98, 146401 (2007); J. Behler, J. Chem. Phys. 134, 074106 (2011).
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "atoms/cutoff_functions.hpp"
#include "atoms/neighbors.hpp"
#include "autodiff/tensor.hpp"

namespace adatom {

/// With r_ij the distance of neighbour j, θ the angle at the centre between neighbours j and k, f_c the cutoff
/// function; sums over neighbours, or over unordered pairs of neighbours, of the elements named (images count
/// separately):
///   radial          Σ_j  exp(−η(r_ij − r_s)²) f_c(r_ij)                                 G², G¹ when η = 0
///   angular_narrow  2^(1−ζ) Σ_jk (1 + λ cos θ)^ζ exp(−η[(r_ij − r_s)² + (r_ik − r_s)² + (r_jk − r_s)²])
///                   f_c(r_ij) f_c(r_ik) f_c(r_jk)                                       G⁴
///   angular_wide    the same without the factors of r_jk                                G⁵
/// They are n2p2's types 2, 3 and 9.
enum class SymmetryFunctionKind { radial, angular_narrow, angular_wide };

/// "radial", "angular_narrow", "angular_wide", and back. Throws InputError for anything else.
std::string_view name(SymmetryFunctionKind kind);
SymmetryFunctionKind symmetry_function_kind(std::string_view name);

struct SymmetryFunction {
  SymmetryFunctionKind kind = SymmetryFunctionKind::radial;
  int center = 0;       ///< atomic number of the atom described
  int neighbor1 = 0;    ///< atomic number of j
  int neighbor2 = 0;    ///< atomic number of k; 0 for radial functions. The order of the two does not matter.
  double eta = 0.0;     ///< η ≥ 0, 1/Angstrom²
  double shift = 0.0;   ///< r_s, Angstrom
  double lambda = 1.0;  ///< −1 ≤ λ ≤ 1, angular functions only
  double zeta = 1.0;    ///< ζ ≥ 1, angular functions only; integers are much faster
  double cutoff = 0.0;  ///< r_c > 0, Angstrom

  bool operator==(const SymmetryFunction&) const = default;
};

/// How default_symmetry_functions covers distances and angles.
struct DefaultSymmetryFunctionOptions {
  std::size_t radial = 16;         ///< radial functions per neighbour element
  std::size_t angular_radial = 4;  ///< radial parts of the angular functions, per pair of neighbour elements
  /// Each with λ = −1 and +1: 2 · zetas.size() angular parts.
  std::vector<double> zetas = {1.0, 2.0, 4.0, 16.0};
  bool narrow = false;          ///< angular_narrow instead of angular_wide
  double first_shift = 0.8;     ///< the smallest r_s of the grid, Angstrom: somewhat below the shortest bond
  double angular_cutoff = 0.0;  ///< cutoff of the angular functions, Angstrom; 0: the same as the radial ones
};

/// A set that suits most systems: for every centre, and every neighbour element or pair of them, Gaussians centred on
/// evenly spaced shifts r_s from first_shift to just inside the cutoff, η = 1/(2 Δ²) with the spacing Δ, so that
/// neighbouring Gaussians overlap (as in M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018)). The angular functions
/// use a coarser grid of such Gaussians times (1 ± cos θ)^ζ. Ordered per centre: radial by neighbour, shift; angular by
/// pair, shift, ζ, λ. With n elements that is radial · n + angular_radial · 2 zetas.size() · n(n + 1)/2 per centre.
/// Throws InputError for no or unknown elements, a cutoff that is not above first_shift, or sizes that leave no
/// function.
std::vector<SymmetryFunction> default_symmetry_functions(std::span<const int> elements, double cutoff,
                                                         const DefaultSymmetryFunctionOptions& options = {});

/// An immutable set of symmetry functions, arranged for the fused evaluation. Cheap to copy (copies share it). The
/// functions of a centre are kept in the order given, except that radial ones come first.
class SymmetryFunctions {
 public:
  SymmetryFunctions() = default;  ///< the empty set
  /// Throws InputError, naming the function, for parameters out of range, unknown elements and functions given twice.
  explicit SymmetryFunctions(std::vector<SymmetryFunction> functions, CutoffFunction cutoff_function = {});

  /// The elements that have functions, ascending.
  std::span<const int> elements() const;
  /// K: how many functions describe an atom of this element; 0 if it is not a centre.
  std::size_t count(int element) const;
  /// R: how many of these are radial.
  std::size_t radial_count(int element) const;
  /// The functions of one centre element, radial ones first.
  std::span<const SymmetryFunction> of(int element) const;
  /// Whether the element occurs at all, as centre or as neighbour.
  bool knows(int element) const;
  /// The largest cutoff, Angstrom: what the neighbour list needs. 0 for the empty set.
  double cutoff() const;
  const CutoffFunction& cutoff_function() const;

  struct Plan;  ///< private to the implementation
  const Plan* plan() const { return plan_.get(); }

 private:
  std::shared_ptr<const Plan> plan_;
};

/// Descriptors of a range of atoms, n of them. Keep one and pass it again: its memory is reused.
///
/// Atom i's K values are functions of the displacements d = r_j + S·cell − r_i of its neighbours; from their
/// derivatives forces and stress follow. A radial value depends on |d| alone: its derivative is one number, dG/d|d|,
/// along d. The others have three. Where derivatives are not wanted, the last five members are empty.
struct Descriptors {
  std::vector<std::size_t> row;               ///< n+1: atom i of the range has value[row[i]] … value[row[i+1]−1]
  std::vector<double> value;                  ///< in the order of SymmetryFunctions::of(element)
  std::vector<std::size_t> radial;            ///< R of each atom
  std::vector<std::size_t> slope_block;       ///< n+1: slopes of atom i start at slope[slope_block[i]]
  std::vector<double> slope;                  ///< 1/Å, for each neighbour of each atom in turn R numbers
  std::vector<std::size_t> derivative_block;  ///< n+1: derivatives of atom i start at derivative[derivative_block[i]]
  std::vector<double> derivative;             ///< 1/Å, for each neighbour of each atom in turn a (3, K − R) matrix

  std::size_t size() const { return row.empty() ? 0 : row.size() - 1; }
  /// The K values of atom i of the range.
  std::span<const double> values(std::size_t i) const { return {value.data() + row[i], row[i + 1] - row[i]}; }
  /// (R): d value_k / d|displacement| for the n-th neighbour (list entry offsets[first + i] + n) of atom i.
  std::span<const double> slopes(std::size_t i, std::size_t n) const {
    return {slope.data() + slope_block[i] + n * radial[i], radial[i]};
  }
  /// (3, K − R), row-major: d value_k / d displacement_c of the angular values for that neighbour.
  std::span<const double> derivatives(std::size_t i, std::size_t n) const {
    const std::size_t length = 3 * (row[i + 1] - row[i] - radial[i]);
    return {derivative.data() + derivative_block[i] + n * length, length};
  }
};

/// Values, and if wanted derivatives, of atoms first … last − 1. `numbers` are the atomic numbers of all atoms; `list`
/// must reach as far as functions.cutoff() and may reach farther. Atoms whose element is a neighbour only get no
/// values. Different ranges may be computed at the same time. Throws InputError for an element the set does not know
/// ("element 'N' (atom 3) has no symmetry functions (known: C H)") and for atoms closer than 1e-8 A ("atoms 3 and 7 are
/// 0.000 A apart"), ShapeError for a list or a range that is not of these atoms.
void compute_descriptors(const SymmetryFunctions& functions, std::span<const int> numbers, const NeighborList& list,
                         std::size_t first, std::size_t last, bool derivatives, Descriptors& result);

/// The same for all atoms.
inline void compute_descriptors(const SymmetryFunctions& functions, std::span<const int> numbers,
                                const NeighborList& list, bool derivatives, Descriptors& result) {
  compute_descriptors(functions, numbers, list, 0, numbers.size(), derivatives, result);
}

/// The values of all atoms of one element, in the order of the atoms: (atoms of that element, K). `displacements` (P,
/// 3) stands for list.displacement and may be any tensor with these values; the list supplies who neighbours whom.
/// Throws as compute_descriptors does.
Tensor composed_descriptors(const SymmetryFunctions& functions, int element, std::span<const int> numbers,
                            const NeighborList& list, const Tensor& displacements);

}  // namespace adatom
