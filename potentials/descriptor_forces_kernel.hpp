// What this file is: the inner loops over pairs of descriptor_forces.cpp, reached through one table of functions.
// descriptor_forces_kernel.cpp is compiled once per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace adatom::kernels {

/// The two rows of each pair; the second may be no_row.
struct RowPairs {
  static constexpr std::uint32_t no_row = ~std::uint32_t{0};
  const std::uint32_t *first, *second;  ///< each `stride` numbers after the one before
  std::size_t stride, count;
};

/// Derivatives lie `width` numbers a pair, rows of slopes `step` numbers apart; their first `width` take part.
struct DescriptorForcesTable {
  /// pull[p] = Σ_k derivative[p, k] (slopes[first, k] + slopes[second, k])
  void (*gather)(RowPairs pairs, std::size_t width, const double* derivative, const double* slopes, std::size_t step,
                 double* pull);
  /// slopes[first, k] += pull[p] derivative[p, k], and the same for slopes[second, k]
  void (*scatter)(RowPairs pairs, std::size_t width, const double* derivative, const double* pull, double* slopes,
                  std::size_t step);
};

const DescriptorForcesTable& descriptor_forces_table();

}  // namespace adatom::kernels
