#include "potentials/descriptor_forces.hpp"

#include <algorithm>
#include <string>

#include "autodiff/kernels/matmul.hpp"
#include "autodiff/record.hpp"
#include "core/error.hpp"
#include "core/processor.hpp"
#include "potentials/descriptor_forces_kernel.hpp"

namespace adatom {

namespace kernels {
namespace baseline {
extern const DescriptorForcesTable descriptor_forces;
}
#if defined(__x86_64__)
namespace avx2 {
extern const DescriptorForcesTable descriptor_forces;
}
namespace avx512 {
extern const DescriptorForcesTable descriptor_forces;
}
#endif

const DescriptorForcesTable& descriptor_forces_table() {
#if defined(__x86_64__)
  return select(baseline::descriptor_forces, avx2::descriptor_forces, avx512::descriptor_forces);
#else
  return baseline::descriptor_forces;
#endif
}

}  // namespace kernels

namespace {

using kernels::Transpose;
using Part = ForceMap::Part;
using Pair = DescriptorDerivatives::Pair;
static_assert(sizeof(Pair) % sizeof(std::uint32_t) == 0);
static_assert(DescriptorDerivatives::no_row == kernels::RowPairs::no_row);

kernels::RowPairs row_pairs(const DescriptorDerivatives& d) {
  if (d.pairs.empty()) return {nullptr, nullptr, 0, 0};
  return {&d.pairs[0].first_row, &d.pairs[0].second_row, sizeof(Pair) / sizeof(std::uint32_t), d.pairs.size()};
}

/// Numbers that one part needs at a time: one for each pair, or three for each entry of a row.
Buffer workspace(const ForceMap& map) {
  std::size_t most = 0;
  for (const Part& part : map.parts) {
    const DescriptorDerivatives& d = *part.derivatives;
    most = std::max(most, d.pairs.size());
    for (std::size_t r = 0; r + 1 < d.entries.size(); ++r) most = std::max(most, 3 * (d.entries[r + 1] - d.entries[r]));
  }
  return Buffer(most);
}

/// Forces of one part's pairs.
void pull_pairs(const Part& part, const double* slopes, double* pull, double* forces) {
  const DescriptorDerivatives& d = *part.derivatives;
  kernels::descriptor_forces_table().gather(row_pairs(d), d.radial, d.slope.data(), slopes + part.first_row * d.columns,
                                            d.columns, pull);
  for (std::size_t p = 0; p < d.pairs.size(); ++p) {
    const Pair& pair = d.pairs[p];
    double* const first = forces + 3 * (part.first_atom + pair.first);
    double* const second = forces + 3 * (part.first_atom + pair.second);
    for (std::size_t c = 0; c < 3; ++c) {
      const double f = pull[p] * pair.direction[c];
      first[c] += f;
      second[c] -= f;
    }
  }
}

/// The transpose of pull_pairs.
void push_pairs(const Part& part, const double* forces, double* pull, double* slopes) {
  const DescriptorDerivatives& d = *part.derivatives;
  for (std::size_t p = 0; p < d.pairs.size(); ++p) {
    const Pair& pair = d.pairs[p];
    const double* const first = forces + 3 * (part.first_atom + pair.first);
    const double* const second = forces + 3 * (part.first_atom + pair.second);
    pull[p] = 0.0;
    for (std::size_t c = 0; c < 3; ++c) pull[p] += pair.direction[c] * (first[c] - second[c]);
  }
  kernels::descriptor_forces_table().scatter(row_pairs(d), d.radial, d.slope.data(), pull,
                                             slopes + part.first_row * d.columns, d.columns);
}

/// Forces of one part's entries: a row's derivatives form a matrix (3 · entries, K − radial), so that both directions
/// of the map are products with a vector.
void pull_entries(const Part& part, const double* slopes, double* pull, double* forces) {
  const DescriptorDerivatives& d = *part.derivatives;
  const std::size_t width = d.columns - d.radial;
  for (std::size_t r = 0; r + 1 < d.entries.size(); ++r) {
    const std::size_t first = d.entries[r], count = d.entries[r + 1] - first;
    // dE/d(displacement) of each entry: the neighbour is pushed against it, the centre along it.
    kernels::matmul(Transpose::no, Transpose::no, 3 * count, 1, width, d.derivative.data() + 3 * first * width,
                    slopes + (part.first_row + r) * d.columns + d.radial, pull);
    double* const center = forces + 3 * (part.first_atom + d.center[r]);
    for (std::size_t e = 0; e < count; ++e) {
      double* const neighbor = forces + 3 * (part.first_atom + d.neighbor[first + e]);
      for (std::size_t c = 0; c < 3; ++c) {
        neighbor[c] -= pull[3 * e + c];
        center[c] += pull[3 * e + c];
      }
    }
  }
}

/// The transpose of pull_entries.
void push_entries(const Part& part, const double* forces, double* difference, double* slopes) {
  const DescriptorDerivatives& d = *part.derivatives;
  const std::size_t width = d.columns - d.radial;
  for (std::size_t r = 0; r + 1 < d.entries.size(); ++r) {
    const std::size_t first = d.entries[r], count = d.entries[r + 1] - first;
    const double* const center = forces + 3 * (part.first_atom + d.center[r]);
    for (std::size_t e = 0; e < count; ++e) {
      const double* const neighbor = forces + 3 * (part.first_atom + d.neighbor[first + e]);
      for (std::size_t c = 0; c < 3; ++c) difference[3 * e + c] = center[c] - neighbor[c];
    }
    kernels::matmul(Transpose::no, Transpose::no, 1, width, 3 * count, difference,
                    d.derivative.data() + 3 * first * width, slopes + (part.first_row + r) * d.columns + d.radial);
  }
}

void check_shape(const char* operation, const Tensor& x, const Shape& expected) {
  if (!(x.shape() == expected)) {
    throw ShapeError(std::string(operation) + ": shape " + to_string(x.shape()) +
                     " does not fit the map, which needs " + to_string(expected));
  }
}

/// The transpose of descriptor_forces: forces (atoms, 3) → slopes (rows, K).
Tensor descriptor_slopes(const Tensor& forces, const std::shared_ptr<const ForceMap>& map) {
  check_shape("descriptor_slopes", forces, {map->atoms, 3});
  Buffer slopes(map->rows * map->columns, 0.0);
  const Buffer pull = workspace(*map);
  for (const Part& part : map->parts) {
    push_pairs(part, forces.data(), pull.data(), slopes.data());
    push_entries(part, forces.data(), pull.data(), slopes.data());
  }
  return record("descriptor_slopes", {map->rows, map->columns}, slopes,
                Input{forces, [map](const Tensor&, const Tensor& dy) { return descriptor_forces(dy, map); }});
}

}  // namespace

Tensor descriptor_forces(const Tensor& slopes, const std::shared_ptr<const ForceMap>& map) {
  check_shape("descriptor_forces", slopes, {map->rows, map->columns});
  Buffer forces(3 * map->atoms, 0.0);
  const Buffer pull = workspace(*map);
  for (const Part& part : map->parts) {
    pull_pairs(part, slopes.data(), pull.data(), forces.data());
    pull_entries(part, slopes.data(), pull.data(), forces.data());
  }
  return record("descriptor_forces", {map->atoms, 3}, forces,
                Input{slopes, [map](const Tensor&, const Tensor& dy) { return descriptor_slopes(dy, map); }});
}

}  // namespace adatom
