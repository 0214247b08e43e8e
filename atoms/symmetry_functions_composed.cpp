// What this file is: symmetry functions from tensor operations, the readable twin of the fused evaluation. Slower by
// orders of magnitude, but differentiable to any order.
//
// To read it: Evaluation::radial and Evaluation::angular are the formulas of J. Behler, J. Chem. Phys. 134, 074106
// (2011), for all atoms at once. A tensor has one number for each neighbour, or each pair of neighbours, of any atom of
// the element; `row` says of which atom, and segment_sum adds up what belongs to the same.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "atoms/symmetry_functions.hpp"
#include "atoms/symmetry_functions_plan.hpp"
#include "autodiff/arithmetic.hpp"
#include "autodiff/distances.hpp"
#include "autodiff/functions.hpp"
#include "autodiff/indexing.hpp"
#include "autodiff/reductions.hpp"
#include "autodiff/selection.hpp"
#include "autodiff/shaping.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

/// Neighbours of one element: which entries of the list, which row of the result they add to, and their distances (n).
struct Neighbors {
  Indices entry, row;
  Tensor distance;
};

/// Pairs of neighbours of two elements: the two entries, the row, and the geometry of each triangle (n).
struct NeighborPairs {
  Indices row;
  Tensor r_ij, r_ik, r_jk, cosine;
};

class Evaluation {
 public:
  Evaluation(const SymmetryFunctions& functions, int element, std::span<const int> numbers, const NeighborList& list,
             const Tensor& displacements)
      : functions_(functions), numbers_(numbers), list_(list), displacements_(displacements) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!functions.knows(numbers[i])) throw_unknown_element(functions, numbers[i], i);
      if (numbers[i] == element) centers_.push_back(i);
    }
    for (const std::size_t i : centers_) {
      for (std::size_t p = list.offsets[i]; p < list.offsets[i + 1]; ++p) {
        if (length(p) < smallest_distance_apart) throw_coincident(i, list.index[p], length(p));
      }
    }
  }

  std::size_t rows() const { return centers_.size(); }

  /// One function of all atoms, (rows).
  Tensor value(const SymmetryFunction& f) { return f.kind == SymmetryFunctionKind::radial ? radial(f) : angular(f); }

 private:
  double length(std::size_t p) const { return norm(list_.displacement[p]); }
  bool is(std::size_t p, int element) const { return numbers_[list_.index[p]] == element; }

  /// exp(−η(r − r_s)²) f_c(r): what one distance contributes.
  Tensor radial_factor(const SymmetryFunction& f, const Tensor& r) const {
    return exp(-f.eta * square(r - f.shift)) * evaluate(functions_.cutoff_function(), r, f.cutoff);
  }

  /// G² = Σ_j exp(−η(r_ij − r_s)²) f_c(r_ij)
  Tensor radial(const SymmetryFunction& f) {
    const Neighbors& j = neighbors(f.neighbor1);
    return segment_sum(radial_factor(f, j.distance), j.row, rows());
  }

  /// G⁴ (narrow) and, without the factor of r_jk, G⁵ (wide)
  ///   = 2^(1−ζ) Σ_jk (1 + λ cos θ)^ζ · exp(−η(r_ij − r_s)²) f_c(r_ij) · the same of r_ik · the same of r_jk
  ///   = Σ_jk 2 ((1 + λ cos θ)/2)^ζ · …
  Tensor angular(const SymmetryFunction& f) {
    const NeighborPairs& jk = pairs(f);
    Tensor factors = radial_factor(f, jk.r_ij) * radial_factor(f, jk.r_ik);
    if (f.kind == SymmetryFunctionKind::angular_narrow) factors = factors * radial_factor(f, jk.r_jk);
    return segment_sum(2.0 * angular_factor(f, jk.cosine) * factors, jk.row, rows());
  }

  /// ((1 + λ cos θ)/2)^ζ
  Tensor angular_factor(const SymmetryFunction& f, const Tensor& cosine) const {
    const Tensor base = 0.5 * (1.0 + f.lambda * cosine);
    if (f.zeta == 1.0) return base;
    // Rounding may leave −1e-17 at 180 degrees, of which only integer powers exist.
    return pow(f.zeta == std::floor(f.zeta) ? base : maximum(base, 0.0), f.zeta);
  }

  const Neighbors& neighbors(int element) {
    const auto known = neighbors_.find(element);
    if (known != neighbors_.end()) return known->second;
    std::vector<std::uint32_t> entry, row;
    for (std::size_t n = 0; n < rows(); ++n) {
      for (std::size_t p = list_.offsets[centers_[n]]; p < list_.offsets[centers_[n] + 1]; ++p) {
        if (!is(p, element)) continue;
        entry.push_back(static_cast<std::uint32_t>(p));
        row.push_back(static_cast<std::uint32_t>(n));
      }
    }
    const Indices entries(std::move(entry));
    const Tensor distance = norm(gather(displacements_, entries));
    return neighbors_.emplace(element, Neighbors{entries, Indices(std::move(row)), distance}).first->second;
  }

  /// All pairs of neighbours that are both within the function's cutoff.
  const NeighborPairs& pairs(const SymmetryFunction& f) {
    const auto elements = std::minmax({f.neighbor1, f.neighbor2});
    const std::pair key{elements, f.cutoff};
    const auto known = pairs_.find(key);
    if (known != pairs_.end()) return known->second;
    std::vector<std::uint32_t> first, second, row;
    for (std::size_t n = 0; n < rows(); ++n) {
      const std::size_t begin = list_.offsets[centers_[n]], end = list_.offsets[centers_[n] + 1];
      for (std::size_t p = begin; p < end; ++p) {
        for (std::size_t q = p + 1; q < end; ++q) {
          const bool matches = (is(p, f.neighbor1) && is(q, f.neighbor2)) || (is(p, f.neighbor2) && is(q, f.neighbor1));
          if (!matches || length(p) >= f.cutoff || length(q) >= f.cutoff) continue;
          first.push_back(static_cast<std::uint32_t>(p));
          second.push_back(static_cast<std::uint32_t>(q));
          row.push_back(static_cast<std::uint32_t>(n));
        }
      }
    }
    const Tensor d_ij = gather(displacements_, std::move(first)), d_ik = gather(displacements_, std::move(second));
    const Tensor r_ij = norm(d_ij), r_ik = norm(d_ik);
    NeighborPairs found{std::move(row), r_ij, r_ik, norm(d_ik - d_ij), sum(d_ij * d_ik, {1}) / (r_ij * r_ik)};
    return pairs_.emplace(key, std::move(found)).first->second;
  }

  const SymmetryFunctions& functions_;
  std::span<const int> numbers_;
  const NeighborList& list_;
  const Tensor& displacements_;
  std::vector<std::size_t> centers_;
  std::map<int, Neighbors> neighbors_;
  std::map<std::pair<std::pair<int, int>, double>, NeighborPairs> pairs_;
};

}  // namespace

Tensor composed_descriptors(const SymmetryFunctions& functions, int element, std::span<const int> numbers,
                            const NeighborList& list, const Tensor& displacements) {
  if (displacements.shape() != Shape{list.size(), 3}) {
    throw ShapeError("composed_descriptors: displacements " + to_string(displacements.shape()) + " for a list of " +
                     std::to_string(list.size()) + " entries");
  }
  Evaluation evaluation(functions, element, numbers, list, displacements);
  Tensors columns;
  for (const SymmetryFunction& f : functions.of(element)) columns.push_back(evaluation.value(f));
  if (columns.empty()) return Tensor::zeros({evaluation.rows(), 0});
  return stack(columns, 1);
}

}  // namespace adatom
