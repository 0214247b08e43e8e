#include "tests/atoms/symmetry_functions_support.hpp"

#include <algorithm>
#include <cmath>

#include "autodiff/gradient.hpp"
#include "core/random.hpp"

namespace adatom::symmetry_functions_support {

using Kind = SymmetryFunctionKind;

Descriptors describe(const SymmetryFunctions& functions, const Atoms& atoms, bool derivatives) {
  Descriptors result;
  compute_descriptors(functions, atoms.numbers, neighbor_list(atoms, functions.cutoff()), derivatives, result);
  return result;
}

Atoms random_atoms(std::size_t n, double edge, std::vector<int> elements, std::uint64_t seed) {
  Random random(seed);
  Atoms atoms;
  while (atoms.size() < n) {
    const Vector3 r = {random.uniform(0.0, edge), random.uniform(0.0, edge), random.uniform(0.0, edge)};
    if (std::ranges::any_of(atoms.positions, [&](const Vector3& other) { return norm(r - other) < 0.9; })) continue;
    atoms.positions.push_back(r);
    atoms.numbers.push_back(elements[random.below(elements.size())]);
  }
  return atoms;
}

std::vector<SymmetryFunction> varied_functions() {
  std::vector<SymmetryFunction> result;
  for (const int neighbor : {6, 1}) {
    for (const double shift : {0.0, 1.0, 1.7}) result.push_back({Kind::radial, 6, neighbor, 0, 0.9, shift, 1, 1, 4.0});
    result.push_back({Kind::radial, 6, neighbor, 0, 0.0, 0.0, 1, 1, 3.1});
    result.push_back({Kind::radial, 1, neighbor, 0, 0.4, 0.5, 1, 1, 3.6});
  }
  for (const Kind kind : {Kind::angular_wide, Kind::angular_narrow}) {
    for (const double eta : {0.01, 0.1, 0.5, 0.7, 0.9}) {  // five radial parts: a block of four and one of one
      for (const double zeta : {1.0, 2.0, 3.0, 4.0, 16.0}) {
        for (const double lambda : {1.0, -1.0}) {  // ten angular parts: a whole pack and a part of one
          result.push_back({kind, 6, 6, 6, eta, 0.3, lambda, zeta, 3.8});
        }
      }
    }
    for (const double eta : {0.02, 0.3, 0.6}) {
      result.push_back({kind, 6, 1, 6, eta, 0.0, 1.0, 1.0 + 10.0 * eta, 3.5});
      result.push_back({kind, 6, 1, 1, eta, 0.7, -1.0, 5.0, 4.0});
      result.push_back({kind, 1, 6, 6, eta, 0.7, 0.5, 37.0, 3.3});
      result.push_back({kind, 1, 1, 6, eta, 0.7, 1.0, 1.0, 2.9});
    }
  }
  return result;
}

std::vector<SymmetryFunction> few_functions() {
  return {{Kind::radial, 6, 6, 0, 0.7, 1.2, 1, 1, 3.5},
          {Kind::angular_wide, 6, 6, 6, 0.2, 0.3, 1.0, 4.0, 3.5},
          {Kind::angular_narrow, 6, 6, 6, 0.1, 0.0, -1.0, 3.0, 3.5},
          {Kind::angular_narrow, 6, 6, 6, 0.1, 0.2, 1.0, 2.5, 3.2},
          {Kind::angular_wide, 6, 6, 6, 0.0, 0.0, 1.0, 1.0, 3.5}};
}

Tensor displacement_tensor(const NeighborList& list) {
  std::vector<double> flat;
  for (const Vector3& d : list.displacement) flat.insert(flat.end(), d.begin(), d.end());
  return Tensor::variable({list.size(), 3}, flat);
}

std::vector<double> whole_derivatives(const Descriptors& descriptors, std::size_t i, std::size_t n,
                                      const Vector3& displacement) {
  const std::span<const double> slopes = descriptors.slopes(i, n), derivatives = descriptors.derivatives(i, n);
  const std::size_t angular = derivatives.size() / 3;
  std::vector<double> result;
  for (std::size_t c = 0; c < 3; ++c) {
    for (const double slope : slopes) result.push_back(slope * displacement[c] / norm(displacement));
    for (std::size_t k = 0; k < angular; ++k) result.push_back(derivatives[c * angular + k]);
  }
  return result;
}

namespace {

/// Values, atom by atom, and for each neighbour (list entry) in turn the (3, K) derivatives by its displacement.
struct Plain {
  std::vector<double> value, derivative;
};

Plain plain(const Descriptors& descriptors, const NeighborList& list) {
  Plain result{descriptors.value, {}};
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    for (std::size_t p = list.offsets[i]; p < list.offsets[i + 1]; ++p) {
      const std::vector<double> one = whole_derivatives(descriptors, i, p - list.offsets[i], list.displacement[p]);
      result.derivative.insert(result.derivative.end(), one.begin(), one.end());
    }
  }
  return result;
}

/// The same from tensor operations.
Plain twin_descriptors(const SymmetryFunctions& functions, const Atoms& atoms, const NeighborList& list) {
  Plain result;
  std::vector<std::size_t> row{0}, block{0};
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const std::size_t count = functions.count(atoms.numbers[i]);
    row.push_back(row.back() + count);
    block.push_back(block.back() + 3 * count * (list.offsets[i + 1] - list.offsets[i]));
  }
  result.value.assign(row.back(), std::nan(""));
  result.derivative.assign(block.back(), std::nan(""));
  const Tensor displacements = displacement_tensor(list);
  for (const int element : functions.elements()) {
    const Tensor values = composed_descriptors(functions, element, atoms.numbers, list, displacements);
    const std::size_t count = functions.count(element);
    std::vector<std::size_t> centers;
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      if (atoms.numbers[i] == element) centers.push_back(i);
    }
    REQUIRE(values.shape() == Shape{centers.size(), count});
    for (std::size_t n = 0; n < centers.size(); ++n) {
      std::copy_n(values.data() + n * count, count,
                  result.value.begin() + static_cast<std::ptrdiff_t>(row[centers[n]]));
    }
    for (std::size_t k = 0; k < count; ++k) {
      // An entry belongs to one centre, so the derivative of the sum over centres holds every centre's own.
      std::vector<double> pick(values.size(), 0.0);
      for (std::size_t n = 0; n < centers.size(); ++n) pick[n * count + k] = 1.0;
      const NoGrad first_order_only;
      const Tensor slopes = vjp(values, {displacements}, Tensor::constant(values.shape(), pick))[0];
      for (const std::size_t i : centers) {
        for (std::size_t p = list.offsets[i]; p < list.offsets[i + 1]; ++p) {
          for (std::size_t c = 0; c < 3; ++c) {
            result.derivative[block[i] + (3 * (p - list.offsets[i]) + c) * count + k] = slopes.values()[3 * p + c];
          }
        }
      }
    }
  }
  return result;
}

/// The largest difference relative to max(1, |b|).
double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0.0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    const double difference = std::abs(a[n] - b[n]) / std::max(1.0, std::abs(b[n]));
    if (!(difference <= largest)) largest = difference;  // NaN too
  }
  return largest;
}

}  // namespace

void check_against_twin(const SymmetryFunctions& functions, const Atoms& atoms) {
  const NeighborList list = neighbor_list(atoms, functions.cutoff() + 0.3);  // a longer list must not matter
  const Plain twin = twin_descriptors(functions, atoms, list);
  at_every_level([&] {
    Descriptors fused, values_only;
    compute_descriptors(functions, atoms.numbers, list, true, fused);
    compute_descriptors(functions, atoms.numbers, list, false, values_only);
    CHECK(fused.row == values_only.row);
    // Sums of up to a few hundred terms of order 1, each good to a few 1e-16.
    CHECK(largest_difference(fused.value, twin.value) < 1e-13);
    CHECK(largest_difference(values_only.value, twin.value) < 1e-13);
    CHECK(largest_difference(plain(fused, list).derivative, twin.derivative) < 1e-12);
  });
}

}  // namespace adatom::symmetry_functions_support
